// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the built-in vectors promise: unit length, never empty, nearer for related texts, the same everywhere.
#include "index/embedder.h"
#include "index/document_terms.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/hash.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

double length(const Vector& vector) {
  double square = 0;
  for (const float value : vector) square += double{value} * value;
  return std::sqrt(square);
}

TEST(BuiltInEmbedder, GivesUnitVectorsForAnyTextWithWords) {
  const Embedder* const embedder = &built_in_embedder();
  for (const std::string text : {"x", "the", "how to", "12345", "_a_", "读", "ü", "remove a directory"})
    EXPECT_NEAR(length(value_of(embedder->embed(text))), 1.0, 1e-5) << text;
  for (char a = 'a'; a <= 'z'; ++a)
    for (char b = 'a'; b <= 'z'; ++b) {
      const std::string word = {a, b};
      EXPECT_NEAR(length(value_of(embedder->embed(word))), 1.0, 1e-5) << word;
    }
}

TEST(BuiltInEmbedder, GivesZerosOnlyWhereThereIsNoWord) {
  const Embedder* const embedder = &built_in_embedder();
  for (const std::string_view text :
       {std::string_view(""), std::string_view("  ++ -- {}"), std::string_view("\0\0", 2)})
    EXPECT_EQ(length(value_of(embedder->embed(text))), 0.0);
}

TEST(BuiltInEmbedder, PutsRelatedTextsNearerThanUnrelatedOnes) {
  const Embedder* const embedder = &built_in_embedder();
  const auto similarity = [&](std::string_view a, std::string_view b) {
    return cosine(value_of(embedder->embed(a)), value_of(embedder->embed(b)));
  };
  EXPECT_GT(similarity("serialize the settings", "settings serializer"), 0.7);
  EXPECT_GT(similarity("delete a directory", "remove the folder"),
            similarity("delete a directory", "sort the rows") + 0.1);
  EXPECT_GT(similarity("average of the values", "compute the mean"), similarity("average of the values", "open a socket") + 0.2);
  EXPECT_LT(std::abs(similarity("parse json", "rotate picture")), 0.3);
}

TEST(BuiltInEmbedder, WeighsTellingWordsMore) {
  const Embedder* const embedder = &built_in_embedder();
  const Vector both = value_of(embedder->embed("decrypt value"));
  EXPECT_GT(cosine(both, value_of(embedder->embed("decrypt"))), cosine(both, value_of(embedder->embed("value"))) + 0.1);
}

TEST(BuiltInEmbedder, MeetsWordsThatItNeverSaw) {
  const Embedder* const embedder = &built_in_embedder();
  const auto similarity = [&](std::string_view a, std::string_view b) { return cosine(value_of(embedder->embed(a)), value_of(embedder->embed(b))); };
  EXPECT_NEAR(similarity("zorblatt", "zorblatt"), 1, 1e-6);
  EXPECT_GT(similarity("zorblatt", "zorblatter"), similarity("zorblatt", "quixnimp") + 0.1);
}

TEST(BuiltInEmbedder, DoesNotDependOnTheOrderOfWords) {
  const Embedder* const embedder = &built_in_embedder();
  EXPECT_EQ(value_of(embedder->embed("sort list numbers")), value_of(embedder->embed("numbers list sort")));
}

// The space is named and stored: its bytes may change only together with the name.
TEST(BuiltInEmbedder, GivesADocumentTheSameVectorFromItsTextAndFromItsStems) {
  const Embedder* const embedder = &built_in_embedder();
  Document document;
  document.name = "parse_config_file";
  document.description = "Parse the configuration file of a project";
  document.signature = "Config parse_config_file(const std::string& path)";
  document.code = "Config parse_config_file(const std::string& path) { return parse(read_file(path)); }";
  document.language = Language::cpp;
  const DocumentWords words(document);
  const auto from_stems = embedder->embed_stems(embedding_stems(words));
  ASSERT_TRUE(from_stems);
  EXPECT_EQ(*from_stems, test::value_of(embedder->embed(embedding_text(document))));
  EXPECT_FALSE(embedder->embed_stems({})) << "without a stem the text itself has to be looked at";
}

TEST(BuiltInEmbedder, IsTheSameSpaceAsEver) {
  const Embedder* const embedder = &built_in_embedder();
  ASSERT_EQ(embedder->name(), "static-code/1");
  std::string bytes;
  for (const float value : value_of(embedder->embed("Parse the config_file and return 3 settings")))
    bytes.push_back(static_cast<char>(static_cast<std::int8_t>(std::lround(100 * value))));
  EXPECT_EQ(base::hash128(bytes).hex(), "f3e278c436ecbecebbc41533d39d3d84");
}

TEST(Cosine, IsZeroForAVectorOfZeros) {
  EXPECT_EQ(cosine({0, 0}, {1, 0}), 0.0);
  EXPECT_DOUBLE_EQ(cosine({3, 4}, {6, 8}), 1.0);
  EXPECT_DOUBLE_EQ(cosine({1, 0}, {-1, 0}), -1.0);
}

}  // namespace
}  // namespace autodev::index
