// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The choices of the implement loop, made by the same vote as every other decision and taught by how they came out:
//
//   implement.answer   apply, adapt or skip        came out well: further tests passed, or the model's code did at once
//   implement.tier     which model is asked first   ... it wrote the code without a dearer one's help
//   implement.retry    again, escalate or stop      ... the next call brought code that passes; to stop has no outcome
//
// What is not possible is vetoed with the reason; the bound on wrong reuse is such a veto, no vote can lift it. Where
// nothing is known the loop does what it is written to do, and that is recorded too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apply/arm.h"
#include "autodev/decision.h"
#include "autodev/learning_system.h"

namespace autodev::app {

/// A model that can be asked, cheapest first.
struct ModelTier {
  std::string name;  ///< distinct; may be empty where there is one
  double cost = 1;   ///< > 0, relative to the others
};

enum class Retry : std::uint8_t { again, escalate, stop };

/// One choice as the loop's report names it.
struct LoopChoice {
  DecisionId id;  ///< empty when it was not recorded
  std::string type, chosen, reason;
};

struct LoopSettings {
  std::string spec;
  Language language = Language::unknown;
  double cost_weight = 0.05;
  bool explore = true;
  bool record = true;
};

class LoopDecisions {
 public:
  LoopDecisions(DecisionImprover& improver, LoopSettings settings) : improver_(improver), settings_(std::move(settings)) {}

  struct AnswerFacts {
    std::string no_apply;     ///< why code from memory may not be taken as it is; empty: it may
    std::string no_draft;     ///< why there is no draft; empty: there is one
    double p_success = 0;     ///< of the code from memory
    double tier_cost = 1;     ///< of the cheapest model
  };
  /// Never answers what the facts forbid. Without a choice nothing is recorded.
  Result<apply::Answer> answer(const AnswerFacts& facts);
  /// Index of the model to begin with.
  Result<std::size_t> tier(const std::vector<ModelTier>& tiers);
  /// After a call with `tier` whose code failed for `cause`.
  Result<Retry> retry(const std::vector<ModelTier>& tiers, std::size_t tier, std::uint32_t calls, std::string_view cause);

  /// How the latest choice of each kind came out; reward in [0, 1]. Without such a choice nothing happens.
  Result<void> answer_was(double reward) { return report(answer_, reward); }
  Result<void> tier_was(double reward) { return report(tier_, reward); }
  Result<void> retry_was(double reward) { return report(retry_, reward); }

  [[nodiscard]] const std::vector<LoopChoice>& choices() const noexcept { return choices_; }

 private:
  Result<std::string> choose(Decision decision, const std::string& otherwise, DecisionId& id);
  Result<void> report(DecisionId& id, double reward);

  DecisionImprover& improver_;
  LoopSettings settings_;
  DecisionId answer_, tier_, retry_;
  std::vector<LoopChoice> choices_;
};

}  // namespace autodev::app
