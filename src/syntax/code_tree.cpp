// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One walk with a tree cursor, never recursive, so that nesting costs memory on the heap and nothing else.
#include "syntax/code_tree.h"

#include <tree_sitter/api.h>

#include "syntax/grammar.h"

namespace autodev::syntax {
namespace {

constexpr std::size_t max_code_bytes = 256u << 10;
constexpr std::chrono::milliseconds parse_deadline(2'000);

CodeNode node_at(const TSTreeCursor& cursor) {
  const TSNode node = ts_tree_cursor_current_node(&cursor);
  CodeNode made;
  made.type = ts_node_type(node);
  if (const char* field = ts_tree_cursor_current_field_name(&cursor)) made.field = field;
  made.start = ts_node_start_byte(node);
  made.end = ts_node_end_byte(node);
  made.named = ts_node_is_named(node);
  made.broken = ts_node_is_error(node) || ts_node_is_missing(node);
  return made;
}

}  // namespace

std::vector<std::uint32_t> CodeTree::children(std::uint32_t node) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t c = node + 1; c < node + nodes[node].size; c += nodes[c].size)
    if (nodes[c].type != "comment" && nodes[c].type != "line_comment" && nodes[c].type != "block_comment") found.push_back(c);
  return found;
}

std::uint32_t CodeTree::child(std::uint32_t node, std::string_view field) const {
  for (std::uint32_t c = node + 1; c < node + nodes[node].size; c += nodes[c].size)
    if (nodes[c].field == field) return c;
  return no_code_node;
}

Result<CodeTree> parse_code(std::string_view source, Language language) {
  if (source.size() > max_code_bytes) return fail(ErrorCode::bad_data, "the source is larger than 256 KiB");
  AUTODEV_TRY_ASSIGN(const TreePointer parsed, parse_source(source, language, parse_deadline));
  CodeTree tree;
  tree.language = language;
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(parsed.get()));
  std::vector<std::uint32_t> open;
  for (bool down = true;;) {
    if (down) {
      CodeNode made = node_at(cursor);
      if (!open.empty()) made.parent = open.back();
      open.push_back(static_cast<std::uint32_t>(tree.nodes.size()));
      tree.nodes.push_back(made);
      if (ts_tree_cursor_goto_first_child(&cursor)) continue;
    }
    tree.nodes[open.back()].size = static_cast<std::uint32_t>(tree.nodes.size()) - open.back();
    open.pop_back();
    down = ts_tree_cursor_goto_next_sibling(&cursor);
    if (!down && !ts_tree_cursor_goto_parent(&cursor)) break;
    if (!down && open.empty()) break;
  }
  ts_tree_cursor_delete(&cursor);
  return tree;
}

}  // namespace autodev::syntax
