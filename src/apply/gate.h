// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Gate: two tasks that read alike but want the opposite.
//
// "Enable the account" and "disable the account" share every other word, so similarity alone would reuse one for the
// other. The gate compares words that have an opposite (enable/disable, first/last, ascending/descending, ...) and
// negations. A difference forbids copying; an adaptation may pass only if it rewrote the opposite word in the code
// itself *and* the visible tests can tell the two apart.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apply/task.h"

namespace autodev::apply {

/// How two tasks differ in what they ask to be done.
struct PolarityDifference {
  /// Opposites that changed sides: (word of the earlier task, word of the new one), base forms.
  std::vector<std::pair<std::string, std::string>> flips;
  /// Words with an opposite that only one of the two tasks has, such as "descending".
  std::vector<std::string> one_sided;
  bool negation = false;  ///< one of them says not, never, without, ... more often

  [[nodiscard]] bool none() const noexcept { return flips.empty() && one_sided.empty() && !negation; }
};

/// Compares specification and entry-point name. Cost: O(words * log(opposites)).
[[nodiscard]] PolarityDifference compare_polarity(const VisibleTask& earlier, const VisibleTask& now);

/// Copying without any change of meaning-bearing code is allowed.
[[nodiscard]] inline bool may_copy(const PolarityDifference& difference) noexcept { return difference.none(); }

/// An adaptation that rewrote the code words `rewritten` (base forms of the earlier words it replaced) may be run:
/// every flip was rewritten and no negation differs. The caller must still show that the visible tests fail
/// for the unchanged copy; that is what settles words with an opposite that only one side has.
[[nodiscard]] bool may_adapt(const PolarityDifference& difference, const std::vector<std::string>& rewritten);

}  // namespace autodev::apply
