// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The measuring instrument itself under test: what must not count as a saving, does not.
#include "report/prequential.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "report/prequential_html.h"
#include "report/prequential_text.h"
#include "support/support.h"

namespace autodev::report {
namespace {

using test::value_of;

std::vector<TaskInfo> stream(std::size_t count, const std::string& stratum = "R") {
  std::vector<TaskInfo> tasks;
  for (std::size_t i = 0; i < count; ++i)
    tasks.push_back({stratum + std::to_string(i), i % 2 == 0 ? "even" : "odd", stratum});
  return tasks;
}

std::string reference(std::size_t task) { return "right " + std::to_string(task); }

/// Right answers pass; "visible N" passes the visible tests of task N only.
Result<Judgement> judge(std::size_t task, const std::string& code) {
  const bool right = code == reference(task);
  return Judgement{right || code == "visible " + std::to_string(task), right, true};
}

Result<void> learn_nothing(std::size_t, const std::string&, bool) { return {}; }

Proposal emit(std::string code, double p_success, Action action = Action::apply) {
  Proposal proposal;
  proposal.action = action;
  proposal.code = std::move(code);
  proposal.p_success = p_success;
  proposal.attempts = 1;
  proposal.visible_passed = true;
  return proposal;
}

ArmReport run(const Arm& arm, std::size_t count = 50, LoopOptions options = {}) {
  return value_of(run_prequential(stream(count), arm, judge, reference, options));
}

TEST(Prequential, AnArmThatAlwaysSkipsSavesNothing) {
  const auto report = run({"none", [](std::size_t) { return Result<Proposal>(Proposal{}); }, learn_nothing});
  const auto& all = report.strata.back();
  EXPECT_EQ(all.avoided, 0u);
  EXPECT_EQ(all.llm_calls, 50u);
  EXPECT_EQ(all.llm_calls_baseline, 50u);
  EXPECT_EQ(all.abstained, 50u);
  EXPECT_FALSE(all.false_reuse_share.has_value());
  EXPECT_EQ(all.false_reuse_upper, 1);
}

TEST(Prequential, AnOracleSavesEverything) {
  const auto report =
      run({"oracle", [](std::size_t t) { return Result<Proposal>(emit(reference(t), 1)); }, learn_nothing});
  const auto& all = report.strata.back();
  EXPECT_DOUBLE_EQ(*all.avoided_share, 1);
  EXPECT_EQ(all.llm_calls, 0u);
  EXPECT_EQ(all.false_reuse, 0u);
  EXPECT_NEAR(all.false_reuse_upper, clopper_pearson(0, 50).upper, 1e-12);
  EXPECT_DOUBLE_EQ(*all.ece, 0);
}

TEST(Prequential, GarbageSavesNothingAndIsCharged) {
  const auto report =
      run({"garbage", [](std::size_t) { return Result<Proposal>(emit("nonsense", 1)); }, learn_nothing});
  const auto& all = report.strata.back();
  EXPECT_DOUBLE_EQ(*all.avoided_share, 0);
  EXPECT_EQ(all.llm_calls, all.llm_calls_baseline);
  EXPECT_DOUBLE_EQ(*all.false_reuse_share, 1);
  EXPECT_EQ(all.attempts, 50u);
  EXPECT_DOUBLE_EQ(*all.ece, 1);
  EXPECT_DOUBLE_EQ(*all.brier, 1);
}

TEST(Prequential, PassingOnlyTheVisibleTestsIsFalseReuse) {
  const auto report = run({"overfit",
                           [](std::size_t t) { return Result<Proposal>(emit("visible " + std::to_string(t), 0.9)); },
                           learn_nothing});
  const auto& all = report.strata.back();
  EXPECT_EQ(all.false_reuse, 50u);
  EXPECT_EQ(all.avoided, 0u);
  EXPECT_EQ(all.llm_calls, 50u);
  EXPECT_NEAR(*all.ece, 0.9, 1e-12);
}

TEST(Prequential, AnEmptyAnswerThatIsAppliedIsFalseReuse) {
  const auto report = run({"empty", [](std::size_t) { return Result<Proposal>(emit("", 1)); }, learn_nothing});
  EXPECT_EQ(report.strata.back().false_reuse, 50u);
  EXPECT_EQ(report.strata.back().llm_calls, 50u);
}

TEST(Prequential, AdaptPaysTheCallEvenWhenTheDraftWasRight) {
  const auto report =
      run({"draft", [](std::size_t t) { return Result<Proposal>(emit(reference(t), 0.5, Action::adapt)); },
           learn_nothing});
  const auto& all = report.strata.back();
  EXPECT_EQ(all.adapted, 50u);
  EXPECT_EQ(all.applied, 0u);
  EXPECT_EQ(all.avoided, 0u);
  EXPECT_EQ(all.llm_calls, 50u);
  EXPECT_NEAR(*all.ece, 0.5, 1e-12);  // drafts are forecasts too
}

TEST(Prequential, LearnsOnlyAfterScoringAndGetsTheSolutionThatEndedTheCycle) {
  std::vector<std::string> order;
  const Arm arm{"recorder",
                [&](std::size_t t) {
                  order.push_back("propose " + std::to_string(t));
                  return Result<Proposal>(t == 1 ? emit(reference(t), 1) : t == 2 ? emit("wrong", 1) : Proposal{});
                },
                [&](std::size_t t, const std::string& code, bool from_model) -> Result<void> {
                  order.push_back("learn " + std::to_string(t) + " " + code + (from_model ? " model" : " own"));
                  return {};
                }};
  const auto recording_judge = [&](std::size_t t, const std::string& code) {
    order.push_back("judge " + std::to_string(t));
    return judge(t, code);
  };
  value_of(run_prequential(stream(3), arm, recording_judge, reference, {}));
  const std::vector<std::string> expected{"propose 0", "learn 0 right 0 model",             //
                                          "propose 1", "judge 1", "learn 1 right 1 own",    //
                                          "propose 2", "judge 2", "learn 2 right 2 model"};
  EXPECT_EQ(order, expected);
}

TEST(Prequential, LeavesOutAndCountsWhatNobodyCanJudge) {
  const auto blind = [](std::size_t, const std::string&) { return Result<Judgement>(Judgement{false, false, false}); };
  const Arm arm{"oracle", [](std::size_t t) { return Result<Proposal>(emit(reference(t), 1)); }, learn_nothing};
  const auto report = value_of(run_prequential(stream(10), arm, blind, reference, {}));
  EXPECT_EQ(report.unjudged, 10u);
  EXPECT_TRUE(report.results.empty());
  EXPECT_FALSE(report.strata.back().avoided_share.has_value());
}

TEST(Prequential, StopsBetweenTasksAndKeepsWhatIsDone) {
  int asked = 0;
  LoopOptions options;
  options.stop = [&] { return ++asked > 4; };
  const auto report = run({"none", [](std::size_t) { return Result<Proposal>(Proposal{}); }, learn_nothing}, 50, options);
  EXPECT_EQ(report.results.size(), 4u);
}

TEST(Prequential, PassesOnTheErrorOfAnArm) {
  const Arm arm{"broken", [](std::size_t) { return Result<Proposal>(fail(ErrorCode::unavailable, "no sandbox")); },
                learn_nothing};
  const auto result = run_prequential(stream(3), arm, judge, reference, {});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().message, "no sandbox");
}

TEST(NoisyTeacher, IsTheSameForEveryArmAndNeverNeedsLessThanOneCall) {
  LoopOptions options;
  options.teacher_failure = 0.4;
  options.seed = 11;
  const auto none = run({"none", [](std::size_t) { return Result<Proposal>(Proposal{}); }, learn_nothing}, 200, options);
  const auto some = run({"half",
                         [](std::size_t t) {
                           return Result<Proposal>(t % 2 == 0 ? emit(reference(t), 1) : Proposal{});
                         },
                         learn_nothing},
                        200, options);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(none.results[i].llm_calls_baseline, some.results[i].llm_calls_baseline);
    EXPECT_GE(none.results[i].llm_calls_baseline, 1u);
    EXPECT_EQ(some.results[i].llm_calls, i % 2 == 0 ? 0u : some.results[i].llm_calls_baseline);
  }
  // expected calls per task: 1 / (1 - 0.4) = 1.667
  EXPECT_NEAR(static_cast<double>(none.strata.back().llm_calls_baseline) / 200, 1.667, 0.2);
}

TEST(NoisyTeacher, ThatAlwaysFailsIsBounded) { EXPECT_EQ(teacher_calls({"x", "s", "R"}, 1.0, 1), 9u); }

TEST(NoisyTeacher, ThatNeverFailsCostsOneCall) { EXPECT_EQ(teacher_calls({"x", "s", "R"}, 0.0, 1), 1u); }

TaskResult result_of(const std::string& stratum, const std::string& name, Action action, bool visible, bool hidden,
                     double p_success = 0.5) {
  TaskResult result;
  result.task = {stratum + name, name, stratum};
  result.proposal = emit(action == Action::skip ? "" : "code", p_success, action);
  result.judgement = {visible, hidden, true};
  result.llm_calls_baseline = 1;
  result.llm_calls = result.avoided() ? 0 : 1;
  return result;
}

TEST(Summarise, MatchesAHandComputedExample) {
  std::vector<TaskResult> results;
  results.push_back(result_of("R", "a", Action::apply, true, true, 0.9));
  results.push_back(result_of("R", "a", Action::apply, true, false, 0.9));
  results.push_back(result_of("R", "b", Action::adapt, true, true, 0.4));
  results.push_back(result_of("R", "b", Action::skip, false, false));
  results.push_back(result_of("N", "c", Action::skip, false, false));
  const auto strata = summarise(results, 1);
  ASSERT_EQ(strata.size(), 3u);
  const auto& r = strata[0];
  EXPECT_EQ(r.stratum, "R");
  EXPECT_EQ(r.tasks, 4u);
  EXPECT_EQ(r.applied, 2u);
  EXPECT_EQ(r.avoided, 1u);
  EXPECT_EQ(r.false_reuse, 1u);
  EXPECT_EQ(r.adapted, 1u);
  EXPECT_EQ(r.abstained, 2u);
  EXPECT_EQ(r.streams, 2u);
  EXPECT_DOUBLE_EQ(*r.avoided_share, 0.25);
  EXPECT_DOUBLE_EQ(*r.reuse_rate, 0.5);
  EXPECT_DOUBLE_EQ(*r.false_reuse_share, 0.5);
  EXPECT_NEAR(r.false_reuse_upper, 0.987421, 1e-6);  // Clopper-Pearson of 1 in 2
  EXPECT_EQ(r.forecasts, 3u);
  EXPECT_NEAR(*r.brier, (0.01 + 0.81 + 0.36) / 3, 1e-12);
  EXPECT_NEAR(*r.brier_base_rate, 2.0 / 9, 1e-12);
  EXPECT_NEAR(*r.ece, (0.6 + 0.8) / 3, 1e-12);  // |0.4 - 1| and |1.8 - 1|
  ASSERT_EQ(r.bounds.size(), told_bounds.size());
  for (const BoundOutcome& bound : r.bounds) {  // forecasts: 0.9 right, 0.9 wrong, 0.4 right
    EXPECT_EQ(bound.taken, bound.epsilon < 0.1 ? 0u : 2u) << bound.epsilon;
    EXPECT_EQ(bound.wrong, bound.epsilon < 0.1 ? 0u : 1u) << bound.epsilon;
  }
  EXPECT_TRUE(strata[1].bounds.empty()) << "nothing was forecast";
  EXPECT_EQ(strata[1].stratum, "N");
  EXPECT_DOUBLE_EQ(*strata[1].abstention_share, 1);
  EXPECT_EQ(strata[2].stratum, "all");
  EXPECT_EQ(strata[2].tasks, 5u);
}

TEST(Summarise, CutsWindowsOfTwentyInStreamOrder) {
  std::vector<TaskResult> results;
  for (int i = 0; i < 50; ++i)
    results.push_back(i < 25 ? result_of("R", "a", Action::skip, false, false)
                             : result_of("R", "a", Action::apply, true, true));
  const auto r = summarise(results, 1)[0];
  ASSERT_EQ(r.avoided_by_window.size(), 3u);
  EXPECT_DOUBLE_EQ(r.avoided_by_window[0], 0);
  EXPECT_DOUBLE_EQ(r.avoided_by_window[1], 15.0 / 20);
  EXPECT_DOUBLE_EQ(r.avoided_by_window[2], 1);
  EXPECT_FALSE(r.avoided_low.has_value());  // one stream
}

TEST(Summarise, OfNothingHasNoShares) {
  const auto strata = summarise({}, 1);
  ASSERT_EQ(strata.size(), 1u);
  EXPECT_FALSE(strata[0].avoided_share.has_value());
  EXPECT_FALSE(strata[0].ece.has_value());
}

TEST(PrequentialText, JsonLinesHoldThePublishedFields) {
  auto report = run({"oracle", [](std::size_t t) { return Result<Proposal>(emit(reference(t), 1)); }, learn_nothing}, 3);
  report.teacher = "reference";
  const auto text = render_json_lines(report, true);
  std::vector<base::Json> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    lines.push_back(value_of(base::parse_json(text.substr(at, end - at), "line")));
    at = end + 1;
  }
  ASSERT_EQ(lines.size(), 4u);
  for (const char* key : {"id", "stream", "stratum", "position", "action", "pattern_ids", "p_success", "passed",
                          "hidden_passed", "llm_calls", "llm_calls_baseline", "attempts", "wall_ms", "code"})
    EXPECT_TRUE(lines[0].contains(key)) << key;
  EXPECT_EQ(lines[0]["code"], "right 0");
  EXPECT_EQ(lines[0]["action"], "apply");
  EXPECT_EQ(lines[0]["position"], 1);
  EXPECT_EQ(lines[3]["summary"]["R"]["avoided"], 3);
  EXPECT_EQ(lines[3]["summary"]["teacher"], "reference");
  EXPECT_EQ(render_json_lines(report, false).find("\"code\""), std::string::npos);
}

TEST(PrequentialText, TableNamesArmStratumAndBound) {
  const auto report = run({"oracle", [](std::size_t t) { return Result<Proposal>(emit(reference(t), 1)); }, learn_nothing});
  const auto table = render_table({report});
  EXPECT_NE(table.find("oracle"), std::string::npos);
  EXPECT_NE(table.find("100.0 %"), std::string::npos);
  EXPECT_NE(table.find("0/50 (<= 7.1 %)"), std::string::npos);
  EXPECT_NE(table.find("███"), std::string::npos);
}

TEST(PrequentialText, SparklineClampsForeignNumbers) {
  EXPECT_EQ(sparkline({0, 0.5, 1}), "▁▅█");
  EXPECT_EQ(sparkline({-3, 7}), "▁█");
  EXPECT_EQ(sparkline({}), "");
}

TEST(PrequentialHtml, IsOnePageWithEveryArmAndNothingFromElsewhere) {
  auto ours = run({"ours", [](std::size_t t) { return Result<Proposal>(emit(reference(t), 0.9)); }, learn_nothing});
  ours.arm = "ours <&> theirs";
  const auto none = run({"none", [](std::size_t) { return Result<Proposal>(Proposal{}); }, learn_nothing});
  const auto page = render_html({none, ours}, "A <title>");
  EXPECT_NE(page.find("A &lt;title&gt;"), std::string::npos);
  EXPECT_NE(page.find("ours &lt;&amp;&gt; theirs"), std::string::npos);
  EXPECT_EQ(page.find("<&>"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("100.0 %"), std::string::npos);
  EXPECT_NE(page.find("<circle"), std::string::npos) << "a reliability diagram of the forecasts";
}

TEST(PrequentialHtml, OfNothingIsStillAPage) {
  const auto page = render_html({}, "");
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_NE(page.find("</html>"), std::string::npos);
}

}  // namespace
}  // namespace autodev::report
