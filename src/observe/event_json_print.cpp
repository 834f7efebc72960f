// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The way back: members that are unknown or empty are left out, except those whose absence would be read as
// something else (source, verdict, strength, counts of files).
#include "base/json.h"
#include "base/text.h"
#include "observe/event_json.h"

namespace autodev::observe {
namespace {

using base::Json;

void put(Json& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

template <typename Value>
void put(Json& object, const char* name, const std::optional<Value>& value) {
  if (value) object[name] = *value;
}

Json print_specification(const Specification& specification) {
  Json object{{"text", specification.text}};
  put(object, "language", specification.language);
  put(object, "signature", specification.signature);
  if (!specification.parts.empty()) object["parts"] = specification.parts;
  return object;
}

Json print_implementation(const Implementation& implementation) {
  Json object{{"files_changed", implementation.files_changed},
              {"test_files_changed", implementation.test_files_changed}};
  for (const FileChange& file : implementation.files) {
    Json entry{{"path", file.path}};
    put(entry, "before", file.before);
    put(entry, "after", file.after);
    object["files"].push_back(std::move(entry));
  }
  put(object, "diff", implementation.diff);
  return object;
}

Json print_outcome(const Outcome& outcome) {
  Json object{{"verdict", to_string(outcome.verdict)}, {"strength", to_string(outcome.strength)}};
  put(object, "tool", outcome.tool);
  put(object, "command", outcome.command);
  put(object, "exit_code", outcome.exit_code);
  Json tests = Json::object();
  put(tests, "passed", outcome.tests_passed);
  put(tests, "failed", outcome.tests_failed);
  put(tests, "skipped", outcome.tests_skipped);
  put(tests, "passed_before", outcome.tests_passed_before);
  if (!tests.empty()) object["tests"] = std::move(tests);
  for (const CheckFailure& failure : outcome.failures) {
    Json entry = Json::object();
    put(entry, "id", failure.id);
    put(entry, "file", failure.file);
    put(entry, "message", failure.message);
    if (failure.line != 0) entry["line"] = failure.line;
    object["failures"].push_back(std::move(entry));
  }
  if (outcome.flaky) object["flaky"] = true;
  if (!outcome.flaky_tests.empty()) object["flaky_tests"] = outcome.flaky_tests;
  if (outcome.runs != 1) object["runs"] = outcome.runs;
  Json mutants = Json::object();
  put(mutants, "killed", outcome.mutants_killed);
  put(mutants, "survived", outcome.mutants_survived);
  if (!mutants.empty()) object["mutants"] = std::move(mutants);
  if (!outcome.covered_parts.empty()) object["covered_parts"] = outcome.covered_parts;
  put(object, "changed_lines_covered", outcome.changed_lines_covered);
  return object;
}

Json print_success(const SuccessMetrics& success) {
  Json object = Json::object();
  put(object, "compilation_success", success.compilation_success);
  put(object, "tests_passed", success.tests_passed);
  put(object, "performance_met", success.performance_met);
  put(object, "security_passed", success.security_passed);
  put(object, "specification_coverage", success.specification_coverage);
  if (success.implementation_time) object["implementation_time_ms"] = success.implementation_time->count();
  put(object, "llm_calls_used", success.llm_calls_used);
  return object;
}

Json print_metrics(const PerformanceMetrics& metrics) {
  Json object = Json::object();
  put(object, "runtime_ms", metrics.runtime_ms);
  put(object, "baseline_runtime_ms", metrics.baseline_runtime_ms);
  put(object, "memory_mb", metrics.memory_mb);
  return object;
}

Json print_ledger_entry(const LedgerEntry& entry) {
  Json object{{"class", to_string(entry.kind)}, {"calls", entry.calls}};
  put(object, "tokens_in", entry.tokens_in);
  put(object, "tokens_out", entry.tokens_out);
  put(object, "cost", entry.cost);
  return object;
}

}  // namespace

std::string print_event_json(const LearningEvent& event) {
  Json root{{"schema", event_schema},
            {"event_type", to_string(event.event_type)},
            {"source", event.source},
            {"specification", print_specification(event.specification)},
            {"implementation", print_implementation(event.implementation)},
            {"outcome", print_outcome(event.outcome)}};
  if (event.timestamp != Timestamp{}) root["timestamp"] = base::format_timestamp(event.timestamp);
  put(root, "project", event.project);
  put(root, "revision", event.revision);
  if (!event.id.empty()) root["id"] = event.id.hex();
  if (!event.cycle.empty()) root["cycle"] = event.cycle.hex();
  if (event.previous_attempt != Verdict::unknown) root["previous_attempt"] = to_string(event.previous_attempt);
  if (Json success = print_success(event.success); !success.empty()) root["success"] = std::move(success);
  if (Json metrics = print_metrics(event.metrics); !metrics.empty()) root["metrics"] = std::move(metrics);
  for (const LedgerEntry& entry : event.ledger) root["ledger"].push_back(print_ledger_entry(entry));
  for (const PatternId& pattern : event.patterns_used) root["patterns_used"].push_back(pattern.hex());
  return base::dump_json_pretty(root);
}

}  // namespace autodev::observe
