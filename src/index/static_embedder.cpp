// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The built-in embedder: the weighted sum of learned stem vectors, of unit length (docs/embedder.md says how they are learned).
//
// A stem counts (1 + ln n) times, n its occurrences. A stem that the table does not have, such as a project's own name, gets a vector
// from its letters: signs drawn from its hash and from those of its character trigrams, so that two texts with the same unknown
// word meet, and no text with words is ever all zeros.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/hash.h"
#include "index/embedder.h"
#include "index/static_table.h"
#include "index/word_scan.h"
#include "index/words.h"

namespace autodev::index {
namespace {

constexpr std::size_t dimension_count = StaticTable::dimension_count;
constexpr std::size_t max_words = 4096;
constexpr float trigram_share = 0.5F;  ///< of an unknown stem: the rest is its own
using Sum = std::array<float, dimension_count>;

/// 1 + ln n, by table, because ln differs between mathematical libraries in the last place.
float times_counted(double count) noexcept {
  static constexpr std::array<float, 17> table = {0.F,      1.F,      1.69315F, 2.09861F, 2.38629F, 2.60944F, 2.79176F, 2.94591F, 3.07944F,
                                                  3.19722F, 3.30259F, 3.3979F,  3.48491F, 3.56495F, 3.63906F, 3.70805F, 3.77259F};
  return table[static_cast<std::size_t>(std::clamp(count, 1.0, 16.0))];
}

/// Adds a vector of length `length` with signs from the hash.
void add_signs(std::uint64_t hash, float length, Sum& sum) noexcept {
  const float value = length / 16.F;  // sqrt(256)
  for (std::size_t word = 0; word < dimension_count / 64; ++word) {
    hash = base::mix64(hash, word);
    for (std::size_t bit = 0; bit < 64; ++bit) sum[word * 64 + bit] += ((hash >> bit) & 1U) != 0 ? value : -value;
  }
}

void add_unknown(std::string_view stem, float factor, Sum& sum) noexcept {
  add_signs(base::hash64(stem), factor * (1 - trigram_share), sum);
  const float each = factor * trigram_share / std::sqrt(static_cast<float>(stem.size() + 1));
  const auto at = [&](std::size_t i) -> std::uint64_t { return i == 0 ? '<' : i > stem.size() ? '>' : static_cast<unsigned char>(stem[i - 1]); };
  for (std::size_t i = 0; i < stem.size(); ++i) add_signs(base::mix64(7, (at(i) << 16U) | (at(i + 1) << 8U) | at(i + 2)), each, sum);
}

struct CountedKey {
  std::uint64_t key = 0;
  std::string_view text;
  double count = 0;
};

/// Distinct stems in order of their keys: the order of a sum is part of its value.
std::vector<CountedKey> counted(const std::vector<CountedStem>& stems) {
  std::vector<CountedKey> all;
  all.reserve(stems.size());
  for (const CountedStem& stem : stems) all.push_back({StaticTable::key_of(stem.text), stem.text, stem.count});
  std::sort(all.begin(), all.end(), [](const CountedKey& a, const CountedKey& b) { return a.key != b.key ? a.key < b.key : a.text < b.text; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (kept > 0 && all[kept - 1].key == all[i].key)
      all[kept - 1].count += all[i].count;
    else
      all[kept++] = all[i];
  }
  all.resize(kept);
  return all;
}

/// Stems of a text, or its stop words where there is nothing else.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (Term& term : terms_of(text))
    if (!term.whole) words.push_back(std::move(term.text));
  if (!words.empty()) return words;
  WordScanner scanner(text);
  while (words.size() < max_words && scanner.next())
    for (std::size_t i = 0; i < scanner.size(); ++i) words.emplace_back(scanner.word(i));
  return words;
}

class StaticEmbedder final : public Embedder {
 public:
  StaticEmbedder(StaticTable table, std::string name) : table_(table), name_(std::move(name)) {}
  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] std::uint32_t dimensions() const noexcept override { return dimension_count; }

  [[nodiscard]] Result<Vector> embed(std::string_view text) const override {
    const std::vector<std::string> words = words_of(text);
    std::vector<CountedStem> stems;
    stems.reserve(words.size());
    for (const std::string& word : words) stems.push_back({word, 1});
    return vector_of(stems);
  }

  [[nodiscard]] std::optional<Vector> embed_stems(const std::vector<CountedStem>& stems) const override {
    if (stems.empty()) return std::nullopt;  // stop words may be all there is
    return vector_of(stems);
  }

  [[nodiscard]] std::optional<Vector> embed_changed(const std::vector<CountedStem>& stems, const StemChanges& changes) const override {
    if (stems.empty()) return std::nullopt;
    return vector_of(stems, &changes);
  }

  [[nodiscard]] std::optional<Vector> stem_vector(const CountedStem& stem, const StemChanges* changes) const override {
    Sum sum{};
    add({StaticTable::key_of(stem.text), stem.text, stem.count}, changes, sum);
    return Vector(sum.begin(), sum.end());
  }

 private:
  void add(const CountedKey& stem, const StemChanges* changes, Sum& sum) const {
    const float times = times_counted(stem.count);
    if (const auto row = table_.find(stem.key))
      table_.add(*row, times, sum);
    else
      add_unknown(stem.text, times * table_.unknown_gain(), sum);
    if (changes != nullptr) changes->add(stem.key, times, sum);
  }

  [[nodiscard]] Vector vector_of(const std::vector<CountedStem>& stems, const StemChanges* changes = nullptr) const {
    Sum sum{};
    for (const CountedKey& stem : counted(stems)) add(stem, changes, sum);
    double square = 0;
    for (const float value : sum) square += double{value} * value;
    Vector vector(dimension_count, 0.F);
    if (square > 0) {
      const double factor = 1 / std::sqrt(square);
      for (std::size_t i = 0; i < dimension_count; ++i) vector[i] = static_cast<float>(sum[i] * factor);
    } else if (!stems.empty()) {  // opposite values cancelled out: a place of its own
      vector[StaticTable::key_of(stems.front().text) % dimension_count] = 1;
    }
    return vector;
  }

  StaticTable table_;
  std::string name_;
};

}  // namespace

Result<std::unique_ptr<Embedder>> make_static_embedder(std::string_view table, std::string name) {
  AUTODEV_TRY_ASSIGN(const StaticTable read, StaticTable::read(table));
  return std::unique_ptr<Embedder>(std::make_unique<StaticEmbedder>(read, std::move(name)));
}

const Embedder& built_in_embedder() {
  // A damaged program is not what a checksum is for: reading the table costs nothing when a process starts.
  static const StaticEmbedder embedder(StaticTable::read_trusted(built_in_table()).value(), "static-code/1");
  return embedder;
}

double cosine(const Vector& a, const Vector& b) noexcept {
  double dot = 0, square_a = 0, square_b = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    dot += double{a[i]} * b[i];
    square_a += double{a[i]} * a[i];
    square_b += double{b[i]} * b[i];
  }
  return square_a > 0 && square_b > 0 ? dot / std::sqrt(square_a * square_b) : 0.0;
}

}  // namespace autodev::index
