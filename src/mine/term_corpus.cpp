// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Parts have smaller ids than the whole: what a term consists of is known going up, how often it occurs going down.
#include "mine/term_corpus.h"

#include <map>
#include <utility>

namespace autodev::mine {

TermCorpus::TermCorpus(const TermBank& bank, const std::vector<TermId>& programs)
    : terms_(bank.size()), occurrences_(bank.size(), 0), only_program_(bank.size(), many_programs - 1) {
  describe(bank);
  count(programs);
}

void TermCorpus::describe(const TermBank& bank) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> shapes;
  constexpr std::uint32_t no_part = UINT32_MAX;
  const auto shape = [&](std::uint32_t first, std::uint32_t second) {
    return shapes.emplace(std::pair(first, second), static_cast<std::uint32_t>(shapes.size())).first->second;
  };
  for (TermId id = 0; id < terms_.size(); ++id) {
    const TermNode& node = bank.node(id);
    CorpusTerm& term = terms_[id];
    term.cost = bank.cost(id);
    term.free = bank.free_variables(id);
    term.first = node.first;
    term.second = node.second;
    term.self = std::uint64_t{1} << (id % 64);
    if (node.kind == TermKind::application) {
      const CorpusTerm &function = terms_[node.first], &argument = terms_[node.second];
      term.label = label_application;
      term.leaves = function.leaves | argument.leaves;
      term.inner = function.inner | argument.inner | term.self;
      term.shape = shape(function.shape, argument.shape);
    } else if (node.kind == TermKind::lambda) {
      term.label = label_lambda;
      term.leaves = terms_[node.first].leaves;
      term.inner = terms_[node.first].inner | term.self;
      term.shape = shape(terms_[node.first].shape, no_part);
    } else {
      term.label = labels_++;
      term.self = std::uint64_t{1} << (term.label % 64);
      term.leaves = term.self;
      term.shape = shape(no_part, no_part);
    }
  }
  shapes_ = static_cast<std::uint32_t>(shapes.size());
}

void TermCorpus::count(const std::vector<TermId>& programs) {
  constexpr std::int32_t none = many_programs - 1;
  const auto note = [&](TermId term, std::int64_t times, std::int32_t program) {
    occurrences_[term] += times;
    std::int32_t& only = only_program_[term];
    only = only == none || only == program ? program : many_programs;
  };
  for (std::size_t i = 0; i < programs.size(); ++i) note(programs[i], 1, static_cast<std::int32_t>(i));
  for (TermId id = static_cast<TermId>(terms_.size()); id-- > 0;) {
    const CorpusTerm& term = terms_[id];
    if (term.label == label_application) note(term.second, occurrences_[id], only_program_[id]);
    if (term.label <= label_lambda) note(term.first, occurrences_[id], only_program_[id]);
  }
}

}  // namespace autodev::mine
