// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Lowering tables: what each grammar node type becomes, resolved once per language.
//
// A language is described by two short lists. KindSpec: grammar node type -> universal kind, what to do with the
// node, and traits. FieldSpec: what a child means to its parent ("the `function` field of `call` is the
// callee"). Lists are matched by name once and turned into arrays indexed by grammar symbol and field, so that
// the walk compares integers only. A type that no list names becomes NodeKind::other with its name as symbol.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "syntax/nast.h"

namespace autodev::syntax {

/// What the walk does with a grammar node.
enum class Action : std::uint8_t {
  node,   ///< becomes a node, children follow
  leaf,   ///< becomes a leaf with its source text as symbol
  fold,   ///< vanishes, its children take its place
  drop,   ///< vanishes with its children
  token,  ///< operator or keyword: its text is added to the symbol of the node around it
};

/// What a leaf or child means.
enum class Role : std::uint8_t {
  none,
  plain,     ///< an ordinary expression: stops inheritance from the parent
  callee,    ///< names what is called; abstracted after all when it is a local name
  member,    ///< a member behind an object
  kept,      ///< a name that carries meaning: keyword argument, key, module
  binder,    ///< declares a local name
  local,     ///< always local by the rules of the language (PHP variables)
  type,      ///< a type name
  name,      ///< names the enclosing unit
  body,      ///< the body of the enclosing unit
  receiver,  ///< Go: the receiver, whose type is the scope
};

/// Traits of a node type.
enum Trait : std::uint16_t {
  trait_statements = 1,        ///< children stand in a statement sequence
  trait_pattern = 2,           ///< hands its own role on to its children
  trait_function = 4,          ///< a function or method
  trait_type = 8,              ///< a class, struct, enum, interface
  trait_scope = 16,            ///< a namespace or implementation block: names, but is no unit
  trait_wrapper = 32,          ///< decorators, template heads, `const`: the unit inside takes over this node
  trait_holder = 64,           ///< a unit when its value is a function (JavaScript)
  trait_function_value = 128,  ///< such a value
  trait_needs_body = 256,      ///< a unit only with a body (`struct s x;` is none)
  trait_import = 512,          ///< names imported modules
  trait_comment = 1024,
  trait_qualified = 2048,      ///< `a::b`, `a.b`: what stands before the last name is scope
  trait_prefixed_name = 4096,  ///< the name starts where this node starts (`operator bool`)
  trait_open_scope = 8192,     ///< scope that lasts to the end of the file
  trait_methods = 16384,       ///< a scope whose functions are methods (Rust impl, Ruby module)
};

/// `types`: grammar node types, separated by spaces.
struct KindSpec {
  std::string_view types;
  NodeKind kind;
  Action action = Action::node;
  std::uint16_t traits = 0;
  Role role = Role::none;
};

/// `places`: "parent.field" pairs, separated by spaces. The parent may be "*", the field may be empty: children
/// that have none.
struct FieldSpec {
  std::string_view places;
  Role role;
};

/// How much an anonymous token matters.
enum class TokenClass : std::uint8_t {
  ignored,    ///< brackets, separators, quotes
  operators,  ///< matters in operator nodes only
  always,     ///< keywords and operators proper
};

struct SymbolRule {
  NodeKind kind = NodeKind::other;
  Action action = Action::node;
  Role role = Role::none;
  TokenClass token = TokenClass::ignored;
  std::uint16_t traits = 0;
  bool has_fields = false;  ///< some child of this type has a role
  bool sequence = false;    ///< flag_sequence
};

/// The resolved table of one language.
struct LoweringTable {
  Language language = Language::unknown;
  std::vector<SymbolRule> rules;        ///< by grammar symbol
  std::vector<std::string_view> names;  ///< by grammar symbol; storage of the grammar
  std::vector<Role> roles;              ///< [symbol * fields + field]
  std::uint32_t fields = 0;
  std::uint16_t value_field = 0, right_field = 0, body_field = 0;

  [[nodiscard]] Role role(std::uint16_t symbol, std::uint16_t field) const { return roles[symbol * fields + field]; }
};

/// Lists of one language.
struct LanguageSpec {
  std::span<const KindSpec> kinds;
  std::span<const FieldSpec> fields;
};

[[nodiscard]] LanguageSpec c_family_spec() noexcept;
[[nodiscard]] LanguageSpec python_spec() noexcept;
[[nodiscard]] LanguageSpec rust_spec() noexcept;
[[nodiscard]] LanguageSpec ecma_spec() noexcept;
[[nodiscard]] LanguageSpec go_spec() noexcept;
[[nodiscard]] LanguageSpec java_spec() noexcept;
[[nodiscard]] LanguageSpec csharp_spec() noexcept;
[[nodiscard]] LanguageSpec ruby_spec() noexcept;
[[nodiscard]] LanguageSpec php_spec() noexcept;
[[nodiscard]] LanguageSpec bash_spec() noexcept;
/// Types that most grammars share; a language's own list wins.
[[nodiscard]] LanguageSpec common_spec() noexcept;

/// The table of a language (not `unknown`); built on first use, thread-safe.
[[nodiscard]] const LoweringTable& lowering_of(Language language);

}  // namespace autodev::syntax
