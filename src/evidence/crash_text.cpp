// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What programs print when they end badly: tracebacks of Python, errors of node, panics of Rust and Go, exceptions of
// Java and C++, failed assertions, sanitizers, and what shells and systems complain about. Each has its own
// unmistakable first line.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "evidence/output.h"
#include "evidence/tally.h"

namespace autodev::evidence {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t max_crashes = 32;
constexpr std::size_t max_frames = 400;

/// "ValueError: no", "json.decoder.JSONDecodeError: Expecting value", "KeyboardInterrupt": a name that errors have.
bool names_exception(std::string_view line) {
  const std::string_view name = line.substr(0, line.find(':'));
  if (name.empty() || name.size() > 120 ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$") !=
          std::string_view::npos)
    return false;
  for (const std::string_view ending :
       {"Error", "Exception", "Interrupt", "Exit", "Warning", "Iteration", "Failure", "Throwable"})
    if (name.ends_with(ending)) return true;
  return false;
}

/// From "Traceback (most recent call last):" to the line that names the exception.
std::optional<CheckFailure> read_traceback(const Lines& lines, std::size_t at) {
  if (!base::trim(lines[at]).starts_with("Traceback (most recent call last)")) return std::nullopt;
  CheckFailure failure;
  for (std::size_t i = at + 1; i < std::min(lines.size(), at + max_frames); ++i) {
    std::string_view text = base::trim(lines[i]);
    if (take_prefix(text, "File \"")) {
      const std::size_t quote = text.find("\", line ");
      if (quote == std::string_view::npos) continue;
      const std::string_view file = text.substr(0, quote);
      if (file.find("site-packages") != std::string_view::npos || file.starts_with("<frozen") ||
          file.find("/lib/python") != std::string_view::npos)
        continue;
      failure.file = cleaned(file, max_path_bytes);
      std::string_view number = text.substr(quote + 8);
      failure.line = number_of(take_digits(number));
    } else if (names_exception(text)) {
      failure.id = cleaned(text.substr(0, text.find(':')), max_id_bytes);
      failure.message = cleaned(text, max_message_bytes);
      return failure;
    }
  }
  return std::nullopt;
}

/// Python's compiler has no traceback: "  File "a.py", line 1", the picture, "SyntaxError: invalid syntax".
std::optional<CheckFailure> read_python_syntax(const Lines& lines, std::size_t at) {
  constexpr std::array<std::string_view, 3> names{"SyntaxError: ", "IndentationError: ", "TabError: "};
  const auto is_it = [&](std::string_view name) { return lines[at].starts_with(name); };
  if (std::none_of(names.begin(), names.end(), is_it)) return std::nullopt;
  CheckFailure failure{std::string(lines[at].substr(0, lines[at].find(':'))), "", 0,
                       cleaned(lines[at], max_message_bytes)};
  for (std::size_t i = at; i > 0 && at - i < 6; --i) {
    std::string_view text = base::trim(lines[i - 1]);
    if (!take_prefix(text, "File \"") || text.find("\", line ") == std::string_view::npos) continue;
    failure.file = cleaned(text.substr(0, text.find('"')), max_path_bytes);
    std::string_view number = text.substr(text.find("\", line ") + 8);
    failure.line = number_of(take_digits(number));
    return failure;
  }
  // node: "/e3.js:1", the picture, "SyntaxError: Unexpected token ';'".
  for (std::size_t i = at; i > 0 && at - i < 6; --i)
    if (read_place(lines[i - 1], failure.file, failure.line)) return failure;
  return std::nullopt;
}

/// "TypeError: x.foo is not a function" with frames "    at f (/a.js:1:17)" below; Java: "Exception in thread "main"
/// java.lang.X: m".
std::optional<CheckFailure> read_stack(const Lines& lines, std::size_t at) {
  std::string_view text = lines[at];
  const bool java = take_prefix(text, "Exception in thread \"");
  if (java)
    text = text.substr(
        std::min(text.find("\" ") == std::string_view::npos ? text.size() : text.find("\" ") + 2, text.size()));
  take_prefix(text, "Uncaught ");
  if (text.empty() || text.front() == ' ') return std::nullopt;
  const std::string_view name = text.substr(0, text.find_first_of(": ["));
  if (!names_exception(name)) return std::nullopt;
  CheckFailure failure{cleaned(name, max_id_bytes), "", 0, cleaned(text, max_message_bytes)};
  bool frames = false;
  for (std::size_t i = at + 1; i < std::min(lines.size(), at + 40); ++i) {
    std::string_view frame = base::trim(lines[i]);
    if (!take_prefix(frame, "at ")) {
      if (frames) break;
      continue;
    }
    frames = true;
    if (frame.find("node:") != std::string_view::npos || frame.find("node_modules") != std::string_view::npos) continue;
    const std::size_t open = frame.rfind('(');
    if (read_place(frame.substr(open == std::string_view::npos ? 0 : open + 1), failure.file, failure.line)) break;
  }
  return frames ? std::optional(failure) : std::nullopt;
}

std::optional<CheckFailure> read_panic(const Lines& lines, std::size_t at) {
  std::string_view text = lines[at];
  if (take_prefix(text, "panic: "))
    return CheckFailure{"panic", "", 0, "panic: " + cleaned(text, max_message_bytes - 16)};
  const std::size_t where = text.find(" panicked at ");
  if (!text.starts_with("thread '") || where == std::string_view::npos) return std::nullopt;
  std::string_view place = text.substr(where + 13);
  CheckFailure failure{"panic", "", 0,
                       at + 1 < lines.size() ? "panic: " + cleaned(lines[at + 1], max_message_bytes - 16) : "panic"};
  if (const std::size_t end = place.rfind("', "); place.starts_with('\'') && end != std::string_view::npos && end > 0) {
    failure.message = "panic: " + cleaned(place.substr(1, end - 1), max_message_bytes - 16);
    place = place.substr(end + 3);
  }
  if (place.ends_with(':')) place.remove_suffix(1);
  (void)read_place(place, failure.file, failure.line);
  return failure;
}

/// glibc: "prog: a.cpp:2: int main(): Assertion `x' failed."
std::optional<CheckFailure> read_assertion(std::string_view line) {
  const std::size_t at = line.find(": Assertion `");
  if (at == std::string_view::npos || line.find("' failed") == std::string_view::npos) return std::nullopt;
  CheckFailure failure{"assert", "", 0, cleaned(line.substr(at + 2), max_message_bytes)};
  const std::size_t program = line.find(": ");
  if (program < at) (void)read_place(line.substr(program + 2, at - program - 2), failure.file, failure.line);
  return failure;
}

/// "==1==ERROR: AddressSanitizer: heap-buffer-overflow on address ..."; the place is in the SUMMARY line.
std::optional<CheckFailure> read_sanitizer(const Lines& lines, std::size_t at) {
  const std::string_view line = lines[at];
  if (const std::size_t runtime = line.find(": runtime error: "); runtime != std::string_view::npos) {
    CheckFailure failure{"undefined-behaviour", "", 0,
                         "runtime error: " + cleaned(line.substr(runtime + 17), max_message_bytes - 32)};
    return read_place(line.substr(0, runtime), failure.file, failure.line) ? std::optional(failure) : std::nullopt;
  }
  const std::size_t found = line.find("Sanitizer: ");
  if (found == std::string_view::npos || !line.starts_with("==") ||
      (line.find("ERROR: ") == std::string_view::npos && line.find("WARNING: ") == std::string_view::npos))
    return std::nullopt;
  const std::size_t begin = line.rfind(' ', found);
  std::string_view message = line.substr(begin + 1);
  for (const std::string_view end : {" on address", " on unknown address", " (pc ", " (pid="})
    if (const std::size_t cut = message.find(end); cut != std::string_view::npos) message = message.substr(0, cut);
  CheckFailure failure{cleaned(line.substr(begin + 1, found + 9 - begin - 1), 64), "", 0,
                       cleaned(message, max_message_bytes)};
  for (std::size_t i = at + 1; i < std::min(lines.size(), at + 120); ++i) {
    std::string_view summary = lines[i];
    if (!take_prefix(summary, "SUMMARY: ")) continue;
    for (const std::string_view word : base::split(summary, ' '))
      if (read_place(word, failure.file, failure.line)) break;
    break;
  }
  return failure;
}

/// Single lines that shells, systems and runtimes print, by how they end or what they hold.
struct Complaint {
  std::string_view id;
  std::string_view text;
  bool at_end = false;
};
constexpr std::array complaints{
    Complaint{"shell", ": command not found", true},
    Complaint{"shell", ": not found", true},
    Complaint{"python", ": No module named "},
    Complaint{"system", "No space left on device"},
    Complaint{"system", "Disk quota exceeded"},
    Complaint{"network", "Could not resolve host"},
    Complaint{"network", "Temporary failure in name resolution"},
    Complaint{"network", "Network is unreachable"},
    Complaint{"network", "getaddrinfo ENOTFOUND"},
    Complaint{"network", "connect ECONNREFUSED"},
    Complaint{"system", "Too many open files"},
    Complaint{"system", "Cannot allocate memory"},
    Complaint{"system", "out of memory"},
    Complaint{"crash", "Segmentation fault"},
    Complaint{"crash", "Aborted (core dumped)", true},
    Complaint{"crash", "Floating point exception"},
    Complaint{"crash", "Illegal instruction"},
    Complaint{"crash", "Bus error"},
    Complaint{"make", "make: *** No rule to make target "},
    Complaint{"npm", "npm ERR! "},
    Complaint{"npm", "npm error "},
    Complaint{"timeout", "timed out after "},
};

std::optional<CheckFailure> read_complaint(std::string_view line) {
  if (line.size() > 500) return std::nullopt;
  for (const Complaint& complaint : complaints) {
    const bool fits =
        complaint.at_end ? line.ends_with(complaint.text) : line.find(complaint.text) != std::string_view::npos;
    if (fits) return CheckFailure{std::string(complaint.id), "", 0, cleaned(line, max_message_bytes)};
  }
  return std::nullopt;
}

/// C++: "terminate called after throwing an instance of 'X'", then "  what():  message".
std::optional<CheckFailure> read_terminate(const Lines& lines, std::size_t at) {
  std::string_view line = lines[at];
  if (!take_prefix(line, "terminate called after throwing an instance of '")) return std::nullopt;
  CheckFailure failure{cleaned(line.substr(0, line.find('\'')), max_id_bytes), "", 0, {}};
  failure.message = failure.id;
  if (at + 1 < lines.size()) {
    std::string_view what = base::trim(lines[at + 1]);
    if (take_prefix(what, "what():")) failure.message += ": " + cleaned(what, max_message_bytes - max_id_bytes - 2);
  }
  return failure;
}

}  // namespace

std::vector<CheckFailure> read_crashes(std::string_view text) {
  const Lines lines = base::split_lines(text);
  std::vector<CheckFailure> found;
  for (std::size_t i = 0; i < lines.size() && found.size() < max_crashes; ++i) {
    auto one = read_traceback(lines, i);
    if (!one) one = read_python_syntax(lines, i);
    if (!one) one = read_panic(lines, i);
    if (!one) one = read_stack(lines, i);
    if (!one) one = read_assertion(lines[i]);
    if (!one) one = read_sanitizer(lines, i);
    if (!one) one = read_terminate(lines, i);
    if (!one) one = read_complaint(lines[i]);
    if (!one) continue;
    const bool known = std::any_of(found.begin(), found.end(),
                                   [&](const CheckFailure& other) { return other.message == one->message; });
    if (!known) found.push_back(std::move(*one));
  }
  return found;
}

}  // namespace autodev::evidence
