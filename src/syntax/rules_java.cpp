// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Java. A lambda's single parameter has no node of its own: the field says what it is.
#include "syntax/lowering.h"

namespace autodev::syntax {
namespace {

using K = NodeKind;

constexpr KindSpec kinds[] = {
    {"method_declaration constructor_declaration compact_constructor_declaration", K::function, Action::node,
     trait_function},
    {"class_declaration interface_declaration enum_declaration record_declaration "
     "annotation_type_declaration",
     K::type_declaration, Action::node, trait_type},
    {"class_body interface_body enum_body annotation_type_body enum_body_declarations", K::block},
    {"constructor_body static_initializer", K::block, Action::node, trait_statements},
    {"modifiers", K::other, Action::fold},
    {"variable_declarator resource", K::declaration},
    {"class_literal method_reference", K::member},
    {"explicit_constructor_invocation", K::call},
    {"instanceof_expression", K::binary},
    {"scoped_identifier", K::identifier, Action::leaf, 0, Role::kept},
    {"scoped_type_identifier", K::identifier, Action::leaf, 0, Role::type},
    {"catch_formal_parameter spread_parameter receiver_parameter", K::parameter},
    {"catch_type", K::type},
    {"synchronized_statement", K::with_statement},
    {"package_declaration", K::other, Action::drop},
    {"string_literal", K::string, Action::leaf},
    {"enum_constant element_value_pair", K::pair},
    {"element_value_array_initializer annotation_argument_list", K::list},
};

constexpr FieldSpec fields[] = {
    {"method_declaration.name constructor_declaration.name "
     "compact_constructor_declaration.name",
     Role::name},
    {"class_declaration.name interface_declaration.name enum_declaration.name "
     "record_declaration.name annotation_type_declaration.name",
     Role::name},
    {"formal_parameter.name variable_declarator.name catch_formal_parameter.name "
     "enhanced_for_statement.name resource.name lambda_expression.parameters "
     "instanceof_expression.name inferred_parameters.",
     Role::binder},
    {"field_access.field", Role::member},
    {"method_invocation.name", Role::callee},
    {"annotation.name marker_annotation.name enum_constant.name element_value_pair.key "
     "method_reference.",
     Role::kept},
    {"catch_type.", Role::type},
};

}  // namespace

LanguageSpec java_spec() noexcept {
  return {kinds, fields};
}

}  // namespace autodev::syntax
