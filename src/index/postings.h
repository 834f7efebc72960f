// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Postings: which documents have a term, and how strongly.
//
// A block holds the postings of one term in 4,096 consecutive document numbers, ascending, two bytes each:
// 12 bits of number within the block and 4 bits of weighted term frequency in 16 steps. Fixed width
// makes a block its own index (binary search), its size the document frequency, and reading it a plain loop. A
// checksum of 16 bits, over key and postings, stands at the end: most blocks are short.
#pragma once

#include <cstdint>
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
/// The weighted frequency a step stands for: 1 .. 48.
[[nodiscard]] double step_frequency(std::uint8_t step) noexcept;

/// A view of one block as stored.
class PostingBlock {
 public:
  PostingBlock(std::uint32_t block, std::string_view bytes) : first_(block * block_documents), bytes_(bytes) {}
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() / 2; }
  [[nodiscard]] std::uint32_t document(std::size_t i) const noexcept { return first_ + (raw(i) >> 4); }
  [[nodiscard]] std::uint8_t step(std::size_t i) const noexcept { return static_cast<std::uint8_t>(raw(i) & 15); }
  [[nodiscard]] std::uint32_t first_document() const noexcept { return first_; }
  /// Weighted frequency in one document of the block; absent if it lacks the term. Logarithmic.
  [[nodiscard]] std::optional<double> frequency(std::uint32_t document) const noexcept;

 private:
  [[nodiscard]] std::uint32_t raw(std::size_t i) const noexcept {
    return static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes_[2 * i])) |
           static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes_[2 * i + 1])) << 8;
  }
  std::uint32_t first_;
  std::string_view bytes_;
};

/// All blocks of a term, ascending. The views live as long as the transaction.
class PostingList {
 public:
  [[nodiscard]] static Result<PostingList> read(const base::KvRead& state, TermKey key);
  [[nodiscard]] const std::vector<PostingBlock>& blocks() const noexcept { return blocks_; }
  /// Number of documents that have the term.
  [[nodiscard]] std::uint64_t documents() const noexcept { return documents_; }
  /// Weighted frequency in one document; absent if it lacks the term. Logarithmic.
  [[nodiscard]] std::optional<double> frequency(std::uint32_t document) const noexcept;

 private:
  std::vector<PostingBlock> blocks_;
  std::uint64_t documents_ = 0;
};

/// Changes of postings, collected and then applied in key order. The last change of a posting wins.
class PostingChanges {
 public:
  void set(TermKey term, std::uint32_t document, std::uint32_t frequency);
  void remove(TermKey term, std::uint32_t document);
  [[nodiscard]] std::size_t size() const noexcept { return changes_.size(); }
  /// Merges all changes into the stored blocks and forgets them.
  [[nodiscard]] Result<void> apply(base::KvWrite& state);

 private:
  struct Change {
    std::uint64_t key;     ///< term key and block, as in the table
    std::uint16_t offset;  ///< within the block
    std::uint8_t step;     ///< removed: none
  };
  std::vector<Change> changes_;
};

}  // namespace autodev::index
