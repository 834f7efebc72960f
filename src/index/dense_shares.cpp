// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/dense_shares.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "index/document_terms.h"
#include "index/words.h"

namespace autodev::index {
namespace {

struct StemVector {
  std::string stem;
  Vector vector;
};

double dot(const Vector& a, const Vector& b) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) sum += double{a[i]} * b[i];
  return sum;
}

/// One vector a distinct stem. Empty when the embedder has none.
std::vector<StemVector> vectors_of(const Embedder& embedder, const std::vector<CountedStem>& stems) {
  std::map<std::string_view, CountedStem> distinct;
  for (const CountedStem& stem : stems) {
    CountedStem& known = distinct.try_emplace(stem.text, CountedStem{stem.text, 0, stem.key}).first->second;
    known.count += stem.count;
  }
  std::vector<StemVector> vectors;
  for (const auto& [text, stem] : distinct) {
    auto vector = embedder.stem_vector(stem, nullptr);
    if (!vector) return {};
    vectors.push_back({std::string(text), std::move(*vector)});
  }
  return vectors;
}

double length_of_sum(const std::vector<StemVector>& vectors) {
  if (vectors.empty()) return 0;
  Vector sum(vectors.front().vector.size(), 0.F);
  for (const StemVector& stem : vectors)
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += stem.vector[i];
  return std::sqrt(dot(sum, sum));
}

}  // namespace

std::vector<DenseShare> dense_shares(const Embedder& asked_with, std::string_view query, const Embedder& stored_with,
                                     const Document& document, std::size_t count) {
  std::vector<CountedStem> asked;
  const std::vector<Term> terms = terms_of(query);
  for (const Term& term : terms)
    if (!term.whole) asked.push_back({term.text, 1, term.key});
  const DocumentWords words(document);
  const auto from = vectors_of(asked_with, asked), to = vectors_of(stored_with, embedding_stems(words));
  const double lengths = length_of_sum(from) * length_of_sum(to);
  if (!(lengths > 0)) return {};
  std::vector<DenseShare> shares;
  for (const StemVector& stem : from) {
    DenseShare share{stem.stem, 0, {}, 0};
    for (const StemVector& other : to) {
      const double part = dot(stem.vector, other.vector) / lengths;
      share.share += part;
      if (share.nearest.empty() || part > share.nearest_share) {
        share.nearest = other.stem;
        share.nearest_share = part;
      }
    }
    shares.push_back(std::move(share));
  }
  std::stable_sort(shares.begin(), shares.end(), [](const DenseShare& a, const DenseShare& b) { return a.share > b.share; });
  if (shares.size() > count) shares.resize(count);
  return shares;
}

}  // namespace autodev::index
