// SPDX-License-Identifier: MIT OR Apache-2.0
//
// QueryLearner: learns from pairs of a text and the code that was meant by it.
//
// One step of contrastive learning a pair (InfoNCE, as the built-in table was learned, but with one pair at a time): the text's vector
// is moved towards the code's and away from those of the last 64 patterns, by as much as it confuses them. What it already finds
// moves it hardly at all. The move is shared by the text's stems, each of which is changed by at most a third of its length. A stem is
// changed from its second text on: most stems of a project occur in one text only and would be three quarters of the bytes.
// An accepted or rejected answer moves the query's stems directly, whatever they were confused with.
//
// Code and numbers: docs/embedder.md, "Learning on". Deterministic on every processor: similarities of integers, additions in a
// fixed order, no functions of the mathematical library but the square root.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "index/embedder.h"
#include "index/learned_stems.h"
#include "index/search_index.h"

namespace autodev::index {

/// Stems that are kept. Beyond, those that fewest texts have are dropped, the older ones of them first.
inline constexpr std::uint32_t max_learned_stems = 8192;

class QueryLearner {
 public:
  /// Learns nothing when the embedder's vectors are not sums of stems in 256 dimensions.
  QueryLearner(base::KvWrite& state, const Embedder& embedder);

  /// `vector`: the stored vector of the pattern that was meant.
  Result<void> learn(const Said& said, const PatternId& meant, const Vector& vector);
  Result<void> judge(std::string_view query, const Vector& vector, bool accepted);
  /// Rows wait in memory until this.
  Result<void> flush();

 private:
  struct Text;

  [[nodiscard]] Result<std::optional<Text>> read(std::string_view text);
  Result<LearnedRow*> row(std::uint64_t stem);
  Result<void> change(const Text& text, const std::vector<float>& direction, float step, bool at_once);
  Result<void> drop_rare();
  void remember(const PatternId& id, const SignedBytes& values);
  Result<void> open();

  base::KvWrite& state_;
  const Embedder& embedder_;
  bool opened_ = false, recent_changed_ = false;
  LearnedHead head_;
  RecentPatterns recent_;
  std::map<std::uint64_t, LearnedRow> rows_;
};

}  // namespace autodev::index
