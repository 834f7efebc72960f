// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reading, and merging changes into, posting blocks.
#include "index/postings.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/hash.h"

namespace autodev::index {
namespace {

/// Weighted frequencies of the 16 steps: exact where BM25 still tells them apart, then about a fifth apart;
/// with k1 = 1.6 everything above 48 is within 3 % of saturation.
constexpr std::array<std::uint32_t, 16> step_values = {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 25, 32, 48};
constexpr std::uint8_t removed = 0xff;
constexpr std::uint32_t block_bits = 24;

std::string posting_key(std::uint64_t key) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(static_cast<std::uint8_t>(key >> (56 - 8 * i)));
  return bytes;
}

std::uint16_t posting_at(std::string_view block, std::size_t i) noexcept {
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(block[2 * i]) |
                                    static_cast<std::uint8_t>(block[2 * i + 1]) << 8);
}

std::uint16_t check_of(std::string_view key, std::string_view postings) noexcept {
  return static_cast<std::uint16_t>(base::mix64(base::hash64(postings), base::hash64(key)));
}

std::string_view without_check(std::string_view stored) noexcept { return stored.substr(0, stored.size() - 2); }

void append_posting(std::string& block, std::uint16_t posting) {
  block.push_back(static_cast<char>(static_cast<std::uint8_t>(posting)));
  block.push_back(static_cast<char>(static_cast<std::uint8_t>(posting >> 8)));
}

}  // namespace

std::uint8_t frequency_step(std::uint32_t frequency) noexcept {
  const auto above = std::upper_bound(step_values.begin(), step_values.end(), frequency);
  return static_cast<std::uint8_t>(above == step_values.begin() ? 0 : above - step_values.begin() - 1);
}

double step_frequency(std::uint8_t step) noexcept { return step_values[step & 15]; }

Result<PostingList> PostingList::read(const base::KvRead& state, TermKey key) {
  PostingList list;
  const std::string prefix = term_prefix(key);
  Result<void> checked;
  AUTODEV_TRY(state.scan(posting_table, prefix, prefix, [&](std::string_view stored, std::string_view value) {
    std::uint32_t block = 0;
    for (const char c : stored.substr(prefix.size())) block = (block << 8) | static_cast<std::uint8_t>(c);
    if (value.size() < 2 || value.size() % 2 != 0 || value.size() > 2 * (std::size_t{block_documents} + 1) ||
        block >= (1u << (32 - 12)) || posting_at(value, value.size() / 2 - 1) != check_of(stored, without_check(value)))
      checked = damaged("the postings of term", key);
    else
      list.blocks_.emplace_back(block, without_check(value));
    list.documents_ += value.size() / 2 - 1;
    return checked.has_value();
  }));
  AUTODEV_TRY(checked);
  return list;
}

std::optional<double> PostingList::frequency(std::uint32_t document) const noexcept {
  const auto block = std::partition_point(blocks_.begin(), blocks_.end(), [&](const PostingBlock& candidate) {
    return candidate.first_document() + (block_documents - 1) < document;
  });
  if (block == blocks_.end() || block->first_document() > document) return std::nullopt;
  return block->frequency(document);
}

std::optional<double> PostingBlock::frequency(std::uint32_t document) const noexcept {
  std::size_t low = 0, high = size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (this->document(middle) < document)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == size() || this->document(low) != document) return std::nullopt;
  return step_frequency(step(low));
}

void PostingChanges::set(TermKey term, std::uint32_t document, std::uint32_t frequency) {
  changes_.push_back({(term << block_bits) | (document / block_documents),
                      static_cast<std::uint16_t>(document % block_documents), frequency_step(frequency)});
}

void PostingChanges::remove(TermKey term, std::uint32_t document) {
  changes_.push_back({(term << block_bits) | (document / block_documents),
                      static_cast<std::uint16_t>(document % block_documents), removed});
}

Result<void> PostingChanges::apply(base::KvWrite& state) {
  // Stable: of several changes to one posting, the last stays last.
  std::stable_sort(changes_.begin(), changes_.end(), [](const Change& a, const Change& b) {
    return std::pair(a.key, a.offset) < std::pair(b.key, b.offset);
  });
  std::string merged;
  for (auto first = changes_.begin(); first != changes_.end();) {
    const auto end =
        std::find_if(first, changes_.end(), [&](const Change& change) { return change.key != first->key; });
    const std::string key = posting_key(first->key);
    AUTODEV_TRY_ASSIGN(const auto stored, state.get(posting_table, key));
    const std::string_view old = stored && stored->size() >= 2 ? without_check(*stored) : std::string_view();
    merged.clear();
    std::size_t i = 0;
    for (; first != end; ++first) {
      for (; i < old.size() / 2 && (posting_at(old, i) >> 4) < first->offset; ++i)
        append_posting(merged, posting_at(old, i));
      if (std::next(first) != end && std::next(first)->offset == first->offset) continue;
      if (i < old.size() / 2 && (posting_at(old, i) >> 4) == first->offset) ++i;
      if (first->step != removed) append_posting(merged, static_cast<std::uint16_t>(first->offset << 4 | first->step));
    }
    merged.append(old.substr(2 * i));
    if (merged.empty()) {
      AUTODEV_TRY(state.erase(posting_table, key));
    } else if (merged != old) {
      append_posting(merged, check_of(key, merged));
      AUTODEV_TRY(state.put(posting_table, key, merged));
    }
  }
  changes_.clear();
  return {};
}

}  // namespace autodev::index
