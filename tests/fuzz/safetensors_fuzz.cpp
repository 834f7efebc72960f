// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Weights of any shape are read or refused, and what is read lies within the file.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "index/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev::index::bert;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto tensors = read_safetensors(bytes);
  if (!tensors) return 0;
  for (const auto& [name, tensor] : *tensors) {
    if (!tensor.bytes.empty() && (tensor.bytes.data() < bytes.data() || tensor.bytes.data() + tensor.bytes.size() > bytes.data() + size))
      std::abort();
    std::vector<std::vector<float>> kept;
    const auto floats = floats_of(tensor, name, kept);
    if (!floats) continue;
    volatile float sum = 0;
    const std::size_t count = tensor.bytes.size() / (tensor.type == "F32" ? 4 : 2);
    for (std::size_t i = 0; i < count; ++i) sum = sum + (*floats)[i];
  }
  return 0;
}
