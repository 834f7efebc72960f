// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the rules of flaws share: a function's tree with its parents, digests and declared locals.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mine/flaw.h"

namespace autodev::mine {

/// A declared local or parameter of C-like code.
struct Local {
  std::string type;  ///< as written: "unsigned int", "long long"; empty: not a built-in type
  std::uint8_t arrays = 0, pointers = 0;
  bool parameter = false, initialised = false, lasting = false;  ///< lasting: static or extern
  bool twice = false;                                            ///< several declarations share the name
  std::uint32_t node = 0;                                        ///< the declaring identifier
  std::uint32_t extent = 0;                                      ///< number node of the first dimension; 0: none
};

class FlawScan {
 public:
  FlawScan(const syntax::Nast& tree, const std::vector<syntax::SubtreeHash>& hash, const std::vector<std::uint32_t>& parent);

  const syntax::Nast& tree;
  const std::vector<syntax::SubtreeHash>& hash;
  const std::vector<std::uint32_t>& parent;
  /// C, C++, Java and C#: declarations with types, operators that assign and yield a value.
  const bool c_like;

  [[nodiscard]] const syntax::NastNode& at(std::uint32_t node) const { return tree.nodes[node]; }
  /// Of no node (the root's parent, one past the end): `other` without a symbol.
  [[nodiscard]] syntax::NodeKind kind(std::uint32_t node) const {
    return node < tree.nodes.size() ? tree.nodes[node].kind : syntax::NodeKind::other;
  }
  [[nodiscard]] std::string_view symbol(std::uint32_t node) const {
    return node < tree.nodes.size() ? tree.symbol(node) : std::string_view();
  }
  [[nodiscard]] std::uint32_t end(std::uint32_t node) const { return node + tree.nodes[node].size; }
  [[nodiscard]] std::vector<std::uint32_t> children(std::uint32_t node) const;
  [[nodiscard]] bool is(std::uint32_t node, syntax::NodeKind wanted, std::string_view text) const {
    return kind(node) == wanted && symbol(node) == text;
  }
  [[nodiscard]] bool same(std::uint32_t a, std::uint32_t b) const { return hash[a].exact == hash[b].exact; }
  [[nodiscard]] bool within(std::uint32_t node, std::uint32_t root) const { return node >= root && node < end(root); }
  /// The declared local of that name, unless several share it.
  [[nodiscard]] const Local* local(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, Local, std::less<>>& locals() const noexcept { return locals_; }
  /// Identifier nodes of the name in [first, last) that are used, not declared, in preorder.
  [[nodiscard]] std::vector<std::uint32_t> uses(std::string_view name, std::uint32_t first, std::uint32_t last) const;
  /// The innermost loop around the node; no_parent outside of loops.
  [[nodiscard]] std::uint32_t loop_around(std::uint32_t node) const;
  /// "int", "long long *", "char []" of an expression of locals and literals; absent when that is not known.
  [[nodiscard]] std::optional<std::string> type_of(std::uint32_t expression, int depth = 0) const;

  void report(std::string name, std::uint32_t node);
  [[nodiscard]] std::vector<Flaw> take();

 private:
  void declare(std::uint32_t declaration, std::uint32_t declarator, const Local& base);
  void declare_all();

  std::map<std::string, Local, std::less<>> locals_;
  std::map<std::string_view, std::vector<std::uint32_t>, std::less<>> uses_;
  std::map<std::string, std::uint32_t, std::less<>> found_;
};

/// Parts of a counted loop: what stands before the body.
struct LoopParts {
  std::uint32_t condition = 0, update = 0, body = 0;  ///< 0: absent
  std::uint32_t counter = 0;                          ///< identifier that the update changes; 0: none
};
[[nodiscard]] LoopParts loop_parts(const FlawScan& scan, std::uint32_t loop);

/// The variable that an assignment or ++ changes; 0: none, or not a plain name.
[[nodiscard]] std::uint32_t changed_name(const FlawScan& scan, std::uint32_t node);

/// No call, ++ or assignment inside: evaluated twice it is the same value.
[[nodiscard]] bool is_pure(const FlawScan& scan, std::uint32_t node);
[[nodiscard]] inline bool is_and(std::string_view op) noexcept { return op == "&&" || op == "and"; }
[[nodiscard]] inline bool is_or(std::string_view op) noexcept { return op == "||" || op == "or"; }

void scan_conditions(FlawScan& scan);
void scan_expressions(FlawScan& scan);
void scan_loops(FlawScan& scan);
void scan_flow(FlawScan& scan);
void scan_variables(FlawScan& scan);
void scan_formats(FlawScan& scan);

}  // namespace autodev::mine
