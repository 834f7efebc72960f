// SPDX-License-Identifier: MIT OR Apache-2.0
//
// LearningEvent: what was tried and how it really went.
//
// This is the only way knowledge enters the system. An event pairs a specification with an
// implementation and the *evidence* of its outcome. Evidence has a strength: executed commands and
// parsed reports count in full, the later course of a version history counts weakly, and unknown stays
// unknown: no field of SuccessMetrics is assumed true.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "autodev/ids.h"

namespace autodev {

/// Milliseconds since 1970-01-01T00:00:00Z.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;

enum class LearningEventType : std::uint8_t {
  implementation_success,
  implementation_failure,
  test_passed,
  test_failed,
  performance_improved,
  pattern_identified,
};

/// The specification's spelling: "ImplementationSuccess", ..., "PatternIdentified".
[[nodiscard]] std::string_view to_string(LearningEventType type) noexcept;
[[nodiscard]] std::optional<LearningEventType> event_type_from_name(std::string_view name) noexcept;

/// What was asked for.
struct Specification {
  std::string text;                ///< natural language: a task, a prompt, a commit message; <= 64 KiB
  std::string language;            ///< wanted language, may be empty
  std::string signature;           ///< required entry point, may be empty
  std::vector<std::string> parts;  ///< named parts that the outcome can cover, e.g. acceptance criteria

  bool operator==(const Specification&) const = default;
};

/// What was written: the files as observed, and the units extracted from them.
struct Implementation {
  std::vector<FileChange> files;   ///< may be empty once `units` are extracted; never journalled
  std::vector<UnitChange> units;   ///< functions, methods, types and blocks that changed
  std::uint32_t files_changed = 0; ///< how many files the change touched, also those not parsed
  std::uint32_t test_files_changed = 0;
  /// Line differences against a failed attempt before (unified form, at most 16 KiB): what a repair consists of.
  std::string diff{};

  bool operator==(const Implementation&) const = default;
};

/// How much an outcome may be believed. Order matters: later is stronger.
enum class EvidenceStrength : std::uint8_t {
  none,      ///< nothing known
  history,   ///< inferred from a version history: commits that stayed, were reverted or were fixed
  exit_code, ///< a command was executed and its exit code seen
  report,    ///< a machine-readable test report of an executed command was parsed
};

[[nodiscard]] std::string_view to_string(EvidenceStrength strength) noexcept;
[[nodiscard]] std::optional<EvidenceStrength> strength_from_name(std::string_view name) noexcept;

enum class Verdict : std::uint8_t { unknown, passed, failed };
[[nodiscard]] std::string_view to_string(Verdict verdict) noexcept;
[[nodiscard]] std::optional<Verdict> verdict_from_name(std::string_view name) noexcept;

/// One failing check, as reported by the tool that ran it.
struct CheckFailure {
  std::string id;        ///< test name, diagnostic code or command
  std::string file;      ///< may be empty
  std::uint32_t line = 0;
  std::string message;   ///< at most 4 KiB

  bool operator==(const CheckFailure&) const = default;
};

/// How it went.
struct Outcome {
  Verdict verdict = Verdict::unknown;
  EvidenceStrength strength = EvidenceStrength::none;
  std::string tool;                  ///< "pytest", "ctest", "git", ...; may be empty
  std::string command;               ///< what was executed; may be empty
  std::optional<int> exit_code;
  std::optional<std::uint32_t> tests_passed, tests_failed, tests_skipped;
  std::vector<CheckFailure> failures;  ///< at most 256
  bool flaky = false;                ///< the same tree both passed and failed: teaches nothing
  std::vector<std::string> flaky_tests{};  ///< ids of the tests that did both; at most 64
  std::uint32_t runs = 1;            ///< how often the command ran on this tree
  std::optional<std::uint32_t> tests_passed_before{};  ///< of `tests_passed`: tests that this change neither wrote nor edited
  std::optional<std::uint32_t> mutants_killed{}, mutants_survived{};  ///< small faults put into the changed code, by what the tests said
  std::vector<std::string> covered_parts{};  ///< parts of the specification that a passing test names; at most 256
  std::optional<double> changed_lines_covered{};  ///< share of the changed lines that the tests executed, [0, 1]

  bool operator==(const Outcome&) const = default;
};

/// The specification's SuccessMetrics. Absent means unknown.
struct SuccessMetrics {
  std::optional<bool> compilation_success;
  std::optional<bool> tests_passed;
  std::optional<bool> performance_met;
  std::optional<bool> security_passed;
  std::optional<double> specification_coverage;      ///< share of parts covered, [0, 1]
  std::optional<Milliseconds> implementation_time;
  std::optional<std::uint32_t> llm_calls_used;

  bool operator==(const SuccessMetrics&) const = default;
};

/// Measured speed of the implementation, for PerformanceImproved and quality term P.
struct PerformanceMetrics {
  std::optional<double> runtime_ms;           ///< > 0
  std::optional<double> baseline_runtime_ms;  ///< what it is compared with, > 0
  std::optional<double> memory_mb;

  bool operator==(const PerformanceMetrics&) const = default;
};

/// What became of a model call: made, or not needed.
enum class CallClass : std::uint8_t {
  avoided,          ///< code from memory, no model; tests that did not guide the choice passed
  avoided_visible,  ///< the same, but only the tests that guided the choice passed: no proof
  first_try,        ///< a call that wrote the code from the task
  repair,           ///< a call that had a failed attempt before it
  wrong_reuse,      ///< code from memory was taken and further tests failed: charged, avoids nothing
};

/// The persisted names: "avoided", "avoided_visible", "first_try", "repair", "wrong_reuse".
[[nodiscard]] std::string_view to_string(CallClass kind) noexcept;
[[nodiscard]] std::optional<CallClass> call_class_from_name(std::string_view name) noexcept;

/// One line of the call ledger.
struct LedgerEntry {
  CallClass kind = CallClass::first_try;
  std::uint32_t calls = 1;
  std::optional<std::uint64_t> tokens_in, tokens_out;  ///< as the model reported them
  std::optional<double> cost;                          ///< in the currency of the configured prices

  bool operator==(const LedgerEntry&) const = default;
};

/// One observation of reality. Immutable once journalled; `id` is the digest of its content.
struct LearningEvent {
  EventId id;                      ///< filled by the system when empty
  Timestamp timestamp{};           ///< when it happened (a commit's time for histories)
  LearningEventType event_type = LearningEventType::implementation_success;
  std::string source;              ///< "run", "record", "git", "simulate", ...
  std::string project;             ///< name of the project; its scope
  CycleId cycle;                   ///< groups attempts at the same specification; filled when empty
  std::string revision;            ///< commit or tree the event is about; may be empty
  Specification specification;
  Implementation implementation;
  Outcome outcome;
  SuccessMetrics success;
  PerformanceMetrics metrics;
  std::vector<PatternId> patterns_used;  ///< patterns the implementation was made from
  std::vector<LedgerEntry> ledger;       ///< model calls of this attempt, made or avoided; at most 64
  Verdict previous_attempt = Verdict::unknown;  ///< how the attempt before in this cycle went; `before` units are its code

  bool operator==(const LearningEvent&) const = default;
};

}  // namespace autodev
