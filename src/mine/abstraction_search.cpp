// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The walk: one level per hole that was filled, the best branch first. See abstraction_search.h and branching.h.
//
// Left out because another abstraction is at least as good: one whose places lie in one program only (not an
// abstraction worth having), that matches one closed term only (the term itself, found before the walk), that gives a
// parameter the same closed value everywhere, or two parameters the same values everywhere (Bowers et al. 2023,
// section 4.3).
#include "mine/abstraction_search.h"

#include <algorithm>
#include <numeric>

#include "mine/branching.h"

namespace autodev::mine {

namespace {

/// The largest published corpora (250 programs of some hundred nodes) need less than 8 MB.
constexpr std::size_t max_column_bytes = std::size_t{256} << 20;

}  // namespace

class AbstractionSearch::Walk {
 public:
  Walk(TermBank& bank, const std::vector<TermId>& programs, unsigned max_arity)
      : bank_(bank), programs_(programs), corpus_(bank, programs), branching_(bank, corpus_, max_arity, arena_) {
    whole_terms();
    begin();
  }

  bool advance(std::uint64_t budget) {
    while (!levels_.empty() && budget > 0 && !is_full()) {
      Level& level = levels_.back();
      if (level.next == level.branches.size() || level.branches[level.next].bound <= cutoff()) {
        levels_.pop_back();
        continue;
      }
      const AbstractionBranch branch = level.branches[level.next++];
      if (!worthwhile(level, branch)) continue;
      arena_.release(level.mark);
      skeleton_.resize(level.skeleton);
      PartialAbstraction partial = filled(level, branch);
      if (partial.holes.empty()) {
        finish(partial);
      } else {
        --budget;
        enter(partial);
      }
    }
    return levels_.empty();
  }

  std::optional<Abstraction> best;
  std::uint64_t steps = 0;

 private:
  struct SkeletonNode {
    enum class Kind : std::uint8_t { open, application, lambda, parameter, term };
    Kind kind = Kind::open;
    std::uint32_t value = 0;  ///< slot of the (first) part, parameter or term; the second part is the next slot
  };
  struct Level {
    PartialAbstraction partial;
    std::size_t hole = 0;
    std::span<AbstractionBranch> branches;
    std::size_t next = 0;
    std::size_t skeleton = 0;
    ColumnArena::Mark mark;
  };

  /// Of terms nested hundreds deep the columns of all levels together are quadratic; the search ends there, as with too few steps.
  [[nodiscard]] bool is_full() const { return arena_.held() > max_column_bytes; }
  [[nodiscard]] std::int64_t cutoff() const { return best ? best->utility : 0; }

  /// Abstractions without parameters: closed terms that recur.
  void whole_terms() {
    for (TermId term = 0; term < corpus_.size(); ++term) {
      if (bank_.free_variables(term) != 0 || corpus_.only_program(term) != TermCorpus::many_programs) continue;
      const std::int64_t cost = corpus_[term].cost;
      const std::int64_t utility = corpus_.occurrences(term) * (cost - leaf_cost) - cost;
      if (utility > cutoff()) best = Abstraction{term, 0, utility, cost, {term}, {}, {}};
    }
  }

  /// One hole that matches everywhere.
  void begin() {
    PartialAbstraction all;
    TermId* places = arena_.take<TermId>(corpus_.size());
    std::int64_t* gains = arena_.take<std::int64_t>(corpus_.size());
    for (TermId term = 0; term < corpus_.size(); ++term) {
      if (corpus_[term].cost <= leaf_cost) continue;
      places[all.rows] = term;
      gains[all.rows++] = (corpus_[term].cost - leaf_cost) * corpus_.occurrences(term);
    }
    all.places = places;
    all.gains = gains;
    all.holes = {arena_.take<AbstractionHole>(1), 1};
    all.holes[0] = {0, 0, HoleMode::any, places};
    skeleton_ = {{}};
    if (all.rows > 0) enter(all);
  }

  void enter(const PartialAbstraction& partial) {
    ++steps;
    const auto choice = branching_.branches_of(partial, cutoff());
    if (!choice) return;
    levels_.push_back({partial, choice->hole, choice->branches, 0, skeleton_.size(), arena_.mark()});
  }

  [[nodiscard]] bool worthwhile(const Level& level, const AbstractionBranch& branch) const {
    const PartialAbstraction& partial = level.partial;
    const auto rows = branch.rows;
    const TermId first = partial.places[rows[0]];
    if (rows.size() == 1 && bank_.free_variables(first) == 0) return false;
    const std::int32_t program = corpus_.only_program(first);
    if (program != TermCorpus::many_programs && std::all_of(rows.begin(), rows.end(), [&](std::uint32_t r) {
          return corpus_.only_program(partial.places[r]) == program;
        }))
      return false;
    for (std::size_t p = 0; p < partial.parameters.size(); ++p) {
      const TermId* values = partial.parameters[p].values;
      if (constant(values, rows)) return false;
      for (std::size_t q = p + 1; q < partial.parameters.size(); ++q) {
        const TermId* others = partial.parameters[q].values;
        if (std::all_of(rows.begin(), rows.end(), [&](std::uint32_t r) { return values[r] == others[r]; }))
          return false;
      }
    }
    return true;
  }

  /// The same closed term in all rows.
  [[nodiscard]] bool constant(const TermId* values, std::span<const std::uint32_t> rows) const {
    const TermId value = values[rows[0]];
    return bank_.free_variables(value) == 0 &&
           std::all_of(rows.begin(), rows.end(), [&](std::uint32_t row) { return values[row] == value; });
  }

  template <typename T>
  const T* picked(const T* column, std::span<const std::uint32_t> rows) {
    T* out = arena_.take<T>(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) out[i] = column[rows[i]];
    return out;
  }

  /// The partial abstraction of a level with its hole filled; its skeleton is changed along.
  PartialAbstraction filled(const Level& level, const AbstractionBranch& branch) {
    const PartialAbstraction& from = level.partial;
    const AbstractionHole& hole = from.holes[level.hole];
    PartialAbstraction to;
    to.rows = branch.rows.size();
    to.places = picked(from.places, branch.rows);
    to.gains = picked(from.gains, branch.rows);
    to.body = from.body;
    AbstractionHole* holes = arena_.take<AbstractionHole>(from.holes.size() + 1);
    std::size_t count = 0;
    for (std::size_t i = 0; i < from.holes.size(); ++i) {
      if (i == level.hole) continue;
      holes[count] = from.holes[i];
      holes[count++].parts = picked(from.holes[i].parts, branch.rows);
    }
    AbstractionParameter* parameters = arena_.take<AbstractionParameter>(from.parameters.size() + 1);
    for (std::size_t p = 0; p < from.parameters.size(); ++p)
      parameters[p] = {from.parameters[p].binders, picked(from.parameters[p].values, branch.rows),
                       picked(from.parameters[p].parts, branch.rows)};
    std::size_t parameter_count = from.parameters.size();
    SkeletonNode& node = skeleton_[hole.slot];
    switch (branch.kind) {
      case AbstractionBranch::Kind::constant:
        node = {SkeletonNode::Kind::term, branch.value};
        to.body += corpus_[branch.value].cost;
        break;
      case AbstractionBranch::Kind::reuse:
        node = {SkeletonNode::Kind::parameter, branch.value};
        break;
      case AbstractionBranch::Kind::fresh:
        node = {SkeletonNode::Kind::parameter, branch.value};
        parameters[parameter_count++] = fresh_parameter(hole, branch, to);
        break;
      case AbstractionBranch::Kind::head:
        to.body += node_cost;
        add_parts(hole, branch, holes, count);
        break;
    }
    to.holes = {holes, count};
    to.parameters = {parameters, parameter_count};
    return to;
  }

  AbstractionParameter fresh_parameter(const AbstractionHole& hole, const AbstractionBranch& branch,
                                       PartialAbstraction& to) {
    AbstractionParameter parameter{hole.binders, nullptr, picked(hole.parts, branch.rows)};
    TermId* values = arena_.take<TermId>(to.rows);
    std::int64_t* gains = arena_.take<std::int64_t>(to.rows);
    for (std::size_t row = 0; row < to.rows; ++row) {
      values[row] = bank_.lowered(parameter.parts[row], hole.binders);
      gains[row] =
          to.gains[row] - (corpus_[parameter.parts[row]].cost + node_cost) * corpus_.occurrences(to.places[row]);
    }
    parameter.values = values;
    to.gains = gains;
    return parameter;
  }

  /// Puts an application or a lambda where `hole` was and its parts among the holes.
  void add_parts(const AbstractionHole& hole, const AbstractionBranch& branch, AbstractionHole* holes,
                 std::size_t& count) {
    const auto slot = static_cast<std::uint32_t>(skeleton_.size());
    const bool lambda = branch.value == label_lambda;
    skeleton_[hole.slot] = {lambda ? SkeletonNode::Kind::lambda : SkeletonNode::Kind::application, slot};
    TermId* first = arena_.take<TermId>(branch.rows.size());
    for (std::size_t i = 0; i < branch.rows.size(); ++i) first[i] = corpus_[hole.parts[branch.rows[i]]].first;
    skeleton_.emplace_back();
    holes[count++] = {slot, hole.binders + (lambda ? 1u : 0u), branch.first, first};
    if (lambda) return;
    TermId* second = arena_.take<TermId>(branch.rows.size());
    for (std::size_t i = 0; i < branch.rows.size(); ++i) second[i] = corpus_[hole.parts[branch.rows[i]]].second;
    skeleton_.emplace_back();
    holes[count++] = {slot + 1, hole.binders, branch.second, second};
  }

  void finish(const PartialAbstraction& partial) {
    const std::int64_t at_most = std::accumulate(partial.gains, partial.gains + partial.rows, -partial.body);
    if (at_most <= cutoff()) return;
    Abstraction made;
    made.arity = static_cast<unsigned>(partial.parameters.size());
    made.body_cost = partial.body;
    made.places.assign(partial.places, partial.places + partial.rows);
    for (const AbstractionParameter& parameter : partial.parameters) {
      made.arguments.emplace_back(parameter.parts, parameter.parts + partial.rows);
      made.binders.push_back(parameter.binders);
    }
    const std::vector<std::int64_t> costs = rewritten_costs(bank_, corpus_.size(), made);
    made.utility = -partial.body;
    for (const TermId program : programs_) made.utility += bank_.cost(program) - costs[program];
    if (made.utility <= cutoff()) return;
    made.body = body();
    best = std::move(made);
  }

  /// The skeleton as a term: parts lie behind their whole.
  TermId body() {
    std::vector<TermId> terms(skeleton_.size(), 0);
    for (std::size_t i = skeleton_.size(); i-- > 0;) {
      const SkeletonNode& node = skeleton_[i];
      switch (node.kind) {
        case SkeletonNode::Kind::application:
          terms[i] = bank_.application(terms[node.value], terms[node.value + 1]);
          break;
        case SkeletonNode::Kind::lambda:
          terms[i] = bank_.lambda(terms[node.value]);
          break;
        case SkeletonNode::Kind::parameter:
          terms[i] = bank_.parameter(node.value);
          break;
        case SkeletonNode::Kind::term:
          terms[i] = node.value;
          break;
        case SkeletonNode::Kind::open:
          break;
      }
    }
    return terms[0];
  }

  TermBank& bank_;
  const std::vector<TermId>& programs_;
  TermCorpus corpus_;
  ColumnArena arena_;
  Branching branching_;
  std::vector<SkeletonNode> skeleton_;
  std::vector<Level> levels_;
};

AbstractionSearch::AbstractionSearch(TermBank& bank, const std::vector<TermId>& programs, unsigned max_arity)
    : walk_(std::make_unique<Walk>(bank, programs, max_arity)) {}
AbstractionSearch::~AbstractionSearch() = default;

bool AbstractionSearch::advance(std::uint64_t steps) {
  return walk_->advance(steps);
}
const std::optional<Abstraction>& AbstractionSearch::best() const {
  return walk_->best;
}
std::uint64_t AbstractionSearch::steps() const {
  return walk_->steps;
}

std::vector<std::int64_t> rewritten_costs(const TermBank& bank, std::size_t terms, const Abstraction& abstraction) {
  std::vector<std::int64_t> costs(terms);
  std::size_t next = 0;
  for (TermId term = 0; term < terms; ++term) {
    const TermNode& node = bank.node(term);
    std::int64_t cost = leaf_cost;
    if (node.kind == TermKind::application) cost = node_cost + costs[node.first] + costs[node.second];
    if (node.kind == TermKind::lambda) cost = node_cost + costs[node.first];
    if (next < abstraction.places.size() && abstraction.places[next] == term) {
      std::int64_t call = leaf_cost;
      for (const auto& arguments : abstraction.arguments) call += node_cost + costs[arguments[next]];
      cost = std::min(cost, call);
      ++next;
    }
    costs[term] = cost;
  }
  return costs;
}

}  // namespace autodev::mine
