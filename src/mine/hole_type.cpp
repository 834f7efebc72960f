// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See hole_type.h. The public form of the holes is made here, in one sweep over the template.
#include "mine/hole_type.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "mine/background.h"
#include "mine/hole.h"
#include "mine/subtree.h"
#include "mine/thresholds.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

/// A word names a hole when this share of the instances has it; the rest may differ.
constexpr std::uint64_t naming_permille = 600;
constexpr std::size_t max_name_words = 3;
constexpr std::size_t max_named_bytes = 64;  // longer fillers are expressions with many words

/// A sequence filler as a reader wants it: without the separator that ties it to its list.
std::string_view without_separators(std::string_view text) {
  constexpr std::string_view separators = " \t\r\n,;";
  const std::size_t start = text.find_first_not_of(separators);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(separators) - start + 1);
}

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word_character(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}

/// Words of languages, and of receivers: they say nothing about what stands in a hole.
bool is_language_word(std::string_view word) {
  static constexpr std::array<std::string_view, 46> words = {
      "and",      "async", "auto",    "await",  "bool",   "boolean", "case",   "catch", "char", "class",
      "cls",      "const", "def",     "double", "else",   "final",   "float",  "for",   "func", "if",
      "in",       "int",   "is",      "lambda", "let",    "long",    "new",    "none",  "not",  "null",
      "operator", "or",    "private", "public", "return", "self",    "static", "std",   "str",  "string",
      "struct",   "this",  "true",    "false",  "var",    "void"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Lower-case words of the identifiers in a text, in order.
std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  if (text.size() > max_named_bytes) return words;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_word_character(text[end])) ++end;
    for (const std::string_view part : base::split_identifier(text.substr(i, end - i))) {
      std::string word = base::to_lower_ascii(part);
      if (word.size() > 1 && is_letter(word.front()) && !is_language_word(word)) words.push_back(std::move(word));
    }
    i = std::max(end, i + 1);
  }
  return words;
}

std::uint64_t instances_of(const TemplateHole& hole) noexcept {
  std::uint64_t all = hole.overflow;
  for (const auto& filler : hole.fillers) all += filler.second;
  return all;
}

/// The words that most fillers share, in the order of the most frequent filler; empty when they share none.
std::string shared_name(const TemplateHole& hole) {
  std::map<std::string, std::pair<std::uint64_t, std::size_t>> counts;  // word -> instances, fillers
  for (const auto& [text, times] : hole.fillers) {
    const auto words = words_in(text);
    for (const std::string& word : std::set<std::string>(words.begin(), words.end())) {
      counts[word].first += times;
      ++counts[word].second;
    }
  }
  const std::uint64_t all = instances_of(hole);
  for (const auto& [text, times] : hole.fillers) {
    std::vector<std::string> shared;
    for (const std::string& word : words_in(text)) {
      const auto& [instances, fillers] = counts[word];
      const bool agreed = 1000 * instances >= naming_permille * all && (fillers > 1 || times > 1);
      if (agreed && shared.size() < max_name_words && std::find(shared.begin(), shared.end(), word) == shared.end())
        shared.push_back(word);
    }
    if (!shared.empty()) return base::join(shared, "_");
  }
  return {};
}

/// Where holes stand: their first place's parent, how many places, and flags of all places.
struct HolePlaces {
  std::uint32_t count = 0;
  std::uint8_t flags = 0;  ///< of the first place
  bool binder = false;
  NodeKind parent = NodeKind::other;
};

std::vector<HolePlaces> places_of(const Template& pattern) {
  std::vector<HolePlaces> places(pattern.holes.size());
  const Nast& tree = pattern.tree;
  for (std::uint32_t parent = 0; parent < tree.nodes.size(); ++parent) {
    const std::uint32_t end = parent + tree.nodes[parent].size;
    for (std::uint32_t child = parent + 1; child < end; child += tree.nodes[child].size) {
      const NastNode& node = tree.nodes[child];
      if (!is_hole(node)) continue;
      HolePlaces& place = places[node.symbol - 1];
      if (place.count++ == 0) {
        place.flags = node.flags;
        place.parent = tree.nodes[parent].kind;
      }
      place.binder = place.binder || (node.flags & syntax::flag_binder) != 0;
    }
  }
  return places;
}

std::string scope_of(const HolePlaces& place, HoleKind kind) {
  const bool in_parameters = place.parent == NodeKind::parameters || place.parent == NodeKind::parameter;
  if (kind == HoleKind::sequence && place.parent == NodeKind::block) return "statements";
  if (kind == HoleKind::sequence) return std::string(to_string(place.parent));
  if (kind == HoleKind::type) return "type";
  if (in_parameters) return "parameter";
  if (kind == HoleKind::identifier && (place.flags & syntax::flag_callee) != 0) {
    if (place.parent == NodeKind::call || place.parent == NodeKind::construct) return "callee";
    return place.parent == NodeKind::member ? "member" : "free";
  }
  if (kind == HoleKind::identifier && (place.flags & syntax::flag_unit_name) != 0) return "own name";
  if (kind == HoleKind::identifier) return "local";
  const bool in_arguments = place.parent == NodeKind::arguments || place.parent == NodeKind::argument;
  return in_arguments ? "argument" : std::string(to_string(place.parent));
}

/// The fillers as readers want them: sequences without their separators.
TemplateHole shown_fillers_of(const TemplateHole& hole, bool sequence) {
  TemplateHole shown;
  shown.kind = hole.kind;
  shown.overflow = hole.overflow;
  for (const auto& [text, count] : hole.fillers)
    add_filler(shown, sequence ? without_separators(text) : std::string_view(text), count);
  return shown;
}

}  // namespace

std::uint32_t entropy_thousandths(const TemplateHole& hole) noexcept {
  const std::uint64_t all = instances_of(hole);
  if (all < 2) return 0;
  // n log n - sum c log c, over n; a text that was dropped counts once, which adds nothing to the sum.
  std::uint64_t known = 0;
  for (const auto& filler : hole.fillers) known += filler.second * std::uint64_t{log2_thousandths(filler.second)};
  const std::uint64_t whole = all * log2_thousandths(all);
  return static_cast<std::uint32_t>((whole - std::min(whole, known)) / all);
}

std::vector<std::string> hole_names(const Template& pattern) {
  const bool numbers = pattern.tree.language == Language::php || pattern.tree.language == Language::bash;
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (std::size_t i = 0; i < pattern.holes.size(); ++i) {
    const TemplateHole& hole = pattern.holes[i];
    const bool nameable =
        !numbers && hole.kind != to_string(HoleKind::sequence) && hole.kind != to_string(HoleKind::statement);
    std::string name = nameable ? shared_name(hole) : std::string();
    if (name.empty()) name = std::to_string(i + 1);
    if (!taken.insert(name).second) name += "_" + std::to_string(i + 1);
    taken.insert(name);
    names.push_back((hole.kind == to_string(HoleKind::sequence) ? "$$$" : "$") + name);
  }
  return names;
}

std::vector<Hole> public_holes(const Template& pattern) {
  const std::vector<std::string> names = hole_names(pattern);
  const std::vector<HolePlaces> places = places_of(pattern);
  std::vector<Hole> holes;
  for (std::size_t i = 0; i < pattern.holes.size(); ++i) {
    const HoleKind kind = hole_kind_from_name(pattern.holes[i].kind).value_or(HoleKind::expression);
    TemplateHole shown = shown_fillers_of(pattern.holes[i], kind == HoleKind::sequence);
    Hole& hole = holes.emplace_back();
    hole.name = names[i];
    hole.kind = shown.kind;
    hole.distinct = static_cast<std::uint32_t>(shown.fillers.size());
    const std::uint32_t entropy = entropy_thousandths(shown);
    hole.entropy = entropy / 1000.0;
    if (entropy <= constant_entropy && instances_of(shown) > 1 && !shown.fillers.empty() &&
        !shown.fillers[0].first.empty())
      hole.constant = shown.fillers[0].first;
    hole.nullable = kind == HoleKind::sequence && std::any_of(shown.fillers.begin(), shown.fillers.end(),
                                                              [](const auto& f) { return f.first.empty(); });
    hole.places = std::max(1u, places[i].count);
    hole.binder = places[i].binder;
    hole.scope = scope_of(places[i], kind);
    if (shown.fillers.size() > shown_fillers) shown.fillers.resize(shown_fillers);
    hole.fillers = std::move(shown.fillers);
  }
  return holes;
}

}  // namespace autodev::mine
