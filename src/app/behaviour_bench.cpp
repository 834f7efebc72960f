// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See behaviour_bench.h.
#include "app/behaviour_bench.h"

#include <algorithm>
#include <ctime>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "app/behaviour_baseline.h"
#include "base/hash.h"
#include "base/text.h"
#include "mine/sequence_miner.h"

namespace autodev::app {
namespace {

using Sequence = std::vector<std::string>;

struct Group {
  std::vector<Sequence> train, test;
  std::vector<std::string> sources;  ///< of `train`
};

Result<std::map<std::string, Group>> groups_in(std::string_view text) {
  std::map<std::string, Group> groups;
  std::size_t number = 0;
  for (const std::string_view line : base::split_lines(text)) {
    ++number;
    if (base::trim(line).empty()) continue;
    const std::string where = "line " + std::to_string(number);
    AUTODEV_TRY_ASSIGN(const base::Json json, base::parse_json(line, where));
    for (const char* name : {"group", "source", "split"})
      if (!json.is_object() || !json.contains(name) || !json[name].is_string())
        return fail(ErrorCode::bad_data, where + ": member \"" + name + "\" is missing or no text");
    if (!json.contains("events") || !json["events"].is_array()) return fail(ErrorCode::bad_data, where + ": member \"events\" is missing or no list");
    Sequence events;
    for (const base::Json& event : json["events"]) {
      if (!event.is_string()) return fail(ErrorCode::bad_data, where + ": an event is no text");
      events.push_back(event.get<std::string>());
    }
    const std::string split = json["split"].get<std::string>();
    if (split != "train" && split != "test") return fail(ErrorCode::bad_data, where + ": \"split\" is neither train nor test");
    Group& group = groups[json["group"].get<std::string>()];
    if (split == "test") {
      group.test.push_back(std::move(events));
    } else {
      group.train.push_back(std::move(events));
      group.sources.push_back(json["source"].get<std::string>());
    }
  }
  if (groups.empty()) return fail(ErrorCode::bad_data, "the file has no sequences");
  return groups;
}

double seconds_since(std::clock_t start) { return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC; }

HeldOut ours(const Group& group) {
  const std::clock_t start = std::clock();
  mine::SequenceMiner miner({});
  for (std::size_t i = 0; i < group.train.size(); ++i) miner.add(group.train[i], base::hash64(group.sources[i]));
  const auto patterns = miner.closed();
  std::vector<Sequence> chosen;
  for (const std::size_t pattern : mine::cover(patterns, miner)) chosen.push_back(patterns[pattern].events);
  const double seconds = seconds_since(start);
  HeldOut result = measure(chosen, group.test);
  result.seconds = seconds;
  return result;
}

HeldOut baseline(const Group& group) {
  const std::clock_t start = std::clock();
  const auto chosen = frequent_cover(group.train, mine::SequenceLimits{}.min_support);
  const double seconds = seconds_since(start);
  HeldOut result = measure(chosen, group.test);
  result.seconds = seconds;
  return result;
}

double share(std::size_t part, std::size_t whole) { return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole); }

}  // namespace

void HeldOut::add(const HeldOut& other) {
  patterns += other.patterns;
  found_once += other.found_once;
  found_twice += other.found_twice;
  sequences += other.sequences;
  able += other.able;
  covered += other.covered;
  containments += other.containments;
  seconds += other.seconds;
}

base::Json HeldOut::json() const {
  return {{"patterns", patterns},
          {"share_1", share(found_once, patterns)},
          {"share_2", share(found_twice, patterns)},
          {"held_out", sequences},
          {"coverage", share(covered, sequences)},
          {"coverage_of_able", share(covered, able)},
          {"redundancy", share(containments, covered)},
          {"seconds", seconds}};
}

HeldOut measure(const std::vector<Sequence>& patterns, const std::vector<Sequence>& held_out) {
  HeldOut result;
  result.patterns = patterns.size();
  result.sequences = held_out.size();
  // Only patterns whose first event stands in a sequence are looked for in it.
  std::unordered_map<std::string_view, std::vector<std::size_t>> by_first;
  for (std::size_t i = 0; i < patterns.size(); ++i) by_first[patterns[i].front()].push_back(i);
  std::vector<std::size_t> found(patterns.size());
  for (const Sequence& sequence : held_out) {
    std::size_t contained = 0;
    const std::unordered_set<std::string_view> events(sequence.begin(), sequence.end());
    result.able += events.size() >= 2 ? 1 : 0;
    for (const std::string_view event : events) {
      const auto candidates = by_first.find(event);
      if (candidates == by_first.end()) continue;
      for (const std::size_t pattern : candidates->second) {
        if (!mine::SequenceMiner::contains(sequence, patterns[pattern])) continue;
        ++found[pattern];
        ++contained;
      }
    }
    result.containments += contained;
    result.covered += contained > 0 ? 1 : 0;
  }
  for (const std::size_t times : found) {
    result.found_once += times >= 1 ? 1 : 0;
    result.found_twice += times >= 2 ? 1 : 0;
  }
  return result;
}

Result<base::Json> bench_behaviour(std::string_view text) {
  AUTODEV_TRY_ASSIGN(const auto groups, groups_in(text));
  HeldOut all, all_baseline;
  base::Json list = base::Json::array();
  for (const auto& [name, group] : groups) {
    const HeldOut one = ours(group), other = baseline(group);
    list.push_back({{"group", name}, {"train", group.train.size()}, {"ours", one.json()}, {"prefix_span", other.json()}});
    all.add(one);
    all_baseline.add(other);
  }
  return base::Json{{"ours", all.json()}, {"prefix_span", all_baseline.json()}, {"groups", std::move(list)}};
}

}  // namespace autodev::app
