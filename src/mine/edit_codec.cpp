// SPDX-License-Identifier: MIT OR Apache-2.0
//
// "edit/1": varint version, language, width, abstraction, holes; then both sides: run, text, node count, nodes
// (kind u8, hole u8, number u8, size varint, symbol bytes). Sizes have to nest, numbers to lie within `holes`.
// "edit/2" is a flaw: its name stands before the sides, which have no nodes.
#include "base/hash.h"
#include "base/wire.h"
#include "mine/edit_pattern.h"

namespace autodev::mine {
namespace {

constexpr std::uint64_t edit_version = 1, flaw_version = 2;
constexpr std::size_t max_text = 16 << 10, max_flaw_name = 200;

void put_nodes(base::WireWriter& wire, const TreePattern& side) {
  wire.u8(side.run ? 1 : 0);
  wire.varint(side.nodes.size());
  for (const PatternNode& node : side.nodes) {
    wire.u8(static_cast<std::uint8_t>(node.kind));
    wire.u8(static_cast<std::uint8_t>(node.hole));
    wire.u8(node.number);
    wire.varint(node.size);
    wire.bytes(node.symbol);
  }
}

/// Every subtree ends where its parent's says, and there is one root.
bool nests(const std::vector<PatternNode>& nodes) {
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    while (!ends.empty() && ends.back() <= i) ends.pop_back();
    if (i > 0 && ends.empty()) return false;
    const std::size_t end = i + nodes[i].size;
    if (nodes[i].size == 0 || end > (ends.empty() ? nodes.size() : ends.back())) return false;
    if (i == 0 && end != nodes.size()) return false;
    if (nodes[i].hole != EditHole::none && nodes[i].size != 1) return false;
    ends.push_back(end);
  }
  return true;
}

bool take_side(base::WireReader& wire, TreePattern& side, std::size_t max_nodes, std::uint8_t holes) {
  side.run = wire.u8() != 0;
  const std::uint64_t count = wire.varint();
  if (count > max_nodes + 1 || count > wire.remaining()) return false;
  for (std::uint64_t i = 0; i < count && wire.ok(); ++i) {
    PatternNode node;
    const std::uint8_t kind = wire.u8();
    const std::uint8_t hole = wire.u8();
    if (kind > static_cast<std::uint8_t>(syntax::NodeKind::sequence_hole) || hole > static_cast<std::uint8_t>(EditHole::statement))
      return false;
    node.kind = static_cast<syntax::NodeKind>(kind);
    node.hole = static_cast<EditHole>(hole);
    node.number = wire.u8();
    node.size = static_cast<std::uint32_t>(std::min<std::uint64_t>(wire.varint(), 1'000'000));
    node.symbol = wire.bytes();
    node.symbol_hash = node.hole == EditHole::none ? base::hash64(node.symbol) : 0;
    if ((node.hole == EditHole::none) != (node.number == 0) || node.number > holes) return false;
    side.nodes.push_back(std::move(node));
  }
  return wire.ok() && nests(side.nodes) && (!side.run || side.nodes.empty() || side.nodes[0].hole == EditHole::none);
}

}  // namespace

Digest identity_of(const EditPattern& pattern) {
  std::string bytes;
  base::WireWriter wire(bytes);
  wire.u8(static_cast<std::uint8_t>(pattern.language));
  put_nodes(wire, pattern.before);
  put_nodes(wire, pattern.after);
  if (!pattern.flaw.empty()) wire.bytes(pattern.flaw);
  return base::hash128(bytes);
}

std::string encode_edit(const EditPattern& pattern) {
  std::string bytes;
  base::WireWriter wire(bytes);
  wire.varint(pattern.flaw.empty() ? edit_version : flaw_version);
  wire.u8(static_cast<std::uint8_t>(pattern.language));
  wire.u8(pattern.width);
  wire.u8(pattern.abstraction);
  wire.u8(pattern.holes);
  if (!pattern.flaw.empty()) wire.bytes(pattern.flaw);
  for (const TreePattern* side : {&pattern.before, &pattern.after}) {
    put_nodes(wire, *side);
    wire.bytes(std::string_view(side->text).substr(0, max_text));
  }
  return bytes;
}

Result<EditPattern> decode_edit(std::string_view bytes) {
  auto pattern = decode_edit(bytes, Digest{});
  if (pattern) pattern->id = identity_of(*pattern);
  return pattern;
}

Result<EditPattern> decode_edit(std::string_view bytes, const Digest& identity) {
  const auto damaged = [] { return fail(ErrorCode::bad_data, "not an edit pattern"); };
  base::WireReader wire(bytes);
  const std::uint64_t version = wire.varint();
  if (version != edit_version && version != flaw_version) return damaged();
  EditPattern pattern;
  const std::uint8_t language = wire.u8();
  if (language > static_cast<std::uint8_t>(Language::bash)) return damaged();
  pattern.language = static_cast<Language>(language);
  pattern.width = wire.u8();
  pattern.abstraction = wire.u8();
  pattern.holes = wire.u8();
  if (pattern.holes > max_pattern_holes) return damaged();
  if (version == flaw_version) pattern.flaw = wire.bytes();
  if (pattern.flaw.size() > max_flaw_name || (version == flaw_version && pattern.flaw.empty())) return damaged();
  if (!take_side(wire, pattern.before, max_pattern_nodes, pattern.holes)) return damaged();
  pattern.before.text = wire.bytes();
  if (!take_side(wire, pattern.after, max_after_nodes, pattern.holes)) return damaged();
  pattern.after.text = wire.bytes();
  if (!wire.ok() || !wire.at_end() || pattern.before.nodes.empty() == pattern.flaw.empty()) return damaged();
  pattern.id = identity;
  return pattern;
}

}  // namespace autodev::mine
