// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Test examples: the calls with literal arguments and the results that a test's text compares them with.
//
// `CHECK(f(2, 3) == 5)`, `assert_eq!(f(&[1, 2]), 3)`, `if (f("a") !== 1) process.exit(1)`, `if got := f(2); got != 4` all say the same kind
// of thing, and a token scanner reads it in any language: the entry point, a list of literals, a comparison, a literal. What is
// computed, named or nested is left out, so an example is what the test says or it is not there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "autodev/code.h"

namespace autodev::apply {

/// Numbers with a point are real; in JavaScript and TypeScript all are.
using TypedValue = std::variant<std::int64_t, double, bool, std::string, std::vector<std::int64_t>, std::vector<double>>;

struct TestExample {
  std::vector<TypedValue> arguments;
  TypedValue result;
};

/// At most 32, in order. Cost: linear in the tokens of `tests`.
[[nodiscard]] std::vector<TestExample> examples_of(std::string_view tests, Language language, std::string_view entry);

}  // namespace autodev::apply
