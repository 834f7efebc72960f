// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Python. Everything that is assigned is a local name; docstrings are documentation and leave the tree.
#include "syntax/lowering.h"

namespace autodev::syntax {
namespace {

using K = NodeKind;

constexpr KindSpec kinds[] = {
    {"function_definition", K::function, Action::node, trait_function},
    {"class_definition", K::type_declaration, Action::node, trait_type},
    {"decorated_definition", K::other, Action::node, trait_wrapper},
    {"expression_statement", K::expression_statement},
    {"tuple_pattern pattern_list list_pattern", K::tuple, Action::node, trait_pattern},
    {"list_splat_pattern dictionary_splat_pattern splat_pattern", K::spread, Action::node, trait_pattern},
    {"typed_parameter", K::parameter, Action::node, trait_pattern},
    {"as_pattern_target case_pattern dotted_name", K::other, Action::fold, trait_pattern},
    {"type_conversion", K::operator_token, Action::leaf},
    {"ellipsis", K::keyword, Action::leaf},
    {"with_clause parenthesized_list_splat", K::other, Action::fold},
    {"named_expression", K::assignment},
    {"set", K::list},
    {"pair", K::pair},
};

constexpr FieldSpec fields[] = {
    {"function_definition.name class_definition.name", Role::name},
    {"parameters. lambda_parameters. default_parameter.name typed_default_parameter.name", Role::binder},
    {"assignment.left augmented_assignment.left for_statement.left for_in_clause.left "
     "named_expression.name as_pattern.alias except_clause.alias",
     Role::binder},
    {"case_clause.", Role::binder},
    {"attribute.attribute", Role::member},
    {"keyword_argument.name", Role::kept},
    {"call.function", Role::callee},
    {"class_definition.superclasses", Role::plain},
};

}  // namespace

LanguageSpec python_spec() noexcept {
  return {kinds, fields};
}

}  // namespace autodev::syntax
