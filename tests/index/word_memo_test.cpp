// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/word_memo.h"

#include <gtest/gtest.h>

#include <string>

#include "base/hash.h"
#include "index/words.h"

namespace autodev::index {
namespace {

TEST(WordMemo, GivesTheTermsThatAreGivenWithoutIt) {
  WordMemo memo;
  const std::string texts[] = {"def parse_url(address: str) -> Url:", "the of and", "", "HTTPServer.getUsersByName2", "naïve café 日本語",
                               std::string(100, 'a') + " " + std::string(24, 'b') + " " + std::string(25, 'c') + "ing", "cfg cfgs tmpDir utils"};
  for (int round = 0; round < 3; ++round)
    for (const std::string& text : texts) EXPECT_EQ(terms_of(text, memo), terms_of(text)) << text;
}

TEST(WordMemo, WordsThatShareAPlaceAreToldApart) {
  WordMemo memo;
  for (int i = 0; i < 40'000; ++i) {
    const std::string text = "w" + base::hash128(std::to_string(i % 9'000)).hex().substr(0, 6) + "ed the";
    ASSERT_EQ(terms_of(text, memo), terms_of(text));
  }
}

}  // namespace
}  // namespace autodev::index
