// SPDX-License-Identifier: MIT OR Apache-2.0
//
// ItemSource: where a cluster index reads the tree of an item again that it only knows by number.
#pragma once

#include <cstdint>
#include <string_view>

#include "syntax/nast.h"

namespace autodev::mine {

/// A tree with the text that its ranges lie in.
struct ItemTree {
  syntax::Nast tree;
  std::string_view text;
};

class ItemSource {
 public:
  virtual ~ItemSource() = default;
  [[nodiscard]] virtual ItemTree read(std::uint32_t item) const = 0;
};

}  // namespace autodev::mine
