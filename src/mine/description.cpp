// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One sentence about a pattern: its documentation's first sentence, else its structure in words.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "mine/naming.h"
#include "mine/windows.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NodeKind;

namespace {

constexpr std::size_t described_calls = 3;
constexpr std::size_t named_errors = 2;
constexpr std::size_t named_holes = 3;
constexpr std::size_t max_sentence_bytes = 200;

/// Up to the first full stop, or the first paragraph; empty for documentation without words.
std::string first_sentence(std::string_view doc) {
  const std::size_t paragraph = doc.find("\n\n");
  const std::string text = base::fold_whitespace(doc.substr(0, paragraph));
  std::size_t end = text.find(". ");
  if (end == std::string::npos) end = text.size();
  std::string sentence(base::clip_utf8(base::trim(std::string_view(text).substr(0, end)), max_sentence_bytes));
  while (!sentence.empty() && (sentence.back() == '.' || sentence.back() == ':')) sentence.pop_back();
  if (std::none_of(sentence.begin(), sentence.end(), [](char c) { return c == ' '; })) return {};
  return sentence + (sentence.back() == '!' || sentence.back() == '?' ? "" : ".");
}

/// "a", "a and b", "a, b and c"; commas where the parts have an "and" of their own.
std::string enumerate(const std::vector<std::string>& parts) {
  if (parts.size() < 2) return parts.empty() ? std::string() : parts.front();
  const bool nested = std::any_of(parts.begin(), parts.end(), [](const auto& part) { return part.find(" and ") != std::string::npos; });
  if (nested) return base::join(parts, ", ");
  const std::vector<std::string> head(parts.begin(), parts.end() - 1);
  return base::join(head, ", ") + " and " + parts.back();
}

bool has_kind(const Nast& tree, NodeKind kind) {
  return std::any_of(tree.nodes.begin(), tree.nodes.end(), [&](const auto& node) { return node.kind == kind; });
}

/// Distinct words in front of the body of nodes of this kind: what a handler catches, what is thrown.
std::vector<std::string> named_in(const Nast& tree, NodeKind kind) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < tree.nodes.size() && names.size() < named_errors; ++i) {
    if (tree.nodes[i].kind != kind) continue;
    for (std::uint32_t k = i + 1; k < i + tree.nodes[i].size && tree.nodes[k].kind != NodeKind::block; ++k) {
      const bool bound = (tree.nodes[k].flags & syntax::flag_binder) != 0;
      if (tree.nodes[k].kind != NodeKind::identifier || bound) continue;
      std::string name(tree.symbol(k));
      const bool type = !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
      if (type && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
      break;
    }
  }
  return names;
}

std::string error_deed(const Nast& tree, NodeKind kind, std::string_view verb) {
  const auto names = named_in(tree, kind);
  return fmt::format("{} {}", verb, names.empty() ? "errors" : enumerate(names));
}

bool returns_value(const Nast& tree) {
  return std::any_of(tree.nodes.begin(), tree.nodes.end(),
                     [](const auto& node) { return node.kind == NodeKind::return_statement && node.size > 1; });
}

/// Names of the functions a type declares.
std::vector<std::string> declared_functions(const Nast& tree) {
  std::vector<std::string> names;
  for (std::uint32_t i = 1; i < tree.nodes.size() && names.size() < described_calls; ++i) {
    if (tree.nodes[i].kind != NodeKind::function && tree.nodes[i].kind != NodeKind::method) continue;
    for (std::uint32_t child = i + 1; child < i + tree.nodes[i].size; child += tree.nodes[child].size) {
      if (tree.nodes[child].kind != NodeKind::identifier) continue;
      names.emplace_back(tree.symbol(child));
      break;
    }
  }
  return names;
}

/// "calls get and json, loops, returns a value"; empty when nothing stands out.
std::string deeds(const Nast& tree, UnitKind kind) {
  std::vector<std::string> parts;
  if (kind == UnitKind::type) {
    const auto functions = declared_functions(tree);
    return functions.empty() ? std::string() : "declares " + enumerate(functions);
  }
  const auto calls = called_names(tree, described_calls);
  if (!calls.empty()) parts.push_back("calls " + enumerate(calls));
  if (has_kind(tree, NodeKind::loop) || has_kind(tree, NodeKind::comprehension)) parts.emplace_back("loops");
  if (has_kind(tree, NodeKind::try_statement)) parts.push_back(error_deed(tree, NodeKind::catch_clause, "handles"));
  if (has_kind(tree, NodeKind::throw_statement)) parts.push_back(error_deed(tree, NodeKind::throw_statement, "raises"));
  if (returns_value(tree)) parts.emplace_back("returns a value");
  return enumerate(parts);
}

}  // namespace

std::string_view language_title(Language language) {
  constexpr std::array<std::string_view, 14> titles = {"Unknown",    "C",          "C++", "Python", "Rust",
                                                       "JavaScript", "TypeScript", "TSX", "Go",     "Java",
                                                       "C#",         "Ruby",       "PHP", "Shell"};
  return titles[static_cast<std::size_t>(language)];
}

std::string pattern_description(const CodeUnit& leader, const Template& pattern, std::uint32_t instances) {
  std::string documented = first_sentence(leader.doc);
  if (!documented.empty()) return documented;
  const std::string does = deeds(pattern.tree, leader.kind);
  std::string sentence =
      fmt::format("{} {}{}{}; {} instance{}", language_title(leader.language), to_string(leader.kind),
                  does.empty() ? "" : " that ", does, instances, instances == 1 ? "" : "s");
  const std::size_t places = pattern.holes.size();
  if (places > 0) sentence += fmt::format(", differs in {} place{}", places, places == 1 ? "" : "s");
  return sentence + ".";
}

std::string pattern_summary(const CodeUnit& leader, const Template& pattern, const std::vector<Hole>& holes) {
  const std::string does = deeds(pattern.tree, leader.kind);
  std::string structure = fmt::format("{} {}", language_title(leader.language), is_window(pattern.tree) ? "window" : to_string(leader.kind));
  if (!does.empty()) structure += " that " + does;
  std::vector<std::string> names;
  std::size_t open = 0;
  for (const Hole& hole : holes) {
    if (hole.constant) continue;
    ++open;
    const bool named = hole.name.find_first_not_of("$0123456789") != std::string::npos;
    if (named && names.size() < named_holes && hole.kind != "sequence") names.push_back(hole.name);
  }
  std::string varies;
  if (open > 0) varies = fmt::format("; varies in {} place{}", open, open == 1 ? "" : "s");
  if (!names.empty()) varies += fmt::format(" ({})", base::join(names, ", "));
  std::string documented = first_sentence(leader.doc);
  if (documented.empty()) return structure + varies + ".";
  if (documented.back() == '.') documented.pop_back();
  return fmt::format("{}: {}{}.", documented, structure, varies);
}

}  // namespace autodev::mine
