// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Standard input, bounded: what a command reads when it is given "-".
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "autodev/error.h"

namespace autodev::app {

/// Calls `take` with each piece until the end, or until it answers false.
void for_each_input_piece(const std::function<bool(std::string_view)>& take);

/// All of it; `bad_data` when it is larger than `max_bytes`.
[[nodiscard]] Result<std::string> read_standard_input(std::uint64_t max_bytes);

}  // namespace autodev::app
