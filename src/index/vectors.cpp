// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The int8 scan. The query is kept at 12 bits, so only the documents' rounding counts; products are added as
// integers, which makes the result the same on every machine whatever instructions it has.
#include "index/vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "index/index_format.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define AUTODEV_AVX2 1
#endif

namespace autodev::index {
namespace {

constexpr std::uint32_t chunk_documents = 64;
constexpr double row_steps = 127;
constexpr double query_steps = 2047;  // 2047 * 127 * dimensions stays below 2^31 up to 8,192 dimensions
constexpr std::size_t scale_bytes = sizeof(float);

[[gnu::always_inline]] inline std::int32_t dot_loop(const std::int16_t* query, const std::int8_t* row,
                                                    std::uint32_t count) noexcept {
  std::int32_t sum = 0;
  for (std::uint32_t i = 0; i < count; ++i) sum += std::int32_t{query[i]} * std::int32_t{row[i]};
  return sum;
}

std::int32_t dot_plain(const std::int16_t* query, const std::int8_t* row, std::uint32_t count) noexcept {
  return dot_loop(query, row, count);
}

#ifdef AUTODEV_AVX2
[[gnu::target("avx2")]] std::int32_t dot_avx2(const std::int16_t* query, const std::int8_t* row,
                                              std::uint32_t count) noexcept {
  return dot_loop(query, row, count);
}
#endif

using Dot = std::int32_t (*)(const std::int16_t*, const std::int8_t*, std::uint32_t) noexcept;

Dot fastest_dot() noexcept {
#ifdef AUTODEV_AVX2
  if (__builtin_cpu_supports("avx2")) return dot_avx2;
#endif
  return dot_plain;
}

/// Rounds half away from zero, inline.
std::int32_t nearest_step(double value) noexcept {
  return static_cast<std::int32_t>(value < 0 ? value - 0.5 : value + 0.5);
}

/// A query as integers and the factor that turns dot products into cosines.
struct ScaledQuery {
  std::vector<std::int16_t> values;
  double factor = 0;

  explicit ScaledQuery(const Vector& query) : values(query.size()) {
    float largest = 0;
    for (const float value : query) largest = std::max(largest, std::abs(value));
    if (!(largest > 0)) return;
    const double steps = query_steps / double{largest};
    for (std::size_t i = 0; i < query.size(); ++i)
      values[i] = static_cast<std::int16_t>(nearest_step(double{query[i]} * steps));
    factor = 1 / steps;
  }
};

float scale_of(std::string_view row) noexcept {
  float scale = 0;
  std::memcpy(&scale, row.data(), scale_bytes);
  return scale;
}

class VectorScan final : public VectorIndex {
 public:
  VectorScan(const base::KvRead& state, std::uint32_t dimensions)
      : state_(state), dimensions_(dimensions), row_bytes_(scale_bytes + dimensions), dot_(fastest_dot()) {}

  [[nodiscard]] Result<std::vector<ScoredDocument>> nearest(const Vector& query, const Bitmap* allowed,
                                                            std::size_t count) const override {
    std::vector<ScoredDocument> heap;  // the worst of the best on top
    if (count == 0 || query.size() != dimensions_) return heap;
    const ScaledQuery scaled(query);
    AUTODEV_TRY(state_.scan(vector_table, {}, {}, [&](std::string_view key, std::string_view rows) {
      std::uint32_t document = chunk_number(key) * chunk_documents;
      for (; rows.size() >= row_bytes_; rows.remove_prefix(row_bytes_), ++document) {
        if (allowed != nullptr && !allowed->test(document)) continue;
        if (scale_of(rows) == 0) continue;
        keep(heap, {document, similarity(scaled, rows)}, count);
      }
      return true;
    }));
    std::sort_heap(heap.begin(), heap.end(), better);
    return heap;
  }

  [[nodiscard]] Result<std::vector<double>> similarities(const Vector& query,
                                                         const std::vector<std::uint32_t>& documents) const override {
    std::vector<double> result;
    result.reserve(documents.size());
    const ScaledQuery scaled(query);
    for (const std::uint32_t document : documents) {
      AUTODEV_TRY_ASSIGN(const auto rows, state_.get(vector_table, number_key(document / chunk_documents)));
      const std::size_t start = std::size_t{document % chunk_documents} * row_bytes_;
      const bool present = rows && query.size() == dimensions_ && rows->size() >= start + row_bytes_;
      result.push_back(present ? similarity(scaled, rows->substr(start, row_bytes_)) : 0.0);
    }
    return result;
  }

 private:
  static std::uint32_t chunk_number(std::string_view key) noexcept {
    std::uint32_t number = 0;
    for (const char c : key.substr(0, 4)) number = (number << 8) | static_cast<std::uint8_t>(c);
    return number;
  }

  static void keep(std::vector<ScoredDocument>& heap, const ScoredDocument& candidate, std::size_t count) {
    if (heap.size() == count) {
      if (!better(candidate, heap.front())) return;
      std::pop_heap(heap.begin(), heap.end(), better);
      heap.pop_back();
    }
    heap.push_back(candidate);
    std::push_heap(heap.begin(), heap.end(), better);
  }

  [[nodiscard]] double similarity(const ScaledQuery& query, std::string_view row) const noexcept {
    const auto* values = reinterpret_cast<const std::int8_t*>(row.data() + scale_bytes);
    return dot_(query.values.data(), values, dimensions_) * query.factor * double{scale_of(row)};
  }

  const base::KvRead& state_;
  std::uint32_t dimensions_;
  std::size_t row_bytes_;
  Dot dot_;
};

}  // namespace

std::unique_ptr<VectorIndex> open_vector_scan(const base::KvRead& state, std::uint32_t dimensions) {
  return std::make_unique<VectorScan>(state, dimensions);
}

Result<std::string*> VectorChanges::row(std::uint32_t document) {
  const std::uint32_t number = document / chunk_documents;
  const std::size_t end = (std::size_t{document % chunk_documents} + 1) * (scale_bytes + dimensions_);
  auto found = chunks_.find(number);
  if (found == chunks_.end()) {
    AUTODEV_TRY_ASSIGN(const auto stored, state_.get(vector_table, number_key(number)));
    found = chunks_.emplace(number, std::string(stored.value_or(std::string_view()))).first;
  }
  if (found->second.size() < end) found->second.resize(end, '\0');
  return &found->second;
}

Result<void> VectorChanges::set(std::uint32_t document, const Vector& vector) {
  if (vector.size() != dimensions_)
    return fail(ErrorCode::internal,
                fmt::format("the embedder promised {} dimensions and gave {}", dimensions_, vector.size()));
  if (!std::all_of(vector.begin(), vector.end(), [](float value) { return std::isfinite(value); }))
    return fail(ErrorCode::bad_data, "the embedder gave a vector that is not finite");
  AUTODEV_TRY_ASSIGN(std::string* const chunk, row(document));
  char* const out = chunk->data() + std::size_t{document % chunk_documents} * (scale_bytes + dimensions_);
  float largest = 0;
  for (const float value : vector) largest = std::max(largest, std::abs(value));
  const float scale = static_cast<float>(double{largest} / row_steps);
  std::memcpy(out, &scale, scale_bytes);
  for (std::size_t i = 0; i < vector.size(); ++i) {
    const double steps = scale > 0 ? std::clamp(double{vector[i]} / double{scale}, -row_steps, row_steps) : 0.0;
    out[scale_bytes + i] = static_cast<char>(static_cast<std::int8_t>(nearest_step(steps)));
  }
  return {};
}

Result<void> VectorChanges::remove(std::uint32_t document) {
  AUTODEV_TRY_ASSIGN(std::string* const chunk, row(document));
  const std::size_t bytes = scale_bytes + dimensions_;
  std::fill_n(chunk->begin() + static_cast<std::ptrdiff_t>((document % chunk_documents) * bytes), bytes, '\0');
  return {};
}

Result<void> VectorChanges::apply() {
  for (const auto& [number, rows] : chunks_) AUTODEV_TRY(state_.put(vector_table, number_key(number), rows));
  chunks_.clear();
  return {};
}

}  // namespace autodev::index
