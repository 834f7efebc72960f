// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The oracle: our candidates, chosen by the scorer itself. It cheats by construction and says so; the distance between
// it and `ours` is what better judgement could still win, its distance to 100 % is what only better adaptation could.
#include "apply/arm.h"
#include "apply/retrieve.h"
#include "apply/search.h"

namespace autodev::apply {
namespace {

constexpr std::size_t judged_candidates = 12;  // as many as ours may try where each needs a process

class OracleArm final : public Arm {
 public:
  OracleArm(Sandbox& sandbox, const ArmOptions& options) : sandbox_(sandbox), options_(options) {}

  Result<Attempt> propose(const VisibleTask& task) override {
    Attempt attempt;
    if (!options_.judge) return attempt;
    library_.study();
    AUTODEV_TRY_ASSIGN(const auto found, search(sandbox_, library_, task, options_));
    attempt.attempts = found.attempts;
    for (std::size_t i = 0; i < found.passing.size() && i < judged_candidates; ++i) {
      const auto& candidate = found.passing[i];
      AUTODEV_TRY_ASSIGN(const bool right, options_.judge(task, candidate.code));
      if (!right) continue;
      attempt.answer = Answer::apply;
      attempt.code = candidate.code;
      attempt.p_success = 1;
      attempt.visible_passed = true;
      for (const auto source : candidate.sources)
        attempt.patterns.push_back(pattern_of(library_.at(source).code, task.language));
      attempt.reason = "the scorer accepted it";
      break;
    }
    return attempt;
  }

  Result<void> learn(const VisibleTask& task, const std::string& code, bool) override {
    library_.add({task, parse_signature(task.signature, task.language), code});
    return {};
  }

 private:
  Sandbox& sandbox_;
  ArmOptions options_;
  Library library_;
};

}  // namespace

std::unique_ptr<Arm> make_oracle_arm(Sandbox& sandbox, const ArmOptions& options) {
  return std::make_unique<OracleArm>(sandbox, options);
}

}  // namespace autodev::apply
