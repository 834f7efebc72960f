// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/branching.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace autodev::mine {

using Kind = AbstractionBranch::Kind;

Branching::Branching(TermBank& bank, const TermCorpus& corpus, unsigned max_arity, ColumnArena& arena)
    : bank_(bank), corpus_(corpus), max_arity_(max_arity), arena_(arena) {
  labels_.resize(corpus.labels());
  terms_.resize(corpus.size());
  shapes_.resize(corpus.shapes());
  term_sums_.resize(corpus.size());
  shape_sums_.resize(corpus.shapes());
}

std::optional<Branching::Choice> Branching::branches_of(const PartialAbstraction& partial, std::int64_t cutoff) {
  made_.clear();
  Choice choice{partial.holes.size() - 1, {}};
  if (partial.parameters.size() < max_arity_) {
    const AbstractionHole& hole = partial.holes[choice.hole];
    label_groups(partial, hole, cutoff);
    parameter_branches(partial, hole, cutoff);
  } else {
    if (!choose_closed(partial, cutoff, choice.hole)) return std::nullopt;
    closed_branches(partial, partial.holes[choice.hole], cutoff);
  }
  if (made_.empty()) return std::nullopt;
  std::stable_sort(made_.begin(), made_.end(),
                   [](const AbstractionBranch& a, const AbstractionBranch& b) { return a.bound > b.bound; });
  auto* kept = arena_.take<AbstractionBranch>(made_.size());
  std::copy(made_.begin(), made_.end(), kept);
  choice.branches = {kept, made_.size()};
  return choice;
}

void Branching::keep(AbstractionBranch branch, std::int64_t cutoff) {
  if (branch.bound > cutoff && !branch.rows.empty()) made_.push_back(branch);
}

TermId Branching::value_at(TermId part, std::uint32_t binders) {
  const std::uint64_t free = corpus_[part].free;
  if (free == 0 || binders == 0) return part;
  if ((free & ((std::uint64_t{1} << binders) - 1)) != 0) return captured;
  return bank_.lowered(part, binders);
}

void Branching::read_values(const PartialAbstraction& partial, const AbstractionHole& hole) {
  values_.resize(partial.rows);
  for (std::size_t row = 0; row < partial.rows; ++row) values_[row] = value_at(hole.parts[row], hole.binders);
}

void Branching::label_groups(const PartialAbstraction& partial, const AbstractionHole& hole, std::int64_t cutoff) {
  labels_.clear();
  for (std::size_t row = 0; row < partial.rows; ++row) {
    const TermId part = hole.parts[row];
    Group& group = labels_.at(corpus_[part].label);
    if (group.rows == 0) {
      group.key = corpus_[part].label;
      group.part = part;
    }
    group.same = group.same && group.part == part;
    group.gain += partial.gains[row];
    ++group.rows;
  }
  std::uint32_t total = 0;
  for (Group& group : labels_.all()) {
    const bool constant = group.same && fixed(group.part, hole.binders);
    const std::int64_t cost = constant ? corpus_[group.part].cost : node_cost;
    const bool possible = (constant || group.key <= label_lambda) && group.gain - partial.body - cost > cutoff;
    group.offset = possible ? total : UINT32_MAX;
    if (possible) total += group.rows;
  }
  std::uint32_t* rows = take_rows(total);
  for (Group& group : labels_.all()) {
    if (group.offset == UINT32_MAX) continue;
    const bool constant = group.same && fixed(group.part, hole.binders);
    const std::int64_t cost = constant ? corpus_[group.part].cost : node_cost;
    keep({constant ? Kind::constant : Kind::head,
          constant ? group.part : group.key,
          {rows + group.offset, group.rows},
          group.gain - partial.body - cost},
         cutoff);
  }
  for (std::size_t row = 0; row < partial.rows; ++row) {
    Group& group = labels_.at(corpus_[hole.parts[row]].label);
    if (group.offset != UINT32_MAX) rows[group.offset++] = static_cast<std::uint32_t>(row);
  }
}

void Branching::parameter_branches(const PartialAbstraction& partial, const AbstractionHole& hole,
                                   std::int64_t cutoff) {
  read_values(partial, hole);
  std::uint32_t* rows = take_rows(partial.rows * (partial.parameters.size() + 1));
  for (std::size_t p = 0; p < partial.parameters.size(); ++p) {
    std::size_t count = 0;
    std::int64_t gain = 0;
    for (std::size_t row = 0; row < partial.rows; ++row) {
      if (values_[row] != partial.parameters[p].values[row]) continue;
      rows[count++] = static_cast<std::uint32_t>(row);
      gain += partial.gains[row];
    }
    keep({Kind::reuse, static_cast<std::uint32_t>(p), {rows, count}, gain - partial.body}, cutoff);
    rows += count;
  }
  if (partial.parameters.size() >= max_arity_) return;
  std::size_t count = 0;
  std::int64_t gain = 0;
  for (std::size_t row = 0; row < partial.rows; ++row) {
    if (values_[row] == captured) continue;
    const TermId part = hole.parts[row];
    const std::int64_t left =
        partial.gains[row] - (corpus_[part].cost + node_cost) * corpus_.occurrences(partial.places[row]);
    if (left <= 0) continue;
    rows[count++] = static_cast<std::uint32_t>(row);
    gain += left;
  }
  keep({Kind::fresh, static_cast<std::uint32_t>(partial.parameters.size()), {rows, count}, gain - partial.body},
       cutoff);
}

// --- no new parameter left

void Branching::read_calls(const PartialAbstraction& partial) {
  calls_.assign(partial.rows, {});
  for (const AbstractionParameter& parameter : partial.parameters) {
    for (std::size_t row = 0; row < partial.rows; ++row) {
      const CorpusTerm& value = corpus_[parameter.parts[row]];
      Call& call = calls_[row];
      if (value.free != 0) {
        call.free = true;
      } else if (value.label <= label_lambda) {
        call.inner |= value.self;
        call.least_inner_cost = std::min(call.least_inner_cost, value.cost);
      } else {
        call.leaves |= value.self;
      }
    }
  }
}

Branching::Within Branching::within(const CorpusTerm& part, std::uint32_t binders, std::size_t row) const {
  if (part.label > label_lambda) return Within::no;
  const Call& call = calls_[row];
  if ((part.inner & call.inner) != 0 && part.cost > call.least_inner_cost) return Within::unknown;
  if (call.free && (part.free >> binders) != 0) return Within::unknown;
  return (part.leaves & call.leaves) != 0 ? Within::leaf : Within::no;
}

/// The hole with the lowest bound; false when that bound is not above the cutoff.
bool Branching::choose_closed(const PartialAbstraction& partial, std::int64_t cutoff, std::size_t& chosen) {
  read_calls(partial);
  // Large parts differ most: they are likely to prune, so they come first.
  order_.resize(partial.holes.size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
    return corpus_[partial.holes[a].parts[0]].cost > corpus_[partial.holes[b].parts[0]].cost;
  });
  std::int64_t least = INT64_MAX;
  for (const std::size_t i : order_) {
    const std::int64_t bound = closed_bound(partial, partial.holes[i], least);
    if (bound <= cutoff) return false;
    if (bound < least) {
      least = bound;
      chosen = i;
    }
  }
  return true;
}

/// Bound of the utility by what can stand in the hole; stops once it is not below `enough`.
std::int64_t Branching::closed_bound(const PartialAbstraction& partial, const AbstractionHole& hole,
                                     std::int64_t enough) {
  term_sums_.clear();
  shape_sums_.clear();
  const bool constants = hole.mode != HoleMode::reuse, reuses = hole.mode != HoleMode::constant;
  if (enough != INT64_MAX) enough += partial.body;
  std::int64_t bound = 0, inside = 0, unknown = 0;
  std::array<std::int64_t, 8> reused{};
  for (std::size_t row = 0; row < partial.rows; ++row) {
    const TermId id = hole.parts[row];
    const CorpusTerm& part = corpus_[id];
    const std::int64_t gain = partial.gains[row];
    if (constants && (part.free >> hole.binders) == 0) bound = std::max(bound, term_sums_.add(id, gain) - part.cost);
    if (reuses) {
      const TermId value = value_at(id, hole.binders);
      for (std::size_t p = 0; p < partial.parameters.size(); ++p)
        if (partial.parameters[p].values[row] == value) bound = std::max(bound, reused[p % 8] += gain);
      const Within where = within(part, hole.binders, row);
      if (where == Within::unknown) unknown += gain;
      if (where == Within::leaf) inside = std::max(inside, shape_sums_.add(part.shape, gain));
    }
    if (std::max(bound, inside + unknown - node_cost) >= enough) break;
  }
  return std::max(bound, inside + unknown - node_cost) - partial.body;
}

void Branching::close(const PartialAbstraction& partial, const AbstractionHole& hole) {
  terms_.clear();
  shapes_.clear();
  unknown_gain_ = 0;
  within_.resize(partial.rows);
  for (std::size_t row = 0; row < partial.rows; ++row) {
    const TermId part = hole.parts[row];
    const std::int64_t gain = partial.gains[row];
    if (hole.mode != HoleMode::reuse && fixed(part, hole.binders)) {
      Group& group = terms_.at(part);
      group.key = group.part = part;
      group.gain += gain;
      ++group.rows;
    }
    if (hole.mode == HoleMode::constant) continue;
    within_[row] = within(corpus_[part], hole.binders, row);
    if (within_[row] == Within::unknown) unknown_gain_ += gain;
    if (within_[row] == Within::leaf) {
      Group& group = shapes_.at(corpus_[part].shape);
      group.key = corpus_[part].shape;
      group.gain += gain;
      ++group.rows;
    }
  }
}

void Branching::closed_branches(const PartialAbstraction& partial, const AbstractionHole& hole, std::int64_t cutoff) {
  close(partial, hole);
  if (hole.mode != HoleMode::reuse) {
    std::uint32_t total = 0;
    for (Group& group : terms_.all()) {
      const bool possible = group.gain - partial.body - corpus_[group.part].cost > cutoff;
      group.offset = possible ? total : UINT32_MAX;
      if (possible) total += group.rows;
    }
    std::uint32_t* rows = take_rows(total);
    for (Group& group : terms_.all())
      if (group.offset != UINT32_MAX)
        keep({Kind::constant,
              group.part,
              {rows + group.offset, group.rows},
              group.gain - partial.body - corpus_[group.part].cost},
             cutoff);
    for (std::size_t row = 0; row < partial.rows; ++row) {
      if (!fixed(hole.parts[row], hole.binders)) continue;
      Group& group = terms_.at(hole.parts[row]);
      if (group.offset != UINT32_MAX) rows[group.offset++] = static_cast<std::uint32_t>(row);
    }
  }
  if (hole.mode == HoleMode::constant) return;
  parameter_branches(partial, hole, cutoff);
  inner_branches(partial, hole, cutoff);
}

void Branching::inner_branches(const PartialAbstraction& partial, const AbstractionHole& hole, std::int64_t cutoff) {
  // Where the shapes are certain, places of different shapes are different branches; else all go together.
  std::int64_t heaviest = 0;
  for (const Group& group : shapes_.all()) heaviest = std::max(heaviest, group.gain);
  const std::int64_t most = heaviest + unknown_gain_ - partial.body - node_cost;
  if (most <= cutoff) return;
  const bool by_shape = unknown_gain_ == 0;
  const auto add = [&](std::uint32_t label, std::span<const std::uint32_t> rows, std::int64_t bound) {
    keep({Kind::head, label, rows, bound, HoleMode::reuse, HoleMode::any}, cutoff);
    if (label == label_application) keep({Kind::head, label, rows, bound, HoleMode::constant, HoleMode::reuse}, cutoff);
  };
  if (by_shape) {
    for (const Group& group : shapes_.all()) {
      if (group.gain - partial.body - node_cost <= cutoff) continue;
      std::uint32_t* rows = take_rows(group.rows);
      std::size_t count = 0;
      std::uint32_t label = label_application;
      for (std::size_t row = 0; row < partial.rows; ++row) {
        if (within_[row] != Within::leaf || corpus_[hole.parts[row]].shape != group.key) continue;
        label = corpus_[hole.parts[row]].label;
        rows[count++] = static_cast<std::uint32_t>(row);
      }
      add(label, {rows, count}, group.gain - partial.body - node_cost);
    }
    return;
  }
  for (const std::uint32_t label : {label_application, label_lambda}) {
    std::uint32_t* rows = take_rows(partial.rows);
    std::size_t count = 0;
    std::int64_t gain = 0;
    for (std::size_t row = 0; row < partial.rows; ++row) {
      if (within_[row] == Within::no || corpus_[hole.parts[row]].label != label) continue;
      rows[count++] = static_cast<std::uint32_t>(row);
      gain += partial.gains[row];
    }
    add(label, {rows, count}, std::min(most, gain - partial.body - node_cost));
  }
}

}  // namespace autodev::mine
