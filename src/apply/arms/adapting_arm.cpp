// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Our arm: retrieve, gate, adapt, verify, and apply only what like candidates' record supports.
//
// What it learns after each cycle is the solution and one outcome for its calibration. When it applied, `from_model` tells
// whether the cycle ended with its own code. When it abstained, its best candidate counts as right only if it is
// the model's code up to layout and local names. That is stricter than correctness: right but different code counts as
// wrong, so the record errs towards abstaining. Hidden tests are not consulted.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "apply/arm.h"
#include "apply/calibrate.h"
#include "apply/code_tokens.h"
#include "apply/equal.h"
#include "apply/retrieve.h"
#include "apply/verify.h"

namespace autodev::apply {
namespace {

/// Order of trial: unexplained meaning hurts most, then shape and text; the weights order, they do not decide.
double trial_score(const Candidate& c) {
  return 1.5 * (1 - c.spec_residue) + 1.0 * (1 - c.name_residue) + c.shape + 0.5 * std::min(1.0, c.text) +
         (c.same_stream ? 0.2 : 0) - (c.stretched ? 0.5 : 0) + 0.25 * static_cast<double>(c.sources.size() - 1);
}

class AdaptingArm final : public Arm {
 public:
  AdaptingArm(Sandbox& sandbox, const ArmOptions& options) : sandbox_(sandbox), options_(options) {}

  Result<Attempt> propose(const VisibleTask& task) override {
    pending_.reset();
    Attempt attempt;
    AUTODEV_TRY_ASSIGN(const auto chosen, first_passing(task, candidates(task), attempt));
    if (!chosen) {
      attempt.reason = "no earlier solution could be fitted";
      return attempt;
    }
    Shadow shadow;
    shadow.code = chosen->code;
    shadow.features = {attempt.visible_passed, chosen->spec_residue, chosen->name_residue, chosen->sources.size(),
                       chosen->same_stream,    chosen->stretched,    chosen->text};
    attempt.p_success = calibration_.probability(shadow.features, task.stream);
    attempt.code = chosen->code;
    for (const auto source : chosen->sources)
      attempt.patterns.push_back(pattern_of(library_.at(source).code, task.language));
    const bool sure = attempt.p_success >= 1 - options_.epsilon;
    attempt.answer = sure ? Answer::apply : Answer::draft;
    shadow.applied = sure;
    attempt.reason = fmt::format("p = {:.3f}: {}", attempt.p_success, cell_of(shadow.features));
    pending_ = std::move(shadow);
    return attempt;
  }

  Result<void> learn(const VisibleTask& task, const std::string& code, bool from_model) override {
    if (pending_) {
      const bool right = pending_->applied ? !from_model : resembles(*pending_, code, task.language);
      calibration_.reveal(pending_->features, task.stream, right);
      pending_.reset();
    }
    library_.add({task, parse_signature(task.signature, task.language), code});
    return {};
  }

 private:
  struct Shadow {
    CandidateFeatures features;
    std::string code;
    bool applied = false;
  };

  static bool resembles(const Shadow& shadow, const std::string& code, Language language) {
    if (alpha_equal_code(shadow.code, code, language)) return true;
    return shadow.features.tests_passed && same_ingredients(shadow.code, code, language);
  }

  /// Candidates of all neighbours, equal codes joined, best first.
  [[nodiscard]] std::vector<Candidate> candidates(const VisibleTask& task) const {
    const auto shape = parse_signature(task.signature, task.language);
    const Rarity rarity = [this](std::string_view word) { return library_.rarity(word); };
    std::vector<Candidate> all;
    std::map<std::string, std::size_t> by_form;
    for (const auto& neighbour : library_.retrieve(task, shape, options_.neighbours)) {
      for (auto& candidate : adapt(library_.at(neighbour.task), task, shape, neighbour.task, neighbour.share, rarity)) {
        const auto [known, fresh] = by_form.try_emplace(normal_form(candidate.code, task.language), all.size());
        if (fresh)
          all.push_back(std::move(candidate));
        else
          join(all[known->second], candidate);
      }
    }
    for (auto& candidate : all) candidate.score = trial_score(candidate);
    std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    if (all.size() > options_.max_attempts) all.resize(options_.max_attempts);
    return all;
  }

  static void join(Candidate& known, const Candidate& more) {
    if (std::find(known.sources.begin(), known.sources.end(), more.sources[0]) == known.sources.end())
      known.sources.push_back(more.sources[0]);
    known.spec_residue = std::min(known.spec_residue, more.spec_residue);
    known.name_residue = std::min(known.name_residue, more.name_residue);
    known.shape = std::max(known.shape, more.shape);
    known.text = std::max(known.text, more.text);
    known.same_stream = known.same_stream || more.same_stream;
    known.stretched = known.stretched && more.stretched;
    known.polarity = known.polarity && more.polarity;
  }

  Result<std::optional<Candidate>> first_passing(const VisibleTask& task, std::vector<Candidate> all, Attempt& attempt) {
    for (auto& candidate : all) {
      AUTODEV_TRY_ASSIGN(const Check check, check_visible(sandbox_, task, candidate.code));
      if (check == Check::untested) {
        if (candidate.polarity) continue;  // nothing could tell the opposite apart
        return std::optional<Candidate>(std::move(candidate));
      }
      ++attempt.attempts;
      if (check == Check::failed) continue;
      if (candidate.polarity) {
        AUTODEV_TRY_ASSIGN(const Check copy, check_visible(sandbox_, task, candidate.unchanged));
        if (copy != Check::failed) continue;
      }
      attempt.visible_passed = true;
      return std::optional<Candidate>(std::move(candidate));
    }
    return std::optional<Candidate>();
  }

  Sandbox& sandbox_;
  ArmOptions options_;
  Library library_;
  Calibration calibration_;
  std::optional<Shadow> pending_;
};

}  // namespace

std::unique_ptr<Arm> make_adapting_arm(Sandbox& sandbox, const ArmOptions& options) {
  return std::make_unique<AdaptingArm>(sandbox, options);
}

}  // namespace autodev::apply
