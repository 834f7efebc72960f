// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rewrite: what the difference between two tasks says about the difference between their codes.
//
// The specifications and names of an earlier task and of the new one are aligned; where they differ, the earlier words
// become rules "these words -> those words". Applied to the earlier code they rename identifiers, strings and numbers in
// whatever style they stand there. What differs between the tasks but finds nothing to rewrite in the code is the
// *residue*: meaning that changed without the code changing. It is the best sign that reuse would be wrong.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"

namespace autodev::apply {

/// One word of a rule as it was written in the task.
struct RuleWord {
  std::string text, lower, before;
  bool number = false;
  bool operator==(const RuleWord&) const = default;
};

/// "Where the earlier task says `from`, the new one says `to`."
struct Rule {
  std::vector<RuleWord> from, to;
  std::string after;       ///< lower-case word in front of it in the earlier task; decides between rivals
  bool ambiguous = false;  ///< the same `from` also became something else
  bool whole = false;      ///< must span the whole identifier or string: parameter names
  std::uint32_t gap = 0;   ///< which difference it explains
};

/// A stretch where two texts differ.
struct Gap {
  std::vector<std::string> removed, added;  ///< lower-case words without fillers
};

/// What the tasks' texts say. Rules are sorted: longest `from` first.
struct TextDifference {
  std::vector<Rule> rules;
  std::vector<Gap> gaps;
  std::size_t common_words = 0;  ///< aligned words that carry meaning
};

/// Aligns two texts word by word (longest common subsequence, at most 400 words each).
[[nodiscard]] TextDifference compare_texts(std::string_view earlier, std::string_view now);

/// Rules for one name that became another: whole name, then its differing parts.
[[nodiscard]] TextDifference compare_names(std::string_view earlier, std::string_view now);

struct Rewritten {
  std::string code;
  std::vector<std::uint32_t> uses;  ///< by rule index: places rewritten
};

/// What may be touched.
struct RewriteScope {
  bool identifiers = true;
  bool comments = false;                     ///< also what is only said to people
  std::size_t skip_start = 0, skip_end = 0;  ///< byte range left alone (the header that is replaced as a whole)
  std::vector<std::string> fixed_names;      ///< identifiers that may only become each other: what the task's context defines
};

/// Applies `rules` to `code`. Keywords are never touched; numbers only where a number token or a string has them.
[[nodiscard]] Rewritten rewrite(std::string_view code, Language language, const std::vector<Rule>& rules,
                                const RewriteScope& scope);

}  // namespace autodev::apply
