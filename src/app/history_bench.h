// SPDX-License-Identifier: MIT OR Apache-2.0
//
// History bench: does learning on from a project's own pairs find its code better? Test, then train, commit by commit.
//
// Two tasks on each history. "descriptions": functions are stored without documentation; the first sentence of a newly added
// one's documentation asks for it. "subjects": functions are stored with their descriptions, and a commit's subject asks for
// the functions that the commit adds or changes. In both the commit's functions are stored before the question is asked, what the question
// says is not stored with them, and only after all questions of a commit are judged are they learned from. A text that was asked
// before is not asked again. Arms, on the same documents and questions in one run: the built-in vectors; those adapted by this history so
// far; adapted by another history (the one before it among the files), elsewhere; and adapted by pairs that were put together by chance.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/history_steps.h"
#include "base/json.h"

namespace autodev::app {

struct NamedHistory {
  std::string name;
  std::vector<HistoryStep> steps;
};

struct HistoryBenchOptions {
  std::uint64_t seed = 1;  ///< of the pairs put together by chance, and of the resampling
  std::function<void(const std::string& what, std::size_t done, std::size_t total)> on_progress;
};

/// {"bench": "histories", "histories": [{"name", "functions", task: {"questions", "stems", side: {"built_in", arm: {"ndcg10", "mrr10",
/// "difference", "low", "high"}}}}]}; sides: "dense", "fused". Differences are of nDCG@10 to the built-in vectors, with 95 % of 1,000
/// resamples of whole commits.
[[nodiscard]] Result<base::Json> bench_histories(const std::vector<NamedHistory>& histories, const HistoryBenchOptions& options);

/// The same for people: a line for each history, task and side.
[[nodiscard]] std::string history_table(const base::Json& result);

}  // namespace autodev::app
