// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Flaws within one expression or statement: both sides equal, no effect, an operator that binds otherwise than it reads.
#include <cstdlib>

#include "mine/flaw_scan.h"

namespace autodev::mine {

using syntax::NodeKind;

namespace {

bool is_comparison(std::string_view op) noexcept {
  return op == "==" || op == "!=" || op == "<" || op == ">" || op == "<=" || op == ">=" || op == "===" || op == "!==";
}
bool is_any(std::string_view op, std::initializer_list<std::string_view> list) noexcept {
  for (const std::string_view one : list)
    if (op == one) return true;
  return false;
}
/// Written without parentheses: those would lie between the operand and its parent's edge.
bool is_bare(const FlawScan& scan, std::uint32_t node, std::uint32_t child, bool left) {
  return left ? scan.at(node).start == scan.at(child).start : scan.at(node).end == scan.at(child).end;
}

void binding(FlawScan& scan, std::uint32_t node, std::uint32_t child, bool left) {
  if (scan.kind(child) != NodeKind::binary || !is_bare(scan, node, child, left)) return;
  const std::string_view outer = scan.symbol(node), inner = scan.symbol(child);
  if (is_any(outer, {"&", "|", "^"}) && is_comparison(inner) && scan.c_like) scan.report("bits-of-comparison", node);
  if (is_any(outer, {"<<", ">>"}) && is_any(inner, {"+", "-"}) && scan.tree.language == Language::c) scan.report("shift-of-sum", node);
  if (is_or(outer) && is_and(inner)) scan.report("or-of-and", node);
  if (left && is_comparison(outer) && is_comparison(inner) && scan.c_like) scan.report("chained-comparison", node);
}

void quotient(FlawScan& scan, std::uint32_t node, std::uint32_t left, std::uint32_t right) {
  if (!scan.c_like || scan.symbol(node) != "/") return;
  const auto whole = [&](std::uint32_t n) {
    return scan.kind(n) == NodeKind::number && scan.symbol(n).find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (whole(left) && whole(right) &&
      std::strtol(std::string(scan.symbol(left)).c_str(), nullptr, 10) < std::strtol(std::string(scan.symbol(right)).c_str(), nullptr, 10))
    scan.report("quotient-zero", node);
}

void binary(FlawScan& scan, std::uint32_t node) {
  const auto parts = scan.children(node);
  if (parts.size() != 2) return;
  const std::string_view op = scan.symbol(node);
  if (scan.same(parts[0], parts[1]) && is_pure(scan, parts[0]) && (scan.at(parts[0]).flags & syntax::flag_literal) == 0) {
    if (is_comparison(op)) scan.report("self-comparison", node);
    if (is_any(op, {"-", "/", "%", "&", "|", "^", "&&", "||", "and", "or"})) scan.report("same-operands", node);
  }
  binding(scan, node, parts[0], true);
  binding(scan, node, parts[1], false);
  quotient(scan, node, parts[0], parts[1]);
  const bool text = scan.kind(parts[0]) == NodeKind::string || scan.kind(parts[1]) == NodeKind::string;
  const std::string_view literal = scan.kind(parts[0]) == NodeKind::string ? scan.symbol(parts[0]) : scan.symbol(parts[1]);
  if (text && is_any(op, {"==", "!="}) && is_any(to_string(scan.tree.language), {"c", "java"}) && literal.starts_with('"'))
    scan.report("text-identity", node);
  if (is_any(op, {"is", "is not"}) && ((scan.at(parts[1]).flags & syntax::flag_literal) != 0) &&
      is_any(to_string(scan.kind(parts[1])), {"string", "number"}))
    scan.report("literal-identity", node);
  if (is_any(op, {"==", "!="}) && (scan.type_of(parts[0]) == "double" || scan.type_of(parts[1]) == "double"))
    scan.report("float-equality", node);
}

/// A product or quotient of whole numbers that is widened only afterwards.
void narrow(FlawScan& scan, std::uint32_t target, std::uint32_t value) {
  if (scan.kind(value) != NodeKind::binary || scan.type_of(value) != "int") return;
  const auto type = scan.type_of(target);
  if (!type) return;
  if (scan.symbol(value) == "*" && (*type == "long long" || *type == "long")) scan.report("narrow-product", value);
  if (scan.symbol(value) == "/" && (*type == "double" || *type == "float")) scan.report("narrow-quotient", value);
}

void assignment(FlawScan& scan, std::uint32_t node) {
  const auto parts = scan.children(node);
  if (parts.size() != 2) return;
  if (scan.symbol(node) == "=" && scan.same(parts[0], parts[1]) && is_pure(scan, parts[0])) scan.report("self-assignment", node);
  narrow(scan, parts[0], parts[1]);
}

void statement(FlawScan& scan, std::uint32_t node) {
  if (scan.at(node).size < 2) return;
  const std::uint32_t inner = node + 1;
  const bool value = (scan.kind(inner) == NodeKind::binary && (is_comparison(scan.symbol(inner)) || is_any(scan.symbol(inner), {"+", "-", "*"}))) ||
                     scan.kind(inner) == NodeKind::identifier || scan.kind(inner) == NodeKind::index || scan.kind(inner) == NodeKind::number;
  if (value && is_pure(scan, inner) && scan.at(node).size == scan.at(inner).size + 1) scan.report("no-effect", node);
}

void condition(FlawScan& scan, std::uint32_t node) {
  const auto parts = scan.children(node);
  if (parts.empty()) return;
  if (scan.kind(parts[0]) == NodeKind::binary && is_any(scan.symbol(parts[0]), {"<<", ">>"}) && scan.tree.language == Language::c)
    scan.report("shift-condition", parts[0]);
  if (scan.is(parts[0], NodeKind::assignment, "=")) {
    const auto sides = scan.children(parts[0]);
    if (sides.empty() || !is_pure(scan, sides.back())) return;  // the result of a call, kept and asked
    const bool literal = sides.size() == 2 && (scan.at(sides[1]).flags & syntax::flag_literal) != 0;
    scan.report(literal ? "assigned-literal-condition" : "assigned-condition", parts[0]);
  }
}

/// Functions that only compute: calling one as a statement does nothing.
bool only_computes(Language language, std::string_view name) {
  if (language == Language::c || language == Language::cpp)
    return is_any(name, {"abs", "labs", "fabs", "sqrt", "pow", "floor", "ceil", "round", "strlen", "strcmp", "toupper", "tolower", "isalpha", "isdigit", "atoi"});
  if (language == Language::python)
    return is_any(name, {"sorted", "reversed", "len", "abs", "min", "max", "sum", "strip", "lower", "upper", "replace", "split", "join", "format"});
  return language == Language::java && is_any(name, {"trim", "replace", "toUpperCase", "toLowerCase", "substring", "concat"});
}

void call(FlawScan& scan, std::uint32_t node) {
  const auto parts = scan.children(node);
  if (parts.size() < 2) return;
  std::uint32_t callee = parts[parts.size() - 2];
  if (scan.kind(callee) == NodeKind::member) callee = scan.end(callee) - 1;
  const std::string_view name = scan.symbol(callee);
  const std::uint32_t up = scan.parent[node];
  if (up != syntax::no_parent && scan.kind(up) == NodeKind::expression_statement && only_computes(scan.tree.language, name))
    scan.report("dropped-result", node);
  if (scan.tree.language != Language::c) return;
  const auto arguments = scan.children(parts.back());
  const auto type = arguments.size() == 1 ? scan.type_of(arguments[0]) : std::nullopt;
  if (name == "abs" && (type == "double" || type == "float" || type == "long long")) scan.report("narrow-abs", node);
  if (arguments.size() == 1 && scan.kind(arguments[0]) == NodeKind::binary && is_comparison(scan.symbol(arguments[0])) &&
      is_any(name, {"abs", "labs", "fabs", "sqrt", "strlen"}))
    scan.report("compared-argument", node);
  const bool condition = scan.kind(up) == NodeKind::if_statement || (scan.kind(up) == NodeKind::binary && is_any(scan.symbol(up), {"&&", "||"}));
  if (condition && is_any(name, {"strcmp", "memcmp", "strncmp"})) scan.report("order-as-condition", node);
  if (name == "memset" && arguments.size() == 3 && scan.kind(arguments[1]) == NodeKind::number && !is_any(scan.symbol(arguments[1]), {"0", "-1"})) {
    const auto array = scan.type_of(arguments[0]);
    if (array && array->starts_with("int")) scan.report("bytes-of-int", node);
  }
}

}  // namespace

void scan_expressions(FlawScan& scan) {
  for (std::uint32_t node = 0; node < scan.tree.nodes.size(); ++node) {
    switch (scan.kind(node)) {
      case NodeKind::binary: binary(scan, node); break;
      case NodeKind::assignment: assignment(scan, node); break;
      case NodeKind::expression_statement: statement(scan, node); break;
      case NodeKind::if_statement: condition(scan, node); break;
      case NodeKind::loop:
        if (scan.symbol(node) == "while") condition(scan, node);
        break;
      case NodeKind::call: call(scan, node); break;
      default: break;
    }
  }
}

}  // namespace autodev::mine
