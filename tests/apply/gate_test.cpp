// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/gate.h"

#include <gtest/gtest.h>

namespace autodev::apply {
namespace {

VisibleTask asks(const std::string& spec, const std::string& signature = "def f(x):") {
  VisibleTask task;
  task.spec = spec;
  task.signature = signature;
  task.language = Language::python;
  return task;
}

TEST(Gate, LetsTasksOfEqualIntentPass) {
  EXPECT_TRUE(may_copy(compare_polarity(asks("Return the largest number of a list."), asks("Largest number in a tuple"))));
}

TEST(Gate, StopsOppositesThatReadAlike) {
  const std::pair<const char*, const char*> pairs[] = {
      {"Enable the account of a user", "Disable the account of a user"},
      {"Encode a text in base 64", "Decode a text in base 64"},
      {"Minimum of a list", "Maximum of a list"},
      {"Sort ascending", "Sort descending"},
      {"First occurrence of x", "Last occurrence of x"},
      {"Adds an item", "Removes an item"},
      {"Increase the counter", "Decrease the counter"},
      {"Read the file", "Write the file"},
      {"The sum of all even numbers", "The sum of all odd numbers"},
  };
  for (const auto& [earlier, now] : pairs) {
    const auto difference = compare_polarity(asks(earlier), asks(now));
    EXPECT_FALSE(difference.flips.empty()) << earlier;
    EXPECT_FALSE(may_copy(difference)) << earlier;
    EXPECT_FALSE(may_adapt(difference, {})) << earlier;
  }
}

TEST(Gate, ReadsTheEntryPointsName) {
  const auto difference = compare_polarity(asks("Item of a list", "def find_min(x):"), asks("Item of a list", "def find_max(x):"));
  ASSERT_EQ(difference.flips.size(), 1u);
  EXPECT_EQ(difference.flips[0], std::pair(std::string("min"), std::string("max")));
}

TEST(Gate, StopsNegations) {
  const auto difference = compare_polarity(asks("Users that are active"), asks("Users that are not active"));
  EXPECT_TRUE(difference.negation);
  EXPECT_FALSE(may_copy(difference));
  EXPECT_FALSE(may_adapt(difference, {"active"}));
}

TEST(Gate, StopsAnOppositeThatOnlyOneTaskNames) {
  const auto difference = compare_polarity(asks("Sort a list"), asks("Sort a list descending"));
  EXPECT_EQ(difference.one_sided, std::vector<std::string>{"descending"});
  EXPECT_FALSE(may_copy(difference));
}

TEST(Gate, AllowsAnAdaptationThatRewroteTheOpposite) {
  const auto difference = compare_polarity(asks("Adds a star"), asks("Removes a star"));
  EXPECT_TRUE(may_adapt(difference, {"add"}));
  EXPECT_FALSE(may_adapt(difference, {"star"}));
}

TEST(Gate, IsSymmetricInBlocking) {
  EXPECT_FALSE(may_copy(compare_polarity(asks("open it"), asks("close it"))));
  EXPECT_FALSE(may_copy(compare_polarity(asks("close it"), asks("open it"))));
}

}  // namespace
}  // namespace autodev::apply
