// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See recommendation.h.
#include "mine/recommendation.h"

#include <algorithm>

#include "mine/mining_library.h"
#include "mine/subtree.h"
#include "mine/template.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;

namespace {

/// Candidates that are compared feature by feature. AROMA takes 100 of 1,000; leaders stand for their clusters here.
constexpr std::size_t max_ranked = 10;
/// Estimated similarity below which a leader is not looked at: a query is often a part of what it looks for.
constexpr double least_similarity = 0.15;
/// Share of a statement's own weight that has to be in the query for the two to overlap. Two calls on one variable
/// share about one half whatever they call.
constexpr double overlap = 0.65;
/// Smaller statements ("return x") are no advice.
constexpr std::uint32_t least_advice_nodes = 3;

/// The query's distinct features, with what they weigh.
class QueryFeatures {
 public:
  QueryFeatures(const MiningLibrary& library, const Nast& query)
      : library_(library), features_(structural_features(query)) {
    for (const std::uint64_t feature : features_) weight_ += library_.weight_of(feature);
  }
  [[nodiscard]] bool contains(std::uint64_t feature) const {
    return std::binary_search(features_.begin(), features_.end(), feature);
  }
  [[nodiscard]] double weight_of(std::uint64_t feature) const { return library_.weight_of(feature); }
  [[nodiscard]] double weight() const noexcept { return weight_; }

 private:
  const MiningLibrary& library_;
  std::vector<std::uint64_t> features_;
  double weight_ = 0;
};

struct Candidate {
  std::uint32_t cluster = 0, unit = 0;
  double similarity = 0, covered = 0;
};

Candidate compared(const MiningLibrary& library, const QueryFeatures& query, std::uint32_t unit) {
  double shared = 0, only_here = 0;
  for (const std::uint64_t feature : structural_features(library.tree_of(unit)))
    (query.contains(feature) ? shared : only_here) += query.weight_of(feature);
  const double all = query.weight() + only_here;
  return {library.unit(unit).cluster, unit, all > 0 ? shared / all : 0,
          query.weight() > 0 ? shared / query.weight() : 0};
}

/// Leaders near the whole query, then the leaders of functions that hold a window like one of the query's.
std::vector<std::uint32_t> retrieve(const MiningLibrary& library, const Nast& query) {
  const PlacedFeatures placed = placed_features(query);
  std::vector<std::uint32_t> units;
  const auto add = [&](std::uint32_t unit) {
    if (units.size() < max_ranked && std::find(units.begin(), units.end(), unit) == units.end()) units.push_back(unit);
  };
  for (const std::uint32_t cluster : library.index().near(minhash(placed.features), query.language, least_similarity))
    add(library.index().row(cluster).leader);
  for (const Window& window : windows_of(query, placed))
    if (const auto found = library.window_like(window))
      add(library.index().row(library.unit(library.window(*found).unit).cluster).leader);
  return units;
}

/// The statements inside a tree, each with the share of its own weight that the query has; what stands in statements
/// inside it counts for those.
class Statements {
 public:
  struct One {
    std::uint32_t node = 0;
    double own = 0, shared = 0;
    std::uint32_t nodes = 0;  ///< of its own, without holes
    [[nodiscard]] bool overlaps() const { return own > 0 && shared >= overlap * own; }
  };

  Statements(const Nast& tree, const QueryFeatures& query) {
    const PlacedFeatures placed = placed_features(tree);
    std::vector<std::size_t> open;  // numbers in all_
    for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
      const NastNode& node = tree.nodes[i];
      while (!open.empty() && i >= all_[open.back()].node + tree.nodes[all_[open.back()].node].size) open.pop_back();
      if (i != 0 && (node.flags & syntax::flag_statement) != 0 && !is_hole(node)) {
        open.push_back(all_.size());
        all_.push_back({i});
      }
      if (open.empty()) continue;
      One& one = all_[open.back()];
      one.nodes += !is_hole(node);
      for (std::uint32_t f = placed.first[i]; f < placed.first[i + 1]; ++f) {
        const double weight = query.weight_of(placed.features[f]);
        one.own += weight;
        if (query.contains(placed.features[f])) one.shared += weight;
      }
    }
  }
  [[nodiscard]] const std::vector<One>& all() const noexcept { return all_; }

 private:
  std::vector<One> all_;
};

std::string slice_of(std::string_view text, const NastNode& node) {
  const std::size_t start = std::min<std::size_t>(node.start, text.size());
  return std::string(text.substr(start, node.end - node.start));
}

/// Outermost statements whose own part overlaps, one a line.
std::string pruned_text(const Nast& tree, std::string_view text, const QueryFeatures& query) {
  std::string pruned;
  std::uint32_t done = 0;
  const Statements statements(tree, query);
  for (const auto& one : statements.all()) {
    if (one.node < done || !one.overlaps()) continue;
    done = one.node + tree.nodes[one.node].size;
    if (!pruned.empty()) pruned += '\n';
    pruned += slice_of(text, tree.nodes[one.node]);
  }
  return pruned;
}

/// One statement of a template as a template: holes keep what has stood in them and are numbered anew.
Template part_of(const Template& whole, std::uint32_t node) {
  const NastNode& root = whole.tree.nodes[node];
  ItemTree cut = cut_window(whole.tree, whole.text, node, node + root.size);
  Template part;
  part.text = std::string(cut.text);
  part.instances = whole.instances;
  part.tree = std::move(cut.tree);
  std::vector<std::uint32_t> numbers(whole.holes.size() + 1);
  for (NastNode& one : part.tree.nodes) {
    if (!is_hole(one)) continue;
    std::uint32_t& number = numbers[one.symbol];
    if (number == 0) {
      part.holes.push_back(whole.holes[one.symbol - 1]);
      number = static_cast<std::uint32_t>(part.holes.size());
    }
    one.symbol = number;
  }
  return part;
}

/// Innermost statements that all members share and the query lacks.
std::vector<std::string> missing_in(const Template& shape, const QueryFeatures& query) {
  std::vector<std::string> missing;
  const Statements statements(shape.tree, query);
  const auto& all = statements.all();
  for (std::size_t k = 0; k < all.size(); ++k) {
    const std::uint32_t end = all[k].node + shape.tree.nodes[all[k].node].size;
    const bool compound = k + 1 < all.size() && all[k + 1].node < end;
    if (!compound && !all[k].overlaps() && all[k].nodes >= least_advice_nodes)
      missing.push_back(render(part_of(shape, all[k].node)));
  }
  return missing;
}

}  // namespace

std::vector<Recommendation> recommend(const MiningLibrary& library, const Nast& query, std::string_view text,
                                      std::size_t limit) {
  if (query.nodes.empty() || query.nodes[0].end > text.size()) return {};
  const QueryFeatures features(library, query);
  std::vector<Candidate> candidates;
  for (const std::uint32_t unit : retrieve(library, query)) candidates.push_back(compared(library, features, unit));
  std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
    if (a.similarity != b.similarity) return a.similarity > b.similarity;
    return library.index().row(a.cluster).id < library.index().row(b.cluster).id;
  });
  if (candidates.size() > limit) candidates.resize(limit);
  std::vector<Recommendation> made;
  for (const Candidate& one : candidates) {
    Recommendation& next = made.emplace_back();
    next.cluster = one.cluster;
    next.unit = one.unit;
    next.similarity = one.similarity;
    next.covered = one.covered;
    next.pruned = pruned_text(library.tree_of(one.unit), library.unit(one.unit).text, features);
    if (library.cluster_size(one.cluster) > 1)
      next.missing = missing_in(library.template_of_cluster(one.cluster), features);
  }
  return made;
}

}  // namespace autodev::mine
