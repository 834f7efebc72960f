// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/unit_cache.h"

#include <gtest/gtest.h>

namespace autodev::app {
namespace {

syntax::FileUnits file_with(std::string name, std::size_t text_bytes) {
  syntax::FileUnits file;
  file.units.emplace_back();
  file.units[0].name = std::move(name);
  file.units[0].text = std::string(text_bytes, 'x');
  return file;
}

TEST(UnitCache, FindsTheUnitsOfTheSameTextAtTheSamePathOnly) {
  UnitCache cache(10'000);
  cache.put("a.py", "def a(): pass", file_with("a", 13));
  const auto* found = cache.find("a.py", "def a(): pass");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->units[0].name, "a");
  EXPECT_EQ(cache.find("a.py", "def a(): return"), nullptr);
  EXPECT_EQ(cache.find("b.py", "def a(): pass"), nullptr) << "a unit carries its path";
}

TEST(UnitCache, DropsTheLeastRecentlyUsedFileFirst) {
  UnitCache cache(10'000);
  cache.put("a", "1", file_with("a", 4'000));
  cache.put("b", "1", file_with("b", 4'000));
  ASSERT_NE(cache.find("a", "1"), nullptr);
  cache.put("c", "1", file_with("c", 4'000));
  EXPECT_NE(cache.find("a", "1"), nullptr);
  EXPECT_EQ(cache.find("b", "1"), nullptr);
  EXPECT_NE(cache.find("c", "1"), nullptr);
}

TEST(UnitCache, DoesNotKeepWhatIsLargerThanItself) {
  UnitCache cache(10'000);
  cache.put("small", "1", file_with("s", 100));
  cache.put("large", "1", file_with("l", 20'000));
  EXPECT_EQ(cache.find("large", "1"), nullptr);
  EXPECT_NE(cache.find("small", "1"), nullptr);
}

}  // namespace
}  // namespace autodev::app
