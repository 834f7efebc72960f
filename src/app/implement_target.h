// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Where code belongs when nobody said: the one file that the specification names, or the one that already has the function.
#pragma once

#include <string>

#include "app/parts.h"

namespace autodev::app {

/// Path relative to `root`. `usage` when no file or several come into question; the hint names them. Cost: reads the files that
/// git does not ignore, up to `max_bytes`.
[[nodiscard]] Result<std::string> implied_target(Parts& parts, const std::string& root, const std::string& spec,
                                                 const std::string& signature, std::uint64_t max_bytes);

}  // namespace autodev::app
