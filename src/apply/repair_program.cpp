// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One table of grammar names for all languages, and the walks over the tree.
#include "apply/repair_program.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/text.h"

namespace autodev::apply {
namespace {

using syntax::no_code_node;
using Types = std::set<std::string_view>;

const Types& expression_types() {
  static const Types types = {
      "identifier", "number_literal", "integer", "float", "number", "string_literal", "string", "char_literal", "true", "false",
      "none", "null", "binary_expression", "binary_operator", "comparison_operator", "boolean_operator", "not_operator",
      "unary_expression", "unary_operator", "update_expression", "assignment_expression", "augmented_assignment_expression",
      "call_expression", "call", "subscript_expression", "subscript", "field_expression", "attribute", "member_expression",
      "parenthesized_expression", "conditional_expression", "ternary_expression", "cast_expression", "pointer_expression",
      "method_invocation", "array_access", "field_access", "decimal_integer_literal", "decimal_floating_point_literal",
      "int_literal", "float_literal", "integer_literal", "index_expression", "selector_expression", "sizeof_expression",
      "comma_expression", "concatenated_string", "list", "tuple", "interpreted_string_literal", "character_literal",
      "boolean_literal", "null_literal", "prefix_expression"};
  return types;
}

const Types& statement_types() {
  static const Types types = {
      "expression_statement", "declaration", "if_statement", "for_statement", "while_statement", "do_statement",
      "switch_statement", "return_statement", "break_statement", "continue_statement", "for_range_loop", "goto_statement",
      "labeled_statement", "assert_statement", "raise_statement", "delete_statement", "pass_statement", "try_statement",
      "with_statement", "throw_statement", "for_in_statement", "enhanced_for_statement", "local_variable_declaration",
      "lexical_declaration", "variable_declaration", "let_declaration", "short_var_declaration", "assignment_statement",
      "inc_statement", "dec_statement", "var_declaration", "yield_statement"};
  return types;
}

const Types& block_types() {
  static const Types types = {"compound_statement", "block", "statement_block", "translation_unit", "module", "case_statement",
                              "program", "statement_list", "constructor_body", "switch_block_statement_group"};
  return types;
}

bool is_function_type(std::string_view type) {
  static const Types types = {"function_definition", "function_declaration", "method_declaration", "method_definition",
                              "function_item", "arrow_function", "function_expression", "lambda_expression",
                              "constructor_declaration"};
  return types.contains(type);
}

bool skipped(std::string_view type) {
  static const Types types = {"preproc_include", "import_statement", "import_from_statement", "import_declaration", "comment",
                              "using_declaration", "line_comment", "block_comment", "package_clause", "ERROR"};
  return types.contains(type);
}

/// "long long int" -> "long", "unsigned" -> "int", "std::string" -> "std::string".
std::string type_class(std::string_view written) {
  std::string type(base::trim(written));
  for (const std::string_view prefix : {"const ", "static ", "register "})
    while (type.starts_with(prefix)) type.erase(0, prefix.size());
  if (type.find("double") != std::string::npos || type.find("float") != std::string::npos) return "float";
  if (type.find("long") != std::string::npos || type == "int64_t" || type == "uint64_t" || type == "ll") return "long";
  if (type.find("char") != std::string::npos) return "char";
  static const Types integers = {"int", "short", "unsigned", "signed", "unsigned int", "size_t", "bool", "short int", "unsigned short",
                                 "uint32_t", "int32_t", "byte", "i32", "u32", "usize", "boolean"};
  return integers.contains(type) ? "int" : type;
}

}  // namespace

bool plain_integer(std::string_view text, long long& value) {
  if (text.empty() || text.size() > 18 || (text.size() > 1 && text[0] == '0')) return false;
  value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  return true;
}

Result<RepairProgram> RepairProgram::parse(std::string source, Language language) {
  RepairProgram program;
  program.source_ = std::move(source);
  AUTODEV_TRY_ASSIGN(program.tree_, syntax::parse_code(program.source_, language));
  program.classify();
  if (program.c_like()) program.collect_c_names();
  else program.collect_other_names();
  program.collect_ingredients();
  return program;
}

void RepairProgram::classify() {
  const auto& nodes = tree_.nodes;
  classes_.assign(nodes.size(), NodeClass::other);
  usable_.assign(nodes.size(), true);
  names_at_.assign(nodes.size(), false);
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const auto& node = nodes[i];
    const auto parent = node.parent;
    if (parent != no_code_node && !usable_[parent]) usable_[i] = false;
    if (skipped(node.type) || node.broken) usable_[i] = false;
    if (!node.named) continue;
    const std::string_view above = parent == no_code_node ? std::string_view() : nodes[parent].type;
    if (statement_types().contains(node.type)) classes_[i] = NodeClass::statement;
    if (block_types().contains(node.type) && block_types().contains(above) && above != "translation_unit") classes_[i] = NodeClass::statement;
    if (!expression_types().contains(node.type)) continue;
    const bool declares = above.ends_with("declarator") && node.field != "value" && node.field != "size";
    const bool names_something = node.field == "name" || node.field == "function" || above.ends_with("parameters") ||
                                 above == "parameter" || above.ends_with("parameter_declaration") ||
                                 (node.field == "declarator" && above != "subscript_expression") || above == "keyword_argument" ||
                                 (above == "attribute" && node.field == "attribute") || above == "preproc_def" || above == "init_declarator";
    if (node.type == "identifier" && (declares || names_something) && !(above == "init_declarator" && node.field == "value")) continue;
    classes_[i] = NodeClass::expression;
    names_at_[i] = node.type == "identifier" && !(above.ends_with("declaration") && above != "declaration") && above != "declaration";
  }
}

bool RepairProgram::is_number(std::uint32_t node) const {
  static const Types types = {"number_literal", "integer", "float", "number", "decimal_integer_literal",
                              "decimal_floating_point_literal", "int_literal", "float_literal", "integer_literal"};
  return types.contains(tree_.nodes[node].type) && tree_.nodes[node].named;
}

bool RepairProgram::is_string(std::uint32_t node) const {
  static const Types types = {"string_literal", "string", "interpreted_string_literal"};
  return types.contains(tree_.nodes[node].type) && tree_.nodes[node].named;
}

std::uint32_t RepairProgram::statement_of(std::uint32_t node) const {
  for (std::uint32_t i = node; i != no_code_node; i = tree_.nodes[i].parent) {
    if (classes_[i] == NodeClass::statement) return i;
    if (is_function_type(tree_.nodes[i].type)) break;
  }
  return no_code_node;
}

std::uint32_t RepairProgram::function_of(std::uint32_t node) const {
  for (std::uint32_t i = node; i != no_code_node; i = tree_.nodes[i].parent)
    if (is_function_type(tree_.nodes[i].type)) return i;
  return no_code_node;
}

bool RepairProgram::in_block(std::uint32_t node) const {
  const auto parent = tree_.nodes[node].parent;
  return parent != no_code_node && block_types().contains(tree_.nodes[parent].type);
}

std::uint32_t RepairProgram::operator_of(std::uint32_t node) const {
  for (const auto child : tree_.children(node))
    if (tree_.nodes[child].field == "operator" || tree_.nodes[child].field == "operators") return child;
  const std::string_view type = tree_.nodes[node].type;
  if (type != "comparison_operator" && type != "boolean_operator" && type != "assignment_expression" && type != "assignment") return no_code_node;
  for (const auto child : tree_.children(node))
    if (!tree_.nodes[child].named) return child;
  return no_code_node;
}

bool RepairProgram::is_condition(std::uint32_t node) const {
  const auto parent = tree_.nodes[node].parent;
  if (parent == no_code_node || classes_[node] != NodeClass::expression) return false;
  const auto& above = tree_.nodes[parent];
  if (tree_.nodes[node].type == "parenthesized_expression" && !python()) return false;
  if (tree_.nodes[node].field == "condition") return true;
  if ((above.type == "parenthesized_expression" || above.type == "condition_clause") && above.field == "condition") return true;
  return above.type == "conditional_expression" && python() && tree_.children(parent).size() == 5 && tree_.children(parent)[2] == node;
}

std::string RepairProgram::role_of(std::uint32_t node) const {
  std::string role;
  for (std::uint32_t i = node; i != no_code_node; i = tree_.nodes[i].parent) {
    const auto parent = tree_.nodes[i].parent;
    if (parent == no_code_node || classes_[i] == NodeClass::statement) break;
    const auto& above = tree_.nodes[parent];
    const std::string_view field = tree_.nodes[i].field;
    if (field == "condition") return std::string(above.type) + ".condition";
    if (above.type == "for_statement") return "for." + std::string(field);
    if (above.type.starts_with("subscript") || above.type == "array_access" || above.type == "index_expression")
      return field == "argument" || field == "value" || field == "array" || field == "object" || field == "operand" ? "array" : "index";
    if (above.type == "argument_list" || above.type == "arguments") {
      const auto call = above.parent;
      const auto callee = tree_.nodes[call].size > 1 ? text(call + 1) : std::string_view();
      std::size_t position = 0;
      for (const auto child : tree_.children(parent)) {
        if (child >= i) break;
        position += tree_.nodes[child].named;
      }
      return "argument " + std::string(callee.substr(0, 16)) + (position == 0 ? ".0" : "");
    }
    if (above.type == "return_statement") return "return";
    if (above.type == "init_declarator" || above.type == "variable_declarator") return "init";
    if (above.type.starts_with("assignment") || above.type.starts_with("augmented_assignment")) return field == "left" ? "target" : "value";
    if (above.type == "array_declarator") return "size";
    if (above.type == "conditional_expression" || above.type == "ternary_expression") return "branch";
    if (above.type == "preproc_def") return "define";
  }
  return "statement";
}

std::string RepairProgram::type_of(std::uint32_t node) const {
  const auto& at = tree_.nodes[node];
  if (is_number(node)) return text(node).find('.') != std::string_view::npos ? "float" : "int";
  if (is_string(node)) return "text";
  if (at.type == "char_literal") return "char";
  if (at.type == "parenthesized_expression") return tree_.children(node).size() == 3 ? type_of(tree_.children(node)[1]) : "";
  if (at.type == "identifier") {
    const RepairName* name = name_at(text(node), at.start);
    return name == nullptr ? "" : name->type + std::string(static_cast<std::size_t>(name->depth), '*');
  }
  if (at.type == "comparison_operator" || at.type == "boolean_operator" || at.type == "not_operator") return "bool";
  if (at.type.starts_with("subscript")) {
    std::string type = at.size > 1 ? type_of(node + 1) : "";
    if (type.ends_with('*')) type.pop_back();
    return type;
  }
  if (at.type.starts_with("binary")) {
    const auto op = operator_of(node);
    static const Types relations = {"<", "<=", ">", ">=", "==", "!=", "&&", "||"};
    if (op != no_code_node && relations.contains(text(op))) return "bool";
    const auto left = tree_.child(node, "left"), right = tree_.child(node, "right");
    if (left == no_code_node || right == no_code_node) return "";
    const auto a = type_of(left), b = type_of(right);
    if (a == "float" || b == "float") return "float";
    if (a == "long" || b == "long") return "long";
    return a.empty() ? b : a;
  }
  if (at.type == "cast_expression") return type_class(text(tree_.child(node, "type") == no_code_node ? node : tree_.child(node, "type")));
  return "";
}

void RepairProgram::add_declarator(std::uint32_t declarator, const std::string& type, bool parameter) {
  RepairName name;
  std::uint32_t at = declarator;
  while (at != no_code_node && tree_.nodes[at].type != "identifier") {
    const auto& node = tree_.nodes[at];
    if (node.type == "function_declarator") return;
    if (node.type == "array_declarator" || node.type == "pointer_declarator") ++name.depth;
    auto next = tree_.child(at, "declarator");
    if (next == no_code_node && node.type == "reference_declarator" && node.size > 1)
      for (const auto child : tree_.children(at))
        if (tree_.nodes[child].named) next = child;
    at = next;
  }
  if (at == no_code_node) return;
  name.name = std::string(text(at));
  name.written = type;
  name.type = type_class(type);
  name.parameter = parameter;
  name.from = tree_.nodes[declarator].end;
  name.to = source_.size();
  name.global = true;
  for (auto i = tree_.nodes[declarator].parent; i != no_code_node; i = tree_.nodes[i].parent) {
    const std::string_view around = tree_.nodes[i].type;
    if (around == "struct_specifier" || around == "class_specifier" || around == "field_declaration_list") return;
    if (around != "compound_statement" && around != "for_statement" && around != "function_definition" && around != "for_range_loop") continue;
    name.to = tree_.nodes[i].end;
    name.global = false;
    break;
  }
  names_.push_back(std::move(name));
}

void RepairProgram::collect_c_names() {
  for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i) {
    const std::string_view kind = tree_.nodes[i].type;
    if (!usable_[i]) continue;
    if (kind == "preproc_def" && tree_.child(i, "value") != no_code_node) {
      const auto value = base::trim(text(tree_.child(i, "value")));
      RepairName name{std::string(text(tree_.child(i, "name"))), "int", "#define", 0, false, true, tree_.nodes[i].end, source_.size(), 0};
      if (!value.empty() && (std::isdigit(static_cast<unsigned char>(value[0])) != 0 || value[0] == '(' || value[0] == '-')) names_.push_back(name);
    }
    if (kind != "declaration" && kind != "parameter_declaration" && kind != "for_range_loop") continue;
    const auto type = tree_.child(i, "type");
    if (type == no_code_node) continue;
    const std::string written(text(type));
    for (const auto child : tree_.children(i))
      if (tree_.nodes[child].field == "declarator") add_declarator(child, written, kind == "parameter_declaration");
  }
}

void RepairProgram::collect_other_names() {
  std::set<std::pair<std::string, std::size_t>> seen;
  for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i) {
    const auto& node = tree_.nodes[i];
    if (node.type != "identifier" || !usable_[i] || node.field == "function" || node.parent == no_code_node) continue;
    const auto& above = tree_.nodes[node.parent];
    if (above.type == "attribute" || above.type == "field_access" || above.type == "method_invocation" || above.type == "keyword_argument") continue;
    if (is_function_type(above.type) && node.field == "name") continue;
    const auto function = function_of(i);
    const std::size_t to = function == no_code_node ? source_.size() : tree_.nodes[function].end;
    if (!seen.emplace(std::string(text(i)), to).second) continue;
    RepairName name;
    name.name = std::string(text(i));
    name.parameter = above.type.find("parameter") != std::string_view::npos;
    name.global = function == no_code_node;
    name.from = node.end;
    name.to = to;
    names_.push_back(std::move(name));
  }
}

void RepairProgram::collect_ingredients() {
  std::set<std::string> seen;
  for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i) {
    if (!usable_[i]) continue;
    const std::string written(text(i));
    if (names_at_[i])
      if (const RepairName* name = name_at(written, tree_.nodes[i].start)) ++names_[static_cast<std::size_t>(name - names_.data())].uses;
    const std::string_view type = tree_.nodes[i].type;
    const bool element = type == "subscript_expression" || type == "subscript" || type == "array_access" || type == "index_expression";
    if (!is_number(i) && !is_string(i) && type != "char_literal" && !element) continue;
    if (!seen.insert(written).second) continue;
    if (is_number(i)) numbers_.push_back(written);
    else if (is_string(i)) strings_.push_back(written);
    else if (element) elements_.push_back(i);
    else characters_.push_back(written);
  }
}

std::vector<std::size_t> RepairProgram::names_at(std::size_t position) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (position < names_[i].from || position >= names_[i].to) continue;
    const auto same = std::find_if(found.begin(), found.end(), [&](std::size_t k) { return names_[k].name == names_[i].name; });
    if (same == found.end()) found.push_back(i);
    else if (names_[i].to <= names_[*same].to) *same = i;
  }
  return found;
}

const RepairName* RepairProgram::name_at(std::string_view name, std::size_t position) const {
  const RepairName* best = nullptr;
  for (const auto& candidate : names_)
    if (candidate.name == name && position + name.size() >= candidate.from && position < candidate.to &&
        (best == nullptr || candidate.to <= best->to))
      best = &candidate;
  return best;
}

}  // namespace autodev::apply
