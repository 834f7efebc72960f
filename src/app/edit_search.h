// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Edit search: one edit of a file after which a test command passes, the likeliest first, with a belief in it.
//
// The order comes from past fixes of this store (apply/repair_ranking.h). Each candidate is one run of the command, so the search is
// bounded in runs and in time, and says which bound ended it. `learn repair` searches a whole file, `learn implement` the function that it is
// about.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/parts.h"
#include "apply/repair_ranking.h"

namespace autodev::app {

/// A fix made here earlier that changed code in the same way.
struct RepairVoucher {
  PatternId failure;
  std::string name, cause;
};

/// What this store's fixes of one language teach about repairs.
class RepairLessons {
 public:
  /// Every failure that something passed in place of. Cost: all candidates of each, some milliseconds a fix.
  [[nodiscard]] static Result<RepairLessons> of(Parts& parts, Language language);
  [[nodiscard]] const apply::RepairRanking& ranking() const noexcept { return ranking_; }
  [[nodiscard]] std::size_t fixes() const noexcept { return learned_.reachable; }
  /// Past fixes that made the same edit; else those of its kind; at most three.
  [[nodiscard]] std::vector<RepairVoucher> vouchers(const std::string& kind, const std::string& detail) const;

 private:
  apply::RepairRanking ranking_;
  apply::RepairRanking::Learned learned_;
  std::vector<RepairVoucher> failures_;
};

struct EditSearchOptions {
  std::string text;  ///< the file that fails
  Language language = Language::unknown;
  std::uint32_t first_line = 0, last_line = 0;  ///< edits stay within, 1-based, inclusive; 0: everywhere
  double seconds = 60;                          ///< no run begins later
  std::size_t candidates = 2'000;               ///< runs at most
  /// One run with the file as given: it passed. Absent: interrupted.
  std::function<Result<std::optional<bool>>(const std::string& text)> passes;
  std::function<void(std::size_t tried, std::size_t total, std::size_t passing)> on_progress;
};

struct EditSearchResult {
  enum class End : std::uint8_t { exhausted, enough, out_of_time, out_of_runs, interrupted };
  End end = End::exhausted;
  bool repaired = false;
  double probability = 0;    ///< of being right beyond the tests
  std::string kind, detail;  ///< of the edit
  std::uint32_t line = 0;
  std::string after;         ///< the whole file
  std::size_t candidates = 0, tried = 0, passing = 0;
  double seconds = 0;
};

/// Errors: `bad_data` when the file cannot be parsed, and those of `passes`.
[[nodiscard]] Result<EditSearchResult> search_edits(base::Env& env, const RepairLessons& lessons, const EditSearchOptions& options);

/// "number: 1 to 0 (line 4)".
[[nodiscard]] std::string describe_edit(const EditSearchResult& result);

}  // namespace autodev::app
