// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The leader rule and the batch made of it.
#include "mine/pattern_extractor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "mine/leader.h"
#include "mine/real_code.h"
#include "mine/thresholds.h"

namespace autodev::mine {
namespace {

using test::functions_of;
using test::tree_of;

constexpr std::string_view source = R"(
def users_list(client, limit):
    result = client.get("/users", params={"limit": limit})
    result.raise_for_status()
    return result.json()

def is_weekend(day):
    if day.weekday() >= 5:
        return True
    return day in HOLIDAYS

def orders_list(api, limit):
    response = api.get("/orders", params={"limit": limit})
    response.raise_for_status()
    return response.json()

def is_free(date):
    if date.weekday() >= 5:
        return True
    return date in HOLIDAYS

def items_list(api, limit):
    response = api.get("/items", params={"limit": limit})
    log.debug(response)
    response.raise_for_status()
    return response.json()
)";

Signature signature_of(const CodeUnit& unit) {
  return minhash(structural_features(tree_of(unit)));
}

TEST(PatternExtractor, GathersNearCopiesAndKeepsOthersApart) {
  const auto units = functions_of(source, "a.py");
  const auto patterns = extract_structural(units);
  ASSERT_EQ(patterns.size(), 2u);
  EXPECT_EQ(patterns[0].members, (std::vector<std::size_t>{0, 2, 4}));
  EXPECT_EQ(patterns[1].members, (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(patterns[0].id.digest, units[patterns[0].leader].alpha);
  EXPECT_EQ(patterns[0].pattern.instances, 3u);
  EXPECT_EQ(render(patterns[1].pattern),
            "def $1($2):\n    if $2.weekday() >= 5:\n        return True\n    return $2 in HOLIDAYS");
}

TEST(PatternExtractor, EveryMemberIsAnInstance) {
  const auto units = functions_of(source, "a.py");
  for (const auto& pattern : extract_structural(units))
    for (const auto member : pattern.members)
      EXPECT_TRUE(match(pattern.pattern, tree_of(units[member]), units[member].text)) << units[member].name;
}

TEST(PatternExtractor, UnreadableUnitsAreLeftOut) {
  auto units = functions_of(source, "a.py");
  units[0].tree = "garbage";
  units[2].tree.clear();
  const auto patterns = extract_structural(units);
  ASSERT_EQ(patterns.size(), 2u);
  EXPECT_EQ(patterns[0].members, (std::vector<std::size_t>{1, 3}));
  EXPECT_TRUE(extract_structural({}).empty());
}

TEST(Leader, RenamedCopiesOfOneCodeAlwaysJoin) {
  const auto units = functions_of(source, "a.py");
  const Template leader = template_of(tree_of(units[0]), units[0].text);
  EXPECT_TRUE(joins(leader, signature_of(units[0]), tree_of(units[2]), signature_of(units[2])));
  EXPECT_FALSE(joins(leader, signature_of(units[0]), tree_of(units[1]), signature_of(units[1])));
}

TEST(Leader, LanguagesAndKindsDoNotMix) {
  auto tree = tree_of(functions_of(source, "a.py")[0]);
  auto other = tree;
  other.language = Language::ruby;
  EXPECT_TRUE(comparable(tree, tree));
  EXPECT_FALSE(comparable(tree, other));
  other = tree;
  other.nodes[0].kind = syntax::NodeKind::method;
  EXPECT_TRUE(comparable(tree, other));
  other.nodes[0].kind = syntax::NodeKind::type_declaration;
  EXPECT_FALSE(comparable(tree, other));
  EXPECT_FALSE(comparable(tree, syntax::Nast{}));
}

TEST(Leader, CandidatesAreTriedBySimilarityThenId) {
  Signature base{};
  for (std::uint32_t i = 0; i < signature_bins; ++i) base[i] = i + 1;
  Signature near = base;
  near[0] = 999;
  Signature far = base;
  for (std::uint32_t i = 0; i < 33; ++i) far[i] = 999 + i;  // 31 of 64 bins: below one half
  const auto id = [](std::uint8_t last) {
    PatternId made;
    made.digest.bytes[15] = last;
    return made;
  };
  const std::vector<LeaderView> views = {
      {id(9), &base}, {id(1), &near}, {id(4), &base}, {id(2), &far}};
  EXPECT_EQ(leader_order(views, base), (std::vector<std::size_t>{2, 0, 1}));
  EXPECT_EQ(leader_order(std::vector<LeaderView>(500, views[0]), base).size(), max_candidates);
}

TEST(Leader, TemplatesDoNotDriftIntoNothing) {
  // Each step is close to the one before, the last has nothing to do with the first.
  const auto units = functions_of(R"(
def a(self, x):
    return self.first(x)[0].name
def b(self, x):
    return self.second(x)[0].name
def c(self, x):
    return other.second(x)[0].kind
def d(this, y, z):
    return other.third(z)[1].kind
def e(this, y, z):
    return fourth(z)(1, 2)
)",
                                  "a.py");
  for (const auto& pattern : extract_structural(units)) {
    for (const auto member : pattern.members) {
      const auto nodes = tree_of(units[member]).nodes.size();
      EXPECT_GE(1000 * concrete_nodes(pattern.pattern), join_concrete_permille * nodes) << render(pattern.pattern);
    }
  }
}

}  // namespace
}  // namespace autodev::mine
