// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Error recall: what is known about the errors in a piece of output, and what repaired them before.
//
// The output is read exactly as that of a wrapped command, so its errors have the same signatures. An identical signature
// answers; a similar one is offered only when asked by words, and is marked as no more than that.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/error_signature.h"
#include "knowledge/knowledge_store.h"

namespace autodev::app {

struct RecalledError {
  evidence::ErrorSignature asked;
  std::optional<knowledge::KnownError> known;  ///< absent: nothing is known
  bool identical = false;    ///< the same signature; otherwise the nearest by words
  bool same_message = false; ///< also the same names and numbers as when it was repaired
  double similarity = 0;     ///< share of words in common, [0, 1]; 1 when identical
};

/// One entry for each signature in `output`, at most `limit`; empty when there is no error in it. Text that no tool wrote counts as one message when
/// it is one line, or its first line speaks of a failure.
[[nodiscard]] Result<std::vector<RecalledError>> recall_errors(knowledge::KnowledgeStore& store, std::string_view output, std::size_t limit);

}  // namespace autodev::app
