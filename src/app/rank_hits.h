// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Ranking of what was found: the search knows words and vectors, the rest of what speaks for a pattern is added here.
//
//   score = text x success x source                          of a request in words
//   score = (text + structure) / 2 x success x source        when code was given
//
// success is 0.9 to 1.1 by the mean of the Beta posterior of the pattern's executed uses and of what people said of it; nothing known is
// 1. source is 0.85 when what the pattern cites is gone from the project. Both are small on purpose: they turn near ties, and cannot lift
// what the words do not support. Forms of one thing (the same lines, or the same structure under the same words) are shown once.
#pragma once

#include <optional>
#include <vector>

#include "app/parts.h"

namespace autodev::app {

/// The largest function of the code, whose structure hits are compared with; where there is none, all of it as the body of one. Errors:
/// `usage` for a language or a text that no function is found in.
[[nodiscard]] Result<CodeUnit> sought_unit(Parts& parts, const FileChange& code);

/// Patterns that are built like `unit`, as hits that no word was found of, in addition to `hits`; not those that do something else than
/// the request's `words` (index/agreement.h).
Result<void> add_similar_structure(Parts& parts, const CodeUnit& unit, std::string_view words, const SearchConditions& conditions,
                                   std::vector<SimilarPattern>& hits);

/// What the code and the hits have in common, and what it lacks of them. Cost: below a millisecond a hit.
Result<void> add_advice(Parts& parts, const CodeUnit& unit, std::vector<SimilarPattern>& hits);

/// Fills in all terms, orders by score (equal ones by id), shows forms once and keeps the first `limit`. Cost: some microseconds a hit, and
/// reading the files that it cites.
Result<void> rank_hits(Parts& parts, const std::optional<CodeUnit>& unit, std::size_t limit, std::vector<SimilarPattern>& hits);

}  // namespace autodev::app
