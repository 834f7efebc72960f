// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Closed gapped sequences: against a miner by brute force, in any order, within bounds.
#include "mine/sequence_miner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace autodev::mine {
namespace {

using Sequences = std::vector<std::pair<std::vector<std::string>, std::uint64_t>>;

/// "a b c: support/sources", sorted.
std::vector<std::string> lines(const std::vector<SequencePattern>& patterns) {
  std::vector<std::string> result;
  for (const SequencePattern& pattern : patterns) {
    std::string line;
    for (const std::string& event : pattern.events) line += event + " ";
    result.push_back(line + ": " + std::to_string(pattern.support) + "/" + std::to_string(pattern.sources));
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<SequencePattern> mined(const Sequences& sequences, const SequenceLimits& limits) {
  SequenceMiner miner(limits);
  for (const auto& [events, source] : sequences) miner.add(events, source);
  return miner.closed();
}

SequenceLimits of(std::uint32_t support, std::uint32_t sources) {
  SequenceLimits limits;
  limits.min_support = support;
  limits.min_sources = sources;
  return limits;
}

TEST(SequenceMiner, FindsAProtocolWithGaps) {
  const auto found = lines(mined({{{"open", "read", "close"}, 1}, {{"open", "seek", "close"}, 2}, {{"open", "close"}, 3}}, of(3, 3)));
  EXPECT_EQ(found, std::vector<std::string>{"open close : 3/3"});
}

TEST(SequenceMiner, CopiesWithinOneSourceBuyNothing) {
  Sequences copies(50, {{"begin", "commit"}, 1});
  EXPECT_TRUE(mined(copies, of(3, 2)).empty());
  copies.push_back({{"begin", "commit"}, 2});
  EXPECT_EQ(mined(copies, of(3, 2)).size(), 1u);
}

TEST(SequenceMiner, OneEventOverAndOverIsNoPattern) {
  EXPECT_TRUE(mined(Sequences(5, {{"put", "put", "put"}, 1}), of(2, 1)).empty());
  EXPECT_TRUE(mined(Sequences(5, {{"put", "x", "put"}, 1}), of(2, 1)).size() == 1u) << "put x put, and nothing it contains";
}

/// All subsequences by enumeration, closed by definition.
std::vector<std::string> by_brute_force(const Sequences& sequences, const SequenceLimits& limits) {
  std::map<std::vector<std::string>, std::set<std::size_t>> all;
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    const auto& events = sequences[s].first;
    for (std::uint32_t mask = 1; mask < (1u << events.size()); ++mask) {
      std::vector<std::string> sub;
      for (std::size_t i = 0; i < events.size(); ++i)
        if ((mask >> i) & 1) sub.push_back(events[i]);
      all[sub].insert(s);
    }
  }
  std::vector<SequencePattern> kept;
  for (const auto& [events, where] : all) {
    std::set<std::uint64_t> sources;
    for (const std::size_t s : where) sources.insert(sequences[s].second);
    const bool different = std::any_of(events.begin(), events.end(), [&](const std::string& event) { return event != events.front(); });
    if (where.size() < limits.min_support || sources.size() < limits.min_sources || !different) continue;
    const bool closed = std::none_of(all.begin(), all.end(), [&](const auto& other) {
      return other.first.size() == events.size() + 1 && other.second == where && SequenceMiner::contains(other.first, events);
    });
    if (closed) kept.push_back({events, static_cast<std::uint32_t>(where.size()), static_cast<std::uint32_t>(sources.size()), {}});
  }
  return lines(kept);
}

Sequences random_sequences(std::mt19937& random, std::size_t count) {
  Sequences sequences;
  for (std::size_t s = 0; s < count; ++s) {
    std::vector<std::string> events;
    for (std::size_t i = 0; i < 1 + random() % 7; ++i) {
      std::string event(1, static_cast<char>('a' + random() % 5));
      if (events.empty() || events.back() != event) events.push_back(event);  // repeats are one event
    }
    sequences.push_back({events, random() % 4});
  }
  return sequences;
}

TEST(SequenceMiner, AgreesWithEnumerationOnRandomSequences) {
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    const Sequences sequences = random_sequences(random, 12);
    SequenceLimits limits = of(2 + static_cast<std::uint32_t>(random() % 3), 1 + static_cast<std::uint32_t>(random() % 3));
    limits.max_length = 8;
    EXPECT_EQ(lines(mined(sequences, limits)), by_brute_force(sequences, limits)) << "round " << round;
  }
}

TEST(SequenceMiner, TheOrderOfArrivalDoesNotMatter) {
  std::mt19937 random(11);
  Sequences sequences = random_sequences(random, 80);
  const auto expected = lines(mined(sequences, of(3, 2)));
  ASSERT_FALSE(expected.empty());
  for (int round = 0; round < 5; ++round) {
    std::shuffle(sequences.begin(), sequences.end(), random);
    EXPECT_EQ(lines(mined(sequences, of(3, 2))), expected);
  }
}

TEST(SequenceMiner, LongSequencesStayWithinTheirBounds) {
  SequenceLimits limits = of(2, 2);
  limits.max_visits = 500;
  limits.max_nodes = 5000;
  SequenceMiner miner(limits);
  std::vector<std::string> events;
  for (int i = 0; i < 4000; ++i) events.push_back("e" + std::to_string(i % 97));
  for (std::uint64_t source = 0; source < 20; ++source) miner.add(events, source);
  EXPECT_LE(miner.nodes(), 2 * limits.max_nodes + 97 + 1) << "the root, single events, and pairs twice as long";
}

TEST(Cover, ChoosesTheGeneralPatternAndWhatItDoesNotReach) {
  SequenceMiner miner(of(2, 2));
  for (std::uint64_t source = 0; source < 4; ++source) miner.add({"open", "read", "close"}, source);
  for (std::uint64_t source = 0; source < 4; ++source) miner.add({"open", "write", "close"}, source);
  for (std::uint64_t source = 0; source < 3; ++source) miner.add({"lock", "unlock"}, source);
  const auto patterns = miner.closed();
  const auto chosen = cover(patterns, miner);
  ASSERT_EQ(chosen.size(), 2u);
  EXPECT_EQ(patterns[chosen[0]].events, (std::vector<std::string>{"open", "close"}));
  EXPECT_EQ(patterns[chosen[1]].events, (std::vector<std::string>{"lock", "unlock"}));
}

TEST(Cover, IsEmptyWithoutPatterns) {
  SequenceMiner miner(of(2, 2));
  EXPECT_TRUE(cover({}, miner).empty());
}

}  // namespace
}  // namespace autodev::mine
