// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Decisions by weighted vote with tracked confidence.
//
// A decision has a type ("approach", "model-tier", "retry", ...), options, and a context: what it depends on, as one JSON
// object. Voters (nearest past cases, successes by category, regression over numbers, recency, prior, pattern quality, the user's
// preference) say of every option how likely it is to succeed; their weights are learned from how such statements came out.
// With no record at all the system abstains. An option whose weight falls below 0.1 is deprecated: it is set aside, and
// probed now and then so that it can come back. docs/decision-model.md has the formulas.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "autodev/ids.h"

namespace autodev {

/// What the caller knows about one option.
struct OptionDetail {
  std::optional<double> cost;     ///< >= 0, any unit that all options share
  std::optional<double> quality;  ///< [0, 1], e.g. QualityScore of the pattern behind it
  std::string veto;               ///< why a guard forbids it; empty: allowed

  bool operator==(const OptionDetail&) const = default;
};

/// A question with its possible answers.
struct Decision {
  std::string type;                  ///< decision type, [a-z0-9._-]{1,64}
  std::vector<std::string> options;  ///< 1..64 distinct texts of at most 200 bytes
  std::string context{};               ///< JSON object of at most 64 KiB; empty: none
  std::string prefer{};                ///< the user's stated preference, one of the options; empty: none
  std::vector<OptionDetail> details{}; ///< by option; empty: nothing is known
  double cost_weight = 0.05;         ///< successes per decision that the dearest option must gain over a free one, [0, 1]
  bool explain = false;              ///< find out what would have led to another choice: some milliseconds
  bool explore = true;               ///< false: always the best forecast, never the probably second best
  bool record = true;                ///< false: an answer only; it has no id, and no outcome can be reported
};

/// What one voter says about one option.
struct VoterSay {
  std::string voter;                 ///< "nearest", "tree", "trend", "recency", "prior", "quality", "preference"
  double weight = 0;                 ///< learned, of all voters together 1
  double confidence = 0;             ///< by its evidence, [0, 1); its loudness is weight x confidence
  double estimate = 0.5;             ///< probability of success, [0, 1]
  std::vector<DecisionId> evidence;  ///< decisions behind it, at most 3

  bool operator==(const VoterSay&) const = default;
};

/// One option's standing.
struct Vote {
  std::string option;
  std::uint32_t successes = 0, failures = 0;
  double weight = 0.5;         ///< probability of success by all voters together, [0, 1]
  double confidence = 0;       ///< how much evidence that rests on, [0, 1)
  bool deprecated = false;     ///< weight < 0.1
  double probability = 0;      ///< with which it was chosen (propensity)
  double cost = 0;             ///< share of the dearest option's
  std::string veto;
  std::vector<VoterSay> says;  ///< loudest first; silent voters are left out

  bool operator==(const Vote&) const = default;
};

/// The answer with everything it was made of.
struct DecisionResult {
  DecisionId id;                     ///< name it when reporting the outcome
  std::optional<std::string> chosen; ///< absent: abstained, nothing is known
  std::vector<Vote> votes;           ///< best first
  std::string reason;
  double confidence = 0;             ///< of the chosen option's vote
  bool explored = false;             ///< chosen although another option has the better forecast
  std::string change;                ///< the last change of what works that was noticed; empty: none
  std::vector<std::string> changes_of_mind;  ///< what would have led to another choice; only when asked for

  bool operator==(const DecisionResult&) const = default;
};

}  // namespace autodev
