// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What tests of edits share: the only function of a source, and bytes damaged as a disk may damage them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "support/support.h"
#include "syntax/extract.h"
#include "syntax/nast.h"

namespace autodev::test {

struct Code {
  syntax::Nast tree;
  std::string text;
};

/// The only function or method of the source.
inline Code code_of(const std::string& source, Language language) {
  syntax::ExtractOptions options;
  options.blocks = options.types = false;
  const auto units = value_of(syntax::extract_units(source, language, "file", options)).units;
  EXPECT_EQ(units.size(), 1u) << source;
  return {value_of(syntax::decode_nast(units.at(0).tree)), units.at(0).text};
}

/// One to three bytes replaced by chance.
template <typename Chance>
std::string damaged(std::string bytes, Chance& chance) {
  for (std::uint64_t flips = 1 + chance.below(3); flips > 0; --flips) bytes[chance.below(bytes.size())] = static_cast<char>(chance.below(256));
  return bytes;
}

}  // namespace autodev::test
