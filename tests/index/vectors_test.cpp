// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The int8 scan against exact arithmetic.
#include "index/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

constexpr std::uint32_t dimensions = 256;

Vector random_unit(std::mt19937& random) {
  std::normal_distribution<float> normal;
  Vector vector(dimensions);
  double square = 0;
  for (float& value : vector) {
    value = normal(random);
    square += double{value} * value;
  }
  for (float& value : vector) value = static_cast<float>(value / std::sqrt(square));
  return vector;
}

class VectorScanTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = base::open_memory_kv();
    txn_ = value_of(store_->begin_write());
    VectorChanges changes(*txn_, dimensions);
    for (std::uint32_t i = 0; i < 700; ++i) {
      vectors_.push_back(random_unit(random_));
      ASSERT_TRUE(changes.set(i, vectors_.back()));
    }
    ASSERT_TRUE(changes.apply());
    index_ = open_vector_scan(*txn_, dimensions);
  }
  std::mt19937 random_{11};
  std::unique_ptr<base::Kv> store_;
  std::unique_ptr<base::KvWrite> txn_;
  std::unique_ptr<VectorIndex> index_;
  std::vector<Vector> vectors_;
};

TEST_F(VectorScanTest, CosinesAreCloseToExactOnes) {
  const Vector query = random_unit(random_);
  std::vector<std::uint32_t> all(vectors_.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto found = value_of(index_->similarities(query, all));
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_NEAR(found[i], cosine(query, vectors_[i]), 0.01);
}

TEST_F(VectorScanTest, TheNearestTenAreTheExactTenUpToRounding) {
  for (int trial = 0; trial < 20; ++trial) {
    const Vector query = random_unit(random_);
    std::vector<double> exact;
    for (const Vector& vector : vectors_) exact.push_back(cosine(query, vector));
    std::vector<double> sorted = exact;
    std::sort(sorted.rbegin(), sorted.rend());
    const auto found = value_of(index_->nearest(query, nullptr, 10));
    ASSERT_EQ(found.size(), 10u);
    for (const ScoredDocument& hit : found) EXPECT_GE(exact[hit.document], sorted[9] - 0.01);
    EXPECT_TRUE(std::is_sorted(found.begin(), found.end(), better));
  }
}

TEST_F(VectorScanTest, OnlyAllowedAndLivingDocumentsAreFound) {
  VectorChanges changes(*txn_, dimensions);
  ASSERT_TRUE(changes.remove(3));
  ASSERT_TRUE(changes.apply());
  Bitmap allowed(700);
  for (const std::uint32_t document : {3u, 70u, 699u}) allowed.set(document);
  const auto found = value_of(index_->nearest(vectors_[70], &allowed, 10));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].document, 70u);
  EXPECT_EQ(found[1].document, 699u);
  EXPECT_EQ(value_of(index_->similarities(vectors_[3], {3, 100'000})), (std::vector<double>{0, 0}));
}

TEST_F(VectorScanTest, AVectorThatIsNotFiniteOrNotOfTheSpaceIsRefused) {
  VectorChanges changes(*txn_, dimensions);
  Vector bad(dimensions, 0.0F);
  bad[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(changes.set(0, bad).error().code, ErrorCode::bad_data);
  EXPECT_EQ(changes.set(0, Vector(3, 1.0F)).error().code, ErrorCode::internal);
  EXPECT_TRUE(value_of(index_->nearest(Vector(3, 1.0F), nullptr, 10)).empty());
}

}  // namespace
}  // namespace autodev::index
