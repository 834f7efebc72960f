// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Conditions: a condition is negated, made stronger or weaker by a comparison of what is in scope, or replaced by one. The space is
// that of SPR (Long & Rinard, ESEC/FSE 2015) with comparisons of two operands, enumerated instead of solved for, since running one costs a millisecond.
#include <algorithm>
#include <set>

#include "apply/repair_candidate.h"

namespace autodev::apply {
namespace {

using syntax::no_code_node;

constexpr std::size_t max_left = 12, max_right = 12;  ///< operands of enumerated comparisons at one place

struct Comparison {
  std::string text, detail;
  std::vector<std::string> names;
};

/// Names at a place, those used near it first.
std::vector<const RepairName*> near_names(const RepairProgram& program, std::uint32_t node) {
  const auto& at = program.tree().nodes[node];
  const auto statement = program.statement_of(node);
  const std::string_view around = statement == no_code_node ? program.text(node) : program.text(statement).substr(0, 400);
  std::vector<std::pair<int, const RepairName*>> ranked;
  for (const auto index : program.names_at(at.start)) {
    const auto& name = program.names()[index];
    if (name.depth != 0 || name.name == "argc") continue;
    int rank = name.written == "#define" ? 2 : 1;
    if (around.find(name.name) != std::string_view::npos) rank = 0;
    ranked.emplace_back(rank * 1000 - std::min(name.uses, 900), &name);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const RepairName*> names;
  for (const auto& [rank, name] : ranked) names.push_back(name);
  return names;
}

std::vector<Comparison> comparisons(const RepairProgram& program, std::uint32_t node) {
  std::vector<Comparison> made;
  const auto names = near_names(program, node);
  std::vector<std::pair<std::string, std::string>> left, right;  // text, name or empty
  for (const auto* name : names) {
    if (left.size() < max_left && name->written != "#define") left.emplace_back(name->name, name->name);
    if (right.size() < max_right) right.emplace_back(name->name, name->name);
  }
  const auto function = program.function_of(node);
  std::size_t elements = 0;
  for (const auto e : program.elements())
    if (program.function_of(e) == function && elements++ < 8) {
      left.emplace_back(std::string(program.text(e)), "");
      right.emplace_back(std::string(program.text(e)), "");
    }
  std::vector<std::string> numbers = {"0", "1", "2", "-1"};
  for (const auto& number : program.numbers())
    if (numbers.size() < 12 && std::find(numbers.begin(), numbers.end(), number) == numbers.end()) numbers.push_back(number);
  const auto add = [&](const std::string& a, const std::string& op, const std::string& b, const std::string& detail, std::vector<std::string> used) {
    made.push_back({a + op + b, detail, std::move(used)});
  };
  for (const auto& [a, name] : left) {
    std::vector<std::string> used;
    if (!name.empty()) used.push_back(name);
    const std::string what = name.empty() ? "element" : "name";
    for (const auto& number : numbers)
      for (const char* op : {"==", "!=", "<", ">", "<=", ">="}) {
        if ((op[0] == '<' || op[0] == '>') && op[1] == '=' && number.size() < 4 && number != "0") continue;
        add(a, op, number, what + op + (number.size() < 2 || number == "-1" ? number : "number"), used);
      }
    for (const auto& [b, other] : right) {
      if (a == b) continue;
      std::vector<std::string> both = used;
      if (!other.empty()) both.push_back(other);
      for (const char* op : {"==", "!=", "<", "<="})
        if (a < b || op[0] == '<') add(a, op, b, what + op + (other.empty() ? "element" : "name"), both);
    }
    if (!program.characters().empty() && name.empty())
      for (const auto& character : program.characters())
        for (const char* op : {"==", "!="}) add(a, op, character, what + op + "character", used);
    for (const char* rest : {"%2==0", "%2==1"})
      if (!name.empty()) add(a, "", rest, std::string("name") + rest, used);
  }
  return made;
}

void at_condition(CandidateList& list, std::uint32_t node) {
  const auto& program = list.program();
  const bool python = program.python();
  const std::string old(program.text(node)), both = python ? " and " : " && ", either = python ? " or " : " || ";
  const auto op = program.operator_of(node);
  const std::string_view outer = op == no_code_node ? std::string_view() : program.text(op);
  const bool any = outer == "||" || outer == "or", all = outer == "&&" || outer == "and";
  const bool whole = program.is_condition(node);
  if (whole) {
    list.replace("negate", "condition", node, (python ? "not (" : "!(") + old + ")");
    list.replace("constant condition", "true", node, python ? "True" : "1");
    list.replace("constant condition", "false", node, python ? "False" : "0");
  }
  const std::string for_and = any ? "(" + old + ")" : old;
  for (auto& made : comparisons(program, node)) {
    if (list.full()) return;
    if (whole) {
      list.replace("conjunct", made.detail, node, for_and + both + made.text, made.names);
      list.replace("disjunct", made.detail, node, old + either + made.text, made.names);
    }
    if (!any && !all) list.replace("comparison", made.detail, node, made.text, made.names);
  }
}

}  // namespace

void condition_candidates(CandidateList& list) {
  const auto& program = list.program();
  const auto& nodes = program.tree().nodes;
  for (std::uint32_t i = 0; i < nodes.size() && !list.full(); ++i) {
    if (!program.usable(i) || program.node_class(i) != NodeClass::expression || program.is_number(i)) continue;
    const auto parent = nodes[i].parent;
    bool logical = false;
    if (parent != no_code_node && (nodes[parent].type.starts_with("binary") || nodes[parent].type == "boolean_operator")) {
      const auto op = program.operator_of(parent);
      const auto text = op == no_code_node ? std::string_view() : program.text(op);
      logical = text == "&&" || text == "||" || text == "and" || text == "or";
    }
    if (logical || program.is_condition(i)) at_condition(list, i);
  }
}

/// Conditions that a statement can be put under: `if (condition) statement`.
void insertion_candidates(CandidateList& list) {
  const auto& program = list.program();
  const auto& nodes = program.tree().nodes;
  if (program.python()) return;
  for (std::uint32_t i = 0; i < nodes.size() && !list.full(); ++i) {
    if (!program.usable(i) || program.node_class(i) != NodeClass::statement || program.function_of(i) == no_code_node) continue;
    const bool simple = nodes[i].type == "expression_statement" || nodes[i].type == "break_statement" || nodes[i].type == "return_statement" ||
                        nodes[i].type == "continue_statement";
    if (!simple && !(nodes[i].type == "for_statement" || nodes[i].type == "while_statement")) continue;
    const auto made = comparisons(program, i);
    for (const auto& comparison : made)
      list.replace("guard", std::string(nodes[i].type) + " if " + comparison.detail, i, "if (" + comparison.text + ") " + std::string(program.text(i)), comparison.names);
    if (!program.in_block(i)) continue;
    const auto after = nodes[i].end;
    for (const auto& comparison : made) {
      if (list.full()) return;
      for (const char* jump : {"break;", "continue;"})
        list.add("jump if", std::string(jump) + comparison.detail, i, after, after, " if (" + comparison.text + ") " + jump, comparison.names);
    }
  }
}

}  // namespace autodev::apply
