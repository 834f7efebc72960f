// SPDX-License-Identifier: MIT OR Apache-2.0
//
// KnowledgeStore: journal + fold + state behind one object; the Repository of the specification.
//
// The state lives in a Kv (`embeddings/` on disk, derived) and is *only* changed by the fold, which applies
// journal records in canonical order. `refresh` brings it up to the journal's end: incrementally when all new
// records come later than the last folded one, by a full rebuild otherwise (late arrivals from another
// replica, a forget record, a new learner version).
//
// Tables of the fold: state_rows.h; plus the index's own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "autodev/metrics.h"
#include "autodev/pattern.h"
#include "base/env.h"
#include "base/kv.h"
#include "index/adapted_query.h"
#include "index/dense_shares.h"
#include "index/embedder.h"
#include "index/external_embedder.h"
#include "index/search_index.h"
#include "knowledge/code_advice.h"
#include "knowledge/journal.h"
#include "knowledge/guard_view.h"
#include "knowledge/known_error.h"
#include "knowledge/observation.h"
#include "knowledge/pattern_relatives.h"
#include "mine/signature.h"
#include "vote/decider.h"

namespace autodev::knowledge {

/// A short view of a journalled event, kept in the state.
struct EventSummary {
  EventId id;
  RecordKey key;
  Timestamp timestamp{};
  LearningEventType type = LearningEventType::implementation_success;
  std::string source, project, revision, specification;  ///< specification clipped to 200 bytes
  Verdict verdict = Verdict::unknown;
  EvidenceStrength strength = EvidenceStrength::none;
  CycleId cycle;
  std::uint32_t units = 0;
  std::vector<std::string> rules;  ///< what it taught, as "rule: count"
};

struct CycleSummary {
  CycleId id;
  std::string project, specification;
  std::uint32_t attempts = 0, failures = 0;
  bool succeeded = false;
  bool executed = false;  ///< at least one attempt with executed evidence
  bool reused = false;    ///< the attempt that passed was made from patterns
  Timestamp first{}, last{};
  std::optional<std::uint32_t> llm_calls;
  std::optional<Milliseconds> time;
  std::vector<EventId> events;
};

/// A decision as it was made, what the voters said then, and what came of it.
struct DecisionSummary {
  DecisionId id;
  std::string type, chosen;
  std::vector<std::string> options;
  Timestamp time{};
  std::optional<bool> success;  ///< absent until the outcome is reported
  double reward = 0;            ///< [0, 1]; of the chosen option
  double propensity = 1;
  std::string context, prefer, project;
  std::vector<double> costs, qualities;            ///< as in DecisionMade
  std::vector<std::string> vetoes;
  vote::Spoken spoken;                             ///< by option
  std::vector<double> weights;                     ///< of the voters
  std::vector<DecisionId> evidence;                ///< by voter: the first decision behind what it said of the chosen option; empty ids: none
  std::vector<std::pair<std::string, double>> others;  ///< outcomes reported for options that were not chosen
};

struct RefreshReport {
  std::uint64_t records = 0;  ///< folded by this call
  bool rebuilt = false;
  std::string reason;  ///< why it was rebuilt
  std::string embedding_problem;  ///< why vectors of the external embedder are still missing
  std::vector<DamagedRecord> damaged;
  std::vector<PatternId> changed;       ///< patterns created or changed, sorted
  std::vector<PatternId> changed_anti;  ///< anti-patterns created or changed, sorted
  std::vector<DecisionId> changed_decisions;  ///< made, or with an outcome, sorted
};

/// Outcomes per window of the trend of decisions, oldest first; the last window
/// may be shorter.
inline constexpr std::size_t accuracy_window = 20;
/// Type of the decisions that chance made (hold-out), with their two options.
inline constexpr std::string_view experiment_type = "show-pattern";
inline constexpr std::string_view shown_option = "show";
inline constexpr std::string_view held_back_option = "hold-back";
/// What is known, in numbers that the fold keeps; with a few events each, the oldest first, at most 16.
struct Totals {
  std::uint64_t events = 0, cycles = 0;
  PatternsByKind patterns;     ///< with at least one instance seen here
  std::uint64_t active = 0;
  std::uint64_t tested = 0;    ///< patterns with an executed, passing test behind them

  /// Of all kinds but edits.
  [[nodiscard]] std::uint64_t all_patterns() const noexcept {
    return patterns.structural + patterns.behavioural + patterns.idiom + patterns.window;
  }
  std::uint64_t anti_patterns = 0;
  std::uint64_t executed_attempts = 0, failed_attempts = 0;
  std::uint64_t decided = 0;  ///< decisions with an outcome, those of experiments left out
  std::vector<std::uint32_t> decided_well;  ///< successes in each window of `accuracy_window` outcomes, oldest first
  std::vector<EventId> pattern_events, anti_pattern_events, attempt_events;
};

struct StoreOptions {
  std::string learner = "unnamed";  ///< name of the meaning of `study`; another name means: fold again
  bool read_only = false;
  bool in_memory_state = false;  ///< state in a memory Kv: tests, as-of views, simulations
  /// Fold only records up to this position (in memory): knowledge as of then.
  std::optional<JournalPosition> as_of;
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;  ///< long folds
  /// Vectors of these are kept beside the built-in ones and searched once all are there.
  std::shared_ptr<const index::ExternalEmbedder> embedder;
  bool adapt = true;  ///< queries use what was learned of their words (index/adapted_query.h); learned it is either way
  bool keep_external = false;  ///< without an embedder: do not drop its vectors, it is only away
  std::function<void(std::uint64_t done, std::uint64_t total)> on_embedded;
};

class KnowledgeStore {
 public:
  /// `folder` is `.auto-dev/knowledge`. Creates nothing until the first write.
  [[nodiscard]] static Result<std::unique_ptr<KnowledgeStore>> open(base::Env& env, std::string folder, Study study,
                                                                    StoreOptions options = {});
  virtual ~KnowledgeStore() = default;

  // --- writing: append to the journal, durable on return; does not fold
  virtual Result<std::vector<RecordKey>> append(const std::vector<Payload>& payloads) = 0;
  /// Folds what is new. Cheap when nothing is.
  virtual Result<RefreshReport> refresh() = 0;

  // --- reading (state as of the last refresh of any process)
  [[nodiscard]] virtual Result<std::optional<Pattern>> pattern(PatternId id) = 0;
  /// Cost: independent of how much is known, but for a fraction of a microsecond per tested or behavioural pattern.
  [[nodiscard]] virtual Result<Totals> totals() = 0;
  /// All patterns, measured, in canonical order (learned_at, id). `visit` returns false to stop.
  virtual Result<void> for_each_pattern(const std::function<bool(const Pattern&)>& visit) = 0;
  virtual Result<void> for_each_anti_pattern(const std::function<bool(const AntiPattern&)>& visit) = 0;
  [[nodiscard]] virtual Result<std::optional<AntiPattern>> anti_pattern(PatternId id) = 0;
  /// Patterns whose id starts with these hexadecimal digits, or else anti-patterns; at most `limit`, ascending.
  [[nodiscard]] virtual Result<std::vector<PatternId>> ids_starting_with(std::string_view hex, std::size_t limit) = 0;
  /// The leading instance of a pattern, or the failed unit of an anti-pattern, with its tree.
  [[nodiscard]] virtual Result<std::optional<CodeUnit>> leading_unit(PatternId id) = 0;
  [[nodiscard]] virtual Result<std::optional<EventSummary>> event(EventId id) = 0;
  /// The newest event in canonical order.
  [[nodiscard]] virtual Result<std::optional<EventSummary>> latest_event() = 0;
  virtual Result<void> for_each_event(const std::function<bool(const EventSummary&)>& visit) = 0;
  /// In canonical order of the decisions.
  virtual Result<void> for_each_decision(const std::function<bool(const DecisionSummary&)>& visit) = 0;
  /// Experiments (`experiment_type`) that have an outcome.
  virtual Result<void> for_each_experiment(const std::function<bool(const DecisionSummary&)>& visit) = 0;
  [[nodiscard]] virtual Result<std::optional<DecisionSummary>> decision(DecisionId id) = 0;
  /// Ids whose hexadecimal form starts with `prefix`; at most two.
  [[nodiscard]] virtual Result<std::vector<DecisionId>> decisions_named(std::string_view prefix) = 0;
  /// Types that were ever decided, sorted.
  [[nodiscard]] virtual Result<std::vector<std::string>> decision_types() = 0;
  /// Options that were ever chosen for a type, sorted.
  [[nodiscard]] virtual Result<std::vector<std::string>> decided_options(std::string_view type) = 0;
  /// What the voters say now. Some rows, however many decisions there were.
  [[nodiscard]] virtual Result<vote::Judgement> judge(const vote::Question& question, const vote::Settings& settings) = 0;
  [[nodiscard]] virtual Result<std::vector<std::string>> what_would_change(const vote::Question& question, const vote::Settings& settings,
                                                                           const vote::Judgement& judgement, const vote::Choice& choice) = 0;
  [[nodiscard]] virtual Result<std::optional<CycleSummary>> cycle(CycleId id) = 0;
  /// What is known of an error, by the digest of its signature.
  [[nodiscard]] virtual Result<std::optional<KnownError>> error(const Digest& signature) = 0;
  /// All of them, by that digest.
  virtual Result<void> for_each_error(const std::function<bool(const KnownError&)>& visit) = 0;
  /// Those with an executed attempt, by the first such attempt.
  virtual Result<void> for_each_executed_cycle(const std::function<bool(const CycleSummary&)>& visit) = 0;
  /// The full journalled event, read back from its segment.
  [[nodiscard]] virtual Result<std::optional<LearningEvent>> load_event(EventId id) = 0;
  /// Patterns for which the unit is an instance or near-instance, by estimated Jaccard.
  [[nodiscard]] virtual Result<std::vector<std::pair<PatternId, double>>> near(const CodeUnit& unit,
                                                                               std::size_t limit) = 0;
  /// What a unit and each of these patterns have in common, in their order; see code_adviser.h for which have none.
  [[nodiscard]] virtual Result<std::vector<std::optional<CodeAdvice>>> advice(const CodeUnit& unit, std::span<const PatternId> ids) = 0;
  /// The MinHash signature of the pattern's leading instance; absent when there is no such pattern.
  [[nodiscard]] virtual Result<std::optional<mine::Signature>> signature(PatternId id) = 0;
  /// Why a pattern's built-in vector is as near to a query's as it is. Empty where an external embedder is asked.
  [[nodiscard]] virtual Result<std::vector<index::DenseShare>> dense_shares(std::string_view query, PatternId id, std::size_t count) = 0;
  /// Does code with this alpha digest belong to a pattern?
  [[nodiscard]] virtual Result<bool> is_member(const Digest& alpha) = 0;
  /// What is known of code with this fingerprint failing (tier-0 guard).
  [[nodiscard]] virtual Result<std::optional<AntiPattern>> known_failure(const Digest& fingerprint) = 0;
  /// What the guards say about each function or method.
  [[nodiscard]] virtual Result<std::vector<std::vector<Finding>>> check(std::span<const CodeUnit> units, const GuardCheckOptions& options) = 0;
  [[nodiscard]] virtual Result<std::optional<Guard>> guard(PatternId id) = 0;
  /// What passed in place of failed code, with its tree.
  [[nodiscard]] virtual Result<std::optional<CodeUnit>> replacement(PatternId failure) = 0;
  virtual Result<void> for_each_guard(const std::function<bool(const Guard&)>& visit) = 0;
  /// Failed code as guards against its own repetition.
  [[nodiscard]] virtual Result<std::optional<RepeatGuard>> repeat_guard(PatternId id) = 0;
  virtual Result<void> for_each_repeat_guard(const std::function<bool(const RepeatGuard&)>& visit) = 0;
  /// Guards whose id starts with these hexadecimal digits; at most `limit`, ascending.
  [[nodiscard]] virtual Result<std::vector<PatternId>> guards_named(std::string_view hex, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<index::SearchResult> search(std::string_view query, const index::Filter& filter,
                                                           std::size_t limit) = 0;
  /// What the index has learned that counts in the answer to a query; nothing when it is not used.
  [[nodiscard]] virtual Result<index::LearnedOfQuery> learned_of(std::string_view query) = 0;
  [[nodiscard]] virtual Result<JournalPosition> folded_position() = 0;
  /// Digest of the whole state (all tables but the fold's own bookkeeping): replay equals live, and replicas with
  /// the same segments are equal (invariants 1 and 2).
  [[nodiscard]] virtual Result<std::string> state_digest() = 0;
  /// Digest of what is known, without where in a journal it stands: all tables but "meta", "event" and "order".
  /// A forgotten event leaves it as if the event had never been journalled.
  [[nodiscard]] virtual Result<std::string> knowledge_digest() = 0;
  /// How often things happened that leave no other trace: "units without use", "feedback on unknown patterns", ...
  [[nodiscard]] virtual Result<std::map<std::string, std::uint64_t>> counters() = 0;
  /// Rewrites `patterns/` and `anti_patterns/` for `changed` and for anti-patterns changed by refreshes of this object
  /// since the last call; all when `changed` is empty or a refresh has rebuilt: readable, stable bytes, only differing
  /// files are touched, files of vanished patterns go.
  virtual Result<void> write_files(const std::vector<PatternId>& changed) = 0;
  /// pattern() with `gain` and `unkept`, which are measured against all that is known. Cost: some 100 µs more.
  [[nodiscard]] virtual Result<std::optional<Pattern>> measured_pattern(PatternId id) = 0;
  /// More general and more special patterns, and what the pattern and its siblings have in common.
  [[nodiscard]] virtual Result<PatternRelatives> relatives(PatternId id) = 0;
};

}  // namespace autodev::knowledge
