// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Trusted NAST/1 bytes: a tree that this process wrote or has checked, read at less than half the cost of decode_nast,
// which encodes it again to compare.
#pragma once

#include <string_view>

#include "syntax/nast.h"

namespace autodev::syntax {

/// Other bytes give some tree or an empty one, in bounded work and with all ranges and numbers inside their bounds.
[[nodiscard]] Nast trusted_nast(std::string_view bytes);

}  // namespace autodev::syntax
