// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A difference, applied to the old text, gives the new one; mutants differ from their text in one place. The input is the old
// text, a NUL byte, and the new one.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "evidence/line_diff.h"
#include "evidence/mutants.h"

namespace {

using Lines = std::vector<std::string_view>;

void require(bool holds) {
  if (!holds) std::abort();
}

Lines lines_of(std::string_view text) { return text.empty() ? Lines{} : autodev::base::split_lines(text); }

Lines patched(const Lines& before, std::string_view diff) {
  Lines result;
  std::size_t at = 0, row = 0;
  for (const std::string_view line : autodev::base::split_lines(diff)) {
    if (row++ < 2) continue;  // the names
    if (line.starts_with("@@ -")) {
      const std::size_t comma = line.find(',');
      const std::size_t count = static_cast<std::size_t>(std::atoll(std::string(line.substr(comma + 1)).c_str()));
      std::size_t from = static_cast<std::size_t>(std::atoll(std::string(line.substr(4)).c_str()));
      if (count > 0) --from;
      require(from >= at && from <= before.size());
      while (at < from) result.push_back(before[at++]);
    } else if (line.starts_with("+")) {
      result.push_back(line.substr(1));
    } else {
      require(at < before.size() && before[at] == line.substr(1));
      if (line.starts_with(" ")) result.push_back(before[at]);
      ++at;
    }
  }
  while (at < before.size()) result.push_back(before[at++]);
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = text.find('\0');
  const std::string_view before = text.substr(0, middle);
  const std::string_view after = middle == std::string_view::npos ? std::string_view() : text.substr(middle + 1);
  // Carriage returns belong to line ends and invalid bytes are repaired: neither can be compared byte by byte.
  const bool plain = base::is_valid_utf8(text) && text.find('\r') == std::string_view::npos;
  const std::string diff = evidence::line_diff("a", before, after, std::size_t{1} << 30);
  if (plain) require(patched(lines_of(before), diff) == lines_of(after));
  const auto lines = evidence::changed_lines(before, after);
  require(lines.size() <= lines_of(after).size());
  for (const auto& mutant : evidence::mutants_of(after, Language::python, lines, 8)) require(mutant.text != after && lines.contains(mutant.line));
  for (const auto& mutant : evidence::mutants_of(after, Language::cpp, lines, 8)) require(mutant.text != after && lines.contains(mutant.line));
  return 0;
}
