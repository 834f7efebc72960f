// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Savings: the call ledger of all events, as a range.
//
// What a call that was not made would have cost is never known, so there is no single number:
//
//   pessimistic  (A - W c) / (M + A)              A avoided and proved by tests that did not guide the choice, one call each;
//                                                 W wrong reuse, each charged like a whole implementation by the model
//   optimistic   ((A + V) c - W) / (M + (A + V) c)  V avoided on visible tests only; wrong reuse charged one call
//
// M calls made, c = calls per implementation that asked the model (at least 1; 1 when none did).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "knowledge/knowledge_store.h"

namespace autodev::report {

/// One class of the ledger.
struct LedgerClass {
  CallClass kind = CallClass::first_try;
  std::uint64_t calls = 0;
  std::uint64_t tokens_in = 0, tokens_out = 0;
  double cost = 0;
  std::uint64_t with_tokens = 0, with_cost = 0;  ///< entries that report them
  std::vector<EventId> events;                   ///< oldest first, all of them
};

struct Savings {
  std::array<LedgerClass, 5> classes;            ///< in the order of CallClass
  std::uint64_t made = 0;
  double calls_per_model_cycle = 1;
  std::optional<double> pessimistic, optimistic; ///< shares of the calls that would have been made; absent without a ledger
  double saved_low = 0, saved_high = 0;          ///< the same in calls; negative: reuse cost more than it saved

  [[nodiscard]] const LedgerClass& of(CallClass kind) const { return classes[static_cast<std::size_t>(kind)]; }
};

/// Cost: reads every executed event and those of `implement`.
[[nodiscard]] Result<Savings> compute_savings(knowledge::KnowledgeStore& store);

/// The two formulas with the numbers put in.
[[nodiscard]] std::string explain_pessimistic(const Savings& savings);
[[nodiscard]] std::string explain_optimistic(const Savings& savings);

}  // namespace autodev::report
