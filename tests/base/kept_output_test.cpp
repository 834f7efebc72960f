// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The beginning and the end of a stream, in pieces of any size.
#include "base/kept_output.h"

#include <gtest/gtest.h>

namespace autodev::base {
namespace {

TEST(KeptOutput, KeepsAShortStreamWhole) {
  KeptOutput kept;
  kept.append("one ");
  kept.append("");
  kept.append("two");
  EXPECT_EQ(kept.take(), "one two");
}

TEST(KeptOutput, KeepsBothEndsOfALongOneAndSaysWhatIsMissing) {
  for (const std::size_t piece : {std::size_t{1'000}, std::size_t{65'536}, std::size_t{3'000'000}}) {
    std::string all;
    while (all.size() < 3'000'000) all += "line " + std::to_string(all.size()) + "\n";
    KeptOutput kept;
    for (std::size_t at = 0; at < all.size(); at += piece) kept.append(std::string_view(all).substr(at, piece));
    const std::string text = kept.take();
    EXPECT_EQ(text.substr(0, KeptOutput::head_bytes), all.substr(0, KeptOutput::head_bytes));
    EXPECT_EQ(text.substr(text.size() - KeptOutput::tail_bytes), all.substr(all.size() - KeptOutput::tail_bytes));
    const std::size_t missing = all.size() - KeptOutput::head_bytes - KeptOutput::tail_bytes;
    EXPECT_NE(text.find("[" + std::to_string(missing) + " bytes left out]"), std::string::npos);
  }
}

}  // namespace
}  // namespace autodev::base
