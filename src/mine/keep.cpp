// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See keep.h. One sweep over the template; words are compared by their text.
#include "mine/keep.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "mine/hole_type.h"
#include "mine/quality.h"
#include "mine/subtree.h"
#include "mine/thresholds.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

/// A word that every 256th word of its class is says little; `self`, `len`, `super`, `__init__` lie below in Python.
constexpr std::uint32_t telling_word = 8000;
/// Where little code is known nothing is that rare: there three fifths of what a word can surprise by are enough.
constexpr std::uint32_t telling_share_permille = 600;
/// From three different forms on: the smallest support of idiom mining, as for blocks.
constexpr std::uint32_t needed_forms = 3;
/// From here on most patterns come up again in projects that were not seen (`learn bench mining`, docs/mining.md).
constexpr std::uint32_t general_projects = 4;

bool is_declaration(NodeKind kind) noexcept {
  return kind == NodeKind::function || kind == NodeKind::method || kind == NodeKind::type_declaration;
}

bool is_control(NodeKind kind) noexcept {
  switch (kind) {
    case NodeKind::if_statement:
    case NodeKind::loop:
    case NodeKind::switch_statement:
    case NodeKind::try_statement:
    case NodeKind::with_statement:
    case NodeKind::comprehension:
      return true;
    default:
      return false;
  }
}

bool is_simple_statement(const NastNode& node) noexcept {
  return (node.flags & syntax::flag_statement) != 0 && node.kind != NodeKind::block && !is_control(node.kind) &&
         !is_declaration(node.kind);
}

bool contains(const Nast& tree, std::uint32_t root, bool (*wanted)(NodeKind)) {
  for (std::uint32_t i = root; i < root + tree.nodes[root].size; ++i)
    if (wanted(tree.nodes[i].kind)) return true;
  return false;
}

bool is_call(NodeKind kind) {
  return kind == NodeKind::call || kind == NodeKind::construct;
}
bool is_assignment(NodeKind kind) {
  return kind == NodeKind::assignment;
}

/// A statement that is nothing but a string: documentation.
bool is_documentation(const Nast& tree, std::uint32_t node) {
  const std::uint32_t size = tree.nodes[node].size;
  if (tree.nodes[node].kind == NodeKind::string) return true;
  return size == 2 && tree.nodes[node + 1].kind == NodeKind::string &&
         tree.nodes[node].kind == NodeKind::expression_statement;
}

/// Numbers that stand in any code say nothing.
bool can_tell(const NastNode& node, std::string_view word) noexcept {
  if (node.kind == NodeKind::identifier || node.kind == NodeKind::type) return word.size() > 1;
  if (node.kind == NodeKind::string) return word.size() > 3;
  return node.kind == NodeKind::number && word.size() > 1;
}

/// Concrete nodes that are not part of the outermost declaration's head.
std::uint32_t body_nodes(const Nast& tree) {
  std::uint32_t count = 0;
  const bool declared = is_declaration(tree.nodes[0].kind);
  for (std::uint32_t i = 0; i < tree.nodes.size();) {
    const NodeKind kind = tree.nodes[i].kind;
    if (declared && i > 0 && (kind == NodeKind::parameters || kind == NodeKind::decorator)) {
      i += tree.nodes[i].size;
      continue;
    }
    const bool head =
        (declared && i == 0) || kind == NodeKind::block || (tree.nodes[i].flags & syntax::flag_unit_name) != 0;
    if (!is_hole(tree.nodes[i]) && !head) ++count;
    ++i;
  }
  return count;
}

}  // namespace

bool tells(const Background& background, const Nast& tree, std::uint32_t node, std::uint32_t spare) {
  if (!can_tell(tree.nodes[node], tree.symbol(node))) return false;
  const std::uint32_t most = background.class_millibits(tree, node);
  return background.word_millibits(tree, node) >= std::min(telling_word, most * telling_share_permille / 1000) + spare;
}

Substance substance_of(const Template& pattern, const Background& background, std::uint32_t spare) {
  Substance made;
  const Nast& tree = pattern.tree;
  if (tree.nodes.empty()) return made;
  made.body_nodes = body_nodes(tree);
  std::set<std::string_view> words;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const NastNode& node = tree.nodes[i];
    if (is_hole(node)) continue;
    if (is_call(node.kind)) ++made.calls;
    if (is_control(node.kind)) ++made.control;
    if (tells(background, tree, i, spare)) words.insert(tree.symbol(i));
    if (!is_simple_statement(node) || is_documentation(tree, i)) continue;
    ++made.statements;
    if (contains(tree, i, is_assignment) && !contains(tree, i, is_call)) ++made.assignments;
  }
  made.words = static_cast<std::uint32_t>(words.size());
  for (const TemplateHole& hole : pattern.holes)
    if (entropy_thousandths(hole) > constant_entropy) ++made.open_holes;
  return made;
}

std::optional<std::string> trivial_because(const Template& pattern, const Background& background, std::uint32_t spare) {
  const Substance has = substance_of(pattern, background, spare);
  if (has.body_nodes < trivial_nodes)
    return fmt::format("small: {} concrete nodes in the body, fewer than {}", has.body_nodes, trivial_nodes);
  if (has.words < needed_words)
    return fmt::format("nameless: {} of its words carries meaning, fewer than {}", has.words, needed_words);
  const bool is_type = pattern.tree.nodes[0].kind == NodeKind::type_declaration;  // its statements are its members
  if (!is_type && has.statements <= 1 && has.control == 0 && has.calls <= 1)
    return std::string("single: one simple statement with at most one call");
  if (!is_type && has.control == 0 && has.assignments > 0 && has.assignments == has.statements)
    return std::string("stores: nothing but plain assignments");
  if (has.open_holes > has.words)
    return fmt::format("open: {} holes for {} words that carry meaning", has.open_holes, has.words);
  return std::nullopt;
}

std::uint32_t counted_occurrences(const PatternEvidence& evidence) noexcept {
  if (evidence.projects > 1) return evidence.projects;
  const std::uint32_t forms = std::min(evidence.distinct_instances, evidence.places);
  return forms >= needed_forms ? forms : std::min(1u, evidence.instances);
}

PatternReach reach_of(const PatternEvidence& evidence, std::string_view unkept, bool trivial_elsewhere) noexcept {
  if (!unkept.empty()) return PatternReach::none;
  return evidence.projects >= general_projects && !trivial_elsewhere ? PatternReach::general : PatternReach::local;
}

std::string unkept_because(const Template& pattern, const Background& background, const PatternGain& gain,
                           const PatternEvidence& evidence) {
  if (const auto trivial = trivial_because(pattern, background)) return "trivial: " + *trivial;
  if (gain.occurrences < 2)
    return fmt::format(
        "seldom: {} form{} in {} place{} of {} project{}; two projects, or three forms in three places, are needed",
        evidence.distinct_instances, evidence.distinct_instances == 1 ? "" : "s", evidence.places,
        evidence.places == 1 ? "" : "s", evidence.projects, evidence.projects == 1 ? "" : "s");
  if (gain.total <= 0)
    return fmt::format("seldom: {} occurrences save {:.0f} bits less than naming it costs", gain.occurrences,
                       static_cast<double>(-gain.total) / 1000.0);
  return {};
}

}  // namespace autodev::mine
