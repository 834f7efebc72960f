// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Leaders: the signatures of leading instances in the state, found by the bands they share with a unit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "autodev/ids.h"
#include "base/kv.h"
#include "mine/signature.h"

namespace autodev::knowledge {

struct Neighbour {
  PatternId id;
  mine::Signature signature;
};

/// Leaders that share a band with the signature, by id; at most 64 of each band.
[[nodiscard]] Result<std::vector<Neighbour>> neighbours(const base::KvRead& state, const mine::Signature& signature,
                                                        Language language);
/// Of the leader of `id`.
[[nodiscard]] Result<std::optional<mine::Signature>> leader_signature(const base::KvRead& state, PatternId id);
/// Makes the leader of `id` findable.
Result<void> put_leader(base::KvWrite& state, PatternId id, const mine::Signature& signature, Language language);

}  // namespace autodev::knowledge
