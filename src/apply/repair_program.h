// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Repair program: a failed program as the repair sees it: its tree, the names that may be written at a place, and the
// expressions and literals it already contains. Most of what a fix needs stands elsewhere in the same program (the plastic
// surgery hypothesis: Barr et al., FSE 2014), so these are the ingredients of nearly all candidates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "syntax/code_tree.h"

namespace autodev::apply {

/// A name that may be written within [from, to).
struct RepairName {
  std::string name;
  std::string type;     ///< "int", "long", "float", "char", "" = not known; widened types by class
  std::string written;  ///< the type as written
  int depth = 0;        ///< array dimensions and stars
  bool parameter = false, global = false;
  std::size_t from = 0, to = 0;
  int uses = 0;
};

/// What a place means to its surroundings.
enum class NodeClass : std::uint8_t { other, expression, statement };

class RepairProgram {
 public:
  [[nodiscard]] static Result<RepairProgram> parse(std::string source, Language language);

  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] const syntax::CodeTree& tree() const noexcept { return tree_; }
  [[nodiscard]] Language language() const noexcept { return tree_.language; }
  [[nodiscard]] bool c_like() const noexcept { return language() == Language::c || language() == Language::cpp; }
  [[nodiscard]] bool python() const noexcept { return language() == Language::python; }

  [[nodiscard]] std::string_view text(std::uint32_t node) const {
    return std::string_view(source_).substr(tree_.nodes[node].start, tree_.nodes[node].end - tree_.nodes[node].start);
  }
  [[nodiscard]] NodeClass node_class(std::uint32_t node) const { return classes_[node]; }
  [[nodiscard]] bool is_name(std::uint32_t node) const { return names_at_[node]; }
  [[nodiscard]] bool is_number(std::uint32_t node) const;
  [[nodiscard]] bool is_string(std::uint32_t node) const;
  /// Not inside of an error, a comment or an import.
  [[nodiscard]] bool usable(std::uint32_t node) const { return usable_[node]; }
  /// The statement around a node (itself included); no_code_node outside of functions.
  [[nodiscard]] std::uint32_t statement_of(std::uint32_t node) const;
  /// The function around a node; no_code_node at file level.
  [[nodiscard]] std::uint32_t function_of(std::uint32_t node) const;
  /// Where an expression stands: "if", "while", "for.condition", "index", "argument printf", "return", "value", ...
  [[nodiscard]] std::string role_of(std::uint32_t node) const;
  /// The condition of an if, a loop or a conditional expression, without brackets around it.
  [[nodiscard]] bool is_condition(std::uint32_t node) const;
  /// Operator of a binary, unary, assignment node; its token's index, or no_code_node.
  [[nodiscard]] std::uint32_t operator_of(std::uint32_t node) const;
  /// Child of a list of statements (a block, the file in scripts).
  [[nodiscard]] bool in_block(std::uint32_t node) const;
  /// Class of an expression's value: "int", "long", "float", "char", "bool", "text", "" not known; `*` per depth.
  [[nodiscard]] std::string type_of(std::uint32_t node) const;

  [[nodiscard]] const std::vector<RepairName>& names() const noexcept { return names_; }
  /// Indices of names usable at byte `position`, nearest declaration wins among equal names.
  [[nodiscard]] std::vector<std::size_t> names_at(std::size_t position) const;
  [[nodiscard]] const RepairName* name_at(std::string_view name, std::size_t position) const;

  /// Distinct texts by first appearance.
  [[nodiscard]] const std::vector<std::string>& numbers() const noexcept { return numbers_; }
  [[nodiscard]] const std::vector<std::string>& strings() const noexcept { return strings_; }
  [[nodiscard]] const std::vector<std::string>& characters() const noexcept { return characters_; }
  /// Element expressions such as `a[i]`, by first appearance, with the byte where they stand.
  [[nodiscard]] const std::vector<std::uint32_t>& elements() const noexcept { return elements_; }

 private:
  void classify();
  void collect_c_names();
  void collect_other_names();
  void collect_ingredients();
  void add_declarator(std::uint32_t declarator, const std::string& type, bool parameter);

  std::string source_;
  syntax::CodeTree tree_;
  std::vector<NodeClass> classes_;
  std::vector<bool> usable_, names_at_;
  std::vector<RepairName> names_;
  std::vector<std::string> numbers_, strings_, characters_;
  std::vector<std::uint32_t> elements_;
};

/// Integer value of a number's text, when it is a plain decimal one of at most 18 digits.
[[nodiscard]] bool plain_integer(std::string_view text, long long& value);

}  // namespace autodev::apply
