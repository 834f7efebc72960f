// SPDX-License-Identifier: MIT OR Apache-2.0
//
// LearningSystem: intake -> journal -> fold -> readable files -> observer, in this order.
#include "autodev/learning_system.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/parts.h"
#include "base/text.h"
#include "learn/learner.h"
#include "report/metrics.h"

namespace autodev {

LearningSystem::LearningSystem(std::unique_ptr<app::Parts> parts) : parts_(std::move(parts)) {}
LearningSystem::~LearningSystem() = default;

Result<std::unique_ptr<LearningSystem>> LearningSystem::open(const LearningOptions& options) {
  return app::open_system(base::real_env(), options);
}

Result<LearnReport> LearningSystem::learn(LearningEvent event) { return app::learn_event(*parts_, std::move(event)); }

void LearningSystem::on_learned(std::function<void(const LearningEvent&, const LearnReport&)> observer) {
  parts_->observer = std::move(observer);
}

Result<LearningMetrics> LearningSystem::calculate_metrics(bool explain) { return app::metrics_of(*parts_, explain); }

KnowledgeBase& LearningSystem::knowledge() noexcept { return parts_->knowledge; }
PatternExtractor& LearningSystem::pattern_extractor() noexcept { return parts_->extractor; }
SuccessTracker& LearningSystem::success_tracker() noexcept { return parts_->successes; }
FailureAnalyzer& LearningSystem::failure_analyzer() noexcept { return parts_->failures; }
DecisionImprover& LearningSystem::decisions() noexcept { return parts_->decisions; }

namespace app {
namespace {

std::vector<std::string> worker_command(const LearningOptions& options) {
  return {options.parse_worker.empty() ? std::string(AUTODEV_LIBEXEC) : options.parse_worker, "parse-worker"};
}

std::string default_project(const std::string& folder) {
  std::error_code ignored;
  const auto absolute = std::filesystem::weakly_canonical(folder, ignored);
  const std::string name = absolute.parent_path().filename().string();
  return name.empty() ? "project" : base::repair_utf8(name);
}

}  // namespace

Parts::Parts(base::Env& environment, LearningOptions given, std::uint64_t parser_memory_bytes)
    : env(environment),
      options(std::move(given)),
      parser(environment, worker_command(options), parser_memory_bytes),
      knowledge(*this),
      extractor(*this),
      successes(*this),
      failures(*this),
      decisions(*this) {}

Result<std::unique_ptr<LearningSystem>> open_system(base::Env& env, const LearningOptions& options,
                                                    SystemSettings settings) {
  LearningOptions complete = options;
  if (complete.project.empty()) complete.project = default_project(complete.folder);
  auto parts = std::make_unique<Parts>(env, complete, settings.parser_memory_bytes);
  knowledge::StoreOptions store_options;
  store_options.learner = std::string(learn::learner_version);
  store_options.read_only = options.read_only;
  store_options.on_progress = std::move(settings.on_progress);
  store_options.on_embedded = std::move(settings.on_embedded);
  store_options.embedder = std::move(settings.embedder);
  store_options.adapt = settings.adapt;
  store_options.keep_external = settings.embedder_is_away;
  AUTODEV_TRY_ASSIGN(parts->store, knowledge::KnowledgeStore::open(env, parts->knowledge_folder(), learn::study,
                                                                   std::move(store_options)));
  AUTODEV_TRY_ASSIGN(const auto folded, parts->store->refresh());
  if (!folded.embedding_problem.empty() && settings.on_problem)
    settings.on_problem("the built-in embedder is used: " + folded.embedding_problem);
  return std::make_unique<LearningSystem>(std::move(parts));
}

Result<LearnReport> learn_event(Parts& parts, LearningEvent event) {
  if (parts.options.read_only)
    return fail(ErrorCode::permission, "this knowledge was opened read-only: nothing can be learned");
  LearnReport report;
  report.units_too_large = extract_into(parts, event, report.notes);
  if (report.units_too_large > 0) report.notes.push_back(too_large_note(report.units_too_large));
  complete_event(parts, event);
  report.event = event.id;
  report.units = static_cast<std::uint32_t>(event.implementation.units.size());
  AUTODEV_TRY_ASSIGN(const auto known, parts.store->event(event.id));
  if (known) {
    report.duplicate = true;
    return report;
  }
  AUTODEV_TRY(parts.store->append({event}));
  AUTODEV_TRY_ASSIGN(const auto folded, parts.store->refresh());
  report.patterns = folded.changed;
  AUTODEV_TRY_ASSIGN(const auto summary, parts.store->event(event.id));
  if (summary) report.rules = summary->rules;
  AUTODEV_TRY(write_readable_files(parts, folded));
  if (parts.observer) parts.observer(event, report);
  return report;
}

}  // namespace app
}  // namespace autodev
