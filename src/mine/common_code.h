// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Common code: what a piece of code shares with another one, and what it lacks beside a template, after AROMA (Luan et
// al., OOPSLA 2019): re-rank by weighted features, prune to the statements that overlap, intersect to those that all
// members of a cluster share.
//
// A feature weighs what it tells, in bits. Who holds counts of features takes those (MiningLibrary); who holds a
// grammar background takes the surprise of the word that the feature describes (surprise_of_words).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mine/background.h"
#include "mine/placed_features.h"
#include "mine/template.h"

namespace autodev::mine {

/// Bits that the features of a tree tell, in the order of PlacedFeatures::features; at least 0 each.
using FeatureBits = std::function<std::vector<double>(const syntax::Nast&, const PlacedFeatures&)>;

/// One bit for the shape, and the surprise of the word of the node that a feature describes.
[[nodiscard]] std::vector<double> surprise_of_words(const Background& background, const syntax::Nast& tree,
                                                    const PlacedFeatures& placed);

/// How alike two pieces of code are.
struct CommonShare {
  double similarity = 0;  ///< weighted Jaccard of the distinct features, [0, 1]
  double covered = 0;     ///< weight of the query's features that the other one has, [0, 1]
};

/// A piece of code that others are compared with.
class CommonCode {
 public:
  /// Cost: O(nodes).
  CommonCode(const syntax::Nast& query, FeatureBits bits);

  [[nodiscard]] CommonShare share(const syntax::Nast& other) const;
  /// The outermost statements of `tree` that overlap with the query, one a line, in their own text. The ranges of the
  /// tree's nodes that lie outside of the text count as empty.
  [[nodiscard]] std::string overlap(const syntax::Nast& tree, std::string_view text) const;
  /// Innermost statements of the template that the query lacks, in order; holes by their names in it. Of a template of
  /// several instances these are what all of them have.
  [[nodiscard]] std::vector<std::string> missing(const Template& shape) const;

 private:
  class Statements;

  FeatureBits bits_;
  std::unordered_map<std::uint64_t, double> features_;  ///< distinct ones of the query; looked up, never walked
  double weight_ = 0;
};

}  // namespace autodev::mine
