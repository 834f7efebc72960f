// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Our arm: retrieve, gate, adapt, verify, and apply only what like candidates' record supports.
//
// What it learns after each cycle is the solution and one outcome for its calibration. When it applied, `from_model`
// tells whether the cycle ended with its own code. When it abstained, its best candidate counts as right only if it is
// the model's code up to layout and local names. That is stricter than correctness: right but different code counts as
// wrong, so the record errs towards abstaining. Hidden tests are not consulted.
#include <fmt/format.h>

#include <optional>

#include "apply/arm.h"
#include "apply/calibrate.h"
#include "apply/code_tokens.h"
#include "apply/equal.h"
#include "apply/header.h"
#include "apply/prose.h"
#include "apply/retrieve.h"
#include "apply/reuse_bound.h"
#include "apply/search.h"
#include "base/hash.h"

namespace autodev::apply {
namespace {

class AdaptingArm final : public Arm {
 public:
  AdaptingArm(Sandbox& sandbox, const ArmOptions& options, Tamper tamper)
      : sandbox_(sandbox), options_(options), tamper_(tamper), bound_(options.epsilon, !options.one_answer) {}

  Result<Attempt> propose(const VisibleTask& task) override {
    pending_.reset();
    library_.study();
    Attempt attempt;
    AUTODEV_TRY_ASSIGN(auto found, search(sandbox_, library_, task, options_));
    attempt.attempts = found.attempts;
    attempt.untried = found.untried;
    if (!found.best) {
      if (found.likeliest && found.unfounded == 0 && found.attempts > 0) attempt.failed_code = found.likeliest->code;
      attempt.reason = why_none(found);
      return attempt;
    }
    const auto& best = *found.best;
    attempt.p_success = calibration_.probability(best.features, task.stream);
    const auto features = vector_of(best.features);
    attempt.features.assign(features.begin(), features.end());
    attempt.code = best.candidate.code;
    attempt.visible_passed = best.visible_passed;
    for (const auto source : best.candidate.sources)
      attempt.patterns.push_back(pattern_of(library_.at(source).code, task.language));
    const bool sure = attempt.p_success >= bound_.needed();
    attempt.answer = sure ? Answer::apply : Answer::draft;
    attempt.reason = fmt::format("p = {:.3f}, {:.3f} needed: {}", attempt.p_success, bound_.needed(),
                                 calibration_.explain(best.features, task.stream, 5));
    for (const auto& rewrite : best.candidate.learned) attempt.reason += "; learned " + rewrite;
    AUTODEV_TRY(renew(task, best, attempt));
    pending_ = Shadow{best.features, attempt.code, sure};
    return attempt;
  }

  Result<void> learn(const VisibleTask& task, const std::string& code, bool from_model) override {
    if (pending_) {
      if (pending_->applied) bound_.count(!from_model);
      calibration_.reveal(pending_->features, task.stream, revealed(*pending_, task, code, from_model));
      pending_.reset();
    }
    remember({task, parse_signature(task.signature, task.language), code});
    return {};
  }

 private:
  struct Shadow {
    CandidateFeatures features;
    std::string code;
    bool applied = false;
  };

  static std::string why_none(const SearchResult& found) {
    if (found.attempts == 0) return "no earlier solution could be fitted";
    if (found.unfounded == 0) return fmt::format("none of {} candidates passed the visible tests", found.attempts);
    return fmt::format("{} of {} candidates passed the visible tests, but so does the opposite: they cannot tell which is wanted", found.unfounded,
                       found.attempts);
  }

  /// Comments and docstrings speak of the new task; a docstring can be read by a program, so it is verified again.
  Result<void> renew(const VisibleTask& task, const Found& best, Attempt& attempt) {
    auto prose = renew_prose(best.candidate.code, library_.at(best.candidate.sources[0]), task,
                             [this](std::string_view word) { return library_.is_common(word); });
    if (prose.docstring_changed && best.visible_passed) {
      AUTODEV_TRY_ASSIGN(const Check verdict, check(sandbox_, task, options_, prose.code));
      if (verdict != Check::passed) return {};
    }
    attempt.code = std::move(prose.code);
    return {};
  }

  void remember(Learned learned) {
    const auto number = library_.size();
    if (tamper_ == Tamper::shuffled) {  // an earlier one, never its own: a single intact entry would be a template for all
      const auto taught = codes_.size();
      codes_.emplace_back(learned.code, learned.shape.entry);
      if (taught == 0) return;
      const auto& other = codes_[base::mix64(options_.seed, taught) % taught];
      learned.code = rename_identifier(other.first, learned.task.language, other.second, learned.shape.entry);
    }
    if (tamper_ == Tamper::poisoned) {
      const auto header = find_header(learned.code, learned.task.language, learned.shape.entry);
      learned.code =
          poisoned(learned.code, learned.task.language, header ? header->end : 0, base::mix64(options_.seed, number));
    }
    library_.add(std::move(learned));
  }

  static Revealed revealed(const Shadow& shadow, const VisibleTask& task, const std::string& code, bool from_model) {
    if (shadow.applied) return from_model ? Revealed::wrong : Revealed::right;
    const bool same =
        alpha_equal_code(shadow.code, code, task.language) ||
        (shadow.features.tests_passed && same_but_for_constant_arguments(shadow.code, code, task.language));
    return same ? Revealed::right : Revealed::different;
  }

  Sandbox& sandbox_;
  ArmOptions options_;
  Tamper tamper_;
  std::vector<std::pair<std::string, std::string>> codes_;  ///< code and entry, for shuffling
  Library library_;
  Calibration calibration_;
  ReuseBound bound_;
  std::optional<Shadow> pending_;
};

}  // namespace

std::unique_ptr<Arm> make_adapting_arm(Sandbox& sandbox, const ArmOptions& options, Tamper tamper) {
  return std::make_unique<AdaptingArm>(sandbox, options, tamper);
}

}  // namespace autodev::apply
