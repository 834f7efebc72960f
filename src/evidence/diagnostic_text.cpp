// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Diagnostics as text: GCC, Clang, linkers, rustc, go, tsc, javac, mypy, eslint (stylish), CMake. A line counts when it
// names a place and a severity in the tool's own form; what is indented under it is the tool's picture of the code.
#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "evidence/output.h"
#include "evidence/tally.h"

namespace autodev::evidence {
namespace {

using Lines = std::vector<std::string_view>;

bool is_path(std::string_view text) {
  return !text.empty() && text.size() <= max_path_bytes && text.front() != ' ' &&
         text.find_first_of("\t\"<>|'") == std::string_view::npos &&
         (text.find('.') != std::string_view::npos || text.find('/') != std::string_view::npos);
}

std::optional<Severity> take_severity(std::string_view& text) {
  if (take_prefix(text, "error: ") || take_prefix(text, "fatal error: ") || take_prefix(text, "error "))
    return Severity::error;
  if (take_prefix(text, "warning: ") || take_prefix(text, "warning ")) return Severity::warning;
  return std::nullopt;
}

/// "message [-Wname]", "message  [code]" -> the code at the end, which the message loses.
std::string take_code_at_end(std::string_view& message) {
  if (!message.ends_with(']')) return {};
  const std::size_t open = message.rfind('[');
  if (open == std::string_view::npos || open < 2 || message[open - 1] != ' ') return {};
  std::string_view code = message.substr(open + 1, message.size() - open - 2);
  if (code.empty() || code.size() > 64 || code.find(' ') != std::string_view::npos) return {};
  if (const std::size_t comma = code.rfind(','); comma != std::string_view::npos) code = code.substr(comma + 1);
  take_prefix(code, "-Werror=");
  const std::string name(code);
  message = base::trim(message.substr(0, open));
  return name;
}

/// "TS2304: message" -> the code, which the message loses.
std::string take_code_at_start(std::string_view& message) {
  const std::size_t colon = message.find(": ");
  if (colon == std::string_view::npos || colon > 12 || !message.starts_with("TS")) return {};
  const std::string code(message.substr(0, colon));
  message.remove_prefix(colon + 2);
  return code;
}

/// "file:l:c: error: m", "file:l: error: m", "file:l:c - error TS1: m", "file(l,c): error TS1: m", "./a.go:3:28: m".
std::optional<Diagnostic> read_placed(std::string_view line) {
  Diagnostic one;
  std::size_t at = line.find_first_of(":(", line.size() > 2 && line[1] == ':' ? 2 : 0);
  if (at == std::string_view::npos || !is_path(line.substr(0, at))) return std::nullopt;
  one.file = cleaned(line.substr(0, at), max_path_bytes);
  const bool parenthesis = line[at] == '(';
  std::string_view rest = line.substr(at + 1);
  one.line = number_of(take_digits(rest));
  if (one.line == 0) return std::nullopt;
  if (parenthesis) {
    const std::size_t close = rest.find("): ");
    if (close == std::string_view::npos ||
        rest.substr(0, close).find_first_not_of(",0123456789") != std::string_view::npos)
      return std::nullopt;
    rest.remove_prefix(close + 3);
  } else {
    bool column = false;
    if (rest.size() > 1 && rest.front() == ':' && rest[1] >= '0' && rest[1] <= '9')
      rest.remove_prefix(1), (void)take_digits(rest), column = true;
    const bool go = column && one.file.ends_with(".go") && rest.starts_with(": ");
    if (!take_prefix(rest, ": ") && !take_prefix(rest, " - ")) return std::nullopt;
    if (go) {
      one.message = cleaned(rest, max_message_bytes);
      return one;
    }
  }
  const auto severity = take_severity(rest);
  if (!severity) return std::nullopt;
  one.severity = *severity;
  one.code = take_code_at_start(rest);
  if (one.code.empty()) one.code = take_code_at_end(rest);
  one.message = cleaned(rest, max_message_bytes);
  return one;
}

/// "error[E0425]: cannot find value", then " --> src/a.rs:5:20".
std::optional<Diagnostic> read_rust(const Lines& lines, std::size_t at) {
  std::string_view line = lines[at];
  Diagnostic one;
  if (take_prefix(line, "warning"))
    one.severity = Severity::warning;
  else if (!take_prefix(line, "error"))
    return std::nullopt;
  if (take_prefix(line, "[")) {
    const std::size_t close = line.find(']');
    if (close == std::string_view::npos || close > 32) return std::nullopt;
    one.code = line.substr(0, close);
    line.remove_prefix(close + 1);
  }
  if (!take_prefix(line, ": ")) return std::nullopt;
  one.message = cleaned(line, max_message_bytes);
  for (std::size_t next = at + 1; next < std::min(lines.size(), at + 4); ++next) {
    std::string_view place = base::trim(lines[next]);
    if (take_prefix(place, "--> ") && read_place(place, one.file, one.line)) return one;
  }
  return one.code.empty() ? std::nullopt : std::optional(one);
}

/// "/usr/bin/ld: a.o: in function `main': undefined reference to `f'", "ld: cannot find -lfoo".
std::optional<Diagnostic> read_linker(std::string_view line) {
  constexpr std::string_view complaints[] = {"undefined reference to ", "multiple definition of ", "cannot find -l",
                                             "undefined symbol: "};
  for (const std::string_view complaint : complaints) {
    const std::size_t at = line.find(complaint);
    if (at == std::string_view::npos || (at > 0 && line[at - 1] != ' ')) continue;
    Diagnostic one;
    one.code = "linker";
    std::string_view message = line.substr(at);
    if (const std::size_t first = message.find("; "); first != std::string_view::npos)
      message = message.substr(0, first);
    one.message = cleaned(message, max_message_bytes);
    return one;
  }
  return std::nullopt;
}

/// "  2:1   error    'foo' is not defined    no-undef", under a line with the path.
std::optional<Diagnostic> read_stylish(std::string_view line, std::string_view path) {
  if (path.empty() || !line.starts_with("  ")) return std::nullopt;
  std::string_view rest = base::trim(line);
  Diagnostic one;
  one.line = number_of(take_digits(rest));
  if (one.line == 0 || !take_prefix(rest, ":") || take_digits(rest).empty() || !rest.starts_with(" "))
    return std::nullopt;
  rest = base::trim(rest);
  const auto severity = take_severity(rest);
  if (!severity) return std::nullopt;
  one.severity = *severity;
  rest = base::trim(rest);
  if (const std::size_t rule = rest.rfind("  "); rule != std::string_view::npos) {
    one.code = cleaned(rest.substr(rule), 128);
    rest = base::trim(rest.substr(0, rule));
  }
  one.file = cleaned(path, max_path_bytes);
  one.message = cleaned(rest, max_message_bytes);
  return one;
}

/// "CMake Error at CMakeLists.txt:5 (find_package):" and the text under it.
std::optional<Diagnostic> read_cmake(const Lines& lines, std::size_t at) {
  std::string_view line = lines[at];
  if (!take_prefix(line, "CMake Error")) return std::nullopt;
  Diagnostic one;
  one.code = "cmake";
  if (take_prefix(line, " at ")) (void)read_place(line.substr(0, line.find(" (")), one.file, one.line);
  if (take_prefix(line, ": ")) one.message = cleaned(line, max_message_bytes);
  for (std::size_t next = at + 1; one.message.empty() && next < std::min(lines.size(), at + 4); ++next)
    one.message = cleaned(lines[next], max_message_bytes);
  return one;
}

/// javac puts the name that it did not find below its picture: "  symbol:   variable itmes".
void add_symbol(const Lines& lines, std::size_t at, Diagnostic& one) {
  if (one.message != "cannot find symbol") return;
  for (std::size_t next = at + 1; next < std::min(lines.size(), at + 5); ++next) {
    std::string_view text = base::trim(lines[next]);
    if (!take_prefix(text, "symbol:")) continue;
    text = base::trim(text);
    const std::size_t space = text.find(' ');
    one.message += ": " + cleaned(space == std::string_view::npos ? text : text.substr(0, space), 64) +
                   (space == std::string_view::npos ? "" : " '" + cleaned(text.substr(space + 1), 256) + "'");
  }
}

}  // namespace

Diagnostics read_diagnostics(std::string_view text) {
  const Lines lines = base::split_lines(text);
  Diagnostics found;
  std::set<std::tuple<std::string, std::uint32_t, std::string>>
      seen;  // compilers repeat themselves per translation unit
  std::string_view path;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (line.empty()) path = {};
    if (is_path(line) && line.find(' ') == std::string_view::npos && line.find(':') == std::string_view::npos)
      path = line;
    auto one = read_placed(line);
    if (one) add_symbol(lines, i, *one);
    if (!one) one = read_rust(lines, i);
    if (!one) one = read_linker(line);
    if (!one) one = read_stylish(line, path);
    if (!one) one = read_cmake(lines, i);
    if (!one || one->message.empty()) continue;
    if (seen.size() < 4 * max_failures && !seen.emplace(one->file, one->line, one->message).second) continue;
    found.add(std::move(*one));
  }
  return found;
}

}  // namespace autodev::evidence
