// SPDX-License-Identifier: MIT OR Apache-2.0
//
// C and C++. Declarators nest inside out, so a name travels down through pointer, array and function
// declarators as an inherited role.
#include "syntax/lowering.h"

namespace autodev::syntax {
namespace {

using K = NodeKind;

constexpr KindSpec kinds[] = {
    {"function_definition", K::function, Action::node, trait_function},
    {"template_declaration type_definition", K::declaration, Action::node, trait_wrapper},
    {"struct_specifier class_specifier union_specifier enum_specifier", K::type_declaration, Action::node,
     trait_type | trait_needs_body},
    {"namespace_definition", K::namespace_declaration, Action::node, trait_scope},
    {"linkage_specification", K::other, Action::node, trait_statements},
    {"declaration_list", K::block, Action::node, trait_statements},
    {"field_declaration_list enumerator_list", K::block},
    {"enumerator", K::pair},
    {"preproc_if preproc_ifdef preproc_else preproc_elif preproc_elifdef", K::other, Action::node, trait_statements},
    {"preproc_def preproc_function_def preproc_call gnu_asm_expression", K::other, Action::leaf},
    {"init_declarator", K::declaration, Action::node, trait_pattern},
    {"pointer_declarator reference_declarator array_declarator parenthesized_declarator "
     "attributed_declarator structured_binding_declarator variadic_declarator "
     "pointer_type_declarator",
     K::other, Action::node, trait_pattern},
    {"qualified_identifier dependent_name template_function template_method", K::member, Action::node,
     trait_pattern | trait_qualified},
    {"destructor_name operator_name nested_namespace_specifier", K::identifier, Action::leaf, 0, Role::kept},
    {"operator_cast", K::other, Action::node, trait_pattern | trait_prefixed_name},
    {"storage_class_specifier type_qualifier virtual_specifier access_specifier "
     "explicit_function_specifier noexcept ref_qualifier default_method_clause "
     "delete_method_clause pure_virtual_clause",
     K::keyword, Action::leaf},
    {"placeholder_type_specifier auto decltype macro_type_specifier", K::type, Action::leaf, 0, Role::type},
    {"compound_literal_expression", K::construct},
    {"delete_expression sizeof_expression alignof_expression offsetof_expression", K::unary},
    {"initializer_pair", K::pair},
    {"comma_expression", K::tuple},
    {"condition_clause init_statement subscript_argument_list abstract_function_declarator", K::other, Action::fold},
    {"function_declarator", K::other, Action::fold, trait_pattern},
    {"case_statement", K::switch_case, Action::node, trait_statements},
    {"co_await_expression", K::await},
    {"co_yield_statement", K::yield},
    {"co_return_statement", K::return_statement},
    {"parameter_pack_expansion", K::spread},
    {"fold_expression", K::binary},
    {"static_assert_declaration", K::assert_statement},
    {"using_declaration alias_declaration namespace_alias_definition friend_declaration", K::declaration},
    {"attribute_specifier attribute_declaration attribute ms_declspec_modifier "
     "alignas_qualifier",
     K::decorator, Action::leaf},
    {"goto_statement", K::break_statement},
    {"seh_try_statement", K::try_statement},
    {"user_defined_literal", K::number, Action::leaf},
    {"concatenated_string string_literal", K::string, Action::leaf},
    {"base_class_clause", K::other, Action::node, trait_pattern},
    {"preproc_params", K::parameters, Action::leaf},
};

constexpr FieldSpec fields[] = {
    {"function_definition.declarator type_definition.declarator", Role::name},
    {"function_declarator.parameters", Role::plain},
    {"array_declarator.size init_declarator.value", Role::plain},
    {"declaration.declarator parameter_declaration.declarator "
     "optional_parameter_declaration.declarator variadic_parameter_declaration.declarator "
     "for_range_loop.declarator lambda_capture_initializer.left",
     Role::binder},
    {"struct_specifier.name class_specifier.name union_specifier.name enum_specifier.name "
     "namespace_definition.name",
     Role::name},
    {"enumerator.name alias_declaration.name concept_definition.name "
     "labeled_statement.label",
     Role::kept},
    {"field_expression.field", Role::member},
    {"qualified_identifier.scope", Role::kept},
    {"qualified_identifier.name template_function.name template_method.name", Role::member},
    {"template_function.arguments template_method.arguments template_type.arguments", Role::plain},
    {"operator_cast.type", Role::name},
    {"operator_cast.declarator", Role::plain},
    {"base_class_clause.", Role::type},
    {"call_expression.function", Role::callee},
};

}  // namespace

LanguageSpec c_family_spec() noexcept {
  return {kinds, fields};
}

}  // namespace autodev::syntax
