// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Attribution: which of the functions that an attempt changed its failures are about (the localisation step of spectrum-free
// fault localisation by names and stack positions; Zhou, Zhang & Lo, ICSE 2012, rank files by the words of a report the same way).
//
// A failure is about a function when it points into its lines, names it, or belongs to a test whose name has all words of the
// function's name; and about the changed functions that such a one uses. When every failure is about something, what none is
// about is not blamed. When one failure is about nothing that changed, nobody knows, and all are blamed, as one must.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "autodev/event.h"

namespace autodev::learn {

struct BlamedUnit {
  std::size_t change = 0;  ///< index into `event.implementation.units`
  std::string cause;       ///< of the first failure that is about it
};

/// Functions and methods that are there after the attempt, in the event's order. Looks at 64 failures and 256 functions; with more
/// functions all are blamed. Cost: O(functions x failures x message).
[[nodiscard]] std::vector<BlamedUnit> blamed_units(const LearningEvent& event);

/// "id: message" of a failure, or what else is known of how it failed.
[[nodiscard]] std::string first_cause(const Outcome& outcome);

/// Types and blocks are contained in functions that are blamed already, or contain them.
[[nodiscard]] bool can_be_blamed(const CodeUnit& unit) noexcept;

}  // namespace autodev::learn
