// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Pattern: a piece of code that worked, generalised from its instances, with everything known about it.
//
// A pattern's life: *probation* (seen in passing work, not yet proven: searchable, marked, never applied
// without verification) -> *active* (quality above 0.7, which needs test evidence) -> *deprecated*
// (negative feedback or failures outweigh successes). Failures only ever lower trust.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autodev/code.h"
#include "autodev/event.h"
#include "autodev/ids.h"

namespace autodev {

enum class PatternStatus : std::uint8_t { probation, active, deprecated };
[[nodiscard]] std::string_view to_string(PatternStatus status) noexcept;

/// What a pattern generalises: the shape of functions and types, how an object is used, a fragment that recurs inside
/// functions, or what a fix changed.
enum class PatternKind : std::uint8_t { structural, behavioural, idiom, edit };
[[nodiscard]] std::string_view to_string(PatternKind kind) noexcept;
[[nodiscard]] std::optional<PatternKind> pattern_kind_from_name(std::string_view name) noexcept;

/// Where a pattern applies.
struct PatternContext {
  Language language = Language::unknown;
  UnitKind kind = UnitKind::function;
  std::vector<std::string> frameworks;  ///< modules its instances import, most frequent first, <= 16
  std::vector<std::string> projects;    ///< names of the projects it was seen in, sorted

  bool operator==(const PatternContext&) const = default;
};

/// A gap of the template and what has stood in it.
struct Hole {
  std::string name;       ///< "$1", "$2", ... in order of first appearance
  std::string kind;       ///< "identifier", "expression", "literal", "type", "statement", "sequence"
  std::vector<std::pair<std::string, std::uint32_t>> fillers;  ///< top 8 texts with counts, most frequent first
  std::uint32_t distinct = 0;  ///< number of distinct fillers seen (a lower bound above 64)

  bool operator==(const Hole&) const = default;
};

/// The quality score of the specification, 0.3 R + 0.2 S + 0.3 C + 0.2 P, with its terms.
/// Each term is in [0, 1]; missing evidence is 0. Computed in integers per mille.
struct QualityScore {
  std::uint32_t reusability = 0;    ///< per mille
  std::uint32_t simplicity = 0;     ///< per mille
  std::uint32_t test_coverage = 0;  ///< per mille
  std::uint32_t performance = 0;    ///< per mille

  /// Per mille: (3 R + 2 S + 3 C + 2 P) / 10, rounded down.
  [[nodiscard]] std::uint32_t total() const noexcept {
    return (3 * reusability + 2 * simplicity + 3 * test_coverage + 2 * performance) / 10;
  }
  /// The specification's gate: strictly above 0.7.
  [[nodiscard]] bool keeps() const noexcept { return total() > 700; }

  bool operator==(const QualityScore&) const = default;
};

/// Counted experience with a pattern.
struct PatternEvidence {
  std::uint32_t instances = 0;          ///< units folded into it
  std::uint32_t distinct_instances = 0; ///< distinct alpha digests
  std::uint32_t projects = 0;
  std::uint32_t verified_passes = 0;    ///< instances from executed, passing cycles
  std::uint32_t tested_passes = 0;      ///< of those, with at least one passing test
  std::uint32_t history_passes = 0;     ///< instances from histories
  std::uint32_t failures = 0;           ///< executed failures of its instances or applications
  std::uint32_t history_failures = 0;   ///< later reverted or fixed
  std::uint32_t applied = 0;            ///< times adapted into an implementation
  std::uint32_t applied_passed = 0;     ///< of those, verified passing
  std::uint32_t helped = 0, irrelevant = 0, wrong = 0;  ///< feedback
  std::optional<double> best_relative_runtime;  ///< runtime / best in class, >= 1; absent if never timed

  bool operator==(const PatternEvidence&) const = default;
};

/// A share with its Beta posterior (uniform prior): mean and 95 % interval.
struct SuccessShare {
  double mean = 0.5, lower = 0.0, upper = 1.0;

  bool operator==(const SuccessShare&) const = default;
};

/// A learned pattern. `success_rate`, `usage_count`, `learned_at` are the specification's fields.
struct Pattern {
  PatternId id;
  PatternKind kind = PatternKind::structural;
  std::string name;             ///< from the words its instances share
  std::string description;      ///< one sentence
  PatternContext context;
  std::string implementation;   ///< the template as text, holes as $1, $2, ... ($$$n for sequences)
  std::vector<Hole> holes;
  std::vector<CodeUnit> examples;  ///< up to two real instances (trees dropped unless asked for)
  PatternStatus status = PatternStatus::probation;
  QualityScore quality;
  PatternEvidence evidence;
  SuccessShare success_rate;
  std::uint32_t usage_count = 0;   ///< = evidence.applied
  Timestamp learned_at{};          ///< first instance
  Timestamp last_seen{};
  std::vector<EventId> events;     ///< the events behind it, newest first, at most 32
  std::vector<float> embedding;    ///< unit length; empty unless asked for

  bool operator==(const Pattern&) const = default;
};

/// Code that failed, and what replaced it. Learned only from observed outcomes.
struct AntiPattern {
  PatternId id;                  ///< fingerprint of the failed unit
  std::string name;
  Language language = Language::unknown;
  UnitKind kind = UnitKind::function;
  std::string before;            ///< source text that failed
  std::optional<std::string> after;  ///< source text that later passed in its place
  EvidenceStrength strength = EvidenceStrength::none;
  std::uint32_t failures = 0;
  std::uint32_t later_passes = 0;  ///< the same code passed elsewhere: a reason for doubt
  std::string cause;             ///< first failing check or history note
  std::vector<EventId> events;

  bool operator==(const AntiPattern&) const = default;
};

}  // namespace autodev
