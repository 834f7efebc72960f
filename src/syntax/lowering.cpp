// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Turns the lists of a language into arrays indexed by grammar symbol and field.
//
// A grammar may have several symbols with one name (aliases), so names are matched against every symbol.
#include "syntax/lowering.h"

#include <array>
#include <mutex>
#include <unordered_map>

#include "syntax/grammar.h"

namespace autodev::syntax {
namespace {

LanguageSpec spec_of(Language language) noexcept {
  switch (language) {
    case Language::c:
    case Language::cpp:
      return c_family_spec();
    case Language::python:
      return python_spec();
    case Language::rust:
      return rust_spec();
    case Language::javascript:
    case Language::typescript:
    case Language::tsx:
      return ecma_spec();
    case Language::go:
      return go_spec();
    case Language::java:
      return java_spec();
    case Language::csharp:
      return csharp_spec();
    case Language::ruby:
      return ruby_spec();
    case Language::php:
      return php_spec();
    case Language::bash:
      return bash_spec();
    case Language::unknown:
      break;
  }
  return {};
}

TokenClass token_class(std::string_view text) noexcept {
  constexpr std::string_view never = "()[]{},;\"'`\n\r#@.$\\";
  if (text.empty() || text.find_first_not_of(never) == std::string_view::npos) return TokenClass::ignored;
  if (text.find_first_of("\"'`{}()") != std::string_view::npos) return TokenClass::ignored;
  constexpr std::array<std::string_view, 12> weak{"=", "<", ">", ":", "::", "->", "=>", "|", "&", "?", "/", ":>"};
  for (const auto token : weak)
    if (token == text) return TokenClass::operators;
  return TokenClass::always;
}

bool is_open_list(NodeKind kind) noexcept {
  switch (kind) {
    case NodeKind::block:
    case NodeKind::arguments:
    case NodeKind::parameters:
    case NodeKind::list:
    case NodeKind::map:
    case NodeKind::tuple:
    case NodeKind::template_arguments:
      return true;
    default:
      return false;
  }
}

/// Calls `visit` with each space-separated word.
template <typename Visitor>
void for_each_word(std::string_view words, Visitor visit) {
  while (!words.empty()) {
    const auto end = words.find(' ');
    visit(words.substr(0, end));
    words = end == std::string_view::npos ? std::string_view() : words.substr(end + 1);
  }
}

using SymbolsByName = std::unordered_multimap<std::string_view, std::uint32_t>;

void apply_kinds(std::span<const KindSpec> kinds, const SymbolsByName& symbols, LoweringTable& table) {
  for (const auto& spec : kinds)
    for_each_word(spec.types, [&](std::string_view type) {
      const auto [first, last] = symbols.equal_range(type);
      for (auto entry = first; entry != last; ++entry) {
        auto& rule = table.rules[entry->second];
        rule.kind = spec.kind;
        rule.action = spec.action;
        rule.traits = spec.traits;
        rule.role = spec.role;
        rule.sequence = is_open_list(rule.kind);
      }
    });
}

TSFieldId field_named(const TSLanguage* grammar, std::string_view name) {
  return ts_language_field_id_for_name(grammar, name.data(), static_cast<std::uint32_t>(name.size()));
}

void set_role(LoweringTable& table, std::uint32_t symbol, TSFieldId field, Role role) {
  table.roles[symbol * table.fields + field] = role;
  table.rules[symbol].has_fields = true;
}

void apply_fields(std::span<const FieldSpec> specs, const TSLanguage* grammar, const SymbolsByName& symbols,
                  LoweringTable& table) {
  for (const auto& spec : specs)
    for_each_word(spec.places, [&](std::string_view place) {
      const auto dot = place.find('.');
      const auto parent = place.substr(0, dot);
      const auto field_name = place.substr(dot + 1);
      const auto field = field_name.empty() ? TSFieldId{0} : field_named(grammar, field_name);
      if (field == 0 && !field_name.empty()) return;  // this grammar has no such field
      if (parent == "*") {
        for (const auto& [name, symbol] : symbols) set_role(table, symbol, field, spec.role);
        return;
      }
      const auto [first, last] = symbols.equal_range(parent);
      for (auto entry = first; entry != last; ++entry) set_role(table, entry->second, field, spec.role);
    });
}

LoweringTable resolve(Language language) {
  LoweringTable table;
  const TSLanguage* grammar = grammar_of(language);
  const auto common = common_spec();
  const auto own = spec_of(language);
  table.language = language;
  table.fields = ts_language_field_count(grammar) + 1;
  const auto symbols = ts_language_symbol_count(grammar);
  table.rules.resize(symbols);
  table.names.resize(symbols);
  SymbolsByName by_name;
  table.roles.resize(std::size_t{symbols} * table.fields);
  for (std::uint32_t symbol = 0; symbol < symbols; ++symbol) {
    const auto id = static_cast<TSSymbol>(symbol);
    const char* name = ts_language_symbol_name(grammar, id);
    table.names[symbol] = name == nullptr ? std::string_view() : std::string_view(name);
    auto& rule = table.rules[symbol];
    if (ts_language_symbol_type(grammar, id) == TSSymbolTypeAnonymous) {
      rule.action = Action::token;
      rule.token = token_class(table.names[symbol]);
    } else {
      by_name.emplace(table.names[symbol], symbol);
    }
  }
  apply_kinds(common.kinds, by_name, table);
  apply_kinds(own.kinds, by_name, table);
  apply_fields(common.fields, grammar, by_name, table);
  apply_fields(own.fields, grammar, by_name, table);
  table.value_field = field_named(grammar, "value");
  table.right_field = field_named(grammar, "right");
  table.body_field = field_named(grammar, "body");
  return table;
}

}  // namespace

const LoweringTable& lowering_of(Language language) {
  constexpr std::size_t count = static_cast<std::size_t>(Language::bash) + 1;
  static std::array<std::once_flag, count> once;
  static std::array<LoweringTable, count> tables;
  const auto slot = static_cast<std::size_t>(language);
  std::call_once(once[slot], [&] { tables[slot] = resolve(language); });
  return tables[slot];
}

}  // namespace autodev::syntax
