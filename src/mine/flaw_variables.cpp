// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Flaws of variables: read before anything is assigned, declared and never used, assigned and never read.
#include <algorithm>

#include "mine/flaw_scan.h"

namespace autodev::mine {

using syntax::NodeKind;

namespace {

enum class Use { reads, writes, unknown, none };

bool in_sizeof(const FlawScan& scan, std::uint32_t node) {
  const std::uint32_t up = scan.parent[node];
  return up != syntax::no_parent && scan.is(up, NodeKind::unary, "sizeof");
}

/// What a use of a plain variable does to it.
Use use_of(const FlawScan& scan, std::uint32_t node) {
  const std::uint32_t up = scan.parent[node];
  if (in_sizeof(scan, node)) return Use::none;
  switch (scan.kind(up)) {
    case NodeKind::assignment:
      if (node != up + 1) return Use::reads;
      if (scan.symbol(up) != "=") return Use::reads;
      for (const std::uint32_t other : scan.uses(scan.symbol(node), node + 1, scan.end(up)))
        if (!in_sizeof(scan, other) && scan.kind(scan.parent[other]) != NodeKind::assignment && !scan.is(scan.parent[other], NodeKind::unary, "&"))
          return Use::reads;
      return Use::writes;
    case NodeKind::unary: return scan.symbol(up) == "&" ? Use::writes : Use::reads;
    case NodeKind::binary: return scan.symbol(up) == ">>" && scan.tree.language == Language::cpp ? Use::writes : Use::reads;
    case NodeKind::arguments: return scan.tree.language == Language::c || scan.tree.language == Language::java ? Use::reads : Use::unknown;
    case NodeKind::index: case NodeKind::return_statement: case NodeKind::if_statement: case NodeKind::ternary: return Use::reads;
    case NodeKind::loop: return scan.symbol(up) == "while" ? Use::reads : Use::unknown;
    case NodeKind::declaration: return node != up + 1 ? Use::reads : Use::unknown;
    case NodeKind::other: return scan.symbol(up) == "array_declarator" && node != up + 1 ? Use::reads : Use::unknown;
    default: return Use::unknown;
  }
}

/// A for loop's update runs after its body.
std::uint32_t first_evaluated(const FlawScan& scan, const std::vector<std::uint32_t>& uses) {
  const std::uint32_t first = uses.front();
  const std::uint32_t loop = scan.loop_around(first);
  if (loop == syntax::no_parent) return first;
  const LoopParts parts = loop_parts(scan, loop);
  if (parts.update == 0 || !scan.within(first, parts.update)) return first;
  for (const std::uint32_t use : uses)
    if (scan.within(use, parts.body)) return use;
  return first;
}

/// Some condition decides whether the node is evaluated: then a flag may keep the first round out.
bool is_conditional(const FlawScan& scan, std::uint32_t node) {
  for (std::uint32_t child = node, up = scan.parent[node]; up != syntax::no_parent; child = up, up = scan.parent[up]) {
    const bool first = child == up + 1;
    const NodeKind kind = scan.kind(up);
    if (kind == NodeKind::switch_case || kind == NodeKind::lambda) return true;
    if (!first && (kind == NodeKind::if_statement || kind == NodeKind::ternary)) return true;
    if (!first && kind == NodeKind::binary && (scan.symbol(up) == "&&" || scan.symbol(up) == "||")) return true;
  }
  return false;
}

bool has_goto(const FlawScan& scan) {
  for (std::uint32_t i = 0; i < scan.tree.nodes.size(); ++i)
    if (scan.is(i, NodeKind::break_statement, "goto")) return true;
  return false;
}

void unassigned(FlawScan& scan, const std::string& name, const Local& local) {
  auto uses = scan.uses(name, local.node, static_cast<std::uint32_t>(scan.tree.nodes.size()));
  std::erase_if(uses, [&](std::uint32_t node) { return use_of(scan, node) == Use::none; });
  if (uses.empty()) return;
  const std::uint32_t first = first_evaluated(scan, uses);
  if (use_of(scan, first) != Use::reads) return;
  const std::uint32_t up = scan.parent[first];
  const bool grows = changed_name(scan, up) == first;
  const bool extent = scan.kind(up) == NodeKind::other;
  scan.report(local.pointers > 0 ? "unassigned-pointer" : extent ? "unassigned-extent" : grows ? "unassigned-sum" : is_conditional(scan, first) ? "unassigned-at-first" : "unassigned-read", first);
}

/// Elements are counted up, and nothing ever set them.
void unassigned_array(FlawScan& scan, const std::string& name, const Local& local) {
  std::uint32_t grown = 0;
  for (const std::uint32_t use : scan.uses(name, local.node, static_cast<std::uint32_t>(scan.tree.nodes.size()))) {
    std::uint32_t element = use;
    while (scan.kind(scan.parent[element]) == NodeKind::index && element == scan.parent[element] + 1) element = scan.parent[element];
    const std::uint32_t up = scan.parent[element];
    if (element == use) {  // passed on as a whole
      if (!in_sizeof(scan, use)) return;
      continue;
    }
    if (scan.is(up, NodeKind::unary, "&") || (scan.is(up, NodeKind::assignment, "=") && element == up + 1)) return;
    if (scan.kind(up) == NodeKind::arguments && local.arrays > 1) return;
    if ((scan.kind(up) == NodeKind::assignment && element == up + 1) || scan.is(up, NodeKind::unary, "++") || scan.is(up, NodeKind::unary, "--"))
      grown = up;
  }
  if (grown != 0) scan.report("unassigned-elements", grown);
}

void idle(FlawScan& scan, const std::string& name, const Local& local) {
  const auto uses = scan.uses(name, 0, static_cast<std::uint32_t>(scan.tree.nodes.size()));
  if (uses.empty()) {
    scan.report(local.parameter ? "unused-parameter" : "unused-local", local.node);
    return;
  }
  if (local.parameter || local.pointers > 0 || local.arrays > 0) return;
  const bool read = std::any_of(uses.begin(), uses.end(), [&](std::uint32_t use) {
    const std::uint32_t up = scan.parent[use];
    return !(scan.kind(up) == NodeKind::assignment && use == up + 1 && scan.kind(scan.parent[up]) == NodeKind::expression_statement) &&
           !((scan.is(up, NodeKind::unary, "++") || scan.is(up, NodeKind::unary, "--")) && scan.kind(scan.parent[up]) == NodeKind::expression_statement);
  });
  if (!read) scan.report("never-read", local.node);
}

/// Constants beyond a declared size.
void beyond(FlawScan& scan) {
  for (std::uint32_t node = 0; node < scan.tree.nodes.size(); ++node) {
    if (scan.kind(node) != NodeKind::index || scan.at(node).size != 3 || scan.kind(node + 1) != NodeKind::identifier) continue;
    const Local* array = scan.local(scan.symbol(node + 1));
    if (array == nullptr || array->extent == 0 || array->arrays != 1) continue;
    if (scan.kind(node + 2) == NodeKind::number && scan.same(node + 2, array->extent)) scan.report("bound-is-size", node);
  }
}

void shared_default(FlawScan& scan) {
  for (std::uint32_t node = 0; node < scan.tree.nodes.size(); ++node) {
    if (scan.kind(node) != NodeKind::parameter || scan.tree.language != Language::python) continue;
    const auto parts = scan.children(node);
    if (parts.size() > 1 && (scan.kind(parts.back()) == NodeKind::list || scan.kind(parts.back()) == NodeKind::map))
      scan.report("shared-default", node);
  }
}

}  // namespace

void scan_variables(FlawScan& scan) {
  shared_default(scan);
  if (!scan.c_like) return;
  const bool jumps = has_goto(scan);
  for (const auto& [name, local] : scan.locals()) {
    if (local.twice || local.lasting) continue;
    idle(scan, name, local);
    if (local.parameter || local.initialised || local.type.empty() || jumps) continue;
    if (local.pointers < 2 && local.arrays == 0) unassigned(scan, name, local);
    if (local.arrays > 0 && scan.tree.language == Language::c) unassigned_array(scan, name, local);
  }
  beyond(scan);
}

}  // namespace autodev::mine
