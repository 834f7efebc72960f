// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the benchmark of held-out sequences refuses.
#include "app/behaviour_bench.h"

#include <gtest/gtest.h>

namespace autodev::app {
namespace {

constexpr const char* train = R"({"group":"a","source":"1","split":"train","events":["x","y"]})";

TEST(BehaviourBench, KnowsTwoSplits) {
  const auto result = bench_behaviour(std::string(train) + "\n" + R"({"group":"a","source":"1","split":"dev","events":["x"]})");
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().message.find("line 2"), std::string::npos) << result.error().message;
  EXPECT_TRUE(bench_behaviour(train).has_value());
}

TEST(BehaviourBench, AFileWithoutSequencesIsAnError) {
  EXPECT_FALSE(bench_behaviour("").has_value());
  EXPECT_FALSE(bench_behaviour("\n\n").has_value());
}

}  // namespace
}  // namespace autodev::app
