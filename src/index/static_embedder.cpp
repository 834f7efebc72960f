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

#include "index/embedder.h"
#include "index/static_table.h"
#include "index/stem_sum.h"
#include "index/word_scan.h"
#include "index/words.h"

namespace autodev::index {
namespace {

constexpr std::size_t dimension_count = StaticTable::dimension_count;
constexpr std::size_t max_words = 4096;
using Sum = std::array<float, dimension_count>;

/// 1 + ln n, by table, because ln differs between mathematical libraries in the last place.
float times_counted(double count) noexcept {
  static constexpr std::array<float, 17> table = {0.F,      1.F,      1.69315F, 2.09861F, 2.38629F, 2.60944F, 2.79176F, 2.94591F, 3.07944F,
                                                  3.19722F, 3.30259F, 3.3979F,  3.48491F, 3.56495F, 3.63906F, 3.70805F, 3.77259F};
  return table[static_cast<std::size_t>(std::clamp(count, 1.0, 16.0))];
}

/// Distinct stems by key, in the order in which they came; the first 4,096 of them.
class DistinctStems {
 public:
  explicit DistinctStems(const std::vector<CountedStem>& stems) {
    std::size_t places = 16;
    while (places < 2 * stems.size()) places *= 2;
    std::vector<std::uint32_t> place_of(places, 0);  // 1 + index
    list_.reserve(std::min(stems.size(), StemSum::max_stems));
    for (const CountedStem& stem : stems) {
      std::size_t at = (stem.key ^ (stem.key >> 20U)) & (places - 1);
      while (place_of[at] != 0 && list_[place_of[at] - 1].key != stem.key) at = (at + 1) & (places - 1);
      if (place_of[at] != 0) {
        list_[place_of[at] - 1].count += stem.count;
      } else if (list_.size() < StemSum::max_stems) {
        list_.push_back(stem);
        place_of[at] = static_cast<std::uint32_t>(list_.size());
      }
    }
  }
  [[nodiscard]] const std::vector<CountedStem>& list() const noexcept { return list_; }

 private:
  std::vector<CountedStem> list_;
};

double square_of(const Sum& sum) noexcept {
  std::array<double, 8> lanes{};
  for (std::size_t i = 0; i < dimension_count; i += lanes.size())
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) lanes[lane] += double{sum[i + lane]} * sum[i + lane];
  double square = 0;
  for (const double lane : lanes) square += lane;
  return square;
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
    for (const std::string& word : words) stems.push_back({word, 1, StaticTable::key_of(word)});
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
    const Sum sum = sum_of({stem}, changes);
    return Vector(sum.begin(), sum.end());
  }

 private:
  [[nodiscard]] Sum sum_of(std::vector<CountedStem> distinct, const StemChanges* changes) const {
    StemSum exact;
    constexpr std::uint32_t unknown = UINT32_MAX;
    std::vector<std::uint32_t> rows(distinct.size(), unknown);
    for (const CountedStem& stem : distinct) table_.prefetch(stem.key);
    for (std::size_t i = 0; i < distinct.size(); ++i) {
      const auto row = table_.find(distinct[i].key);
      if (!row) continue;
      table_.prefetch_row(*row);
      rows[i] = *row;
    }
    for (std::size_t i = 0; i < distinct.size(); ++i) {
      const float times = times_counted(distinct[i].count);
      if (rows[i] != unknown)
        exact.add_row(table_.nibbles(rows[i]), times * table_.gain(rows[i]));
      else
        exact.add_unknown(distinct[i].text, times * table_.unknown_gain());
    }
    Sum sum = exact.values();
    if (changes == nullptr) return sum;
    // Changes are added in order of the keys: the order of a sum of fractions is part of its value.
    std::sort(distinct.begin(), distinct.end(), [](const CountedStem& a, const CountedStem& b) { return a.key < b.key; });
    for (const CountedStem& stem : distinct) changes->add(stem.key, times_counted(stem.count), sum);
    return sum;
  }

  [[nodiscard]] Vector vector_of(const std::vector<CountedStem>& stems, const StemChanges* changes = nullptr) const {
    const Sum sum = sum_of(DistinctStems(stems).list(), changes);
    const double square = square_of(sum);
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
