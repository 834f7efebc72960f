// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Compression: zstd frames with the size bounded before anything is allocated.
#pragma once

#include <string>
#include <string_view>

#include "autodev/error.h"

namespace autodev::base {

[[nodiscard]] std::string compress(std::string_view bytes, int level = 3);
/// `bad_data` when it is not one zstd frame or would expand beyond `max_bytes`.
[[nodiscard]] Result<std::string> decompress(std::string_view frame, std::size_t max_bytes);

}  // namespace autodev::base
