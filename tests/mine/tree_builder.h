// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Trees by hand: a tiny notation for tests, parsed into a Nast whose text is the notation's own.
//
//   (call foo (arguments a 1 "s"))       kinds are named as in to_string(NodeKind)
//
// Words are identifiers, digits numbers, quoted words strings. A `!` behind a word or kind marks a callee, `:` a
// type name. Children of open lists (block, arguments, parameters, list) are separated by commas or
// white space; statements are the children of a block.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "syntax/nast.h"

namespace autodev::test {

class TreeBuilder {
 public:
  static syntax::Nast build(std::string_view notation, Language language = Language::python) {
    TreeBuilder builder(notation);
    builder.tree_.language = language;
    builder.node(false);
    return std::move(builder.tree_);
  }

 private:
  explicit TreeBuilder(std::string_view text) : text_(text) {}

  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == ',' || text_[at_] == '\n')) ++at_;
  }

  std::string word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && std::string_view(" ,()\n").find(text_[at_]) == std::string_view::npos) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  static syntax::NodeKind kind_of(const std::string& name) {
    for (int kind = 0; kind <= static_cast<int>(syntax::NodeKind::sequence_hole); ++kind)
      if (to_string(static_cast<syntax::NodeKind>(kind)) == name) return static_cast<syntax::NodeKind>(kind);
    ADD_FAILURE() << "no such kind: " << name;
    return syntax::NodeKind::other;
  }

  std::uint32_t symbol(const std::string& text) {
    auto [entry, added] = symbols_.try_emplace(text, static_cast<std::uint32_t>(tree_.symbols.size() + 1));
    if (added) tree_.symbols.push_back(text);
    return entry->second;
  }

  void node(bool statement) {
    skip();
    const std::size_t self = tree_.nodes.size();
    tree_.nodes.emplace_back();
    tree_.nodes[self].start = static_cast<std::uint32_t>(at_);
    if (statement) tree_.nodes[self].flags = syntax::flag_statement;
    if (text_[at_] == '(') {
      inner(self);
    } else {
      leaf(self);
    }
    tree_.nodes[self].end = static_cast<std::uint32_t>(at_);
    tree_.nodes[self].size = static_cast<std::uint32_t>(tree_.nodes.size() - self);
  }

  void inner(std::size_t self) {
    using syntax::NodeKind;
    ++at_;
    const NodeKind kind = kind_of(word());
    tree_.nodes[self].kind = kind;
    if (kind == NodeKind::block || kind == NodeKind::arguments || kind == NodeKind::parameters ||
        kind == NodeKind::list)
      tree_.nodes[self].flags |= syntax::flag_sequence;
    for (skip(); at_ < text_.size() && text_[at_] != ')'; skip()) node(kind == NodeKind::block);
    ++at_;
  }

  void leaf(std::size_t self) {
    using syntax::NodeKind;
    std::string text = word();
    auto& made = tree_.nodes[self];
    made.kind = NodeKind::identifier;
    if (text.front() >= '0' && text.front() <= '9') made.kind = NodeKind::number;
    if (text.front() == '"') made.kind = NodeKind::string;
    if (made.kind != NodeKind::identifier) made.flags |= syntax::flag_literal;
    if (text.back() == '!') made.flags |= syntax::flag_callee;
    if (text.back() == ':') made.flags |= syntax::flag_type_name;
    if (text.back() == '!' || text.back() == ':') text.pop_back();
    made.symbol = symbol(text);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  syntax::Nast tree_;
  std::map<std::string, std::uint32_t> symbols_;
};

/// A tree together with the notation it was made from.
struct NotedTree {
  explicit NotedTree(std::string notation) : text(std::move(notation)), tree(TreeBuilder::build(text)) {}
  std::string text;
  syntax::Nast tree;
};

}  // namespace autodev::test
