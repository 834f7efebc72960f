// SPDX-License-Identifier: MIT OR Apache-2.0
//
// RequestPairs: requests that read alike and want something else, generated from lists of words and sentences.
//
// The lists are plain text: sections "[verb]", lines, "#" comments. A list of words has pairs "one | other"; a list of templates
// has sentences with holes "{}" by the same sections. Every pair goes into every template of its section, both ways round.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"

namespace autodev::index {

struct RequestPair {
  std::string kind;    ///< verb, property, unit, name, direction, negation
  std::string asked, stored;
  bool listed = false;  ///< the built-in tables know the exchanged words; false: only the general rules can tell
};

/// Pairs of `words` (and the built-in table of opposites, as listed verbs and properties) in the sentences of `templates`.
/// Errors: `bad_data` with the line for a line outside of a section or a pair without "|".
[[nodiscard]] Result<std::vector<RequestPair>> make_request_pairs(std::string_view words, std::string_view templates);

/// Lines "one | other" of a file, comments left out; sections are ignored.
[[nodiscard]] Result<std::vector<RequestPair>> read_pairs(std::string_view text, std::string_view what);

/// Lines of a file without comments and empty ones.
[[nodiscard]] std::vector<std::string> read_lines(std::string_view text);

}  // namespace autodev::index
