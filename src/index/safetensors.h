// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Safetensors: named arrays of numbers in one file, read in place.
//
// The format: 8 bytes little-endian length of a JSON header, the header {name: {dtype, shape, data_offsets}}, the numbers.
// The file is foreign: every length, offset and shape is compared with the bytes that are really there before it is used.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"

namespace autodev::index::bert {

struct Tensor {
  std::string type;  ///< as the file says: "F32", "F16", "BF16", "I64", ...
  std::vector<std::uint64_t> shape;
  std::string_view bytes;
};
using Tensors = std::map<std::string, Tensor, std::less<>>;

/// The arrays of a file, as views into `bytes`. Errors: `bad_data`, for input of any shape.
[[nodiscard]] Result<Tensors> read_safetensors(std::string_view bytes);

/// The numbers of F32, F16 or BF16 as floats: in place where they are floats at an address for floats, else a copy in `kept`.
/// Errors: `bad_data` for other types.
[[nodiscard]] Result<const float*> floats_of(const Tensor& tensor, std::string_view name, std::vector<std::vector<float>>& kept);

}  // namespace autodev::index::bert
