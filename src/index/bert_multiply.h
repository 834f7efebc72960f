// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The product of bert_kernels.h for each instruction set.
#pragma once

#include "index/bert_kernels.h"

namespace autodev::index::bert {

[[nodiscard]] void (*product_kernel(CpuPath path) noexcept)(const Product& product) noexcept;

}  // namespace autodev::index::bert
