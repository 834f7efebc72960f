// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Writing vectors: rotate, quantise, put into the touched blocks, and seal those with checksums when they are written.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "index/index_format.h"
#include "index/vector_blocks.h"
#include "index/vectors.h"

namespace autodev::index {
namespace {

constexpr float row_steps = 127;

void set_live(std::string& block, std::uint32_t place, bool live) noexcept {
  char& byte = block[bit_header_bytes + place / 8];
  const int bit = 1 << (place % 8);
  byte = static_cast<char>(live ? byte | bit : byte & ~bit);
}

char* stripe_of(std::string& block, std::uint32_t place, std::uint32_t dimensions) noexcept {
  return block.data() + stripes_start + std::size_t{place / stripe_documents} * stripe_bytes(dimensions);
}

/// Scale and values; the check comes last.
void write_row(char* row, std::uint32_t document, const std::vector<float>& rotated, float largest) {
  const float steps = row_steps / largest;
  store_number(row + sizeof(std::uint32_t), largest / row_steps);
  for (std::size_t i = 0; i < rotated.size(); ++i) {
    const float value = rotated[i] * steps;  // 127 at most, by the choice of the steps
    row[row_header_bytes + i] = static_cast<char>(static_cast<std::int32_t>(value + (value < 0 ? -0.5F : 0.5F)));
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
    found = blocks.emplace(number, std::string(stored.value_or(std::string_view()))).first;
  }
  if (found->second.size() < bytes) found->second.resize(bytes, '\0');
  return &found->second;
}

Result<void> VectorChanges::set(std::uint32_t document, const Vector& vector) {
  if (vector.size() != dimensions_ || dimensions_ > max_dimensions)
    return fail(ErrorCode::internal, fmt::format("the embedder promised {} dimensions (at most {} are kept) and gave {}",
                                                 dimensions_, max_dimensions, vector.size()));
  if (!std::all_of(vector.begin(), vector.end(), [](float value) { return std::isfinite(value); }))
    return fail(ErrorCode::bad_data, "the embedder gave a vector that is not finite");
  rotated_.assign(vector.begin(), vector.end());
  rotation_.apply(rotated_);
  float largest = 0;
  for (const float value : rotated_) largest = std::max(largest, std::abs(value));
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
