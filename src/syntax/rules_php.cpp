// SPDX-License-Identifier: MIT OR Apache-2.0
//
// PHP. Variables carry a sigil and are local to their function by rule; everything else keeps its name.
#include "syntax/lowering.h"

namespace autodev::syntax {
namespace {

using K = NodeKind;

constexpr KindSpec kinds[] = {
    {"function_definition method_declaration", K::function, Action::node, trait_function},
    {"class_declaration interface_declaration trait_declaration enum_declaration", K::type_declaration, Action::node,
     trait_type},
    {"namespace_definition", K::namespace_declaration, Action::node, trait_scope | trait_open_scope},
    {"declaration_list enum_declaration_list match_block", K::block},
    {"colon_block", K::block, Action::node, trait_statements},
    {"variable_name", K::identifier, Action::leaf, 0, Role::local},
    {"name namespace_name", K::identifier, Action::leaf},
    {"qualified_name relative_name", K::identifier, Action::leaf, 0, Role::kept},
    {"function_call_expression member_call_expression nullsafe_member_call_expression "
     "scoped_call_expression",
     K::call},
    {"nullsafe_member_access_expression scoped_property_access_expression "
     "class_constant_access_expression",
     K::member},
    {"argument", K::other, Action::fold},
    {"named_type anonymous_class", K::type},
    {"cast_type", K::type, Action::leaf, 0, Role::type},
    {"array_element_initializer property_element const_element enum_case", K::pair},
    {"list_literal", K::tuple, Action::node, trait_pattern},
    {"variadic_parameter property_promotion_parameter", K::parameter},
    {"arrow_function", K::lambda},
    {"visibility_modifier static_modifier abstract_modifier final_modifier "
     "readonly_modifier var_modifier reference_modifier relative_scope",
     K::keyword, Action::leaf},
    {"unary_op_expression error_suppression_expression clone_expression print_intrinsic", K::unary},
    {"echo_statement exit_statement unset_statement global_declaration "
     "function_static_declaration",
     K::expression_statement},
    {"property_declaration", K::declaration},
    {"match_conditional_expression match_default_expression case_statement "
     "default_statement",
     K::switch_case, Action::node, trait_statements},
    {"include_expression include_once_expression require_expression require_once_expression", K::import, Action::node,
     trait_import},
    {"variadic_unpacking", K::spread},
    {"text", K::other, Action::drop},
    {"goto_statement", K::break_statement},
    {"sequence_expression", K::tuple},
    {"shell_command_expression", K::string, Action::leaf},
    {"attribute_list", K::decorator, Action::leaf},
};

constexpr FieldSpec fields[] = {
    {"function_definition.name method_declaration.name class_declaration.name "
     "interface_declaration.name trait_declaration.name enum_declaration.name "
     "namespace_definition.name",
     Role::name},
    {"simple_parameter.name variadic_parameter.name property_promotion_parameter.name "
     "assignment_expression.left reference_assignment_expression.left "
     "static_variable_declaration.name catch_clause.name",
     Role::binder},
    {"member_access_expression.name nullsafe_member_access_expression.name "
     "member_call_expression.name nullsafe_member_call_expression.name "
     "scoped_call_expression.name scoped_property_access_expression.name",
     Role::member},
    {"argument.name property_element.name", Role::kept},
    {"function_call_expression.function", Role::callee},
    {"named_type.", Role::type},
};

}  // namespace

LanguageSpec php_spec() noexcept {
  return {kinds, fields};
}

}  // namespace autodev::syntax
