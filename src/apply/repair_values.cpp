// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Values: a name becomes another of its kind, a number its neighbours or one seen elsewhere, an expression gets one more operand,
// a cast, a sign.
#include <algorithm>
#include <array>

#include "apply/repair_candidate.h"

namespace autodev::apply {
namespace {

using syntax::no_code_node;

constexpr std::size_t max_names = 14;  ///< nearest names tried at one place

bool is_scalar(const RepairName& name) { return name.depth == 0; }

class ValueMaker {
 public:
  ValueMaker(CandidateList& list, const RepairIngredients& ingredients) : list_(list), program_(list.program()), ingredients_(ingredients) {}

  void at(std::uint32_t node) {
    const auto& nodes = program_.tree().nodes;
    role_ = program_.role_of(node);
    target_ = role_ == "target" || above(node).starts_with("update") || above(node).starts_with("pointer_e") || in_scan(node);
    if (program_.is_number(node)) return number(node);
    if (program_.is_name(node)) name(node);
    if (nodes[node].type.starts_with("subscript")) element(node);
    if (program_.is_condition(node) || nodes[node].type.find("assignment") != std::string_view::npos) return;
    if (above(node) == "expression_statement" || above(node) == "comma_expression" || above(node) == "parenthesized_expression") return;
    if (nodes[node].type == "parenthesized_expression" && above(node).ends_with("_statement")) return;
    if (!target_) operand(node);
  }

 private:
  std::string_view above(std::uint32_t node) const {
    const auto parent = program_.tree().nodes[node].parent;
    return parent == no_code_node ? std::string_view() : program_.tree().nodes[parent].type;
  }
  bool in_scan(std::uint32_t) const { return role_.starts_with("argument scanf"); }

  std::vector<const RepairName*> scalars(std::uint32_t node) const {
    std::vector<const RepairName*> found;
    const std::size_t position = program_.tree().nodes[node].start;
    for (const auto index : program_.names_at(position)) {
      const auto& name = program_.names()[index];
      if (is_scalar(name)) found.push_back(&name);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return a->uses > b->uses; });
    if (found.size() > max_names) found.resize(max_names);
    return found;
  }

  void number(std::uint32_t node) {
    const std::string old(program_.text(node));
    const bool size = role_ == "size" || role_ == "define";
    long long value = 0;
    const auto put = [&](const std::string& text, const std::string& detail, std::vector<std::string> names = {}) {
      list_.replace("number", detail, node, text, std::move(names));
    };
    if (plain_integer(old, value)) {
      put(std::to_string(value + 1), size ? "size +1" : value < 3 ? old + " to " + std::to_string(value + 1) : "+1");
      put(std::to_string(value - 1), size ? "size -1" : value < 3 ? old + " to " + std::to_string(value - 1) : "-1");
      put(old + "0", size ? "size *10" : "*10");
      if (value >= 10) put(std::to_string(value / 10), "/10");
      if (value > 0) put("-" + old, "negated");
      if (value >= 2) put(std::to_string(value * 2), size ? "size *2" : "*2");
      if (size) {
        put(std::to_string(value + 10), "size +10");
        put(std::to_string(value + 2), "size +2");
        put(old + "00", "size *100");
      }
      if (!size) {
        put(old + ".0", "decimal");
        put(old + "LL", "wide");
      }
    }
    for (const char* small : {"0", "1", "2", "-1"}) put(small, old.size() < 3 ? old + " to " + small : std::string("to ") + small);
    for (const auto& other : program_.numbers()) put(other, size ? "size of the program" : "of the program");
    for (const auto& other : ingredients_.numbers) put(other, old + " to " + other);
    if (size) return;
    for (const auto* name : scalars(node)) {
      put(name->name, "to name", {name->name});
      for (const char* step : {"+1", "-1"}) put(bracketed(program_, node, name->name + step, "+"), std::string("to name") + step, {name->name});
    }
    operand(node);
  }

  void name(std::uint32_t node) {
    const std::string old(program_.text(node));
    const std::size_t position = program_.tree().nodes[node].start;
    const RepairName* own = program_.name_at(old, position);
    if (own == nullptr) return;
    std::size_t shown = 0;
    for (const auto index : program_.names_at(position)) {
      const auto& other = program_.names()[index];
      if (other.name == old || ++shown > 40) continue;
      if (own->depth == other.depth) {
        const bool same = own->type == other.type;
        if (target_ && other.written == "#define") continue;
        list_.replace("variable", same ? "same type" : "other type", node, other.name, {other.name});
        if (!target_ && own->depth == 0)
          for (const char* step : {"+1", "-1"})
            list_.replace("variable", std::string("other") + step, node, bracketed(program_, node, other.name + step, "+"), {other.name});
      } else if (other.depth == own->depth + 1 && own->depth == 0) {
        list_.replace("variable", "to element", node, other.name + "[" + old + "]", {other.name});
      }
    }
    if (own->depth > 0 || target_) return;
    for (const char* small : {"0", "1", "2"}) list_.replace("name to number", std::string("to ") + small, node, small);
    for (const auto& other : program_.numbers()) list_.replace("name to number", "of the program", node, other);
    for (const auto e : program_.elements()) list_.replace("variable", "to known element", node, std::string(program_.text(e)));
  }

  void element(std::uint32_t node) {
    const auto& tree = program_.tree();
    for (const auto e : program_.elements())
      if (program_.text(e) != program_.text(node)) list_.replace("element", "other", node, std::string(program_.text(e)));
    const auto children = tree.children(node);
    if (children.size() < 3) return;
    const auto base = children.front();
    if (!tree.nodes[base].type.starts_with("subscript")) {
      if (!target_ && children.size() >= 4) list_.replace("element", "to index", node, std::string(program_.text(children[2])));
      return;
    }
    const auto inner = tree.children(base);
    if (inner.size() < 4 || children.size() < 4) return;
    const auto &a = tree.nodes[inner[2]], &b = tree.nodes[children[2]];
    list_.add_all("element", "swap indices", node, {{a.start, a.end, std::string(program_.text(children[2]))}, {b.start, b.end, std::string(program_.text(inner[2]))}});
  }

  void operand(std::uint32_t node) {
    if (program_.is_string(node) || program_.tree().nodes[node].type == "char_literal") return;
    const std::string type = program_.type_of(node), old(program_.text(node));
    if (type == "bool" || type.ends_with('*') || type == "text") return;
    const auto put = [&](const std::string& operation, const std::string& other, const std::string& detail, std::vector<std::string> names = {}) {
      const auto& at = program_.tree().nodes[node];
      std::string left = old;
      const auto inner = at.type.starts_with("binary") ? program_.operator_of(node) : no_code_node;
      if (inner != no_code_node && precedence(program_.text(inner)) < precedence(operation)) left = "(" + old + ")";
      list_.replace("operand", detail, node, bracketed(program_, node, left + operation + other, operation), std::move(names));
    };
    const bool number = program_.is_number(node);
    if (!number) {
      for (const char* operation : {"+", "-"}) {
        put(operation, "1", std::string(operation) + "1");
        put(operation, "2", std::string(operation) + "2");
      }
      for (const char* step : {"+1", "-1"}) list_.replace("operand", std::string("bracket ") + step, node, "(" + old + step + ")");
      for (const char* operation : {"*", "/", "%"}) put(operation, "2", std::string(operation) + "2");
      put("*", "10", "*10");
      put("%", "10", "%10");
      list_.replace("operand", "negated", node, bracketed(program_, node, "-" + old, "*"));
      casts(node, old);
      for (const auto& constant : program_.numbers())
        if (constant.size() > 1 || (constant > "2" && constant <= "9"))
          for (const char* operation : {"+", "-", "%", "*", "/"}) put(operation, constant, std::string(operation) + " number");
    }
    for (const auto* name : scalars(node)) {
      if (name->name == old) continue;
      for (const char* operation : {"+", "-", "*", "/", "%"})
        put(operation, name->name, std::string(operation) + (name->written == "#define" ? " define" : " name"), {name->name});
      if (!number) list_.replace("operand", "name -", node, bracketed(program_, node, name->name + "-" + old, "-"), {name->name});
      if (number) list_.replace("operand", "name -", node, bracketed(program_, node, name->name + "-" + old, "-"), {name->name});
    }
    for (const auto e : program_.elements())
      for (const char* operation : {"+", "-"})
        if (program_.text(e) != old) put(operation, std::string(program_.text(e)), std::string(operation) + " element");
  }

  void casts(std::uint32_t node, const std::string& old) {
    if (!program_.c_like()) {
      if (program_.python())
        for (const char* call : {"abs", "len", "int", "str", "sorted", "list", "set"}) list_.replace("wrap", call, node, std::string(call) + "(" + old + ")");
      return;
    }
    const bool compound = program_.tree().nodes[node].type.starts_with("binary");
    const std::string inner = compound ? "(" + old + ")" : old;
    for (const char* cast : {"(long long)", "(double)", "(int)"}) list_.replace("cast", cast, node, bracketed(program_, node, cast + inner, "*"));
    for (const char* factor : {"1LL*", "1.0*"}) list_.replace("cast", factor, node, bracketed(program_, node, factor + inner, "*"));
    for (const char* call : {"abs", "fabs", "ceil", "floor", "sqrt", "tolower", "toupper"}) list_.replace("wrap", call, node, std::string(call) + "(" + old + ")");
  }

  CandidateList& list_;
  const RepairProgram& program_;
  const RepairIngredients& ingredients_;
  std::string role_;
  bool target_ = false;
};

}  // namespace

void value_candidates(CandidateList& list, const RepairIngredients& ingredients) {
  const auto& program = list.program();
  ValueMaker maker(list, ingredients);
  for (std::uint32_t i = 0; i < program.tree().nodes.size() && !list.full(); ++i)
    if (program.usable(i) && program.node_class(i) == NodeClass::expression) maker.at(i);
}

}  // namespace autodev::apply
