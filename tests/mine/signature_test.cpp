// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Features and MinHash: what must collide, what must not, and how good the estimate is.
#include "mine/signature.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "mine/tree_builder.h"

namespace autodev::mine {
namespace {

using test::TreeBuilder;

double true_jaccard(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  std::vector<std::uint64_t> both, any;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(any));
  return any.empty() ? 1.0 : static_cast<double>(both.size()) / static_cast<double>(any.size());
}

double feature_jaccard(const std::string& a, const std::string& b) {
  return true_jaccard(structural_features(TreeBuilder::build(a)), structural_features(TreeBuilder::build(b)));
}

TEST(Features, RenamingLocalsChangesNothing) {
  EXPECT_DOUBLE_EQ(feature_jaccard("(function f (parameters a b) (block (return (binary a b))))",
                                   "(function f (parameters x y) (block (return (binary x y))))"),
                   1.0);
}

TEST(Features, UsingAVariableDifferentlyIsSeen) {
  EXPECT_LT(feature_jaccard("(block (call f! (arguments a)) (return b) (call g! (arguments a)))",
                            "(block (call f! (arguments a)) (return b) (call g! (arguments b)))"),
            1.0);
}

TEST(Features, AnotherCalleeMattersMoreThanAnotherConstant) {
  const std::string base = "(block (call f! (arguments a 1)) (return (call g! (arguments a))))";
  const double constant = feature_jaccard(base, "(block (call f! (arguments a 2)) (return (call g! (arguments a))))");
  const double callee = feature_jaccard(base, "(block (call h! (arguments a 1)) (return (call g! (arguments a))))");
  EXPECT_GT(constant, 0.8);
  EXPECT_LT(callee, constant);
}

TEST(Features, AreDistinctAndSorted) {
  const auto features = structural_features(TreeBuilder::build("(block (call f!) (call f!) (call f!) (call g!))"));
  EXPECT_TRUE(std::is_sorted(features.begin(), features.end()));
  EXPECT_EQ(std::set<std::uint64_t>(features.begin(), features.end()).size(), features.size());
  EXPECT_FALSE(features.empty());
}

TEST(MinHash, EstimatesTheJaccardSimilarityWithoutBias) {
  std::mt19937_64 random(7);
  for (const double wanted : {0.2, 0.5, 0.8}) {
    double error = 0, square = 0;
    constexpr int rounds = 400;
    for (int round = 0; round < rounds; ++round) {
      std::vector<std::uint64_t> a, b;
      for (int i = 0; i < 200; ++i) {
        const bool shared = static_cast<double>(random() % 1000) < 1000 * wanted;
        a.push_back(random());
        b.push_back(shared ? a.back() : random());
      }
      std::sort(a.begin(), a.end());
      std::sort(b.begin(), b.end());
      const double difference = estimated_jaccard(minhash(a), minhash(b)) - true_jaccard(a, b);
      error += difference / rounds;
      square += difference * difference / rounds;
    }
    EXPECT_NEAR(error, 0.0, 0.012) << wanted;
    EXPECT_LT(std::sqrt(square), 0.075) << wanted;
  }
}

TEST(MinHash, FewFeaturesFillAllBins) {
  const std::vector<std::uint64_t> one{42}, two{42, 43};
  const Signature signature = minhash(one);
  EXPECT_EQ(std::set<std::uint32_t>(signature.begin(), signature.end()).size(), 1u);
  EXPECT_NEAR(estimated_jaccard(signature, minhash(two)), 0.5, 0.35);
  EXPECT_DOUBLE_EQ(estimated_jaccard(signature, signature), 1.0);
}

TEST(MinHash, NothingIsSimilarToNothing) {
  EXPECT_DOUBLE_EQ(estimated_jaccard(minhash({}), minhash({})), 0.0);
  EXPECT_TRUE(structural_features(syntax::Nast{}).empty());
}

TEST(Bands, EqualSignaturesShareAllBandsWithinALanguageAndNoneAcross) {
  const Signature signature = minhash({1, 2, 3, 4, 5});
  EXPECT_EQ(band_keys(signature, Language::go), band_keys(signature, Language::go));
  const BandKeys go = band_keys(signature, Language::go);
  const BandKeys java = band_keys(signature, Language::java);
  for (std::size_t band = 0; band < signature_bands; ++band) EXPECT_NE(go[band], java[band]);
  EXPECT_EQ(std::set<std::uint64_t>(go.begin(), go.end()).size(), signature_bands) << "bands do not mix";
}

TEST(Bands, NearCopiesShareABand) {
  std::mt19937_64 random(9);
  int found = 0;
  constexpr int rounds = 300;
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::uint64_t> a, b;
    for (int i = 0; i < 200; ++i) {
      a.push_back(random());
      b.push_back(random() % 1000 < 830 ? a.back() : random());  // Jaccard about 0.71
    }
    const BandKeys left = band_keys(minhash(a), Language::c);
    const BandKeys right = band_keys(minhash(b), Language::c);
    bool shared = false;
    for (std::size_t band = 0; band < signature_bands; ++band) shared = shared || left[band] == right[band];
    found += shared;
  }
  EXPECT_GE(found, rounds * 97 / 100);
}

TEST(Signature, ValuesAreStableBecauseTheyAreStored) {
  const Signature signature = minhash(structural_features(
      TreeBuilder::build("(function f (parameters a) (block (return (call g! (arguments a 1)))))")));
  std::uint64_t sum = 0;
  for (const auto value : signature) sum = sum * 31 + value;
  EXPECT_EQ(sum, 3711391027040044309u);
}

}  // namespace
}  // namespace autodev::mine
