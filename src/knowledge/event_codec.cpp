// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Absent optionals, empty texts and default values are not written, so an event's content id does not change
// when a later version adds a member that the event does not use.
#include "knowledge/event_codec.h"

#include <algorithm>

#include "base/text.h"
#include "knowledge/unit_codec.h"

namespace autodev::knowledge {
namespace {

// Limits stated by event.h; where it states none, far above anything observed: the largest import of a
// repository's first commit seen while designing this had 9,000 units.
constexpr std::size_t max_specification_bytes = std::size_t{64} << 10;
constexpr std::size_t max_parts = 1024;
constexpr std::size_t max_units = 16'384;
constexpr std::size_t max_failures = 256;
constexpr std::size_t max_message_bytes = 4096;
constexpr std::size_t max_patterns = 4096;
constexpr std::size_t max_ledger = 64;
constexpr std::size_t max_diff_bytes = std::size_t{16} << 10;
constexpr std::size_t max_flaky_tests = 64;
constexpr std::size_t max_covered_parts = 256;
constexpr std::uint64_t max_tokens = std::uint64_t{1} << 53;  // a whole number in every reader of JSON

void write_text(CborMap& map, std::string_view key, std::string_view value, std::size_t max = max_name_bytes) {
  if (!value.empty()) map.key(key).text(base::clip_utf8(value, max));
}

template <typename IdType>
void write_id(CborMap& map, std::string_view key, const IdType& id) {
  if (!id.empty()) write_digest(map.key(key), id.digest);
}

template <typename T>
void write_optional(CborMap& map, std::string_view key, const std::optional<T>& value) {
  if (!value) return;
  CborWriter& writer = map.key(key);
  if constexpr (std::is_same_v<T, bool>) writer.boolean(*value);
  else if constexpr (std::is_same_v<T, double>) writer.number(*value);
  else if constexpr (std::is_same_v<T, Milliseconds>) writer.integer(value->count());
  else writer.integer(static_cast<std::int64_t>(*value));
}

void write_texts(CborMap& map, CborWriter& writer, std::string_view key, const std::vector<std::string>& texts, std::size_t max) {
  if (texts.empty()) return;
  const std::size_t count = std::min(texts.size(), max);
  map.key(key).array(count);
  for (std::size_t i = 0; i < count; ++i) writer.text(base::clip_utf8(texts[i], max_name_bytes));
}

void read_texts(CborReader& reader, std::vector<std::string>& texts, std::size_t max) {
  const std::size_t count = reader.array(max);
  for (std::size_t i = 0; i < count && reader.ok(); ++i) texts.emplace_back(reader.string(max_name_bytes));
}

void write_specification(CborWriter& writer, const Specification& specification) {
  CborMap map(writer);
  write_text(map, "text", specification.text, max_specification_bytes);
  write_text(map, "language", specification.language);
  write_text(map, "signature", specification.signature);
  write_texts(map, writer, "parts", specification.parts, max_parts);
}

void write_units(CborWriter& writer, const std::vector<UnitChange>& units) {
  std::vector<const UnitChange*> fitting;
  for (const UnitChange& change : units)
    if ((!change.before || fits_journal(*change.before)) && (!change.after || fits_journal(*change.after)) &&
        fitting.size() < max_units)
      fitting.push_back(&change);
  writer.array(fitting.size());
  for (const UnitChange* change : fitting) {
    CborMap map(writer);
    if (change->before) write_unit(map.key("before"), *change->before);
    if (change->after) write_unit(map.key("after"), *change->after);
  }
}

void write_outcome(CborWriter& writer, const Outcome& outcome) {
  CborMap map(writer);
  map.key("verdict").text(to_string(outcome.verdict));
  map.key("strength").text(to_string(outcome.strength));
  write_text(map, "tool", outcome.tool);
  write_text(map, "command", outcome.command);
  write_optional(map, "exit_code", outcome.exit_code);
  write_optional(map, "tests_passed", outcome.tests_passed);
  write_optional(map, "tests_failed", outcome.tests_failed);
  write_optional(map, "tests_skipped", outcome.tests_skipped);
  if (outcome.flaky) map.key("flaky").boolean(true);
  write_texts(map, writer, "flaky_tests", outcome.flaky_tests, max_flaky_tests);
  if (outcome.runs != 1) map.key("runs").integer(outcome.runs);
  write_optional(map, "tests_passed_before", outcome.tests_passed_before);
  write_optional(map, "mutants_killed", outcome.mutants_killed);
  write_optional(map, "mutants_survived", outcome.mutants_survived);
  write_texts(map, writer, "covered_parts", outcome.covered_parts, max_covered_parts);
  write_optional(map, "changed_lines_covered", outcome.changed_lines_covered);
  if (outcome.failures.empty()) return;
  const std::size_t count = std::min(outcome.failures.size(), max_failures);
  map.key("failures").array(count);
  for (std::size_t i = 0; i < count; ++i) {
    const CheckFailure& failure = outcome.failures[i];
    CborMap entry(writer);
    write_text(entry, "id", failure.id);
    write_text(entry, "file", failure.file);
    if (failure.line != 0) entry.key("line").integer(failure.line);
    write_text(entry, "message", failure.message, max_message_bytes);
  }
}

/// What the reader takes: a count beyond would make the whole event unreadable.
std::optional<std::uint64_t> readable(const std::optional<std::uint64_t>& tokens) {
  return tokens ? std::optional(std::min(*tokens, max_tokens)) : std::nullopt;
}

void write_ledger(CborWriter& writer, const std::vector<LedgerEntry>& ledger) {
  const std::size_t count = std::min(ledger.size(), max_ledger);
  writer.array(count);
  for (std::size_t i = 0; i < count; ++i) {
    CborMap entry(writer);
    entry.key("class").text(to_string(ledger[i].kind));
    entry.key("calls").integer(ledger[i].calls);
    write_optional(entry, "tokens_in", readable(ledger[i].tokens_in));
    write_optional(entry, "tokens_out", readable(ledger[i].tokens_out));
    write_optional(entry, "cost", ledger[i].cost);
  }
}

void write_measures(CborMap& map, CborWriter& writer, const LearningEvent& event) {
  if (event.success != SuccessMetrics{}) {
    CborMap success(map.key("success"));
    write_optional(success, "compilation", event.success.compilation_success);
    write_optional(success, "tests", event.success.tests_passed);
    write_optional(success, "performance", event.success.performance_met);
    write_optional(success, "security", event.success.security_passed);
    write_optional(success, "coverage", event.success.specification_coverage);
    write_optional(success, "time_ms", event.success.implementation_time);
    write_optional(success, "llm_calls", event.success.llm_calls_used);
  }
  if (event.metrics != PerformanceMetrics{}) {
    CborMap metrics(map.key("metrics"));
    write_optional(metrics, "runtime_ms", event.metrics.runtime_ms);
    write_optional(metrics, "baseline_ms", event.metrics.baseline_runtime_ms);
    write_optional(metrics, "memory_mb", event.metrics.memory_mb);
  }
  if (!event.ledger.empty()) write_ledger(map.key("ledger"), event.ledger);
  if (event.patterns_used.empty()) return;
  const std::size_t count = std::min(event.patterns_used.size(), max_patterns);
  map.key("patterns").array(count);
  for (std::size_t i = 0; i < count; ++i) write_digest(writer, event.patterns_used[i].digest);
}

/// A value of an enumeration by its persisted name; an unknown name fails the reader.
template <typename Enum, typename Parse>
void read_name(CborReader& reader, Enum& value, const Parse& parse) {
  const auto parsed = parse(reader.string(64));
  if (parsed) value = *parsed;
  else reader.reject();
}

void read_specification(CborReader& reader, Specification& specification) {
  read_map(reader, [&](std::string_view key) {
    if (key == "text") specification.text = reader.string(max_specification_bytes);
    else if (key == "language") specification.language = reader.string(max_name_bytes);
    else if (key == "signature") specification.signature = reader.string(max_name_bytes);
    else if (key == "parts") read_texts(reader, specification.parts, max_parts);
    else reader.skip();
  });
}

void read_units(CborReader& reader, std::vector<UnitChange>& units) {
  const std::size_t count = reader.array(max_units);
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    UnitChange& change = units.emplace_back();
    read_map(reader, [&](std::string_view key) {
      if (key == "before") change.before = read_unit(reader);
      else if (key == "after") change.after = read_unit(reader);
      else reader.skip();
    });
  }
}

void read_failures(CborReader& reader, std::vector<CheckFailure>& failures) {
  const std::size_t count = reader.array(max_failures);
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    CheckFailure& failure = failures.emplace_back();
    read_map(reader, [&](std::string_view key) {
      if (key == "id") failure.id = reader.string(max_name_bytes);
      else if (key == "file") failure.file = reader.string(max_name_bytes);
      else if (key == "line") failure.line = static_cast<std::uint32_t>(reader.natural(UINT32_MAX));
      else if (key == "message") failure.message = reader.string(max_message_bytes);
      else reader.skip();
    });
  }
}

bool read_test_strength(CborReader& reader, std::string_view key, Outcome& outcome) {
  const auto count = [&reader] { return static_cast<std::uint32_t>(reader.natural(UINT32_MAX)); };
  if (key == "flaky_tests") read_texts(reader, outcome.flaky_tests, max_flaky_tests);
  else if (key == "runs") outcome.runs = count();
  else if (key == "tests_passed_before") outcome.tests_passed_before = count();
  else if (key == "mutants_killed") outcome.mutants_killed = count();
  else if (key == "mutants_survived") outcome.mutants_survived = count();
  else if (key == "covered_parts") read_texts(reader, outcome.covered_parts, max_covered_parts);
  else if (key == "changed_lines_covered") outcome.changed_lines_covered = reader.number();
  else return false;
  return true;
}

void read_outcome(CborReader& reader, Outcome& outcome) {
  const auto count = [&reader] { return static_cast<std::uint32_t>(reader.natural(UINT32_MAX)); };
  read_map(reader, [&](std::string_view key) {
    if (key == "verdict") read_name(reader, outcome.verdict, verdict_from_name);
    else if (key == "strength") read_name(reader, outcome.strength, strength_from_name);
    else if (key == "tool") outcome.tool = reader.string(max_name_bytes);
    else if (key == "command") outcome.command = reader.string(max_name_bytes);
    else if (key == "exit_code") outcome.exit_code = static_cast<int>(static_cast<std::int32_t>(reader.integer()));
    else if (key == "tests_passed") outcome.tests_passed = count();
    else if (key == "tests_failed") outcome.tests_failed = count();
    else if (key == "tests_skipped") outcome.tests_skipped = count();
    else if (key == "flaky") outcome.flaky = reader.boolean();
    else if (key == "failures") read_failures(reader, outcome.failures);
    else if (read_test_strength(reader, key, outcome)) return;
    else reader.skip();
  });
}

void read_success(CborReader& reader, SuccessMetrics& success) {
  read_map(reader, [&](std::string_view key) {
    if (key == "compilation") success.compilation_success = reader.boolean();
    else if (key == "tests") success.tests_passed = reader.boolean();
    else if (key == "performance") success.performance_met = reader.boolean();
    else if (key == "security") success.security_passed = reader.boolean();
    else if (key == "coverage") success.specification_coverage = reader.number();
    else if (key == "time_ms") success.implementation_time = Milliseconds(reader.integer());
    else if (key == "llm_calls") success.llm_calls_used = static_cast<std::uint32_t>(reader.natural(UINT32_MAX));
    else reader.skip();
  });
}

void read_metrics(CborReader& reader, PerformanceMetrics& metrics) {
  read_map(reader, [&](std::string_view key) {
    if (key == "runtime_ms") metrics.runtime_ms = reader.number();
    else if (key == "baseline_ms") metrics.baseline_runtime_ms = reader.number();
    else if (key == "memory_mb") metrics.memory_mb = reader.number();
    else reader.skip();
  });
}

void read_ledger(CborReader& reader, std::vector<LedgerEntry>& ledger) {
  const std::size_t count = reader.array(max_ledger);
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    LedgerEntry& entry = ledger.emplace_back();
    read_map(reader, [&](std::string_view key) {
      if (key == "class") read_name(reader, entry.kind, call_class_from_name);
      else if (key == "calls") entry.calls = static_cast<std::uint32_t>(reader.natural(UINT32_MAX));
      else if (key == "tokens_in") entry.tokens_in = reader.natural(max_tokens);
      else if (key == "tokens_out") entry.tokens_out = reader.natural(max_tokens);
      else if (key == "cost") entry.cost = reader.number();
      else reader.skip();
    });
  }
}

bool read_event_head(CborReader& reader, std::string_view key, LearningEvent& event) {
  if (key == "id") event.id.digest = read_digest(reader);
  else if (key == "timestamp") event.timestamp = Timestamp(Milliseconds(reader.integer()));
  else if (key == "type") read_name(reader, event.event_type, event_type_from_name);
  else if (key == "source") event.source = reader.string(max_name_bytes);
  else if (key == "project") event.project = reader.string(max_name_bytes);
  else if (key == "cycle") event.cycle.digest = read_digest(reader);
  else if (key == "revision") event.revision = reader.string(max_name_bytes);
  else if (key == "previous_attempt") read_name(reader, event.previous_attempt, verdict_from_name);
  else return false;
  return true;
}

}  // namespace

void write_event(CborMap& map, CborWriter& writer, const LearningEvent& event) {
  write_id(map, "id", event.id);
  map.key("timestamp").integer(event.timestamp.time_since_epoch().count());
  map.key("type").text(to_string(event.event_type));
  write_text(map, "source", event.source);
  write_text(map, "project", event.project);
  write_id(map, "cycle", event.cycle);
  write_text(map, "revision", event.revision);
  if (event.previous_attempt != Verdict::unknown) map.key("previous_attempt").text(to_string(event.previous_attempt));
  write_specification(map.key("specification"), event.specification);
  if (!event.implementation.units.empty()) write_units(map.key("units"), event.implementation.units);
  if (event.implementation.files_changed != 0) map.key("files_changed").integer(event.implementation.files_changed);
  if (event.implementation.test_files_changed != 0)
    map.key("test_files_changed").integer(event.implementation.test_files_changed);
  write_text(map, "diff", event.implementation.diff, max_diff_bytes);
  write_outcome(map.key("outcome"), event.outcome);
  write_measures(map, writer, event);
}

bool read_event_member(CborReader& reader, std::string_view key, LearningEvent& event) {
  if (read_event_head(reader, key, event)) return true;
  if (key == "specification") read_specification(reader, event.specification);
  else if (key == "units") read_units(reader, event.implementation.units);
  else if (key == "files_changed")
    event.implementation.files_changed = static_cast<std::uint32_t>(reader.natural(UINT32_MAX));
  else if (key == "test_files_changed")
    event.implementation.test_files_changed = static_cast<std::uint32_t>(reader.natural(UINT32_MAX));
  else if (key == "diff") event.implementation.diff = reader.string(max_diff_bytes);
  else if (key == "outcome") read_outcome(reader, event.outcome);
  else if (key == "success") read_success(reader, event.success);
  else if (key == "metrics") read_metrics(reader, event.metrics);
  else if (key == "ledger") read_ledger(reader, event.ledger);
  else if (key == "patterns") {
    const std::size_t count = reader.array(max_patterns);
    for (std::size_t i = 0; i < count && reader.ok(); ++i) event.patterns_used.push_back({read_digest(reader)});
  } else return false;
  return true;
}

}  // namespace autodev::knowledge
