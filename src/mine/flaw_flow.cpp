// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Flaws of control flow: branches that are equal, statements nobody reaches, paths without a value.
#include <algorithm>

#include "mine/flaw_scan.h"

namespace autodev::mine {

using syntax::NodeKind;

namespace {

bool jumps(const FlawScan& scan, std::uint32_t node) {
  const NodeKind kind = scan.kind(node);
  return kind == NodeKind::return_statement || kind == NodeKind::break_statement || kind == NodeKind::continue_statement ||
         kind == NodeKind::throw_statement;
}

void unreached(FlawScan& scan, std::uint32_t block) {
  const auto statements = scan.children(block);
  for (std::size_t i = 0; i + 1 < statements.size(); ++i) {
    const NodeKind next = scan.kind(statements[i + 1]);
    if (jumps(scan, statements[i]) && next != NodeKind::switch_case && next != NodeKind::label && next != NodeKind::other &&
        next != NodeKind::function && scan.at(statements[i + 1]).size > 1)
      scan.report("unreached", statements[i + 1]);
  }
}

void branches(FlawScan& scan, std::uint32_t node) {
  const auto parts = scan.children(node);
  if (parts.size() < 2) return;
  if (scan.kind(parts[1]) == NodeKind::expression_statement && scan.at(parts[1]).size == 1) scan.report("empty-branch", node);
  if (parts.size() != 3) return;
  std::uint32_t other = parts[2];
  if (scan.is(other, NodeKind::block, "else")) {
    if (scan.at(other).size > scan.at(parts[1]).size + 1) other = 0;
    else if (scan.at(other).size == scan.at(parts[1]).size + 1) ++other;
  }
  if (other != 0 && scan.same(parts[1], other) && scan.at(other).size > 1) scan.report("equal-branches", node);
  // The condition of an `else if` that was asked before.
  std::uint32_t next = parts[2];
  for (int step = 0; step < 20; ++step) {
    if (scan.is(next, NodeKind::block, "else") && scan.at(next).size > 1) ++next;
    if (scan.kind(next) != NodeKind::if_statement) break;
    const auto below = scan.children(next);
    if (below.empty()) break;
    if (scan.same(below[0], parts[0])) scan.report("condition-asked-before", next);
    if (below.size() < 3) break;
    next = below[2];
  }
}

void falls_through(FlawScan& scan, std::uint32_t block) {
  const auto cases = scan.children(block);
  for (std::size_t i = 0; i + 1 < cases.size(); ++i) {
    if (scan.kind(cases[i]) != NodeKind::switch_case || scan.kind(cases[i + 1]) != NodeKind::switch_case) continue;
    const auto parts = scan.children(cases[i]);
    const std::size_t label = scan.symbol(cases[i]) == "default" ? 0 : 1;
    if (parts.size() > label && scan.c_like && !jumps(scan, parts.back()) && scan.kind(parts.back()) != NodeKind::block)
      scan.report("falls-through", cases[i]);
  }
}

/// The target of `target = value;`; 0 for anything else.
std::uint32_t assigned(const FlawScan& scan, std::uint32_t statement) {
  if (scan.kind(statement) != NodeKind::expression_statement || scan.at(statement).size < 4) return 0;
  return scan.is(statement + 1, NodeKind::assignment, "=") && scan.children(statement + 1).size() == 2 ? statement + 2 : 0;
}

bool contains(const FlawScan& scan, std::uint32_t root, std::uint32_t wanted) {
  for (std::uint32_t i = root; i < scan.end(root); ++i)
    if (scan.same(i, wanted)) return true;
  return false;
}

/// x = 1; x = 2;   a = b; b = a;
void assignments(FlawScan& scan, std::uint32_t block) {
  const auto statements = scan.children(block);
  for (std::size_t i = 0; i + 1 < statements.size(); ++i) {
    const std::uint32_t first = assigned(scan, statements[i]), second = assigned(scan, statements[i + 1]);
    if (first == 0 || second == 0) continue;
    const std::uint32_t given = scan.end(first), taken = scan.end(second);
    if (scan.same(first, second) && !contains(scan, taken, first) && is_pure(scan, given) && is_pure(scan, first)) scan.report("overwritten", statements[i]);
    if (scan.same(first, taken) && scan.same(given, second) && !scan.same(first, second) && is_pure(scan, first)) scan.report("lost-swap", statements[i]);
  }
}

/// The last statement of a block ends the function on all paths, as far as that is plain to see.
bool always_ends(const FlawScan& scan, std::uint32_t node) {
  for (int step = 0; step < 200; ++step) {
    const auto parts = scan.children(node);
    switch (scan.kind(node)) {
      case NodeKind::return_statement:
      case NodeKind::throw_statement: return true;
      case NodeKind::block:
        if (parts.empty()) return false;
        node = parts.back();
        break;
      case NodeKind::if_statement: {
        if (parts.size() < 3) return false;
        // Every branch but the last by its last node; the last is walked on.
        std::uint32_t then = parts[1];
        while (scan.kind(then) == NodeKind::block && scan.at(then).size > 1) then = scan.children(then).back();
        if (scan.kind(then) != NodeKind::return_statement && scan.kind(then) != NodeKind::throw_statement &&
            scan.kind(then) != NodeKind::if_statement)
          return false;
        node = parts[2];
        break;
      }
      default:  // loops, switches, calls that never return: nobody knows
        return scan.kind(node) != NodeKind::expression_statement || scan.at(node).size < 2 || scan.kind(node + 1) != NodeKind::assignment;
    }
  }
  return true;
}

/// Some paths return a value, the last one falls off the end.
void missing_return(FlawScan& scan) {
  const auto parts = scan.children(0);
  if (parts.empty() || scan.kind(parts.back()) != NodeKind::block) return;
  const std::uint32_t name = parts.size() > 1 ? parts[1] : 0;
  if (scan.c_like && name != 0 && scan.symbol(name) == "main") return;
  bool value = false;
  for (std::uint32_t i = parts.back(); i < scan.end(parts.back()); ++i) {
    if (i != 0 && (scan.kind(i) == NodeKind::function || scan.kind(i) == NodeKind::lambda || scan.kind(i) == NodeKind::yield)) return;
    value = value || (scan.kind(i) == NodeKind::return_statement && scan.at(i).size > 1);
  }
  if (value && !always_ends(scan, parts.back())) scan.report("missing-return", 0);
}

}  // namespace

void scan_flow(FlawScan& scan) {
  for (std::uint32_t node = 0; node < scan.tree.nodes.size(); ++node) {
    switch (scan.kind(node)) {
      case NodeKind::block:
        unreached(scan, node);
        assignments(scan, node);
        falls_through(scan, node);
        break;
      case NodeKind::if_statement: branches(scan, node); break;
      case NodeKind::catch_clause: {
        const auto parts = scan.children(node);
        if (!parts.empty() && scan.kind(parts.back()) == NodeKind::block && scan.at(parts.back()).size <= 2 &&
            (scan.at(parts.back()).size == 1 || scan.symbol(parts.back() + 1) == "pass_statement pass"))
          scan.report("swallowed-exception", node);
        break;
      }
      default: break;
    }
  }
  if (!scan.tree.nodes.empty()) missing_return(scan);
}

}  // namespace autodev::mine
