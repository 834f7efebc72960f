// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Judging, for arms (visible tests only) and for the scorer (everything).
#include "apply/verify.h"

#include "apply/equal.h"

namespace autodev::apply {
namespace {

Result<Check> run_tests(Sandbox& sandbox, const VisibleTask& task, const std::string& code, const std::string& tests) {
  if (tests.empty()) return Check::untested;
  auto run = sandbox.run_program(task.language, assemble(task, code, tests), task.timeout_s);
  if (!run) {
    if (run.error().code == ErrorCode::unavailable) return Check::untested;
    return tl::make_unexpected(std::move(run).error());
  }
  return run->passed ? Check::passed : Check::failed;
}

}  // namespace

std::string whole_lines(std::string text) {
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return text;
}

std::string assemble(const VisibleTask& task, const std::string& code, const std::string& tests) {
  return whole_lines(task.context) + whole_lines(code) + whole_lines(tests);
}

Result<Check> check_visible(Sandbox& sandbox, const VisibleTask& task, const std::string& code) {
  return run_tests(sandbox, task, code, task.tests);
}

Result<Verdicts> judge(Sandbox& sandbox, const Task& task, const std::string& code) {
  if (task.judge != Judge::tests) {
    const bool same = task.judge == Judge::equal ? equal_code(code, task.reference, task.visible.language)
                                                 : alpha_equal_code(code, task.reference, task.visible.language);
    return Verdicts{same, same, true};
  }
  AUTODEV_TRY_ASSIGN(const Check visible, check_visible(sandbox, task.visible, code));
  if (visible == Check::failed) return Verdicts{false, false, true};
  AUTODEV_TRY_ASSIGN(const Check hidden, run_tests(sandbox, task.visible, code, task.hidden_tests));
  if (visible == Check::untested && hidden == Check::untested) return Verdicts{false, false, false};
  const bool only = visible == Check::untested ? hidden == Check::passed : true;
  return Verdicts{only, hidden == Check::untested ? only : hidden == Check::passed, true};
}

}  // namespace autodev::apply
