// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Failed code by its neighbourhood, and patterns that turned out to be harmful.
#include <algorithm>

#include "knowledge/fold.h"
#include "knowledge/guard_rows.h"
#include "knowledge/unit_codec.h"
#include "mine/quality.h"

namespace autodev::knowledge {
namespace {

/// Four failures and no success have a Wilson upper bound of 0.49; fewer cannot be below one half.
constexpr std::uint32_t harmful_failures = 4;
constexpr std::uint32_t harmful_upper_permille = 500;

}  // namespace

Result<void> note_near_failure(FoldState& fold, const CodeUnit& failed, const std::optional<CodeUnit>& after) {
  const Digest id = failure_key(failed);
  AUTODEV_TRY_ASSIGN(auto row, load<NearRow>(fold.kv, table::near, key_of(id)));
  if (!row) {
    const auto tree = checked_tree(failed);
    if (!tree) return {};
    row.emplace();
    row->language = failed.language;
    row->signature = mine::minhash(mine::structural_features(*tree));
    row->before = failed.tree;
    for (const std::uint64_t band : mine::band_keys(row->signature, failed.language))
      AUTODEV_TRY(fold.kv.put(table::near_band, hashed_key(band, id), "\1"));
  } else if (!after) {
    return {};
  }
  if (after && checked_tree(*after)) {
    row->after = after->tree;
    row->after_text = after->text;
  }
  return store(fold, table::near, key_of(id), *row);
}

Result<void> turn_if_harmful(FoldState& fold, PatternId id, const PatternRow& row, Timestamp when) {
  const PatternEvidence& evidence = row.evidence;
  const std::uint32_t passes = evidence.verified_passes + evidence.applied_passed;
  if (evidence.failures < harmful_failures ||
      mine::wilson_upper_permille(passes, passes + evidence.failures) >= harmful_upper_permille)
    return {};
  AUTODEV_TRY_ASSIGN(const auto bytes, fold.kv.get(table::example, std::string(key_of(id)) + '\0'));
  if (!bytes) return fail(ErrorCode::bad_data, "the derived state has a pattern without an instance");
  AUTODEV_TRY_ASSIGN(const CodeUnit leader, decode_unit(*bytes));
  const Digest key = failure_key(leader);
  AUTODEV_TRY_ASSIGN(const auto known, fold.kv.get(table::failed, key_of(key)));
  if (known) return {};
  FailedRow failed;
  failed.unit = leader;
  failed.strength = EvidenceStrength::exit_code;
  failed.failures = evidence.failures;
  failed.later_passes = passes;
  failed.cause = "uses of this pattern failed " + std::to_string(evidence.failures) + " times and passed " +
                 std::to_string(passes) + " times";
  failed.events = row.events;
  failed.first = failed.last = when;
  AUTODEV_TRY(fold.kv.put(table::order, order_key(failed_order, when, key), key_of(key)));
  AUTODEV_TRY(count(fold, counter::anti_patterns));
  AUTODEV_TRY(count(fold, "patterns turned into anti-patterns"));
  fold.changed_anti.insert({key});
  return store(fold, table::failed, key_of(key), failed);
}

}  // namespace autodev::knowledge
