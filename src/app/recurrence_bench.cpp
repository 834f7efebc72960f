// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See recurrence_bench.h. A template can only match code that has all of its words, so each template is filed under the word
// that is rarest in the other half, and most never have to be matched at all.
#include "app/recurrence_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

#include "app/recurrence_kinds.h"
#include "base/hash.h"
#include "mine/gain.h"
#include "mine/hole_type.h"
#include "mine/keep.h"
#include "mine/leader.h"
#include "mine/naming.h"
#include "mine/quality.h"
#include "mine/windows.h"
#include "report/statistics.h"

namespace autodev::app {
namespace {

using mine::Background;
using mine::LibraryCluster;
using mine::LibraryUnit;
using mine::MiningLibrary;
using syntax::Nast;

constexpr std::size_t needed_unseen = 2;
constexpr std::uint32_t most_told = 5;  // projects a template was learned from, told apart

struct Candidate {
  PatternId id;
  mine::Template shape;
  CodeUnit leader;  ///< without tree; kind block for windows
  std::vector<std::string> names;
  PatternEvidence evidence;
  PatternGain gain;
  QualityScore quality;
  std::string unkept;
  bool trivial_elsewhere = false;  ///< by the rubric with `mine::bits_to_spare`
  UnseenProjects unseen;
};

CodeUnit code_of(const LibraryUnit& unit) {
  CodeUnit code;
  code.language = unit.language;
  code.kind = unit.kind;
  code.path = unit.path;
  code.name = unit.name;
  code.text = unit.text;
  code.first_line = unit.first_line;
  code.nodes = unit.nodes;
  code.alpha = unit.alpha;
  code.exact = unit.exact;
  code.tree = unit.tree;
  return code;
}

/// The units of one half and what is usual in them.
struct Half {
  MiningLibrary library;
  Backgrounds backgrounds;
  std::map<Language, std::set<std::uint32_t>> projects;

  /// Can a pattern come again in two projects of this half?
  [[nodiscard]] bool can_judge(Language language) const {
    const auto found = projects.find(language);
    return found != projects.end() && found->second.size() >= 2;
  }
};

std::unique_ptr<Half> learn(const MiningLibrary& whole, std::size_t side) {
  auto half = std::make_unique<Half>();
  std::set<Digest> counted;
  for (std::uint32_t u = 0; u < whole.units(); ++u) {
    const LibraryUnit& unit = whole.unit(u);
    const auto projects = projects_on(whole, unit, side);
    if (projects.empty()) continue;
    const CodeUnit code = code_of(unit);
    half->projects[unit.language].insert(projects.begin(), projects.end());
    for (const std::uint32_t project : projects) half->library.add(code, half->library.project(whole.project_name(project)));
    if (counted.insert(unit.alpha).second) half->backgrounds[unit.language].count(whole.tree_of(u));
  }
  half->library.settle();
  return half;
}

/// Judges a cluster; `unit_of` gives the unit of a member.
template <typename UnitOf>
Candidate candidate_of(const Half& half, const LibraryCluster& cluster, mine::Template shape, UnitOf unit_of, std::size_t templates) {
  Candidate made;
  made.id = cluster.id;
  made.shape = std::move(shape);
  std::set<Digest> forms;
  std::set<std::string> places;
  for (const std::uint32_t member : cluster.members) {
    const LibraryUnit& unit = half.library.unit(unit_of(member));
    forms.insert(unit.alpha);
    places.insert(fmt::format("{}\n{}\n{}", unit.project, unit.path, unit.name));
    made.names.emplace_back(unit.name);
    made.evidence.instances += unit.instances;
  }
  made.evidence.instances = std::max(made.evidence.instances, cluster.size);
  made.evidence.history_passes = made.evidence.instances;
  made.evidence.distinct_instances = static_cast<std::uint32_t>(forms.size());
  made.evidence.places = static_cast<std::uint32_t>(places.size());
  made.evidence.projects = static_cast<std::uint32_t>(cluster.projects.size());
  const Background& background = half.backgrounds.at(made.shape.tree.language);
  made.gain = mine::gain_of(made.shape, background, mine::counted_occurrences(made.evidence), templates);
  made.quality = mine::score(made.shape, made.evidence);
  made.unkept = mine::unkept_because(made.shape, background, made.gain, made.evidence);
  made.trivial_elsewhere = mine::trivial_because(made.shape, background, mine::bits_to_spare).has_value();
  return made;
}

/// Clusters of several units or windows.
std::vector<Candidate> candidates_of(const Half& half) {
  const MiningLibrary& library = half.library;
  const std::size_t templates = library.clusters() + library.window_clusters();
  std::vector<Candidate> candidates;
  for (std::uint32_t c = 0; c < library.clusters(); ++c) {
    const LibraryCluster cluster = library.cluster(c);
    if (cluster.size < 2 && cluster.projects.size() < 2) continue;
    candidates.push_back(candidate_of(half, cluster, library.template_of_cluster(c), [](std::uint32_t unit) { return unit; }, templates));
    candidates.back().leader = code_of(library.unit(cluster.leader));
  }
  for (std::uint32_t c = 0; c < library.window_clusters(); ++c) {
    const LibraryCluster cluster = library.window_cluster(c);
    if (cluster.size < 2 && cluster.projects.size() < 2) continue;
    const auto unit_of = [&](std::uint32_t window) { return library.window(window).unit; };
    candidates.push_back(candidate_of(half, cluster, library.template_of_window_cluster(c), unit_of, templates));
    Candidate& made = candidates.back();
    made.leader = code_of(library.unit(unit_of(cluster.leader)));
    made.leader.kind = UnitKind::block;
    made.leader.name.clear();
    made.leader.tree = syntax::encode_nast(made.shape.tree);
  }
  return candidates;
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
  Search(std::vector<Candidate>& candidates, const MiningLibrary& whole, std::size_t side)
      : candidates_(candidates), whole_(whole), side_(side) {}

  void run() {
    for_each_unit([&](const LibraryUnit&, const Nast& tree) {
      for (const std::uint64_t word : words_of(tree)) ++frequency_[word];
    });
    for (std::size_t i = 0; i < candidates_.size(); ++i) file(i);
    for_each_unit([&](const LibraryUnit& unit, const Nast& tree) { look_in(unit, tree); });
  }

 private:
  template <typename Visit>
  void for_each_unit(Visit visit) {
    for (std::uint32_t u = 0; u < whole_.units(); ++u)
      if (!projects_on(whole_, whole_.unit(u), side_).empty()) visit(whole_.unit(u), whole_.tree_of(u));
  }

  void file(std::size_t index) {
    std::uint64_t rarest = 0;
    std::uint32_t times = UINT32_MAX;
    for (const std::uint64_t word : words_of(candidates_[index].shape.tree)) {
      const auto found = frequency_.find(word);
      const std::uint32_t seen = found == frequency_.end() ? 0 : found->second;
      if (seen < times) rarest = word, times = seen;
    }
    if (times > 0) filed_[rarest].push_back(index);
  }

  void look_in(const LibraryUnit& unit, const Nast& tree) {
    std::vector<std::uint64_t> words = words_of(tree);
    words.push_back(0);  // templates without any word
    std::vector<mine::ItemTree> runs;
    bool cut = false;
    for (const std::uint64_t word : words) {
      const auto filed = filed_.find(word);
      if (filed == filed_.end()) continue;
      std::erase_if(filed->second, [&](std::size_t i) { return candidates_[i].unseen.fresh.size() >= needed_unseen; });
      for (const std::size_t i : filed->second) {
        Candidate& candidate = candidates_[i];
        const bool window = candidate.leader.kind == UnitKind::block;
        if (window && !cut) runs = runs_of(tree, unit.text), cut = true;
        if (window ? matches_any(candidate.shape, runs) : matches(candidate.shape, tree, unit.text)) candidate.unseen.note(whole_, unit, side_);
      }
    }
  }

  static bool matches(const mine::Template& shape, const Nast& tree, std::string_view text) {
    return mine::comparable(shape.tree, tree) && mine::concrete_nodes(shape) <= tree.nodes.size() && mine::match(shape, tree, text);
  }

  static bool matches_any(const mine::Template& shape, const std::vector<mine::ItemTree>& runs) {
    return std::any_of(runs.begin(), runs.end(), [&](const auto& run) { return matches(shape, run.tree, run.text); });
  }

  /// All runs of two to six statements.
  static std::vector<mine::ItemTree> runs_of(const Nast& tree, std::string_view text) {
    std::vector<mine::ItemTree> runs;
    if (tree.nodes.size() > mine::max_windowed_nodes) return runs;
    for (std::uint32_t list = 0; list < tree.nodes.size(); ++list) {
      if (tree.nodes[list].kind != syntax::NodeKind::block) continue;
      std::vector<std::uint32_t> starts;
      const std::uint32_t end = list + tree.nodes[list].size;
      for (std::uint32_t child = list + 1; child < end; child += tree.nodes[child].size) starts.push_back(child);
      starts.push_back(end);
      for (std::size_t first = 0; first + 1 < starts.size(); ++first)
        for (std::size_t last = first + mine::min_window_statements; last < starts.size() && last - first <= mine::max_window_statements; ++last)
          runs.push_back(mine::cut_window(tree, text, starts[first], starts[last]));
    }
    return runs;
  }

  std::vector<Candidate>& candidates_;
  const MiningLibrary& whole_;
  std::size_t side_;
  std::unordered_map<std::uint64_t, std::uint32_t> frequency_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> filed_;
};

/// Shares of one group of templates, over both halves.
struct Group {
  std::uint32_t templates = 0, once = 0, twice = 0, twice_fresh = 0;

  void add(const UnseenProjects& unseen) {
    ++templates;
    once += !unseen.all.empty();
    twice += unseen.all.size() >= needed_unseen;
    twice_fresh += unseen.fresh.size() >= needed_unseen;
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
    recurred.push_back(!candidate.unseen.fresh.empty());
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

std::string page_of(const Candidate& candidate) {
  return fmt::format("{}  {}\n{}\n{} forms in {} projects, gain {:.0f} bits, found in {} unseen projects ({} not copied); leader {}:{}\n{}\n",
                     candidate.id.hex().substr(0, 12), mine::pattern_name(candidate.leader, candidate.names),
                     mine::pattern_summary(candidate.leader, candidate.shape, mine::public_holes(candidate.shape)),
                     candidate.evidence.distinct_instances, candidate.evidence.projects, static_cast<double>(candidate.gain.total) / 1000.0,
                     candidate.unseen.all.size(), candidate.unseen.fresh.size(), candidate.leader.path, candidate.leader.first_line,
                     mine::render(candidate.shape, mine::hole_names(candidate.shape)));
}

std::string page_of(const SharedPattern& pattern) {
  return fmt::format("{}  {}\n{}\n{} projects, found in {} unseen projects ({} not copied){}\n{}\n", pattern.id.hex().substr(0, 12), pattern.name,
                     pattern.sentence, pattern.projects, pattern.unseen.all.size(), pattern.unseen.fresh.size(), pattern.trivial ? "; trivial" : "",
                     pattern.code);
}

/// What both halves add up to.
struct Total {
  std::map<std::string, Group> groups;
  std::map<std::string, std::uint32_t> unkept;
  std::uint32_t mined = 0, rubric = 0, passing_gain = 0, trivial = 0, not_judged = 0;
  Ranking ranking;
  std::vector<std::pair<PatternId, std::string>> pages;

  /// Adds what the other half can judge; counts what it cannot: it has less than two projects in the language.
  template <typename... What>
  void add_if(bool judged, const What&... what) {
    if (judged)
      add(what...);
    else
      ++not_judged;
  }
  /// `others`: what is usual in the half that the candidate was not learned from.
  void add(const Candidate& candidate, const Backgrounds& others) {
    ++mined;
    const bool by_rubric = candidate.unkept.starts_with("trivial");
    if (candidate.gain.total > 0) ++passing_gain, rubric += by_rubric;
    if (candidate.evidence.instances > 1) ranking.add(candidate);
    if (!candidate.unkept.empty()) {
      const std::size_t first = candidate.unkept.find(':');
      std::string reason = candidate.unkept.substr(0, first);
      if (by_rubric) reason += " " + candidate.unkept.substr(first + 2, candidate.unkept.find(':', first + 1) - first - 2);
      ++unkept[reason];
      return;
    }
    const std::uint32_t projects = candidate.evidence.projects;
    groups[fmt::format("from {}{} projects", std::min(projects, most_told), projects >= most_told ? " or more" : "")].add(candidate.unseen);
    const PatternReach reach = mine::reach_of(candidate.evidence, candidate.unkept, candidate.trivial_elsewhere);
    groups[std::string(to_string(reach))].add(candidate.unseen);
    if (reach != PatternReach::general) return;
    groups[candidate.leader.kind == UnitKind::block ? "general windows" : "general functions"].add(candidate.unseen);
    groups[fmt::format("general {}", to_string(candidate.shape.tree.language))].add(candidate.unseen);
    const auto usual = others.find(candidate.shape.tree.language);
    trivial += usual != others.end() && mine::trivial_because(candidate.shape, usual->second).has_value();
    pages.emplace_back(candidate.id, page_of(candidate));
  }

  void add(const SharedPattern& pattern, const std::string& kind) {
    for (const std::string& group : {std::string("general"), "general " + kind, fmt::format("general {}", to_string(pattern.language))})
      groups[group].add(pattern.unseen);
    trivial += pattern.trivial;
    pages.emplace_back(PatternId{pattern.id}, page_of(pattern));
  }
};

}  // namespace

RecurrenceResult measure_recurrence(const MiningLibrary& library, const RecurrenceOptions& options) {
  const auto progress = [&](std::string_view stage) {
    if (options.on_progress) options.on_progress(stage);
  };
  Total total;
  progress("reading idioms");
  const IdiomCorpus idioms(library);
  progress("mining both halves");
  const std::array<std::unique_ptr<Half>, 2> halves{learn(library, 0), learn(library, 1)};
  for (const std::size_t side : {0u, 1u}) {
    const Backgrounds &own = halves[side]->backgrounds, &others = halves[1 - side]->backgrounds;
    std::vector<Candidate> candidates = candidates_of(*halves[side]);
    progress("looking in the other half");
    Search(candidates, library, 1 - side).run();
    const Half& other = *halves[1 - side];
    for (const Candidate& candidate : candidates) total.add_if(other.can_judge(candidate.shape.tree.language), candidate, others);
    progress("behaviour and idioms");
    for (const SharedPattern& pattern : shared_behaviour(library, side)) total.add_if(other.can_judge(pattern.language), pattern, "behaviour");
    for (const SharedPattern& pattern : idioms.shared(side, own, others)) total.add_if(other.can_judge(pattern.language), pattern, "idioms");
  }
  RecurrenceResult result;
  base::Json groups = base::Json::object();
  for (const auto& [name, group] : total.groups) groups[name] = group.json();
  const Group kept = total.groups["general"];
  result.summary = {{"kept", kept.templates},
                    {"recurring_in_2_unseen", kept.templates == 0 ? base::Json() : base::Json(static_cast<double>(kept.twice) / kept.templates)},
                    {"trivial", kept.templates == 0 ? base::Json() : base::Json(static_cast<double>(total.trivial) / kept.templates)},
                    {"trivial_before_rubric", total.passing_gain == 0 ? base::Json() : base::Json(static_cast<double>(total.rubric) / total.passing_gain)},
                    {"templates", total.mined},
                    {"not_judged", total.not_judged},
                    {"groups", std::move(groups)},
                    {"unkept", total.unkept},
                    {"recurrence", total.ranking.json()}};
  std::sort(total.pages.begin(), total.pages.end());
  for (std::size_t i = 0; i < std::min(options.show, total.pages.size()); ++i) result.shown.push_back(std::move(total.pages[i].second));
  return result;
}

}  // namespace autodev::app
