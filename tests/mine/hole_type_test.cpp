// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Typed holes: constant or hole, nullable, equality groups, binders, scope and names.
#include "mine/hole_type.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "mine/hole.h"
#include "mine/real_code.h"

namespace autodev::mine {
namespace {

using test::functions_of;
using test::tree_of;

Template of_all(const std::vector<std::string>& sources, std::string_view path = "f.py") {
  const auto leader = functions_of(sources.front(), path).at(0);
  Template pattern = template_of(tree_of(leader), leader.text);
  for (std::size_t i = 1; i < sources.size(); ++i) {
    const auto unit = functions_of(sources[i], path).at(0);
    pattern = anti_unify(pattern, tree_of(unit), unit.text).result;
  }
  return pattern;
}

TemplateHole histogram(std::uint32_t usual, std::uint32_t others) {
  TemplateHole hole;
  hole.kind = "identifier";
  add_filler(hole, "usual", usual);
  for (std::uint32_t i = 0; i < others; ++i) add_filler(hole, "other" + std::to_string(i), 1);
  return hole;
}

Template fetch() {
  return of_all({"def fetch(client, page):\n    rows = client.get(page, retries=3)\n    return parse(rows, client)\n",
                 "def fetch(slack_client, cursor):\n    rows = slack_client.get(cursor, retries=3)\n    return "
                 "parse(rows, slack_client)\n",
                 "def fetch(web_client, start):\n    rows = web_client.get(start, retries=3, limit=9)\n    return "
                 "parse(rows, web_client)\n"});
}

TEST(Entropy, OfAHistogramIsShannons) {
  EXPECT_EQ(entropy_thousandths(histogram(7, 0)), 0u);
  EXPECT_EQ(entropy_thousandths(histogram(1, 1)), 1000u);
  EXPECT_EQ(entropy_thousandths(histogram(1, 7)), 3000u);
  EXPECT_NEAR(entropy_thousandths(histogram(9, 1)), 469, 2);
  EXPECT_NEAR(entropy_thousandths(histogram(8, 1)), 503, 2);
}

TEST(HoleType, WhatIsNearlyAlwaysTheSameIsAConstant) {
  const auto with = [](std::uint32_t usual) {
    std::vector<std::string> sources(usual, "def f(x):\n    log(x, 1)\n    return x.save()\n");
    sources.emplace_back("def f(x):\n    log(x, 2)\n    return x.save()\n");
    return public_holes(of_all(sources)).at(0).constant;
  };
  EXPECT_EQ(with(9), "1");
  EXPECT_EQ(with(8), std::nullopt) << "one of nine is no outlier yet";
}

TEST(HoleType, AHoleInSeveralPlacesIsOneGroup) {
  const auto holes = public_holes(fetch());
  const auto client = std::find_if(holes.begin(), holes.end(), [](const Hole& hole) { return hole.name == "$client"; });
  ASSERT_NE(client, holes.end());
  EXPECT_EQ(client->places, 3u);
  EXPECT_TRUE(client->binder);
  EXPECT_EQ(client->scope, "parameter");
  EXPECT_EQ(client->kind, "identifier");
}

TEST(HoleType, ASequenceThatWasEmptyOnceIsNullable) {
  const auto holes = public_holes(fetch());
  const auto sequence =
      std::find_if(holes.begin(), holes.end(), [](const Hole& hole) { return hole.kind == "sequence"; });
  ASSERT_NE(sequence, holes.end());
  EXPECT_TRUE(sequence->nullable);
  EXPECT_EQ(sequence->scope, "arguments");
  EXPECT_FALSE(sequence->constant) << "nothing is no constant";
  const auto full = public_holes(
      of_all({"def f(x):\n    g(x, 1, 2)\n    return h(x)\n", "def f(x):\n    g(x, 1, 2, 3)\n    return h(x)\n"}));
  for (const Hole& hole : full) EXPECT_TRUE(hole.kind == "sequence" || !hole.nullable);
}

TEST(HoleNames, AreTheWordsTheFillersShare) {
  const auto names = hole_names(fetch());
  EXPECT_EQ(names.at(0), "$client");
  EXPECT_EQ(names.at(1), "$2") << "page, cursor and start share nothing";
}

TEST(HoleNames, AppearInTheTemplate) {
  const Template pattern = fetch();
  const std::string text = render(pattern, hole_names(pattern));
  EXPECT_NE(text.find("def fetch($client, $2)"), std::string::npos) << text;
  EXPECT_NE(text.find("parse(rows, $client)"), std::string::npos) << text;
}

TEST(HoleNames, AreEachGivenOnce) {
  const auto names = hole_names(of_all({"def f(a):\n    copy(a, user_name, user_id)\n    return a.done()\n",
                                        "def f(a):\n    copy(a, old_user, new_user)\n    return a.done()\n"}));
  EXPECT_EQ(names, (std::vector<std::string>{"$user", "$user_2"}));
}

TEST(HoleNames, AreNumbersWhereTheLanguagesOwnVariablesLookLikeNames) {
  const auto names = hole_names(of_all({"<?php\nfunction f($user) {\n  save($user->name, 1);\n  return $user;\n}\n",
                                        "<?php\nfunction f($user) {\n  save($user->name, 2);\n  return $user;\n}\n"},
                                       "f.php"));
  EXPECT_EQ(names, std::vector<std::string>{"$1"});
}

TEST(HoleNames, TheReceiverIsNoName) {
  const auto names = hole_names(of_all({"def f(self):\n    save(self.left)\n    return self.done()\n",
                                        "def f(self):\n    save(self.top)\n    return self.done()\n"}));
  EXPECT_EQ(names, std::vector<std::string>{"$1"});
}

}  // namespace
}  // namespace autodev::mine
