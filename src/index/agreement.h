// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Agreement: does a text that is near a request ask for the same thing, or for its opposite?
//
// Similarity cannot tell "enable the account" from "disable the account", "in seconds" from "in milliseconds", or "json to csv"
// from "csv to json". These are conditions: what the request names has to agree, whatever the score. The comparison takes
// away what both texts say and looks at the rest on either side: words that exclude each other, members of one class (units,
// formats, products), numbers, negated words, changed sides of "to" and "from"; and where two texts are equal but for one word on
// either side that is not known to mean the same, that word is taken at its word.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "autodev/ids.h"
#include "index/search_index.h"

namespace autodev::index {

enum class Difference : std::uint8_t { opposite, negation, direction, unit, name, number, word };
/// "opposite", "negation", ...
[[nodiscard]] std::string_view to_string(Difference difference) noexcept;

struct Disagreement {
  Difference kind = Difference::word;
  std::string wanted, found;  ///< words of the request and of the text
  /// "'disable' where the request says 'enable'"
  [[nodiscard]] std::string sentence() const;
};

/// What a pattern says and what it is made of.
struct Wording {
  std::string name;         ///< terse: one other word in it is a matter of taste, unless the words exclude each other
  std::string description;  ///< and specification: what the thing is for
  std::string code;         ///< a word of the request that stands there is not missing
};

/// The first disagreement of a text with a request, in the order of the enumeration's reliability.
[[nodiscard]] std::optional<Disagreement> disagreement(std::string_view request, const Wording& wording);

/// Both texts ask for the same: nothing disagrees and no word of either is missing in the other but for synonyms.
[[nodiscard]] bool same_request(std::string_view one, std::string_view other);

using WordingOf = std::function<Result<std::optional<Wording>>(const PatternId&)>;

struct LeftOut {
  Hit hit;
  Disagreement because;
};

/// Takes the hits that disagree with the request out of a result.
[[nodiscard]] Result<std::vector<LeftOut>> leave_out_disagreeing(SearchResult& found, std::string_view request,
                                                                const WordingOf& wording_of);

/// judge() of what remains when hits were left out: where one of those was nearer than all that remain, these have to cover half of
/// the request by themselves, for its words had been explained by something else.
[[nodiscard]] Confidence judge_remaining(const SearchResult& remaining, const std::vector<LeftOut>& left_out, std::string_view query);

}  // namespace autodev::index
