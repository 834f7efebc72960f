// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Decisions by weighted vote with tracked confidence.
//
// A decision has a type ("approach", "model-tier", ...) and options. Every option's record of successes and
// failures gives it a weight (mean of a Beta posterior) and a confidence (how narrow the posterior is); the
// option with the largest weight x confidence wins. With no record at all the system abstains. An option whose
// weight falls below 0.1 is deprecated: it is chosen only when nothing else is left.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "autodev/ids.h"

namespace autodev {

/// A question with its possible answers.
struct Decision {
  std::string type;                  ///< decision type, [a-z0-9._-]{1,64}
  std::vector<std::string> options;  ///< 1..64 distinct texts of at most 200 bytes
};

/// One option's standing.
struct Vote {
  std::string option;
  std::uint32_t successes = 0, failures = 0;
  double weight = 0.5;      ///< posterior mean, (0, 1)
  double confidence = 0;    ///< 1 - width of the 95 % interval, [0, 1)
  bool deprecated = false;  ///< weight < 0.1

  bool operator==(const Vote&) const = default;
};

/// The answer with everything it was made of.
struct DecisionResult {
  DecisionId id;                     ///< name it when reporting the outcome
  std::optional<std::string> chosen; ///< absent: abstained, nothing is known
  std::vector<Vote> votes;           ///< best first
  std::string reason;

  bool operator==(const DecisionResult&) const = default;
};

}  // namespace autodev
