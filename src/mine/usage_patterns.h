// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Usage patterns: which of the closed sequences of one type are shown as its behaviour.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "autodev/code.h"
#include "mine/sequence_miner.h"

namespace autodev::mine {

/// Indices into `closed`, in order of choice, at most 32. Of sequences of the same steps in another order only the most frequent
/// is kept; functions of a module (a type that is a name in small letters, nothing made) keep an order only when it is at
/// least four times as frequent as any other can be, because they share no object. What is left is chosen by cover().
/// Cost: that of cover(), and O(patterns log patterns).
[[nodiscard]] std::vector<std::size_t> shown_patterns(const std::string& type, const std::vector<SequencePattern>& closed,
                                                      const SequenceMiner& miner);

/// How the functions of a batch use one type of object.
struct UsagePattern {
  Language language = Language::unknown;
  std::string type;
  std::vector<std::string> steps;
  std::uint32_t files = 0;
  std::vector<std::size_t> members;  ///< indices of units, ascending
};

/// Patterns of a batch of units in memory, by language, type and steps; files are the sources. Units whose tree cannot be decoded, types
/// and blocks are left out.
[[nodiscard]] std::vector<UsagePattern> extract_usage(const std::vector<CodeUnit>& units);

}  // namespace autodev::mine
