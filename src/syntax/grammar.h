// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Grammar: tree-sitter's parser and tree as owned values.
//
// Only src/syntax sees tree-sitter. A parser stops at its deadline through the progress callback; memory is
// not bounded here, which is why foreign files go through ParserPool.
#pragma once

#include <tree_sitter/api.h>

#include <chrono>
#include <memory>
#include <string_view>

#include "autodev/code.h"
#include "autodev/error.h"

namespace autodev::syntax {

struct TreeDeleter {
  void operator()(TSTree* tree) const noexcept { ts_tree_delete(tree); }
};
using TreePointer = std::unique_ptr<TSTree, TreeDeleter>;

/// The grammar of a language; nullptr for `unknown`. Constant data, safe to share between threads.
[[nodiscard]] const TSLanguage* grammar_of(Language language) noexcept;

/// Parses `source`. `bad_data` when the deadline passed, `internal` when the grammar does not fit the library.
[[nodiscard]] Result<TreePointer> parse_source(std::string_view source, Language language,
                                               std::chrono::milliseconds deadline);

}  // namespace autodev::syntax
