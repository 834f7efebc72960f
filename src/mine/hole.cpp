// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See hole.h.
#include "mine/hole.h"

#include <algorithm>
#include <array>

#include "mine/thresholds.h"

namespace autodev::mine {

using syntax::NastNode;
using syntax::NodeKind;

namespace {

constexpr std::array<std::string_view, 6> hole_kind_names = {"identifier", "literal",   "type",
                                                             "expression", "statement", "sequence"};

}  // namespace

std::string_view to_string(HoleKind kind) noexcept {
  return hole_kind_names[static_cast<std::size_t>(kind)];
}

std::optional<HoleKind> hole_kind_from_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < hole_kind_names.size(); ++i)
    if (hole_kind_names[i] == name) return static_cast<HoleKind>(i);
  return std::nullopt;
}

HoleKind hole_kind_of(const NastNode& node) noexcept {
  if ((node.flags & syntax::flag_statement) != 0) return HoleKind::statement;
  if (node.kind == NodeKind::type || (node.flags & syntax::flag_type_name) != 0) return HoleKind::type;
  if ((node.flags & syntax::flag_literal) != 0) return HoleKind::literal;
  if (node.kind == NodeKind::identifier) return HoleKind::identifier;
  return HoleKind::expression;
}

HoleKind join(HoleKind a, HoleKind b) noexcept {
  if (a == b) return a;
  const auto is_name = [](HoleKind kind) { return kind == HoleKind::identifier || kind == HoleKind::type; };
  if (is_name(a) && is_name(b)) return HoleKind::type;
  return a == HoleKind::statement || b == HoleKind::statement ? HoleKind::statement : HoleKind::expression;
}

bool accepts(HoleKind hole, const NastNode& node) noexcept {
  if (node.kind == NodeKind::identifier && hole == HoleKind::identifier)
    return (node.flags & syntax::flag_statement) == 0;  // also a name that this parser took for a type
  return join(hole, hole_kind_of(node)) == hole;
}

void add_filler(TemplateHole& hole, std::string_view text, std::uint32_t times) {
  auto found = std::find_if(hole.fillers.begin(), hole.fillers.end(), [&](const auto& f) { return f.first == text; });
  if (found == hole.fillers.end()) {
    if (hole.fillers.size() >= max_fillers || text.size() > max_filler_bytes) {
      hole.overflow += times;
      return;
    }
    found = hole.fillers.emplace(hole.fillers.end(), std::string(text), 0);
  }
  found->second += times;
  const auto more_frequent = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  const auto place = std::lower_bound(hole.fillers.begin(), found, *found, more_frequent);
  std::rotate(place, found, found + 1);
}

}  // namespace autodev::mine
