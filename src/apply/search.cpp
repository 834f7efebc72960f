// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The steps of search.h. The weights of the order are guesses that only decide what is tried first; what is believed is
// decided by the calibration.
#include "apply/search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <queue>
#include <set>

#include "apply/anchors.h"
#include "apply/code_tokens.h"
#include "apply/enumerate.h"
#include "apply/equal.h"
#include "apply/fill.h"
#include "apply/header.h"
#include "apply/screen.h"
#include "apply/splice.h"
#include "apply/word_tokens.h"

namespace autodev::apply {
namespace {

constexpr std::size_t splice_bases = 5;  // the best whole candidates; deeper ones win too seldom to pay
constexpr std::size_t splice_donors = 40;
constexpr std::size_t max_candidates = 200;  // twice what can be screened at once
constexpr double screen_each_s = 0.5;        // a test of a small function that runs longer costs more than it is worth
constexpr double screen_total_s = 6.0;       // some candidates loop for ever; a dozen of them may
constexpr double anchor_weight = 0.3;        // a number that the task names and the code lacks
constexpr double strangeness_weight = 1.0;   // like the whole signature shape
constexpr std::size_t filled_candidates = 6;
constexpr std::size_t fills_each = 24;  // where nothing passed
constexpr std::size_t places_each = 4;  // beforehand, of values that the specification names
constexpr std::size_t max_expressions = 5;
constexpr double fill_penalty = 0.1;    // before it: what it placed
constexpr double recency_weight = 0.4;  // styles drift: later work resembles the latest
constexpr double splice_penalty = 0.9;  // a splice must be supported by several pairs to come before whole candidates

/// Order of trial: unexplained meaning hurts most, then shape and text; the weights order, they do not decide.
double trial_score(const Candidate& c, std::size_t library_size) {
  const auto latest = static_cast<double>(*std::max_element(c.sources.begin(), c.sources.end()));
  return recency_weight * latest / static_cast<double>(library_size) + 1.5 * (1 - c.spec_residue) +
         1.0 * (1 - c.name_residue) + c.shape + 0.5 * std::min(1.0, c.text) + (c.same_stream ? 0.2 : 0) -
         (c.stretched ? 0.5 : 0) + 0.25 * std::min(4.0, static_cast<double>(c.sources.size() - 1)) -
         splice_penalty * static_cast<double>(c.splices) - fill_penalty * static_cast<double>(c.fills) +
         (c.splices > 0 ? 0.2 * std::log(static_cast<double>(c.support)) : 0);
}

void join(Candidate& known, const Candidate& more, Language language) {
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
  // A copy that is the candidate itself passes whenever it does; one of another source can show that the tests look.
  if (known.polarity && equal_code(known.unchanged, known.code, language)) known.unchanged = more.unchanged;
  if (known.learned.empty()) known.learned = more.learned;
}

/// Candidates by normal form.
class Pool {
 public:
  Pool(const Library& library, const VisibleTask& task, const SignatureShape& shape)
      : library_(library), task_(task), shape_(shape) {}

  void add(Candidate candidate) {
    const auto [known, fresh] = by_form_.try_emplace(normal_form(candidate.code, task_.language), all_.size());
    if (fresh)
      all_.push_back(std::move(candidate));
    else if (candidate.splices == 0)
      join(all_[known->second], candidate, task_.language);
    else
      ++all_[known->second].support;
  }

  /// The `limit` best, best first. What costs time only lowers a score, so it is computed for those alone that may come
  /// out on top; of equal ones the first added comes first.
  std::vector<Candidate> best(std::size_t limit) {
    using Entry = std::pair<double, std::size_t>;
    const auto later = [](const Entry& a, const Entry& b) {
      return a.first != b.first ? a.first < b.first : a.second > b.second;
    };
    std::priority_queue<Entry, std::vector<Entry>, decltype(later)> queue(later);
    for (std::size_t i = 0; i < all_.size(); ++i) queue.emplace(trial_score(all_[i], library_.size()), i);
    std::vector<bool> exact(all_.size(), false);
    std::vector<Candidate> out;
    while (!queue.empty() && out.size() < limit) {
      const auto [score, i] = queue.top();
      queue.pop();
      if (exact[i]) {
        all_[i].score = score;
        out.push_back(std::move(all_[i]));
        continue;
      }
      exact[i] = true;
      queue.emplace(score - penalty(all_[i].code), i);
    }
    return out;
  }

 private:
  [[nodiscard]] double penalty(const std::string& code) const {
    return anchor_weight * std::min(4.0, static_cast<double>(missing_anchors(task_.spec, code))) +
           strangeness_weight * library_.treatments().strangeness(code, task_.language, shape_);
  }

  const Library& library_;
  const VisibleTask& task_;
  const SignatureShape& shape_;
  std::vector<Candidate> all_;
  std::map<std::string, std::size_t> by_form_;
};

/// The best candidates with their holes filled, `each` variants of a candidate. Candidates of a question of direction
/// are left alone: a mutation must not settle it.
std::vector<Candidate> with_fills(const std::vector<Candidate>& best, const Library& library, const VisibleTask& task,
                                  const SignatureShape& shape, std::size_t each, bool everything) {
  std::vector<std::string> members;
  for (const auto& candidate : best) members.push_back(candidate.code);
  std::vector<std::vector<Candidate>> by_base;
  for (std::size_t i = 0; i < best.size() && by_base.size() < filled_candidates; ++i) {
    if (best[i].polarity || (!everything && unmet_anchors(task.spec, best[i].code).empty())) continue;
    const auto header = find_header(best[i].code, task.language, shape.entry);
    const std::string_view earlier = library.at(best[i].sources[0]).task.spec;
    FillerSources sources{task.spec, {}, earlier, nullptr, nullptr};
    if (everything) sources = {task.spec, task.tests, earlier, &shape.parameters, &members};
    by_base.emplace_back();
    for (auto& code : fill_jointly(best[i].code, task.language, header ? header->end : 0, sources, each)) {
      Candidate candidate = best[i];
      candidate.code = std::move(code);
      candidate.fills = 1;
      by_base.back().push_back(std::move(candidate));
    }
  }
  std::vector<Candidate> filled;  // turn by turn: the likeliest of each base first
  for (std::size_t rank = 0; rank < each; ++rank)
    for (auto& variants : by_base)
      if (rank < variants.size()) filled.push_back(std::move(variants[rank]));
  return filled;
}

std::vector<Candidate> with_splices(std::vector<Candidate> whole, const VisibleTask& task, const SignatureShape& shape,
                                    const Library& library) {
  Pool pool(library, task, shape);
  for (const auto& candidate : whole) pool.add(candidate);
  for (auto& candidate : with_fills(whole, library, task, shape, places_each, false)) pool.add(std::move(candidate));
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
  return pool.best(max_candidates);
}

/// The last resort: expressions that answer the visible tests. They come from no earlier task but of its ingredients,
/// which three splices say to the calibration.
Result<std::vector<Candidate>> enumerated(Sandbox& sandbox, const Library& library, const VisibleTask& task,
                                          const std::vector<Candidate>& best) {
  std::vector<std::string> solutions;
  for (std::size_t i = 0; i < std::min(splice_donors, best.size()); ++i)
    solutions.push_back(library.at(best[i].sources[0]).code);
  const auto shape = parse_signature(task.signature, task.language);
  AUTODEV_TRY_ASSIGN(auto codes, enumerate_expressions(sandbox, task, shape, solutions, max_expressions));
  std::vector<Candidate> candidates;
  for (auto& code : codes) {
    Candidate candidate;
    candidate.code = std::move(code);
    candidate.sources = {best[0].sources[0]};
    candidate.splices = 3;
    candidate.score = -static_cast<double>(candidates.size());
    candidates.push_back(std::move(candidate));
  }
  return candidates;
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
  f.splices = static_cast<double>(c.splices + c.fills);
  f.shape = c.shape;
  f.strange = library.treatments().strangeness(c.code, task.language, shape);
  f.unused = unused_share(c.code, task, shape);
  f.size = static_cast<double>(tokens_of(c.code, task.language).size());
  return f;
}

/// Alone, nothing but its own code can have made a candidate pass. Polarity: the unchanged copy must fail, or the tests
/// cannot tell the opposites apart.
Result<bool> holds_alone(Sandbox& sandbox, const VisibleTask& task, const ArmOptions& options,
                         const Candidate& candidate, SearchResult& result) {
  AUTODEV_TRY_ASSIGN(const Check alone, check(sandbox, task, options, candidate.code));
  if (alone != Check::passed || !candidate.polarity) return alone == Check::passed;
  if (candidate.unchanged.empty()) return false;
  AUTODEV_TRY_ASSIGN(const Check copy, check(sandbox, task, options, candidate.unchanged));
  result.unfounded += copy == Check::passed ? 1u : 0u;
  return copy == Check::failed;
}

/// Runs `all` and keeps what passes, the first of which holds alone; false when nothing here can run it.
Result<bool> screen(Sandbox& sandbox, const VisibleTask& task, const ArmOptions& options, std::vector<Candidate>& all,
                    SearchResult& result) {
  if (const auto most = screened_at_once(task.language); all.size() > most) all.resize(most);
  Screened screened{whole_lines(task.context), {}, whole_lines(task.tests)};
  for (const auto& c : all) screened.codes.push_back(whole_lines(c.code));
  const double each = std::min(screen_each_s, task.timeout_s);
  const auto screening = screen_programs(sandbox, task.language, screened, each, screen_total_s);
  if (!screening && screening.error().code == ErrorCode::unavailable) return false;
  if (!screening) return tl::make_unexpected(screening.error());
  result.attempts += static_cast<std::uint32_t>(screening->tried);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (screening->passed[i]) result.passing.push_back(std::move(all[i]));
  while (!result.passing.empty()) {
    AUTODEV_TRY_ASSIGN(const bool holds, holds_alone(sandbox, task, options, result.passing[0], result));
    if (holds) break;
    result.passing.erase(result.passing.begin());
  }
  return true;
}

/// One process a candidate, until one passes; false as above. With tests of a project all are run up to the limit: how
/// many of them the tests throw out is all that is known about the tests.
Result<bool> try_in_turn(Sandbox& sandbox, const VisibleTask& task, const ArmOptions& options,
                         std::vector<Candidate>& all, SearchResult& result) {
  for (auto& candidate : all) {
    if (result.attempts >= options.max_attempts || (options.out_of_time && options.out_of_time())) {
      result.untried = static_cast<std::uint32_t>(&all.back() - &candidate) + 1;
      break;
    }
    AUTODEV_TRY_ASSIGN(const Check verdict, check(sandbox, task, options, candidate.code));
    if (verdict == Check::untested) return false;
    ++result.attempts;
    if (verdict != Check::passed) continue;
    AUTODEV_TRY_ASSIGN(const bool holds, holds_alone(sandbox, task, options, candidate, result));
    if (!holds) continue;
    result.passing.push_back(std::move(candidate));
    if (!options.run_tests) break;
  }
  return true;
}

}  // namespace

Result<Check> check(Sandbox& sandbox, const VisibleTask& task, const ArmOptions& options, const std::string& code) {
  if (!options.run_tests) return check_visible(sandbox, task, code);
  AUTODEV_TRY_ASSIGN(const bool passed, options.run_tests(task, code));
  return passed ? Check::passed : Check::failed;
}

std::vector<Candidate> all_candidates(const Library& library, const VisibleTask& task, std::size_t neighbours) {
  const auto shape = parse_signature(task.signature, task.language);
  const auto neighbourhood = library.retrieve(task, shape, neighbours);
  WordTokens meanings;
  for (const auto& neighbour : neighbourhood) {
    const auto& known = library.at(neighbour.task);
    const auto header = find_header(known.code, known.task.language, known.shape.entry);
    meanings.add(known.task, known.code, header ? header->end : 0);
  }
  const Experience experience{
      [&](std::string_view word) { return library.rarity(word); },
      [&](const Parameter& p) { return library.treatments().loans(task.language, p, 2); },
      [&](const Parameter& p, const std::string& how) {
        return library.treatments().familiarity(task.language, p, how);
      },
      [&](const TextDifference& difference) {
        auto rewrites = library.rewrites().for_difference(task.language, difference);
        for (auto& more : meanings.for_difference(difference))
          if (std::none_of(rewrites.begin(), rewrites.end(), [&](const auto& r) { return r.before == more.before; }))
            rewrites.push_back(std::move(more));
        return rewrites;
      }};
  Pool pool(library, task, shape);
  for (const auto& neighbour : neighbourhood)
    for (auto& candidate : adapt(library.at(neighbour.task), task, shape, neighbour.task, neighbour.share, experience))
      pool.add(std::move(candidate));
  return with_splices(pool.best(max_candidates), task, shape, library);
}

Result<SearchResult> search(Sandbox& sandbox, const Library& library, const VisibleTask& task,
                            const ArmOptions& options) {
  SearchResult result;
  const bool together = can_screen(task.language) && !task.tests.empty() && !options.run_tests;
  auto all = all_candidates(library, task, together ? options.neighbours : options.neighbours_alone);
  if (all.empty()) return result;
  result.likeliest = all.front();
  bool tested = !task.tests.empty() || options.run_tests;
  if (tested && together) {
    const auto best = all;
    AUTODEV_TRY_ASSIGN(tested, screen(sandbox, task, options, all, result));
    if (tested && result.passing.empty()) {
      auto filled = with_fills(best, library, task, parse_signature(task.signature, task.language), fills_each, true);
      AUTODEV_TRY(screen(sandbox, task, options, filled, result));
    }
    if (tested && result.passing.empty()) {
      AUTODEV_TRY_ASSIGN(auto small, enumerated(sandbox, library, task, best));
      AUTODEV_TRY(screen(sandbox, task, options, small, result));
    }
  } else if (tested) {
    AUTODEV_TRY_ASSIGN(tested, try_in_turn(sandbox, task, options, all, result));
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
