// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/edit_groups.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace autodev::app {
namespace {

using knowledge::Guard;

Guard rung(std::uint8_t id, std::vector<std::uint64_t> edits, std::uint8_t width = 0,
           mine::GuardLevel level = mine::GuardLevel::shadow) {
  Guard guard;
  guard.id.digest.bytes[0] = id;
  guard.level = level;
  guard.pattern.language = Language::c;
  guard.pattern.width = width;
  guard.counts.confirmed = static_cast<std::uint32_t>(edits.size());
  guard.bound_permille = 100 * guard.counts.confirmed;
  guard.edits = std::move(edits);
  return guard;
}

TEST(EditGroups, TheSurestRungSpeaksForThoseThatCoverLess) {
  const std::vector<Guard> guards = {rung(1, {7}), rung(2, {7, 8}), rung(3, {8}), rung(4, {9})};
  const auto groups = group_edits(guards);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].lead, 1u);
  EXPECT_EQ(groups[0].behind, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(groups[1].lead, 3u);
  EXPECT_TRUE(groups[1].behind.empty());
}

TEST(EditGroups, OfEquallySureRungsTheOneWithTheLeastContextSpeaks) {
  const std::vector<Guard> guards = {rung(1, {7}, 3), rung(2, {7}, mine::slice_width), rung(3, {7}, 1)};
  EXPECT_EQ(group_edits(guards)[0].lead, 1u);
}

TEST(EditGroups, ARungThatSpeaksComesBeforeOneThatIsOnlyFrequent) {
  const std::vector<Guard> guards = {rung(1, {1, 2, 3, 4, 5}), rung(2, {1, 2, 3, 4}, 2, mine::GuardLevel::advise)};
  const auto groups = group_edits(guards);
  ASSERT_EQ(groups.size(), 2u) << "the frequent one covers an edit that the other does not";
  EXPECT_EQ(groups[0].lead, 1u);
}

TEST(EditGroups, RungsThatOverlapOrHaveAnotherLanguageStandApart) {
  std::vector<Guard> guards = {rung(1, {1, 2}), rung(2, {2, 3}), rung(3, {1})};
  guards[2].pattern.language = Language::python;
  EXPECT_EQ(group_edits(guards).size(), 3u);
}

TEST(EditGroups, EveryRungIsInOneGroupAndTheOrderOfTheInputDoesNotMatter) {
  std::mt19937 random(3);
  std::vector<Guard> guards;
  for (std::uint8_t i = 1; i < 120; ++i) {
    std::vector<std::uint64_t> edits;
    for (std::uint64_t edit = 0; edit < 12; ++edit)
      if (random() % 6 == 0) edits.push_back(edit);
    guards.push_back(rung(i, edits, static_cast<std::uint8_t>(random() % 5)));
  }
  const auto ids_of = [](const std::vector<Guard>& all) {
    std::vector<std::vector<std::string>> list;
    for (const EditGroup& group : group_edits(all)) {
      list.push_back({all[group.lead].id.hex()});
      for (const std::size_t one : group.behind) list.back().push_back(all[one].id.hex());
    }
    return list;
  };
  const auto expected = ids_of(guards);
  std::size_t placed = 0;
  for (const auto& group : expected) placed += group.size();
  EXPECT_EQ(placed, guards.size());
  for (int round = 0; round < 10; ++round) {
    std::shuffle(guards.begin(), guards.end(), random);
    EXPECT_EQ(ids_of(guards), expected);
  }
}

}  // namespace
}  // namespace autodev::app
