// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Precompiled headers: which lines count, and that a program means the same with and without them in the real sandbox.
#include "apply/precompiled.h"

#include <gtest/gtest.h>

#include "apply/sandbox.h"
#include "apply/screen.h"
#include "base/env.h"
#include "support/support.h"

namespace autodev::apply {
namespace {

using test::value_of;

TEST(LeadingHeaders, AreTheStandardOnesBeforeAnythingElse) {
  const auto block = leading_headers("// a program\n#include <vector>\n\n#  include <string>\n#include <vector>\nint x;\n#include <map>\n");
  EXPECT_EQ(block.headers, (std::vector<std::string>{"string", "vector"}));
  EXPECT_EQ(block.rest, "\n\n\n\n\nint x;\n#include <map>\n") << "the line numbers stay";
}

TEST(LeadingHeaders, EndAtWhatCouldChangeThem) {
  for (const std::string first : {"#define NDEBUG\n", "#if 1\n", "#include \"own.h\"\n", "#include <../../etc/passwd>\n", "#include <sys/socket.h>\n",
                                  "/* #include <map> */\n", "// continued \\\n"}) {
    const auto block = leading_headers(first + "#include <string>\n");
    EXPECT_TRUE(block.headers.empty()) << first;
    EXPECT_EQ(block.rest, first + "#include <string>\n");
  }
}

TEST(LeadingHeaders, OfHostileSourcesAreHarmless) {
  EXPECT_TRUE(leading_headers("").headers.empty());
  EXPECT_TRUE(leading_headers("#").headers.empty());
  EXPECT_TRUE(leading_headers("#include <").headers.empty());
  EXPECT_EQ(leading_headers("#include <string>").rest, "");
  EXPECT_EQ(leading_headers(std::string(1'000, '\n')).rest, std::string(1'000, '\n'));
}

class Precompiled : public ::testing::Test {
 protected:
  void SetUp() override {
    auto sandbox = Sandbox::open(base::real_env(), {});
    if (!sandbox) GTEST_SKIP() << sandbox.error().message;
    sandbox_ = std::move(*sandbox);
    if (!sandbox_->require_toolchain(Language::cpp)) GTEST_SKIP() << "no g++";
  }
  std::unique_ptr<Sandbox> sandbox_;
};

TEST_F(Precompiled, HeadersAreThereFromTheSecondTimeOnAndNoForeignOnesEver) {
  const auto cache = base::real_env().variable("XDG_CACHE_HOME").value_or(base::real_env().variable("HOME").value_or(""));
  if (!cache.starts_with('/') || cache.starts_with("/tmp")) GTEST_SKIP() << "runs have a /tmp of their own and cannot see this cache";
  const std::vector<std::string> headers{"list", "ratio"};
  (void)sandbox_->prepared_header(Language::cpp, headers);
  EXPECT_FALSE(sandbox_->prepared_header(Language::cpp, headers).empty());
  const std::vector<std::string> foreign{"../../etc/passwd"};
  (void)sandbox_->prepared_header(Language::cpp, foreign);
  EXPECT_TRUE(sandbox_->prepared_header(Language::cpp, foreign).empty());
  EXPECT_TRUE(sandbox_->prepared_header(Language::python, headers).empty());
}

TEST_F(Precompiled, ProgramsMeanTheSameWithThem) {
  const std::string head = "#include <string>\n#include <vector>\n";
  const std::string line = "int main() { std::vector<std::string> v{\"a\"}; return v.size() == 1 && __LINE__ == 3 ? 0 : 1; }\n";
  const std::string lacks = "int main() { std::map<int, int> m; return 0; }\n";
  for (int round = 0; round < 3; ++round) {  // cold, made, used; the comment keeps the answer from being remembered
    const auto comment = "// " + std::to_string(round) + "\n";
    EXPECT_TRUE(value_of(sandbox_->run_program(Language::cpp, head + line + comment, 10)).passed);
    EXPECT_TRUE(value_of(sandbox_->run_program(Language::cpp, head + lacks + comment, 10)).compile_failed) << "nothing more is included";
  }
}

TEST_F(Precompiled, LaterProgramsAreTriedOnlyWhereNoneOfTheFirstPasses) {
  const std::string wrong = "int f() { return 1; }\n", right = "int f() { return 0; }\n", broken = "int f() { return missing; }\n";
  const auto screened = [&](std::size_t at) {
    Screened all{"#include <string>\n", std::vector<std::string>(30, wrong), "int main() { return f(); }\n"};
    all.codes[3] = broken;
    all.codes[20] = broken;
    if (at < all.codes.size()) all.codes[at] = right;
    return value_of(screen_programs(*sandbox_, Language::cpp, all, 1, 10));
  };
  const auto early = screened(2);
  EXPECT_TRUE(early.passed[2]);
  EXPECT_LT(early.tried, 30u);
  const auto late = screened(29);
  EXPECT_TRUE(late.passed[29]);
  EXPECT_EQ(late.tried, 30u);
  EXPECT_EQ(screened(99).tried, 30u);
}

}  // namespace
}  // namespace autodev::apply
