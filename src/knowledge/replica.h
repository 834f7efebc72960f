// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Replica: who this copy of a store is.
//
// `.auto-dev/knowledge/replica` holds a random id together with a fingerprint of the place it was made for (machine
// id and absolute path). A store that was copied elsewhere, to another machine or folder, does not match
// its fingerprint and makes itself a new replica, so that two copies never write into one segment.
#pragma once

#include <optional>
#include <string>

#include "autodev/error.h"
#include "autodev/ids.h"
#include "base/env.h"

namespace autodev::knowledge {

/// The id of this copy, absent when none was made here yet. `journal_folder` is `.../knowledge/journal`.
[[nodiscard]] Result<std::optional<ReplicaId>> find_replica(base::Env& env, const std::string& journal_folder);
/// The same, created if absent; all processes of one copy agree.
[[nodiscard]] Result<ReplicaId> find_or_create_replica(base::Env& env, const std::string& journal_folder);

}  // namespace autodev::knowledge
