// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See behaviour_baseline.h. Prefixes are extended most frequent first, so that the bound cuts the rarest.
#include "app/behaviour_baseline.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <queue>
#include <set>

namespace autodev::app {
namespace {

constexpr std::size_t max_patterns = 20'000;
constexpr std::size_t max_events = 5;

using Items = std::vector<std::uint32_t>;
using Projection = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // sequence, position behind the match

struct Prefix {
  Items items;
  Projection where;
  bool operator<(const Prefix& other) const {
    return where.size() != other.where.size() ? where.size() < other.where.size() : items > other.items;
  }
};

std::vector<Prefix> prefix_span(const std::vector<Items>& sequences, std::uint32_t min_support) {
  std::priority_queue<Prefix> open;
  Projection all;
  for (std::uint32_t s = 0; s < sequences.size(); ++s) all.push_back({s, 0});
  open.push({{}, std::move(all)});
  std::vector<Prefix> found;
  for (std::size_t seen = 0; !open.empty() && seen < max_patterns; ++seen) {
    Prefix prefix = open.top();
    open.pop();
    if (prefix.items.size() < max_events) {
      std::map<std::uint32_t, Projection> next;
      for (const auto& [sequence, from] : prefix.where) {
        const Items& items = sequences[sequence];
        for (std::uint32_t at = from; at < items.size(); ++at) {
          Projection& to = next[items[at]];
          if (to.empty() || to.back().first != sequence) to.push_back({sequence, at + 1});
        }
      }
      for (auto& [item, where] : next) {
        if (where.size() < min_support) continue;
        Items longer = prefix.items;
        longer.push_back(item);
        open.push({std::move(longer), std::move(where)});
      }
    }
    if (std::set<std::uint32_t>(prefix.items.begin(), prefix.items.end()).size() >= 2) found.push_back(std::move(prefix));
  }
  return found;
}

/// Bits that naming an event costs, by how many sequences have it.
std::vector<double> bits_of(const std::vector<Items>& sequences, std::size_t events) {
  std::vector<double> bits(events);
  double all = 0;
  for (const Items& items : sequences)
    for (const std::uint32_t item : std::set<std::uint32_t>(items.begin(), items.end())) {
      bits[item] += 1;
      all += 1;
    }
  for (double& count : bits) count = -std::log2(count / all);
  return bits;
}

class Cover {
 public:
  Cover(const std::vector<Items>& sequences, std::size_t events, const std::vector<Prefix>& patterns)
      : bits_(bits_of(sequences, events)), patterns_(patterns), name_(std::log2(static_cast<double>(patterns.size()) + 1)) {
    for (const Items& items : sequences) left_.emplace_back(items.begin(), items.end());
  }

  std::vector<std::size_t> choose() {
    std::priority_queue<std::pair<double, std::size_t>> queue;
    for (std::size_t i = 0; i < patterns_.size(); ++i) queue.push({gain(i), i});
    std::vector<std::size_t> chosen;
    while (!queue.empty() && queue.top().first > 0) {
      const std::size_t pattern = queue.top().second;
      queue.pop();
      const double now = gain(pattern);
      if (!queue.empty() && now < queue.top().first) {
        queue.push({now, pattern});
        continue;
      }
      if (now <= 0) continue;
      chosen.push_back(pattern);
      for (const auto& [sequence, end] : patterns_[pattern].where)
        for (const std::uint32_t item : patterns_[pattern].items) left_[sequence].erase(item);
    }
    return chosen;
  }

 private:
  [[nodiscard]] double gain(std::size_t number) const {
    const Items& items = patterns_[number].items;
    const std::set<std::uint32_t> distinct(items.begin(), items.end());
    double saved = 0;
    for (const auto& [sequence, end] : patterns_[number].where) {
      double fresh = 0;
      for (const std::uint32_t item : distinct)
        if (left_[sequence].contains(item)) fresh += bits_[item];
      saved += std::max(0.0, fresh - name_);
    }
    for (const std::uint32_t item : items) saved -= bits_[item];
    return saved;
  }

  std::vector<double> bits_;
  const std::vector<Prefix>& patterns_;
  double name_;
  std::vector<std::set<std::uint32_t>> left_;
};

}  // namespace

std::vector<std::vector<std::string>> frequent_cover(const std::vector<std::vector<std::string>>& sequences, std::uint32_t min_support) {
  std::map<std::string, std::uint32_t> numbers;
  std::vector<std::string> names;
  std::vector<Items> numbered;
  for (const auto& events : sequences) {
    Items& items = numbered.emplace_back();
    for (const std::string& event : events) {
      const auto [place, added] = numbers.emplace(event, static_cast<std::uint32_t>(names.size()));
      if (added) names.push_back(event);
      if (items.empty() || items.back() != place->second) items.push_back(place->second);
    }
  }
  const auto patterns = prefix_span(numbered, min_support);
  std::vector<std::vector<std::string>> chosen;
  for (const std::size_t pattern : Cover(numbered, names.size(), patterns).choose()) {
    auto& events = chosen.emplace_back();
    for (const std::uint32_t item : patterns[pattern].items) events.push_back(names[item]);
  }
  return chosen;
}

}  // namespace autodev::app
