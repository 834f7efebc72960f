// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The arms by name, and the two trivial ones: `none` always asks the model, `cache` answers only a specification it
// has seen letter by letter (white space aside).
#include <fmt/format.h>

#include <map>

#include "apply/arm.h"
#include "apply/code_tokens.h"
#include "apply/verify.h"
#include "base/hash.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

class NoneArm final : public Arm {
 public:
  Result<Attempt> propose(const VisibleTask&) override { return Attempt{}; }
  Result<void> learn(const VisibleTask&, const std::string&, bool) override { return {}; }
};

class CacheArm final : public Arm {
 public:
  explicit CacheArm(Sandbox& sandbox) : sandbox_(sandbox) {}

  Result<Attempt> propose(const VisibleTask& task) override {
    Attempt attempt;
    const auto known = solutions_.find(key(task));
    if (known == solutions_.end()) return attempt;
    AUTODEV_TRY_ASSIGN(const Check check, check_visible(sandbox_, task, known->second));
    attempt.attempts = 1;
    if (check == Check::failed) return attempt;
    attempt.answer = Answer::apply;
    attempt.code = known->second;
    attempt.p_success = 1;
    attempt.visible_passed = check == Check::passed;
    attempt.patterns = {pattern_of(attempt.code, task.language)};
    attempt.reason = "the same specification and signature was solved before";
    return attempt;
  }

  Result<void> learn(const VisibleTask& task, const std::string& code, bool) override {
    solutions_[key(task)] = code;
    return {};
  }

 private:
  static std::string key(const VisibleTask& task) {
    return fmt::format("{}\n{}\n{}", to_string(task.language), base::fold_whitespace(task.spec),
                       base::fold_whitespace(task.signature));
  }
  Sandbox& sandbox_;
  std::map<std::string, std::string> solutions_;
};

}  // namespace

PatternId pattern_of(const std::string& code, Language language) {
  return PatternId{base::hash128(fmt::format("{}\n{}", to_string(language), normal_form(code, language)))};
}

std::unique_ptr<Arm> make_none_arm() {
  return std::make_unique<NoneArm>();
}
std::unique_ptr<Arm> make_cache_arm(Sandbox& sandbox) {
  return std::make_unique<CacheArm>(sandbox);
}

const std::vector<std::string>& arm_names() {
  static const std::vector<std::string> names{"none", "nearest", "cache", "shuffled", "poisoned", "oracle", "ours"};
  return names;
}

Result<std::unique_ptr<Arm>> make_arm(const std::string& name, Sandbox& sandbox, const ArmOptions& options) {
  if (name == "none") return make_none_arm();
  if (name == "nearest") return make_nearest_arm(sandbox);
  if (name == "cache") return make_cache_arm(sandbox);
  if (name == "shuffled") return make_adapting_arm(sandbox, options, Tamper::shuffled);
  if (name == "poisoned") return make_adapting_arm(sandbox, options, Tamper::poisoned);
  if (name == "oracle") return make_oracle_arm(sandbox, options);
  if (name == "ours") return make_adapting_arm(sandbox, options, Tamper::none);
  return fail(ErrorCode::usage, fmt::format("there is no arm named '{}'", name),
              fmt::format("arms: {}", base::join(arm_names(), ", ")));
}

}  // namespace autodev::apply
