// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Vectors: one int8 vector a document, scanned in full.
//
// A chunk holds 64 consecutive document numbers; a row is one f32 scale and `dimensions` int8 values, value =
// scale x int8; a scale of 0 marks a number without a document. The scan is exact up to quantisation (recall@10 0.998
// on code vectors at 115k) and streams 260 bytes a document. VectorIndex is the seam for a coarser first
// pass at a million documents.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "base/kv.h"
#include "index/bitmap.h"
#include "index/embedder.h"

namespace autodev::index {

struct ScoredDocument {
  std::uint32_t document = 0;
  double score = 0;
};

/// Better first: by score, then by number.
[[nodiscard]] inline bool better(const ScoredDocument& a, const ScoredDocument& b) noexcept {
  return a.score != b.score ? a.score > b.score : a.document < b.document;
}

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

[[nodiscard]] std::unique_ptr<VectorIndex> open_vector_scan(const base::KvRead& state, std::uint32_t dimensions);

/// Writes rows; chunks are kept in memory until apply().
class VectorChanges {
 public:
  VectorChanges(base::KvWrite& state, std::uint32_t dimensions) : state_(state), dimensions_(dimensions) {}
  [[nodiscard]] Result<void> set(std::uint32_t document, const Vector& vector);
  [[nodiscard]] Result<void> remove(std::uint32_t document);
  [[nodiscard]] Result<void> apply();

 private:
  [[nodiscard]] Result<std::string*> row(std::uint32_t document);
  base::KvWrite& state_;
  std::uint32_t dimensions_;
  std::map<std::uint32_t, std::string> chunks_;
};

}  // namespace autodev::index
