// SPDX-License-Identifier: MIT OR Apache-2.0
//
// JavaScript, TypeScript and TSX. A function may be the value of a constant, an assignment, a class field or an
// object's property: then that holder is the unit and gives it its name.
#include "syntax/lowering.h"

namespace autodev::syntax {
namespace {

using K = NodeKind;

constexpr KindSpec kinds[] = {
    {"function_declaration generator_function_declaration method_definition", K::function, Action::node,
     trait_function},
    {"function_expression generator_function arrow_function", K::lambda, Action::node, trait_function_value},
    {"class_declaration abstract_class_declaration interface_declaration enum_declaration "
     "class",
     K::type_declaration, Action::node, trait_type},
    {"internal_module module", K::namespace_declaration, Action::node, trait_scope},
    {"class_body interface_body enum_body object_type", K::block},
    {"lexical_declaration variable_declaration using_declaration", K::declaration, Action::node, trait_wrapper},
    {"variable_declarator field_definition public_field_definition", K::declaration, Action::node, trait_holder},
    {"assignment_expression", K::assignment, Action::node, trait_holder},
    {"export_statement", K::other, Action::fold, trait_statements},
    {"rest_pattern", K::spread, Action::node, trait_pattern},
    {"object_pattern array_pattern", K::tuple, Action::node, trait_pattern},
    {"assignment_pattern object_assignment_pattern pair_pattern", K::pair, Action::node, trait_pattern},
    {"shorthand_property_identifier", K::identifier, Action::leaf},
    {"shorthand_property_identifier_pattern", K::identifier, Action::leaf, 0, Role::binder},
    {"computed_property_name", K::index},
    {"optional_chain", K::operator_token, Action::leaf},
    {"non_null_expression", K::unary},
    {"sequence_expression", K::tuple},
    {"this_type literal_type", K::type, Action::leaf, 0, Role::type},
    {"nested_identifier nested_type_identifier", K::member, Action::node, trait_qualified},
    {"satisfies_expression", K::cast},
    {"accessibility_modifier override_modifier import", K::keyword, Action::leaf},
    {"jsx_element jsx_self_closing_element", K::construct},
    {"jsx_closing_element", K::other, Action::drop},
    {"jsx_attribute", K::pair},
    {"jsx_expression class_heritage extends_clause implements_clause extends_type_clause", K::other, Action::fold},
    {"jsx_text html_character_reference", K::string, Action::leaf},
};

constexpr FieldSpec fields[] = {
    {"function_declaration.name generator_function_declaration.name method_definition.name", Role::name},
    {"class_declaration.name abstract_class_declaration.name interface_declaration.name "
     "enum_declaration.name class.name internal_module.name module.name",
     Role::name},
    {"formal_parameters. arrow_function.parameter catch_clause.parameter "
     "variable_declarator.name for_in_statement.left function_expression.name",
     Role::binder},
    {"required_parameter.pattern optional_parameter.pattern", Role::binder},
    {"required_parameter.value optional_parameter.value assignment_pattern.right "
     "object_assignment_pattern.right",
     Role::plain},
    {"pair_pattern.key pair.key", Role::kept},
    {"member_expression.property", Role::member},
    {"public_field_definition.name field_definition.property property_signature.name "
     "enum_assignment.name",
     Role::kept},
    {"call_expression.function new_expression.constructor", Role::callee},
    {"jsx_opening_element.name jsx_self_closing_element.name", Role::kept},
    {"extends_clause.value class_heritage.", Role::type},
};

}  // namespace

LanguageSpec ecma_spec() noexcept {
  return {kinds, fields};
}

}  // namespace autodev::syntax
