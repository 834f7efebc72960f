// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Writing vectors: rotate, quantise, put into the touched blocks, and seal those with checksums when they are written.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "index/index_format.h"
#include "index/vector_blocks.h"
#include "index/vectors.h"

namespace autodev::index {
namespace {

constexpr float row_steps = 127;
/// Blocks grow a document at a time; both sorts are below this at the built-in 256 dimensions.
constexpr std::size_t most_block_bytes = 70u << 10;

void set_live(std::string& block, std::uint32_t place, bool live) noexcept {
  char& byte = block[bit_header_bytes + place / 8];
  const int bit = 1 << (place % 8);
  byte = static_cast<char>(live ? byte | bit : byte & ~bit);
}

char* stripe_of(std::string& block, std::uint32_t place, std::uint32_t dimensions) noexcept {
  return block.data() + stripes_start + std::size_t{place / stripe_documents} * stripe_bytes(dimensions);
}

/// The largest absolute value; not a number where some value is none. Lanes, so that the compiler may compare several
/// at once.
float largest_of(const std::vector<float>& values) noexcept {
  std::array<float, 16> lanes{};
  int odd = 0;
  const std::size_t whole = values.size() / lanes.size() * lanes.size();
  const float* const from = values.data();
  for (std::size_t i = 0; i < whole; i += lanes.size())
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      const float value = std::abs(from[i + lane]);
      odd |= value <= std::numeric_limits<float>::max() ? 0 : 1;
      lanes[lane] = value > lanes[lane] ? value : lanes[lane];
    }
  for (std::size_t i = whole; i < values.size(); ++i) {
    odd |= std::isfinite(from[i]) ? 0 : 1;
    lanes[0] = std::max(lanes[0], std::abs(from[i]));
  }
  return odd != 0 ? std::numeric_limits<float>::quiet_NaN() : *std::max_element(lanes.begin(), lanes.end());
}

/// Scale and values; the check comes last.
void write_row(char* row, std::uint32_t document, const std::vector<float>& rotated, float largest) {
  const float steps = row_steps / largest;
  store_number(row + sizeof(std::uint32_t), largest / row_steps);
  const float* __restrict__ const from = rotated.data();
  auto* __restrict__ const to = reinterpret_cast<std::int8_t*>(row + row_header_bytes);
  const std::size_t count = rotated.size();
  for (std::size_t i = 0; i < count; ++i) {
    const float value = from[i] * steps;  // 127 at most, by the choice of the steps
    to[i] = static_cast<std::int8_t>(static_cast<std::int32_t>(value + std::copysign(0.5F, value)));
  }
  store_number(row, row_check({row, row_header_bytes + rotated.size()}, document));
}

}  // namespace

VectorChanges::VectorChanges(base::KvWrite& state, std::uint32_t dimensions, VectorTables tables)
    : state_(state), dimensions_(dimensions), tables_(tables), rotation_(dimensions), rotated_(dimensions) {}

Result<std::string*> VectorChanges::block(Blocks& blocks, base::Table table, std::uint32_t number, std::size_t bytes) {
  auto found = blocks.find(number);
  if (found == blocks.end()) {
    AUTODEV_TRY_ASSIGN(const auto stored, state_.get(table, number_key(number)));
    found = blocks.emplace(number, std::string()).first;
    found->second.reserve(most_block_bytes);
    found->second = stored.value_or(std::string_view());
  }
  if (found->second.size() < bytes) found->second.resize(bytes, '\0');
  return &found->second;
}

Result<void> VectorChanges::set(std::uint32_t document, const Vector& vector) {
  if (vector.size() != dimensions_ || dimensions_ > max_dimensions)
    return fail(ErrorCode::internal,
                fmt::format("the embedder promised {} dimensions (at most {} are kept) and gave {}", dimensions_,
                            max_dimensions, vector.size()));
  if (!std::isfinite(largest_of(vector)))
    return fail(ErrorCode::bad_data, "the embedder gave a vector that is not finite");
  rotated_.assign(vector.begin(), vector.end());
  rotation_.apply(rotated_);
  const float largest = largest_of(rotated_);
  // Far below unit length there is nothing to compare, and the steps would not be finite.
  if (!(largest > 1e-30F) || !std::isfinite(row_steps / largest)) return remove(document);

  const std::uint32_t place = document % bit_block_documents;
  AUTODEV_TRY_ASSIGN(std::string* const bits,
                     block(bits_, tables_.bits, document / bit_block_documents, bit_block_bytes(dimensions_, place)));
  set_live(*bits, place, true);
  set_signs(stripe_of(*bits, place, dimensions_), place % stripe_documents, rotated_);
  const std::uint32_t rows = rows_per_block(dimensions_);
  const std::size_t end = (std::size_t{document % rows} + 1) * row_bytes(dimensions_);
  AUTODEV_TRY_ASSIGN(std::string* const block_rows, block(rows_, tables_.rows, document / rows, end));
  write_row(block_rows->data() + (end - row_bytes(dimensions_)), document, rotated_, largest);
  return {};
}

Result<void> VectorChanges::remove(std::uint32_t document) {
  const std::uint32_t place = document % bit_block_documents;
  AUTODEV_TRY_ASSIGN(std::string* const bits,
                     block(bits_, tables_.bits, document / bit_block_documents, bit_block_bytes(dimensions_, place)));
  set_live(*bits, place, false);
  clear_signs(stripe_of(*bits, place, dimensions_), place % stripe_documents, dimensions_);
  const std::uint32_t rows = rows_per_block(dimensions_);
  const std::size_t end = (std::size_t{document % rows} + 1) * row_bytes(dimensions_);
  AUTODEV_TRY_ASSIGN(std::string* const block_rows, block(rows_, tables_.rows, document / rows, end));
  std::fill_n(block_rows->data() + (end - row_bytes(dimensions_)), row_bytes(dimensions_), '\0');
  return {};
}

Result<void> VectorChanges::apply() {
  for (auto& [number, block] : bits_) {
    store_number(block.data(), bit_block_checksum(block, number));
    AUTODEV_TRY(state_.put(tables_.bits, number_key(number), block));
  }
  for (const auto& [number, block] : rows_) AUTODEV_TRY(state_.put(tables_.rows, number_key(number), block));
  bits_.clear();
  rows_.clear();
  return {};
}

}  // namespace autodev::index
