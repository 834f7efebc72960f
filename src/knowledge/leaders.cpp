// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Tables "band" (band key, pattern id) and "signature" (64 bins of 4 bytes).
#include "knowledge/leaders.h"

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/wire.h"
#include "knowledge/state_rows.h"
#include "knowledge/window_rows.h"
#include "mine/placed_features.h"

namespace autodev::knowledge {
namespace {

/// Of 134,702 Python functions a tenth of the buckets had more than 8 members; those beyond 64 are generated code, where
/// any leader is as good as another.
constexpr std::size_t max_leaders_per_band = 64;

std::string band_key(std::uint64_t band, LeaderLevel level) {
  if (level == LeaderLevel::window) band = base::mix64(band, 1);
  std::string key;
  for (unsigned shift = 64; shift > 0; shift -= 8) key.push_back(static_cast<char>(band >> (shift - 8)));
  return key;
}

}  // namespace

Result<std::optional<mine::Signature>> leader_signature(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::signature, key_of(id)));
  mine::Signature signature{};
  base::WireReader reader(bytes.value_or(std::string_view()));
  for (std::uint32_t& bin : signature) bin = reader.u32();
  return reader.ok() ? std::optional(signature) : std::nullopt;
}

Result<std::vector<Neighbour>> neighbours(const base::KvRead& state, const mine::Signature& signature, Language language,
                                          LeaderLevel level) {
  std::set<PatternId> ids;
  for (const std::uint64_t band : mine::band_keys(signature, language)) {
    std::size_t seen = 0;
    AUTODEV_TRY(state.scan(table::band, band_key(band, level), {}, [&](std::string_view key, std::string_view) {
      ids.insert({base::WireReader(key.substr(8)).digest()});
      return ++seen < max_leaders_per_band;
    }));
  }
  std::vector<Neighbour> found;
  for (const PatternId& id : ids) {
    AUTODEV_TRY_ASSIGN(const auto leader, leader_signature(state, id));
    if (leader) found.push_back({id, *leader});
  }
  return found;
}

Result<std::vector<PatternId>> leaders_with_window_of(const base::KvRead& state, const syntax::Nast& tree) {
  constexpr std::size_t most = 8;
  std::vector<PatternId> leaders;
  WindowSlots slots;
  for (const mine::Window& window : mine::asked_windows_of(tree, mine::placed_features(tree))) {
    if (leaders.size() == most) break;
    AUTODEV_TRY_ASSIGN(const auto place, slots.find(state, window.bands));
    if (!place) continue;
    AUTODEV_TRY_ASSIGN(const auto unit, load<WindowedUnit>(state, table::window, windowed_unit_key(place->unit)));
    if (unit && std::find(leaders.begin(), leaders.end(), unit->leader) == leaders.end()) leaders.push_back(unit->leader);
  }
  return leaders;
}

Result<void> put_leader(base::KvWrite& state, PatternId id, const mine::Signature& signature, Language language,
                        LeaderLevel level) {
  std::string bytes;
  base::WireWriter writer(bytes);
  for (const std::uint32_t bin : signature) writer.u32(bin);
  AUTODEV_TRY(state.put(table::signature, key_of(id), bytes));
  for (const std::uint64_t band : mine::band_keys(signature, language))
    AUTODEV_TRY(state.put(table::band, band_key(band, level) + std::string(key_of(id)), "\1"));
  return {};
}

}  // namespace autodev::knowledge
