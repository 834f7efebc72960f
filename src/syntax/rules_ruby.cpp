// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Ruby. A bare word that is never assigned is a call, and keeps its name.
#include "syntax/lowering.h"

namespace autodev::syntax {
namespace {

using K = NodeKind;

constexpr KindSpec kinds[] = {
    {"method singleton_method", K::function, Action::node, trait_function},
    {"class", K::type_declaration, Action::node, trait_type},
    {"module", K::namespace_declaration, Action::node, trait_scope | trait_methods},
    {"do_block block", K::lambda},
    {"else ensure do", K::block, Action::node, trait_statements},
    {"if unless if_modifier unless_modifier elsif", K::if_statement},
    {"while until for while_modifier until_modifier", K::loop},
    {"case case_match", K::switch_statement},
    {"when in_clause", K::switch_case},
    {"begin", K::try_statement, Action::node, trait_statements},
    {"rescue rescue_modifier", K::catch_clause},
    {"return", K::return_statement},
    {"break redo retry", K::break_statement},
    {"next", K::continue_statement},
    {"left_assignment_list destructured_left_assignment destructured_parameter "
     "rest_assignment",
     K::tuple, Action::node, trait_pattern},
    {"right_assignment_list string_array symbol_array", K::list},
    {"exception_variable superclass", K::other, Action::fold, trait_pattern},
    {"scope_resolution", K::member, Action::node, trait_qualified},
    {"instance_variable class_variable global_variable setter operator hash_key_symbol", K::identifier, Action::leaf, 0,
     Role::kept},
    {"simple_symbol delimited_symbol bare_symbol bare_string character subshell", K::string, Action::leaf},
    {"parenthesized_statements", K::other, Action::fold},
    {"range", K::slice},
    {"block_argument", K::spread},
    {"block_parameter hash_splat_parameter forward_parameter", K::parameter},
    {"uninterpreted", K::other, Action::drop},
    {"pair", K::pair},
};

constexpr FieldSpec fields[] = {
    {"method.name singleton_method.name class.name module.name", Role::name},
    {"scope_resolution.name", Role::member},
    {"scope_resolution.scope pair.key", Role::kept},
    {"method_parameters. block_parameters. lambda_parameters. block_parameters.locals "
     "optional_parameter.name keyword_parameter.name splat_parameter.name "
     "hash_splat_parameter.name block_parameter.name",
     Role::binder},
    {"assignment.left operator_assignment.left for.pattern exception_variable.", Role::binder},
    {"call.method", Role::callee},
    {"superclass.", Role::type},
};

}  // namespace

LanguageSpec ruby_spec() noexcept {
  return {kinds, fields};
}

}  // namespace autodev::syntax
