// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Events from outside: what is accepted, what follows, and that every mistake is named with its place.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "base/json.h"
#include "observe/event_json.h"
#include "observe/json_fields.h"
#include "support/support.h"

namespace autodev::observe {
namespace {

using test::value_of;

LearningEvent parsed(std::string_view text) {
  return value_of(parse_event_json(text, "event.json"));
}

std::string refusal_of(std::string_view text) {
  const auto event = parse_event_json(text, "event.json");
  if (event) return "accepted";
  EXPECT_EQ(event.error().code, ErrorCode::bad_data);
  return event.error().message;
}

#define EXPECT_SAYS(text, words) EXPECT_NE((text).find(words), std::string::npos) << (text)

TEST(EventJson, NeedsOnlyTypeAndText) {
  const LearningEvent event =
      parsed(R"({"event_type": "ImplementationSuccess", "specification": {"text": "add a cart"}})");
  EXPECT_EQ(event.event_type, LearningEventType::implementation_success);
  EXPECT_EQ(event.specification.text, "add a cart");
  EXPECT_EQ(event.source, "record");
  EXPECT_EQ(event.timestamp, Timestamp{});
  EXPECT_EQ(event.outcome.verdict, Verdict::passed);
  EXPECT_EQ(event.outcome.strength, EvidenceStrength::none) << "a claim without evidence is believed nothing";
  EXPECT_EQ(event.success, SuccessMetrics{});
}

TEST(EventJson, TheVerdictFollowsFromTheTypeOnlyWhenItIsAbsent) {
  const auto verdict = [](const std::string& type, const std::string& outcome) {
    return parsed(R"({"event_type": ")" + type + R"(", "specification": {"text": "t"}, "outcome": {)" + outcome + "}}")
        .outcome.verdict;
  };
  EXPECT_EQ(verdict("ImplementationSuccess", ""), Verdict::passed);
  EXPECT_EQ(verdict("TestPassed", ""), Verdict::passed);
  EXPECT_EQ(verdict("PerformanceImproved", ""), Verdict::passed);
  EXPECT_EQ(verdict("ImplementationFailure", ""), Verdict::failed);
  EXPECT_EQ(verdict("TestFailed", ""), Verdict::failed);
  EXPECT_EQ(verdict("PatternIdentified", ""), Verdict::unknown);
  EXPECT_EQ(verdict("ImplementationSuccess", R"("verdict": "unknown")"), Verdict::unknown);
}

TEST(EventJson, TheStrengthFollowsFromTheEvidenceGiven) {
  const auto strength = [](const std::string& outcome) {
    return parsed(R"({"event_type": "TestFailed", "specification": {"text": "t"}, "outcome": {)" + outcome + "}}")
        .outcome.strength;
  };
  EXPECT_EQ(strength(""), EvidenceStrength::none);
  EXPECT_EQ(strength(R"("exit_code": 1)"), EvidenceStrength::exit_code);
  EXPECT_EQ(strength(R"("tests": {"passed": 1, "failed": 1})"), EvidenceStrength::report);
  EXPECT_EQ(strength(R"("exit_code": 1, "tests": {"failed": 1})"), EvidenceStrength::report);
  EXPECT_EQ(strength(R"("strength": "history")"), EvidenceStrength::history);
}

TEST(EventJson, CountsFilesAndTestFilesUnlessTold) {
  const std::string start =
      R"({"event_type": "TestPassed", "specification": {"text": "t"}, "implementation": {"files": [
      {"path": "a.py", "after": ""}, {"path": "tests/test_a.py", "before": "x", "after": null}])";
  const LearningEvent counted = parsed(start + "}}");
  EXPECT_EQ(counted.implementation.files_changed, 2u);
  EXPECT_EQ(counted.implementation.test_files_changed, 1u);
  EXPECT_EQ(counted.implementation.files[0], (FileChange{"a.py", std::nullopt, ""}));
  EXPECT_EQ(counted.implementation.files[1], (FileChange{"tests/test_a.py", "x", std::nullopt}));
  const LearningEvent told = parsed(start + R"(, "files_changed": 9, "test_files_changed": 0}})");
  EXPECT_EQ(told.implementation.files_changed, 9u);
  EXPECT_EQ(told.implementation.test_files_changed, 0u);
}

TEST(EventJson, AllMistakesAreReportedAtOnceWithTheirPlaces) {
  const std::string said = refusal_of(R"({
    "schema": "auto-dev.event/2", "event_type": "Success", "timestmap": "now", "timestamp": "yesterday", "project": 3,
    "specification": {"text": "  ", "parts": ["a", 1]},
    "implementation": {"files": [{"path": "/etc/passwd"}, {"path": "../x", "after": "y"}, 5], "files_changed": 1.5},
    "outcome": {"exit_code": "1", "verdit": "passed", "strength": "strong", "tests": [], "failures": [{}], "flaky": 1},
    "success": {"specification_coverage": 1.5, "tests_passed": "yes", "llm_calls_used": -1},
    "metrics": {"runtime_ms": 0},
    "patterns_used": ["abc"], "x y": 1})");
  EXPECT_SAYS(said, "event.json: 24 problems");
  for (const char* words : {"$.schema: expected \"auto-dev.event/1\", got string \"auto-dev.event/2\"",
                            "$.event_type: \"Success\" is none of ImplementationSuccess,",
                            "$.timestmap: is not a member of this object; did you mean \"timestamp\"?",
                            "$.timestamp: expected a time",
                            "$.project: expected a string, got number 3",
                            "$.specification.text: must say what was asked for",
                            "$.specification.parts[1]: expected a string, got number 1",
                            "$.implementation.files[0].path: must be relative",
                            "$.implementation.files[0]: needs \"after\"",
                            "$.implementation.files[1].path: must not leave the project",
                            "$.implementation.files[2]: expected an object",
                            "$.implementation.files_changed: expected an integer, got number 1.5",
                            "$.outcome.exit_code: expected an integer, got string \"1\"",
                            "$.outcome.verdit: is not a member of this object; did you mean \"verdict\"?",
                            "$.outcome.strength: \"strong\" is none of none, history, exit_code, report",
                            "$.outcome.tests: expected an object, got an array",
                            "$.outcome.failures[0]: needs \"id\" or \"message\"",
                            "$.outcome.flaky: expected true or false, got number 1",
                            "$.success.specification_coverage: 1.5 is outside 0 to 1",
                            "$.success.tests_passed: expected true or false, got string \"yes\"",
                            "$.success.llm_calls_used: -1 is outside",
                            "$.metrics.runtime_ms: 0 is not above 0",
                            "$.patterns_used[0]: expected 32 hexadecimal digits, got string \"abc\"",
                            "$[\"x y\"]: is not a member of this object"})
    EXPECT_SAYS(said, words);
}

TEST(EventJson, RequiredMembersAreNamed) {
  const std::string said = refusal_of("{}");
  EXPECT_SAYS(said, "$.event_type: is required");
  EXPECT_SAYS(said, "$.specification: is required");
  EXPECT_SAYS(refusal_of(R"({"event_type": "TestPassed", "specification": {}})"), "$.specification.text: is required");
  EXPECT_SAYS(refusal_of("[]"), "$: expected an object, got an array");
  EXPECT_SAYS(refusal_of("{"), "event.json: not valid JSON at line 1");
}

struct Contradiction {
  const char* members;
  const char* says;
};

TEST(EventJson, ContradictionsNameBothPlaces) {
  for (
      const auto& [members, says] : std::vector<Contradiction>{
          {R"("event_type": "TestPassed", "outcome": {"tests": {"failed": 2}})",
           "$.outcome.tests.failed: 2 contradicts $.event_type \"TestPassed\""},
          {R"("event_type": "PatternIdentified", "outcome": {"verdict": "passed", "exit_code": 1})",
           "$.outcome.exit_code: 1 contradicts $.outcome.verdict \"passed\""},
          {R"("event_type": "ImplementationSuccess", "outcome": {"exit_code": 3})",
           "$.outcome.exit_code: 3 contradicts $.event_type \"ImplementationSuccess\""},
          {R"("event_type": "ImplementationSuccess", "outcome": {"verdict": "failed"})",
           "$.outcome.verdict: \"failed\" contradicts $.event_type \"ImplementationSuccess\""},
          {R"("event_type": "TestFailed", "outcome": {"verdict": "passed"})",
           "$.outcome.verdict: \"passed\" contradicts $.event_type \"TestFailed\""},
          {R"("event_type": "TestFailed", "success": {"tests_passed": true})",
           "$.success.tests_passed: true contradicts $.event_type \"TestFailed\""},
          {R"("event_type": "TestPassed", "success": {"tests_passed": false})",
           "$.success.tests_passed: false contradicts $.event_type \"TestPassed\""},
          {R"("event_type": "ImplementationFailure", "outcome": {"tests": {"failed": 1}}, "success": {"tests_passed": true})",
           "$.success.tests_passed: true contradicts $.outcome.tests.failed 1"},
          {R"("event_type": "PerformanceImproved", "metrics": {"runtime_ms": 3, "baseline_runtime_ms": 2})",
           "$.metrics.runtime_ms: not below $.metrics.baseline_runtime_ms"},
          {R"("event_type": "PerformanceImproved", "success": {"performance_met": false})",
           "$.success.performance_met: false contradicts $.event_type"},
          {R"("event_type": "TestPassed", "outcome": {"strength": "exit_code"})",
           "$.outcome.strength: \"exit_code\" needs the code in $.outcome.exit_code"},
          {R"("event_type": "TestPassed", "outcome": {"strength": "report"})",
           "$.outcome.strength: \"report\" needs the counts in $.outcome.tests"},
      })
    EXPECT_SAYS(refusal_of(std::string(R"({"specification": {"text": "t"}, )") + members + "}"), says);
}

TEST(EventJson, SizesAndCountsAreCapped) {
  const auto with = [](const std::string& members) {
    return refusal_of(R"({"event_type": "TestFailed", "specification": {"text": "t"}, )" + members + "}");
  };
  EXPECT_SAYS(
      refusal_of(R"({"event_type": "TestFailed", "specification": {"text": ")" + std::string(70'000, 'a') + "\"}}"),
      "$.specification.text: has 70000 bytes, more than the 65536 allowed");
  EXPECT_SAYS(
      with(R"("implementation": {"files": [{"path": "a.c", "after": ")" + std::string(1'100'000, 'a') + "\"}]}"),
      "$.implementation.files[0].after: has 1100000 bytes");
  std::string files, failures;
  for (int i = 0; i < 300; ++i) {
    files += fmt::format(R"({}{{"path": "f{}.c", "after": ""}})", i > 0 ? "," : "", i);
    failures += i > 0 ? R"(,{"id": "a"})" : R"({"id": "a"})";
  }
  EXPECT_SAYS(with(R"("implementation": {"files": [)" + files + "]}"), "$.implementation.files: has 300 elements");
  EXPECT_SAYS(with(R"("outcome": {"failures": [)" + failures + "]}"), "$.outcome.failures: has 300 elements");
  EXPECT_SAYS(with(R"("implementation": {"files": [{"path": "a", "after": ""}, {"path": "a", "after": ""}]})"),
              "$.implementation.files[1].path: appears a second time");
  EXPECT_SAYS(with(R"("outcome": {"exit_code": 99999999999})"), "$.outcome.exit_code: 99999999999 is outside");
  EXPECT_SAYS(with(R"("outcome": {"exit_code": 18446744073709551615})"), "is outside");
  std::string many;
  for (int i = 0; i < 200; ++i) many += fmt::format("\"zzzzzzzzzz{}\": 1{}", i, i < 199 ? "," : "");
  EXPECT_SAYS(with(many), "and 150 more");
}

TEST(EventJson, QuotedInputCannotSteerATerminal) {
  const std::string said = refusal_of("{\"type\": \"\\u001b[31mred\\u0007\", \"\\u001b]0;t\": 1}");
  EXPECT_EQ(said.find('\x1b'), std::string::npos);
  EXPECT_EQ(said.find('\x07'), std::string::npos);
}

LearningEvent random_event(std::mt19937& random) {
  const auto below = [&random](std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); };
  const auto text = [&](std::uint32_t most) {
    constexpr std::string_view letters = "ab \"\\\n\t<\xC3\xA9/";
    std::string value(1, 'x');
    for (std::uint32_t i = below(most); i > 0; --i)
      value += i % 7 == 0 ? std::string("\xE2\x82\xAC") : std::string(1, letters[below(8)]);
    return value;
  };
  LearningEvent event;
  constexpr LearningEventType types[] = {LearningEventType::implementation_success,
                                         LearningEventType::implementation_failure,
                                         LearningEventType::pattern_identified, LearningEventType::test_failed};
  event.event_type = types[below(4)];
  event.timestamp = Timestamp(Milliseconds(below(2) ? 0 : 1'700'000'000'000 + below(100'000)));
  event.source = below(2) ? text(5) : "";
  event.project = below(2) ? text(5) : "";
  event.revision = below(2) ? "abc" : "";
  for (auto* digest : {&event.id.digest, &event.cycle.digest})
    if (below(2)) digest->bytes[below(16)] = 7;
  event.specification = {text(40), below(2) ? "python" : "", below(2) ? text(9) : "", {}};
  for (std::uint32_t i = below(3); i > 0; --i) event.specification.parts.push_back(text(9));
  for (std::uint32_t i = below(4); i > 0; --i) {
    FileChange file{fmt::format("d/f{}.py", i), std::nullopt, std::nullopt};
    if (below(2)) file.before = text(50);
    if (!file.before || below(2)) file.after = text(50);
    event.implementation.files.push_back(file);
  }
  event.implementation.files_changed = static_cast<std::uint32_t>(event.implementation.files.size()) + below(3);
  event.implementation.test_files_changed = below(3);
  const bool success = event.event_type == LearningEventType::implementation_success;
  event.outcome.verdict = below(3) == 0 || event.event_type == LearningEventType::pattern_identified ? Verdict::unknown
                          : success                                                                  ? Verdict::passed
                                                                                                     : Verdict::failed;
  if (below(2)) event.outcome.exit_code = success ? 0 : static_cast<int>(below(300));
  if (below(2)) event.outcome.tests_passed = below(9);
  if (below(2)) event.outcome.tests_failed = success ? 0 : below(9);
  if (below(2)) event.outcome.tests_skipped = below(9);
  event.outcome.strength = event.outcome.tests_failed ? EvidenceStrength::report
                           : event.outcome.exit_code  ? EvidenceStrength::exit_code
                                                      : EvidenceStrength::history;
  event.outcome.tool = below(2) ? "pytest" : "";
  event.outcome.command = below(2) ? text(9) : "";
  for (std::uint32_t i = below(3); i > 0; --i) event.outcome.failures.push_back({text(9), "a.py", below(3), text(20)});
  event.outcome.flaky = below(2) == 0;
  if (below(2)) event.success.compilation_success = below(2) == 0;
  if (below(2)) event.success.security_passed = below(2) == 0;
  if (below(2)) event.success.performance_met = below(2) == 0;
  if (below(2)) event.success.tests_passed = success;
  if (!success) event.success.tests_passed.reset();
  if (below(2)) event.success.specification_coverage = below(1'001) / 1'000.0;
  if (below(2)) event.success.implementation_time = Milliseconds(below(100'000));
  if (below(2)) event.success.llm_calls_used = below(9);
  if (below(2)) event.metrics.runtime_ms = 0.1 + below(1'000) / 7.0;
  if (below(2)) event.metrics.baseline_runtime_ms = 0.1 + below(1'000) / 7.0;
  if (below(2)) event.metrics.memory_mb = below(1'000) / 7.0;
  for (std::uint32_t i = below(3); i > 0; --i)
    event.patterns_used.push_back(PatternId{Digest{{1, 2, static_cast<std::uint8_t>(i)}}});
  event.previous_attempt = static_cast<Verdict>(below(3));
  return event;
}

TEST(EventJson, WhatIsPrintedIsReadBackEqual) {
  std::mt19937 random(20'261'122);
  for (int i = 0; i < 500; ++i) {
    const LearningEvent event = random_event(random);
    const std::string text = print_event_json(event);
    const auto again = parse_event_json(text, "event.json");
    ASSERT_TRUE(again) << again.error().message << "\n" << text;
    ASSERT_EQ(*again, event) << text;
    ASSERT_EQ(print_event_json(*again), text);
  }
}

TEST(EventJson, TheExampleOfTheDocumentIsAccepted) {
  std::ifstream in(std::string(AUTODEV_SOURCE_DIR) + "/docs/event-format.md");
  std::ostringstream document;
  document << in.rdbuf();
  const std::string text = document.str();
  const std::size_t start = text.find("```json\n");
  ASSERT_NE(start, std::string::npos);
  const std::string example = text.substr(start + 8, text.find("```", start + 8) - start - 8);
  const LearningEvent event = parsed(example);
  EXPECT_EQ(event.outcome.strength, EvidenceStrength::report);
  EXPECT_EQ(event.implementation.files.size(), 2u);
  // Complete: printing it gives back every member, so nothing of the format is missing from the example.
  EXPECT_EQ(base::dump_json(value_of(base::parse_json(print_event_json(event), "printed"))),
            base::dump_json(value_of(base::parse_json(example, "example"))));
}

TEST(NearestName, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> names{"exit_code", "verdict", "tests"};
  EXPECT_EQ(nearest_name("exitcode", names), "exit_code");
  EXPECT_EQ(nearest_name("Verdict", names), "verdict");
  EXPECT_EQ(nearest_name("etsts", names), "tests");
  EXPECT_EQ(nearest_name("color", names), "");
  EXPECT_EQ(nearest_name(std::string(10'000, 'x'), names), "");
}

}  // namespace
}  // namespace autodev::observe
