// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Pairs for the embedder's training and tests: the first sentence of a function's documentation, and the function without it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "base/env.h"

namespace autodev::app {

struct EmbedPair {
  std::string package, name, description, code;
  Language language = Language::unknown;
};

/// Absent: no documentation, fewer than three words of it, not mostly Latin letters, or hardly any code.
[[nodiscard]] std::optional<EmbedPair> pair_of(const CodeUnit& unit, std::string_view package);

/// The code without its documentation string (of Python) and without comments: they would give the answer away.
[[nodiscard]] std::string bare_code(const CodeUnit& unit);

struct PairCounts {
  std::uint64_t packages = 0, files = 0, functions = 0, pairs = 0, repeated = 0;
};

/// Walks FOLDER/<ecosystem>/<package>/... in order of names; each pair once, at most `most` of a package (spread over it).
Result<PairCounts> for_each_pair(base::Env& env, const std::string& folder, std::size_t most, const std::function<Result<void>(const EmbedPair&)>& take,
                                 const std::function<void(const PairCounts&)>& on_progress);

/// One JSON line and back. Errors: `bad_data` with the line's number.
[[nodiscard]] std::string to_json_line(const EmbedPair& pair);
[[nodiscard]] Result<std::vector<EmbedPair>> parse_pairs(std::string_view text, std::string_view what);

}  // namespace autodev::app
