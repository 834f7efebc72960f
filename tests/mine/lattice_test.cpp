// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Parents of a template: each covers the one below it, and the number of steps is bounded.
#include "mine/lattice.h"

#include <gtest/gtest.h>

#include "mine/real_code.h"

namespace autodev::mine {
namespace {

using test::functions_of;
using test::tree_of;

Sibling sibling(std::string_view source) {
  const auto unit = functions_of(source, "f.py").at(0);
  return {tree_of(unit), unit.text};
}

const std::string base =
    "def load(path):\n    with open(path) as stream:\n        rows = json.load(stream)\n    log.info(path)\n    return "
    "check(rows)\n";
const std::string near =
    "def load(name):\n    with open(name) as stream:\n        rows = yaml.safe_load(stream, 1)\n    log.info(name)\n   "
    " return check(rows)\n";
const std::string far =
    "def load(path):\n    with open(path) as stream:\n        rows = csv.reader(stream)\n    return Table(rows, path, "
    "3)\n";
const std::string foreign =
    "def wait(seconds):\n    while seconds > 0:\n        seconds -= 1\n        print(seconds)\n";

TEST(Lattice, AParentCoversThePatternAndItsSiblings) {
  const Sibling leader = sibling(base);
  const std::vector<Sibling> siblings{sibling(near), sibling(far)};
  const auto parents = parents_of(template_of(leader.tree, leader.text), siblings);
  ASSERT_EQ(parents.size(), 2u);
  EXPECT_TRUE(match(parents[0].shape, leader.tree, leader.text));
  EXPECT_TRUE(match(parents[0].shape, siblings[0].tree, siblings[0].text));
  EXPECT_FALSE(match(parents[0].shape, siblings[1].tree, siblings[1].text));
  EXPECT_TRUE(match(parents[1].shape, siblings[0].tree, siblings[0].text));
  EXPECT_TRUE(match(parents[1].shape, siblings[1].tree, siblings[1].text));
  EXPECT_GT(concrete_nodes(parents[0].shape), concrete_nodes(parents[1].shape));
  EXPECT_EQ(parents[1].covers, (std::vector<std::size_t>{0, 1}));
}

TEST(Lattice, WhatHasNothingInCommonIsNoSibling) {
  const Sibling leader = sibling(base);
  EXPECT_TRUE(parents_of(template_of(leader.tree, leader.text), {sibling(foreign)}).empty());
  EXPECT_TRUE(parents_of(template_of(leader.tree, leader.text), {}).empty());
}

TEST(Lattice, AnotherFormOfTheSamePatternAddsNoLevel) {
  const Sibling leader = sibling(base);
  const auto parents = parents_of(template_of(leader.tree, leader.text), {sibling(near), sibling(near), sibling(near)});
  ASSERT_EQ(parents.size(), 1u);
  EXPECT_EQ(parents[0].covers, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(Lattice, DepthAndStepsAreBounded) {
  const std::string many =
      "def f(a):\n    one(a)\n    two(a)\n    three(a)\n    four(a)\n    five(a)\n    six(a)\n    seven(a)\n    "
      "eight(a)\n    nine(a)\n    ten(a)\n";
  const std::vector<std::string> calls{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"};
  std::vector<Sibling> siblings;
  for (std::size_t i = 0; i < 30; ++i) {
    std::string text = many;
    const std::string& call = calls[i % calls.size()];
    text.replace(text.find("    " + call + "(") + 4, call.size(), "other" + std::to_string(i));
    siblings.push_back(sibling(text));
  }
  const Sibling leader = sibling(many);
  const auto parents = parents_of(template_of(leader.tree, leader.text), siblings);
  EXPECT_EQ(parents.size(), max_lattice_depth);
  EXPECT_LE(parents.back().covers.size(), max_lattice_steps);
}

}  // namespace
}  // namespace autodev::mine
