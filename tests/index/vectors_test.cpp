// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The scan against exact arithmetic, every instruction set against the plain one, and altered bytes.
#include "index/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "index/index_format.h"
#include "index/vector_blocks.h"
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

/// Vectors in bundles around common centres, as texts of related things have them.
class ManyVectorsTest : public testing::Test {
 protected:
  static constexpr std::uint32_t count = 12'000;

  void SetUp() override {
    store_ = base::open_memory_kv();
    txn_ = value_of(store_->begin_write());
    for (int i = 0; i < 300; ++i) centres_.push_back(random_unit(random_));
    VectorChanges changes(*txn_, dimensions);
    for (std::uint32_t i = 0; i < count; ++i) {
      vectors_.push_back(near_a_centre(0.9F));
      ASSERT_TRUE(changes.set(i, vectors_.back()));
    }
    ASSERT_TRUE(changes.apply());
  }

  Vector near_a_centre(float noise) {
    const Vector& centre = centres_[random_() % centres_.size()];
    const Vector other = random_unit(random_);
    Vector vector(dimensions);
    double square = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) {
      vector[i] = centre[i] + noise * other[i];
      square += double{vector[i]} * vector[i];
    }
    for (float& value : vector) value = static_cast<float>(value / std::sqrt(square));
    return vector;
  }

  std::vector<std::uint32_t> exact(const Vector& query, const Bitmap* allowed = nullptr) {
    std::vector<ScoredDocument> all;
    for (std::uint32_t i = 0; i < count; ++i)
      if (allowed == nullptr || allowed->test(i)) all.push_back({i, cosine(query, vectors_[i])});
    std::sort(all.begin(), all.end(), better);
    std::vector<std::uint32_t> numbers;
    for (std::size_t i = 0; i < std::min<std::size_t>(10, all.size()); ++i) numbers.push_back(all[i].document);
    return numbers;
  }

  /// Changes one byte of a stored value.
  void alter(base::Table table, std::uint32_t block, std::size_t at) {
    std::string value(*value_of(txn_->get(table, number_key(block))));
    value.at(at) = static_cast<char>(value.at(at) ^ 4);
    ASSERT_TRUE(txn_->put(table, number_key(block), value));
  }

  std::mt19937 random_{17};
  std::unique_ptr<base::Kv> store_;
  std::unique_ptr<base::KvWrite> txn_;
  std::vector<Vector> centres_, vectors_;
};

TEST_F(ManyVectorsTest, TheCoarsePassFindsWhatExactSearchFinds) {
  const auto index = open_vector_scan(*txn_, dimensions, {{}, count, 400, 0});
  const auto all_rows = open_vector_scan(*txn_, dimensions, {{}, count, 0, count});
  std::size_t right = 0, right_of_all = 0;
  for (int trial = 0; trial < 100; ++trial) {
    const Vector query = near_a_centre(0.6F);
    const auto wanted = exact(query);
    for (const ScoredDocument& hit : value_of(index->nearest(query, nullptr, 10)))
      right += std::find(wanted.begin(), wanted.end(), hit.document) != wanted.end() ? 1 : 0;
    for (const ScoredDocument& hit : value_of(all_rows->nearest(query, nullptr, 10)))
      right_of_all += std::find(wanted.begin(), wanted.end(), hit.document) != wanted.end() ? 1 : 0;
  }
  EXPECT_GE(right, 970u);
  EXPECT_GE(right_of_all, 985u);
}

TEST_F(ManyVectorsTest, EveryInstructionSetGivesTheSameAnswers) {
  Bitmap allowed(count);
  for (std::uint32_t i = 0; i < count; i += 7) allowed.set(i);
  for (int trial = 0; trial < 25; ++trial) {
    const Vector query = near_a_centre(0.8F);
    for (const Bitmap* filter : {static_cast<const Bitmap*>(nullptr), static_cast<const Bitmap*>(&allowed)}) {
      const auto plain = open_vector_scan(*txn_, dimensions, {CpuPath::scalar, count, 200, 0});
      const auto expected = value_of(plain->nearest(query, filter, 50));
      for (const CpuPath path : cpu_paths()) {
        const auto index = open_vector_scan(*txn_, dimensions, {path, count, 200, 0});
        const auto found = value_of(index->nearest(query, filter, 50));
        ASSERT_EQ(found.size(), expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
          EXPECT_EQ(found[i].document, expected[i].document);
          EXPECT_EQ(found[i].score, expected[i].score);
        }
      }
    }
  }
}

TEST_F(ManyVectorsTest, AFilterThatPassesFewStillFindsTheBestOfThem) {
  Bitmap allowed(count);
  for (std::uint32_t i = 3; i < count; i += 100) allowed.set(i);
  const auto index = open_vector_scan(*txn_, dimensions, {{}, count, 400, 0});
  for (int trial = 0; trial < 20; ++trial) {
    const Vector query = near_a_centre(0.6F);
    const auto found = value_of(index->nearest(query, &allowed, 10));
    ASSERT_EQ(found.size(), 10u);
    EXPECT_EQ(found[0].document, exact(query, &allowed)[0]);
    for (const ScoredDocument& hit : found) EXPECT_TRUE(allowed.test(hit.document));
  }
}

TEST_F(ManyVectorsTest, AlteredBytesAreAnErrorAndNeverAnAnswer) {
  const Vector query = near_a_centre(0.6F);
  const auto ask = [&] { return open_vector_scan(*txn_, dimensions, {{}, count})->nearest(query, nullptr, 10); };
  ASSERT_TRUE(ask());
  for (const std::size_t at : {std::size_t{0}, bit_header_bytes + 3, stripes_start + 77, bit_block_bytes(dimensions, bit_block_documents - 1) - 1}) {
    alter(bit_table, 2, at);
    EXPECT_EQ(ask().error().code, ErrorCode::bad_data);
    alter(bit_table, 2, at);
    ASSERT_TRUE(ask());
  }
  const std::uint32_t best = value_of(ask())[0].document;
  const std::uint32_t rows = rows_per_block(dimensions);
  for (const std::size_t at : {0u, 4u, 9u, 263u}) {
    alter(vector_table, best / rows, best % rows * row_bytes(dimensions) + at);
    EXPECT_EQ(ask().error().code, ErrorCode::bad_data);
    alter(vector_table, best / rows, best % rows * row_bytes(dimensions) + at);
  }
}

TEST_F(ManyVectorsTest, MissingAndExchangedBlocksAreNoticed) {
  const Vector query = near_a_centre(0.6F);
  const auto ask = [&] { return open_vector_scan(*txn_, dimensions, {{}, count})->nearest(query, nullptr, 10); };
  const std::string first(*value_of(txn_->get(bit_table, number_key(0))));
  const std::string second(*value_of(txn_->get(bit_table, number_key(1))));
  ASSERT_TRUE(txn_->put(bit_table, number_key(0), second));
  ASSERT_TRUE(txn_->put(bit_table, number_key(1), first));
  EXPECT_EQ(ask().error().code, ErrorCode::bad_data);
  ASSERT_TRUE(txn_->put(bit_table, number_key(0), first));
  ASSERT_TRUE(txn_->put(bit_table, number_key(1), second));
  ASSERT_TRUE(ask());
  ASSERT_TRUE(txn_->erase(bit_table, number_key(5)));
  EXPECT_EQ(ask().error().code, ErrorCode::bad_data);
}

/// Sums of the plain kernel and of each other one, over random stripes of odd sizes.
TEST(StripeKernels, AgreeOnRandomStripesOfAnyDimension) {
  std::mt19937 random(5);
  for (const std::uint32_t size : {1u, 3u, 16u, 250u, 384u, 768u, 4096u}) {
    std::vector<float> query(size);
    for (float& value : query) value = std::normal_distribution<float>()(random);
    const auto table = cost_table(query);
    ASSERT_EQ(table.size(), std::size_t{groups_of(size)} * 16);
    std::string stripe(stripe_bytes(size), '\0');
    for (char& byte : stripe) byte = static_cast<char>(random());
    StripeCosts expected, found;
    stripe_kernel(CpuPath::scalar)(stripe.data(), nullptr, table.data(), groups_of(size), 0xffff, expected);
    const std::uint16_t limit = expected.costs[random() % stripe_documents];
    stripe_kernel(CpuPath::scalar)(stripe.data(), nullptr, table.data(), groups_of(size), limit, expected);
    for (const CpuPath path : cpu_paths()) {
      stripe_kernel(path)(stripe.data(), stripe.data(), table.data(), groups_of(size), limit, found);
      EXPECT_EQ(found.below, expected.below);
      for (std::uint32_t i = 0; i < stripe_documents; ++i)
        if (((expected.below[i / 64] >> (i % 64)) & 1) != 0) {
          EXPECT_EQ(found.costs[i], expected.costs[i]);
        }
    }
  }
}

TEST(StripeKernels, ACostIsTheWeightOfTheSignsThatDiffer) {
  const std::vector<float> query{3, -1, 0.5F, 2, -3};
  const auto table = cost_table(query);
  std::string stripe(stripe_bytes(5), '\0');
  for (const std::uint32_t place : {0u, 63u, 64u, 127u}) {
    set_signs(stripe.data(), place, {1, 1, 1, -1, -1});  // differs in the second (weight 5) and the fourth (weight 10)
    StripeCosts costs;
    stripe_kernel(CpuPath::scalar)(stripe.data(), nullptr, table.data(), groups_of(5), 0xffff, costs);
    EXPECT_EQ(costs.costs[place], 15);
    clear_signs(stripe.data(), place, 5);
    EXPECT_EQ(stripe, std::string(stripe.size(), '\0'));
  }
}

TEST(Rotations, KeepCosinesInAnyNumberOfDimensions) {
  std::mt19937 random(9);
  for (const std::uint32_t size : {1u, 2u, 3u, 5u, 100u, 256u, 384u, 1000u}) {
    const Rotation rotation(size);
    Vector a(size), b(size);
    for (std::uint32_t i = 0; i < size; ++i) {
      a[i] = std::normal_distribution<float>()(random);
      b[i] = std::normal_distribution<float>()(random);
    }
    const double before = cosine(a, b);
    rotation.apply(a);
    rotation.apply(b);
    EXPECT_NEAR(cosine(a, b), before, 1e-5);
  }
}

TEST(VectorChangesTest, AVectorOfZerosIsNoVector) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  VectorChanges changes(*txn, dimensions);
  std::mt19937 random(1);
  const Vector some = random_unit(random);
  ASSERT_TRUE(changes.set(0, some));
  ASSERT_TRUE(changes.set(1, Vector(dimensions, 0.0F)));
  ASSERT_TRUE(changes.set(2, Vector(dimensions, 1e-38F)));
  ASSERT_TRUE(changes.apply());
  const auto index = open_vector_scan(*txn, dimensions, {{}, 3});
  EXPECT_EQ(value_of(index->nearest(some, nullptr, 10)).size(), 1u);
  EXPECT_TRUE(value_of(index->nearest(Vector(dimensions, 0.0F), nullptr, 10)).empty());
  EXPECT_EQ(value_of(index->similarities(some, {1, 2})), (std::vector<double>{0, 0}));
}

}  // namespace
}  // namespace autodev::index
