// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Terms of the lambda calculus, each different one stored once.
//
// Corpora for library learning are s-expressions: `(map (lam (+ $0 1)) xs)`. Application is curried, so `(f a b)` is
// `((f a) b)`; `$i` is the variable bound by the i-th enclosing lambda (de Bruijn 1972); everything else is a
// primitive. Equal terms have equal ids, and a part has a smaller id than the whole: what is computed over terms is one
// loop over ids, whatever the nesting. An abstraction's parameters are the terms `#0`, `#1`, ….
//
// Costs are those of Bowers et al. 2023 (Top-Down Synthesis for Library Learning): 1 for an application or a lambda,
// 100 for a variable or a primitive.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "autodev/error.h"

namespace autodev::mine {

using TermId = std::uint32_t;

enum class TermKind : std::uint8_t { application, lambda, variable, primitive, parameter };

struct TermNode {
  TermKind kind = TermKind::primitive;
  std::uint32_t first = 0;   ///< application: function; lambda: body; else index of the variable, name or parameter
  std::uint32_t second = 0;  ///< application: argument
  bool operator==(const TermNode&) const = default;
};

inline constexpr std::int64_t leaf_cost = 100;
inline constexpr std::int64_t node_cost = 1;

/// Lambdas that may enclose one another: free variables are one bit each.
inline constexpr std::uint32_t max_binders = 63;
/// Terms in one bank: costs of whole corpora stay far inside of 63 bits.
inline constexpr std::size_t max_terms = std::size_t{1} << 24;

class TermBank {
 public:
  /// Reads one s-expression. `bad_data` for unbalanced parentheses, an empty list, a misplaced `lam`, a variable or a
  /// nesting of lambdas beyond max_binders, a parameter (`#0`), or a full bank. Cost: O(bytes).
  [[nodiscard]] Result<TermId> parse(std::string_view text);
  /// Like `parse`, of an abstraction's body: `#0` to `#62` are its parameters.
  [[nodiscard]] Result<TermId> parse_body(std::string_view text);
  /// The s-expression of a term, as `parse` reads it. Cost: O(length).
  [[nodiscard]] std::string text(TermId term) const;

  TermId application(TermId function, TermId argument);
  TermId lambda(TermId body);
  TermId variable(std::uint32_t index);
  TermId primitive(std::string_view name);
  TermId parameter(std::uint32_t index);

  /// The term with every free variable lowered by `levels`: what it is outside of that many lambdas, none of which it
  /// mentions. Cost: O(different parts), remembered.
  TermId lowered(TermId term, std::uint32_t levels);
  /// The term with parameter i replaced by arguments[i], free variables of the arguments raised under lambdas.
  TermId instantiated(TermId term, const std::vector<TermId>& arguments);

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] const TermNode& node(TermId term) const { return nodes_[term]; }
  [[nodiscard]] std::int64_t cost(TermId term) const { return costs_[term]; }
  /// Bit i: the variable of the i-th lambda outside of the term occurs in it.
  [[nodiscard]] std::uint64_t free_variables(TermId term) const { return free_[term]; }
  [[nodiscard]] const std::string& name(std::uint32_t primitive_index) const { return names_[primitive_index]; }

  /// A bank with what `roots` consist of and nothing else; `roots` become ids of it. Order of ids is kept.
  [[nodiscard]] TermBank compacted(std::vector<TermId>& roots) const;

 private:
  struct NodeHash {
    std::size_t operator()(const TermNode& node) const noexcept;
  };
  struct List {
    bool has_term = false, is_lambda = false, complete = false;
    TermId term = 0;
  };

  TermId add(TermNode node);
  TermId moved(TermId term, std::int64_t by);
  [[nodiscard]] Result<TermId> read(std::string_view text, bool is_body);
  [[nodiscard]] Result<TermId> atom(std::string_view word, bool is_body);
  [[nodiscard]] Result<void> append(List& list, TermId term);
  [[nodiscard]] Result<TermId> close(const List& list);

  std::vector<TermNode> nodes_;
  std::vector<std::int64_t> costs_;
  std::vector<std::uint64_t> free_;
  std::unordered_map<TermNode, TermId, NodeHash> ids_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> name_ids_;
  std::unordered_map<std::uint64_t, TermId> lowered_;
};

}  // namespace autodev::mine
