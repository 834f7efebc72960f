// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See common_code.h.
#include "mine/common_code.h"

#include <algorithm>
#include <unordered_set>

#include "base/text.h"
#include "mine/hole_type.h"
#include "mine/subtree.h"
#include "mine/windows.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;

namespace {

/// Share of a statement's own weight that has to be in the query for the two to overlap. Two calls on one variable
/// share about one half whatever they call.
constexpr double least_overlap = 0.65;
/// Smaller statements ("return x") are no advice.
constexpr std::uint32_t least_advice_nodes = 3;

std::string_view slice_of(std::string_view text, const NastNode& node) {
  const std::size_t start = std::min<std::size_t>(node.start, text.size());
  return text.substr(start, node.end < node.start ? 0 : node.end - node.start);
}

/// The text of one statement of a template; holes keep the names that they have in the whole.
std::string statement_text(const Template& whole, const std::vector<std::string>& names, std::uint32_t node) {
  const NastNode& root = whole.tree.nodes[node];
  ItemTree cut = cut_window(whole.tree, whole.text, node, node + root.size);
  Template part;
  part.text = std::string(cut.text);
  part.instances = whole.instances;
  part.tree = std::move(cut.tree);
  std::vector<std::uint32_t> numbers(whole.holes.size() + 1);
  std::vector<std::string> own_names;
  for (NastNode& one : part.tree.nodes) {
    if (!is_hole(one)) continue;
    std::uint32_t& number = numbers[one.symbol];
    if (number == 0) {
      part.holes.push_back(whole.holes[one.symbol - 1]);
      own_names.push_back(names[one.symbol - 1]);
      number = static_cast<std::uint32_t>(part.holes.size());
    }
    one.symbol = number;
  }
  return render(part, own_names);
}

}  // namespace

/// The statements inside a tree, each with the share of its own weight that the query has; what stands in statements
/// inside it counts for those.
class CommonCode::Statements {
 public:
  struct One {
    std::uint32_t node = 0;
    double own = 0, shared = 0;
    std::uint32_t nodes = 0;  ///< of its own, without holes
    [[nodiscard]] bool overlaps() const { return own > 0 && shared >= least_overlap * own; }
  };

  Statements(const Nast& tree, const CommonCode& query) {
    const PlacedFeatures placed = placed_features(tree);
    const std::vector<double> bits = query.bits_(tree, placed);
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
        one.own += bits[f];
        if (query.features_.contains(placed.features[f])) one.shared += bits[f];
      }
    }
  }
  [[nodiscard]] const std::vector<One>& all() const noexcept { return all_; }

 private:
  std::vector<One> all_;
};

std::vector<double> surprise_of_words(const Background& background, const Nast& tree, const PlacedFeatures& placed) {
  std::vector<double> bits(placed.features.size());
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const double told = 1 + (is_hole(tree.nodes[i]) ? 0.0 : background.word_millibits(tree, i) / 1000.0);
    std::fill(bits.begin() + placed.first[i], bits.begin() + placed.first[i + 1], told);
  }
  return bits;
}

CommonCode::CommonCode(const Nast& query, FeatureBits bits) : bits_(std::move(bits)) {
  const PlacedFeatures placed = placed_features(query);
  const std::vector<double> told = bits_(query, placed);
  for (std::size_t f = 0; f < placed.features.size(); ++f)
    if (features_.emplace(placed.features[f], told[f]).second) weight_ += told[f];
}

CommonShare CommonCode::share(const Nast& other) const {
  const PlacedFeatures placed = placed_features(other);
  const std::vector<double> told = bits_(other, placed);
  std::unordered_set<std::uint64_t> seen;
  seen.reserve(placed.features.size());
  double shared = 0, only_here = 0;
  for (std::size_t f = 0; f < placed.features.size(); ++f) {
    if (!seen.insert(placed.features[f]).second) continue;
    const auto own = features_.find(placed.features[f]);
    if (own == features_.end())
      only_here += told[f];
    else
      shared += own->second;
  }
  const double all = weight_ + only_here;
  return {all > 0 ? shared / all : 0, weight_ > 0 ? shared / weight_ : 0};
}

std::string CommonCode::overlap(const Nast& tree, std::string_view text) const {
  std::string kept;
  std::uint32_t done = 0;
  const Statements statements(tree, *this);
  for (const auto& one : statements.all()) {
    if (one.node < done || !one.overlaps()) continue;
    done = one.node + tree.nodes[one.node].size;
    if (!kept.empty()) kept += '\n';
    kept += base::moved_to_margin(slice_of(text, tree.nodes[one.node]));
  }
  return kept;
}

std::vector<std::string> CommonCode::missing(const Template& shape) const {
  std::vector<std::string> missing;
  const std::vector<std::string> names = hole_names(shape);
  const Statements statements(shape.tree, *this);
  const auto& all = statements.all();
  for (std::size_t k = 0; k < all.size(); ++k) {
    const std::uint32_t end = all[k].node + shape.tree.nodes[all[k].node].size;
    const bool compound = k + 1 < all.size() && all[k + 1].node < end;
    if (!compound && !all[k].overlaps() && all[k].nodes >= least_advice_nodes)
      missing.push_back(base::moved_to_margin(statement_text(shape, names, all[k].node)));
  }
  return missing;
}

}  // namespace autodev::mine
