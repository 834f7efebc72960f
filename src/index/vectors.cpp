// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The scan: costs of all documents, the best of them by cost, and those again by their rows. The query's rows product
// is kept at 12 bits, so only the documents' rounding counts; all sums are integers, which makes the result the same on
// every machine whatever instructions it has.
#include "index/vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <bit>
#include <cstring>

#include "index/index_format.h"
#include "index/vector_blocks.h"

namespace autodev::index {
namespace {

constexpr double query_steps = 2047;  // 2047 * 127 * dimensions stays below 2^31 up to 4,096 dimensions

/// Documents of the first pass that are refined: measured on real code vectors (docs/retrieval-index.md).
constexpr std::size_t refined_few = 400, refined_many = 800;
constexpr std::uint32_t many_documents = 200'000;
constexpr std::size_t refined_per_answer = 4;
constexpr std::size_t rows_ahead = 8;  // rows lie far apart: fetched while earlier ones are worked on

/// A query as integers and the factor that turns dot products into cosines.
struct ScaledQuery {
  std::vector<std::int16_t> values;
  double factor = 0;

  explicit ScaledQuery(const std::vector<float>& query) : values(query.size()) {
    float largest = 0;
    for (const float value : query) largest = std::max(largest, std::abs(value));
    if (!(largest > 0)) return;
    const double steps = query_steps / double{largest};
    for (std::size_t i = 0; i < query.size(); ++i) {
      const double value = double{query[i]} * steps;
      values[i] = static_cast<std::int16_t>(value < 0 ? value - 0.5 : value + 0.5);
    }
    factor = 1 / steps;
  }
};

/// A document of the first pass.
struct Candidate {
  std::uint16_t cost = 0;
  std::uint32_t document = 0;
};

/// Keeps the `count` cheapest of documents that come in ascending order; of equal costs the earlier ones. A count for
/// each cost says at once from which cost on nothing is wanted any more.
class Cheapest {
 public:
  Cheapest(std::size_t count, std::uint32_t most_cost)
      : count_(count), counts_(std::size_t{most_cost} + 1), bound_(most_cost) {}
  /// Documents that cost this or more are none of the cheapest.
  [[nodiscard]] std::uint16_t limit() const noexcept {
    return static_cast<std::uint16_t>(up_to_bound_ >= count_ ? bound_ : bound_ + 1);
  }
  void add(std::uint16_t cost, std::uint32_t document) {
    if (cost >= limit()) return;
    kept_.push_back({cost, document});
    ++counts_[cost];
    ++up_to_bound_;
    while (up_to_bound_ - counts_[bound_] >= count_) up_to_bound_ -= counts_[bound_--];
  }
  /// Ascending by number.
  [[nodiscard]] std::vector<Candidate> take() {
    std::size_t equal = counts_[bound_] - (up_to_bound_ > count_ ? up_to_bound_ - count_ : 0);
    std::erase_if(kept_, [&](const Candidate& candidate) {
      if (candidate.cost != bound_) return candidate.cost > bound_;
      return equal == 0 || (--equal, false);
    });
    return std::move(kept_);
  }

 private:
  std::size_t count_;
  std::vector<std::uint32_t> counts_;  ///< by cost
  std::uint32_t bound_;                ///< the smallest cost up to which there are enough; at first the largest
  std::size_t up_to_bound_ = 0;
  std::vector<Candidate> kept_;
};

void keep(std::vector<ScoredDocument>& heap, const ScoredDocument& candidate, std::size_t count) {
  if (heap.size() == count) {
    if (!better(candidate, heap.front())) return;
    std::pop_heap(heap.begin(), heap.end(), better);
    heap.pop_back();
  }
  heap.push_back(candidate);
  std::push_heap(heap.begin(), heap.end(), better);
}

class VectorScan final : public VectorIndex {
 public:
  VectorScan(const base::KvRead& state, std::uint32_t dimensions, const ScanOptions& options)
      : state_(state),
        dimensions_(dimensions),
        options_(options),
        rotation_(dimensions),
        stripe_(stripe_kernel(options.path.value_or(fastest_path()))),
        dot_(dot_kernel(options.path.value_or(fastest_path()))) {}

  [[nodiscard]] Result<std::vector<ScoredDocument>> nearest(const Vector& query, const Bitmap* allowed,
                                                            std::size_t count) const override {
    std::vector<ScoredDocument> heap;  // the worst of the best on top
    if (count == 0 || query.size() != dimensions_) return heap;
    AUTODEV_TRY(open());
    const std::vector<float> rotated = rotate(query);
    const ScaledQuery scaled(rotated);
    if (!(scaled.factor > 0)) return heap;
    AUTODEV_TRY_ASSIGN(const std::vector<Candidate> candidates, first_pass(rotated, allowed, count));
    std::vector<const char*> rows(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      AUTODEV_TRY_ASSIGN(rows[i], row_of(candidates[i].document));
    }
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (i + rows_ahead < rows.size()) prefetch(rows[i + rows_ahead]);
      const std::uint32_t document = candidates[i].document;
      AUTODEV_TRY_ASSIGN(const double score, similarity(scaled, rows[i], document));
      keep(heap, {document, score}, count);
    }
    std::sort_heap(heap.begin(), heap.end(), better);
    return heap;
  }

  [[nodiscard]] Result<std::vector<double>> similarities(const Vector& query,
                                                         const std::vector<std::uint32_t>& documents) const override {
    std::vector<double> result(documents.size(), 0.0);
    if (query.size() != dimensions_) return result;
    AUTODEV_TRY(open());
    const ScaledQuery scaled(rotate(query));
    for (std::size_t i = 0; i < documents.size(); ++i) {
      if (documents[i] / bit_block_documents >= blocks_.size()) continue;
      AUTODEV_TRY(check_block(documents[i] / bit_block_documents));
      if (!is_live(documents[i])) continue;
      AUTODEV_TRY_ASSIGN(const char* const row, row_of(documents[i]));
      AUTODEV_TRY_ASSIGN(result[i], similarity(scaled, row, documents[i]));
    }
    return result;
  }

 private:
  /// Finds the blocks, once.
  [[nodiscard]] Result<void> open() const {
    if (opened_) return {};
    if (dimensions_ == 0 || dimensions_ > max_dimensions) return fail(ErrorCode::bad_data, "vectors without dimensions");
    Result<void> checked;
    AUTODEV_TRY(state_.scan(options_.tables.bits, {}, {}, [&](std::string_view key, std::string_view block) {
      const auto number = static_cast<std::uint32_t>(blocks_.size());
      if (key != number_key(number) || stripes_of(block.size(), dimensions_) == 0) checked = damaged("the block of signs", number);
      blocks_.push_back(block);
      return checked.has_value();
    }));
    AUTODEV_TRY(checked);
    const std::uint64_t stripes = blocks_.empty() ? 0 : (blocks_.size() - 1) * std::uint64_t{bit_block_stripes} + stripes_of(blocks_.back().size(), dimensions_);
    if (options_.documents > stripes * stripe_documents) return damaged("the block of signs", blocks_.size());
    const std::size_t documents = blocks_.size() * bit_block_documents;
    rows_.assign((documents + rows_per_block(dimensions_) - 1) / rows_per_block(dimensions_), {});
    checked_ = Bitmap(static_cast<std::uint32_t>(documents));
    checked_blocks_ = Bitmap(static_cast<std::uint32_t>(blocks_.size()));
    opened_ = true;
    return {};
  }

  /// Just before a block is read, so that it is fetched from memory once.
  [[nodiscard]] Result<void> check_block(std::uint32_t number) const {
    if (checked_blocks_.test(number)) return {};
    if (load_number<std::uint64_t>(blocks_[number].data()) != bit_block_checksum(blocks_[number], number))
      return damaged("the block of signs", number);
    checked_blocks_.set(number);
    return {};
  }

  [[nodiscard]] std::vector<float> rotate(const Vector& query) const {
    std::vector<float> rotated(query.begin(), query.end());
    rotation_.apply(rotated);
    return rotated;
  }

  [[nodiscard]] bool is_live(std::uint32_t document) const noexcept {
    const std::size_t block = document / bit_block_documents, place = document % bit_block_documents;
    return block < blocks_.size() &&
           ((static_cast<std::uint8_t>(blocks_[block][bit_header_bytes + place / 8]) >> (place % 8)) & 1) != 0;
  }

  [[nodiscard]] std::uint64_t numbers() const noexcept {
    return options_.documents > 0 ? options_.documents : std::uint64_t{blocks_.size()} * bit_block_documents;
  }

  /// What is refined, ascending: the cheapest, or all living documents where they are few.
  [[nodiscard]] Result<std::vector<Candidate>> first_pass(const std::vector<float>& rotated, const Bitmap* allowed,
                                                          std::size_t count) const {
    std::size_t refined = options_.refined != 0 ? options_.refined : refined_of(allowed);
    refined = std::max(refined, refined_per_answer * std::min<std::size_t>(count, UINT32_MAX));
    const bool all = numbers() <= options_.exact_up_to || refined >= numbers();
    Cheapest cheapest(all ? SIZE_MAX : refined, groups_of(dimensions_) * most_group_cost);
    const std::vector<std::uint8_t> table = cost_table(rotated);
    StripeCosts costs;
    for (std::uint32_t block = 0; block < blocks_.size(); ++block) {
      AUTODEV_TRY(check_block(block));
      const WantedStripes wanted = wanted_of(block, allowed);
      for (std::uint32_t i = 0; i < wanted.count; ++i) {
        WantedStripe one = wanted.stripes[i];
        const std::uint32_t first = block * bit_block_documents + one.stripe * stripe_documents;
        if (!all) {
          const bool skips = allowed != nullptr && i + 1 < wanted.count;
          stripe_(stripe_at(block, one.stripe), skips ? stripe_at(block, wanted.stripes[i + 1].stripe) : nullptr,
                  table.data(), groups_of(dimensions_), cheapest.limit(), costs);
          for (std::size_t word = 0; word < 2; ++word) one.documents[word] &= costs.below[word];
        }
        for (std::uint32_t word = 0; word < 2; ++word)
          for (std::uint64_t bits = one.documents[word]; bits != 0; bits &= bits - 1) {
            const std::uint32_t place = word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits));
            cheapest.add(all ? std::uint16_t{0} : costs.costs[place], first + place);
          }
      }
    }
    return cheapest.take();
  }

  /// By how many documents are searched. Counting those of a filter only pays where there may be many.
  [[nodiscard]] std::size_t refined_of(const Bitmap* allowed) const noexcept {
    const bool many = numbers() >= many_documents && (allowed == nullptr || allowed->count() >= many_documents);
    return many ? refined_many : refined_few;
  }

  /// The stripes of a block in which some document lives and is allowed, and which ones these are.
  struct WantedStripe {
    std::uint32_t stripe = 0;
    std::array<std::uint64_t, 2> documents{};
  };
  struct WantedStripes {
    std::uint32_t count = 0;
    std::array<WantedStripe, bit_block_stripes> stripes;
  };
  [[nodiscard]] WantedStripes wanted_of(std::uint32_t block, const Bitmap* allowed) const noexcept {
    WantedStripes wanted;
    for (std::uint32_t stripe = 0; stripe < stripes_of(blocks_[block].size(), dimensions_); ++stripe) {
      WantedStripe& one = wanted.stripes[wanted.count];
      one.stripe = stripe;
      std::memcpy(one.documents.data(), blocks_[block].data() + bit_header_bytes + stripe * sizeof one.documents,
                  sizeof one.documents);
      const std::size_t word = (std::size_t{block} * bit_block_documents + stripe * stripe_documents) / 64;
      if (allowed != nullptr)
        for (std::size_t i = 0; i < 2; ++i) one.documents[i] &= allowed->word(word + i);
      if ((one.documents[0] | one.documents[1]) != 0) ++wanted.count;
    }
    return wanted;
  }
  [[nodiscard]] const char* stripe_at(std::uint32_t block, std::uint32_t stripe) const noexcept {
    return blocks_[block].data() + stripes_start + std::size_t{stripe} * stripe_bytes(dimensions_);
  }

  [[nodiscard]] Result<const char*> row_of(std::uint32_t document) const {
    const std::uint32_t per_block = rows_per_block(dimensions_);
    std::string_view& block = rows_[document / per_block];
    if (block.empty()) {
      AUTODEV_TRY_ASSIGN(const auto stored, state_.get(options_.tables.rows, number_key(document / per_block)));
      block = stored.value_or(std::string_view());
    }
    const std::size_t start = std::size_t{document % per_block} * row_bytes(dimensions_);
    if (block.size() < start + row_bytes(dimensions_))
      return damaged("the vector of document", document);
    return block.data() + start;
  }

  void prefetch(const char* row) const noexcept {
    for (std::size_t i = 0; i < row_bytes(dimensions_); i += 64) __builtin_prefetch(row + i);
  }

  /// `stored` is where the row lies; most of them are alone in their pages.
  [[nodiscard]] Result<double> similarity(const ScaledQuery& query, const char* stored, std::uint32_t document) const {
    AUTODEV_TRY_ASSIGN(const std::string_view fetched, state_.fetch({stored, row_bytes(dimensions_)}, row_buffer_));
    const char* const row = fetched.data();
    if (!checked_.test(document)) {
      if (load_number<std::uint32_t>(row) != row_check({row, row_bytes(dimensions_)}, document))
        return damaged("the vector of document", document);
      checked_.set(document);
    }
    const auto* values = reinterpret_cast<const std::int8_t*>(row + row_header_bytes);
    const auto scale = load_number<float>(row + sizeof(std::uint32_t));
    return dot_(query.values.data(), values, dimensions_) * query.factor * double{scale};
  }

  const base::KvRead& state_;
  std::uint32_t dimensions_;
  ScanOptions options_;
  Rotation rotation_;
  StripeKernel stripe_;
  DotKernel dot_;
  mutable bool opened_ = false;
  mutable std::string row_buffer_;
  mutable std::vector<std::string_view> blocks_;  ///< of signs
  mutable std::vector<std::string_view> rows_;    ///< blocks of rows looked up so far
  mutable Bitmap checked_{0};                     ///< documents whose row agrees with its check
  mutable Bitmap checked_blocks_{0};              ///< blocks of signs that do
};

}  // namespace

std::unique_ptr<VectorIndex> open_vector_scan(const base::KvRead& state, std::uint32_t dimensions,
                                              const ScanOptions& options) {
  return std::make_unique<VectorScan>(state, dimensions, options);
}

}  // namespace autodev::index
