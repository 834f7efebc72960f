// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/run_evidence.h"

#include <algorithm>

#include "base/text.h"
#include "evidence/line_diff.h"
#include "observe/paths.h"

namespace autodev::app {
namespace {

constexpr std::size_t max_diff_bytes = std::size_t{16} << 10;  // Implementation::diff

/// "tests.test_cart::test_total[2-3]" -> "test_total"; "cart › adds prices" -> "adds prices".
std::string_view name_of_test(std::string_view id) {
  for (const std::string_view separator : {"::", " > ", " › "})
    if (const std::size_t at = id.rfind(separator); at != std::string_view::npos) id = id.substr(at + separator.size());
  if (id.find(' ') == std::string_view::npos) {
    id = id.substr(0, id.find('['));
    if (const std::size_t slash = id.find('/'); slash != std::string_view::npos) id = id.substr(0, slash);
    if (const std::size_t dot = id.rfind('.'); dot != std::string_view::npos) id = id.substr(dot + 1);
  }
  return id;
}

bool holds_word(std::string_view text, std::string_view word) {
  const auto part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !part(text[at - 1]);
    const bool ends = at + word.size() >= text.size() || !part(text[at + word.size()]);
    if (begins && ends) return true;
  }
  return false;
}

/// Lines of test files that this change wrote or edited, with the line above each stretch that opens the function it
/// lies in.
std::string changed_test_text(const observe::WorktreeChange& change) {
  std::string text;
  for (const FileChange& file : change.files) {
    if (!observe::is_test_path(file.path) || !file.after) continue;
    const auto changed = evidence::changed_lines(file.before.value_or(""), *file.after);
    std::string_view head;
    std::uint32_t number = 0;
    for (const std::string_view line : base::split_lines(*file.after)) {
      const bool opens =
          !line.empty() && (line.find('(') != std::string_view::npos) && (line.ends_with(':') || line.ends_with('{'));
      if (opens) head = line;
      if (!changed.contains(++number)) continue;
      text.append(head).append("\n").append(line).append("\n");
    }
  }
  return text;
}

}  // namespace

std::optional<std::uint32_t> tests_from_before(const observe::WorktreeChange& change,
                                               const evidence::TestReport& tests) {
  if (tests.passed_ids.size() != tests.passed || tests.passed == 0) return std::nullopt;
  const std::string text = changed_test_text(change);
  std::uint32_t before = 0;
  for (const std::string& id : tests.passed_ids)
    if (text.empty() || !holds_word(text, name_of_test(id))) ++before;
  return before;
}

std::optional<double> changed_lines_covered(const observe::WorktreeChange& change, const evidence::Coverage& coverage) {
  std::size_t counted = 0, executed = 0;
  for (const FileChange& file : change.files) {
    if (!file.after || observe::is_test_path(file.path)) continue;
    const auto known = std::find_if(coverage.files.begin(), coverage.files.end(),
                                    [&file](const auto& entry) { return base::paths_agree(entry.first, file.path); });
    if (known == coverage.files.end()) continue;
    for (const std::uint32_t line : evidence::changed_lines(file.before.value_or(""), *file.after))
      if (const auto hit = known->second.find(line); hit != known->second.end())
        ++counted, executed += hit->second ? 1 : 0;
  }
  if (counted == 0) return std::nullopt;
  return static_cast<double>(executed) / static_cast<double>(counted);
}

std::string repair_diff(const std::vector<FileChange>& files) {
  const bool only_tests =
      std::all_of(files.begin(), files.end(), [](const FileChange& file) { return observe::is_test_path(file.path); });
  std::string diff;
  for (const FileChange& file : files) {
    if (!only_tests && observe::is_test_path(file.path)) continue;
    const std::size_t left = max_diff_bytes - std::min(diff.size(), max_diff_bytes);
    diff += evidence::line_diff(file.path, file.before.value_or(""), file.after.value_or(""), left);
  }
  return diff;
}

}  // namespace autodev::app
