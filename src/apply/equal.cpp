// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Equality over tokens. A name may differ only when both codes bind it themselves: as a parameter, by assignment or by
// declaration. Names that are merely used (callees, attributes, globals) carry meaning and must be equal.
#include "apply/equal.h"

#include <map>
#include <set>
#include <string>

#include "apply/code_tokens.h"

namespace autodev::apply {
namespace {

struct Tokens {
  std::string form;
  std::vector<CodeToken> tokens;

  Tokens(std::string_view code, Language language)
      : form(normal_form(code, language)), tokens(tokens_of(form, language)) {}
  [[nodiscard]] std::string_view text(std::size_t i) const { return text_of(form, tokens[i]); }
  [[nodiscard]] bool is(std::size_t i, std::string_view t) const { return i < tokens.size() && text(i) == t; }
};

bool is_declarer(std::string_view word) {
  static const std::set<std::string_view> words{"let",      "var",    "const", "mut",  "int",   "double",
                                                "float",    "char",   "bool",  "auto", "long",  "short",
                                                "unsigned", "string", "for",   "as",   "lambda"};
  return words.contains(word);
}

/// Names that `code` binds: parameters of a definition's list, assignment targets, loop variables, declarations.
std::set<std::string, std::less<>> bound_names(const Tokens& code) {
  std::set<std::string, std::less<>> names;
  int definition_depth = 0;  // inside the parameter list of a definition when > 0
  bool after_definer = false;
  for (std::size_t i = 0; i < code.tokens.size(); ++i) {
    const auto text = code.text(i);
    if (definition_depth > 0) {
      if (text == "(") ++definition_depth;
      if (text == ")") --definition_depth;
    } else if (after_definer && text == "(") {
      definition_depth = 1;
      after_definer = false;
    }
    if (text == "def" || text == "function" || text == "fn" || text == "func") after_definer = true;
    if (code.tokens[i].kind != CodeTokenKind::identifier || is_keyword(text)) continue;
    const bool member = i > 0 && (code.is(i - 1, ".") || code.is(i - 1, ">"));
    const bool parameter = definition_depth == 1 &&
                           (code.is(i - 1, "(") || code.is(i - 1, ",") || code.is(i - 1, "*") || code.is(i + 1, ":"));
    const bool assigned = code.is(i + 1, "=") && !code.is(i + 2, "=") && definition_depth == 0 &&
                          !code.is(i - 1, ",") && !code.is(i - 1, "(");
    const bool declared = i > 0 && is_declarer(code.text(i - 1));
    if (!member && (parameter || assigned || declared)) names.insert(std::string(text));
  }
  return names;
}

bool is_grouping(std::string_view text) {
  return text == "(" || text == ")" || text == "[" || text == "]" || text == "{" || text == "}" || text == ",";
}

/// Every token, and every operator (and comma in a call) with its two neighbours. Grouping itself is left out.
std::set<std::string> ingredients(const Tokens& code) {
  std::set<std::string> found;
  std::vector<bool> in_call;
  for (std::size_t i = 0; i < code.tokens.size(); ++i) {
    const auto text = code.text(i);
    if (text == "(" || text == "[" || text == "{") in_call.push_back(text == "(");
    if ((text == ")" || text == "]" || text == "}") && !in_call.empty()) in_call.pop_back();
    if (!is_grouping(text)) found.insert(std::string(text));
    const bool argument_comma = text == "," && !in_call.empty() && in_call.back();
    const bool op = code.tokens[i].kind == CodeTokenKind::punctuation && !is_grouping(text);
    if ((op || argument_comma) && i > 0 && i + 1 < code.tokens.size()) {
      std::string context(code.text(i - 1));
      context += ' ';
      context += text;
      context += ' ';
      context += code.text(i + 1);
      found.insert(std::move(context));
    }
  }
  return found;
}

bool is_constant(const Tokens& code, std::size_t i) {
  if (i >= code.tokens.size()) return false;
  const auto kind = code.tokens[i].kind;
  const auto text = code.text(i);
  return kind == CodeTokenKind::string || kind == CodeTokenKind::number || text == "True" || text == "False" ||
         text == "None" || text == "true" || text == "false" || text == "null" || text == "nil";
}

/// The code without its arguments of the form `name = constant`.
std::string without_constant_arguments(const Tokens& code) {
  std::string out;
  std::vector<bool> in_call;
  for (std::size_t i = 0; i < code.tokens.size(); ++i) {
    const auto text = code.text(i);
    if (text == "(" || text == "[" || text == "{")
      in_call.push_back(text == "(" && i > 0 && code.tokens[i - 1].kind == CodeTokenKind::identifier);
    if ((text == ")" || text == "]" || text == "}") && !in_call.empty()) in_call.pop_back();
    const bool starts = !in_call.empty() && in_call.back() && text == "," && i + 4 < code.tokens.size() &&
                        code.tokens[i + 1].kind == CodeTokenKind::identifier && code.is(i + 2, "=") &&
                        is_constant(code, i + 3) && (code.is(i + 4, ",") || code.is(i + 4, ")"));
    if (starts) {
      i += 3;
      continue;
    }
    out += text;
    out += '\n';
  }
  return out;
}

}  // namespace

bool same_but_for_constant_arguments(std::string_view a, std::string_view b, Language language) {
  return same_ingredients(without_constant_arguments(Tokens(a, language)),
                          without_constant_arguments(Tokens(b, language)), language);
}

bool same_ingredients(std::string_view a, std::string_view b, Language language) {
  return ingredients(Tokens(a, language)) == ingredients(Tokens(b, language));
}

bool equal_code(std::string_view a, std::string_view b, Language language) {
  return normal_form(a, language) == normal_form(b, language);
}

bool alpha_equal_code(std::string_view a, std::string_view b, Language language) {
  const Tokens x(a, language);
  const Tokens y(b, language);
  if (x.tokens.size() != y.tokens.size()) return false;
  const auto bound_x = bound_names(x);
  const auto bound_y = bound_names(y);
  std::map<std::string, std::string, std::less<>> there, back;
  for (std::size_t i = 0; i < x.tokens.size(); ++i) {
    const auto s = x.text(i);
    const auto t = y.text(i);
    const bool renamable = bound_x.contains(s) && bound_y.contains(t) && !(i > 0 && x.is(i - 1, "."));
    if (!renamable) {
      if (s != t) return false;
      continue;
    }
    if (there.try_emplace(std::string(s), t).first->second != t) return false;
    if (back.try_emplace(std::string(t), s).first->second != s) return false;
  }
  return true;
}

}  // namespace autodev::apply
