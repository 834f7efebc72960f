// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See background.h. A transition is a key (previous sibling, child) in the row of its parent kind; two more kinds
// stand for "the first child" and "no more children". Probabilities are numbers of 2^-30, so that products of two fit
// 64 bits.
#include "mine/background.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"
#include "base/wire.h"
#include "mine/subtree.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

constexpr std::uint64_t one = std::uint64_t{1} << 30;
/// Kinds beyond those of the tree: the alphabet has 59 of 64.
constexpr std::uint8_t first_kind = 61, last_kind = 62, unknown_kind = 63;
constexpr std::uint64_t alphabet = 64;
constexpr std::size_t word_row = 64, class_row = 128, context_row = 129;
/// Larger counts stay where they are: 4 c 2^30 has to fit 64 bits.
constexpr std::uint32_t max_count = 1u << 26;
/// Four bits a byte, at most six bytes' worth: names longer than that are made of words that occur elsewhere.
constexpr std::uint32_t spelled_bits = 4, max_spelled_bytes = 6;

static_assert(static_cast<std::size_t>(NodeKind::sequence_hole) < first_kind);

std::uint8_t kind_of(const NastNode& node) noexcept {
  return static_cast<std::uint8_t>(head_kind(node.kind));
}

std::uint32_t count_in(const BackgroundRow& row, std::uint16_t key) {
  const auto place =
      std::lower_bound(row.begin(), row.end(), key, [](const auto& entry, auto k) { return entry.first < k; });
  return place != row.end() && place->first == key ? place->second : 0;
}

/// The count before.
std::uint32_t increment(BackgroundRow& row, std::uint16_t key) {
  const auto place =
      std::lower_bound(row.begin(), row.end(), key, [](const auto& entry, auto k) { return entry.first < k; });
  if (place == row.end() || place->first != key) {
    row.insert(place, {key, 1});
    return 0;
  }
  const std::uint32_t before = place->second;
  if (before < max_count) ++place->second;
  return before;
}

std::uint16_t transition_key(std::uint8_t previous, std::uint8_t child) noexcept {
  return static_cast<std::uint16_t>(previous << 8 | child);
}

/// What is counted in one context: tokens, types, and the count of the one in question.
struct Tally {
  std::uint64_t tokens = 0, types = 0, count = 0;
};

/// Interpolated absolute discounting: (count - 3/4) / tokens + (3/4 types / tokens) lower.
std::uint64_t discounted(const Tally& tally, std::uint64_t lower) noexcept {
  if (tally.tokens == 0) return lower;
  const std::uint64_t kept = tally.count == 0 ? 0 : (4 * tally.count - 3) * (one / 4) / tally.tokens;
  const std::uint64_t share = 3 * tally.types * (one / 4) / tally.tokens;
  return std::min(one, kept + (share * lower >> 30));
}

/// Does the node's word count by what it says? Local and unit names do not.
bool has_word(const NastNode& node) noexcept {
  if (is_hole(node) || node.symbol == 0 || (node.flags & syntax::flag_unit_name) != 0) return false;
  return !syntax::is_local_name(node);
}

/// Kind, and the two roles of an identifier that differ most in what is said.
std::uint16_t word_class(const NastNode& node) noexcept {
  const unsigned role = (node.flags & syntax::flag_type_name) != 0 ? 1u
                        : (node.flags & syntax::flag_callee) != 0  ? 2u
                                                                   : 0u;
  return static_cast<std::uint16_t>(kind_of(node) * 4u + role);
}

/// Where a word is counted: one of 64 rows by its hash, and in it its class and one of 256 cells.
struct WordCell {
  std::size_t row = 0;
  std::uint16_t key = 0;
};

WordCell word_cell(const Nast& tree, std::uint32_t node) {
  const std::uint64_t hash = base::mix64(base::hash64(tree.symbol(node)), 0);
  return {word_row + static_cast<std::size_t>(hash >> 58),
          static_cast<std::uint16_t>(word_class(tree.nodes[node]) << 8 | (hash >> 50 & 0xff))};
}

/// Calls visit(parent, previous, child node or none) for each transition in a tree; holes are children that are not
/// told.
template <typename Visit>
void for_each_transition(const Nast& tree, Visit visit) {
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const NastNode& parent = tree.nodes[i];
    if (is_hole(parent)) continue;
    std::uint8_t previous = first_kind;
    for (std::uint32_t child = i + 1; child < i + parent.size; child += tree.nodes[child].size) {
      const bool hole = is_hole(tree.nodes[child]);
      if (!hole) visit(kind_of(parent), previous, kind_of(tree.nodes[child]));
      previous = hole ? unknown_kind : kind_of(tree.nodes[child]);
    }
    if (previous != unknown_kind) visit(kind_of(parent), previous, last_kind);
  }
}

}  // namespace

std::uint32_t log2_thousandths(std::uint64_t n) noexcept {
  if (n <= 1) return 0;
  const auto whole = static_cast<std::uint32_t>(std::bit_width(n) - 1);
  // The mantissa in [1, 2) as 1.31 bits; each squaring gives one binary digit of its logarithm.
  std::uint64_t mantissa = whole >= 31 ? n >> (whole - 31) : n << (31 - whole);
  std::uint64_t fraction = 0;
  for (int digit = 0; digit < 16; ++digit) {
    mantissa = mantissa * mantissa >> 31;
    fraction <<= 1;
    if (mantissa >= std::uint64_t{1} << 32) {
      mantissa >>= 1;
      fraction |= 1;
    }
  }
  return 1000 * whole + static_cast<std::uint32_t>(fraction * 1000 >> 16);
}

std::uint32_t surprise_millibits(std::uint64_t p) noexcept {
  return 30'000 - log2_thousandths(std::clamp<std::uint64_t>(p, 1, one));
}

Background::RowSet Background::rows_of(const Nast& tree) {
  RowSet rows;
  rows.set(class_row);
  rows.set(context_row);
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const NastNode& node = tree.nodes[i];
    if (!is_hole(node)) rows.set(kind_of(node));
    if (has_word(node)) rows.set(word_cell(tree, i).row);
  }
  return rows;
}

void Background::count(const Nast& tree) {
  for_each_transition(tree, [&](std::uint8_t parent, std::uint8_t previous, std::uint8_t child) {
    if (increment(rows_[parent], transition_key(previous, child)) == 0) increment(rows_[context_row], child);
  });
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    if (!has_word(tree.nodes[i])) continue;
    const WordCell cell = word_cell(tree, i);
    const auto tokens = static_cast<std::uint16_t>(2 * word_class(tree.nodes[i]));
    increment(rows_[class_row], tokens);
    if (increment(rows_[cell.row], cell.key) == 0) increment(rows_[class_row], static_cast<std::uint16_t>(tokens + 1));
  }
}

std::uint64_t Background::transition(std::uint8_t parent, std::uint8_t previous, std::uint8_t child) const {
  Tally all, under, after;
  for (const auto& [kind, contexts] : rows_[context_row]) {
    all.tokens += contexts;
    ++all.types;
    if (kind == child) all.count = contexts;
  }
  std::uint64_t seen = 0;  // children met under this parent, one bit each
  for (const auto& [key, times] : rows_[parent]) {
    const auto kind = static_cast<std::uint8_t>(key & 0xff);
    seen |= std::uint64_t{1} << kind;
    ++under.tokens;
    if (kind == child) ++under.count;
    if (key >> 8 != previous) continue;
    after.tokens += times;
    ++after.types;
    if (kind == child) after.count = times;
  }
  under.types = static_cast<std::uint64_t>(std::popcount(seen));
  return discounted(after, discounted(under, discounted(all, one / alphabet)));
}

std::uint32_t Background::word_millibits(const Nast& tree, std::uint32_t node) const {
  if (!has_word(tree.nodes[node])) return 0;
  const WordCell cell = word_cell(tree, node);
  const auto tokens = static_cast<std::uint16_t>(2 * word_class(tree.nodes[node]));
  const Tally tally{count_in(rows_[class_row], tokens),
                    count_in(rows_[class_row], static_cast<std::uint16_t>(tokens + 1)),
                    count_in(rows_[cell.row], cell.key)};
  const auto bytes = static_cast<std::uint32_t>(std::min<std::size_t>(tree.symbol(node).size(), max_spelled_bytes));
  return surprise_millibits(discounted(tally, one >> (spelled_bits * bytes)));
}

std::uint32_t Background::class_millibits(const Nast& tree, std::uint32_t node) const {
  return log2_thousandths(count_in(rows_[class_row], static_cast<std::uint16_t>(2 * word_class(tree.nodes[node]))));
}

std::uint64_t Background::millibits(const Nast& tree) const {
  std::uint64_t total = 0;
  for_each_transition(tree, [&](std::uint8_t parent, std::uint8_t previous, std::uint8_t child) {
    total += surprise_millibits(transition(parent, previous, child));
  });
  std::vector<bool> met(tree.symbols.size(), false);
  std::uint64_t names = 0;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const NastNode& node = tree.nodes[i];
    total += word_millibits(tree, i);
    if (is_hole(node) || node.symbol == 0 || !syntax::is_local_name(node)) continue;
    total += log2_thousandths(1 + names);
    if (met[node.symbol - 1]) continue;
    met[node.symbol - 1] = true;
    ++names;
  }
  return total;
}

std::string encode_background_row(const BackgroundRow& row) {
  std::string bytes;
  base::WireWriter out(bytes);
  out.varint(row.size());
  std::uint32_t last = 0;
  for (const auto& [key, count] : row) {
    out.varint(key - last);
    out.varint(count);
    last = key;
  }
  return bytes;
}

Result<BackgroundRow> decode_background_row(std::string_view bytes) {
  base::WireReader in(bytes);
  const std::uint64_t size = in.varint();
  BackgroundRow row;
  std::uint64_t key = 0;
  bool good = in.ok() && size <= in.remaining();
  for (std::uint64_t i = 0; good && i < size; ++i) {
    const std::uint64_t step = in.varint();
    const std::uint64_t count = in.varint();
    good = in.ok() && step <= UINT16_MAX && (i == 0 || step > 0) && count > 0 && count <= max_count;
    key += step;
    good = good && key <= UINT16_MAX;
    if (good) row.emplace_back(static_cast<std::uint16_t>(key), static_cast<std::uint32_t>(count));
  }
  if (!good || !in.at_end())
    return fail(ErrorCode::bad_data, "damaged counts of the grammar background",
                "rebuild the knowledge from its journal");
  return row;
}

}  // namespace autodev::mine
