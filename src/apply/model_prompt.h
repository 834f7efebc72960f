// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Model prompt: what a code model is told. Everything that somebody else wrote is quoted data between marks made from its own
// digest, so no text inside can end its quotation, and the model is told not to take orders from it.
#pragma once

#include <string>

#include "autodev/code.h"

namespace autodev::apply {

struct PromptParts {
  std::string spec, signature, path;
  Language language = Language::unknown;
  std::string file;       ///< the file as it is now; at most its last 32 KiB
  std::string draft;      ///< code fitted from earlier work; empty: none
  std::string draft_reason;
  std::string attempt;    ///< what the model wrote last; empty on the first try
  std::string failure;    ///< how that went, the last 4 KiB
};

/// The same parts give the same bytes.
[[nodiscard]] std::string make_prompt(const PromptParts& parts);

}  // namespace autodev::apply
