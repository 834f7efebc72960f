// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Nearest: BM25 over earlier tasks, by the words of specification and signature.
//
// This is the whole retrieval of the `nearest` baseline and one of two signals of ours. It lives in memory and grows one
// task at a time, because in a test-then-train loop the future must not be there (Robertson & Zaragoza 2009 for
// the formula; k1 = 1.2, b = 0.75 are its usual values, not tuned).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "apply/task.h"

namespace autodev::apply {

struct Neighbour {
  std::size_t task = 0;  ///< number given by add()
  double score = 0;      ///< BM25
  double share = 0;      ///< score relative to the query matched against itself, [0, ~1]
};

class TaskIndex {
 public:
  /// Returns the task's number, 0, 1, 2, ...
  std::size_t add(const VisibleTask& task);
  /// Best first, at most `limit`; ties: the later task first. Only tasks of the same language.
  [[nodiscard]] std::vector<Neighbour> nearest(const VisibleTask& task, std::size_t limit) const;
  /// Rarity of a base-form word: log(1 + (N - df + 0.5) / (df + 0.5)).
  [[nodiscard]] double rarity(std::string_view word) const;
  /// In how many tasks a base-form word stands.
  [[nodiscard]] std::size_t tasks_with(std::string_view word) const;
  [[nodiscard]] std::size_t size() const noexcept { return lengths_.size(); }

 private:
  struct Posting {
    std::uint32_t task = 0, count = 0;
  };
  std::unordered_map<std::string, std::vector<Posting>> postings_;
  std::vector<std::uint32_t> lengths_;
  std::vector<Language> languages_;
  std::uint64_t total_length_ = 0;
};

/// Base-form words of specification and signature without fillers, in order.
[[nodiscard]] std::vector<std::string> task_words(const VisibleTask& task);

}  // namespace autodev::apply
