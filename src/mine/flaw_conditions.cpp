// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Flaws of conditions: operands that are constants or said twice, ranges that are everything or nothing, a comma where
// an operator was meant.
#include <charconv>
#include <optional>

#include "mine/flaw_scan.h"

namespace autodev::mine {

using syntax::NodeKind;

namespace {

constexpr std::size_t max_operands = 32;

bool is_literal(const FlawScan& scan, std::uint32_t node) { return (scan.at(node).flags & syntax::flag_literal) != 0; }

std::optional<double> number_of(const FlawScan& scan, std::uint32_t node) {
  if (scan.kind(node) != NodeKind::number) return std::nullopt;
  const std::string_view text = scan.symbol(node);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// A comparison as what < bound or what > bound.
struct Range {
  std::uint32_t what = 0;
  bool above = false;
  double bound = 0;
};

std::optional<Range> range_of(const FlawScan& scan, std::uint32_t node) {
  const std::string_view op = scan.symbol(node);
  if (scan.kind(node) != NodeKind::binary || (op != "<" && op != ">" && op != "<=" && op != ">=")) return std::nullopt;
  const auto sides = scan.children(node);
  if (sides.size() != 2) return std::nullopt;
  const bool above = scan.symbol(node).front() == '>';
  if (const auto bound = number_of(scan, sides[1])) return Range{sides[0], above, *bound};
  if (const auto bound = number_of(scan, sides[0])) return Range{sides[1], !above, *bound};
  return std::nullopt;
}

/// x > 1 || x < 5 is always true, x < 1 && x > 5 never.
void ranges(FlawScan& scan, std::uint32_t node, std::uint32_t left, std::uint32_t right) {
  const auto a = range_of(scan, left), b = range_of(scan, right);
  if (!a || !b || a->above == b->above || !scan.same(a->what, b->what) || !is_pure(scan, a->what)) return;
  const double low = a->above ? a->bound : b->bound, high = a->above ? b->bound : a->bound;
  if (is_or(scan.symbol(node)) && low < high) scan.report("always-true", node);
  if (is_and(scan.symbol(node)) && low > high) scan.report("never-true", node);
}

/// x != 1 || x != 2 is always true, x == 1 && x == 2 never.
void equalities(FlawScan& scan, std::uint32_t node, std::uint32_t left, std::uint32_t right) {
  if (scan.kind(left) != NodeKind::binary || scan.kind(right) != NodeKind::binary || scan.symbol(left) != scan.symbol(right)) return;
  const auto a = scan.children(left), b = scan.children(right);
  if (a.size() != 2 || b.size() != 2 || !scan.same(a[0], b[0]) || scan.same(a[1], b[1]) || !is_pure(scan, a[0])) return;
  if (!is_literal(scan, a[1]) || !is_literal(scan, b[1])) return;
  if (is_or(scan.symbol(node)) && scan.symbol(left) == "!=") scan.report("always-true", node);
  if (is_and(scan.symbol(node)) && scan.symbol(left) == "==") scan.report("never-true", node);
}

/// Operands of a chain of the same operator, from its topmost node.
std::vector<std::uint32_t> operands_of(const FlawScan& scan, std::uint32_t top) {
  std::vector<std::uint32_t> operands, open = {top};
  while (!open.empty() && operands.size() < max_operands) {
    const std::uint32_t node = open.back();
    open.pop_back();
    if (scan.is(node, NodeKind::binary, scan.symbol(top))) {
      for (const std::uint32_t child : scan.children(node)) open.push_back(child);
    } else {
      operands.push_back(node);
    }
  }
  return operands;
}

void chain(FlawScan& scan, std::uint32_t top) {
  const auto operands = operands_of(scan, top);
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (is_literal(scan, operands[i]) && scan.kind(operands[i]) != NodeKind::null && scan.c_like) scan.report("constant-operand", top);
    for (std::size_t j = i + 1; j < operands.size(); ++j) {
      if (scan.same(operands[i], operands[j]) && is_pure(scan, operands[i])) scan.report("repeated-operand", top);
      ranges(scan, top, operands[i], operands[j]);
      equalities(scan, top, operands[i], operands[j]);
    }
  }
}

void negation(FlawScan& scan, std::uint32_t node) {
  const std::string_view op = scan.symbol(node);
  if (!scan.c_like || (op != "==" && op != "<" && op != ">" && op != "<=" && op != ">=" && op != "!=")) return;
  const auto sides = scan.children(node);
  if (sides.size() == 2 && scan.is(sides[0], NodeKind::unary, "!") && !scan.is(sides[1], NodeKind::unary, "!") &&
      scan.at(sides[0]).start == scan.at(node).start)
    scan.report("negated-operand", node);
}

}  // namespace

bool is_pure(const FlawScan& scan, std::uint32_t node) {
  for (std::uint32_t i = node; i < scan.end(node); ++i) {
    const NodeKind kind = scan.kind(i);
    if (kind == NodeKind::call || kind == NodeKind::construct || kind == NodeKind::assignment || kind == NodeKind::await || kind == NodeKind::yield ||
        (kind == NodeKind::unary && (scan.symbol(i) == "++" || scan.symbol(i) == "--")))
      return false;
  }
  return true;
}

void scan_conditions(FlawScan& scan) {
  for (std::uint32_t node = 0; node < scan.tree.nodes.size(); ++node) {
    const NodeKind kind = scan.kind(node);
    const std::uint32_t up = scan.parent[node];
    if (kind == NodeKind::binary) {
      negation(scan, node);
      const std::string_view op = scan.symbol(node);
      if ((is_and(op) || is_or(op)) && (up == syntax::no_parent || !scan.is(up, NodeKind::binary, op))) chain(scan, node);
    }
    if (kind == NodeKind::tuple && scan.c_like && up != syntax::no_parent) {
      const auto parts = scan.children(up);
      const bool asked = (scan.kind(up) == NodeKind::if_statement && parts.front() == node) ||
                         (scan.is(up, NodeKind::loop, "for") && parts.size() == 4 && parts[1] == node);
      if (asked && is_pure(scan, node)) scan.report("comma-condition", node);
    }
  }
}

}  // namespace autodev::mine
