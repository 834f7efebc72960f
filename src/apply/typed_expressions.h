// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Typed expressions: small expressions in C, C++, Go, JavaScript, TypeScript or Rust that give the wanted results, found without running
// anything.
//
// Expressions are built from small to large, typed by the signature, and evaluated here on the inputs of the visible tests; of those that
// agree on all of them one is kept (observational equivalence, as in enumerate.h). What is found is text in the language of the task and
// believed no more than any candidate: the toolchain still compiles and runs it. The bound is in evaluations and not in time, so equal
// tasks give equal answers on any machine.
#pragma once

#include <string>
#include <vector>

#include "apply/signature_shape.h"
#include "apply/test_examples.h"

namespace autodev::apply {

struct ExpressionTask {
  Language language = Language::unknown;
  SignatureShape shape;
  std::vector<TestExample> examples;
  std::vector<std::string> numbers;  ///< whole or decimal numbers that may stand as constants
};

/// The language has operations here.
[[nodiscard]] bool has_expressions(Language language) noexcept;

struct ExpressionSearch {
  std::vector<std::string> found;  ///< smallest first, each uses a parameter
  std::size_t evaluated = 0;       ///< expressions, at most the bound
  std::size_t distinct = 0;        ///< by their values on the examples
};

/// At most `limit` expressions with the wanted results; none for fewer than two examples (four of a yes or no), for types that are not known, or where arguments
/// and parameters do not match. `evaluations`: bound on the expressions tried.
[[nodiscard]] ExpressionSearch find_expressions(const ExpressionTask& task, std::size_t limit, std::size_t evaluations = 200'000);

}  // namespace autodev::apply
