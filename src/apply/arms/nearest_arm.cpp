// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The baseline to beat: copy the most similar earlier solution, change only the entry point's name, and apply it when
// the visible tests pass or when there are none.
#include <vector>

#include "apply/arm.h"
#include "apply/nearest.h"
#include "apply/signature_shape.h"
#include "apply/tamper.h"
#include "apply/verify.h"

namespace autodev::apply {
namespace {

class NearestArm final : public Arm {
 public:
  explicit NearestArm(Sandbox& sandbox) : sandbox_(sandbox) {}

  Result<Attempt> propose(const VisibleTask& task) override {
    Attempt attempt;
    const auto neighbours = index_.nearest(task, 1);
    if (neighbours.empty()) return attempt;
    const Solution& source = solutions_[neighbours[0].task];
    attempt.code = rename_identifier(source.code, task.language, source.entry,
                                     parse_signature(task.signature, task.language).entry);
    AUTODEV_TRY_ASSIGN(const Check check, check_visible(sandbox_, task, attempt.code));
    attempt.attempts = 1;
    attempt.patterns = {pattern_of(source.code, task.language)};
    attempt.visible_passed = check == Check::passed;
    attempt.p_success = std::min(1.0, neighbours[0].share);  // it has nothing better to say
    attempt.answer = check == Check::failed ? Answer::draft : Answer::apply;
    return attempt;
  }

  Result<void> learn(const VisibleTask& task, const std::string& code, bool) override {
    index_.add(task);
    solutions_.push_back({code, parse_signature(task.signature, task.language).entry});
    return {};
  }

 private:
  struct Solution {
    std::string code, entry;
  };
  Sandbox& sandbox_;
  TaskIndex index_;
  std::vector<Solution> solutions_;
};

}  // namespace

std::unique_ptr<Arm> make_nearest_arm(Sandbox& sandbox) {
  return std::make_unique<NearestArm>(sandbox);
}

}  // namespace autodev::apply
