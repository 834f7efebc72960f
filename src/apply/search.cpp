// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The steps of search.h. The weights of the order are guesses that only decide what is tried first; what is believed is
// decided by the calibration.
#include "apply/search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "apply/anchors.h"
#include "apply/code_tokens.h"
#include "apply/equal.h"
#include "apply/fill.h"
#include "apply/header.h"
#include "apply/screen.h"
#include "apply/splice.h"
#include "apply/verify.h"

namespace autodev::apply {
namespace {

constexpr std::size_t splice_bases = 5;  // the best whole candidates; deeper ones win too seldom to pay
constexpr std::size_t splice_donors = 40;
constexpr std::size_t max_screened = 100;   // at some 4 ms each half a second
constexpr double screen_each_s = 0.5;       // a test of a small function that runs longer costs more than it is worth
constexpr double screen_total_s = 6.0;      // some candidates loop for ever; a dozen of them may
constexpr double anchor_weight = 0.3;       // a number that the task names and the code lacks
constexpr double strangeness_weight = 1.0;  // like the whole signature shape
constexpr std::size_t filled_candidates = 6;
constexpr std::size_t fills_each = 24;
constexpr double recency_weight = 0.4;  // styles drift: later work resembles the latest
constexpr double splice_penalty = 0.9;  // a splice must be supported by several pairs to come before whole candidates

/// Order of trial: unexplained meaning hurts most, then shape and text; the weights order, they do not decide.
double trial_score(const Candidate& c, std::size_t library_size) {
  const auto latest = static_cast<double>(*std::max_element(c.sources.begin(), c.sources.end()));
  return recency_weight * latest / static_cast<double>(library_size) + 1.5 * (1 - c.spec_residue) +
         1.0 * (1 - c.name_residue) + c.shape + 0.5 * std::min(1.0, c.text) + (c.same_stream ? 0.2 : 0) -
         (c.stretched ? 0.5 : 0) + 0.25 * std::min(4.0, static_cast<double>(c.sources.size() - 1)) -
         splice_penalty * static_cast<double>(c.splices) +
         (c.splices > 0 ? 0.2 * std::log(static_cast<double>(c.support)) : 0);
}

void join(Candidate& known, const Candidate& more) {
  for (const auto source : more.sources)
    if (std::find(known.sources.begin(), known.sources.end(), source) == known.sources.end())
      known.sources.push_back(source);
  known.spec_residue = std::min(known.spec_residue, more.spec_residue);
  known.name_residue = std::min(known.name_residue, more.name_residue);
  known.shape = std::max(known.shape, more.shape);
  known.text = std::max(known.text, more.text);
  known.same_stream = known.same_stream || more.same_stream;
  known.stretched = known.stretched && more.stretched;
  known.polarity = known.polarity && more.polarity;
}

/// Candidates by normal form.
class Pool {
 public:
  explicit Pool(Language language) : language_(language) {}

  void add(Candidate candidate) {
    const auto [known, fresh] = by_form_.try_emplace(normal_form(candidate.code, language_), all_.size());
    if (fresh)
      all_.push_back(std::move(candidate));
    else if (candidate.splices == 0)
      join(all_[known->second], candidate);
    else
      ++all_[known->second].support;
  }

  std::vector<Candidate> sorted(const Library& library, const SignatureShape& shape, std::string_view spec) {
    for (auto& candidate : all_)
      candidate.score = trial_score(candidate, library.size()) -
                        anchor_weight * std::min(4.0, static_cast<double>(missing_anchors(spec, candidate.code))) -
                        strangeness_weight * library.treatments().strangeness(candidate.code, language_, shape);
    std::stable_sort(all_.begin(), all_.end(),
                     [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    by_form_.clear();
    return std::move(all_);
  }

 private:
  Language language_;
  std::vector<Candidate> all_;
  std::map<std::string, std::size_t> by_form_;
};

std::vector<Candidate> with_splices(std::vector<Candidate> whole, const VisibleTask& task, const SignatureShape& shape,
                                    const Library& library) {
  Pool pool(task.language);
  for (const auto& candidate : whole) pool.add(candidate);
  for (std::size_t a = 0; a < std::min(splice_bases, whole.size()); ++a)
    for (std::size_t b = 0; b < std::min(splice_donors, whole.size()); ++b) {
      if (a == b) continue;
      for (auto& code : splice(whole[a].code, whole[b].code, task.language, shape.entry)) {
        Candidate spliced = whole[a];
        spliced.code = std::move(code);
        spliced.splices = whole[a].splices + 1;
        spliced.support = 1;
        spliced.polarity = whole[a].polarity || whole[b].polarity;
        if (spliced.unchanged.empty()) spliced.unchanged = whole[b].unchanged;
        pool.add(std::move(spliced));
      }
    }
  return pool.sorted(library, shape, task.spec);
}

/// A second round for when nothing passed: the best candidates with their literals as holes.
std::vector<Candidate> with_fills(const std::vector<Candidate>& best, const VisibleTask& task,
                                  const std::string& entry) {
  std::vector<Candidate> filled;
  for (std::size_t i = 0; i < std::min(filled_candidates, best.size()); ++i) {
    if (best[i].polarity) continue;  // a mutation must not settle a question of direction
    const auto header = find_header(best[i].code, task.language, entry);
    for (auto& code :
         fill_literals(best[i].code, task.language, header ? header->end : 0, task.spec, task.tests, fills_each)) {
      Candidate candidate = best[i];
      candidate.code = std::move(code);
      ++candidate.splices;
      filled.push_back(std::move(candidate));
    }
  }
  return filled;
}

double unused_share(const std::string& code, const VisibleTask& task, const SignatureShape& shape) {
  const auto header = find_header(code, task.language, shape.entry);
  std::set<std::string_view> seen;
  const auto tokens = tokens_of(code, task.language);
  for (const auto& token : tokens)
    if (token.kind == CodeTokenKind::identifier && (!header || token.start >= header->end))
      seen.insert(text_of(code, token));
  std::size_t named = 0;
  std::size_t unused = 0;
  for (const auto& p : shape.parameters) {
    if (p.variadic) continue;
    ++named;
    unused += seen.contains(p.name) ? 0u : 1u;
  }
  return named == 0 ? 0 : static_cast<double>(unused) / static_cast<double>(named);
}

/// Bits by which the visible tests cut the candidates down, six of them being full strength.
double strength(std::size_t tried, std::size_t passed) {
  return std::clamp(std::log2((static_cast<double>(tried) + 1) / (static_cast<double>(passed) + 0.5)) / 6, 0.0, 1.0);
}

double rivals_of(const std::vector<Candidate>& passing, const VisibleTask& task) {
  double all = 0;
  double others = 0;
  for (std::size_t i = 0; i < passing.size(); ++i) {
    const double weight = std::exp(2 * (passing[i].score - passing[0].score));
    all += weight;
    if (i > 0 && !same_ingredients(passing[i].code, passing[0].code, task.language)) others += weight;
  }
  return all > 0 ? others / all : 0;
}

CandidateFeatures describe(const SearchResult& result, const VisibleTask& task, const SignatureShape& shape,
                           bool tested, const Library& library) {
  const Candidate& c = result.passing[0];
  CandidateFeatures f;
  f.tests_passed = tested;
  f.test_strength = tested ? strength(result.attempts, result.passing.size()) : 0;
  f.spec_residue = c.spec_residue;
  f.name_residue = c.name_residue;
  f.sources = c.sources.size();
  f.rivals = rivals_of(result.passing, task);
  f.missing = missing_anchors(task.spec, c.code);
  f.splices = static_cast<double>(c.splices);
  f.shape = c.shape;
  f.strange = library.treatments().strangeness(c.code, task.language, shape);
  f.unused = unused_share(c.code, task, shape);
  f.size = static_cast<double>(tokens_of(c.code, task.language).size());
  return f;
}

/// Alone, nothing but its own code can have made a candidate pass. Polarity: the unchanged copy must fail, or the tests
/// cannot tell the opposites apart.
Result<bool> holds_alone(Sandbox& sandbox, const VisibleTask& task, const Candidate& candidate) {
  AUTODEV_TRY_ASSIGN(const Check check, check_visible(sandbox, task, candidate.code));
  if (check != Check::passed || !candidate.polarity) return check == Check::passed;
  if (candidate.unchanged.empty()) return false;
  AUTODEV_TRY_ASSIGN(const Check copy, check_visible(sandbox, task, candidate.unchanged));
  return copy == Check::failed;
}

/// Runs `all` and keeps what passes, the first of which holds alone; false when nothing here can run it.
Result<bool> screen(Sandbox& sandbox, const VisibleTask& task, std::vector<Candidate>& all, SearchResult& result) {
  if (all.size() > max_screened) all.resize(max_screened);
  std::vector<std::string> programs;
  for (const auto& c : all) programs.push_back(assemble(task, c.code, task.tests));
  const double each = std::min(screen_each_s, task.timeout_s);
  const auto passed = screen_programs(sandbox, task.language, programs, each, screen_total_s);
  if (!passed && passed.error().code == ErrorCode::unavailable) return false;
  if (!passed) return tl::make_unexpected(passed.error());
  result.attempts += static_cast<std::uint32_t>(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    if ((*passed)[i]) result.passing.push_back(std::move(all[i]));
  while (!result.passing.empty()) {
    AUTODEV_TRY_ASSIGN(const bool holds, holds_alone(sandbox, task, result.passing[0]));
    if (holds) break;
    result.passing.erase(result.passing.begin());
  }
  return true;
}

/// One process a candidate, until one passes; false as above.
Result<bool> try_in_turn(Sandbox& sandbox, const VisibleTask& task, std::vector<Candidate>& all, std::size_t limit,
                         SearchResult& result) {
  for (auto& candidate : all) {
    if (result.attempts >= limit) break;
    AUTODEV_TRY_ASSIGN(const Check check, check_visible(sandbox, task, candidate.code));
    if (check == Check::untested) return false;
    ++result.attempts;
    if (check != Check::passed) continue;
    AUTODEV_TRY_ASSIGN(const bool holds, holds_alone(sandbox, task, candidate));  // the first run is remembered
    if (!holds) continue;
    result.passing.push_back(std::move(candidate));
    break;
  }
  return true;
}

}  // namespace

std::vector<Candidate> all_candidates(const Library& library, const VisibleTask& task, std::size_t neighbours) {
  const auto shape = parse_signature(task.signature, task.language);
  const Rarity rarity = [&](std::string_view word) { return library.rarity(word); };
  const Lender lender = [&](const Parameter& p) { return library.treatments().loans(task.language, p, 2); };
  Pool pool(task.language);
  for (const auto& neighbour : library.retrieve(task, shape, neighbours))
    for (auto& candidate :
         adapt(library.at(neighbour.task), task, shape, neighbour.task, neighbour.share, rarity, lender))
      pool.add(std::move(candidate));
  return with_splices(pool.sorted(library, shape, task.spec), task, shape, library);
}

Result<SearchResult> search(Sandbox& sandbox, const Library& library, const VisibleTask& task,
                            const ArmOptions& options) {
  SearchResult result;
  const bool together = can_screen(task.language) && !task.tests.empty();
  auto all = all_candidates(library, task, together ? options.neighbours : options.neighbours_alone);
  if (all.empty()) return result;
  bool tested = !task.tests.empty();
  if (tested && together) {
    const std::vector<Candidate> best(
        all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(filled_candidates, all.size())));
    AUTODEV_TRY_ASSIGN(tested, screen(sandbox, task, all, result));
    if (tested && result.passing.empty()) {
      auto filled = with_fills(best, task, parse_signature(task.signature, task.language).entry);
      AUTODEV_TRY(screen(sandbox, task, filled, result));
    }
  } else if (tested) {
    AUTODEV_TRY_ASSIGN(tested, try_in_turn(sandbox, task, all, options.max_attempts, result));
  }
  if (!tested)
    for (auto& candidate : all)
      if (!candidate.polarity) result.passing.push_back(std::move(candidate));  // nothing could tell the opposite apart
  if (result.passing.empty()) return result;
  const auto shape = parse_signature(task.signature, task.language);
  result.best = Found{result.passing[0], describe(result, task, shape, tested, library), tested};
  return result;
}

}  // namespace autodev::apply
