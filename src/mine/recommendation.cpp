// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See recommendation.h.
#include "mine/recommendation.h"

#include <algorithm>

#include "mine/common_code.h"
#include "mine/mining_library.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;

namespace {

/// Candidates that are compared feature by feature. AROMA takes 100 of 1,000; leaders stand for their clusters here.
constexpr std::size_t max_ranked = 10;

struct Candidate {
  std::uint32_t cluster = 0, unit = 0;
  CommonShare share;
};

/// Leaders near the whole query, then the leaders of functions that hold a window like one of the query's.
std::vector<std::uint32_t> retrieve(const MiningLibrary& library, const Nast& query) {
  const PlacedFeatures placed = placed_features(query);
  std::vector<std::uint32_t> units;
  const auto add = [&](std::uint32_t unit) {
    if (units.size() < max_ranked && std::find(units.begin(), units.end(), unit) == units.end()) units.push_back(unit);
  };
  for (const std::uint32_t cluster : library.index().near(minhash(placed.features), query.language, least_recommended))
    add(library.index().row(cluster).leader);
  for (const Window& window : windows_of(query, placed))
    if (const auto found = library.window_like(window))
      add(library.index().row(library.unit(library.window(*found).unit).cluster).leader);
  return units;
}

}  // namespace

std::vector<Recommendation> recommend(const MiningLibrary& library, const Nast& query, std::string_view text,
                                      std::size_t limit) {
  if (query.nodes.empty() || query.nodes[0].end > text.size()) return {};
  const CommonCode common(query, [&library](const Nast&, const PlacedFeatures& placed) {
    std::vector<double> bits(placed.features.size());
    std::transform(placed.features.begin(), placed.features.end(), bits.begin(),
                   [&library](std::uint64_t feature) { return library.weight_of(feature); });
    return bits;
  });
  std::vector<Candidate> candidates;
  for (const std::uint32_t unit : retrieve(library, query))
    candidates.push_back({library.unit(unit).cluster, unit, common.share(library.tree_of(unit))});
  std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
    if (a.share.similarity != b.share.similarity) return a.share.similarity > b.share.similarity;
    return library.index().row(a.cluster).id < library.index().row(b.cluster).id;
  });
  if (candidates.size() > limit) candidates.resize(limit);
  std::vector<Recommendation> made;
  for (const Candidate& one : candidates) {
    Recommendation& next = made.emplace_back();
    next.cluster = one.cluster;
    next.unit = one.unit;
    next.similarity = one.share.similarity;
    next.covered = one.share.covered;
    next.pruned = common.overlap(library.tree_of(one.unit), library.unit(one.unit).text);
    if (library.cluster_size(one.cluster) > 1)
      next.missing = common.missing(library.template_of_cluster(one.cluster));
  }
  return made;
}

}  // namespace autodev::mine
