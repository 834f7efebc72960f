// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The pool against hostile files: whatever they do, it happens to the child.
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>

#include "base/env.h"
#include "support/support.h"
#include "syntax/extract.h"
#include "syntax/worker_protocol.h"

namespace autodev::syntax {
namespace {

using std::chrono::milliseconds;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t memory_limit = 0;  // sanitizers reserve terabytes of address space
constexpr bool limited = false;
#else
constexpr std::uint64_t memory_limit = 1u << 30;
constexpr bool limited = true;
#endif

constexpr Language all_languages[] = {Language::c,          Language::cpp,        Language::python, Language::rust,
                                      Language::javascript, Language::typescript, Language::tsx,    Language::go,
                                      Language::java,       Language::csharp,     Language::ruby,   Language::php,
                                      Language::bash};

constexpr std::string_view healthy = "def f(a, b):\n    return a + b\n";

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += piece;
  return text;
}

class ParserPoolTest : public ::testing::Test {
 protected:
  /// Extracts within the promised time and whatever comes out is a value or bad_data.
  void survive(const std::string& source, Language language, std::string_view what) {
    ExtractOptions options;
    options.deadline = milliseconds(1500);
    const auto start = std::chrono::steady_clock::now();
    const auto result = pool_.extract(source, language, what, options);
    const auto took = std::chrono::steady_clock::now() - start;
    EXPECT_LT(took, options.deadline + milliseconds(limited ? 1000 : 20'000)) << what << " in " << to_string(language);
    if (!result) {
      EXPECT_EQ(result.error().code, ErrorCode::bad_data) << result.error().message;
      EXPECT_TRUE(result.error().message.starts_with(what)) << result.error().message;
    }
  }

  void expect_usable() {
    const auto units = test::value_of(pool_.extract(healthy, Language::python, "ok.py"));
    ASSERT_EQ(units.units.size(), 1u);
    EXPECT_EQ(units.units[0].name, "f");
  }

  ParserPool pool_{base::real_env(), {AUTODEV_PARSE_WORKER}, memory_limit};
};

TEST_F(ParserPoolTest, GivesWhatExtractionInProcessGives) {
  const std::string source =
      "import os\n\nclass A:\n    \"\"\"Doc.\"\"\"\n    def m(self, x):\n        return os.path.join(x)\n";
  const auto here = test::value_of(extract_units(source, Language::python, "src/a.py"));
  const auto there = test::value_of(pool_.extract(source, Language::python, "src/a.py"));
  EXPECT_EQ(here.units, there.units);
  EXPECT_EQ(here.units_with_errors, there.units_with_errors);
  EXPECT_EQ(there.units.at(0).path, "src/a.py");
  EXPECT_EQ(there.units.at(1).imports, std::vector<std::string>{"os"});
}

TEST_F(ParserPoolTest, SurvivesNestedTemplateBracketsInEveryLanguage) {
  for (const auto language : all_languages)
    if (limited || language != Language::csharp) survive(repeated("a<", 200'000), language, "angles");
  expect_usable();
}

TEST_F(ParserPoolTest, SurvivesUnclosedParenthesesInEveryLanguage) {
  for (const auto language : all_languages) survive(repeated("(", max_source_bytes(language)), language, "parens");
  expect_usable();
}

TEST_F(ParserPoolTest, SurvivesRandomBytesAndInvalidText) {
  std::mt19937 random(7);
  for (const auto language : all_languages) {
    std::string bytes(100'000, ' ');
    for (auto& c : bytes) c = static_cast<char>(1 + random() % 255);
    survive(bytes, language, "random");
    survive("\xff\xfe\xc0\x80 def f(): return '\xed\xa0\x80'\n", language, "invalid utf-8");
  }
  expect_usable();
}

TEST_F(ParserPoolTest, SurvivesDeepNesting) {
  survive(repeated("[", 100'000) + repeated("]", 100'000), Language::python, "lists");
  survive(repeated("{", 100'000) + repeated("}", 100'000), Language::javascript, "blocks");
  survive("int f() {" + repeated("if(a){", 600'000) + repeated("}", 100'000) + "}", Language::cpp, "ifs");
  survive(repeated("class a{", 800'000), Language::java, "classes");
  expect_usable();
}

TEST_F(ParserPoolTest, RefusesHugeAndBinaryFilesWithoutSendingThem) {
  const auto huge = pool_.extract(std::string(50'000'000, 'a'), Language::python, "huge.py");
  ASSERT_FALSE(huge);
  EXPECT_EQ(huge.error().code, ErrorCode::bad_data);
  const auto binary = pool_.extract(std::string_view("def f():\0 pass\n", 15), Language::python, "binary.py");
  ASSERT_FALSE(binary);
  EXPECT_NE(binary.error().message.find("binary"), std::string::npos);
  expect_usable();
}

TEST_F(ParserPoolTest, RemembersAPoisonousFile) {
  if (!limited) GTEST_SKIP() << "needs an address-space limit";
  const auto poison = repeated("a<", 200'000);
  ASSERT_FALSE(pool_.extract(poison, Language::csharp, "poison.cs"));
  const auto start = std::chrono::steady_clock::now();
  const auto again = pool_.extract(poison, Language::csharp, "again.cs");
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(100));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, "again.cs: the parser gave up (memory or time limit); the file is skipped");
}

TEST(ParserPool, IsUnavailableWithoutAWorkerProgram) {
  for (const std::string program : {"/nonexistent/worker", "/bin/true"}) {
    ParserPool pool(base::real_env(), {program}, memory_limit);
    const auto result = pool.extract(healthy, Language::python, "a.py");
    ASSERT_FALSE(result) << program;
    EXPECT_EQ(result.error().code, ErrorCode::unavailable) << result.error().message;
  }
  ParserPool none(base::real_env(), {}, memory_limit);
  EXPECT_FALSE(none.extract(healthy, Language::python, "a.py"));
}

TEST(WorkerProtocol, RequestsAndRepliesSurviveTheWire) {
  ExtractOptions options;
  options.blocks = false;
  options.min_block_nodes = 7;
  options.deadline = milliseconds(1234);
  const auto bytes = encode_request({Language::go, options, "a/b.go", "package a"});
  const auto request = test::value_of(decode_request(bytes));
  EXPECT_EQ(request.language, Language::go);
  EXPECT_EQ(request.path, "a/b.go");
  EXPECT_EQ(request.source, "package a");
  EXPECT_FALSE(request.options.blocks);
  EXPECT_TRUE(request.options.types);
  EXPECT_EQ(request.options.deadline, milliseconds(1234));
  const auto reply = encode_reply(fail(ErrorCode::bad_data, "a.go: too large", "skip"));
  const auto decoded = test::value_of(decode_reply(reply, "a.go"));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().message, "a.go: too large");
}

TEST(WorkerProtocol, CutOrChangedMessagesAreErrorsNotCrashes) {
  const auto units = extract_units("def f(a):\n    return a\n", Language::python, "a.py");
  const auto reply = encode_reply(units);
  const auto request = encode_request({Language::python, {}, "a.py", healthy});
  for (std::size_t size = 0; size < reply.size(); ++size)
    EXPECT_FALSE(decode_reply(std::string_view(reply).substr(0, size), "a.py")) << size;
  for (std::size_t size = 0; size < request.size(); ++size)
    EXPECT_FALSE(decode_request(std::string_view(request).substr(0, size))) << size;
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    auto damaged = reply;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto decoded = decode_reply(damaged, "a.py");
    if (decoded && *decoded) {
      EXPECT_LE((*decoded)->units.size(), damaged.size());
    }
  }
}

}  // namespace
}  // namespace autodev::syntax
