// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Enumerate: small expressions over a task's parameters that answer the inputs of its visible tests.
//
// The last and dearest source of a filling: when nothing that was learned fits, expressions are built from small to
// large out of parameters, constants and the operations that the nearest solutions use. Two expressions that agree on
// all inputs of the visible tests are one (observational equivalence: Udupa et al., PLDI 2013; Albarghouthi et al., CAV
// 2013), which keeps the numbers small. The inputs and the wanted results are found by running the tests with a
// function that remembers how it was called and a result that remembers what it was compared with. All of it happens
// inside of the sandbox for Python, whose operations work on anything; languages with types are enumerated without running anything
// (typed_expressions.h), from the calls and results that the text of the tests shows.
#pragma once

#include <string>
#include <vector>

#include "apply/sandbox.h"
#include "apply/signature_shape.h"
#include "apply/task.h"

namespace autodev::apply {

/// Bodies "return <expression>" for `task` behind its own header, smallest first, at most `limit`; none where the tests
/// compare nothing or nothing fits. `solutions`: codes whose operations and constants are the ingredients. Errors:
/// those of the sandbox. Cost: Python one process, at most two seconds of it for the enumeration; else at most 200,000 evaluations.
[[nodiscard]] Result<std::vector<std::string>> enumerate_expressions(Sandbox& sandbox, const VisibleTask& task,
                                                                     const SignatureShape& shape,
                                                                     const std::vector<std::string>& solutions,
                                                                     std::size_t limit);

}  // namespace autodev::apply
