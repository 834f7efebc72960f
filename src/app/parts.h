// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Parts: what a LearningSystem is made of, wired together in one place.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/unit_cache.h"
#include "autodev/learning_system.h"
#include "base/env.h"
#include "knowledge/knowledge_store.h"
#include "syntax/extract.h"

namespace autodev::app {

/// What a history touches again and again: 64 MiB hold the units of some 2,000 source files.
inline constexpr std::size_t recent_units_bytes = std::size_t{64} << 20;

struct Parts {
  Parts(base::Env& environment, LearningOptions given, std::uint64_t parser_memory_bytes);
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  base::Env& env;
  LearningOptions options;
  std::unique_ptr<knowledge::KnowledgeStore> store;
  syntax::ParserPool parser;
  bool parse_in_process = false;  ///< no worker program can be started
  UnitCache recent_units{recent_units_bytes};
  std::function<void(const LearningEvent&, const LearnReport&)> observer;

  KnowledgeBase knowledge;
  PatternExtractor extractor;
  SuccessTracker successes;
  FailureAnalyzer failures;
  DecisionImprover decisions;

  /// `folder/knowledge`.
  [[nodiscard]] std::string knowledge_folder() const { return options.folder + "/knowledge"; }
};

/// What a command adds to the options of the library.
struct SystemSettings {
  std::uint64_t parser_memory_bytes = std::uint64_t{1} << 30;
  std::function<void(std::uint64_t, std::uint64_t)> on_progress, on_embedded;  ///< long folds; long embedding
  std::function<void(const std::string&)> on_problem;  ///< what does not stop the command
  std::shared_ptr<const index::ExternalEmbedder> embedder;
  bool adapt = true;  ///< learn.embedder.adapt
  bool embedder_is_away = false;  ///< one is configured, but cannot be made
};

/// Opens with an explicit world and parse worker.
[[nodiscard]] Result<std::unique_ptr<LearningSystem>> open_system(base::Env& env, const LearningOptions& options,
                                                                  SystemSettings settings = {});

/// LearningSystem::learn on the parts.
Result<LearnReport> learn_event(Parts& parts, LearningEvent event);

/// Fills `event.implementation.units` from its files; skipped files are named in `notes`. How many functions and types of the
/// files as they are now are too large to be learned from.
std::uint32_t extract_into(Parts& parts, LearningEvent& event, std::vector<std::string>& notes);

/// "3 functions or types are larger than 20,000 nodes or 256 KiB: nothing is learned from them".
[[nodiscard]] std::string too_large_note(std::uint64_t units);

/// Units that differ between two versions of a file, matched by kind, scope and name.
[[nodiscard]] std::vector<UnitChange> changed_units(std::vector<CodeUnit> before, std::vector<CodeUnit> after);

/// Completes ids, project and cycle of an event before it is journalled.
void complete_event(const Parts& parts, LearningEvent& event);

/// All metrics from the store (report/metrics) with the store's size on disk.
[[nodiscard]] Result<LearningMetrics> metrics_of(Parts& parts, bool explain);

/// `decisions/<id>.json` for changed decisions and `decisions/weights.<type>.json` for their types; after a rebuild all of
/// them, and files of vanished decisions go.
Result<void> write_decision_files(Parts& parts, const knowledge::RefreshReport& folded);

/// Holds the first hit back with probability `holdout`, and records either way (experiment.cpp).
Result<void> run_experiment(Parts& parts, const Specification& wanted, double holdout, SimilarPatterns& found);

/// Pattern files, anti-pattern files and metrics.json after a fold; nothing when it changed nothing.
Result<void> write_readable_files(Parts& parts, const knowledge::RefreshReport& folded);

}  // namespace autodev::app
