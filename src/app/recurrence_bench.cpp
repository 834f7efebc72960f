// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See recurrence_bench.h. A template can only match code that has all of its words, so each template is filed under the
// word that is rarest in the other half, and most never have to be matched at all.
#include "app/recurrence_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

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
  std::set<std::uint32_t> unseen, unseen_fresh;  ///< projects of the other half with a match; with one that is no copy
};

/// Which half a project belongs to.
std::size_t side_of(const MiningLibrary& library, std::uint32_t project) {
  return base::hash64(library.project_name(project)) & 1;
}

std::vector<std::uint32_t> projects_on(const MiningLibrary& library, const LibraryUnit& unit, std::size_t side) {
  std::vector<std::uint32_t> projects = unit.projects.all();
  std::erase_if(projects, [&](std::uint32_t project) { return side_of(library, project) != side; });
  return projects;
}

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
  std::map<Language, Background> backgrounds;
};

std::unique_ptr<Half> learn(const MiningLibrary& whole, std::size_t side) {
  auto half = std::make_unique<Half>();
  std::set<Digest> counted;
  for (std::uint32_t u = 0; u < whole.units(); ++u) {
    const LibraryUnit& unit = whole.unit(u);
    const auto projects = projects_on(whole, unit, side);
    if (projects.empty()) continue;
    const CodeUnit code = code_of(unit);
    for (const std::uint32_t project : projects)
      half->library.add(code, half->library.project(whole.project_name(project)));
    if (counted.insert(unit.alpha).second) half->backgrounds[unit.language].count(whole.tree_of(u));
  }
  half->library.settle();
  return half;
}

/// Judges a cluster; `unit_of` gives the unit of a member.
template <typename UnitOf>
Candidate candidate_of(const Half& half, const LibraryCluster& cluster, mine::Template shape, UnitOf unit_of,
                       std::size_t templates) {
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
    candidates.push_back(candidate_of(
        half, cluster, library.template_of_cluster(c), [](std::uint32_t unit) { return unit; }, templates));
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
    if (!syntax::is_hole(tree.nodes[i].kind) && tree.nodes[i].symbol != 0)
      words.push_back(base::hash64(tree.symbol(i)));
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
    const bool copy = !projects_on(whole_, unit, 1 - side_).empty();
    std::vector<std::uint64_t> words = words_of(tree);
    words.push_back(0);  // templates without any word
    std::vector<mine::ItemTree> runs;
    bool cut = false;
    for (const std::uint64_t word : words) {
      const auto filed = filed_.find(word);
      if (filed == filed_.end()) continue;
      std::erase_if(filed->second, [&](std::size_t i) { return candidates_[i].unseen_fresh.size() >= needed_unseen; });
      for (const std::size_t i : filed->second) {
        Candidate& candidate = candidates_[i];
        const bool window = candidate.leader.kind == UnitKind::block;
        if (window && !cut) runs = runs_of(tree, unit.text), cut = true;
        if (window ? matches_any(candidate.shape, runs) : matches(candidate.shape, tree, unit.text))
          note(candidate, unit, copy);
      }
    }
  }

  void note(Candidate& candidate, const LibraryUnit& unit, bool copy) {
    for (const std::uint32_t project : projects_on(whole_, unit, side_)) {
      candidate.unseen.insert(project);
      if (!copy) candidate.unseen_fresh.insert(project);
    }
  }

  static bool matches(const mine::Template& shape, const Nast& tree, std::string_view text) {
    return mine::comparable(shape.tree, tree) && mine::concrete_nodes(shape) <= tree.nodes.size() &&
           mine::match(shape, tree, text);
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
        for (std::size_t last = first + mine::min_window_statements;
             last < starts.size() && last - first <= mine::max_window_statements; ++last)
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

  void add(const Candidate& candidate) {
    ++templates;
    once += !candidate.unseen.empty();
    twice += candidate.unseen.size() >= needed_unseen;
    twice_fresh += candidate.unseen_fresh.size() >= needed_unseen;
  }
  [[nodiscard]] base::Json json() const {
    const auto share = [&](std::uint32_t part) {
      return templates == 0 ? base::Json() : base::Json(static_cast<double>(part) / templates);
    };
    return {{"templates", templates},
            {"recurring_in_1_unseen", share(once)},
            {"recurring_in_2_unseen", share(twice)},
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

std::string page_of(const Candidate& candidate) {
  return fmt::format(
      "{}  {}\n{}\n{} forms in {} projects, gain {:.0f} bits, found in {} unseen projects ({} not copied); leader "
      "{}:{}\n{}\n",
      candidate.id.hex().substr(0, 12), mine::pattern_name(candidate.leader, candidate.names),
      mine::pattern_summary(candidate.leader, candidate.shape, mine::public_holes(candidate.shape)),
      candidate.evidence.distinct_instances, candidate.evidence.projects,
      static_cast<double>(candidate.gain.total) / 1000.0, candidate.unseen.size(), candidate.unseen_fresh.size(),
      candidate.leader.path, candidate.leader.first_line,
      mine::render(candidate.shape, mine::hole_names(candidate.shape)));
}

/// What both halves add up to.
struct Total {
  std::map<std::string, Group> groups;
  std::map<std::string, std::uint32_t> unkept;
  std::uint32_t mined = 0, rubric = 0, passing_gain = 0;
  Ranking ranking;
  std::vector<std::pair<PatternId, std::string>> pages;

  void add(const Candidate& candidate) {
    ++mined;
    const bool trivial = candidate.unkept.starts_with("trivial");
    if (candidate.gain.total > 0) ++passing_gain, rubric += trivial;
    if (candidate.evidence.instances > 1) ranking.add(candidate);
    if (!candidate.unkept.empty()) {
      const std::size_t first = candidate.unkept.find(':');
      std::string reason = candidate.unkept.substr(0, first);
      if (trivial)
        reason += " " + candidate.unkept.substr(first + 2, candidate.unkept.find(':', first + 1) - first - 2);
      ++unkept[reason];
      return;
    }
    const std::uint32_t projects = candidate.evidence.projects;
    groups[fmt::format("from {}{} projects", std::min(projects, most_told), projects >= most_told ? " or more" : "")]
        .add(candidate);
    const PatternReach reach = mine::reach_of(candidate.evidence, candidate.unkept);
    groups[std::string(to_string(reach))].add(candidate);
    if (reach != PatternReach::general) return;
    groups[candidate.leader.kind == UnitKind::block ? "general windows" : "general functions"].add(candidate);
    groups[fmt::format("general {}", to_string(candidate.shape.tree.language))].add(candidate);
    pages.emplace_back(candidate.id, page_of(candidate));
  }
};

}  // namespace

RecurrenceResult measure_recurrence(const MiningLibrary& library, const RecurrenceOptions& options) {
  const auto progress = [&](std::string_view stage) {
    if (options.on_progress) options.on_progress(stage);
  };
  Total total;
  for (const std::size_t side : {0u, 1u}) {
    progress("mining one half");
    const auto half = learn(library, side);
    std::vector<Candidate> candidates = candidates_of(*half);
    progress("looking in the other half");
    Search(candidates, library, 1 - side).run();
    for (const Candidate& candidate : candidates) total.add(candidate);
  }
  RecurrenceResult result;
  base::Json groups = base::Json::object();
  for (const auto& [name, group] : total.groups) groups[name] = group.json();
  const Group kept = total.groups["general"];
  result.summary = {
      {"kept", kept.templates},
      {"recurring_in_2_unseen",
       kept.templates == 0 ? base::Json() : base::Json(static_cast<double>(kept.twice) / kept.templates)},
      {"trivial", 0},
      {"trivial_before_rubric",
       total.passing_gain == 0 ? base::Json() : base::Json(static_cast<double>(total.rubric) / total.passing_gain)},
      {"templates", total.mined},
      {"groups", std::move(groups)},
      {"unkept", total.unkept},
      {"recurrence", total.ranking.json()}};
  std::sort(total.pages.begin(), total.pages.end());
  for (std::size_t i = 0; i < std::min(options.show, total.pages.size()); ++i)
    result.shown.push_back(std::move(total.pages[i].second));
  return result;
}

}  // namespace autodev::app
