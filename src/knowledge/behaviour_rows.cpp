// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/behaviour_rows.h"

#include <algorithm>

#include "base/hash.h"
#include "base/row_codec.h"
#include "base/text.h"
#include "knowledge/unit_codec.h"

namespace autodev::knowledge {
namespace {

constexpr std::size_t max_listed_files = 64;

struct Put : base::RowWriter<Put> {
  using RowWriter::RowWriter;
};
struct Take : base::RowReader<Take> {
  using RowReader::RowReader;
};

void members_of(Put& put, const CodeUnit& unit) { put(encode_unit(unit)); }
void members_of(Take& take, CodeUnit& unit) {
  std::string bytes;
  take(bytes);
  auto decoded = decode_unit(bytes);
  if (decoded) unit = std::move(*decoded);
  else take.refuse();
}

AUTODEV_MEMBERS(mine::UsageCounters::Count) { wire(row.objects, row.projects); }
AUTODEV_MEMBERS(mine::UsageCounters::Step) { wire(row.name, row.seen, row.born, row.kept); }
AUTODEV_MEMBERS(mine::UsageCounters::Pair) { wire(row.before, row.after, row.maybe, row.both); }
AUTODEV_MEMBERS(mine::UsageCounters) { wire(row.steps, row.pairs, row.guards, row.objects); }
AUTODEV_MEMBERS(PatternEvidence) {
  wire(row.instances, row.distinct_instances, row.projects, row.verified_passes, row.tested_passes, row.history_passes, row.helped,
       row.irrelevant, row.wrong, row.applied, row.applied_passed, row.failures);
}
AUTODEV_MEMBERS(TimedEvent) { wire(row.when, row.id); }
AUTODEV_MEMBERS(UsageRow) { wire(row.language, row.type, row.counters, row.traces, row.places, row.mined, row.patterns); }
AUTODEV_MEMBERS(TraceExample) { wire(row.project, row.unit); }
AUTODEV_MEMBERS(TraceRow) {
  wire(row.steps, row.places, row.projects, row.events, row.units, row.verified, row.tested, row.history, row.examples, row.first, row.last);
}
AUTODEV_MEMBERS(BehaviourRow) {
  wire(row.group, row.language, row.kind, row.type, row.steps, row.places, row.evidence, row.projects, row.frameworks, row.example_projects, row.events,
       row.learned_at, row.last_seen);
}

template <typename Row>
std::string encode(const Row& row) {
  std::string bytes;
  Put put(bytes);
  members_of(put, row);
  return bytes;
}

template <typename Row>
Result<Row> decode(std::string_view bytes) {
  Take take(bytes);
  Row row{};
  members_of(take, row);
  if (!take.good()) return fail(ErrorCode::bad_data, "a row of the derived state is damaged");
  return row;
}

/// Steps are numbered by their place: counters that name others were not written by us.
bool names_its_steps(const mine::UsageCounters& counters) {
  for (const auto& [key, pair] : counters.pairs)
    if (key.first >= counters.steps.size() || key.second >= counters.steps.size()) return false;
  for (const auto& [key, count] : counters.guards)
    if (key.first >= counters.steps.size()) return false;
  return true;
}

}  // namespace

std::string encode_row(const UsageRow& row) { return encode(row); }
std::string encode_row(const TraceRow& row) { return encode(row); }
std::string encode_row(const BehaviourRow& row) { return encode(row); }

template <>
Result<UsageRow> decode_row<UsageRow>(std::string_view bytes) {
  AUTODEV_TRY_ASSIGN(UsageRow row, decode<UsageRow>(bytes));
  if (!names_its_steps(row.counters)) return fail(ErrorCode::bad_data, "a row of the derived state is damaged");
  return row;
}
template <>
Result<TraceRow> decode_row<TraceRow>(std::string_view bytes) { return decode<TraceRow>(bytes); }
template <>
Result<BehaviourRow> decode_row<BehaviourRow>(std::string_view bytes) { return decode<BehaviourRow>(bytes); }

bool note_file(std::vector<std::uint64_t>& places, std::uint64_t place) {
  const auto found = std::lower_bound(places.begin(), places.end(), place);
  if (found != places.end() && *found == place) return false;
  if (found == places.end() && places.size() >= max_listed_files) return false;
  places.insert(found, place);
  if (places.size() > max_listed_files) places.pop_back();
  return true;
}

std::uint32_t files_of(const std::vector<std::uint64_t>& places) noexcept {
  const auto listed = static_cast<std::uint32_t>(places.size());
  if (places.size() < max_listed_files) return listed;
  constexpr double all_hashes = 18446744073709551616.0;
  const double estimate = (static_cast<double>(listed) - 1) * (all_hashes / (static_cast<double>(places.back()) + 1));
  return static_cast<std::uint32_t>(std::clamp(estimate, static_cast<double>(listed), 4e9));
}

std::string usage_key(Language language, std::string_view type) {
  const Digest digest = base::hash128(std::string(to_string(language)) + '\n' + std::string(type));
  return std::string(key_of(digest));
}

std::string trace_key(std::string_view group, const std::vector<std::string>& steps) {
  const Digest digest = base::hash128(base::join(steps, "\n"));
  return std::string(group) + std::string(key_of(digest));
}

PatternId behaviour_id(Language language, std::string_view type, const std::vector<std::string>& steps) {
  return {base::hash128("behaviour\n" + std::string(to_string(language)) + '\n' + std::string(type) + '\n' + base::join(steps, "\n"))};
}

}  // namespace autodev::knowledge
