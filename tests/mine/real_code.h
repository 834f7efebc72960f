// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Units of real source text, for tests that go through the parser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/support.h"
#include "syntax/extract.h"
#include "syntax/nast.h"

namespace autodev::test {

/// Functions and methods of one source, in order.
inline std::vector<CodeUnit> functions_of(std::string_view source, std::string_view path) {
  syntax::ExtractOptions options;
  options.types = options.blocks = false;
  return value_of(syntax::extract_units(source, language_from_path(path), path, options)).units;
}

inline syntax::Nast tree_of(const CodeUnit& unit) {
  return value_of(syntax::decode_nast(unit.tree));
}

}  // namespace autodev::test
