// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/rank_hits.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "index/agreement.h"
#include "index/words.h"
#include "mine/quality.h"
#include "mine/signature.h"
#include "syntax/nast.h"
#include "syntax/snippet.h"

namespace autodev::app {
namespace {

constexpr double success_reach = 0.1;
constexpr double gone_factor = 0.85;
/// Forms of one thing: as similar as near-copies (mine/thresholds.h joins from 0.7 on) with most words of their names shared.
constexpr double same_structure = 0.8, same_words = 0.5;
constexpr std::size_t structural_candidates = 20;
constexpr std::uint64_t max_cited_bytes = std::uint64_t{1} << 20;

double success_factor(const PatternEvidence& evidence) {
  const double mean = mine::beta_share(evidence.verified_passes + evidence.applied_passed + evidence.helped,
                                       evidence.failures + evidence.irrelevant + evidence.wrong).mean;
  return 1 + success_reach * (2 * mean - 1);
}

/// Stays a foreign path below the project?
bool stays_inside(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\\') != std::string_view::npos || path.find('\0') != std::string_view::npos) return false;
  for (const std::string_view part : base::split(path, '/'))
    if (part == "..") return false;
  return true;
}

bool has_word(std::string_view text, std::string_view word) {
  const auto is_part = [&](std::size_t i) { return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_'); };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    if (!(at > 0 && is_part(at - 1)) && !is_part(at + word.size())) return true;
  return false;
}

/// Where this project's files are; empty when nobody can say.
std::string project_root(Parts& parts) {
  const std::size_t end = parts.options.folder.find_last_of('/');
  const std::string root = end == std::string::npos ? "." : parts.options.folder.substr(0, end);
  const auto git = parts.env.status(root + "/.git");
  return git && *git ? root : std::string();
}

/// What a pattern of this project cites and the project does not have any more; empty when one of its sources is there.
std::string what_is_gone(Parts& parts, const std::string& root, const Pattern& pattern) {
  if (root.empty() || pattern.context.projects != std::vector<std::string>{parts.options.project}) return {};
  std::string gone;
  for (const CodeUnit& unit : pattern.examples) {
    if (!stays_inside(unit.path)) return {};
    const auto text = parts.env.read_file(root + "/" + unit.path, max_cited_bytes);
    if (!text && text.error().code != ErrorCode::no_input) return {};
    if (text && (unit.name.empty() || has_word(*text, unit.name))) return {};
    if (gone.empty()) gone = text ? fmt::format("{} in {}", unit.name, unit.path) : unit.path;
  }
  return gone;
}

/// A hit with what forms are told by.
struct Candidate {
  SimilarPattern hit;
  std::optional<mine::Signature> signature;
  std::set<std::string> words;
};

bool same_lines(const Pattern& a, const Pattern& b) {
  for (const CodeUnit& one : a.examples)
    for (const CodeUnit& other : b.examples)
      if (one.path == other.path && one.first_line <= other.last_line && other.first_line <= one.last_line && one.last_line != 0 &&
          a.context.projects == b.context.projects)
        return true;
  return false;
}

bool is_form_of(const Candidate& a, const Candidate& b) {
  if (a.hit.pattern.kind != b.hit.pattern.kind) return false;  // how a function uses a file is no form of the function
  if (a.hit.pattern.kind == PatternKind::behavioural) return false;  // two objects of one function are two usages
  if (same_lines(a.hit.pattern, b.hit.pattern)) return true;
  if (!a.signature || !b.signature || a.hit.pattern.context.language != b.hit.pattern.context.language) return false;
  std::size_t shared = 0;
  for (const std::string& word : a.words) shared += b.words.count(word);
  const std::size_t all = a.words.size() + b.words.size() - shared;
  return 2 * shared > all && mine::estimated_jaccard(*a.signature, *b.signature) >= same_structure;
}

void order(std::vector<Candidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.hit.score != b.hit.score ? a.hit.score > b.hit.score : a.hit.pattern.id < b.hit.pattern.id;
  });
}

/// The largest function, method or type of a file.
std::optional<CodeUnit> largest_unit(Parts& parts, const std::string& path, std::string text, std::vector<std::string>& notes) {
  LearningEvent event;
  event.implementation.files.push_back({path, std::nullopt, std::move(text)});
  extract_into(parts, event, notes);
  std::optional<CodeUnit> largest;
  for (UnitChange& change : event.implementation.units)
    if (change.after && change.after->kind != UnitKind::block && (!largest || change.after->nodes > largest->nodes)) largest = std::move(*change.after);
  return largest;
}

/// Below the function itself.
bool has_statement(const CodeUnit& unit) {
  const auto tree = syntax::decode_nast(unit.tree);
  return tree && std::any_of(tree->nodes.begin() + std::min<std::ptrdiff_t>(1, static_cast<std::ptrdiff_t>(tree->nodes.size())), tree->nodes.end(),
                             [](const syntax::NastNode& node) { return (node.flags & syntax::flag_statement) != 0 && node.kind != syntax::NodeKind::block; });
}

}  // namespace

Result<CodeUnit> sought_unit(Parts& parts, const FileChange& code) {
  std::vector<std::string> notes;
  if (auto unit = largest_unit(parts, code.path, code.after.value_or(""), notes)) return std::move(*unit);
  if (auto wrapped = syntax::as_function(code.after.value_or(""), language_from_path(code.path))) {
    std::vector<std::string> unsaid;
    auto unit = largest_unit(parts, code.path, std::move(*wrapped), unsaid);
    if (unit && has_statement(*unit)) return std::move(*unit);
  }
  return fail(ErrorCode::usage, fmt::format("{}: no function or statements found to compare with{}", code.path, notes.empty() ? "" : " (" + notes.front() + ")"),
              "give a file with a function, or with some statements of one");
}

Result<void> add_advice(Parts& parts, const CodeUnit& unit, std::vector<SimilarPattern>& hits) {
  std::vector<PatternId> ids;
  for (const SimilarPattern& hit : hits) ids.push_back(hit.pattern.id);
  AUTODEV_TRY_ASSIGN(auto advice, parts.store->advice(unit, ids));
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (!advice[i]) continue;
    hits[i].common = advice[i]->similarity;
    hits[i].overlap = std::move(advice[i]->overlap);
    hits[i].missing = std::move(advice[i]->missing);
  }
  return {};
}

Result<void> add_similar_structure(Parts& parts, const CodeUnit& unit, std::string_view words, const SearchConditions& conditions,
                                   std::vector<SimilarPattern>& hits) {
  std::set<PatternId> known;
  for (const SimilarPattern& hit : hits) known.insert(hit.pattern.id);
  AUTODEV_TRY_ASSIGN(const auto near, parts.store->near(unit, structural_candidates));
  for (const auto& [id, similarity] : near) {
    if (known.contains(id)) continue;
    AUTODEV_TRY_ASSIGN(auto pattern, parts.store->pattern(id));
    if (!pattern || (conditions.language && pattern->context.language != *conditions.language) ||
        (conditions.kind && pattern->context.kind != *conditions.kind) || (conditions.pattern && pattern->kind != *conditions.pattern) || !conditions.framework.empty())
      continue;
    if (!conditions.even_if_unlikely && index::disagreement(words, {pattern->name, pattern->description, pattern->implementation})) continue;
    SimilarPattern hit;
    hit.pattern = std::move(*pattern);
    hits.push_back(std::move(hit));
  }
  return {};
}

Result<void> rank_hits(Parts& parts, const std::optional<CodeUnit>& unit, std::size_t limit, std::vector<SimilarPattern>& hits) {
  std::optional<mine::Signature> wanted;
  if (unit) {
    AUTODEV_TRY_ASSIGN(const auto tree, syntax::decode_nast(unit->tree));
    wanted = mine::minhash(mine::structural_features(tree));
  }
  const std::string root = project_root(parts);
  std::vector<Candidate> candidates;
  for (SimilarPattern& hit : hits) {
    Candidate candidate{std::move(hit), std::nullopt, {}};
    SimilarPattern& ranked = candidate.hit;
    AUTODEV_TRY_ASSIGN(candidate.signature, parts.store->signature(ranked.pattern.id));
    for (const index::Term& term : index::terms_of(ranked.pattern.name)) candidate.words.insert(term.text);
    double score = ranked.text;
    if (wanted) {
      const bool comparable = candidate.signature && ranked.pattern.context.language == unit->language;
      ranked.structure = comparable ? mine::estimated_jaccard(*wanted, *candidate.signature) : 0.0;
      score = (ranked.text + *ranked.structure) / 2;
    }
    ranked.success_factor = success_factor(ranked.pattern.evidence);
    ranked.gone = what_is_gone(parts, root, ranked.pattern);
    ranked.source_factor = ranked.gone.empty() ? 1 : gone_factor;
    ranked.score = score * ranked.success_factor * ranked.source_factor;
    candidates.push_back(std::move(candidate));
  }
  order(candidates);
  std::vector<Candidate> kept;
  for (Candidate& candidate : candidates) {
    const auto first = std::find_if(kept.begin(), kept.end(), [&](const Candidate& other) { return is_form_of(candidate, other); });
    if (first != kept.end())
      first->hit.forms.push_back(candidate.hit.pattern.id);
    else
      kept.push_back(std::move(candidate));
  }
  hits.clear();
  for (std::size_t i = 0; i < std::min(limit, kept.size()); ++i) hits.push_back(std::move(kept[i].hit));
  return {};
}

}  // namespace autodev::app
