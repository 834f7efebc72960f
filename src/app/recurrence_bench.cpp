// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See recurrence_bench.h. A template can only match code that has all of its words, so each template is filed under the word
// that is rarest in the other half, and most never have to be matched at all.
#include "app/recurrence_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"
#include "mine/gain.h"
#include "mine/hole_type.h"
#include "mine/keep.h"
#include "mine/leader.h"
#include "mine/naming.h"
#include "mine/pattern_extractor.h"
#include "mine/quality.h"
#include "mine/thresholds.h"
#include "report/statistics.h"

namespace autodev::app {
namespace {

using mine::Background;
using mine::StructuralPattern;
using syntax::Nast;

constexpr std::size_t needed_unseen = 2;
constexpr std::uint32_t most_told = 5;     // projects a template was learned from, told apart
constexpr std::size_t needed_places = 3;  // of a block, as in knowledge/fold_blocks.cpp

/// Units of one half with the project of each.
struct Half {
  std::vector<CodeUnit> units;
  std::vector<std::uint32_t> project;
};

struct Candidate {
  const StructuralPattern* mined = nullptr;
  UnitKind kind = UnitKind::function;
  PatternEvidence evidence;
  PatternGain gain;
  QualityScore quality;
  std::string unkept;
  std::set<std::uint32_t> unseen, unseen_fresh;  ///< projects of the other half with a match; with one that is no copy
};

/// Everything but the blocks that stand in fewer than three places.
Half gather(const std::vector<ProjectUnits>& projects, std::size_t side) {
  std::unordered_map<Digest, std::set<std::uint64_t>> places;
  const auto ours = [&](std::size_t p) { return (base::hash64(projects[p].project) & 1) == side; };
  for (std::size_t p = 0; p < projects.size(); ++p)
    for (const CodeUnit& unit : projects[p].units)
      if (ours(p) && unit.kind == UnitKind::block && places[unit.alpha].size() < needed_places)
        places[unit.alpha].insert(base::hash64(projects[p].project + '\0' + unit.path + '\0' + unit.scope));
  Half half;
  for (std::size_t p = 0; p < projects.size(); ++p) {
    if (!ours(p)) continue;
    for (const CodeUnit& unit : projects[p].units) {
      if (unit.kind == UnitKind::block && places[unit.alpha].size() < needed_places) continue;
      if (unit.nodes < mine::trivial_nodes) continue;
      half.units.push_back(unit);
      half.project.push_back(static_cast<std::uint32_t>(p));
    }
  }
  return half;
}

std::map<Language, Background> backgrounds_of(const Half& half) {
  std::map<Language, Background> backgrounds;
  std::unordered_set<Digest> counted;
  for (const CodeUnit& unit : half.units) {
    if (unit.kind == UnitKind::block || !counted.insert(unit.alpha).second) continue;
    if (const auto tree = syntax::decode_nast(unit.tree)) backgrounds[unit.language].count(*tree);
  }
  return backgrounds;
}

Candidate candidate_of(const StructuralPattern& mined, const Half& half, const Background& background, std::size_t library) {
  Candidate made;
  made.mined = &mined;
  made.kind = half.units[mined.members.front()].kind;
  std::set<std::uint32_t> projects;
  std::set<Digest> forms;
  std::set<std::string> places;
  for (const std::size_t member : mined.members) {
    projects.insert(half.project[member]);
    forms.insert(half.units[member].alpha);
    const CodeUnit& unit = half.units[member];
    places.insert(fmt::format("{}\n{}\n{}\n{}", half.project[member], unit.path, unit.scope, unit.name));
  }
  made.evidence.instances = static_cast<std::uint32_t>(mined.members.size());
  made.evidence.history_passes = made.evidence.instances;
  made.evidence.distinct_instances = static_cast<std::uint32_t>(forms.size());
  made.evidence.projects = static_cast<std::uint32_t>(projects.size());
  made.evidence.places = static_cast<std::uint32_t>(places.size());
  made.gain = mine::gain_of(mined.pattern, background, mine::counted_occurrences(made.evidence), library);
  made.quality = mine::score(mined.pattern, made.evidence);
  made.unkept = mine::unkept_because(mined.pattern, background, made.gain, made.evidence);
  return made;
}

/// Hashes of the words that matching compares literally, sorted and unique.
std::vector<std::uint64_t> words_of(const Nast& tree) {
  std::vector<std::uint64_t> words;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i)
    if (!syntax::is_hole(tree.nodes[i].kind) && tree.nodes[i].symbol != 0) words.push_back(base::hash64(tree.symbol(i)));
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

/// Looks for the candidates in the units of the other half.
class Search {
 public:
  Search(std::vector<Candidate>& candidates, const std::vector<ProjectUnits>& projects, std::size_t side, const Half& learned)
      : candidates_(candidates), projects_(projects), side_(side) {
    for (const CodeUnit& unit : learned.units) copies_.insert(unit.exact);
  }

  void run() {
    for_each_unit([&](std::uint32_t, const CodeUnit&, const Nast& tree) {
      for (const std::uint64_t word : words_of(tree)) ++frequency_[word];
    });
    for (std::size_t i = 0; i < candidates_.size(); ++i) file(i);
    for_each_unit([&](std::uint32_t project, const CodeUnit& unit, const Nast& tree) { look_in(project, unit, tree); });
  }

 private:
  template <typename Visit>
  void for_each_unit(Visit visit) {
    for (std::size_t p = 0; p < projects_.size(); ++p) {
      if ((base::hash64(projects_[p].project) & 1) != side_) continue;
      for (const CodeUnit& unit : projects_[p].units)
        if (const auto tree = syntax::decode_nast(unit.tree)) visit(static_cast<std::uint32_t>(p), unit, *tree);
    }
  }

  void file(std::size_t index) {
    std::uint64_t rarest = 0;
    std::uint32_t times = UINT32_MAX;
    for (const std::uint64_t word : words_of(candidates_[index].mined->pattern.tree)) {
      const auto found = frequency_.find(word);
      const std::uint32_t seen = found == frequency_.end() ? 0 : found->second;
      if (seen < times) rarest = word, times = seen;
    }
    if (times > 0) filed_[rarest].push_back(index);
  }

  void look_in(std::uint32_t project, const CodeUnit& unit, const Nast& tree) {
    const bool copy = copies_.contains(unit.exact);
    std::vector<std::uint64_t> words = words_of(tree);
    words.push_back(0);  // templates without any word
    for (const std::uint64_t word : words) {
      const auto filed = filed_.find(word);
      if (filed == filed_.end()) continue;
      std::erase_if(filed->second, [&](std::size_t i) { return candidates_[i].unseen_fresh.size() >= needed_unseen; });
      for (const std::size_t i : filed->second) try_match(candidates_[i], project, copy, unit, tree);
    }
  }

  static void try_match(Candidate& candidate, std::uint32_t project, bool copy, const CodeUnit& unit, const Nast& tree) {
    if (candidate.unseen_fresh.contains(project) || (copy && candidate.unseen.contains(project))) return;
    const mine::Template& pattern = candidate.mined->pattern;
    if (!mine::comparable(pattern.tree, tree) || mine::concrete_nodes(pattern) > tree.nodes.size()) return;
    if ((candidate.kind == UnitKind::block) != (unit.kind == UnitKind::block)) return;
    if (!mine::match(pattern, tree, unit.text)) return;
    candidate.unseen.insert(project);
    if (!copy) candidate.unseen_fresh.insert(project);
  }

  std::vector<Candidate>& candidates_;
  const std::vector<ProjectUnits>& projects_;
  std::size_t side_;
  std::unordered_set<Digest> copies_;
  std::unordered_map<std::uint64_t, std::uint32_t> frequency_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> filed_;
};

/// Shares of one group of templates, over both halves.
struct Group {
  std::uint32_t templates = 0, once = 0, twice = 0, twice_fresh = 0;

  void add(const Candidate& candidate) {
    ++templates;
    once += !candidate.unseen.empty();
    twice += candidate.unseen.size() >= needed_unseen;
    twice_fresh += candidate.unseen_fresh.size() >= needed_unseen;
  }
  [[nodiscard]] base::Json json() const {
    const auto share = [&](std::uint32_t part) { return templates == 0 ? base::Json() : base::Json(static_cast<double>(part) / templates); };
    return {{"templates", templates}, {"recurring_in_1_unseen", share(once)}, {"recurring_in_2_unseen", share(twice)},
            {"recurring_in_2_unseen_not_copied", share(twice_fresh)},
            {"recurring_in_2_unseen_lower95", mine::wilson_lower_permille(twice, templates) / 1000.0}};
  }
};

/// Scores of templates by name, and whether each came up again.
struct Ranking {
  std::map<std::string, std::vector<double>> scores;
  std::vector<bool> recurred;

  void add(const Candidate& candidate) {
    scores["quality"].push_back(candidate.quality.total());
    scores["reusability"].push_back(candidate.quality.reusability);
    scores["simplicity"].push_back(candidate.quality.simplicity);
    scores["gain"].push_back(static_cast<double>(candidate.gain.total));
    scores["projects"].push_back(candidate.evidence.projects);
    scores["instances"].push_back(candidate.evidence.instances);
    scores["forms"].push_back(candidate.evidence.distinct_instances);
    recurred.push_back(!candidate.unseen_fresh.empty());
  }
  [[nodiscard]] base::Json json() const {
    base::Json areas = base::Json::object();
    for (const auto& [name, values] : scores) {
      const auto area = report::area_under_curve(values, recurred);
      areas[name] = area ? base::Json(*area) : base::Json();
    }
    const auto positive = std::count(recurred.begin(), recurred.end(), true);
    return {{"auc", areas}, {"templates", recurred.size()}, {"recurred", positive}};
  }
};

std::string page_of(const Candidate& candidate, const Half& half) {
  const CodeUnit& leader = half.units[candidate.mined->members.front()];
  const mine::Template& pattern = candidate.mined->pattern;
  std::vector<std::string> names;
  for (const std::size_t member : candidate.mined->members) names.push_back(half.units[member].name);
  return fmt::format("{}  {}\n{}\n{} forms in {} projects, gain {:.0f} bits, found in {} unseen projects ({} not copied)\n{}\n",
                     candidate.mined->id.hex().substr(0, 12), mine::pattern_name(leader, names),
                     mine::pattern_summary(leader, pattern, mine::public_holes(pattern)), candidate.evidence.distinct_instances,
                     candidate.evidence.projects, static_cast<double>(candidate.gain.total) / 1000.0, candidate.unseen.size(),
                     candidate.unseen_fresh.size(), mine::render(pattern, mine::hole_names(pattern)));
}

/// What both halves add up to.
struct Total {
  std::map<std::string, Group> groups;
  std::map<std::string, std::uint32_t> unkept;
  std::uint32_t mined = 0, rubric = 0, passing_gain = 0;
  Ranking ranking;
  std::vector<std::pair<PatternId, std::string>> pages;

  void add(const Candidate& candidate, const Half& half) {
    ++mined;
    const bool trivial = candidate.unkept.starts_with("trivial");
    if (candidate.gain.total > 0) ++passing_gain, rubric += trivial;
    if (candidate.evidence.instances > 1) ranking.add(candidate);
    if (!candidate.unkept.empty()) {
      const std::size_t first = candidate.unkept.find(':');
      std::string reason = candidate.unkept.substr(0, first);
      if (trivial) reason += " " + candidate.unkept.substr(first + 2, candidate.unkept.find(':', first + 1) - first - 2);
      ++unkept[reason];
      return;
    }
    const std::uint32_t projects = candidate.evidence.projects;
    groups[fmt::format("from {}{} projects", std::min(projects, most_told), projects >= most_told ? " or more" : "")].add(candidate);
    const PatternReach reach = mine::reach_of(candidate.evidence, candidate.unkept);
    groups[std::string(to_string(reach))].add(candidate);
    if (reach != PatternReach::general) return;
    groups[fmt::format("general {}s", to_string(candidate.kind == UnitKind::method ? UnitKind::function : candidate.kind))].add(candidate);
    groups[fmt::format("general {}", to_string(candidate.mined->pattern.tree.language))].add(candidate);
    pages.emplace_back(candidate.mined->id, page_of(candidate, half));
  }
};

void measure_side(const std::vector<ProjectUnits>& projects, std::size_t side, Total& total) {
  const Half half = gather(projects, side);
  const auto backgrounds = backgrounds_of(half);
  const auto mined = mine::extract_structural(half.units);
  std::vector<Candidate> candidates;
  for (const StructuralPattern& pattern : mined) {
    const auto background = backgrounds.find(pattern.pattern.tree.language);
    if (background == backgrounds.end()) continue;
    Candidate candidate = candidate_of(pattern, half, background->second, mined.size());
    if (candidate.evidence.instances > 1) candidates.push_back(std::move(candidate));
  }
  Search(candidates, projects, 1 - side, half).run();
  for (const Candidate& candidate : candidates) total.add(candidate, half);
}

}  // namespace

RecurrenceResult measure_recurrence(const std::vector<ProjectUnits>& projects, const RecurrenceOptions& options) {
  Total total;
  for (std::size_t side = 0; side < 2; ++side) {
    measure_side(projects, side, total);
    if (options.on_progress) options.on_progress(side + 1, 2);
  }
  RecurrenceResult result;
  base::Json groups = base::Json::object();
  for (const auto& [name, group] : total.groups) groups[name] = group.json();
  const Group kept = total.groups["general"];
  result.summary = {{"kept", kept.templates},
                    {"recurring_in_2_unseen", kept.templates == 0 ? base::Json() : base::Json(static_cast<double>(kept.twice) / kept.templates)},
                    {"trivial", 0},
                    {"trivial_before_rubric", total.passing_gain == 0 ? base::Json() : base::Json(static_cast<double>(total.rubric) / total.passing_gain)},
                    {"templates_with_2_instances", total.mined},
                    {"groups", std::move(groups)},
                    {"unkept", total.unkept},
                    {"recurrence", total.ranking.json()}};
  std::sort(total.pages.begin(), total.pages.end());
  for (std::size_t i = 0; i < std::min(options.show, total.pages.size()); ++i) result.shown.push_back(std::move(total.pages[i].second));
  return result;
}

}  // namespace autodev::app
