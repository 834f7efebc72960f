// SPDX-License-Identifier: MIT OR Apache-2.0
//
// LearningSystem: the library's front door.
//
//   auto system = autodev::LearningSystem::open({.folder = ".auto-dev"});
//   if (!system) { std::cerr << system.error().message << "\n"; return 1; }
//
//   autodev::LearningEvent event;                      // what was tried, and how it went
//   event.specification.text = "add retry to the HTTP client";
//   event.implementation.files = {{"client.py", before, after}};
//   event.outcome = {.verdict = autodev::Verdict::passed,
//                    .strength = autodev::EvidenceStrength::exit_code};
//   (*system)->learn(event);
//
//   for (const auto& hit : (*system)->knowledge().find_similar_patterns({.text = "retry a request"}).value())
//     std::cout << hit.pattern.name << "\n" << hit.pattern.implementation << "\n";
//
// Everything is kept in `folder`; learning opens no socket and calls no model. Acknowledged events are on
// disk. Several processes may use the same folder at once. One LearningSystem is used by one thread at a
// time. A complete program: examples/learn_and_ask.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autodev/decision.h"
#include "autodev/error.h"
#include "autodev/event.h"
#include "autodev/metrics.h"
#include "autodev/pattern.h"

namespace autodev {

/// Where and how to open.
struct LearningOptions {
  std::string folder = ".auto-dev";  ///< created on the first write
  std::string project;               ///< scope of events without one; default: name of the folder's parent
  bool read_only = false;
  /// Program that parses in a child process; default: the installed `auto-dev`. When it cannot be started,
  /// parsing happens in this process with the same size and time limits but no memory limit.
  std::string parse_worker;
};

/// What one call to learn() did.
struct LearnReport {
  EventId event;
  bool duplicate = false;                ///< the same event was known already
  std::vector<PatternId> patterns;       ///< patterns created or changed
  std::vector<std::string> rules;        ///< what the event taught: "verified-pass: 3"
  std::uint32_t units = 0;               ///< units extracted from the files
  std::uint32_t units_too_large = 0;     ///< functions and types that are too large to be learned from (20,000 nodes, 256 KiB)
  std::vector<std::string> notes;        ///< files that were skipped, and why
};

/// What a word of the request brings into the cosine, and the pattern's word that most of it comes from.
struct VectorShare {
  std::string word;  ///< stem
  double share = 0;  ///< part of the cosine; may be negative
  std::string nearest;
  double nearest_share = 0;
};

/// One found pattern and why it was found.
struct SimilarPattern {
  Pattern pattern;
  double score = 0;      ///< what it is ranked by: text (or, where code was given, half text and half structure) x success x source
  double text = 0;       ///< words and vectors together, [0, 1] within the list: lexical_part + dense_part
  double lexical_part = 0, dense_part = 0;  ///< each side's score beside its best in this search, times the side's share
  double lexical = 0;    ///< BM25F
  double dense = 0;      ///< cosine
  double coverage = 0;   ///< share of the query's informative words the pattern has
  std::vector<std::pair<std::string, double>> words;  ///< matched words with their shares
  std::vector<VectorShare> vectors;  ///< with `explain`: largest first, at most 8
  std::optional<double> structure;  ///< estimated Jaccard similarity to the code that was given, [0, 1]
  std::optional<double> common;  ///< where code was given: what it and the pattern's leading instance have in common, weighted Jaccard, [0, 1]
  std::string overlap;                ///< where code was given: the leading instance's statements that overlap with it, one a line
  std::vector<std::string> missing;   ///< where code was given: statements that all instances have and it lacks, in order; holes as $1
  double success_factor = 1;        ///< 0.9 to 1.1, by the mean of the pattern's success posterior
  double source_factor = 1;         ///< below 1 when what it cites is no longer there
  std::string gone;                 ///< what is no longer there: "parse_url in src/url.py"
  std::vector<PatternId> forms;     ///< hits left out because they are forms of this one
};

/// Conditions for find_similar_patterns; empty fields are no condition.
struct SearchConditions {
  std::optional<Language> language;
  std::optional<UnitKind> kind;
  std::optional<PatternKind> pattern;
  std::string framework;
  std::size_t limit = 10;
  std::optional<FileChange> like;  ///< code (`after`) that hits should be built like; its path names the language
  bool explain = false;  ///< fill in SimilarPattern::vectors
  bool even_if_unlikely = false;  ///< return the nearest even when the system would abstain
  /// Probability with which the first hit is held back, as an experiment: does showing patterns help? [0, 0.5]
  double holdout = 0;
};

/// The list plus the judgement about it.
struct SimilarPatterns {
  std::vector<SimilarPattern> hits;  ///< empty when nothing fits
  double confidence = 0;             ///< probability-like judgement that the first hit is useful, [0, 1]
  std::string reason;                ///< in words: what matched, or why nothing fits; includes the next two
  std::string left_out;              ///< hits that mean something else, and why: "encode_base64 (opposite: ...)"; empty when there are none
  std::string embedder_problem;      ///< why the built-in embedder answered instead of the configured one; else empty
  std::uint64_t searched = 0;        ///< patterns considered
  DecisionId experiment;             ///< names the experiment when there is one; its outcome is that of the next cycle
  bool held_back = false;            ///< the first hit was left out by the experiment

  [[nodiscard]] auto begin() const { return hits.begin(); }
  [[nodiscard]] auto end() const { return hits.end(); }
};

/// Result of importing another library's export.
struct ImportReport {
  std::uint64_t added = 0, known = 0, rejected = 0;
  std::vector<std::string> problems;  ///< why entries were rejected, with JSON paths; at most 20
};

namespace app {
struct Parts;  // private implementation
}

/// Stores and retrieves patterns (Repository).
class KnowledgeBase {
 public:
  /// Patterns similar to what is asked, best first. Cost: milliseconds; never a model call.
  [[nodiscard]] Result<SimilarPatterns> find_similar_patterns(const Specification& wanted,
                                                              const SearchConditions& conditions = {});
  [[nodiscard]] Result<std::optional<Pattern>> pattern(PatternId id);
  Result<void> for_each_pattern(const std::function<bool(const Pattern&)>& visit);
  Result<void> for_each_anti_pattern(const std::function<bool(const AntiPattern&)>& visit);
  /// The failure on record for code with this fingerprint (CodeUnit::fingerprint); absent when it never failed.
  [[nodiscard]] Result<std::optional<AntiPattern>> known_failure(const Digest& fingerprint);
  /// Records how a shown pattern served. Negative feedback is never lost. With the `query` it was shown for, "helped" and
  /// "irrelevant" move the words of that query towards the pattern or away from it.
  Result<void> feedback(PatternId id, std::string_view verdict, std::string_view note = {}, std::string_view query = {});
  /// Removes events so that knowledge is as if they had never been.
  Result<void> forget(const std::vector<EventId>& events, std::string_view reason = {});
  Result<void> forget_project(std::string_view project, std::string_view reason = {});
  Result<void> forget_everything(std::string_view reason = {});
  /// One JSON document ("auto-dev.knowledge/1"); project names and folders are replaced by digests when
  /// `anonymise` is set.
  [[nodiscard]] Result<std::string> export_json(bool anonymise = true);
  /// Merges an export; imported patterns start at zero local trust. `dry_run` only counts.
  Result<ImportReport> import_json(std::string_view document, std::string_view origin, bool dry_run = false);

 private:
  friend struct app::Parts;
  explicit KnowledgeBase(app::Parts& parts) : parts_(parts) {}
  app::Parts& parts_;
};

/// Finds reusable pieces in source code.
class PatternExtractor {
 public:
  /// Patterns within `files` alone (nothing is stored): units that parsed cleanly, clustered and generalised.
  /// Only patterns whose quality passes the gate (> 0.7) are returned unless `include_probation` is set;
  /// code without test evidence never passes it.
  [[nodiscard]] Result<std::vector<Pattern>> extract_patterns(const std::vector<FileChange>& files,
                                                              bool include_probation = true);
  /// The score 0.3 R + 0.2 S + 0.3 C + 0.2 P of what is known about a pattern now, with its terms. `no_input` for
  /// an unknown pattern.
  [[nodiscard]] Result<QualityScore> evaluate_pattern_quality(PatternId id);

 private:
  friend struct app::Parts;
  explicit PatternExtractor(app::Parts& parts) : parts_(parts) {}
  app::Parts& parts_;
};

/// Records what worked.
class SuccessTracker {
 public:
  /// Learns from a passed event. `bad_data` when its outcome is not a pass.
  Result<LearnReport> track_success(LearningEvent event);
  /// Of a pattern: Beta posterior of its successes.
  [[nodiscard]] Result<SuccessShare> success_of(PatternId id);

 private:
  friend struct app::Parts;
  explicit SuccessTracker(app::Parts& parts) : parts_(parts) {}
  app::Parts& parts_;
};

/// Learns from mistakes.
class FailureAnalyzer {
 public:
  /// Learns from a failed event. `bad_data` when its outcome is not a failure.
  Result<LearnReport> analyze_failure(LearningEvent event);
  /// Failures on record for the units of `files`: code that is about to be tried again.
  [[nodiscard]] Result<std::vector<AntiPattern>> repeated_failures(const std::vector<FileChange>& files);

 private:
  friend struct app::Parts;
  explicit FailureAnalyzer(app::Parts& parts) : parts_(parts) {}
  app::Parts& parts_;
};

/// Chooses by past success.
class DecisionImprover {
 public:
  /// Chooses and records the choice with its propensities; abstains when nothing is known of any option. Opened
  /// read-only, it answers without recording. Errors: `usage` for a decision outside the limits of decision.h.
  /// Cost: some ten microseconds for the vote, however many decisions there were, and one durable write.
  Result<DecisionResult> select_decision(const Decision& decision);
  /// Records a choice that somebody else made, so that its outcome can be learned; needed to begin with, when
  /// select_decision abstains.
  Result<DecisionId> record_choice(const Decision& decision, std::string_view chosen);
  /// Reports how a chosen option went; `reward` in [0, 1] where success is more than yes or no. The first report
  /// counts. With `option`, what another option than the chosen one has turned out to give.
  Result<void> improve_decision(DecisionId decision, bool success, std::optional<double> reward = std::nullopt,
                                std::string_view option = {});
  /// The standing of every option that was ever decided for this type.
  [[nodiscard]] Result<std::vector<Vote>> votes(std::string_view type);

 private:
  friend struct app::Parts;
  explicit DecisionImprover(app::Parts& parts) : parts_(parts) {}
  app::Parts& parts_;
};

/// Orchestrates learning. See the head of this file.
class LearningSystem {
 public:
  /// Errors: `permission`, `cannot_create`, `config` (the folder was written by a newer version).
  [[nodiscard]] static Result<std::unique_ptr<LearningSystem>> open(const LearningOptions& options = {});
  ~LearningSystem();
  LearningSystem(const LearningSystem&) = delete;
  LearningSystem& operator=(const LearningSystem&) = delete;

  /// Extracts, journals (durable on return) and folds one event.
  Result<LearnReport> learn(LearningEvent event);
  /// Called after every committed event (Observer). Replaces an earlier one.
  void on_learned(std::function<void(const LearningEvent&, const LearnReport&)> observer);

  /// The specification's metrics as of now; with formulas and event ids when `explain` is set.
  [[nodiscard]] Result<LearningMetrics> calculate_metrics(bool explain = false);

  [[nodiscard]] KnowledgeBase& knowledge() noexcept;
  [[nodiscard]] PatternExtractor& pattern_extractor() noexcept;
  [[nodiscard]] SuccessTracker& success_tracker() noexcept;
  [[nodiscard]] FailureAnalyzer& failure_analyzer() noexcept;
  [[nodiscard]] DecisionImprover& decisions() noexcept;

  /// The private implementation, for the program's own commands; not part of the stable interface.
  [[nodiscard]] app::Parts& parts() noexcept { return *parts_; }
  /// Takes ready-made parts; for the program and for tests with a world of their own.
  explicit LearningSystem(std::unique_ptr<app::Parts> parts);

 private:
  std::unique_ptr<app::Parts> parts_;
};

}  // namespace autodev
