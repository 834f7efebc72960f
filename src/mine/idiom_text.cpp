// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Names and sentences of idioms, from their structure by fixed rules: walk the statement in order, say each thing once.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "mine/idiom.h"
#include "mine/naming.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NodeKind;

namespace {

constexpr std::size_t named_calls = 3;
constexpr std::size_t told_calls = 4;

std::string enumerated(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  if (words.size() == 1) return words.front();
  return base::join({words.begin(), words.end() - 1}, ", ") + " and " + words.back();
}

std::string_view statement_word(NodeKind kind) {
  switch (kind) {
    case NodeKind::if_statement:
      return "if";
    case NodeKind::with_statement:
      return "with";
    case NodeKind::try_statement:
      return "try";
    case NodeKind::switch_statement:
      return "switch";
    case NodeKind::loop:
      return "loop";
    default:
      return syntax::to_string(kind);
  }
}

/// The last word that names something in a subtree; empty when there is none.
std::string last_word(const Nast& tree, std::uint32_t node) {
  std::string word;
  for (std::uint32_t i = node; i < node + tree.nodes[node].size; ++i)
    if (tree.nodes[i].kind == NodeKind::identifier && !syntax::is_local_name(tree.nodes[i])) word = tree.symbol(i);
  return word;
}

/// The word that the head of the root, what stands before its first body, is about: what it calls first, else its last
/// word. Empty when there is none.
std::string head_word(const Nast& tree) {
  std::string word;
  for (std::uint32_t i = 1; i < tree.nodes[0].size && tree.nodes[i].kind != NodeKind::block; i += tree.nodes[i].size) {
    for (std::uint32_t part = i; part < i + tree.nodes[i].size; ++part)
      if (tree.nodes[part].kind == NodeKind::call)
        if (auto called = called_names(tree, 1); !called.empty()) return called.front();
    if (std::string found = last_word(tree, i); !found.empty()) word = std::move(found);
  }
  return word;
}

/// What the root does, as a verb phrase.
std::string opening(const Nast& tree, const std::string& word) {
  const std::string with_word = word.empty() ? "" : " " + word;
  switch (tree.nodes[0].kind) {
    case NodeKind::loop:
      return word.empty() ? "loops" : "loops using" + with_word;
    case NodeKind::with_statement:
      return word.empty() ? "enters a context" : "enters the context" + with_word;
    case NodeKind::try_statement:
      return "tries something and handles its failure";
    case NodeKind::if_statement:
      return word.empty() ? "decides on a condition" : "decides by" + with_word;
    case NodeKind::switch_statement:
      return "decides between cases";
    default:
      return "is a " + std::string(syntax::to_string(tree.nodes[0].kind));
  }
}

bool has(const Nast& tree, NodeKind kind) {
  return std::any_of(tree.nodes.begin() + 1, tree.nodes.end(), [&](const auto& node) { return node.kind == kind; });
}

/// Types named by catch clauses.
std::vector<std::string> caught(const Nast& tree) {
  std::vector<std::string> names;
  for (std::uint32_t i = 1; i < tree.nodes.size(); ++i) {
    if (tree.nodes[i].kind != NodeKind::catch_clause) continue;
    for (std::uint32_t k = i + 1; k < i + tree.nodes[i].size && tree.nodes[k].kind != NodeKind::block; ++k) {
      if (tree.nodes[k].kind != NodeKind::identifier || syntax::is_local_name(tree.nodes[k])) continue;
      std::string name(tree.symbol(k));
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
  }
  return names;
}

/// What happens anywhere inside: handlers, errors, yields and ways out.
void add_deeds(const Nast& tree, std::vector<std::string>& parts) {
  const auto types = caught(tree);
  if (!types.empty()) parts.push_back("catches " + enumerated(types));
  if (has(tree, NodeKind::throw_statement)) parts.emplace_back("raises an error");
  if (has(tree, NodeKind::yield)) parts.emplace_back("yields");
  if (has(tree, NodeKind::return_statement)) parts.emplace_back("returns");
  if (has(tree, NodeKind::break_statement)) parts.emplace_back("leaves early");
}

/// "; varies in 2 places"; empty for what never varies.
std::string variation(const Nast& tree) {
  const auto holes = std::count_if(tree.nodes.begin(), tree.nodes.end(),
                                   [](const auto& node) { return syntax::is_hole(node.kind); });
  return holes == 0 ? std::string() : fmt::format("; varies in {} place{}", holes, holes == 1 ? "" : "s");
}

/// "3 statements", or "at least 2 statements" when others may stand between them.
std::string counted_statements(const Nast& window) {
  std::size_t statements = 0;
  bool more = false;
  for (std::uint32_t i = 1; i < window.nodes[0].size; i += window.nodes[i].size) {
    const bool open = window.nodes[i].kind == NodeKind::sequence_hole;
    more = more || open;
    if (!open) ++statements;
  }
  return fmt::format("{}{} statement{}", more ? "at least " : "", statements, statements == 1 ? "" : "s");
}

}  // namespace

std::string idiom_name(const Nast& fragment) {
  if (fragment.nodes.empty()) return "statement";
  std::string name(statement_word(fragment.nodes[0].kind));
  const auto calls = called_names(fragment, named_calls);
  if (!calls.empty()) return name + " calling " + base::join(calls, ", ");
  const std::string word = last_word(fragment, 0);
  return word.empty() ? name : name + " on " + word;
}

std::string idiom_sentence(const Nast& fragment) {
  if (fragment.nodes.empty()) return {};
  const std::string word = head_word(fragment);
  std::vector<std::string> parts{opening(fragment, word)};
  auto calls = called_names(fragment, told_calls);
  std::erase(calls, word);
  if (!calls.empty()) parts.push_back("calls " + enumerated(calls));
  if (fragment.nodes[0].kind != NodeKind::loop && has(fragment, NodeKind::loop)) parts.emplace_back("loops inside");
  add_deeds(fragment, parts);
  return fmt::format("{} statement that {}{}.", language_title(fragment.language), base::join(parts, ", "), variation(fragment));
}

std::string window_sentence(const Nast& window) {
  if (window.nodes.empty()) return {};
  std::vector<std::string> parts;
  const auto calls = called_names(window, told_calls);
  if (!calls.empty()) parts.push_back("calls " + enumerated(calls));
  if (has(window, NodeKind::if_statement)) parts.emplace_back("decides");
  if (has(window, NodeKind::loop)) parts.emplace_back("loops");
  add_deeds(window, parts);
  if (parts.empty()) parts.push_back("works on " + last_word(window, 0));
  return fmt::format("{} window of {} that {}{}.", language_title(window.language), counted_statements(window),
                     base::join(parts, ", "), variation(window));
}

}  // namespace autodev::mine
