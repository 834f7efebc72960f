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
#include "autodev/pattern_kind.h"

namespace autodev {

enum class PatternStatus : std::uint8_t { probation, active, deprecated };
[[nodiscard]] std::string_view to_string(PatternStatus status) noexcept;

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
  std::string name;       ///< "$client" where the fillers share a word, else "$1", "$2", ... by first appearance; "$$$" for sequences
  std::string kind;       ///< "identifier", "expression", "literal", "type", "statement", "sequence"
  std::vector<std::pair<std::string, std::uint32_t>> fillers;  ///< top 8 texts with counts, most frequent first
  std::uint32_t distinct = 0;  ///< number of distinct fillers seen (a lower bound above 64)
  double entropy = 0;          ///< bits of the histogram of fillers; 0: always the same
  std::optional<std::string> constant;  ///< what stands there nearly always (entropy <= 0.5 bit): as good as part of the template
  bool nullable = false;       ///< a sequence that was empty at least once
  std::uint32_t places = 1;    ///< equality group: how often the hole stands in the template, with the same text each time
  bool binder = false;         ///< one of its places declares the name; the others use it
  std::string scope;           ///< "parameter", "local", "callee", "member", "type", "argument", "free", "arguments", "statements", ...

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
  std::uint32_t places = 0;             ///< distinct (project, file, scope, name): versions of one function are one place; at most 64

  bool operator==(const PatternEvidence&) const = default;
};

/// How far a pattern carries (docs/mining.md): not worth a name, within the projects it was seen in, or beyond them.
enum class PatternReach : std::uint8_t { none, local, general };
[[nodiscard]] std::string_view to_string(PatternReach reach) noexcept;

/// What a template saves by minimum description length, in 1/1000 bit, with every term; see docs/mining.md.
struct PatternGain {
  std::uint32_t occurrences = 0;  ///< n: distinct projects, one each
  std::uint64_t fragment = 0;     ///< F: surprise of the template under the grammar background
  std::uint64_t index = 0;        ///< I: naming the template in its library
  std::uint64_t use = 0;          ///< H: saying where sequence holes end
  std::uint64_t description = 0;  ///< F + T: writing the template down once
  std::int64_t total = 0;         ///< n (F - I - H) - (F + T)

  bool operator==(const PatternGain&) const = default;
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
  std::string summary;          ///< one sentence from words and structure: what it is, what it does, how it varies
  PatternContext context;
  std::string implementation;   ///< the template as text, holes as $1, $2, ... ($$$n for sequences)
  std::vector<Hole> holes;
  std::vector<CodeUnit> examples;  ///< up to two real instances (trees dropped unless asked for)
  std::vector<std::string> example_projects;  ///< of the examples, in their order; empty names where none is known
  PatternStatus status = PatternStatus::probation;
  QualityScore quality;
  PatternEvidence evidence;
  PatternGain gain;
  PatternReach reach = PatternReach::none;
  std::string unkept;           ///< why the reach is none: "trivial: ...", "seldom: ..."; empty for kept patterns
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
