// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Trusted "template/1" bytes: a template that this process encoded, read without encoding it again to compare.
#pragma once

#include <string_view>

#include "mine/template.h"

namespace autodev::mine {

/// An empty template for bytes that cannot be read.
[[nodiscard]] Template trusted_template(std::string_view bytes);

}  // namespace autodev::mine
