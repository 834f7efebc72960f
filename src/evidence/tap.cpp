// SPDX-License-Identifier: MIT OR Apache-2.0
//
// TAP 13 and 14 (testanything.org): one line per test, an indented YAML block with details, subtests indented by four
// spaces before the test that holds them. A test with subtests stands for them, so only the innermost tests are
// counted; the outer one counts when it failed although none of its subtests did. TODO tests never fail.
#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "evidence/report.h"
#include "evidence/tally.h"

namespace autodev::evidence {
namespace {

constexpr std::size_t max_depth = 16;  // subtests in subtests; four are rare
constexpr std::size_t spaces_per_level = 4;

struct Level {
  std::uint32_t tests = 0, failures = 0;  ///< since the last test of the level above
};

struct Test {
  std::string id, message, name, file;
  std::uint32_t line = 0;
  std::size_t level = 0;
};

std::string_view without_quotes(std::string_view value) {
  value = base::trim(value);
  if (value.size() >= 2 && (value.front() == '\'' || value.front() == '"') && value.back() == value.front())
    return value.substr(1, value.size() - 2);
  return value;
}

class TapReader {
 public:
  Result<TestReport> read(std::string_view text, std::string_view what) {
    bool tap = false;
    for (const std::string_view line : base::split_lines(text)) {
      const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
      const std::string_view content = line.substr(indent);
      if (in_block_ && read_block(content, indent)) continue;
      tap = read_line(content, indent / spaces_per_level) || tap || content.starts_with("TAP version ");
      if (content == "---" && last_failed_) in_block_ = true, block_indent_ = indent;
    }
    end_test();
    if (!tap) return autodev::fail(ErrorCode::bad_data, fmt::format("{}: not a TAP stream", what));
    if (plan_ > top_tests_) tally_.fail("plan", fmt::format("{} tests were planned, {} ran", plan_, top_tests_));
    return tally_.take();
  }

 private:
  bool read_line(std::string_view line, std::size_t level) {
    if (level >= max_depth) return false;
    if (line.starts_with("Bail out!")) {
      end_test();
      tally_.fail("Bail out!", line);
      return true;
    }
    if (take_prefix(line, "1..")) {
      if (level == 0) plan_ = number_of(take_digits(line));
      return true;
    }
    std::string_view rest = line;
    const bool failed = take_prefix(rest, "not ok");
    if (!failed && !take_prefix(rest, "ok")) return false;
    if (!rest.empty() && rest.front() != ' ') return false;
    end_test();
    note_test(base::trim(rest), failed, level);
    return true;
  }

  void note_test(std::string_view rest, bool failed, std::size_t level) {
    const std::string_view number = take_digits(rest);
    rest = base::trim(rest);
    if (take_prefix(rest, "- ")) rest = base::trim(rest);
    const std::size_t hash = rest.rfind(" #");
    const std::string directive = hash == std::string_view::npos
                                      ? rest.starts_with("#") ? base::to_lower_ascii(rest) : ""
                                      : base::to_lower_ascii(rest.substr(hash + 1));
    const bool skip = directive.starts_with("# skip");
    const bool todo = directive.starts_with("# todo");
    if (skip || todo) rest = base::trim(rest.substr(0, hash == std::string_view::npos ? 0 : hash));
    const std::string id = rest.empty() ? fmt::format("test {}", number) : std::string(rest);

    const Level inner = level + 1 < max_depth ? levels_[level + 1] : Level{};
    for (std::size_t i = level + 1; i < max_depth; ++i) levels_[i] = {};
    ++levels_[level].tests;
    if (level == 0) ++top_tests_;
    const bool counts_as_failed = failed && !todo && !skip;
    if (counts_as_failed) ++levels_[level].failures;
    if (skip || (todo && failed)) return tally_.skip();
    if (inner.tests > 0 && (!failed || inner.failures > 0)) return;
    if (!failed) return tally_.pass(id);
    last_failed_ = true;
    test_ = Test{id, {}, {}, {}, 0, level};
  }

  /// A line of the YAML block behind a failed test; false when the block is over.
  bool read_block(std::string_view content, std::size_t indent) {
    if (content == "..." || (indent < block_indent_ && !content.empty())) {
      in_block_ = false;
      return content == "...";
    }
    if (literal_ && (content.empty() || indent > block_indent_)) {
      if (test_.message.size() < max_message_bytes) test_.message += std::string(base::trim(content)) + "\n";
      return true;
    }
    literal_ = false;
    const std::size_t colon = content.find(':');
    if (indent != block_indent_ || colon == std::string_view::npos) return true;
    const std::string_view key = content.substr(0, colon);
    const std::string_view value = without_quotes(content.substr(colon + 1));
    if (key == "error" || (key == "message" && test_.message.empty())) {
      literal_ = value.starts_with("|") || value.starts_with(">");
      test_.message = literal_ ? std::string() : std::string(value.substr(0, max_message_bytes));
    } else if (key == "name") {
      test_.name = value.substr(0, max_id_bytes);
    } else if (key == "location") {
      (void)read_place(value, test_.file, test_.line);
    } else if (key == "file") {
      test_.file = value.substr(0, max_path_bytes);
    } else if (key == "line") {
      test_.line = number_of(value);
    }
    return true;
  }

  void end_test() {
    in_block_ = literal_ = false;
    if (!last_failed_) return;
    last_failed_ = false;
    if (!test_.name.empty() && !test_.message.starts_with(test_.name))
      test_.message = test_.name + ": " + test_.message;
    tally_.fail(test_.id, test_.message, test_.file, test_.line);
  }

  TestTally tally_{"tap"};
  std::array<Level, max_depth + 1> levels_{};
  Test test_;
  bool last_failed_ = false, in_block_ = false, literal_ = false;
  std::size_t block_indent_ = 0;
  std::uint32_t plan_ = 0, top_tests_ = 0;
};

}  // namespace

Result<TestReport> parse_tap(std::string_view text, std::string_view what) {
  if (text.size() > max_report_bytes) return fail(ErrorCode::bad_data, fmt::format("{}: larger than 64 MiB", what));
  return TapReader().read(text, what);
}

}  // namespace autodev::evidence
