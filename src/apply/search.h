// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Search: from a library and a task to the one candidate worth a probability.
//
// Retrieve, adapt each neighbour, splice the best with the rest, order by what is likely, screen with the visible
// tests, and describe the winner by features: how it was made, how strong the tests were, who agrees, who else passed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apply/adapt.h"
#include "apply/arm.h"
#include "apply/calibrate.h"
#include "apply/retrieve.h"
#include "apply/sandbox.h"
#include "apply/verify.h"

namespace autodev::apply {

struct Found {
  Candidate candidate;
  CandidateFeatures features;
  bool visible_passed = false;
};

struct SearchResult {
  std::optional<Found> best;       ///< absent: nothing passed, or there was nothing to try
  std::vector<Candidate> passing;  ///< everything that passed the visible tests, or was not tested, best first
  std::uint32_t attempts = 0;      ///< candidates run
  std::uint32_t untried = 0;       ///< left out by a bound in runs or time
  std::optional<Candidate> likeliest;  ///< first in the order of trial, whatever the tests said
  std::uint32_t unfounded = 0;     ///< passed, but so did the unchanged copy of the opposite
};

/// Candidates of all neighbours for `task`, equal codes joined, splices included, best first.
[[nodiscard]] std::vector<Candidate> all_candidates(const Library& library, const VisibleTask& task,
                                                    std::size_t neighbours);

/// One run of the visible tests, whatever they are. `untested` when nothing here can run them.
[[nodiscard]] Result<Check> check(Sandbox& sandbox, const VisibleTask& task, const ArmOptions& options, const std::string& code);

/// Errors: those of the sandbox. Cost: one sandboxed process for the screening and one for the winner, or up to
/// `options.max_attempts` processes where candidates cannot share one.
[[nodiscard]] Result<SearchResult> search(Sandbox& sandbox, const Library& library, const VisibleTask& task,
                                          const ArmOptions& options);

}  // namespace autodev::apply
