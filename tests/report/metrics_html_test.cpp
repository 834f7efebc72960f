// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/metrics_html.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace autodev::report {
namespace {

TEST(MetricsHtml, ShowsNumbersTrendsAndDecisions) {
  LearningMetrics metrics;
  metrics.decision_accuracy = 0.75;
  metrics.decision_accuracy_trend = {0.5, 1.0};
  metrics.explanations.push_back({"decision_accuracy", "good / all", "3 of 4 decisions", {}, 0});
  knowledge::DecisionSummary decision;
  decision.id = {base::hash128("d")};
  decision.type = "tool";
  decision.chosen = "ctest";
  decision.success = true;
  decision.reward = 1;
  const std::string html = render_metrics(metrics, {decision});
  for (const std::string_view text : {"75.0 %", "3 of 4 decisions", "<polyline", "ctest", "success (1.00)"})
    EXPECT_NE(html.find(text), std::string::npos) << text;
}

TEST(MetricsHtml, LearnedTextIsNeverMarkup) {
  knowledge::DecisionSummary decision;
  decision.chosen = "<script>alert(1)</script>";
  decision.context = "{\"a\": \"\" onload=\"x\"}\x1b[31m";
  const std::string html = render_metrics({}, {decision});
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("\" onload=\""), std::string::npos);
  EXPECT_EQ(html.find('\x1b'), std::string::npos);
}

TEST(MetricsHtml, SaysThatThereIsNothing) {
  const std::string html = render_metrics({}, {});
  EXPECT_NE(html.find("No decisions yet."), std::string::npos);
  EXPECT_EQ(html.find("<polyline"), std::string::npos);
}

}  // namespace
}  // namespace autodev::report
