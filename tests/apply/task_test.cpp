// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/task.h"

#include <gtest/gtest.h>

#include "support/support.h"

namespace autodev::apply {
namespace {

using test::value_of;

const std::string good =
    R"({"id":"a/1","stream":"a","stratum":"R","spec":"Adds.","language":"python","signature":"def add(a, b):",)"
    R"("context":"","reference":"def add(a, b):\n    return a + b\n","tests":"assert add(1, 2) == 3\n",)"
    R"("hidden_tests":"assert add(2, 2) == 4\n","judge":"tests","timeout_s":2.5})";

/// `good` with one piece replaced.
std::string with(const std::string& old_text, const std::string& new_text) {
  std::string line = good;
  line.replace(line.find(old_text), old_text.size(), new_text);
  return line;
}

std::string message_of(const std::string& text) {
  const auto result = parse_tasks(text, "tasks.jsonl");
  EXPECT_FALSE(result.has_value());
  if (result) return {};
  EXPECT_EQ(result.error().code, ErrorCode::bad_data);
  return result.error().message;
}

TEST(TaskStream, ReadsEveryField) {
  const auto tasks = value_of(parse_tasks(good + "\n", "t"));
  ASSERT_EQ(tasks.size(), 1u);
  const Task& task = tasks[0];
  EXPECT_EQ(task.visible.id, "a/1");
  EXPECT_EQ(task.visible.stream, "a");
  EXPECT_EQ(task.visible.stratum, "R");
  EXPECT_EQ(task.visible.language, Language::python);
  EXPECT_EQ(task.visible.signature, "def add(a, b):");
  EXPECT_EQ(task.visible.tests, "assert add(1, 2) == 3\n");
  EXPECT_EQ(task.hidden_tests, "assert add(2, 2) == 4\n");
  EXPECT_EQ(task.judge, Judge::tests);
  EXPECT_DOUBLE_EQ(task.visible.timeout_s, 2.5);
}

TEST(TaskStream, SkipsBlankLinesAndAcceptsCarriageReturns) {
  EXPECT_EQ(value_of(parse_tasks("\n" + good + "\r\n\n", "t")).size(), 1u);
  EXPECT_TRUE(value_of(parse_tasks("", "t")).empty());
}

TEST(TaskStream, DefaultsOptionalFields) {
  const auto tasks = value_of(parse_tasks(
      R"({"id":"1","stream":"s","stratum":"N","spec":"x","language":"go","reference":"y","tests":"z"})", "t"));
  ASSERT_EQ(tasks.size(), 1u);
  EXPECT_EQ(tasks[0].judge, Judge::tests);
  EXPECT_TRUE(tasks[0].hidden_tests.empty());
  EXPECT_DOUBLE_EQ(tasks[0].visible.timeout_s, 10);
}

TEST(TaskStream, NamesLineAndPathOfWhatIsWrong) {
  EXPECT_EQ(message_of(good + "\n" + with(R"("stratum":"R")", R"("stratum":"X")")),
            "tasks.jsonl:2: $.stratum: must be \"R\", \"M\" or \"N\"");
  EXPECT_EQ(message_of(with(R"("spec":"Adds.")", R"("spec":7)")), "tasks.jsonl:1: $.spec: must be a string, not number");
  EXPECT_EQ(message_of(with(R"("stream":"a",)", "")), "tasks.jsonl:1: $.stream: is missing");
  EXPECT_EQ(message_of(with("python", "klingon")), "tasks.jsonl:1: $.language: 'klingon' is not a known language");
  EXPECT_EQ(message_of(with(R"("timeout_s":2.5)", R"("timeout_s":-1)")),
            "tasks.jsonl:1: $.timeout_s: must be above 0 and at most 600");
  EXPECT_EQ(message_of(with(R"("judge":"tests")", R"("judge":"vibes")")),
            "tasks.jsonl:1: $.judge: must be \"tests\", \"equal\" or \"alpha_equal\"");
  EXPECT_EQ(message_of("[1,2]"), "tasks.jsonl:1: $: must be an object, not array");
}

TEST(TaskStream, RejectsARepeatedId) {
  EXPECT_EQ(message_of(good + "\n" + good), "tasks.jsonl:2: $.id: 'a/1' is used twice");
}

TEST(TaskStream, RejectsATaskThatNothingCouldJudge) {
  EXPECT_NE(message_of(R"({"id":"1","stream":"s","stratum":"N","spec":"x","language":"go","reference":"y"})")
                .find("nothing could judge it"),
            std::string::npos);
}

TEST(TaskStream, SurvivesHostileBytes) {
  EXPECT_NE(message_of("{\"id\":"), "");
  EXPECT_NE(message_of(std::string(100'000, '[')), "");
  EXPECT_NE(message_of(std::string((1u << 20) + 10, 'x')), "");
  EXPECT_NE(message_of(std::string("\0\xff\xfe", 3)), "");
}

TEST(TaskStream, BuiltInCorpusParses) {
  const auto tasks = parse_tasks(builtin_tasks(), "built-in corpus");
  EXPECT_TRUE(tasks.has_value()) << (tasks ? "" : tasks.error().message);
}

/// Reading `reference` or `hidden_tests` of what an arm is given must not compile.
template <typename T>
concept RevealsSolution = requires(const T& task) { task.reference; } || requires(const T& task) { task.hidden_tests; };
static_assert(!RevealsSolution<VisibleTask>);
static_assert(RevealsSolution<Task>);

}  // namespace
}  // namespace autodev::apply
