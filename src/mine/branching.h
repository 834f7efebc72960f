// SPDX-License-Identifier: MIT OR Apache-2.0
//
// How the hole of a partial abstraction can be filled, each way with an upper bound of the utility it can lead to.
//
// Any completion saves, at each of its places, at most the place's gain: its cost less the cost of a call with the
// parameters so far. While a new parameter is left, that sum less the body so far is the bound. Afterwards a hole is
// equal at all places of a completion, or a parameter stands in it. In the first case the places agree in the whole
// part; in the second a value of a parameter occurs in the part at each place, and where only leaves can be meant,
// replacing them keeps the shape, so the places agree in it. The heaviest such group bounds the utility, for every open
// hole.
#pragma once

#include <optional>

#include "mine/partial_abstraction.h"
#include "mine/term_corpus.h"

namespace autodev::mine {

class Branching {
 public:
  Branching(TermBank& bank, const TermCorpus& corpus, unsigned max_arity, ColumnArena& arena);

  struct Choice {
    std::size_t hole = 0;
    std::span<AbstractionBranch> branches;  ///< best bound first, each above the cutoff
  };
  /// Chooses a hole and its branches; absent when nothing below `partial` can exceed `cutoff`.
  /// Cost: O(rows x (parameters + 1)), O(rows x holes x parameters) when no new parameter is left.
  [[nodiscard]] std::optional<Choice> branches_of(const PartialAbstraction& partial, std::int64_t cutoff);

 private:
  static constexpr TermId captured = UINT32_MAX;

  struct Group {
    std::uint32_t key = 0, rows = 0, offset = 0;
    std::int64_t gain = 0;
    TermId part = 0;   ///< of the first row
    bool same = true;  ///< all rows have this part
  };
  /// How a parameter can stand in the part of a row.
  enum class Within : std::uint8_t { no, leaf, unknown };

  void label_groups(const PartialAbstraction& partial, const AbstractionHole& hole, std::int64_t cutoff);
  void parameter_branches(const PartialAbstraction& partial, const AbstractionHole& hole, std::int64_t cutoff);
  [[nodiscard]] bool choose_closed(const PartialAbstraction& partial, std::int64_t cutoff, std::size_t& chosen);
  void read_calls(const PartialAbstraction& partial);
  [[nodiscard]] std::int64_t closed_bound(const PartialAbstraction& partial, const AbstractionHole& hole,
                                          std::int64_t enough);
  void close(const PartialAbstraction& partial, const AbstractionHole& hole);
  void closed_branches(const PartialAbstraction& partial, const AbstractionHole& hole, std::int64_t cutoff);
  void inner_branches(const PartialAbstraction& partial, const AbstractionHole& hole, std::int64_t cutoff);
  [[nodiscard]] Within within(const CorpusTerm& part, std::uint32_t binders, std::size_t row) const;
  [[nodiscard]] TermId value_at(TermId part, std::uint32_t binders);
  void read_values(const PartialAbstraction& partial, const AbstractionHole& hole);
  /// No variable of the part is bound outside of the abstraction.
  [[nodiscard]] bool fixed(TermId part, std::uint32_t binders) const { return (corpus_[part].free >> binders) == 0; }
  std::uint32_t* take_rows(std::size_t count) { return arena_.take<std::uint32_t>(count); }
  void keep(AbstractionBranch branch, std::int64_t cutoff);

  TermBank& bank_;
  const TermCorpus& corpus_;
  unsigned max_arity_;
  ColumnArena& arena_;
  /// What the values of the parameters of a row are, together.
  struct Call {
    std::uint64_t leaves = 0, inner = 0;
    std::int64_t least_inner_cost = INT64_MAX;
    bool free = false;
  };

  GroupTable<Group> labels_, terms_, shapes_;
  SumTable term_sums_, shape_sums_;
  std::vector<Call> calls_;
  std::vector<TermId> values_;  ///< of the hole at hand, per row
  std::vector<Within> within_;
  std::vector<std::size_t> order_;
  std::vector<AbstractionBranch> made_;
  std::int64_t unknown_gain_ = 0;
};

}  // namespace autodev::mine
