// SPDX-License-Identifier: MIT OR Apache-2.0
#include "vote/context.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/support.h"

namespace autodev::vote {
namespace {

using test::value_of;

TEST(Context, ShortStringsAreCategoriesAndNumbersAreMeasures) {
  const Context context = value_of(read_context(R"({"language": "python", "tests": true, "files": 3, "size": {"lines": 120}})"));
  EXPECT_EQ(context.categories.size(), 2u);
  EXPECT_EQ(context.measures.size(), 2u);
  EXPECT_NE(context.key, 0u);
}

TEST(Context, DoesNotDependOnTheOrderOfMembers) {
  EXPECT_EQ(value_of(read_context(R"({"a": "x", "b": 2, "c": "y"})")), value_of(read_context(R"({"c": "y", "b": 2, "a": "x"})")));
}

TEST(Context, ATextBecomesCountsAndWords) {
  const Context one = value_of(read_context(R"({"prompt": "Please add a login form with a password field and a session cookie"})"));
  const Context alike = value_of(read_context(R"({"prompt": "Please add a login page with a password box and a session cookie"})"));
  const Context other = value_of(read_context(R"({"prompt": "Compute the gradient of the sparse matrix norm numerically, then report it"})"));
  EXPECT_TRUE(one.categories.empty());
  EXPECT_GT(one.measures.size(), 8u);
  EXPECT_GT(similarity(one.sketch, alike.sketch), 2 * similarity(one.sketch, other.sketch));
}

TEST(Context, NothingAndNullAreEmpty) {
  EXPECT_EQ(value_of(read_context("")), Context{});
  EXPECT_EQ(value_of(read_context(R"({"a": null})")), Context{});
  EXPECT_EQ(similarity({}, {}), 1.0);
}

TEST(Context, HostileTextIsAnErrorOfUse) {
  std::string deep = R"({"a": )" + std::string(40, '[') + std::string(40, ']') + "}";
  std::string wide = "{";
  for (int i = 0; i < 1000; ++i) wide += fmt::format("{}\"m{}\": {}", i == 0 ? "" : ",", i, i);
  const std::string large = R"({"a": ")" + std::string(max_context_bytes, 'x') + "\"}";
  for (const std::string& text : {deep, wide + "}", large, std::string("[1]"), std::string("{"), std::string(R"({"a": 1e999})"), std::string("\xff")}) {
    const auto context = read_context(text);
    ASSERT_FALSE(context) << text.substr(0, 60);
    EXPECT_EQ(context.error().code, ErrorCode::usage);
  }
}

}  // namespace
}  // namespace autodev::vote
