// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See callee.h.
#include "mine/callee.h"

#include <algorithm>
#include <array>

namespace autodev::mine {

using syntax::NodeKind;

namespace {

constexpr std::size_t max_path_names = 4;
constexpr int max_wrappers = 16;
constexpr std::uint32_t max_type_nodes = 32;
constexpr std::size_t max_type_bytes = 120;

bool has_separate_name(Language language) noexcept {
  return language == Language::java || language == Language::ruby || language == Language::php;
}

bool is_name(NodeKind kind) noexcept { return kind == NodeKind::identifier || kind == NodeKind::keyword; }

}  // namespace

std::vector<std::uint32_t> child_nodes(const syntax::Nast& tree, std::uint32_t node) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t child = node + 1; child < node + tree.nodes[node].size; child += tree.nodes[child].size) found.push_back(child);
  return found;
}

Callee callee_of(const syntax::Nast& tree, std::uint32_t call) {
  Callee callee;
  std::vector<std::uint32_t> before;
  for (const std::uint32_t child : child_nodes(tree, call)) {
    const NodeKind kind = tree.nodes[child].kind;
    if (kind == NodeKind::arguments) {
      callee.arguments = child_nodes(tree, child);
    } else if (kind != NodeKind::lambda && kind != NodeKind::template_arguments) {
      before.push_back(child);
    }
  }
  if (before.empty()) return callee;
  std::uint32_t called = before.front();
  if (tree.nodes[call].kind == NodeKind::construct) {
    callee.name = type_name(tree, called);
    return callee;
  }
  if (has_separate_name(tree.language) && before.size() > 1 && tree.nodes[before[1]].kind == NodeKind::identifier) {
    callee.receiver = before[0];
    callee.name = tree.symbol(before[1]);
    return callee;
  }
  if (tree.nodes[called].kind == NodeKind::member && tree.nodes[called].size > 2) {
    const auto parts = child_nodes(tree, called);
    std::uint32_t last = parts.back();
    if (tree.nodes[last].kind == NodeKind::template_arguments && parts.size() > 1) last = parts[parts.size() - 2];
    if (!is_name(tree.nodes[last].kind)) return callee;
    if (last != parts.front()) callee.receiver = parts.front();
    callee.name = tree.symbol(last);
  } else if (tree.nodes[called].kind == NodeKind::identifier) {
    // A local name that is called says nothing about what is called.
    if (!syntax::is_local_name(tree.nodes[called])) callee.name = tree.symbol(called);
  }
  return callee;
}

bool hands_on(const syntax::Nast& tree, const Callee& callee) noexcept {
  return tree.language == Language::rust && callee.receiver != no_node && (callee.name == "unwrap" || callee.name == "expect");
}

std::string path_of(const syntax::Nast& tree, std::uint32_t node, std::uint32_t& root) {
  std::vector<std::string_view> names;
  std::uint32_t at = node;
  while (tree.nodes[at].kind == NodeKind::member && tree.nodes[at].size > 2 && names.size() < max_path_names) {
    const auto parts = child_nodes(tree, at);
    if (parts.size() != 2 || tree.nodes[parts[1]].kind != NodeKind::identifier) return {};
    names.push_back(tree.symbol(parts[1]));
    at = parts[0];
  }
  if (!is_name(tree.nodes[at].kind) || names.size() >= max_path_names) return {};
  root = at;
  std::string path(tree.symbol(at));
  for (auto name = names.rbegin(); name != names.rend(); ++name) path.append(".").append(*name);
  return path;
}

std::string type_name(const syntax::Nast& tree, std::uint32_t node) {
  std::string name;
  const std::uint32_t end = node + std::min(tree.nodes[node].size, max_type_nodes);
  for (std::uint32_t i = node; i < end && name.size() < max_type_bytes;) {
    if (tree.nodes[i].kind == NodeKind::template_arguments) {
      i += tree.nodes[i].size;
      continue;
    }
    if (tree.nodes[i].kind == NodeKind::identifier) {
      if (!name.empty()) name += tree.language == Language::cpp || tree.language == Language::rust ? "::" : ".";
      name += tree.symbol(i);
    }
    ++i;
  }
  return name;
}

std::uint32_t unwrapped(const syntax::Nast& tree, std::uint32_t node) {
  for (int step = 0; step < max_wrappers; ++step) {
    const NodeKind kind = tree.nodes[node].kind;
    const bool wraps = kind == NodeKind::await || kind == NodeKind::unary || kind == NodeKind::cast || kind == NodeKind::spread ||
                       kind == NodeKind::expression_statement;
    if (wraps && tree.nodes[node].size > 1) {
      const auto parts = child_nodes(tree, node);
      const auto inner = kind == NodeKind::cast && tree.language != Language::rust ? parts.back() : parts.front();
      if (tree.nodes[inner].kind == NodeKind::keyword && parts.size() > 1) node = parts.back();
      else node = inner;
      continue;
    }
    if (kind == NodeKind::call && tree.language == Language::rust) {
      const Callee callee = callee_of(tree, node);
      if (hands_on(tree, callee)) {
        node = callee.receiver;
        continue;
      }
    }
    break;
  }
  return node;
}

bool is_self(const syntax::Nast& tree, std::uint32_t node) {
  constexpr std::array<std::string_view, 6> names = {"self", "this", "cls", "super", "$this", "base"};
  return is_name(tree.nodes[node].kind) && std::find(names.begin(), names.end(), tree.symbol(node)) != names.end();
}

}  // namespace autodev::mine
