// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Flaws of loops: the wrong counter, a condition that nothing changes, a sum that is not set back, a bound that is one
// too far.
#include <algorithm>

#include "mine/flaw_scan.h"

namespace autodev::mine {

using syntax::NodeKind;

namespace {

void counter(FlawScan& scan, std::uint32_t loop, const LoopParts& parts) {
  if (parts.counter == 0) return;
  const std::string_view name = scan.symbol(parts.counter);
  const auto header = scan.children(loop);
  const bool starts = header.size() == 4 && scan.is(header[0], NodeKind::assignment, "=") && changed_name(scan, header[0]) != 0 &&
                      scan.symbol(header[0] + 1) == name;
  for (std::uint32_t outer = scan.loop_around(loop); outer != syntax::no_parent; outer = scan.loop_around(outer)) {
    const LoopParts around = loop_parts(scan, outer);
    if (starts && around.counter != 0 && scan.symbol(around.counter) == name && scan.within(loop, around.body)) scan.report("counter-of-outer-loop", loop);
  }
  for (const std::uint32_t use : scan.uses(name, parts.body, scan.end(parts.body))) {
    const std::uint32_t up = scan.parent[use];
    if (changed_name(scan, up) == use) scan.report("counter-changed-in-body", up);
  }
  // for (i = 0; i > n; i++), for (i = n; i < 0; i--)
  if (parts.condition == 0 || scan.kind(parts.update) != NodeKind::unary) return;
  const auto sides = scan.children(parts.condition);
  if (sides.size() != 2 || scan.symbol(sides[0]) != name) return;
  const char away = scan.symbol(parts.update) == "++" ? '>' : '<';
  if (scan.symbol(parts.condition).starts_with(away)) scan.report("counter-runs-away", loop);
}

/// Literal arrays indexed by a counter that reaches their size.
void bound(FlawScan& scan, std::uint32_t loop, const LoopParts& parts) {
  if (parts.counter == 0 || parts.condition == 0 || scan.symbol(parts.condition) != "<=") return;
  const auto sides = scan.children(parts.condition);
  if (sides.size() != 2 || scan.symbol(sides[0]) != scan.symbol(parts.counter)) return;
  if (scan.kind(sides[1]) == NodeKind::member && scan.symbol(scan.end(sides[1]) - 1) == "length") scan.report("bound-is-length", loop);
  if (scan.kind(sides[1]) != NodeKind::number) return;
  for (const std::uint32_t use : scan.uses(scan.symbol(parts.counter), parts.body, scan.end(parts.body))) {
    const std::uint32_t index = scan.parent[use];
    if (scan.kind(index) != NodeKind::index || scan.kind(index + 1) != NodeKind::identifier || use == index + 1) continue;
    const Local* array = scan.local(scan.symbol(index + 1));
    if (array != nullptr && array->extent != 0 && scan.same(array->extent, sides[1])) scan.report("bound-is-size", loop);
  }
}

bool leaves(const FlawScan& scan, std::uint32_t root) {
  for (std::uint32_t i = root; i < scan.end(root); ++i)
    if (scan.kind(i) == NodeKind::break_statement || scan.kind(i) == NodeKind::return_statement || scan.kind(i) == NodeKind::throw_statement ||
        scan.kind(i) == NodeKind::yield || scan.kind(i) == NodeKind::await)
      return true;
  return false;
}

/// In the part of a loop that runs once.
bool before_loop(const FlawScan& scan, std::uint32_t loop, std::uint32_t node) {
  const auto header = scan.children(loop);
  return scan.symbol(loop) == "for" && header.size() == 4 && scan.within(node, header[0]);
}

/// The name is only read at this place: an operand, an index, a right side.
bool only_read(const FlawScan& scan, std::uint32_t use) {
  const std::uint32_t up = scan.parent[use];
  return (scan.kind(up) == NodeKind::binary && scan.symbol(up) != ">>") || scan.kind(up) == NodeKind::index ||
         ((scan.kind(up) == NodeKind::assignment || scan.kind(up) == NodeKind::declaration) && use != up + 1);
}

/// A loop over locals none of which changes inside.
void standstill(FlawScan& scan, std::uint32_t loop, const LoopParts& parts) {
  if (parts.condition == 0 || leaves(scan, parts.body)) return;
  std::size_t names = 0;
  for (std::uint32_t i = parts.condition; i < scan.end(parts.condition); ++i) {
    const NodeKind kind = scan.kind(i);
    if (kind == NodeKind::call || kind == NodeKind::assignment || kind == NodeKind::member || kind == NodeKind::index ||
        (kind == NodeKind::unary && scan.symbol(i) != "!" && scan.symbol(i) != "not" && scan.symbol(i) != "-"))
      return;
    if (kind != NodeKind::identifier) continue;
    if (!syntax::is_local_name(scan.at(i))) return;
    ++names;
    for (std::uint32_t inside = loop + 1; inside < scan.end(loop); ++inside)
      if (!scan.within(inside, parts.condition) && scan.kind(inside) == NodeKind::identifier && scan.symbol(inside) == scan.symbol(i) &&
          !only_read(scan, inside) && !before_loop(scan, loop, inside))
        return;
  }
  if (names > 0) scan.report("condition-never-changes", loop);
}

bool is_index(const FlawScan& scan, std::uint32_t use) {
  const std::uint32_t up = scan.parent[use];
  return scan.kind(up) == NodeKind::index && use != up + 1;
}

/// `sum` grows in a counted inner loop and is looked at in the outer one without being set back.
void not_set_back(FlawScan& scan, std::uint32_t inner, const LoopParts& parts) {
  const std::uint32_t outer = scan.loop_around(inner);
  if (outer == syntax::no_parent || parts.counter == 0) return;
  const LoopParts around = loop_parts(scan, outer);
  for (std::uint32_t i = parts.body; i < scan.end(parts.body); ++i) {
    const std::uint32_t name = changed_name(scan, i);
    if (name == 0 || scan.is(i, NodeKind::assignment, "=") || !syntax::is_local_name(scan.at(name))) continue;
    bool looked_at = false, kept = false;
    for (std::uint32_t use = outer; use < scan.end(outer); ++use) {
      if (scan.kind(use) != NodeKind::identifier || scan.symbol(use) != scan.symbol(name)) continue;
      const std::uint32_t up = scan.parent[use];
      kept = kept || (scan.at(use).flags & syntax::flag_binder) != 0 || (scan.is(up, NodeKind::assignment, "=") && use == up + 1) ||
             scan.is(up, NodeKind::unary, "&") || is_index(scan, use) || scan.kind(up) == NodeKind::loop;
      looked_at = looked_at || (use >= scan.end(inner) && scan.within(use, around.body) && changed_name(scan, up) != use);
    }
    if (looked_at && !kept) scan.report("not-set-back", i);
  }
}

/// A loop whose last statement leaves it, and nothing continues it.
void runs_once(FlawScan& scan, std::uint32_t loop, const LoopParts& parts) {
  if (scan.kind(parts.body) != NodeKind::block || scan.symbol(loop) == "do while") return;
  const auto statements = scan.children(parts.body);
  if (statements.size() < 2) return;
  const NodeKind last = scan.kind(statements.back());
  if (last != NodeKind::break_statement && last != NodeKind::return_statement) return;
  for (std::uint32_t i = parts.body; i < scan.end(parts.body); ++i)
    if (scan.kind(i) == NodeKind::continue_statement || scan.kind(i) == NodeKind::yield || scan.is(i, NodeKind::break_statement, "goto")) return;
  scan.report("runs-once", loop);
}

/// Some condition inside the loop decides whether the node is evaluated.
bool asked_first(const FlawScan& scan, std::uint32_t node, std::uint32_t body) {
  for (std::uint32_t child = node, up = scan.parent[node]; child != body && up != syntax::no_parent; child = up, up = scan.parent[up]) {
    const NodeKind kind = scan.kind(up);
    if ((kind == NodeKind::if_statement || kind == NodeKind::ternary || kind == NodeKind::loop || kind == NodeKind::switch_case) && child != up + 1) return true;
    if (kind == NodeKind::binary && (is_and(scan.symbol(up)) || is_or(scan.symbol(up))) && child != up + 1) return true;
  }
  return false;
}

/// What the counter's first or last value makes of the body: x / i from zero on, a[i - 1] from zero on, a[i + 1] to the end.
void ends_of_range(FlawScan& scan, std::uint32_t loop, const LoopParts& parts) {
  const auto header = scan.children(loop);
  if (parts.counter == 0 || header.size() != 4 || !scan.is(parts.update, NodeKind::unary, "++")) return;
  const std::string_view name = scan.symbol(parts.counter);
  const bool from_zero = scan.is(header[0], NodeKind::assignment, "=") && scan.symbol(header[0] + 1) == name &&
                         scan.is(scan.end(header[0] + 1), NodeKind::number, "0");
  for (const std::uint32_t use : scan.uses(name, parts.body, scan.end(parts.body))) {
    const std::uint32_t up = scan.parent[use];
    if (scan.kind(up) != NodeKind::binary || asked_first(scan, use, parts.body)) continue;
    const std::string_view op = scan.symbol(up);
    if (from_zero && (op == "/" || op == "%") && use != up + 1) scan.report("zero-divisor", up);
    if (use != up + 1 || scan.end(up) == use + 1 || !scan.is(use + 1, NodeKind::number, "1") || scan.kind(scan.parent[up]) != NodeKind::index) continue;
    if (from_zero && op == "-") scan.report("before-first", up);
    if (op == "+" && parts.condition != 0 && scan.symbol(parts.condition) == "<" && scan.kind(scan.end(parts.condition) - 1) == NodeKind::identifier &&
        scan.at(parts.condition).size == 3)
      scan.report("beyond-last", up);
  }
}

/// strlen(s) in the condition of a loop: quadratic.
void repeated_length(FlawScan& scan, const LoopParts& parts) {
  if (parts.condition == 0) return;
  for (std::uint32_t i = parts.condition; i < scan.end(parts.condition); ++i)
    if (scan.kind(i) == NodeKind::call && scan.at(i).size > 1 && scan.symbol(i + 1) == "strlen") scan.report("length-in-condition", i);
}

}  // namespace

void scan_loops(FlawScan& scan) {
  for (std::uint32_t node = 0; node < scan.tree.nodes.size(); ++node) {
    if (scan.kind(node) != NodeKind::loop) continue;
    const LoopParts parts = loop_parts(scan, node);
    if (parts.body == 0) continue;
    counter(scan, node, parts);
    bound(scan, node, parts);
    standstill(scan, node, parts);
    not_set_back(scan, node, parts);
    repeated_length(scan, parts);
    runs_once(scan, node, parts);
    ends_of_range(scan, node, parts);
    if (scan.kind(parts.body) == NodeKind::expression_statement && scan.at(parts.body).size == 1 && scan.symbol(node) == "for")
      scan.report("empty-loop", node);
  }
}

}  // namespace autodev::mine
