// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Operators: an operator becomes another of its class, operands are dropped or swapped, brackets move, calls change their
// function. The classes are those of mutation testing (Offutt et al., 1996), in reverse: a mutant that repairs.
#include <algorithm>
#include <array>
#include <set>

#include "apply/repair_candidate.h"

namespace autodev::apply {
namespace {

using syntax::no_code_node;
using Words = std::vector<std::string_view>;

const std::vector<Words>& operator_classes(Language language) {
  static const std::vector<Words> c = {
      {"<", "<=", ">", ">=", "==", "!="}, {"+", "-", "*", "/", "%"}, {"&&", "||"},  {"=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^="},
      {"++", "--"},                       {"&", "|", "^", "<<", ">>", "&&", "||"},   {"==", "==="}, {"=", "=="}};
  static const std::vector<Words> python = {
      {"<", "<=", ">", ">=", "==", "!="}, {"+", "-", "*", "/", "%", "//", "**"}, {"and", "or"}, {"=", "+=", "-=", "*=", "/=", "//=", "%=", "|=", "&=", "^="},
      {"&", "|", "^", "<<", ">>"},        {"in", "not in"},                      {"is", "is not", "==", "!="}};
  return language == Language::python ? python : c;
}

void swap_operator(CandidateList& list, std::uint32_t node, std::uint32_t op) {
  const auto& program = list.program();
  const std::string old(program.text(op));
  for (const Words& words : operator_classes(program.language())) {
    if (std::find(words.begin(), words.end(), old) == words.end()) continue;
    for (const auto word : words)
      if (word != old) {
        const auto& at = program.tree().nodes[op];
        list.add("operator", old + " to " + std::string(word), node, at.start, at.end, std::string(word));
      }
  }
}

/// `a op b` becomes `a`, `b`, `b op a`.
void operands(CandidateList& list, std::uint32_t node, std::uint32_t op) {
  const auto& program = list.program();
  const auto left = program.tree().child(node, "left"), right = program.tree().child(node, "right");
  if (left == no_code_node || right == no_code_node) return;
  const std::string a(program.text(left)), b(program.text(right)), o(program.text(op));
  list.replace("drop operand", "right of " + o, node, a);
  list.replace("drop operand", "left of " + o, node, b);
  if (o != "+" && o != "*" && o != "==" && o != "!=") list.replace("swap operands", o, node, b + " " + o + " " + a);
}

/// `a + b / c` becomes `(a + b) / c`; `(a + b) / c` becomes `a + b / c`.
void regroup(CandidateList& list, std::uint32_t node, std::uint32_t op) {
  const auto& program = list.program();
  const auto& nodes = program.tree().nodes;
  const auto left = program.tree().child(node, "left"), right = program.tree().child(node, "right");
  if (left == no_code_node || right == no_code_node) return;
  const std::string_view source = program.source();
  const auto group = [&](std::uint32_t inner, bool inner_is_right) {
    if (!nodes[inner].type.starts_with("binary") && nodes[inner].type != "boolean_operator") return;
    const auto inner_op = program.operator_of(inner);
    const auto near = program.tree().child(inner, inner_is_right ? "left" : "right");
    if (inner_op == no_code_node || near == no_code_node) return;
    const std::size_t from = inner_is_right ? nodes[node].start : nodes[near].start, to = inner_is_right ? nodes[near].end : nodes[node].end;
    std::string text(source.substr(nodes[node].start, from - nodes[node].start));
    text += "(" + std::string(source.substr(from, to - from)) + ")" + std::string(source.substr(to, nodes[node].end - to));
    list.replace("regroup", std::string(program.text(op)) + " with " + std::string(program.text(inner_op)), node, text);
  };
  group(right, true);
  group(left, false);
  for (const auto side : {left, right})
    if (nodes[side].type == "parenthesized_expression" && nodes[side].size > 3)
      list.replace("regroup", "open brackets under " + std::string(program.text(op)), side, std::string(program.text(side).substr(1, program.text(side).size() - 2)));
}

const std::vector<Words>& function_families() {
  static const std::vector<Words> families = {
      {"floor", "ceil", "round", "abs", "int"}, {"abs", "fabs", "sqrt"}, {"min", "max", "sum", "len"}, {"any", "all"}, {"strcpy", "strcat"},
      {"islower", "isupper", "isalpha", "isdigit"}, {"tolower", "toupper"}, {"range", "xrange"}, {"append", "extend", "add", "insert"},
      {"upper", "lower", "swapcase", "capitalize"}, {"startswith", "endswith"}, {"push_back", "pop_back"}, {"front", "back", "top"},
      {"min_element", "max_element"}, {"sorted", "list", "set", "reversed", "tuple"}, {"gets", "scanf"}, {"puts", "printf"},
      {"find", "rfind", "index", "count"}, {"split", "strip"}, {"lstrip", "rstrip", "strip"}, {"begin", "rbegin"}, {"end", "rend"},
      {"Math.min", "Math.max"}, {"Math.floor", "Math.ceil", "Math.round"}, {"isupper", "islower", "isalpha", "isdigit", "isalnum"}};
  return families;
}

void calls(CandidateList& list, std::uint32_t node, const std::set<std::string>& known) {
  const auto& program = list.program();
  const auto& tree = program.tree();
  auto callee = tree.child(node, "function");
  if (callee == no_code_node) return;
  if (tree.nodes[callee].type == "attribute") callee = tree.child(callee, "attribute");
  else if (tree.nodes[callee].type == "field_expression") callee = tree.child(callee, "field");
  if (callee == no_code_node) return;
  const std::string old(program.text(callee));
  for (const Words& family : function_families())
    if (std::find(family.begin(), family.end(), old) != family.end())
      for (const auto other : family)
        if (other != old) list.replace("call", old + " to " + std::string(other), callee, std::string(other));
  for (const auto& other : known)
    if (other != old) list.replace("call", "other function", callee, other);
  const auto arguments = tree.child(node, "arguments");
  if (arguments == no_code_node) return;
  std::vector<std::uint32_t> given;
  for (const auto child : tree.children(arguments))
    if (tree.nodes[child].named) given.push_back(child);
  for (std::size_t i = 0; i < given.size() && i < 6; ++i) {
    for (std::size_t j = i + 1; j < given.size() && j < 6; ++j) {
      if (program.is_string(given[i]) != program.is_string(given[j])) continue;
      const auto &a = tree.nodes[given[i]], &b = tree.nodes[given[j]];
      list.add_all("swap arguments", old, node, {{a.start, a.end, std::string(program.text(given[j]))}, {b.start, b.end, std::string(program.text(given[i]))}});
    }
    if (given.size() == 1 && !old.empty()) list.replace("drop call", old, node, std::string(program.text(given[0])));
  }
  if (old != "scanf") return;
  for (std::size_t i = 1; i < given.size(); ++i) {
    const auto text = program.text(given[i]);
    list.replace("address", text.starts_with('&') ? "drop" : "add", given[i], text.starts_with('&') ? std::string(text.substr(1)) : "&" + std::string(text));
  }
}

/// `k++` and `++k`; `++k` to `--k` comes from the operator classes.
void update_side(CandidateList& list, std::uint32_t node) {
  const auto& program = list.program();
  const auto op = program.operator_of(node);
  const auto argument = program.tree().child(node, "argument");
  if (op == no_code_node || argument == no_code_node) return;
  const std::string o(program.text(op)), a(program.text(argument));
  list.replace("update side", op < argument ? "to postfix" : "to prefix", node, op < argument ? a + o : o + a);
  list.replace("drop update", o, node, a);
}

}  // namespace

void operator_candidates(CandidateList& list) {
  const auto& program = list.program();
  const auto& nodes = program.tree().nodes;
  std::set<std::string> known;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if ((nodes[i].type != "call_expression" && nodes[i].type != "call") || !program.usable(i)) continue;
    const auto callee = program.tree().child(i, "function");
    if (callee != no_code_node && nodes[callee].type == "identifier" && program.text(callee) != "main") known.insert(std::string(program.text(callee)));
  }
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (!program.usable(i) || !nodes[i].named) continue;
    const std::string_view type = nodes[i].type;
    if (type == "call_expression" || type == "call") calls(list, i, known);
    if (type == "update_expression") update_side(list, i);
    const auto op = program.operator_of(i);
    if (op == no_code_node) continue;
    swap_operator(list, i, op);
    if (type.starts_with("binary") || type == "boolean_operator") {
      operands(list, i, op);
      regroup(list, i, op);
    }
    if (type == "unary_expression" || type == "unary_operator" || type == "not_operator")
      if (const auto children = program.tree().children(i); children.size() >= 2)
        list.replace("drop unary", std::string(program.text(children[0])), i, std::string(program.text(children.back())));
  }
}

}  // namespace autodev::apply
