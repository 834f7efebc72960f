// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Postings: which documents have a term, and how strongly.
//
// A block holds all postings of 4,096 consecutive document numbers in one value, so that a rare term costs 6 bytes
// there and not an entry of a tree, and erasing a document means rewriting its block without it: nothing else has to
// know what words it had.
//
//   block   := end:u32 x 1024  check:u32 x 1024  bucket x 1024
//   bucket  := list*                            terms with the same first 10 bits, ascending
//   list    := head:u32 [count:u16] posting*    head = the term's other 30 bits << 2 | count, 0 when the count follows
//   posting := number in the block << 4 | step  u16
//
// A list of 384 or more is a bitmap of 512 bytes, for each 128 documents how many come before them (u16 x 32), and then
// its steps, two a byte, padded to an even number of bytes. `end` counts from the first bucket; the check covers a
// bucket, its number and the block's. Steps are weighted frequencies (16 of them). A term is looked up by one directory
// and one bucket of some 400 bytes a block.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "base/kv.h"
#include "index/index_format.h"

namespace autodev::index {

/// The step (0..15) that stands for a weighted frequency: the largest one not above it.
[[nodiscard]] std::uint8_t frequency_step(std::uint32_t frequency) noexcept;
inline constexpr std::uint8_t step_count = 16;
/// The weighted frequency a step stands for: 1 .. 48.
[[nodiscard]] double step_frequency(std::uint8_t step) noexcept;

/// A view of one term's postings in one block.
class PostingBlock {
 public:
  /// Lists from this length on are bitmaps: 576 + n/2 bytes are no more than 2n then.
  static constexpr std::uint32_t least_dense = 384;
  static constexpr std::uint32_t rank_documents = 128;
  static constexpr std::size_t bitmap_bytes = block_documents / 8;
  static constexpr std::size_t steps_start = bitmap_bytes + 2 * (block_documents / rank_documents);

  /// `bytes` are what follows head and count, `size` of them postings.
  PostingBlock(std::uint32_t block, std::uint32_t size, const char* bytes) noexcept
      : first_(block * block_documents), size_(size), bytes_(bytes) {}
  /// Bytes behind head and count.
  [[nodiscard]] static constexpr std::size_t bytes_of(std::uint32_t size) noexcept {
    return size < least_dense ? 2 * std::size_t{size} : steps_start + (std::size_t{size} + 3) / 4 * 2;
  }
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint32_t first_document() const noexcept { return first_; }
  /// Weighted frequency in one document of the block; absent if it lacks the term. Logarithmic.
  [[nodiscard]] std::optional<double> frequency(std::uint32_t document) const noexcept;
  /// Calls visit(number within the block, step), ascending.
  template <typename Visit>
  void for_each(const Visit& visit) const {
    if (size_ < least_dense) {
      for (std::uint32_t i = 0; i < size_; ++i) {
        const std::uint32_t posting = raw(i);
        visit(posting >> 4, static_cast<std::uint8_t>(posting & 15));
      }
      return;
    }
    std::uint32_t i = 0;
    for (std::uint32_t word = 0; word < block_documents / 64; ++word)
      for (std::uint64_t bits = bitmap_word(word); bits != 0 && i < size_; bits &= bits - 1, ++i)
        visit(word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits)), dense_step(i));
  }
  /// Of a bitmap: who of 64 documents has the term.
  [[nodiscard]] std::uint64_t bitmap_word(std::uint32_t word) const noexcept {
    std::uint64_t bits = 0;
    for (std::uint32_t i = 0; i < 8; ++i)
      bits |= std::uint64_t{static_cast<std::uint8_t>(bytes_[word * 8 + i])} << (8 * i);  // one load on most machines
    return bits;
  }

 private:
  [[nodiscard]] std::uint32_t u16(std::size_t at) const noexcept {
    return static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes_[at])) |
           static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes_[at + 1])) << 8;
  }
  [[nodiscard]] std::uint32_t raw(std::uint32_t i) const noexcept { return u16(std::size_t{2} * i); }
  [[nodiscard]] std::uint8_t dense_step(std::uint32_t i) const noexcept {
    return (static_cast<std::uint8_t>(bytes_[steps_start + i / 2]) >> (4 * (i % 2))) & 15;
  }
  std::uint32_t first_, size_;
  const char* bytes_;
};

/// All blocks of a term, ascending. They live as long as the list and the transaction.
class PostingList {
 public:
  [[nodiscard]] const std::vector<PostingBlock>& blocks() const noexcept { return blocks_; }
  /// Number of documents that have the term.
  [[nodiscard]] std::uint64_t documents() const noexcept { return documents_; }
  /// Weighted frequency in one document; absent if it lacks the term. Logarithmic.
  [[nodiscard]] std::optional<double> frequency(std::uint32_t document) const noexcept;

 private:
  friend class PostingReader;
  std::vector<PostingBlock> blocks_;
  std::uint64_t documents_ = 0;
  std::vector<std::unique_ptr<char[]>> copies_;  ///< of postings that do not lie in the store
  char* room_ = nullptr;                         ///< what is left of the last one
  std::size_t left_ = 0;
};

/// The lists of several terms, in the order given; an empty one for a term that no document has.
/// @param documents  numbers given out so far, where known: missing blocks are then noticed
/// Errors: `bad_data` where a block is missing or what was read of it altered.
[[nodiscard]] Result<std::vector<PostingList>> read_postings(const base::KvRead& state, std::uint32_t documents,
                                                             const std::vector<TermKey>& terms);

/// Changes of postings, collected and then applied block by block.
class PostingChanges {
 public:
  /// A document's posting of a term it did not have, or not since forget().
  void set(TermKey term, std::uint32_t document, std::uint32_t frequency);
  /// Takes out all postings of a document, stored and collected. Costs a pass over its block, shared by all of apply().
  void forget(std::uint32_t document);
  [[nodiscard]] std::size_t size() const noexcept { return changes_.size(); }
  /// Merges all changes into the stored blocks and forgets them.
  [[nodiscard]] Result<void> apply(base::KvWrite& state);

  struct Change {
    std::uint64_t key;     ///< block, then term key
    std::uint16_t offset;  ///< within the block
    std::uint8_t step;
  };

 private:
  void drop_forgotten();
  std::vector<Change> changes_;
  std::map<std::uint32_t, std::size_t> forgotten_;  ///< document -> changes before this one are void
};

}  // namespace autodev::index
