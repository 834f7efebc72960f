// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The table of the built-in embedder: found is what was written, damaged is refused, and what it learned is what makes it good.
#include "index/static_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "index/embed_train.h"
#include "index/embedder.h"
#include "index/stem_sum.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

std::vector<TrainedStem> some_stems(std::size_t count) {
  std::vector<TrainedStem> stems;
  for (std::size_t i = 0; i < count; ++i) {
    TrainedStem stem{"stem" + std::to_string(i), static_cast<float>(i + 1) / 10, std::vector<float>(StaticTable::dimension_count)};
    for (std::size_t d = 0; d < stem.vector.size(); ++d) stem.vector[d] = std::sin(static_cast<float>(i * 31 + d));
    stems.push_back(std::move(stem));
  }
  return stems;
}

TEST(StaticTable, FindsEveryStemAndNoOther) {
  const auto stems = some_stems(3'000);
  const std::string bytes = value_of(write_static_table(stems, 2));
  const StaticTable table = value_of(StaticTable::read(bytes));
  ASSERT_EQ(table.stems(), 3'000u);
  for (const TrainedStem& stem : stems) ASSERT_TRUE(table.find(StaticTable::key_of(stem.text))) << stem.text;
  for (int i = 0; i < 3'000; ++i) EXPECT_FALSE(table.find(StaticTable::key_of("other" + std::to_string(i))));
  EXPECT_FALSE(table.find(0));
  EXPECT_FALSE(table.find((std::uint64_t{1} << 40) - 1));
}

TEST(StaticTable, KeepsDirectionsInFourBits) {
  const auto stems = some_stems(20);
  const std::string bytes = value_of(write_static_table(stems, 2));
  const StaticTable table = value_of(StaticTable::read(bytes));
  const std::size_t half = StaticTable::dimension_count / 2;
  for (const TrainedStem& stem : stems) {
    const std::uint32_t row = *table.find(StaticTable::key_of(stem.text));
    StemSum exact;
    exact.add_row(table.nibbles(row), table.gain(row));
    const auto sum = exact.values();
    double dot = 0, a = 0, b = 0;
    for (std::size_t d = 0; d < StaticTable::dimension_count; ++d) {
      const double got = sum[d % 2 == 0 ? d / 2 : half + d / 2], wanted = double{stem.vector[d]} * stem.weight;
      dot += got * wanted, a += got * got, b += wanted * wanted;
    }
    EXPECT_GT(dot / std::sqrt(a * b), 0.99) << stem.text;
    EXPECT_NEAR(std::sqrt(a / b), 1, 0.05) << stem.text;
  }
}

TEST(StaticTable, GainsAreScaledTogetherSoThatTheyFit) {
  const auto stems = some_stems(300);
  const std::string bytes = value_of(write_static_table(stems, 12));
  const StaticTable table = value_of(StaticTable::read(bytes));
  float most = 0;
  for (std::uint32_t row = 0; row < table.stems(); ++row) most = std::max(most, table.gain(row));
  EXPECT_NEAR(most, StaticTable::most_gain, 1e-3);
  EXPECT_LT(table.unknown_gain(), 12);
  const auto gain = [&](std::size_t i) { return table.gain(*table.find(StaticTable::key_of(stems[i].text))); };
  EXPECT_NEAR(gain(199) / gain(99), 2, 0.01);
}

TEST(StemSum, AllArithmeticsGiveTheSame) {
  const auto stems = some_stems(101);
  const std::string bytes = value_of(write_static_table(stems, 2));
  const StaticTable table = value_of(StaticTable::read(bytes));
  StemSum widest, narrow(StemSum::Arithmetic::sse2), plain(StemSum::Arithmetic::plain);
  for (std::uint32_t row = 0; row < table.stems(); ++row) {
    const float weight = table.gain(row) * (row % 3 == 0 ? -1.F : 1.69315F);
    widest.add_row(table.nibbles(row), weight);
    narrow.add_row(table.nibbles(row), weight);
    plain.add_row(table.nibbles(row), weight);
    if (row % 10 != 0) continue;
    for (StemSum* const sum : {&widest, &narrow, &plain}) sum->add_unknown("frobnicate", 1.5F);
  }
  const auto sums = plain.values();
  EXPECT_EQ(widest.values(), sums);
  EXPECT_EQ(narrow.values(), sums);
}

TEST(StemSum, TheOrderDoesNotMatter) {
  const std::string bytes = value_of(write_static_table(some_stems(64), 2));
  const StaticTable table = value_of(StaticTable::read(bytes));
  StemSum there, back;
  for (std::uint32_t i = 0; i < 64; ++i) {
    there.add_row(table.nibbles(i), table.gain(i));
    back.add_row(table.nibbles(63 - i), table.gain(63 - i));
  }
  EXPECT_EQ(there.values(), back.values());
}

TEST(StemSum, TheMostThatMayBeAddedDoesNotOverflow) {
  const std::string highest(StemSum::dimension_count / 2, '\xff');
  StemSum sum;
  for (std::size_t i = 0; i < StemSum::max_stems; ++i) sum.add_row(highest, 1.99F);
  for (const float value : sum.values()) ASSERT_NEAR(value / (7 * 1.99 * StemSum::max_stems), 1, 1e-3);
}

TEST(StaticTable, RefusesWhatWasCutOrAltered) {
  const std::string bytes = value_of(write_static_table(some_stems(50), 2));
  for (std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{23}, std::size_t{200}, bytes.size() - 1}) EXPECT_FALSE(StaticTable::read(bytes.substr(0, size))) << size;
  for (std::size_t at = 0; at < bytes.size(); at += 97) {
    std::string altered = bytes;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    EXPECT_FALSE(StaticTable::read(altered)) << at;
  }
  EXPECT_FALSE(StaticTable::read(bytes + "x"));
}

TEST(StaticTable, TheBuiltInOneIsWhole) {
  const StaticTable table = value_of(StaticTable::read(built_in_table()));
  EXPECT_GT(table.stems(), 20'000u);
  EXPECT_LE(built_in_table().size(), 6u << 20);
}

/// Two topics: descriptions and code share no word, only their topic.
std::vector<TrainingPair> two_topics() {
  const std::vector<std::vector<std::string>> prose = {{"fruit", "apple", "pear", "plum"}, {"metal", "iron", "zinc", "lead"}};
  const std::vector<std::vector<std::string>> code = {{"alloc", "buffer", "free", "copy"}, {"socket", "listen", "accept", "send"}};
  std::vector<TrainingPair> pairs;
  for (std::size_t i = 0; i < 400; ++i) {
    const std::size_t topic = i % 2;
    pairs.push_back({{prose[topic][(i / 2) % 4], prose[topic][(i / 8) % 4]}, {code[topic][(i / 2) % 4], code[topic][(i / 4) % 4]}});
  }
  return pairs;
}

TEST(EmbedTrainer, LearnsWhichWordsBelongToWhichCode) {
  TrainOptions options;
  options.batch = 16;
  options.epochs = 30;
  options.learning_rate = 0.02;
  const std::string table = value_of(write_static_table(train_embedder(two_topics(), options), 1));
  const auto trained = value_of(make_static_embedder(table, "static-code/test"));
  options.epochs = 0;
  const std::string start = value_of(write_static_table(train_embedder(two_topics(), options), 1));
  const auto untrained = value_of(make_static_embedder(start, "static-code/test"));
  const auto margin = [](const Embedder& embedder) {
    const Vector query = value_of(embedder.embed("apple plum"));
    return cosine(query, value_of(embedder.embed("alloc free"))) - cosine(query, value_of(embedder.embed("socket listen")));
  };
  EXPECT_GT(margin(*trained), 0.5);
  EXPECT_LT(std::abs(margin(*untrained)), 0.4) << "what was not learned must not be there";
}

TEST(EmbedTrainer, GivesTheSameTableAgain) {
  TrainOptions options;
  options.batch = 32;
  options.epochs = 2;
  EXPECT_EQ(value_of(write_static_table(train_embedder(two_topics(), options), 1)), value_of(write_static_table(train_embedder(two_topics(), options), 1)));
  TrainOptions other = options;
  other.seed = 2;
  EXPECT_NE(value_of(write_static_table(train_embedder(two_topics(), options), 1)), value_of(write_static_table(train_embedder(two_topics(), other), 1)));
  options.min_documents = 1'000'000;
  EXPECT_TRUE(train_embedder(two_topics(), options).empty());
}

TEST(BuiltInEmbedder, OwesItsOrderToTraining) {
  const Embedder& embedder = built_in_embedder();
  const auto nearer = [&](std::string_view query, std::string_view right, std::string_view wrong) {
    const Vector vector = value_of(embedder.embed(query));
    return cosine(vector, value_of(embedder.embed(right))) > cosine(vector, value_of(embedder.embed(wrong))) + 0.1;
  };
  // No word in common with the right answer.
  EXPECT_TRUE(nearer("delete a folder and everything in it", "def rmtree(path): shutil.rmtree(path)", "def mean(values): return sum(values) / len(values)"));
  EXPECT_TRUE(nearer("average of some numbers", "def mean(values): return sum(values) / len(values)", "def rmtree(path): shutil.rmtree(path)"));
  EXPECT_TRUE(nearer("log in a user", "func Authenticate(session, credentials) bool", "func Resize(image, width) Image"));
}

}  // namespace
}  // namespace autodev::index
