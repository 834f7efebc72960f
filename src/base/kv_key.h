// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The rule for keys that both stores keep.
#pragma once

#include <fmt/format.h>

#include <string_view>

#include "autodev/error.h"

namespace autodev::base {

/// LMDB's own limit is 511 bytes; 480 leaves room for a change of format.
inline constexpr std::size_t longest_kv_key = 480;

[[nodiscard]] inline Result<void> check_kv_key(std::string_view key) {
  if (!key.empty() && key.size() <= longest_kv_key) return {};
  return fail(ErrorCode::internal,
              fmt::format("a key of {} bytes is not between 1 and {}", key.size(), longest_kv_key));
}

}  // namespace autodev::base
