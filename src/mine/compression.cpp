// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/compression.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace autodev::mine {
namespace {

std::int64_t total_cost(const TermBank& bank, const std::vector<TermId>& programs) {
  std::int64_t total = 0;
  for (const TermId program : programs) total += bank.cost(program);
  return total;
}

/// Numbers the parameters so that those with the fewest different arguments come first.
void order_parameters(TermBank& bank, Abstraction& abstraction) {
  std::vector<std::size_t> order(abstraction.arity), variety(abstraction.arity);
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t i = 0; i < order.size(); ++i)
    variety[i] = std::set<TermId>(abstraction.arguments[i].begin(), abstraction.arguments[i].end()).size();
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return variety[a] < variety[b]; });
  Abstraction ordered = abstraction;
  std::vector<TermId> renamed(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    ordered.arguments[i] = abstraction.arguments[order[i]];
    ordered.binders[i] = abstraction.binders[order[i]];
    renamed[order[i]] = bank.parameter(static_cast<std::uint32_t>(i));
  }
  ordered.body = bank.instantiated(abstraction.body, renamed);
  abstraction = std::move(ordered);
}

/// How often `leaf` stands in the programs. Cost: O(terms).
std::int64_t occurrences(const TermBank& bank, const std::vector<TermId>& programs, TermId leaf) {
  std::vector<std::int64_t> times(bank.size(), 0);
  for (TermId term = 0; term < bank.size(); ++term) {
    const TermNode& node = bank.node(term);
    if (term == leaf) times[term] = 1;
    if (node.kind == TermKind::lambda) times[term] = times[node.first];
    if (node.kind == TermKind::application) times[term] = times[node.first] + times[node.second];
  }
  std::int64_t total = 0;
  for (const TermId program : programs) total += times[program];
  return total;
}

/// The programs with `call` applied wherever that is cheapest. Cost: O(terms).
std::vector<TermId> rewritten(TermBank& bank, const std::vector<TermId>& programs, const Abstraction& abstraction,
                              TermId call) {
  const std::size_t terms = bank.size();
  const std::vector<std::int64_t> costs = rewritten_costs(bank, terms, abstraction);
  std::vector<TermId> made(terms);
  std::size_t next = 0;
  for (TermId term = 0; term < terms; ++term) {
    const TermNode node = bank.node(term);
    std::int64_t plain = leaf_cost;
    if (node.kind == TermKind::application) plain = node_cost + costs[node.first] + costs[node.second];
    if (node.kind == TermKind::lambda) plain = node_cost + costs[node.first];
    const bool place = next < abstraction.places.size() && abstraction.places[next] == term;
    if (place && costs[term] < plain) {
      TermId applied = call;
      for (std::size_t p = 0; p < abstraction.arguments.size(); ++p)
        applied = bank.application(applied, bank.lowered(made[abstraction.arguments[p][next]], abstraction.binders[p]));
      made[term] = applied;
    } else if (node.kind == TermKind::application) {
      made[term] = bank.application(made[node.first], made[node.second]);
    } else {
      made[term] = node.kind == TermKind::lambda ? bank.lambda(made[node.first]) : term;
    }
    if (place) ++next;
  }
  std::vector<TermId> result;
  for (const TermId program : programs) result.push_back(made[program]);
  return result;
}

/// The programs, all among the first `terms` terms, with every call of `name` replaced by `body`.
/// Cost: O(terms + what is written).
std::vector<TermId> expanded(TermBank& bank, const std::vector<TermId>& programs, std::size_t terms, TermId name,
                             TermId body, unsigned arity) {
  constexpr unsigned no_call = UINT32_MAX;
  std::vector<TermId> made(terms);
  std::vector<unsigned> given(terms, no_call);  // arguments of the call of `name` that the term is
  for (TermId term = 0; term < terms; ++term) {
    const TermNode node = bank.node(term);
    made[term] = term;
    if (term == name) given[term] = 0;
    if (node.kind == TermKind::lambda) made[term] = bank.lambda(made[node.first]);
    if (node.kind == TermKind::application) {
      if (given[node.first] != no_call && given[node.first] < arity) given[term] = given[node.first] + 1;
      made[term] = bank.application(made[node.first], made[node.second]);
    }
    if (given[term] != arity) continue;
    std::vector<TermId> arguments(arity);
    TermId at = term;
    for (unsigned i = arity; i-- > 0; at = bank.node(at).first) arguments[i] = made[bank.node(at).second];
    made[term] = bank.instantiated(body, arguments);
  }
  std::vector<TermId> result;
  for (const TermId program : programs) result.push_back(made[program]);
  return result;
}

/// What the rewritten programs say, written without the abstractions.
Result<bool> says_the_same(const std::vector<std::string>& programs, const CompressionReport& report) {
  TermBank bank;
  std::vector<TermId> originals, terms;
  for (const std::string& text : programs) {
    AUTODEV_TRY_ASSIGN(const TermId term, bank.parse(text));
    originals.push_back(term);
  }
  for (const std::string& text : report.rewritten) {
    AUTODEV_TRY_ASSIGN(const TermId term, bank.parse(text));
    terms.push_back(term);
  }
  for (std::size_t i = report.abstractions.size(); i-- > 0;) {
    const LearnedAbstraction& learned = report.abstractions[i];
    std::vector<TermId> all = originals;
    all.insert(all.end(), terms.begin(), terms.end());
    bank = bank.compacted(all);
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(originals.size());
    std::copy(all.begin(), middle, originals.begin());
    const std::size_t corpus = bank.size();
    AUTODEV_TRY_ASSIGN(const TermId body, bank.parse_body(learned.body));
    terms = expanded(bank, {middle, all.end()}, corpus, bank.primitive(learned.name), body, learned.arity);
  }
  return terms == originals;
}

/// A name that no primitive of the corpus has.
std::string fresh_name(const std::vector<std::string>& programs, std::size_t number, std::string& prefix) {
  if (number == 0) {
    const auto taken = [&] {
      return std::any_of(programs.begin(), programs.end(),
                         [&](const std::string& text) { return text.find(prefix) != std::string::npos; });
    };
    while (taken()) prefix += '_';
  }
  return prefix + std::to_string(number);
}

}  // namespace

double CompressionReport::ratio() const {
  return final_cost == 0 ? 1.0 : static_cast<double>(original_cost) / static_cast<double>(final_cost);
}

Result<CompressionReport> compress(const std::vector<std::string>& programs, const CompressionOptions& options,
                                   const std::function<void(const LearnedAbstraction&)>& on_abstraction) {
  TermBank bank;
  std::vector<TermId> terms;
  for (const std::string& text : programs) {
    auto term = bank.parse(text);
    if (!term)
      return fail(term.error().code, "program " + std::to_string(terms.size() + 1) + ": " + term.error().message,
                  term.error().hint);
    terms.push_back(*term);
  }
  CompressionReport report;
  report.original_cost = total_cost(bank, terms);
  std::string prefix = "fn_";
  while (report.abstractions.size() < options.iterations) {
    bank = bank.compacted(terms);
    AbstractionSearch search(bank, terms, options.max_arity);
    const bool optimal = search.advance(options.max_steps);
    report.optimal = report.optimal && optimal;
    if (!search.best()) break;
    Abstraction best = *search.best();
    order_parameters(bank, best);
    LearnedAbstraction learned{fresh_name(programs, report.abstractions.size(), prefix),
                               bank.text(best.body),
                               best.arity,
                               best.utility,
                               0,
                               0,
                               search.steps(),
                               optimal};
    const TermId name = bank.primitive(learned.name);
    terms = rewritten(bank, terms, best, name);
    learned.calls = occurrences(bank, terms, name);
    learned.cost_after = total_cost(bank, terms);
    if (on_abstraction) on_abstraction(learned);
    report.abstractions.push_back(std::move(learned));
  }
  report.final_cost = total_cost(bank, terms);
  for (const TermId term : terms) report.rewritten.push_back(bank.text(term));
  AUTODEV_TRY_ASSIGN(report.faithful, says_the_same(programs, report));
  return report;
}

}  // namespace autodev::mine
