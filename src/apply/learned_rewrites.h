// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Learned rewrites: which change of a word in the specification went with which change of the code.
//
// "maximum" became "minimum" between two tasks, and `max` became `min` between their codes: no spelling tells that, but
// a pair of solved tasks does. After every cycle the new task is compared with its nearest earlier ones; where the
// words differ in few places and the codes too, each change of a word is counted with each change of tokens that its
// own letters do not explain. Later the same change of words proposes the same change of code, in both directions, with
// its count as support. (Example-based transformation as in Refazer, Rolim et al., ICSE 2017, with a specification in
// place of the user's examples.)
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "apply/rewrite.h"
#include "apply/task.h"

namespace autodev::apply {

/// A change of tokens that a change of words asks for.
struct LearnedRewrite {
  std::string removed, added;  ///< words of the specifications, base forms
  std::string before, after;   ///< tokens of the code, as they were written
  std::uint32_t seen = 0;      ///< pairs of tasks in which they changed together
  std::uint32_t other = 0;     ///< pairs in which the words changed and these tokens stayed

  /// "maximum -> minimum: max -> min (seen 2 times)".
  [[nodiscard]] std::string explain() const;
};

class LearnedRewrites {
 public:
  /// Compares two solved tasks; `earlier_body`, `now_body`: where their headers end. Cost: O(tokens^2), at most 400
  /// each.
  void study(const VisibleTask& earlier, std::string_view earlier_code, std::size_t earlier_body,
             const VisibleTask& now, std::string_view now_code, std::size_t now_body);
  /// What is known for the words that differ, most seen first: at most one rewrite of each token sequence, none that
  /// failed to show as often as it showed.
  [[nodiscard]] std::vector<LearnedRewrite> for_difference(Language language, const TextDifference& difference) const;
  [[nodiscard]] std::size_t size() const noexcept { return counts_.size(); }

 private:
  struct Key {
    Language language;
    std::string removed, added;
    auto operator<=>(const Key&) const = default;
  };
  struct Known {
    std::uint32_t pairs = 0;  ///< of tasks that differed in these words
    std::map<std::pair<std::string, std::string>, std::uint32_t> tokens;
  };
  void count(const Key& key, const std::vector<std::pair<std::string, std::string>>& changes);

  std::map<Key, Known> counts_;
};

/// A code with learned rewrites, and which of them found something.
struct LearnedApplied {
  std::string code;
  std::vector<std::size_t> used;
};

/// Replaces, in one pass behind byte `body`, the tokens of each `before`; where two fit, the first counts. One pass,
/// because 7 -> 8 and 8 -> 7 may be wanted at once.
[[nodiscard]] LearnedApplied apply_learned(std::string_view code, Language language, std::size_t body,
                                           const std::vector<LearnedRewrite>& rewrites);

}  // namespace autodev::apply
