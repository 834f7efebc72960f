// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Attempts of a cycle, and how the patterns served that an implementation was made from.
#include "learn/learner.h"

namespace autodev::learn {

std::vector<knowledge::Taught> study_cycle(const LearningEvent& event) {
  std::vector<knowledge::Taught> taught;
  if (event.outcome.verdict == Verdict::unknown) return taught;
  if (is_executed(event) && !event.outcome.flaky)
    for (const PatternId& pattern : event.patterns_used)
      taught.push_back(
          {knowledge::PatternApplied{pattern, event.outcome.verdict == Verdict::passed}, "pattern-applied"});
  taught.push_back({knowledge::CycleAttempt{event.cycle, event.outcome.verdict, event.outcome.strength,
                                            event.success.llm_calls_used, event.success.implementation_time,
                                            static_cast<std::uint32_t>(event.patterns_used.size())},
                    "attempt"});
  return taught;
}

std::vector<knowledge::Taught> study(const LearningEvent& event) {
  std::vector<knowledge::Taught> all = study_success(event);
  for (auto& taught : study_failure(event)) all.push_back(std::move(taught));
  for (auto& taught : study_fix(event)) all.push_back(std::move(taught));
  for (auto& taught : study_cycle(event)) all.push_back(std::move(taught));
  for (auto& taught : study_errors(event)) all.push_back(std::move(taught));
  return all;
}

}  // namespace autodev::learn
