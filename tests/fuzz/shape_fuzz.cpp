// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fuzz: the layout of inputs. The bytes are example inputs, split at the byte 1; whatever they are, inference ends, and
// new inputs are text of bounded size that differ from the example they were made from.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "apply/input_shape.h"
#include "base/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev;
  if (size == 0 || size > (1u << 14)) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> inputs;
  for (const auto part : base::split(text, '\x01')) inputs.push_back(part);
  const auto shape = apply::InputShape::infer(inputs);
  if (!shape) return 0;
  if (shape->describe().empty() || shape->examples().empty()) std::abort();
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const auto near = shape->near(seed % shape->examples().size(), seed);
    if (near && near->size() > (1u << 22)) std::abort();
    const auto fresh = shape->fresh(seed, seed % 2 == 1);
    if (fresh && fresh->size() > (1u << 22)) std::abort();
    if (fresh != shape->fresh(seed, seed % 2 == 1)) std::abort();
  }
  return 0;
}
