// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/config.h"

#include <gtest/gtest.h>

#include "support/memory_env.h"
#include "support/support.h"

namespace autodev::app {
namespace {

using test::MemoryEnv;
using test::value_of;

TEST(Config, DefaultsHoldWhereNothingIsSet) {
  MemoryEnv env;
  const Config config = value_of(Config::load(env, "/store"));
  EXPECT_TRUE(config.boolean("learn.enabled"));
  EXPECT_EQ(config.number("search.limit"), 5u);
  EXPECT_EQ(config.settings().at("search.limit").origin, "default");
}

TEST(Config, EveryDefaultLiesInItsOwnRange) {
  for (const Knob& knob : knobs()) EXPECT_FALSE(check_value(knob, knob.default_value)) << knob.key;
}

TEST(Config, WhatIsSetIsReadBackAndOtherLinesStay) {
  MemoryEnv env;
  value_of(env.create_directories("/store"));
  value_of(env.write_file_atomically("/store/config.toml", "# mine\n[search]\nlimit = 7 # few\n\n[learn]\nenabled = true\n"));
  value_of(set_config(env, "/store", "search.limit", "9"));
  value_of(set_config(env, "/store", "learn.project", "a \"b\" \\c"));
  value_of(set_config(env, "/store", "simulate.seed", "42"));
  const Config config = value_of(Config::load(env, "/store"));
  EXPECT_EQ(config.number("search.limit"), 9u);
  EXPECT_EQ(config.text("learn.project"), "a \"b\" \\c");
  EXPECT_EQ(config.number("simulate.seed"), 42u);
  EXPECT_NE(value_of(env.read_file("/store/config.toml")).find("# mine\n"), std::string::npos);
}

TEST(Config, TheEnvironmentIsStrongestAndIsCheckedToo) {
  MemoryEnv env;
  env.set_variable("AUTO_DEV_SEARCH_LIMIT", "3");
  EXPECT_EQ(value_of(Config::load(env, "/store")).number("search.limit"), 3u);
  env.set_variable("AUTO_DEV_SEARCH_LIMIT", "many");
  const auto bad = Config::load(env, "/store");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::config);
  EXPECT_NE(bad.error().message.find("AUTO_DEV_SEARCH_LIMIT"), std::string::npos);
}

TEST(Config, UnknownKeysAndBrokenFilesAreNamedWithTheirPlace) {
  MemoryEnv env;
  value_of(env.create_directories("/store"));
  value_of(env.write_file_atomically("/store/config.toml", "[search]\nlimt = 7\n"));
  const auto typo = Config::load(env, "/store");
  ASSERT_FALSE(typo);
  EXPECT_NE(typo.error().hint.find("search.limit"), std::string::npos);
  value_of(env.write_file_atomically("/store/config.toml", "[search]\nlimit = = 7\n"));
  const auto broken = Config::load(env, "/store");
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().message.find("config.toml:2"), std::string::npos);
}

TEST(Config, ValuesOutsideTheRangeAreRefused) {
  MemoryEnv env;
  EXPECT_FALSE(set_config(env, "/store", "search.limit", "0"));
  EXPECT_FALSE(set_config(env, "/store", "search.limit", "1.5"));
  EXPECT_FALSE(set_config(env, "/store", "learn.enabled", "yes"));
  EXPECT_FALSE(set_config(env, "/store", "simulate.epsilon", "nan"));
  EXPECT_TRUE(set_config(env, "/store", "simulate.epsilon", "0.01"));
}

TEST(DidYouMean, SuggestsOnlyWhatIsNear) {
  EXPECT_EQ(did_you_mean("simulat", {"status", "simulate"}), "simulate");
  EXPECT_FALSE(did_you_mean("xyzzy", {"status", "simulate"}));
}

}  // namespace
}  // namespace autodev::app
