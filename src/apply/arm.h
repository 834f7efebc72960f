// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Arm: one way to answer a task from what earlier tasks taught, without a model.
//
// An arm sees VisibleTask only: neither the reference nor the hidden tests are there to be read. It learns after
// scoring.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "apply/sandbox.h"
#include "apply/tamper.h"
#include "apply/task.h"
#include "autodev/ids.h"

namespace autodev::apply {

enum class Answer : std::uint8_t {
  apply,  ///< this code, without a model
  draft,  ///< not sure enough: this code as a hint for the model
  skip,
};

struct Attempt {
  Answer answer = Answer::skip;
  std::string code;
  double p_success = 0;        ///< the arm's own probability that the code is right
  std::uint32_t attempts = 0;  ///< candidates run
  bool visible_passed = false;
  std::vector<PatternId> patterns;  ///< what the code was made from
  std::vector<double> features;     ///< what `p_success` was computed from (calibrate.h); empty without a probability
  std::string reason;               ///< one line for --explain
  std::string failed_code;          ///< without an answer: the likeliest of what failed the visible tests; may be empty
  std::uint32_t untried = 0;        ///< candidates that a bound in runs or time left out
};

class Arm {
 public:
  virtual ~Arm() = default;
  [[nodiscard]] virtual Result<Attempt> propose(const VisibleTask& task) = 0;
  /// The solution that ended the cycle; `from_model` false: our own answer was right.
  virtual Result<void> learn(const VisibleTask& task, const std::string& code, bool from_model) = 0;
};

struct ArmOptions {
  double epsilon = 0.05;        ///< bound on the share of wrong ones among what is applied: reuse_bound.h
  bool one_answer = false;      ///< epsilon is the risk of each answer alone, as where a user asks for one
  std::size_t neighbours = 48;  ///< earlier tasks looked at where candidates are screened together
  std::size_t neighbours_alone =
      10;                         ///< the same where each candidate needs a process of its own, or nothing can test it
  std::size_t max_attempts = 12;  ///< processes in that case
  std::function<bool()> out_of_time;  ///< asked before each such process; may be empty
  std::uint64_t seed = 1;         ///< of what is spoilt in a tampered library
  /// How to run the visible tests when they are not a program of the task but something else, such as a project's test
  /// command; one process a candidate then. Empty: the task's own tests in the sandbox.
  std::function<Result<bool>(const VisibleTask& task, const std::string& code)> run_tests;
  /// For the oracle only, which is a bound and no competitor: the scorer's own verdict on a code.
  std::function<Result<bool>(const VisibleTask& task, const std::string& code)> judge;
};

/// Arms by name, as `learn --simulate --arm` takes them: none, nearest, cache, shuffled, poisoned, oracle, ours.
[[nodiscard]] const std::vector<std::string>& arm_names();
/// `usage` for an unknown name.
[[nodiscard]] Result<std::unique_ptr<Arm>> make_arm(const std::string& name, Sandbox& sandbox,
                                                    const ArmOptions& options);

/// Identity of a learned solution: the digest of its normal form.
[[nodiscard]] PatternId pattern_of(const std::string& code, Language language);

std::unique_ptr<Arm> make_none_arm();
std::unique_ptr<Arm> make_cache_arm(Sandbox& sandbox);
std::unique_ptr<Arm> make_nearest_arm(Sandbox& sandbox);
/// `ours`, or with a library spoilt by `tamper`: what it remembers differs from what it was taught.
std::unique_ptr<Arm> make_adapting_arm(Sandbox& sandbox, const ArmOptions& options, Tamper tamper);
/// Takes the first of our candidates that `options.judge` accepts: what perfect choosing could reach.
std::unique_ptr<Arm> make_oracle_arm(Sandbox& sandbox, const ArmOptions& options);

}  // namespace autodev::apply
