// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Structural features of one tree, after AROMA (Luan et al., OOPSLA 2019): what a token is, under what it
// stands, what it stands next to, and how a local variable was used before. Local names
// are all the same token, literals count by class below their ancestors and by value once, so renaming and
// new constants move the similarity little.
#include <algorithm>

#include "base/hash.h"
#include "mine/placed_features.h"
#include "mine/subtree.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

constexpr std::uint32_t no_node = UINT32_MAX;
constexpr std::uint64_t ancestor_levels = 3;  // N_PARENTS of the published design
constexpr std::uint64_t local_name = 0x6c6f63616cULL;
constexpr std::uint64_t unit_name = 0x756e6974ULL;

/// Tags keep the feature families apart.
enum Family : std::uint64_t { family_token = 1, family_value, family_neighbour, family_use, family_ancestor };

struct Place {
  std::uint32_t parent = no_node;
  std::uint32_t position = 0;  ///< among the parent's children
};

std::vector<Place> places_of(const Nast& tree) {
  std::vector<Place> places(tree.nodes.size());
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    std::uint32_t position = 0;
    const std::uint32_t end = i + tree.nodes[i].size;
    for (std::uint32_t child = i + 1; child < end; child += tree.nodes[child].size)
      places[child] = Place{i, position++};
  }
  return places;
}

class FeatureWriter {
 public:
  explicit FeatureWriter(const Nast& tree) : tree_(tree), places_(places_of(tree)), last_use_(tree.symbols.size(), 0) {
    symbols_.reserve(tree.symbols.size());
    for (const auto& text : tree.symbols) symbols_.push_back(base::hash64(text));
    features_.reserve(tree.nodes.size() * 4);
  }

  PlacedFeatures write() {
    PlacedFeatures placed;
    placed.first.reserve(tree_.nodes.size() + 1);
    for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i) {
      placed.first.push_back(static_cast<std::uint32_t>(features_.size()));
      const NastNode& node = tree_.nodes[i];
      if (is_hole(node) || (node.symbol == 0 && node.size > 1)) continue;
      write_token(i);
    }
    placed.first.push_back(static_cast<std::uint32_t>(features_.size()));
    placed.features = std::move(features_);
    return placed;
  }

 private:
  void add(std::uint64_t family, std::uint64_t a, std::uint64_t b) {
    features_.push_back(base::mix64(base::mix64(family, a), b));
  }

  [[nodiscard]] std::uint64_t token(const NastNode& node) const {
    if (is_local_name(node)) return local_name;
    if ((node.flags & syntax::flag_unit_name) != 0) return unit_name;
    const auto kind = static_cast<std::uint64_t>(head_kind(node.kind));
    const bool by_class = (node.flags & syntax::flag_literal) != 0;
    return base::mix64(kind, by_class || node.symbol == 0 ? 0 : symbols_[node.symbol - 1]);
  }

  /// What stands above the node: kind and operator of the parent, and the position below it.
  [[nodiscard]] std::uint64_t context(std::uint32_t i) const {
    const Place& place = places_[i];
    if (place.parent == no_node) return 0;
    const NastNode& parent = tree_.nodes[place.parent];
    const std::uint64_t operation = parent.symbol == 0 || is_hole(parent) ? 0 : symbols_[parent.symbol - 1];
    // In an open list the position says little: the next insertion shifts it.
    const std::uint64_t position = (parent.flags & syntax::flag_sequence) != 0 ? 0 : place.position + 1u;
    return base::mix64(static_cast<std::uint64_t>(head_kind(parent.kind)) << 32 | position, operation);
  }

  void write_token(std::uint32_t i) {
    const NastNode& node = tree_.nodes[i];
    const std::uint64_t self = token(node);
    add(family_token, self, 0);
    if ((node.flags & syntax::flag_literal) != 0 && node.symbol != 0)
      add(family_value, self, symbols_[node.symbol - 1]);
    std::uint32_t below = i;
    for (std::uint64_t level = 0; level < ancestor_levels && places_[below].parent != no_node; ++level) {
      add(family_ancestor + level, self, context(below));
      below = places_[below].parent;
    }
    if (previous_ != 0) add(family_neighbour, previous_, self);
    previous_ = self;
    if (!is_local_name(node) || node.symbol == 0) return;
    const std::uint64_t use = context(i);
    std::uint64_t& last = last_use_[node.symbol - 1];
    if (last != 0) add(family_use, last, use);
    last = use;
  }

  const Nast& tree_;
  std::vector<Place> places_;
  std::vector<std::uint64_t> symbols_;
  std::vector<std::uint64_t> last_use_;
  std::vector<std::uint64_t> features_;
  std::uint64_t previous_ = 0;
};

}  // namespace

PlacedFeatures placed_features(const Nast& tree) { return FeatureWriter(tree).write(); }

std::vector<std::uint64_t> structural_features(const Nast& tree) {
  std::vector<std::uint64_t> features = placed_features(tree).features;
  std::sort(features.begin(), features.end());
  features.erase(std::unique(features.begin(), features.end()), features.end());
  return features;
}

Signature signature_of(const Nast& tree) { return minhash(placed_features(tree).features); }

}  // namespace autodev::mine
