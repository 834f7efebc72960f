// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Ablate: the user's own history as a task stream, to see whether the library is worth anything.
//
// Every successful event contributes the functions it added or changed: what was asked and the documentation are the
// specification, the code is the reference. Such tasks have no tests of their own, so an answer counts as right when it
// equals what was written, up to layout and local names; that is stricter than a test.
#pragma once

#include <string>
#include <vector>

#include "apply/task.h"
#include "knowledge/knowledge_store.h"

namespace autodev::app {

/// Tasks in the order of events, at most `limit` (the latest); the stream is the project. Errors: those of the store.
[[nodiscard]] Result<std::vector<apply::Task>> tasks_of_history(knowledge::KnowledgeStore& store, std::size_t limit);

}  // namespace autodev::app
