// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Node types that most grammars share under the same name.
//
// Kept apart so that a language's own list shows only what is special about it.
#include "syntax/lowering.h"

namespace autodev::syntax {
namespace {

using K = NodeKind;

constexpr KindSpec kinds[] = {
    {"comment line_comment block_comment html_comment", K::other, Action::drop, trait_comment},
    {"line_continuation empty_statement hash_bang_line shebang text_interpolation php_tag "
     "php_end_tag shebang_directive",
     K::other, Action::drop},
    {"ERROR", K::error},
    {"identifier", K::identifier, Action::leaf},
    {"type_identifier", K::identifier, Action::leaf, 0, Role::type},
    {"field_identifier property_identifier private_property_identifier namespace_identifier "
     "package_identifier constant",
     K::identifier, Action::leaf, 0, Role::kept},
    {"primitive_type predefined_type void_type integral_type floating_point_type "
     "boolean_type sized_type_specifier never_type unit_type",
     K::type, Action::leaf, 0, Role::type},
    {"number number_literal integer float integer_literal float_literal real_literal "
     "int_literal imaginary_literal rune_literal",
     K::number, Action::leaf},
    {"decimal_integer_literal hex_integer_literal octal_integer_literal "
     "binary_integer_literal decimal_floating_point_literal hex_floating_point_literal "
     "rational complex",
     K::number, Action::leaf},
    {"true false boolean boolean_literal", K::boolean, Action::leaf},
    {"null none nil null_literal undefined", K::null, Action::leaf},
    {"string string_literal template_string interpreted_string_literal "
     "interpolated_string_expression encapsed_string heredoc heredoc_body "
     "concatenated_string chained_string",
     K::string},
    {"string_content string_fragment string_literal_content "
     "interpreted_string_literal_content raw_string_content multiline_string_fragment "
     "escape_sequence heredoc_content",
     K::string, Action::leaf},
    {"raw_string_literal char_literal character_literal verbatim_string_literal "
     "system_lib_string raw_string regex nowdoc ansi_c_string",
     K::string, Action::leaf},
    {"string_start string_end heredoc_start heredoc_end interpolation_start "
     "interpolation_quote interpolation_brace heredoc_beginning",
     K::other, Action::drop},
    {"interpolation template_substitution string_interpolation", K::other, Action::fold},
    {"this super self", K::keyword, Action::leaf},
    {"parenthesized_expression expression_list statement_list", K::other, Action::fold},
    {"block compound_statement statement_block do_group program module source_file "
     "translation_unit compilation_unit block_body body_statement then",
     K::block, Action::node, trait_statements},
    {"expression_statement", K::expression_statement, Action::node, trait_wrapper},
    {"return_statement", K::return_statement},
    {"if_statement if_expression", K::if_statement},
    {"else_clause finally_clause", K::block},
    {"elif_clause else_if_clause", K::if_statement},
    {"for_statement while_statement do_statement for_in_statement foreach_statement "
     "for_range_loop enhanced_for_statement for_expression while_expression loop_expression "
     "c_style_for_statement",
     K::loop},
    {"switch_statement match_statement match_expression switch_expression case_statement "
     "expression_switch_statement type_switch_statement select_statement",
     K::switch_statement},
    {"switch_case switch_default case_clause expression_case default_case type_case "
     "communication_case switch_section switch_expression_arm match_arm "
     "switch_block_statement_group switch_rule case_item",
     K::switch_case, Action::node, trait_statements},
    {"switch_body switch_block match_block", K::block},
    {"try_statement try_with_resources_statement", K::try_statement},
    {"catch_clause except_clause", K::catch_clause},
    {"with_statement", K::with_statement},
    {"throw_statement raise_statement throw_expression", K::throw_statement},
    {"break_statement break_expression", K::break_statement},
    {"continue_statement continue_expression", K::continue_statement},
    {"import_statement import_from_statement future_import_statement import_declaration "
     "use_declaration preproc_include using_directive namespace_use_declaration",
     K::import, Action::node, trait_import},
    {"assert_statement", K::assert_statement},
    {"yield yield_expression yield_statement", K::yield},
    {"call call_expression invocation_expression method_invocation", K::call},
    {"new_expression object_creation_expression", K::construct},
    {"member_expression field_expression selector_expression member_access_expression "
     "attribute field_access",
     K::member, Action::node, trait_qualified},
    {"subscript subscript_expression index_expression element_access_expression "
     "array_access element_reference",
     K::index},
    {"binary_expression binary_operator boolean_operator comparison_operator binary", K::binary},
    {"unary_expression unary_operator not_operator update_expression unary "
     "pointer_expression prefix_unary_expression postfix_unary_expression",
     K::unary},
    {"ternary_expression conditional_expression conditional", K::ternary},
    {"cast_expression type_cast_expression as_expression", K::cast},
    {"assignment_expression assignment assignment_statement augmented_assignment "
     "augmented_assignment_expression compound_assignment_expr operator_assignment "
     "reference_assignment_expression",
     K::assignment},
    {"arguments argument_list", K::arguments},
    {"formal_parameters parameters parameter_list lambda_parameters method_parameters "
     "closure_parameters block_parameters inferred_parameters",
     K::parameters, Action::node, trait_pattern},
    {"parameter formal_parameter required_parameter optional_parameter "
     "parameter_declaration optional_parameter_declaration variadic_parameter_declaration "
     "default_parameter typed_parameter typed_default_parameter keyword_parameter "
     "splat_parameter simple_parameter",
     K::parameter},
    {"list array array_expression array_creation_expression list_literal array_initializer "
     "initializer_list",
     K::list},
    {"dictionary object hash", K::map},
    {"pair", K::pair, Action::node, trait_holder},
    {"keyword_argument", K::pair},
    {"tuple tuple_expression", K::tuple},
    {"await await_expression", K::await},
    {"list_splat dictionary_splat spread_element splat_argument hash_splat_argument", K::spread},
    {"slice slice_expression", K::slice},
    {"list_comprehension set_comprehension dictionary_comprehension generator_expression", K::comprehension},
    {"lambda lambda_expression func_literal closure_expression anonymous_function "
     "anonymous_method_expression",
     K::lambda},
    {"type_arguments type_argument_list template_argument_list type_parameters "
     "type_parameter_list template_parameter_list",
     K::template_arguments},
    {"local_variable_declaration local_declaration_statement lexical_declaration "
     "variable_declaration declaration short_var_declaration var_declaration "
     "const_declaration let_declaration field_declaration",
     K::declaration},
    {"decorator annotation marker_annotation attribute_item attribute_list "
     "attribute_declaration",
     K::decorator},
    {"statement_identifier label_name label", K::label, Action::leaf},
    {"type type_annotation type_descriptor pointer_type array_type slice_type map_type "
     "generic_type optional_type nullable_type union_type reference_type tuple_type "
     "function_type template_type qualified_type",
     K::type},
};

constexpr FieldSpec fields[] = {
    {"*.type *.return_type *.returns *.superclass *.result *.base", Role::type},
    {"*.body", Role::body},
    {"*.parameters", Role::plain},
};

}  // namespace

LanguageSpec common_spec() noexcept {
  return {kinds, fields};
}

}  // namespace autodev::syntax
