// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Tamper: a library made worthless or treacherous on purpose.
//
// A number about learning means little until the same program with a spoilt library does worse. *Shuffled*: every
// specification is remembered with the solution of another task. *Poisoned*: every solution is remembered with one
// quiet mistake in it. The first must save next to nothing, the second must not be believed.
#pragma once

#include <cstdint>
#include <string>

#include "autodev/code.h"

namespace autodev::apply {

enum class Tamper : std::uint8_t { none, shuffled, poisoned };

/// `code` with every identifier `from` replaced by `to`.
[[nodiscard]] std::string rename_identifier(const std::string& code, Language language, const std::string& from,
                                            const std::string& to);

/// `code` with one token behind byte `body` changed so that it means something else (an operator, a number, a truth
/// value, a text), chosen by `seed`; unchanged when there is nothing to change.
[[nodiscard]] std::string poisoned(const std::string& code, Language language, std::size_t body, std::uint64_t seed);

}  // namespace autodev::apply
