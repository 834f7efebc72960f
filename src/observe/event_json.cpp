// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One function per object of the document, in the order of docs/event-format.md; then the defaults that
// follow from the type, then the rules between members.
#include "observe/event_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/text.h"
#include "observe/event_rules.h"
#include "observe/json_fields.h"
#include "observe/paths.h"

namespace autodev::observe {
namespace {

using base::Json;

// Caps of the format. Text, failures and their messages: include/autodev/event.h; files: observe/paths.h. The
// others are generous for what the member names and small beside the 64 MiB of a whole document.
constexpr std::size_t max_text = 64u << 10;
constexpr std::size_t max_message = 4u << 10;
constexpr std::size_t max_failures = 256;
constexpr std::size_t max_path = 4'096;
constexpr std::size_t max_name = 256;
constexpr std::size_t max_signature = 16u << 10;
constexpr std::size_t max_parts = 256;
constexpr std::size_t max_patterns = 256;
constexpr std::size_t max_ledger = 64;
constexpr std::size_t max_diff = 16u << 10;
constexpr std::size_t max_flaky_tests = 64;
constexpr std::int64_t max_tokens = std::int64_t{1} << 53;
constexpr double max_number = 1e15;
constexpr std::int64_t max_milliseconds = 1'000LL * 3'600 * 24 * 366;  // a year; more is a unit mistake

constexpr std::string_view type_names =
    "ImplementationSuccess, ImplementationFailure, TestPassed, TestFailed, PerformanceImproved, PatternIdentified";

constexpr std::string_view call_class_names = "avoided, avoided_visible, first_try, repair, wrong_reuse";

template <typename AnyId>
void read_id(ObjectReader& reader, std::string_view name, AnyId& id) {
  const auto text = reader.text(name, 64);
  if (!text) return;
  if (const auto parsed = AnyId::parse(*text))
    id = *parsed;
  else
    reader.complain(name, "expected 32 hexadecimal digits");
}

void read_head(ObjectReader& reader, LearningEvent& event, Complaints& complaints) {
  if (const auto schema = reader.text("schema", max_name); schema && *schema != event_schema)
    complaints.add("$.schema", fmt::format("expected \"{}\", got {}", event_schema, describe(Json(*schema))));
  reader.require("event_type");
  event.event_type = reader.choice("event_type", event_type_from_name, type_names).value_or(event.event_type);
  if (const auto text = reader.text("timestamp", max_name)) {
    const auto time = base::parse_timestamp(*text);
    if (time)
      event.timestamp = *time;
    else
      reader.complain("timestamp", "expected a time such as \"2026-11-22T15:30:00Z\" (RFC 3339)");
  }
  event.project = reader.text("project", max_name).value_or("");
  event.source = reader.text("source", max_name).value_or("record");
  event.revision = reader.text("revision", max_name).value_or("");
  read_id(reader, "id", event.id);
  read_id(reader, "cycle", event.cycle);
  event.previous_attempt =
      reader.choice("previous_attempt", verdict_from_name, "unknown, passed, failed").value_or(Verdict::unknown);
}

void read_specification(ObjectReader& root, Specification& specification, Complaints& complaints) {
  root.require("specification");
  auto reader = root.object("specification");
  if (!reader) return;
  reader->require("text");
  if (auto text = reader->text("text", max_text)) {
    if (base::trim(*text).empty()) reader->complain("text", "must say what was asked for, but is empty");
    specification.text = std::move(*text);
  }
  specification.language = reader->text("language", max_name).value_or("");
  specification.signature = reader->text("signature", max_signature).value_or("");
  reader->each("parts", max_parts, [&](const Json& part, const std::string& path) {
    if (!part.is_string()) return complaints.add(path, "expected a string, got " + describe(part));
    specification.parts.push_back(part.get<std::string>());
    if (specification.parts.back().size() > max_message)
      complaints.add(path, fmt::format("has more than the {} bytes allowed", max_message));
  });
  reader->finish();
}

/// Why `path` cannot name a file of a project; empty when it can.
std::string_view fault_of_path(std::string_view path) {
  if (path.empty()) return "is empty";
  if (path.front() == '/') return "must be relative to the project";
  for (const std::string_view part : base::split(path, '/'))
    if (part == "..") return "must not leave the project";
  if (std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    return "contains a control character";
  return {};
}

void read_file(const Json& value, const std::string& path, Implementation& implementation, Complaints& complaints) {
  ObjectReader reader(value, path, complaints);
  FileChange file;
  reader.require("path");
  if (auto name = reader.text("path", max_path)) {
    if (const auto fault = fault_of_path(*name); !fault.empty()) reader.complain("path", fault);
    file.path = std::move(*name);
  }
  const bool given = reader.find("before") != nullptr || reader.find("after") != nullptr;
  file.before = reader.text("before", max_file_bytes);
  file.after = reader.text("after", max_file_bytes);
  if (!given && value.is_object())
    complaints.add(path, "needs \"after\" (the file now), \"before\" (the file it was), or both");
  reader.finish();
  implementation.files.push_back(std::move(file));
}

void read_implementation(ObjectReader& root, Implementation& implementation, Complaints& complaints) {
  auto reader = root.object("implementation");
  if (!reader) return;
  reader->each("files", max_event_files,
               [&](const Json& value, const std::string& path) { read_file(value, path, implementation, complaints); });
  std::set<std::string_view> seen;
  std::uint32_t tests = 0;
  for (std::size_t i = 0; i < implementation.files.size(); ++i) {
    const std::string& path = implementation.files[i].path;
    if (!path.empty() && !seen.insert(path).second)
      complaints.add(fmt::format("$.implementation.files[{}].path", i), "appears a second time");
    tests += is_test_path(path) ? 1 : 0;
  }
  const auto listed = static_cast<std::uint32_t>(implementation.files.size());
  const auto changed = reader->count("files_changed");
  if (changed && *changed < listed)
    reader->complain("files_changed", fmt::format("{} is less than the {} files listed", *changed, listed));
  implementation.files_changed = changed.value_or(listed);
  implementation.test_files_changed = reader->count("test_files_changed").value_or(tests);
  implementation.diff = reader->text("diff", max_diff).value_or("");
  reader->finish();
}

void read_failure(const Json& value, const std::string& path, Outcome& outcome, Complaints& complaints) {
  ObjectReader reader(value, path, complaints);
  CheckFailure failure;
  failure.id = reader.text("id", max_message).value_or("");
  failure.file = reader.text("file", max_path).value_or("");
  failure.line = reader.count("line").value_or(0);
  failure.message = reader.text("message", max_message).value_or("");
  if (failure.id.empty() && failure.message.empty() && value.is_object())
    complaints.add(path, "needs \"id\" or \"message\"");
  reader.finish();
  outcome.failures.push_back(std::move(failure));
}

void read_names(ObjectReader& reader, std::string_view name, std::size_t max, std::vector<std::string>& names, Complaints& complaints) {
  reader.each(name, max, [&](const Json& value, const std::string& path) {
    if (!value.is_string() || value.get_ref<const std::string&>().size() > max_message)
      return complaints.add(path, fmt::format("expected a string of at most {} bytes, got {}", max_message, describe(value)));
    names.push_back(value.get<std::string>());
  });
}

/// How much a pass proves.
void read_test_strength(ObjectReader& reader, Outcome& outcome, Complaints& complaints) {
  outcome.flaky = reader.boolean("flaky").value_or(false);
  read_names(reader, "flaky_tests", max_flaky_tests, outcome.flaky_tests, complaints);
  outcome.runs = reader.count("runs").value_or(1);
  if (auto mutants = reader.object("mutants")) {
    outcome.mutants_killed = mutants->count("killed");
    outcome.mutants_survived = mutants->count("survived");
    mutants->finish();
  }
  read_names(reader, "covered_parts", max_parts, outcome.covered_parts, complaints);
  outcome.changed_lines_covered = reader.number("changed_lines_covered", 0, 1);
}

/// Returns the path of the member that decided the verdict.
std::string_view read_outcome(ObjectReader& root, LearningEvent& event, Complaints& complaints) {
  Outcome& outcome = event.outcome;
  std::optional<Verdict> verdict;
  std::optional<EvidenceStrength> strength;
  if (auto reader = root.object("outcome")) {
    verdict = reader->choice("verdict", verdict_from_name, "unknown, passed, failed");
    strength = reader->choice("strength", strength_from_name, "none, history, exit_code, report");
    outcome.tool = reader->text("tool", max_name).value_or("");
    outcome.command = reader->text("command", max_signature).value_or("");
    const auto code = reader->integer("exit_code", std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
    if (code) outcome.exit_code = static_cast<int>(*code);
    if (auto tests = reader->object("tests")) {
      outcome.tests_passed = tests->count("passed");
      outcome.tests_failed = tests->count("failed");
      outcome.tests_skipped = tests->count("skipped");
      outcome.tests_passed_before = tests->count("passed_before");
      tests->finish();
    }
    reader->each("failures", max_failures,
                 [&](const Json& value, const std::string& path) { read_failure(value, path, outcome, complaints); });
    read_test_strength(*reader, outcome, complaints);
    reader->finish();
  }
  outcome.verdict = verdict.value_or(verdict_of_type(event.event_type));
  outcome.strength = strength.value_or(strength_of_evidence(outcome));
  return verdict ? "$.outcome.verdict" : "$.event_type";
}

void read_success(ObjectReader& root, SuccessMetrics& success) {
  auto reader = root.object("success");
  if (!reader) return;
  success.compilation_success = reader->boolean("compilation_success");
  success.tests_passed = reader->boolean("tests_passed");
  success.performance_met = reader->boolean("performance_met");
  success.security_passed = reader->boolean("security_passed");
  success.specification_coverage = reader->number("specification_coverage", 0, 1);
  if (const auto time = reader->integer("implementation_time_ms", 0, max_milliseconds))
    success.implementation_time = Milliseconds(*time);
  success.llm_calls_used = reader->count("llm_calls_used");
  reader->finish();
}

void read_metrics(ObjectReader& root, PerformanceMetrics& metrics) {
  auto reader = root.object("metrics");
  if (!reader) return;
  metrics.runtime_ms = reader->positive_number("runtime_ms");  // runtimes are divided by
  metrics.baseline_runtime_ms = reader->positive_number("baseline_runtime_ms");
  metrics.memory_mb = reader->number("memory_mb", 0, max_number);
  reader->finish();
}

void read_ledger(ObjectReader& root, std::vector<LedgerEntry>& ledger, Complaints& complaints) {
  root.each("ledger", max_ledger, [&](const Json& value, const std::string& path) {
    ObjectReader reader(value, path, complaints);
    LedgerEntry entry;
    reader.require("class");
    entry.kind = reader.choice("class", call_class_from_name, call_class_names).value_or(entry.kind);
    entry.calls = reader.count("calls").value_or(1);
    if (const auto tokens = reader.integer("tokens_in", 0, max_tokens)) entry.tokens_in = static_cast<std::uint64_t>(*tokens);
    if (const auto tokens = reader.integer("tokens_out", 0, max_tokens)) entry.tokens_out = static_cast<std::uint64_t>(*tokens);
    entry.cost = reader.number("cost", 0, max_number);
    reader.finish();
    ledger.push_back(entry);
  });
}

void read_patterns(ObjectReader& root, std::vector<PatternId>& patterns, Complaints& complaints) {
  root.each("patterns_used", max_patterns, [&](const Json& value, const std::string& path) {
    const auto id = value.is_string() ? PatternId::parse(value.get_ref<const std::string&>()) : std::nullopt;
    if (id)
      patterns.push_back(*id);
    else
      complaints.add(path, "expected 32 hexadecimal digits, got " + describe(value));
  });
}

}  // namespace

Result<LearningEvent> parse_event_json(std::string_view text, std::string_view what) {
  AUTODEV_TRY_ASSIGN(const Json document, base::parse_json(text, what));
  Complaints complaints;
  LearningEvent event;
  ObjectReader root(document, "$", complaints);
  read_head(root, event, complaints);
  read_specification(root, event.specification, complaints);
  read_implementation(root, event.implementation, complaints);
  const std::string_view verdict_path = read_outcome(root, event, complaints);
  read_success(root, event.success);
  read_metrics(root, event.metrics);
  read_ledger(root, event.ledger, complaints);
  read_patterns(root, event.patterns_used, complaints);
  root.finish();
  check_consistency(event, verdict_path, complaints);
  if (!complaints.empty()) return tl::make_unexpected(complaints.as_error(what));
  return event;
}

}  // namespace autodev::observe
