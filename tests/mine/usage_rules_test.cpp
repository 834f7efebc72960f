// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The four shapes of usage rules: what counts for them, what against them, what neither.
#include "mine/usage_rules.h"

#include <gtest/gtest.h>

#include "mine/real_code.h"
#include "mine/usage_text.h"

namespace autodev::mine {
namespace {

/// Counts the traces of a type in Python functions, each as often as given.
class Counted {
 public:
  explicit Counted(std::string type) : type_(std::move(type)) {}
  Counted& add(const std::string& body, int times = 1, std::uint64_t project = 1) {
    const auto units = test::functions_of("def f(p, conn, items):\n" + body, "a.py");
    const EventGraph graph = event_graph(test::tree_of(units.at(0)));
    for (const ObjectTrace& trace : object_traces(graph))
      for (int i = 0; i < times && trace.type == type_; ++i) counters.add(graph, trace, project + static_cast<std::uint64_t>(i));
    return *this;
  }
  [[nodiscard]] const UsageRule* rule(RuleShape shape, std::string_view a, std::string_view b) {
    rules_ = counters.rules(2);
    for (const UsageRule& one : rules_)
      if (one.shape == shape && one.a == a && one.b == b) return &one;
    return nullptr;
  }
  UsageCounters counters;

 private:
  std::string type_;
  std::vector<UsageRule> rules_;
};

TEST(UsageRules, CloseFollowsOpenOnAllPaths) {
  Counted files("open()");
  files.add("    f = open(p)\n    f.read()\n    f.close()\n", 9);
  files.add("    f = open(p)\n    f.read()\n");
  const UsageRule* rule = files.rule(RuleShape::eventually, "=open", ".close");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->support, 9u);
  EXPECT_EQ(rule->violations, 1u);
}

TEST(UsageRules, AnEarlyReturnBetweenIsAPathWithoutTheSecond) {
  Counted files("open()");
  files.add("    f = open(p)\n    if p:\n        return 1\n    f.close()\n", 3);
  EXPECT_EQ(files.rule(RuleShape::eventually, "=open", ".close"), nullptr);
}

TEST(UsageRules, AReturnBecauseThereIsNoObjectIsNone) {
  Counted files("open()");
  files.add("    f = open(p)\n    if f is None:\n        return 1\n    f.close()\n", 3);
  EXPECT_NE(files.rule(RuleShape::eventually, "=open", ".close"), nullptr);
}

TEST(UsageRules, AFinallyBlockRunsOnAllPaths) {
  Counted files("open()");
  files.add("    f = open(p)\n    try:\n        if p:\n            return 1\n    finally:\n        f.close()\n", 3);
  EXPECT_NE(files.rule(RuleShape::eventually, "=open", ".close"), nullptr);
}

TEST(UsageRules, OnlyOneBranchIsNotAllPaths) {
  Counted files("open()");
  files.add("    f = open(p)\n    if p:\n        f.close()\n", 3);
  EXPECT_EQ(files.rule(RuleShape::eventually, "=open", ".close"), nullptr);
}

TEST(UsageRules, WhatIsReturnedMayBeClosedElsewhere) {
  Counted files("open()");
  files.add("    f = open(p)\n    f.close()\n", 4).add("    f = open(p)\n    f.seek(0)\n    return f\n", 4);
  const UsageRule* rule = files.rule(RuleShape::eventually, "=open", ".close");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->violations, 0u);
}

TEST(UsageRules, SeekPrecedesReadOnObjectsThatWereMadeHere) {
  Counted files("open()");
  files.add("    f = open(p)\n    f.seek(0)\n    f.read()\n", 5).add("    f = open(p)\n    f.read()\n");
  const UsageRule* rule = files.rule(RuleShape::precedes, ".seek", ".read");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->support, 5u);
  EXPECT_EQ(rule->violations, 1u);
  EXPECT_EQ(files.rule(RuleShape::precedes, "=open", ".read"), nullptr) << "that an object is made first is no finding";
}

TEST(UsageRules, AStepUnderAConditionIsGuarded) {
  Counted connections("~conn");
  connections.add("    if conn.is_open():\n        conn.send(p)\n", 5).add("    conn.send(p)\n");
  const UsageRule* rule = connections.rule(RuleShape::guarded, ".send", "is_open");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->support, 5u);
  EXPECT_EQ(rule->violations, 1u);
  EXPECT_EQ(rule_sentence(*rule), "send only where is_open was asked (5 of 6)");
}

TEST(UsageRules, StepsThatNeverMeetExcludeEachOther) {
  Counted connections("~conn");
  connections.add("    conn.commit()\n    conn.close()\n", 20).add("    conn.rollback()\n    conn.close()\n", 20);
  EXPECT_NE(connections.rule(RuleShape::excludes, ".commit", ".rollback"), nullptr);
  EXPECT_EQ(connections.rule(RuleShape::excludes, ".commit", ".close"), nullptr);
  connections.add("    conn.commit()\n    conn.rollback()\n", 4);
  EXPECT_EQ(connections.rule(RuleShape::excludes, ".commit", ".rollback"), nullptr);
}

TEST(UsageRules, AdviceNeedsManyCasesInManyProjectsAndHardlyAnException) {
  EXPECT_TRUE(is_advice({RuleShape::eventually, "=open", ".close", 60, 1, 5}));
  EXPECT_FALSE(is_advice({RuleShape::eventually, "=open", ".close", 60, 2, 5})) << "2 of 62 is more than 2 %";
  EXPECT_FALSE(is_advice({RuleShape::eventually, "=open", ".close", 49, 0, 5}));
  EXPECT_FALSE(is_advice({RuleShape::eventually, "=open", ".close", 60, 0, 4}));
}

TEST(UsageRules, JudgeAsTheyCount) {
  const UsageRule rule{RuleShape::eventually, "=open", ".close", 60, 0, 5};
  const auto judged = [&](const std::string& body) {
    const EventGraph graph = event_graph(test::tree_of(test::functions_of("def f(p):\n" + body, "a.py").at(0)));
    for (const ObjectTrace& trace : object_traces(graph))
      if (trace.type == "open()") return judge(rule, graph, trace);
    return RuleOutcome::not_applicable;
  };
  EXPECT_EQ(judged("    f = open(p)\n    f.close()\n"), RuleOutcome::kept);
  EXPECT_EQ(judged("    f = open(p)\n    f.read()\n"), RuleOutcome::violated);
  EXPECT_EQ(judged("    f = open(p)\n    return f\n"), RuleOutcome::not_applicable);
  EXPECT_EQ(judged("    with open(p) as f:\n        f.read()\n"), RuleOutcome::not_applicable);
  EXPECT_EQ(judged("    p.go()\n"), RuleOutcome::not_applicable);
}

TEST(UsageRules, CountersAreBounded) {
  UsageCounters counters;
  EventGraph graph;
  graph.regions.push_back({});
  graph.objects.push_back({"x", "T", true, false, {}});
  for (int round = 0; round < 40; ++round) {
    ObjectTrace trace{0, "T", {}};
    graph.events.clear();
    for (std::uint32_t i = 0; i < max_trace_steps; ++i) {
      graph.events.push_back({});
      trace.steps.push_back({".s" + std::to_string(round * 40 + static_cast<int>(i)), i});
    }
    counters.add(graph, trace, 1);
  }
  EXPECT_LE(counters.steps.size(), max_rule_steps);
  EXPECT_LE(counters.pairs.size(), max_rule_pairs);
}

TEST(UsageText, ShowsCodeInTheMannerOfTheLanguage) {
  const std::vector<std::string> steps{"=open", ".read", ".close"};
  EXPECT_EQ(usage_name("open()", steps), "open(): open, read, close");
  EXPECT_EQ(usage_snippet(Language::python, "open()", steps), "x = open(…)\n…\nx.read(…)\n…\nx.close(…)\n");
  EXPECT_EQ(usage_snippet(Language::c, "FILE", {"=fopen", "(fclose"}), "auto x = fopen(…);\n…\nfclose(… x …);\n");
  EXPECT_EQ(usage_snippet(Language::cpp, "std::ifstream", {"=new std::ifstream", ".get"}), "std::ifstream x(…);\n…\nx.get(…);\n");
  EXPECT_EQ(usage_snippet(Language::java, "Scanner", {"with Scanner", ".next"}), "try (var x = new Scanner(…))\n    …\n    x.next(…);\n");
  EXPECT_EQ(usage_snippet(Language::java, "Statement", {"=createStatement", ".close"}), "var x = ….createStatement(…);\n…\nx.close(…);\n");
  EXPECT_EQ(usage_snippet(Language::python, "~cursor", {"=cursor", ".close"}), "cursor = ….cursor(…)\n…\ncursor.close(…)\n");
  EXPECT_EQ(usage_snippet(Language::python, "db.connect.cursor()", {"=cursor", ".close"}), "x = ….cursor(…)\n…\nx.close(…)\n");
  EXPECT_EQ(usage_snippet(Language::python, "json", {".dumps", ".loads"}), "json.dumps(…)\n…\njson.loads(…)\n");
}

}  // namespace
}  // namespace autodev::mine
