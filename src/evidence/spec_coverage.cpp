// SPDX-License-Identifier: MIT OR Apache-2.0
#include "evidence/spec_coverage.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace autodev::evidence {
namespace {

constexpr std::size_t max_parts = 256;  // docs/event-format.md
constexpr std::string_view small_words =
    " a an the of and or to in on at is are be it its for with by from that this when then must should can test tests ";

std::string stem(std::string word) {
  if (word.size() > 3 && word.back() == 's' && word[word.size() - 2] != 's') word.pop_back();
  return word;
}

std::set<std::string> words_of(std::string_view text, bool significant) {
  std::set<std::string> words;
  std::string run;
  const auto flush = [&] {
    for (const std::string_view part : base::split_identifier(run)) {
      const std::string word = base::to_lower_ascii(part);
      if (significant && small_words.find(" " + word + " ") != std::string_view::npos) continue;
      words.insert(stem(word));
    }
    run.clear();
  };
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                        static_cast<unsigned char>(c) >= 0x80;
    if (letter)
      run += c;
    else if (!run.empty())
      flush();
  }
  if (!run.empty()) flush();
  return words;
}

/// "@name" in a part: the words of the name; empty when it has none.
std::set<std::string> explicit_name(std::string_view part) {
  const std::size_t at = part.find('@');
  if (at == std::string_view::npos || (at > 0 && part[at - 1] != ' ')) return {};
  std::string_view name = part.substr(at + 1);
  name = name.substr(0, std::min(name.find_first_of(" :,;"), name.size()));
  return words_of(name, false);
}

/// "- [x] text", "* text", "12. text" -> "text"; empty for any other line.
std::string_view item_of(std::string_view line) {
  line = base::trim(line);
  const bool bullet = line.starts_with("- ") || line.starts_with("* ");
  std::size_t digits = 0;
  while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
  const bool numbered =
      digits > 0 && digits < 4 && (line.substr(digits).starts_with(". ") || line.substr(digits).starts_with(") "));
  if (!bullet && !numbered) return {};
  line = base::trim(line.substr(bullet ? 2 : digits + 2));
  if (line.starts_with("[ ] ") || line.starts_with("[x] ") || line.starts_with("[X] "))
    line = base::trim(line.substr(4));
  return line;
}

bool is_heading(std::string_view line) {
  return line.starts_with("#") || (line.ends_with(":") && item_of(line).empty());
}

bool announces_parts(std::string_view line) {
  const std::string lower = base::to_lower_ascii(line);
  for (const std::string_view word : {"criteria", "requirement", "parts", "acceptance"})
    if (lower.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

std::vector<std::string> covered_parts(const std::vector<std::string>& parts,
                                       const std::vector<std::string>& passed_tests) {
  std::vector<std::set<std::string>> tests;
  for (const std::string& id : passed_tests) tests.push_back(words_of(id, false));
  std::vector<std::string> covered;
  for (const std::string& part : parts) {
    std::set<std::string> wanted = explicit_name(part);
    if (wanted.empty()) wanted = words_of(part, true);
    if (wanted.empty()) continue;
    const bool named = std::any_of(tests.begin(), tests.end(), [&wanted](const std::set<std::string>& words) {
      return std::includes(words.begin(), words.end(), wanted.begin(), wanted.end());
    });
    if (named) covered.push_back(part);
  }
  return covered;
}

std::vector<std::string> parts_in(std::string_view specification) {
  std::vector<std::string> listed, marked;
  bool inside = false;
  for (const std::string_view raw : base::split_lines(specification)) {
    const std::string_view line = base::trim(raw);
    if (is_heading(line)) inside = announces_parts(line);
    const std::string_view item = item_of(line);
    const bool has_name = !explicit_name(item.empty() ? line : item).empty();
    if (inside && !item.empty() && listed.size() < max_parts) listed.emplace_back(base::clip_utf8(item, 4'096));
    if (has_name && marked.size() < max_parts) marked.emplace_back(base::clip_utf8(item.empty() ? line : item, 4'096));
  }
  return listed.empty() ? marked : listed;
}

}  // namespace autodev::evidence
