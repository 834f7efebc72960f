// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See sequence_miner.h.
#include "mine/sequence_miner.h"

#include <algorithm>
#include <queue>
#include <set>

namespace autodev::mine {

SequenceMiner::SequenceMiner(const SequenceLimits& limits) : limits_(limits) {
  nodes_.push_back({});
  nodes_.front().grown = true;
}

SequenceMiner::Item SequenceMiner::intern(std::string_view event) {
  const auto [place, added] = ids_.emplace(std::string(event), static_cast<Item>(names_.size()));
  if (added) {
    names_.emplace_back(event);
    stamp_.push_back(0);
  }
  return place->second;
}

bool SequenceMiner::frequent(const Node& node) const {
  return node.support >= limits_.min_support && node.sources.size() >= limits_.min_sources;
}

std::uint32_t SequenceMiner::child(std::uint32_t node, Item item) {
  auto& children = nodes_[node].children;
  const auto place = std::lower_bound(children.begin(), children.end(), std::pair<Item, std::uint32_t>{item, 0});
  if (place != children.end() && place->first == item) return place->second;
  const auto made = static_cast<std::uint32_t>(nodes_.size());
  children.insert(place, {item, made});
  Node fresh;
  fresh.item = item;
  fresh.parent = node;
  fresh.depth = nodes_[node].depth + 1;
  nodes_.push_back(std::move(fresh));
  return made;
}

bool SequenceMiner::is_full(std::uint32_t parent) const {
  // Single events always find a place, pairs twice as long as what is longer.
  const std::uint32_t depth = nodes_[parent].depth;
  return depth > 0 && nodes_.size() >= std::size_t{limits_.max_nodes} * (depth == 1 ? 2 : 1);
}

void SequenceMiner::count(std::uint32_t node, std::uint32_t sequence, std::uint32_t end) {
  Node& counted = nodes_[node];
  ++counted.support;
  const std::uint32_t source = sequences_[sequence].source;
  const auto place = std::lower_bound(counted.sources.begin(), counted.sources.end(), source);
  if (place == counted.sources.end() || *place != source) counted.sources.insert(place, source);
  if (counted.postings.size() < limits_.max_postings) counted.postings.push_back({sequence, end});
}

void SequenceMiner::extend(std::uint32_t node, std::uint32_t sequence, std::uint32_t end,
                           std::vector<std::pair<std::uint32_t, std::uint32_t>>& touched) {
  ++stamps_;
  const auto& items = sequences_[sequence].items;
  for (std::uint32_t at = end; at < items.size(); ++at) {
    if (stamp_[items[at]] == stamps_) continue;
    stamp_[items[at]] = stamps_;
    if (is_full(node)) return;
    const std::uint32_t next = child(node, items[at]);
    count(next, sequence, at + 1);
    touched.push_back({next, at + 1});
  }
}

void SequenceMiner::grow(std::uint32_t root) {
  std::vector<std::uint32_t> waiting{root};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> touched;
  while (!waiting.empty()) {
    const std::uint32_t node = waiting.back();
    waiting.pop_back();
    if (nodes_[node].grown || nodes_[node].depth >= limits_.max_length || is_full(node)) continue;
    nodes_[node].grown = true;
    touched.clear();
    const std::vector<Posting> postings = nodes_[node].postings;
    for (const Posting& posting : postings) extend(node, posting.sequence, posting.end, touched);
    for (const auto& [item, next] : nodes_[node].children)
      if (frequent(nodes_[next])) waiting.push_back(next);
  }
}

std::uint32_t SequenceMiner::add(const std::vector<std::string>& events, std::uint64_t source) {
  const auto number = static_cast<std::uint32_t>(sequences_.size());
  Sequence sequence;
  sequence.source = source_ids_.emplace(source, static_cast<std::uint32_t>(source_ids_.size())).first->second;
  for (const std::string& event : events) {
    if (sequence.items.size() == limits_.max_sequence) break;
    const Item item = intern(event);
    if (sequence.items.empty() || sequence.items.back() != item) sequence.items.push_back(item);
  }
  sequences_.push_back(std::move(sequence));

  // Breadth first: when the bound on visits is reached, it is the long patterns that are not counted.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> level{{0, 0}}, touched;
  for (std::uint32_t visits = 0; !level.empty() && visits < limits_.max_visits;) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> next;
    for (const auto& [node, end] : level) {
      if (visits >= limits_.max_visits) break;
      touched.clear();
      extend(node, number, end, touched);
      visits += static_cast<std::uint32_t>(touched.size()) + 1;
      for (const auto& one : touched) {
        if (nodes_[one.first].grown) next.push_back(one);
        else if (frequent(nodes_[one.first])) grow(one.first);
      }
    }
    level = std::move(next);
  }
  return number;
}

std::vector<SequenceMiner::Item> SequenceMiner::path(std::uint32_t node) const {
  std::vector<Item> items;
  for (; node != 0; node = nodes_[node].parent) items.push_back(nodes_[node].item);
  std::reverse(items.begin(), items.end());
  return items;
}

bool SequenceMiner::extends_backward(const std::vector<Item>& pattern, const Node& node) const {
  // For each gap before an event: the items that stand in it in every sequence, between the first occurrence of what is before and
  // the last occurrence of what is behind.
  std::vector<std::set<Item>> common(pattern.size());
  bool first = true;
  for (const Posting& posting : node.postings) {
    const auto& items = sequences_[posting.sequence].items;
    std::vector<std::size_t> begin(pattern.size()), last(pattern.size());
    std::size_t at = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      begin[i] = at;
      while (items[at] != pattern[i]) ++at;
      ++at;
    }
    at = items.size();
    for (std::size_t i = pattern.size(); i-- > 0;) {
      do --at; while (items[at] != pattern[i]);
      last[i] = at;
    }
    bool any = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      std::set<Item> here;
      for (std::size_t k = begin[i]; k < last[i]; ++k)
        if (first || common[i].contains(items[k])) here.insert(items[k]);
      common[i] = std::move(here);
      any |= !common[i].empty();
    }
    first = false;
    if (!any) return false;
  }
  return !first;
}

bool SequenceMiner::is_closed(std::uint32_t number) const {
  const Node& node = nodes_[number];
  for (const auto& [item, next] : node.children)
    if (nodes_[next].support == node.support) return false;
  return !extends_backward(path(number), node);
}

std::vector<SequencePattern> SequenceMiner::closed() const {
  std::vector<SequencePattern> found;
  for (std::uint32_t number = 1; number < nodes_.size(); ++number) {
    const Node& node = nodes_[number];
    if (node.depth < 2 || !frequent(node)) continue;
    const std::vector<Item> items = path(number);
    if (std::all_of(items.begin(), items.end(), [&](Item item) { return item == items.front(); })) continue;
    if (!is_closed(number)) continue;
    SequencePattern pattern;
    for (const Item item : items) pattern.events.push_back(names_[item]);
    pattern.support = node.support;
    pattern.sources = static_cast<std::uint32_t>(node.sources.size());
    for (const Posting& posting : node.postings) pattern.postings.push_back(posting.sequence);
    std::sort(pattern.postings.begin(), pattern.postings.end());
    found.push_back(std::move(pattern));
  }
  std::sort(found.begin(), found.end(), [](const SequencePattern& a, const SequencePattern& b) {
    return a.support != b.support ? a.support > b.support : a.events < b.events;
  });
  return found;
}

bool SequenceMiner::contains(const std::vector<std::string>& sequence, const std::vector<std::string>& pattern) {
  std::size_t next = 0;
  for (const std::string& event : sequence)
    if (next < pattern.size() && event == pattern[next]) ++next;
  return next == pattern.size();
}

std::vector<std::size_t> cover(const std::vector<SequencePattern>& patterns, const SequenceMiner& miner, std::uint32_t min_new_sources) {
  struct Candidate {
    std::size_t gain = 0, pattern = 0;
    bool operator<(const Candidate& other) const {  // the patterns' own order breaks ties
      return gain != other.gain ? gain < other.gain : pattern > other.pattern;
    }
  };
  std::priority_queue<Candidate> queue;
  for (std::size_t i = 0; i < patterns.size(); ++i) queue.push({patterns[i].postings.size(), i});
  std::vector<bool> covered(miner.sequences());
  std::vector<std::size_t> chosen;
  while (!queue.empty()) {
    const std::size_t pattern = queue.top().pattern;
    queue.pop();
    std::size_t gain = 0;
    std::set<std::uint32_t> sources;
    for (const std::uint32_t sequence : patterns[pattern].postings) {
      if (covered[sequence]) continue;
      ++gain;
      if (sources.size() < min_new_sources) sources.insert(miner.source_of(sequence));
    }
    if (sources.size() < min_new_sources) continue;  // gains only fall
    if (!queue.empty() && Candidate{gain, pattern} < queue.top()) {
      queue.push({gain, pattern});
      continue;
    }
    chosen.push_back(pattern);
    for (const std::uint32_t sequence : patterns[pattern].postings) covered[sequence] = true;
  }
  return chosen;
}

}  // namespace autodev::mine
