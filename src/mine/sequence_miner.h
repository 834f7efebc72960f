// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Sequence miner: closed gapped subsequences, kept up to date while sequences arrive.
//
// A tree holds one node per prefix, with the list of sequences that contain it and where its leftmost occurrence ends
// (PrefixSpan's projections, Pei et al., ICDE 2001, kept instead of recomputed). A node grows children only once its support
// and the number of its *sources* suffice: both only fall along a path, so nothing is lost, and code that one project copied
// a hundred times opens nothing. Whether a pattern is closed is decided from its list alone, by the two extension checks of BIDE
// (Wang and Han, ICDE 2004).
//
//   SequenceMiner miner({});
//   miner.add({"open", "read", "close"}, source);
//   for (const SequencePattern& pattern : miner.closed()) …
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace autodev::mine {

struct SequenceLimits {
  std::uint32_t min_support = 4;       ///< sequences
  std::uint32_t min_sources = 3;       ///< distinct sources: projects, or files where there is one project
  std::uint32_t max_length = 6;        ///< events of a pattern
  std::uint32_t max_sequence = 128;    ///< events of a sequence that are looked at
  std::uint32_t max_postings = 65'536; ///< sequences listed per prefix; later ones still count
  std::uint32_t max_visits = 4'096;    ///< prefixes looked at per sequence; shorter ones come first
  std::uint32_t max_nodes = 1'000'000; ///< prefixes of three events and more; those of two may be twice as many
};

struct SequencePattern {
  std::vector<std::string> events;
  std::uint32_t support = 0;
  std::uint32_t sources = 0;
  std::vector<std::uint32_t> postings;  ///< numbers of the sequences that contain it, ascending
};

class SequenceMiner {
 public:
  explicit SequenceMiner(const SequenceLimits& limits);

  /// Takes in one sequence and returns its number. Events that repeat at once count once. Cost: O(prefixes it contains), at most
  /// max_visits; now and then a prefix that has just become frequent is looked up in its sequences again.
  std::uint32_t add(const std::vector<std::string>& sequence, std::uint64_t source);

  /// Closed patterns of at least two different events, most support first, then by events. The same sequences in any order give the
  /// same patterns as long as no bound is reached. Cost: O(patterns * support * length).
  [[nodiscard]] std::vector<SequencePattern> closed() const;

  [[nodiscard]] std::uint32_t sequences() const noexcept { return static_cast<std::uint32_t>(sequences_.size()); }
  [[nodiscard]] std::uint32_t source_of(std::uint32_t sequence) const { return sequences_[sequence].source; }
  [[nodiscard]] std::size_t nodes() const noexcept { return nodes_.size(); }
  /// Does the sequence contain the pattern, gaps allowed?
  [[nodiscard]] static bool contains(const std::vector<std::string>& sequence, const std::vector<std::string>& pattern);

 private:
  using Item = std::uint32_t;
  struct Sequence {
    std::vector<Item> items;
    std::uint32_t source = 0;
  };
  struct Posting {
    std::uint32_t sequence = 0, end = 0;  ///< `end`: first position after the leftmost occurrence
  };
  struct Node {
    Item item = 0;
    std::uint32_t parent = 0, depth = 0, support = 0;
    bool grown = false;
    std::vector<std::uint32_t> sources;  ///< sorted
    std::vector<Posting> postings;
    std::vector<std::pair<Item, std::uint32_t>> children;  ///< sorted by item
  };

  [[nodiscard]] Item intern(std::string_view event);
  [[nodiscard]] bool frequent(const Node& node) const;
  [[nodiscard]] std::uint32_t child(std::uint32_t node, Item item);
  [[nodiscard]] bool is_full(std::uint32_t parent) const;
  void count(std::uint32_t node, std::uint32_t sequence, std::uint32_t end);
  /// Counts the sequence at every event that follows `end`; the children touched are appended.
  void extend(std::uint32_t node, std::uint32_t sequence, std::uint32_t end, std::vector<std::pair<std::uint32_t, std::uint32_t>>& touched);
  void grow(std::uint32_t node);
  [[nodiscard]] std::vector<Item> path(std::uint32_t node) const;
  [[nodiscard]] bool is_closed(std::uint32_t node) const;
  [[nodiscard]] bool extends_backward(const std::vector<Item>& pattern, const Node& node) const;

  SequenceLimits limits_;
  std::unordered_map<std::string, Item> ids_;
  std::vector<std::string> names_;
  std::unordered_map<std::uint64_t, std::uint32_t> source_ids_;
  std::vector<Sequence> sequences_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> stamp_;  ///< by item: the last extension that saw it
  std::uint32_t stamps_ = 0;
};

/// Chooses the patterns to show: greedily the one that occurs in most sequences without any chosen one so far, until none adds
/// `min_new_sources` sources (maximum coverage, Nemhauser et al. 1978). Each source counts a sequence of its own once per pattern that
/// reaches it first, so copies buy nothing. Returns indices into `patterns` in order of choice. Cost: O(postings log patterns) typically.
[[nodiscard]] std::vector<std::size_t> cover(const std::vector<SequencePattern>& patterns, const SequenceMiner& miner,
                                             std::uint32_t min_new_sources = 1);

}  // namespace autodev::mine
