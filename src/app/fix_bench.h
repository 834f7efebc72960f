// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fix bench: is the first proposed fix exactly the one that was made?
//
// JSON Lines {buggy, fixed}, texts of tokens separated by blanks; a token CLASS_number (METHOD_3) is a placeholder of its
// class. Cross-validated: every pair is judged by what was learned from the other folds, or with a test file learned
// from all pairs. A pair whose failed code is also in the training part is left out and counted.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace autodev::app {

[[nodiscard]] Result<base::Json> bench_fixes(std::string_view pairs, const std::optional<std::string>& test, std::size_t folds,
                                             const std::function<void(std::size_t, std::size_t)>& on_progress);

}  // namespace autodev::app
