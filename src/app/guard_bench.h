// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Guard benches: pairs of failed and fixed code go through the same journal, study, fold and check as in use.
//
//   guards         learn from pairs of some groups, check the code of others: which side is flagged?
//   resubmission   learn each pair, submit the failed code again, exactly and with small changes elsewhere
//
// Every pair is two events: the failed attempt, and the pass that replaced it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/json.h"
#include "mine/guard_level.h"

namespace autodev::app {

struct CodePair {
  std::string id, group;
  Language language = Language::unknown;
  std::string failed, fixed;
};

/// JSON Lines {id, group, language, buggy, fixed}; `bad_data` names line and member.
[[nodiscard]] Result<std::vector<CodePair>> read_pairs(std::string_view text, std::string_view what);

struct GuardBenchOptions {
  mine::GuardLevel level = mine::GuardLevel::advise;  ///< findings below it do not count
  std::function<void(const std::string&, std::size_t, std::size_t)> on_progress;
};

/// Keys as in docs/guards.md. Groups of `train` never appear in `test`: those are left out and counted.
[[nodiscard]] Result<base::Json> bench_guards(base::Env& env, const std::vector<CodePair>& train,
                                              const std::vector<CodePair>& test, const GuardBenchOptions& options);
[[nodiscard]] Result<base::Json> bench_resubmission(base::Env& env, const std::vector<CodePair>& pairs,
                                                    const GuardBenchOptions& options);

}  // namespace autodev::app
