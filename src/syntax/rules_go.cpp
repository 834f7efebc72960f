// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Go. A method's scope is the type of its receiver.
#include "syntax/lowering.h"

namespace autodev::syntax {
namespace {

using K = NodeKind;

constexpr KindSpec kinds[] = {
    {"function_declaration method_declaration", K::function, Action::node, trait_function},
    {"type_declaration", K::declaration, Action::node, trait_wrapper},
    {"type_spec type_alias", K::type_declaration, Action::node, trait_type},
    {"struct_type interface_type", K::type},
    {"field_declaration_list", K::block},
    {"parameter_list", K::parameters},
    {"var_spec const_spec", K::declaration},
    {"var_spec_list import_spec_list", K::other, Action::fold},
    {"range_clause for_clause", K::other},
    {"expression_list literal_element", K::other, Action::fold, trait_pattern},
    {"go_statement defer_statement", K::expression_statement},
    {"inc_statement dec_statement send_statement receive_statement", K::unary},
    {"composite_literal", K::construct},
    {"literal_value", K::arguments},
    {"keyed_element", K::pair},
    {"type_assertion_expression type_conversion_expression", K::cast},
    {"variadic_argument", K::spread},
    {"dot blank_identifier iota", K::keyword, Action::leaf},
    {"raw_string_literal interpreted_string_literal", K::string, Action::leaf},
    {"package_clause", K::other, Action::drop},
    {"fallthrough_statement goto_statement", K::break_statement},
};

constexpr FieldSpec fields[] = {
    {"function_declaration.name method_declaration.name type_spec.name type_alias.name", Role::name},
    {"method_declaration.receiver", Role::receiver},
    {"parameter_declaration.name variadic_parameter_declaration.name "
     "short_var_declaration.left range_clause.left var_spec.name const_spec.name "
     "type_switch_statement.alias",
     Role::binder},
    {"selector_expression.field", Role::member},
    {"keyed_element.key field_declaration.name", Role::kept},
    {"call_expression.function", Role::callee},
    {"type_spec.type", Role::body},
};

}  // namespace

LanguageSpec go_spec() noexcept {
  return {kinds, fields};
}

}  // namespace autodev::syntax
