// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rust. Implementation blocks give their type as scope; patterns bind every lower-case name.
#include "syntax/lowering.h"

namespace autodev::syntax {
namespace {

using K = NodeKind;

constexpr KindSpec kinds[] = {
    {"function_item", K::function, Action::node, trait_function},
    {"struct_item enum_item union_item trait_item", K::type_declaration, Action::node, trait_type},
    {"impl_item", K::namespace_declaration, Action::node, trait_scope | trait_methods},
    {"mod_item", K::namespace_declaration, Action::node, trait_scope},
    {"declaration_list field_declaration_list enum_variant_list "
     "ordered_field_declaration_list",
     K::block},
    {"function_signature_item", K::function},
    {"visibility_modifier function_modifiers extern_modifier mutable_specifier lifetime "
     "crate",
     K::keyword, Action::leaf},
    {"match_pattern", K::other, Action::fold, trait_pattern},
    {"tuple_pattern slice_pattern", K::tuple, Action::node, trait_pattern},
    {"tuple_struct_pattern struct_pattern field_pattern ref_pattern mut_pattern "
     "captured_pattern or_pattern reference_pattern range_pattern generic_pattern",
     K::other, Action::node, trait_pattern},
    {"remaining_field_pattern", K::spread, Action::leaf},
    {"shorthand_field_identifier", K::identifier, Action::leaf, 0, Role::binder},
    {"scoped_identifier scoped_type_identifier", K::member, Action::node, trait_pattern | trait_qualified},
    {"generic_type generic_type_with_turbofish", K::type, Action::node, trait_pattern},
    {"generic_function", K::member, Action::node, trait_pattern},
    {"macro_invocation", K::call},
    {"token_tree field_initializer_list", K::arguments},
    {"metavariable", K::identifier, Action::leaf, 0, Role::kept},
    {"struct_expression", K::construct},
    {"shorthand_field_initializer field_initializer base_field_initializer enum_variant", K::pair},
    {"reference_expression try_expression negative_literal", K::unary},
    {"range_expression", K::slice},
    {"unsafe_block async_block const_block", K::block, Action::node, trait_statements},
    {"const_item static_item type_item associated_type", K::declaration},
    {"self_parameter", K::parameter},
    {"return_expression", K::return_statement},
    {"attribute_item inner_attribute_item", K::decorator, Action::leaf},
    {"macro_definition", K::other, Action::leaf},
    {"string_literal", K::string, Action::leaf},
    {"doc_comment outer_doc_comment_marker inner_doc_comment_marker", K::other, Action::drop},
};

constexpr FieldSpec fields[] = {
    {"function_item.name struct_item.name enum_item.name union_item.name trait_item.name "
     "mod_item.name impl_item.type",
     Role::name},
    {"impl_item.trait generic_type.type_arguments generic_function.type_arguments "
     "struct_pattern.type",
     Role::type},
    {"generic_type.type", Role::none},
    {"scoped_type_identifier.path scoped_identifier.path", Role::kept},
    {"scoped_type_identifier.name scoped_identifier.name", Role::member},
    {"parameter.pattern let_declaration.pattern for_expression.pattern "
     "let_condition.pattern match_arm.pattern const_parameter.name closure_parameters.",
     Role::binder},
    {"match_pattern.condition", Role::plain},
    {"tuple_struct_pattern.type field_pattern.name field_initializer.field", Role::kept},
    {"call_expression.function generic_function.function macro_invocation.macro", Role::callee},
    {"field_expression.field", Role::member},
    {"enum_variant.name const_item.name static_item.name field_declaration.name", Role::kept},
};

}  // namespace

LanguageSpec rust_spec() noexcept {
  return {kinds, fields};
}

}  // namespace autodev::syntax
