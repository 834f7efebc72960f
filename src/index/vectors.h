// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Vectors: every document's vector in two grains, and the scan over them.
//
//   bits  32 bytes at 256 dimensions: the signs of the rotated vector, read for every document (bit_scan.h)
//   rows  one signed byte a dimension and a scale: read for the best few hundred of the first pass, or for all
//         documents where they are few
//
// There is no graph and nothing to train: appending is writing, erasing clears a bit, a filter is a bitmap that is
// applied before anything is refined. On real code vectors this beats graph indexes (docs/retrieval-index.md).
// Everything read is checked against its checksum first: altered bytes are an error (`bad_data`), never an answer.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "base/kv.h"
#include "index/bit_scan.h"
#include "index/bitmap.h"
#include "index/embedder.h"
#include "index/index_format.h"
#include "index/rotation.h"

namespace autodev::index {

struct ScoredDocument {
  std::uint32_t document = 0;
  double score = 0;
};

/// Better first: by score, then by number.
[[nodiscard]] inline bool better(const ScoredDocument& a, const ScoredDocument& b) noexcept {
  return a.score != b.score ? a.score > b.score : a.document < b.document;
}

struct ScanOptions {
  std::optional<CpuPath> path;            ///< the fastest one when absent; all give the same results
  std::uint32_t documents = 0;            ///< numbers given out so far, where known: missing blocks are then noticed
  std::uint32_t refined = 0;              ///< documents of the first pass that are refined; 0: by the number of documents
  std::uint32_t exact_up_to = 8192;       ///< up to this many documents all rows are compared
  VectorTables tables = {};
};

/// Nearest neighbours of one query over a consistent view.
class VectorIndex {
 public:
  virtual ~VectorIndex() = default;
  /// The `count` documents with the largest cosine, best first. Only documents in `allowed` unless it is null.
  [[nodiscard]] virtual Result<std::vector<ScoredDocument>> nearest(const Vector& query, const Bitmap* allowed,
                                                                    std::size_t count) const = 0;
  /// Cosines of single documents, in the order given; 0 for a number without a document.
  [[nodiscard]] virtual Result<std::vector<double>> similarities(const Vector& query,
                                                                 const std::vector<std::uint32_t>& documents) const = 0;
};

[[nodiscard]] std::unique_ptr<VectorIndex> open_vector_scan(const base::KvRead& state, std::uint32_t dimensions,
                                                            const ScanOptions& options = {});

/// Writes vectors; blocks are kept in memory until apply().
class VectorChanges {
 public:
  VectorChanges(base::KvWrite& state, std::uint32_t dimensions, VectorTables tables = {});
  /// A vector of zeros is kept as no vector. Errors: `bad_data` when a value is not finite.
  [[nodiscard]] Result<void> set(std::uint32_t document, const Vector& vector);
  [[nodiscard]] Result<void> remove(std::uint32_t document);
  [[nodiscard]] Result<void> apply();

 private:
  using Blocks = std::map<std::uint32_t, std::string>;
  [[nodiscard]] Result<std::string*> block(Blocks& blocks, base::Table table, std::uint32_t number, std::size_t bytes);
  base::KvWrite& state_;
  std::uint32_t dimensions_;
  VectorTables tables_;
  Rotation rotation_;
  std::vector<float> rotated_;
  Blocks bits_, rows_;
};

}  // namespace autodev::index
