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

/// Leaders of windows are apart from those of functions, types and blocks, which they can never join.
enum class LeaderLevel : std::uint8_t { unit, window };

struct Neighbour {
  PatternId id;
  mine::Signature signature;
};

/// Leaders that share a band with the signature, by id; at most 64 of each band.
[[nodiscard]] Result<std::vector<Neighbour>> neighbours(const base::KvRead& state, const mine::Signature& signature,
                                                        Language language, LeaderLevel level = LeaderLevel::unit);
/// Of the leader of `id`.
[[nodiscard]] Result<std::optional<mine::Signature>> leader_signature(const base::KvRead& state, PatternId id);
/// Leaders of the functions that hold a run of statements like one of the tree's, at most 8, in its order. Cost: four
/// look-ups a window.
[[nodiscard]] Result<std::vector<PatternId>> leaders_with_window_of(const base::KvRead& state, const syntax::Nast& tree);
/// Makes the leader of `id` findable.
Result<void> put_leader(base::KvWrite& state, PatternId id, const mine::Signature& signature, Language language,
                        LeaderLevel level = LeaderLevel::unit);

}  // namespace autodev::knowledge
