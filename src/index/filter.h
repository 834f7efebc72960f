// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Filter: conditions as a bitmap over document numbers, read from posting lists like any other term.
#pragma once

#include <optional>

#include "autodev/error.h"
#include "base/kv.h"
#include "index/bitmap.h"
#include "index/index_format.h"
#include "index/search_index.h"

namespace autodev::index {

/// The documents that meet every condition; absent when there is none.
[[nodiscard]] Result<std::optional<Bitmap>> allowed_documents(const base::KvRead& state, const Head& head,
                                                              const Filter& filter);

}  // namespace autodev::index
