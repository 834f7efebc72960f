// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/pattern_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "index/words.h"
#include "mine/naming.h"
#include "mine/windows.h"

namespace autodev::knowledge {
namespace {

constexpr std::size_t max_name_words = 64;          // distinct words counted per pattern; names have 2 to 5
constexpr std::size_t max_frameworks = 16;          // pattern.h
constexpr std::size_t max_specification = 2048;     // about 250 words: what a dozen tasks say
constexpr std::size_t max_words_per_task = 64;      // longer specifications would crowd the others out
constexpr std::size_t max_description = 200;
constexpr std::size_t named_calls = 3;              // of code without a name

std::vector<std::string> name_words(std::string_view name) {
  std::vector<std::string> words;
  for (const std::string_view word : base::split_identifier(name)) words.push_back(base::to_lower_ascii(word));
  return words;
}

bool is_word_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0;
}

/// Up to the first full stop that ends a sentence, or the first line break.
std::string_view first_sentence(std::string_view text) {
  text = base::trim(text);
  std::size_t end = text.find('\n');
  for (std::size_t stop = text.find('.'); stop < end; stop = text.find('.', stop + 1))
    if (stop + 1 == text.size() || text[stop + 1] == ' ' || text[stop + 1] == '\n') end = stop + 1;
  return base::trim(base::clip_utf8(text.substr(0, end), max_description));
}

}  // namespace

std::string base_name_of(const CodeUnit& unit, const syntax::Nast& tree) {
  if (!unit.name.empty() || tree.nodes.empty()) return unit.name;
  if (mine::is_window(tree)) {
    const auto called = mine::called_names(tree, named_calls);
    if (!called.empty()) return "window: " + base::join(called, ", ");
    return unit.scope.empty() ? "window" : "window in " + unit.scope;
  }
  std::vector<std::string> calls;
  for (std::uint32_t i = 0; i < tree.nodes.size() && calls.size() < named_calls; ++i) {
    const syntax::NastNode& node = tree.nodes[i];
    if (node.kind != syntax::NodeKind::identifier || (node.flags & syntax::flag_callee) == 0) continue;
    std::string name(tree.symbol(i));
    if (!name.empty() && std::find(calls.begin(), calls.end(), name) == calls.end()) calls.push_back(std::move(name));
  }
  const std::string kind = base::join(name_words(syntax::to_string(tree.nodes[0].kind)), " ");
  return calls.empty() ? kind : kind + ": " + base::join(calls, ", ");
}

std::string description_of(const CodeUnit& unit, std::string_view name) {
  const std::string_view sentence = first_sentence(unit.doc);
  if (!sentence.empty()) return std::string(sentence);
  const std::string_view what = unit.signature.empty() ? name : std::string_view(unit.signature);
  return fmt::format("{} in {}: {}", to_string(unit.kind), to_string(unit.language), base::clip_utf8(what, max_description));
}

std::string name_of(const PatternRow& row) {
  if (!row.name.empty()) return row.name;
  if (row.kind == UnitKind::block || row.evidence.instances < 2) return row.base_name;
  const auto all = name_words(row.base_name);
  std::vector<std::string> shared;
  for (const std::string& word : all) {
    const auto counted = row.words.find(word);
    if (counted != row.words.end() && 2 * std::uint64_t{counted->second} >= row.evidence.instances) shared.push_back(word);
  }
  return shared.empty() || shared.size() == all.size() ? row.base_name : base::join(shared, "_");
}

std::vector<std::string> frameworks_of(const PatternRow& row) {
  std::vector<std::pair<std::string, std::uint32_t>> ranked(row.imports.begin(), row.imports.end());
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> names;
  for (auto& [name, instances] : ranked)
    if (names.size() < max_frameworks) names.push_back(std::move(name));
  return names;
}

std::vector<std::string> specification_words(std::string_view text) {
  std::vector<std::string> words;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < text.size() && words.size() < max_words_per_task;) {
    std::size_t end = i;
    while (end < text.size() && is_word_character(text[end])) ++end;
    if (end > i && end - i <= 64) {
      std::string word = base::to_lower_ascii(text.substr(i, end - i));
      if (!index::is_stop_word(word) && seen.insert(word).second) words.push_back(std::move(word));
    }
    i = std::max(end, i + 1);
  }
  return words;
}

bool add_words(std::string& known, const std::vector<std::string>& words) {
  if (words.empty() || known.size() >= max_specification) return false;
  std::set<std::string_view> present;
  const std::string before = known;
  for (const std::string_view word : base::split(before, ' ')) present.insert(word);
  for (const std::string& word : words) {
    if (present.contains(word) || known.size() + 1 + word.size() > max_specification) continue;
    if (!known.empty()) known += ' ';
    known += word;
  }
  return known.size() != before.size();
}

void count_name_words(PatternRow& row, const CodeUnit& unit) {
  const auto words = name_words(unit.name);
  for (const std::string& word : std::set<std::string>(words.begin(), words.end()))
    if (row.words.size() < max_name_words || row.words.contains(word)) ++row.words[word];
}

index::Document document_of(PatternId id, const PatternRow& row, const CodeUnit& leader) {
  index::Document document;
  document.id = id;
  document.language = row.language;
  document.kind = row.kind;
  document.pattern = row.form;
  document.frameworks = frameworks_of(row);
  document.name = name_of(row);
  document.description = row.description;
  document.signature = leader.signature;
  document.specification = row.specification;
  document.code = leader.text;
  return document;
}

}  // namespace autodev::knowledge
