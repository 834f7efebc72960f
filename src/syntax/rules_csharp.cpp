// SPDX-License-Identifier: MIT OR Apache-2.0
//
// C#. Accessors stay inside their property: only methods, constructors and operators are units.
#include "syntax/lowering.h"

namespace autodev::syntax {
namespace {

using K = NodeKind;

constexpr KindSpec kinds[] = {
    {"method_declaration constructor_declaration destructor_declaration "
     "operator_declaration conversion_operator_declaration local_function_statement",
     K::function, Action::node, trait_function},
    {"class_declaration struct_declaration interface_declaration enum_declaration "
     "record_declaration",
     K::type_declaration, Action::node, trait_type},
    {"namespace_declaration", K::namespace_declaration, Action::node, trait_scope},
    {"file_scoped_namespace_declaration", K::namespace_declaration, Action::node, trait_scope | trait_open_scope},
    {"declaration_list enum_member_declaration_list accessor_list", K::block, Action::node, trait_statements},
    {"global_statement", K::other, Action::fold, trait_statements},
    {"variable_declarator declaration_expression property_declaration event_declaration "
     "indexer_declaration",
     K::declaration},
    {"variable_declaration argument attribute", K::other, Action::fold},
    {"arrow_expression_clause", K::block},
    {"anonymous_object_creation_expression implicit_object_creation_expression "
     "implicit_array_creation_expression",
     K::construct},
    {"initializer_expression bracketed_argument_list bracketed_parameter_list", K::arguments},
    {"conditional_access_expression member_binding_expression", K::member},
    {"element_binding_expression", K::index},
    {"is_expression is_pattern_expression", K::binary},
    {"range_expression", K::slice},
    {"implicit_parameter", K::identifier, Action::leaf, 0, Role::binder},
    {"modifier discard", K::keyword, Action::leaf},
    {"generic_name", K::other, Action::fold, trait_pattern},
    {"qualified_name alias_qualified_name", K::member, Action::node, trait_qualified | trait_pattern},
    {"implicit_type", K::type, Action::leaf, 0, Role::type},
    {"using_statement lock_statement fixed_statement checked_statement unsafe_statement", K::with_statement},
    {"typeof_expression default_expression sizeof_expression ref_expression", K::unary},
    {"catch_declaration", K::parameter},
    {"enum_member_declaration", K::pair},
    {"string_literal raw_string_literal interpolation_alignment_clause "
     "interpolation_format_clause",
     K::string, Action::leaf},
    {"preproc_if preproc_else preproc_elif", K::other, Action::node, trait_statements},
    {"preproc_region preproc_endregion preproc_pragma preproc_nullable preproc_line "
     "preproc_define preproc_undef preproc_error preproc_warning",
     K::other, Action::drop},
    {"goto_statement", K::break_statement},
};

constexpr FieldSpec fields[] = {
    {"method_declaration.name constructor_declaration.name destructor_declaration.name "
     "local_function_statement.name operator_declaration.operator "
     "conversion_operator_declaration.type",
     Role::name},
    {"class_declaration.name struct_declaration.name interface_declaration.name "
     "enum_declaration.name record_declaration.name namespace_declaration.name "
     "file_scoped_namespace_declaration.name",
     Role::name},
    {"parameter.name parameter_list.name variable_declarator.name foreach_statement.left "
     "catch_declaration.name declaration_expression.name declaration_pattern.name "
     "recursive_pattern.name var_pattern.name from_clause.name tuple_pattern.name "
     "parenthesized_variable_designation.name lambda_expression.parameters",
     Role::binder},
    {"member_access_expression.name member_binding_expression.name", Role::member},
    {"qualified_name.name", Role::member},
    {"qualified_name.qualifier argument.name attribute.name attribute_argument.name "
     "enum_member_declaration.name property_declaration.name event_declaration.name "
     "accessor_declaration.name",
     Role::kept},
    {"base_list. type_argument_list.", Role::type},
    {"invocation_expression.function", Role::callee},
};

}  // namespace

LanguageSpec csharp_spec() noexcept {
  return {kinds, fields};
}

}  // namespace autodev::syntax
