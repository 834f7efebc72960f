// SPDX-License-Identifier: MIT OR Apache-2.0
//
// "edit/3": varint version, language, width, abstraction, holes, the flaw's name; then both sides: run, node count,
// nodes (kind u8, hole u8, number u8, size varint, symbol bytes); then where the fix goes, the number of fragments and
// each fragment: role u8, hole u8, side; at the end, where matching does not look, both texts: bytes, places of the
// holes (distance from the one before varint, number u8). Sizes have to nest, numbers to lie within `holes`, places to
// point at what they say. A flaw has no nodes and no slice.
#include <algorithm>

#include "base/hash.h"
#include "base/wire.h"
#include "mine/edit_pattern.h"

namespace autodev::mine {
namespace {

constexpr std::uint64_t edit_version = 3;
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

/// `texts`: also the nodes' symbols, which matching needs the hashes of only.
bool take_side(base::WireReader& wire, TreePattern& side, std::size_t max_nodes, std::uint8_t holes, bool texts) {
  side.run = wire.u8() != 0;
  const std::uint64_t count = wire.varint();
  if (count > max_nodes + 1 || count > wire.remaining()) return false;
  side.nodes.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count && wire.ok(); ++i) {
    PatternNode node;
    const std::uint8_t kind = wire.u8();
    const std::uint8_t hole = wire.u8();
    if (kind > static_cast<std::uint8_t>(syntax::NodeKind::sequence_hole) ||
        hole > static_cast<std::uint8_t>(EditHole::statement))
      return false;
    node.kind = static_cast<syntax::NodeKind>(kind);
    node.hole = static_cast<EditHole>(hole);
    node.number = wire.u8();
    node.size = static_cast<std::uint32_t>(std::min<std::uint64_t>(wire.varint(), 1'000'000));
    const std::string_view symbol = wire.bytes();
    if (texts) node.symbol = symbol;
    node.symbol_hash = node.hole == EditHole::none ? base::hash64(symbol) : 0;
    if (node.hole == EditHole::none && syntax::is_hole(node.kind)) return false;  // those are of templates
    if ((node.hole == EditHole::none) != (node.number == 0) || node.number > holes) return false;
    side.nodes.push_back(std::move(node));
  }
  return wire.ok() && nests(side.nodes) && (!side.run || side.nodes.empty() || side.nodes[0].hole == EditHole::none);
}

/// The text up to the bound, not within a hole.
std::string_view kept_text(const TreePattern& side) {
  if (side.text.size() <= max_text) return side.text;
  std::size_t end = max_text;
  for (const HolePlace& place : side.places)
    if (place.at < end && place.at + 4 > end) end = place.at;
  return std::string_view(side.text).substr(0, end);
}

void put_text(base::WireWriter& wire, const TreePattern& side) {
  const std::string_view text = kept_text(side);
  wire.bytes(text);
  const auto count = std::count_if(side.places.begin(), side.places.end(),
                                   [&](const HolePlace& place) { return place.at < text.size(); });
  wire.varint(static_cast<std::uint64_t>(count));
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    wire.varint(side.places[i].at - before);
    wire.u8(side.places[i].number);
    before = side.places[i].at;
  }
}

bool take_text(base::WireReader& wire, TreePattern& side, std::uint8_t holes) {
  side.text = wire.bytes();
  const std::uint64_t count = wire.varint();
  if (side.text.size() > max_text || count > side.text.size()) return false;
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < count && wire.ok(); ++i) {
    const std::uint64_t distance = wire.varint();
    const std::uint8_t number = wire.u8();
    if (distance > side.text.size() || (i > 0 && distance == 0)) return false;
    at += distance;
    const std::string shown = '$' + std::to_string(number);
    if (number == 0 || number > holes || at > side.text.size() || side.text.compare(at, shown.size(), shown) != 0)
      return false;
    side.places.push_back({static_cast<std::uint32_t>(at), number});
  }
  return wire.ok();
}

void put_slice(base::WireWriter& wire, const EditPattern& pattern) {
  wire.u8(static_cast<std::uint8_t>(pattern.place));
  wire.varint(pattern.slice.size());
  for (const SliceFragment& fragment : pattern.slice) {
    wire.u8(static_cast<std::uint8_t>(fragment.role));
    wire.u8(fragment.hole);
    put_nodes(wire, fragment.code);
  }
}

bool take_slice(base::WireReader& wire, EditPattern& pattern, bool texts) {
  const std::uint8_t place = wire.u8();
  const std::uint64_t count = wire.varint();
  if (place > static_cast<std::uint8_t>(FixPlace::below) || count > max_slice_fragments) return false;
  pattern.place = static_cast<FixPlace>(place);
  for (std::uint64_t i = 0; i < count; ++i) {
    SliceFragment fragment;
    const std::uint8_t role = wire.u8();
    fragment.hole = wire.u8();
    if (role > static_cast<std::uint8_t>(SliceRole::fails) ||
        !take_side(wire, fragment.code, max_fragment_nodes, pattern.holes, texts))
      return false;
    fragment.role = static_cast<SliceRole>(role);
    const bool named = fragment.role == SliceRole::definition || fragment.role == SliceRole::use;
    if (named != (fragment.hole != 0) || fragment.hole > pattern.holes || fragment.code.nodes.empty()) return false;
    if (!named && !fragment.code.run) return false;
    pattern.slice.push_back(std::move(fragment));
  }
  return wire.ok();
}

}  // namespace

Digest identity_of(const EditPattern& pattern) {
  std::string bytes;
  base::WireWriter wire(bytes);
  wire.u8(static_cast<std::uint8_t>(pattern.language));
  put_nodes(wire, pattern.before);
  put_nodes(wire, pattern.after);
  if (!pattern.flaw.empty()) wire.bytes(pattern.flaw);
  if (!pattern.slice.empty() || pattern.place != FixPlace::instead) put_slice(wire, pattern);
  return base::hash128(bytes);
}

std::string encode_edit(const EditPattern& pattern) {
  std::string bytes;
  base::WireWriter wire(bytes);
  wire.varint(edit_version);
  wire.u8(static_cast<std::uint8_t>(pattern.language));
  wire.u8(pattern.width);
  wire.u8(pattern.abstraction);
  wire.u8(pattern.holes);
  wire.bytes(pattern.flaw);
  put_nodes(wire, pattern.before);
  put_nodes(wire, pattern.after);
  put_slice(wire, pattern);
  put_text(wire, pattern.before);
  put_text(wire, pattern.after);
  return bytes;
}

namespace {

Error damaged() {
  return {ErrorCode::bad_data, "not an edit pattern", {}};
}

/// Everything but the two texts at the end.
bool take_structure(base::WireReader& wire, EditPattern& pattern, bool texts) {
  if (wire.varint() != edit_version) return false;
  const std::uint8_t language = wire.u8();
  if (language > static_cast<std::uint8_t>(Language::bash)) return false;
  pattern.language = static_cast<Language>(language);
  pattern.width = wire.u8();
  pattern.abstraction = wire.u8();
  pattern.holes = wire.u8();
  if (pattern.holes > max_pattern_holes) return false;
  pattern.flaw = wire.bytes();
  if (pattern.flaw.size() > max_flaw_name) return false;
  if (!take_side(wire, pattern.before, max_pattern_nodes, pattern.holes, texts) ||
      !take_side(wire, pattern.after, max_after_nodes, pattern.holes, texts) || !take_slice(wire, pattern, texts) ||
      !wire.ok())
    return false;
  if (pattern.before.nodes.empty() == pattern.flaw.empty()) return false;
  return pattern.flaw.empty() || (pattern.slice.empty() && pattern.place == FixPlace::instead);
}

}  // namespace

Result<EditPattern> decode_edit(std::string_view bytes) {
  base::WireReader wire(bytes);
  EditPattern pattern;
  if (!take_structure(wire, pattern, true) || !take_text(wire, pattern.before, pattern.holes) ||
      !take_text(wire, pattern.after, pattern.holes) || !wire.ok() || !wire.at_end())
    return tl::make_unexpected(damaged());
  pattern.id = identity_of(pattern);
  return pattern;
}

Result<EditPattern> decode_edit(std::string_view bytes, const Digest& identity) {
  base::WireReader wire(bytes);
  EditPattern pattern;
  if (!take_structure(wire, pattern, false)) return tl::make_unexpected(damaged());
  pattern.id = identity;
  return pattern;
}

}  // namespace autodev::mine
