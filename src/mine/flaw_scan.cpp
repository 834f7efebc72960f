// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Declared locals, their uses and the types of simple expressions.
#include "mine/flaw_scan.h"

#include <algorithm>
#include <array>

namespace autodev::mine {

using syntax::NodeKind;

namespace {

constexpr int max_type_depth = 8;

bool is_c_like(Language language) noexcept {
  return language == Language::c || language == Language::cpp || language == Language::java || language == Language::csharp;
}

/// Built-in numbers by width; the wider of two is the type of their sum.
constexpr std::array<std::string_view, 8> number_types = {"bool", "char", "short", "int", "long", "long long", "float", "double"};

std::string without_sign(std::string_view type) {
  std::string plain(type);
  for (const std::string_view word : {"unsigned ", "signed ", " int"})
    if (const auto at = plain.find(word); at != std::string::npos && plain.size() > word.size()) plain.erase(at, word.size());
  return plain == "unsigned" || plain == "signed" ? "int" : plain;
}

std::size_t rank(std::string_view type) {
  const std::string plain = without_sign(type);
  const auto place = std::find(number_types.begin(), number_types.end(), plain);
  return static_cast<std::size_t>(place - number_types.begin());
}

}  // namespace

FlawScan::FlawScan(const syntax::Nast& given, const std::vector<syntax::SubtreeHash>& hashes, const std::vector<std::uint32_t>& parents)
    : tree(given), hash(hashes), parent(parents), c_like(is_c_like(given.language)) {
  if (c_like) declare_all();
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i)
    if (parent[i] != syntax::no_parent && kind(i) == NodeKind::identifier && (at(i).flags & (syntax::flag_binder | syntax::flag_type_name)) == 0)
      uses_[symbol(i)].push_back(i);
}

std::vector<std::uint32_t> FlawScan::children(std::uint32_t node) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t child = node + 1; child < end(node); child += at(child).size) found.push_back(child);
  return found;
}

void FlawScan::declare(std::uint32_t declaration, std::uint32_t declarator, const Local& base) {
  Local local = base;
  std::uint32_t node = declarator;
  if (kind(node) == NodeKind::declaration) {  // with an initial value
    local.initialised = at(node).size > 2;
    if (at(node).size == 1) return;
    ++node;
  }
  while (kind(node) == NodeKind::other && at(node).size > 1) {
    const std::string_view what = symbol(node);
    if (what == "array_declarator") {
      ++local.arrays;
      const std::uint32_t extent = node + 1 + at(node + 1).size;
      local.extent = extent < end(node) && kind(extent) == NodeKind::number ? extent : 0;
    } else if (what == "pointer_declarator *") {
      ++local.pointers;
    } else {
      return;  // functions, references, bit fields
    }
    ++node;
  }
  if (kind(node) != NodeKind::identifier || (at(node).flags & syntax::flag_binder) == 0 || !within(node, declaration)) return;
  local.node = node;
  const auto [place, added] = locals_.emplace(std::string(symbol(node)), local);
  if (!added) place->second.twice = true;
}

void FlawScan::declare_all() {
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    if (kind(i) != NodeKind::declaration && kind(i) != NodeKind::parameter) continue;
    if (parent[i] != syntax::no_parent && kind(parent[i]) == NodeKind::declaration) continue;
    Local base;
    base.parameter = kind(i) == NodeKind::parameter;
    bool typed = false;
    for (const std::uint32_t child : children(i)) {
      if (kind(child) == NodeKind::keyword && (symbol(child) == "static" || symbol(child) == "extern")) base.lasting = true;
      if (!typed && kind(child) == NodeKind::type) {
        base.type = at(child).size == 1 ? std::string(symbol(child)) : std::string();
        typed = true;
      } else if (!typed && (kind(child) == NodeKind::type_declaration || (at(child).flags & syntax::flag_type_name) != 0)) {
        typed = true;
      } else if (typed) {
        declare(i, child, base);
      }
    }
  }
}

const Local* FlawScan::local(std::string_view name) const {
  const auto found = locals_.find(name);
  return found == locals_.end() || found->second.twice ? nullptr : &found->second;
}

std::vector<std::uint32_t> FlawScan::uses(std::string_view name, std::uint32_t first, std::uint32_t last) const {
  const auto known = uses_.find(name);
  if (known == uses_.end()) return {};
  const auto& all = known->second;
  return {std::lower_bound(all.begin(), all.end(), first), std::lower_bound(all.begin(), all.end(), last)};
}

std::uint32_t FlawScan::loop_around(std::uint32_t node) const {
  for (std::uint32_t up = parent[node]; up != syntax::no_parent; up = parent[up])
    if (kind(up) == NodeKind::loop) return up;
  return syntax::no_parent;
}

std::optional<std::string> FlawScan::type_of(std::uint32_t node, int depth) const {
  if (depth > max_type_depth) return std::nullopt;
  const auto below = [&](std::uint32_t child) { return type_of(child, depth + 1); };
  switch (kind(node)) {
    case NodeKind::number: {
      const std::string_view text = symbol(node);
      if (text.starts_with("0x") || text.find_first_of("lLuUfF") != std::string_view::npos) return std::nullopt;
      return text.find_first_of(".eE") == std::string_view::npos ? "int" : "double";
    }
    case NodeKind::identifier: {
      const Local* known = local(symbol(node));
      if (known == nullptr || known->type.empty()) return std::nullopt;
      std::string type = known->type;
      for (int i = 0; i < known->pointers; ++i) type += " *";
      for (int i = 0; i < known->arrays; ++i) type += " []";
      return type;
    }
    case NodeKind::index: {
      auto base = at(node).size > 1 ? below(node + 1) : std::nullopt;
      if (!base || !(base->ends_with(" []") || base->ends_with(" *"))) return std::nullopt;
      return base->substr(0, base->rfind(' '));
    }
    case NodeKind::unary: {
      auto inner = at(node).size > 1 ? below(node + 1) : std::nullopt;
      if (!inner) return std::nullopt;
      if (symbol(node) == "&") return *inner + " *";
      if (symbol(node) == "*") return inner->ends_with(" *") ? std::optional(inner->substr(0, inner->rfind(' '))) : std::nullopt;
      return symbol(node) == "-" || symbol(node) == "+" || symbol(node) == "++" || symbol(node) == "--" ? inner : std::nullopt;
    }
    case NodeKind::binary: {
      const auto parts = children(node);
      if (parts.size() != 2 || std::string_view("+ - * /").find(symbol(node)) == std::string_view::npos) return std::nullopt;
      const auto left = below(parts[0]), right = below(parts[1]);
      if (!left || !right || rank(*left) == number_types.size() || rank(*right) == number_types.size()) return std::nullopt;
      return std::string(number_types[std::max({rank(*left), rank(*right), rank("int")})]);
    }
    default: return std::nullopt;
  }
}

void FlawScan::report(std::string name, std::uint32_t node) {
  const auto [place, added] = found_.emplace(std::move(name), node);
  if (!added) place->second = std::min(place->second, node);
}

std::vector<Flaw> FlawScan::take() {
  std::vector<Flaw> flaws;
  for (const auto& [name, node] : found_) {
    if (flaws.size() == max_flaws) break;
    flaws.push_back({name, {parent[node], node, end(node)}, {}});
  }
  return flaws;
}

std::uint32_t changed_name(const FlawScan& scan, std::uint32_t node) {
  const bool changes = scan.kind(node) == NodeKind::assignment ||
                       (scan.kind(node) == NodeKind::unary && (scan.symbol(node) == "++" || scan.symbol(node) == "--"));
  if (!changes || scan.at(node).size < 2 || scan.kind(node + 1) != NodeKind::identifier) return 0;
  return node + 1;
}

LoopParts loop_parts(const FlawScan& scan, std::uint32_t loop) {
  LoopParts parts;
  const auto all = scan.children(loop);
  if (all.empty()) return parts;
  if (scan.symbol(loop) == "do while") {
    parts.body = all.front();
    if (all.size() > 1) parts.condition = all.back();
    return parts;
  }
  parts.body = all.back();
  if (scan.symbol(loop) == "while" && all.size() == 2) parts.condition = all.front();
  if (scan.symbol(loop) != "for" || all.size() < 3) return parts;
  const std::uint32_t last = all[all.size() - 2];
  if ((parts.counter = changed_name(scan, last)) != 0) parts.update = last;
  if (parts.update != 0 && all.size() >= 3 && scan.kind(all[all.size() - 3]) == NodeKind::binary) parts.condition = all[all.size() - 3];
  return parts;
}

}  // namespace autodev::mine
