// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Answers of embedding endpoints: any bytes are vectors of unit length, as many as asked for, or an error.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "index/bit_scan.h"
#include "index/external_embedder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t count = 1 + data[0] % 4;
  const std::uint32_t dimensions = data[1] % 4;
  const auto vectors = autodev::index::parse_embeddings({reinterpret_cast<const char*>(data + 2), size - 2}, count, dimensions);
  if (!vectors) return 0;
  if (vectors->size() != count) std::abort();
  for (const auto& vector : *vectors) {
    if (vector.empty() || vector.size() > autodev::index::max_dimensions || vector.size() != vectors->front().size()) std::abort();
    if (dimensions != 0 && vector.size() != dimensions) std::abort();
    double square = 0;
    for (const float value : vector) square += double{value} * double{value};
    if (!(std::abs(square - 1) < 1e-3)) std::abort();
  }
  return 0;
}
