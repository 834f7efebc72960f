// SPDX-License-Identifier: MIT OR Apache-2.0
//
// How well behavioural patterns foretell code that was not seen: mined from training sequences, looked for in held-out ones.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "base/json.h"

namespace autodev::app {

/// What became of kept patterns in held-out sequences.
///   share_1, share_2     patterns contained in at least one, two held-out sequences / patterns
///   coverage             held-out sequences that contain a pattern / held-out sequences
///   coverage_of_able     the same among those with two different events at least: no other can contain a pattern
///   redundancy           patterns contained in a covered sequence, mean
struct HeldOut {
  std::size_t patterns = 0, found_once = 0, found_twice = 0;
  std::size_t sequences = 0, able = 0, covered = 0, containments = 0;
  double seconds = 0;  ///< of mining and choosing, processor time

  void add(const HeldOut& other);
  [[nodiscard]] base::Json json() const;
};

/// Cost: O(patterns * held-out events).
[[nodiscard]] HeldOut measure(const std::vector<std::vector<std::string>>& patterns, const std::vector<std::vector<std::string>>& held_out);

/// `text`: JSON Lines {group, source, split: "train"|"test", events: [...]}; each group is mined on its own. Reports every group and
/// the sum, ours beside the baseline of behaviour_baseline.h. Errors: `bad_data` with the line.
[[nodiscard]] Result<base::Json> bench_behaviour(std::string_view text);

}  // namespace autodev::app
