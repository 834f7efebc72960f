// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Bash. The first word of a command is its callee; options keep their text.
#include "syntax/lowering.h"

namespace autodev::syntax {
namespace {

using K = NodeKind;

constexpr KindSpec kinds[] = {
    {"function_definition", K::function, Action::node, trait_function},
    {"command declaration_command unset_command test_command command_substitution "
     "process_substitution",
     K::call},
    {"command_name", K::other, Action::fold, trait_pattern},
    {"word", K::string, Action::leaf},
    {"variable_name", K::identifier, Action::leaf},
    {"special_variable_name", K::keyword, Action::leaf},
    {"variable_assignment", K::assignment},
    {"simple_expansion expansion arithmetic_expansion", K::member},
    {"string translated_string", K::string},
    {"concatenation pipeline", K::list},
    {"list", K::binary},
    {"negated_command postfix_expression", K::unary},
    {"test_operator", K::operator_token, Action::leaf},
    {"subshell", K::block, Action::node, trait_statements},
    {"brace_expression extglob_pattern", K::string, Action::leaf},
    {"file_descriptor", K::number, Action::leaf},
    {"else_clause", K::block, Action::node, trait_statements},
    {"elif_clause", K::if_statement, Action::node, trait_statements},
};

constexpr FieldSpec fields[] = {
    {"function_definition.name", Role::name},
    {"command.name", Role::callee},
    {"variable_assignment.name for_statement.variable declaration_command.", Role::binder},
};

}  // namespace

LanguageSpec bash_spec() noexcept {
  return {kinds, fields};
}

}  // namespace autodev::syntax
