// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Learners: pure functions from an event to what it teaches (Strategy).
//
// None of them looks at current knowledge: an event teaches the same today, after a replay and on another
// machine. The set has a version; when its meaning changes the version does, and the state is folded
// again from the journal.
//
// | rule                | from                                   | teaches                                     |
// |---------------------|----------------------------------------|---------------------------------------------|
// | verified-pass       | executed, passed                       | each changed unit worked                    |
// | history-stayed      | a commit of a history                  | each changed unit worked, weakly            |
// | failed-attempt      | executed, failed                       | the changed units it is about failed        |
// | failed-then-passed  | passed after a failed attempt          | the earlier code has this replacement       |
// | fix-of-same-lines   | a fix commit                           | the code it replaced failed, weakly         |
// | reverted            | a revert commit                        | the code it removed failed, weakly          |
// | pattern-applied     | any executed event that used patterns  | the pattern served, or did not              |
// | fixed-after-failure | passed after a failed attempt          | edit patterns: what the fix changed         |
// | attempt             | every event with a verdict             | one attempt of its cycle                    |
// | own-tests-pass      | as verified-pass, but only tests of this change passed | as verified-pass, untested  |
// | error-seen          | executed, failed                       | each error, by its signature and cause      |
// | errors-open         | executed, failed                       | the cycle waits for the repair of these     |
// | error-repaired      | passed after a failed attempt          | what was changed repairs the open errors    |
//
// Flaky outcomes and unknown verdicts teach nothing but the attempt and what the machine lacks. A failure that is the
// machine's alone (evidence/error_cause.h) blames no code.
#pragma once

#include <string_view>
#include <vector>

#include "autodev/event.h"
#include "knowledge/observation.h"

namespace autodev::learn {

/// Name of the meaning of all learners together; stored with the folded state.
inline constexpr std::string_view learner_version = "learners/4";

/// Executed evidence: an exit code was seen or a report parsed.
[[nodiscard]] bool is_executed(const LearningEvent& event) noexcept;

/// Success tracker: what worked.
[[nodiscard]] std::vector<knowledge::Taught> study_success(const LearningEvent& event);
/// Failure analyzer: what failed, and what replaced it.
[[nodiscard]] std::vector<knowledge::Taught> study_failure(const LearningEvent& event);
/// What a fix changed (edit patterns).
[[nodiscard]] std::vector<knowledge::Taught> study_fix(const LearningEvent& event);
/// Pattern use and attempts of the cycle.
[[nodiscard]] std::vector<knowledge::Taught> study_cycle(const LearningEvent& event);

/// Errors: which were seen, and what repaired them.
[[nodiscard]] std::vector<knowledge::Taught> study_errors(const LearningEvent& event);

/// All learners, in this order.
[[nodiscard]] std::vector<knowledge::Taught> study(const LearningEvent& event);

}  // namespace autodev::learn
