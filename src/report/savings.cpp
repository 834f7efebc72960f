// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/savings.h"

#include <fmt/format.h>

#include <algorithm>

namespace autodev::report {
namespace {

void add(Savings& savings, const EventId& event, const LedgerEntry& entry) {
  LedgerClass& line = savings.classes[static_cast<std::size_t>(entry.kind)];
  line.calls += entry.calls;
  line.tokens_in += entry.tokens_in.value_or(0);
  line.tokens_out += entry.tokens_out.value_or(0);
  line.cost += entry.cost.value_or(0);
  line.with_tokens += entry.tokens_in || entry.tokens_out ? 1 : 0;
  line.with_cost += entry.cost ? 1 : 0;
  if (line.events.empty() || line.events.back() != event) line.events.push_back(event);
}

double count(const Savings& savings, CallClass kind) { return static_cast<double>(savings.of(kind).calls); }

void conclude(Savings& savings) {
  savings.made = savings.of(CallClass::first_try).calls + savings.of(CallClass::repair).calls;
  const double first = count(savings, CallClass::first_try);
  const double made = static_cast<double>(savings.made);
  savings.calls_per_model_cycle = first > 0 ? std::max(1.0, made / first) : 1.0;
  const double c = savings.calls_per_model_cycle;
  const double proved = count(savings, CallClass::avoided);
  const double all = proved + count(savings, CallClass::avoided_visible);
  const double wrong = count(savings, CallClass::wrong_reuse);
  savings.saved_low = proved - wrong * c;
  savings.saved_high = all * c - wrong;
  if (made + proved > 0) savings.pessimistic = savings.saved_low / (made + proved);
  if (made + all > 0) savings.optimistic = savings.saved_high / (made + all * c);
}

}  // namespace

Result<Savings> compute_savings(knowledge::KnowledgeStore& store) {
  Savings savings;
  for (std::size_t i = 0; i < savings.classes.size(); ++i) savings.classes[i].kind = static_cast<CallClass>(i);
  std::vector<EventId> ids;
  AUTODEV_TRY(store.for_each_event([&](const knowledge::EventSummary& event) {
    if (event.strength >= EvidenceStrength::exit_code || event.source == "implement") ids.push_back(event.id);
    return true;
  }));
  for (const EventId& id : ids) {
    AUTODEV_TRY_ASSIGN(const auto event, store.load_event(id));
    if (!event) continue;
    for (const LedgerEntry& entry : event->ledger) add(savings, id, entry);
  }
  conclude(savings);
  return savings;
}

std::string explain_pessimistic(const Savings& s) {
  return fmt::format("(avoided {} x 1 - wrong {} x {:.2f}) / (made {} + avoided {})", s.of(CallClass::avoided).calls,
                     s.of(CallClass::wrong_reuse).calls, s.calls_per_model_cycle, s.made, s.of(CallClass::avoided).calls);
}

std::string explain_optimistic(const Savings& s) {
  const auto all = s.of(CallClass::avoided).calls + s.of(CallClass::avoided_visible).calls;
  return fmt::format("(avoided {0} x {1:.2f} - wrong {2} x 1) / (made {3} + avoided {0} x {1:.2f})", all,
                     s.calls_per_model_cycle, s.of(CallClass::wrong_reuse).calls, s.made);
}

}  // namespace autodev::report
