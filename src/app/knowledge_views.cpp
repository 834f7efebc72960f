// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The parts of the facade: thin views over the store, each adding only its own check.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/parts.h"
#include "app/rank_hits.h"
#include "base/text.h"
#include "index/agreement.h"
#include "index/search_index.h"
#include "knowledge/exchange.h"

namespace autodev {
namespace {

SimilarPattern similar_pattern(Pattern pattern, const index::Hit& hit) {
  SimilarPattern similar;
  similar.pattern = std::move(pattern);
  similar.score = similar.text = hit.score;
  similar.lexical_part = hit.lexical_part;
  similar.dense_part = hit.dense_part;
  similar.lexical = hit.lexical;
  similar.dense = hit.dense;
  similar.coverage = hit.coverage;
  for (const index::TermShare& term : hit.terms) similar.words.emplace_back(term.term, term.share);
  return similar;
}

/// Hits fetched beyond the limit, in the place of those that turn out to do something else.
constexpr std::size_t spare_hits = 10;

using Patterns = std::map<PatternId, Pattern>;

/// Takes out the hits that do something else than what is asked; `named` says of the first of them what. `patterns`: those that were read.
Result<std::vector<index::LeftOut>> leave_out_disagreeing(app::Parts& parts, std::string_view query, index::SearchResult& found, Patterns& patterns,
                                                          std::string& named) {
  constexpr std::size_t most = 3;
  AUTODEV_TRY_ASSIGN(auto left_out, index::leave_out_disagreeing(found, query, [&](const PatternId& id) -> Result<std::optional<index::Wording>> {
    AUTODEV_TRY_ASSIGN(auto read, parts.store->pattern(id));
    if (!read) return std::nullopt;
    const Pattern& pattern = patterns.insert_or_assign(id, std::move(*read)).first->second;
    return index::Wording{pattern.name, pattern.description, pattern.implementation};
  }));
  for (std::size_t i = 0; i < std::min(most, left_out.size()); ++i) {
    const index::Disagreement& because = left_out[i].because;
    named += fmt::format("{}{} ({}: {})", i == 0 ? "" : ", ", patterns[left_out[i].hit.id].name, index::to_string(because.kind), because.sentence());
  }
  if (left_out.size() > most) named += fmt::format(" and {} more", left_out.size() - most);
  return left_out;
}

/// "no pattern has the language python and the framework flask"
std::string none_has(const SearchConditions& conditions) {
  std::string text;
  const auto add = [&text](std::string_view what, std::string_view name) {
    if (!name.empty()) text += fmt::format("{} the {} {}", text.empty() ? "no pattern has" : " and", what, name);
  };
  add("language", conditions.language ? to_string(*conditions.language) : "");
  add("kind", conditions.kind ? to_string(*conditions.kind) : "");
  add("pattern kind", conditions.pattern ? to_string(*conditions.pattern) : "");
  add("framework", conditions.framework);
  return text;
}

constexpr std::size_t explained_words = 8;
/// Below a third of the structure two functions have little more in common than their language.
constexpr double telling_structure = 1.0 / 3;
/// A few statements are a small part of what they stand in; two thirds of what they tell is more than chance brings together.
constexpr double telling_cover = 2.0 / 3;

/// Of a request with code: structure speaks for itself, words are judged without the code's.
Result<index::Confidence> judge_with_code(app::Parts& parts, const std::string& words, const index::Filter& filter, const SimilarPatterns& found) {
  double best = 0, covered = 0;
  for (const SimilarPattern& hit : found.hits) {
    best = std::max(best, hit.structure.value_or(0));
    covered = std::max(covered, hit.covered);
  }
  const std::string percent = fmt::format("{:.0f} %", 100 * best);
  if (best >= telling_structure) return index::Confidence{best, true, "a pattern has " + percent + " of the code's structure"};
  if (covered >= telling_cover) return index::Confidence{covered, true, fmt::format("a pattern has {:.0f} % of what the code tells", 100 * covered)};
  index::Confidence confidence{best, false, {}};
  if (!words.empty()) {
    AUTODEV_TRY_ASSIGN(const index::SearchResult by_words, parts.store->search(words, filter, spare_hits));
    confidence = index::judge(by_words, words);
  }
  const std::string structure = "no pattern has more than " + percent + " of the code's structure";
  confidence.reason = confidence.reason.empty() ? structure : structure + "; " + confidence.reason;
  return confidence;
}

/// Fills in what is measured against all that is known: gain, reach, and why a pattern is not kept.
Result<void> measure(app::Parts& parts, std::vector<SimilarPattern>& hits) {
  for (SimilarPattern& hit : hits) {
    AUTODEV_TRY_ASSIGN(auto measured, parts.store->measured_pattern(hit.pattern.id));
    if (measured) hit.pattern = std::move(*measured);
  }
  return {};
}

Result<void> explain_vectors(app::Parts& parts, const std::string& query, SimilarPatterns& found) {
  for (SimilarPattern& hit : found.hits) {
    AUTODEV_TRY_ASSIGN(const auto shares, parts.store->dense_shares(query, hit.pattern.id, explained_words));
    for (const index::DenseShare& share : shares) hit.vectors.push_back({share.stem, share.share, share.nearest, share.nearest_share});
  }
  return {};
}

std::optional<knowledge::FeedbackVerdict> feedback_verdict(std::string_view text) {
  if (text == "helped") return knowledge::FeedbackVerdict::helped;
  if (text == "irrelevant") return knowledge::FeedbackVerdict::irrelevant;
  if (text == "wrong") return knowledge::FeedbackVerdict::wrong;
  return std::nullopt;
}

/// Journals control records and folds them at once.
Result<void> append_and_fold(app::Parts& parts, std::vector<knowledge::Payload> payloads) {
  if (parts.options.read_only) return fail(ErrorCode::permission, "this knowledge was opened read-only");
  AUTODEV_TRY(parts.store->append(payloads));
  AUTODEV_TRY_ASSIGN(const auto folded, parts.store->refresh());
  return app::write_readable_files(parts, folded);
}

}  // namespace

Result<SimilarPatterns> KnowledgeBase::find_similar_patterns(const Specification& wanted, const SearchConditions& conditions) {
  index::Filter filter;
  filter.language = conditions.language;
  filter.kind = conditions.kind;
  filter.pattern = conditions.pattern;
  filter.framework = conditions.framework;
  const std::string words = wanted.signature.empty() ? wanted.text : wanted.text + "\n" + wanted.signature;
  std::string query = words;
  std::optional<CodeUnit> unit;
  if (conditions.like) {
    AUTODEV_TRY_ASSIGN(unit, app::sought_unit(parts_, *conditions.like));
    query += (query.empty() ? "" : "\n") + unit->text;
  }
  AUTODEV_TRY_ASSIGN(index::SearchResult found, parts_.store->search(query, filter, conditions.limit + spare_hits));
  std::vector<index::LeftOut> left_out;
  Patterns patterns;
  std::string named;
  if (!conditions.even_if_unlikely) {
    AUTODEV_TRY_ASSIGN(left_out, leave_out_disagreeing(parts_, wanted.text, found, patterns, named));
  }
  SimilarPatterns result;
  result.searched = found.documents;
  for (const index::Hit& hit : found.hits) {
    if (const auto known = patterns.find(hit.id); known != patterns.end()) {
      result.hits.push_back(similar_pattern(std::move(known->second), hit));
      continue;
    }
    AUTODEV_TRY_ASSIGN(auto pattern, parts_.store->pattern(hit.id));
    if (pattern) result.hits.push_back(similar_pattern(std::move(*pattern), hit));
  }
  if (unit) AUTODEV_TRY(app::add_similar_structure(parts_, *unit, wanted.text, conditions, result.hits));
  std::erase_if(result.hits, [](const SimilarPattern& hit) { return hit.pattern.status == PatternStatus::deprecated; });
  AUTODEV_TRY(app::rank_hits(parts_, unit, conditions.limit, result.hits));
  if (unit) AUTODEV_TRY(app::add_advice(parts_, *unit, result.hits));

  index::Confidence confidence;
  if (unit) {
    AUTODEV_TRY_ASSIGN(confidence, judge_with_code(parts_, words, filter, result));
  } else {
    confidence = index::judge_remaining(found, left_out, query);
  }
  result.confidence = confidence.value;
  result.reason = confidence.reason;
  if (const std::string none = none_has(conditions); found.documents == 0 && !none.empty()) {
    AUTODEV_TRY_ASSIGN(const auto totals, parts_.store->totals());
    if (totals.all_patterns() > 0) result.reason = none;
  }
  if (!named.empty()) result.reason += "; left out: " + named;
  if (!found.note.empty()) result.reason += " (" + found.note + ")";
  result.left_out = std::move(named);
  result.embedder_problem = std::move(found.note);
  if (!confidence.fits && !conditions.even_if_unlikely) result.hits.clear();
  AUTODEV_TRY(measure(parts_, result.hits));
  if (conditions.explain) AUTODEV_TRY(explain_vectors(parts_, query, result));
  if (conditions.holdout > 0 && !result.hits.empty()) AUTODEV_TRY(app::run_experiment(parts_, wanted, conditions.holdout, result));
  return result;
}

Result<std::optional<Pattern>> KnowledgeBase::pattern(PatternId id) { return parts_.store->measured_pattern(id); }

Result<void> KnowledgeBase::for_each_pattern(const std::function<bool(const Pattern&)>& visit) {
  return parts_.store->for_each_pattern(visit);
}

Result<void> KnowledgeBase::for_each_anti_pattern(const std::function<bool(const AntiPattern&)>& visit) {
  return parts_.store->for_each_anti_pattern(visit);
}

Result<std::optional<AntiPattern>> KnowledgeBase::known_failure(const Digest& fingerprint) {
  return parts_.store->known_failure(fingerprint);
}

Result<void> KnowledgeBase::feedback(PatternId id, std::string_view verdict, std::string_view note, std::string_view query) {
  const auto parsed = feedback_verdict(verdict);
  if (!parsed)
    return fail(ErrorCode::usage, fmt::format("'{}' is no verdict", verdict), "use helped, irrelevant or wrong");
  AUTODEV_TRY_ASSIGN(const auto pattern, parts_.store->pattern(id));
  AUTODEV_TRY_ASSIGN(const auto guard, parts_.store->guard(id));
  AUTODEV_TRY_ASSIGN(const auto failure, parts_.store->anti_pattern(id));
  if (!pattern && !guard && !failure) return fail(ErrorCode::no_input, "no pattern has the id " + id.hex());
  return append_and_fold(parts_, {knowledge::Feedback{id, *parsed, std::string(base::clip_utf8(note, 4096)), std::string(base::clip_utf8(query, 4096))}});
}

Result<void> KnowledgeBase::forget(const std::vector<EventId>& events, std::string_view reason) {
  knowledge::Forget wish;
  wish.events = events;
  wish.reason = reason;
  return append_and_fold(parts_, {std::move(wish)});
}

Result<void> KnowledgeBase::forget_project(std::string_view project, std::string_view reason) {
  if (project.empty()) return fail(ErrorCode::usage, "forget: the project's name is empty");
  knowledge::Forget wish;
  wish.project = project;
  wish.reason = reason;
  return append_and_fold(parts_, {std::move(wish)});
}

Result<void> KnowledgeBase::forget_everything(std::string_view reason) {
  knowledge::Forget wish;
  wish.everything = true;
  wish.reason = reason;
  return append_and_fold(parts_, {std::move(wish)});
}

Result<std::string> KnowledgeBase::export_json(bool anonymise) {
  knowledge::ExportOptions options;
  options.version = AUTODEV_VERSION;
  options.anonymise = anonymise;
  return knowledge::export_knowledge(parts_.env, *parts_.store, options);
}

Result<ImportReport> KnowledgeBase::import_json(std::string_view document, std::string_view origin, bool dry_run) {
  AUTODEV_TRY_ASSIGN(knowledge::ImportResult result, knowledge::import_knowledge(*parts_.store, document, origin, dry_run));
  if (!dry_run && result.added > 0) {
    AUTODEV_TRY_ASSIGN(const auto folded, parts_.store->refresh());
    AUTODEV_TRY(app::write_readable_files(parts_, folded));
  }
  return ImportReport{result.added, result.known, result.rejected, std::move(result.problems)};
}

Result<LearnReport> SuccessTracker::track_success(LearningEvent event) {
  if (event.outcome.verdict != Verdict::passed)
    return fail(ErrorCode::bad_data, fmt::format("track_success: the outcome is '{}', not passed", to_string(event.outcome.verdict)),
                "use analyze_failure for failures");
  return app::learn_event(parts_, std::move(event));
}

Result<SuccessShare> SuccessTracker::success_of(PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto pattern, parts_.store->pattern(id));
  if (!pattern) return fail(ErrorCode::no_input, "no pattern has the id " + id.hex());
  return pattern->success_rate;
}

Result<LearnReport> FailureAnalyzer::analyze_failure(LearningEvent event) {
  if (event.outcome.verdict != Verdict::failed)
    return fail(ErrorCode::bad_data, fmt::format("analyze_failure: the outcome is '{}', not failed", to_string(event.outcome.verdict)),
                "use track_success for passes");
  return app::learn_event(parts_, std::move(event));
}

Result<std::vector<AntiPattern>> FailureAnalyzer::repeated_failures(const std::vector<FileChange>& files) {
  LearningEvent probe;
  probe.implementation.files = files;
  std::vector<std::string> notes;
  app::extract_into(parts_, probe, notes);
  std::vector<AntiPattern> found;
  for (const UnitChange& change : probe.implementation.units) {
    if (!change.after || change.after->kind == UnitKind::block || change.after->kind == UnitKind::type) continue;
    AUTODEV_TRY_ASSIGN(auto failure, parts_.store->known_failure(change.after->fingerprint));
    if (failure) found.push_back(std::move(*failure));
  }
  return found;
}

}  // namespace autodev
