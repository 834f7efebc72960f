// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Variants: small changes elsewhere, made to failed code and to its fix alike.
//
// A measurement of near repeats needs code that is nearly the failed one and still wrong, and the same variation of the
// fix, which must not be flagged. Each variant deletes, doubles or swaps statements that both versions share and
// that hold no part of the fix; both versions are changed in the same way.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syntax/nast.h"

namespace autodev::mine {

struct VariantPair {
  std::string failed, fixed;  ///< unit texts
};

/// At most `limit` variants, spread over the unit. Deterministic.
[[nodiscard]] std::vector<VariantPair> variants(const syntax::Nast& failed, std::string_view failed_text,
                                                const syntax::Nast& fixed, std::string_view fixed_text, std::size_t limit);

}  // namespace autodev::mine
