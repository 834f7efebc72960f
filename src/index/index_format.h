// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The tables of the index: their names, keys and small records.
//
//   istat  "head"                      -> Head: counters and the names of the schemes
//   docid  bucket (2 bytes, BE)        -> numbers of the ids that begin so (see document_table.h)
//   doc    block (4 bytes, BE)         -> ids and fingerprints of 169 documents (see document_table.h)
//   doclen block (4 bytes, BE)         -> weighted lengths of 4,096 documents, u16 each
//   post   block (4 bytes, BE)         -> postings of 4,096 documents (see postings.h)
//   vbit   block (4 bytes, BE)         -> signs of the vectors of 2,048 documents (see vector_blocks.h)
//   vec    block (4 bytes, BE)         -> vectors, one byte a dimension (see vector_blocks.h)
//
// Everything is partitioned by *document number*, never by how much was written at once. So the bytes are a
// function of the documents and their numbers, whatever the flushes and transactions were, and erasing a
// document really removes its postings. Term keys are 40 bits of XXH3: among a million terms an unknown query word
// meets a foreign list once in a million queries.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "autodev/error.h"
#include "autodev/ids.h"
#include "base/kv.h"

namespace autodev::index {

inline constexpr base::Table head_table = "istat";
inline constexpr base::Table record_table = "docid";
inline constexpr base::Table id_table = "doc";
inline constexpr base::Table length_table = "doclen";
inline constexpr base::Table posting_table = "post";
inline constexpr base::Table bit_table = "vbit";
inline constexpr base::Table vector_table = "vec";

/// Where the two grains of a space's vectors lie.
struct VectorTables {
  base::Table bits = bit_table, rows = vector_table;
};

/// Documents per posting and length block: 12 bits of a posting.
inline constexpr std::uint32_t block_documents = 4096;

/// What a term is. Each sort has keys of its own, so the word "rust" and the language never mix.
enum class TermSort : std::uint8_t { word = 0, whole = 1, language = 2, kind = 3, framework = 4, pattern = 5 };

/// 40-bit key of a term.
using TermKey = std::uint64_t;
[[nodiscard]] TermKey term_key(TermSort sort, std::string_view text) noexcept;

/// Its 5 bytes, big-endian.
[[nodiscard]] std::string term_prefix(TermKey key);

/// Big-endian bytes, so that keys are ordered by number.
[[nodiscard]] std::string number_key(std::uint32_t number);
[[nodiscard]] std::string_view id_key(const PatternId& id) noexcept;

/// The record "head". Absent = nothing was ever indexed.
struct Head {
  std::uint64_t documents = 0;     ///< live documents
  std::uint32_t next_number = 0;   ///< number of the next new document
  std::uint64_t total_length = 0;  ///< sum of the weighted lengths of the live documents
  std::uint32_t dimensions = 0;
  std::string words, embedder;  ///< names of the schemes the index was built with

  [[nodiscard]] double average_length() const noexcept {
    return documents == 0 ? 1.0 : static_cast<double>(total_length) / static_cast<double>(documents);
  }
};

/// Errors: `config` when the index was built with other words, another embedder or another format.
[[nodiscard]] Result<std::optional<Head>> read_head(const base::KvRead& state);
/// The same, and checks that `embedder` (name and dimensions) is the one the vectors were made with.
[[nodiscard]] Result<std::optional<Head>> read_head_for(const base::KvRead& state, std::string_view embedder,
                                                        std::uint32_t dimensions);
[[nodiscard]] Result<void> write_head(base::KvWrite& state, const Head& head);

/// What is said of a part of the index that is not as it was written.
[[nodiscard]] tl::unexpected<Error> damaged(std::string_view what, std::uint64_t number);

/// A value with a checksum of 32 bits at its end, over its bytes and its block number.
void seal(std::string& bytes, std::uint32_t number);
[[nodiscard]] bool is_sealed(std::string_view value, std::uint32_t number) noexcept;
[[nodiscard]] inline std::string_view sealed_part(std::string_view value) noexcept {
  return value.substr(0, value.size() - std::min<std::size_t>(4, value.size()));
}

}  // namespace autodev::index
