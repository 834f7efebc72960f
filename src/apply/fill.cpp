// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/fill.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <queue>
#include <set>

namespace autodev::apply {
namespace {

constexpr std::size_t max_states = 2'000;
constexpr std::size_t max_fillings = 4;  // more changes at once are another code
constexpr double unplaced_price = 2.5;   // more than placing a value, less than two mutations

/// Choices for the holes before `next`.
struct State {
  double paid = 0, bound = 0;
  std::size_t next = 0;
  std::uint64_t number = 0;                                 ///< order of making: settles ties
  std::vector<std::pair<std::size_t, std::size_t>> chosen;  ///< hole, filler
};

struct Dearer {
  bool operator()(const State& a, const State& b) const {
    return a.bound != b.bound ? a.bound > b.bound : a.number > b.number;
  }
};

std::string with(std::string_view code, const std::vector<Hole>& holes, const State& state) {
  std::map<std::size_t, std::pair<std::size_t, std::string_view>> edits;  // start -> end, text
  for (const auto& [hole, filler] : state.chosen)
    for (const auto& place : holes[hole].fillers[filler].places)
      edits[place.start] = {place.end, holes[hole].fillers[filler].text};
  std::string out;
  std::size_t done = 0;
  for (const auto& [start, edit] : edits) {
    out += code.substr(done, start - done);
    out += edit.second;
    done = edit.first;
  }
  out += code.substr(done);
  return out;
}

class Search {
 public:
  /// `values`: what the specification names and the code lacks.
  Search(const std::vector<Hole>& holes, const std::vector<std::string>& values) : holes_(holes), values_(values) {
    least_.assign(holes.size() + 1, std::vector<double>(values.size(), unplaced_price));
    for (std::size_t h = holes.size(); h-- > 0;) {
      least_[h] = least_[h + 1];
      for (const auto& filler : holes[h].fillers)
        for (std::size_t v = 0; v < values.size(); ++v)
          if (filler.value == values[v]) least_[h][v] = std::min(least_[h][v], filler.price);
    }
  }

  std::vector<std::string> run(std::string_view code, std::size_t limit) {
    push({});
    std::vector<std::string> variants;
    std::set<std::string> seen{std::string(code)};
    for (std::size_t states = 0; !queue_.empty() && states < max_states && variants.size() < limit; ++states) {
      State state = queue_.top();
      queue_.pop();
      if (state.next == holes_.size()) {
        auto variant = with(code, holes_, state);
        if (seen.insert(variant).second) variants.push_back(std::move(variant));
        continue;
      }
      expand(state);
    }
    return variants;
  }

 private:
  void expand(const State& state) {
    State kept = state;
    ++kept.next;
    push(std::move(kept));
    if (state.chosen.size() == max_fillings) return;
    const auto& fillers = holes_[state.next].fillers;
    for (std::size_t f = 0; f < fillers.size(); ++f) {
      if (!fillers[f].value.empty() && placed(state, fillers[f].value)) continue;
      State more = state;
      more.chosen.emplace_back(state.next, f);
      more.paid += fillers[f].price;
      ++more.next;
      push(std::move(more));
    }
  }

  [[nodiscard]] bool placed(const State& state, const std::string& value) const {
    return std::any_of(state.chosen.begin(), state.chosen.end(),
                       [&](const auto& c) { return holes_[c.first].fillers[c.second].value == value; });
  }

  void push(State state) {
    state.bound = state.paid;
    for (std::size_t v = 0; v < values_.size(); ++v)
      if (!placed(state, values_[v]))
        state.bound += state.chosen.size() < max_fillings ? least_[state.next][v] : unplaced_price;
    state.number = made_++;
    queue_.push(std::move(state));
  }

  const std::vector<Hole>& holes_;
  const std::vector<std::string>& values_;
  std::vector<std::vector<double>> least_;  ///< by hole and value: the least price of placing it from there on
  std::uint64_t made_ = 0;
  std::priority_queue<State, std::vector<State>, Dearer> queue_;
};

}  // namespace

std::vector<std::string> fill_jointly(std::string_view code, Language language, std::size_t body,
                                      const FillerSources& sources, std::size_t limit) {
  const auto holes = find_holes(code, language, body, sources);
  if (holes.empty()) return {};
  const auto values = unplaced_values(sources.spec, code);
  return Search(holes, values).run(code, limit);
}

}  // namespace autodev::apply
