// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/recurrence_kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/hash.h"
#include "base/text.h"
#include "mine/gain.h"
#include "mine/keep.h"
#include "mine/object_traces.h"
#include "mine/sequence_miner.h"
#include "mine/usage_patterns.h"
#include "mine/usage_text.h"
#include "mine/windows.h"

namespace autodev::app {
namespace {

using mine::IdiomCut;
using mine::LibraryUnit;
using mine::MiningLibrary;
using syntax::Nast;
using syntax::NodeKind;

/// Statements an idiom is generalised from: what differs shows in the first few.
constexpr std::size_t generalised = 16;

struct Trace {
  std::uint32_t unit = 0;
  std::vector<std::string> steps;
};

/// Traces of one type of one language.
struct TypeTraces {
  Language language = Language::unknown;
  std::string type;
  std::vector<Trace> traces;
};

std::map<std::string, TypeTraces> traces_of(const MiningLibrary& library) {
  std::map<std::string, TypeTraces> types;
  for (std::uint32_t u = 0; u < library.units(); ++u) {
    const Language language = library.unit(u).language;
    for (const mine::ObjectTrace& trace : mine::object_traces(mine::event_graph(library.tree_of(u)))) {
      if (!trace.tells()) continue;
      TypeTraces& type = types[fmt::format("{} {}", to_string(language), trace.type)];
      type.language = language;
      type.type = trace.type;
      type.traces.push_back({u, mine::step_names(trace)});
    }
  }
  return types;
}

/// How often each step stands in the traces of one side, by language.
class StepCounts {
 public:
  StepCounts(const std::map<std::string, TypeTraces>& types, const MiningLibrary& library, std::size_t side) {
    for (const auto& [name, type] : types)
      for (const Trace& trace : type.traces)
        if (!projects_on(library, library.unit(trace.unit), side).empty())
          for (const std::string& step : trace.steps) ++counts_[{type.language, step}], ++total_[type.language];
  }
  /// `share`: two of the steps have to be rarer than one in so many.
  [[nodiscard]] bool is_trivial(Language language, const std::vector<std::string>& steps, std::uint64_t share) const {
    const auto total = total_.find(language);
    const auto tells = [&](const std::string& step) {
      const auto count = counts_.find({language, step});
      return count == counts_.end() || count->second * share < total->second;
    };
    return static_cast<std::size_t>(std::count_if(steps.begin(), steps.end(), tells)) < mine::needed_telling_steps;
  }

 private:
  std::map<std::pair<Language, std::string>, std::uint64_t> counts_;
  std::map<Language, std::uint64_t> total_;
};

bool is_general(std::uint32_t projects) {
  PatternEvidence evidence;
  evidence.projects = projects;
  return mine::reach_of(evidence, {}, false) == PatternReach::general;
}

bool is_compound(NodeKind kind) noexcept {
  return kind == NodeKind::if_statement || kind == NodeKind::loop || kind == NodeKind::switch_statement || kind == NodeKind::try_statement ||
         kind == NodeKind::with_statement;
}

}  // namespace

std::size_t side_of(const MiningLibrary& library, std::uint32_t project) { return base::hash64(library.project_name(project)) & 1; }

std::vector<std::uint32_t> projects_on(const MiningLibrary& library, const LibraryUnit& unit, std::size_t side) {
  std::vector<std::uint32_t> projects = unit.projects.all();
  std::erase_if(projects, [&](std::uint32_t project) { return side_of(library, project) != side; });
  return projects;
}

void UnseenProjects::note(const MiningLibrary& library, const LibraryUnit& unit, std::size_t side) {
  const bool copy = !projects_on(library, unit, 1 - side).empty();
  for (const std::uint32_t project : projects_on(library, unit, side)) {
    all.insert(project);
    if (!copy) fresh.insert(project);
  }
}

std::vector<SharedPattern> shared_behaviour(const MiningLibrary& library, std::size_t side) {
  const auto types = traces_of(library);
  const StepCounts counts(types, library, side), elsewhere(types, library, 1 - side);
  std::vector<SharedPattern> shared;
  for (const auto& [name, type] : types) {
    mine::SequenceMiner miner({});
    for (const Trace& trace : type.traces)
      for (const std::uint32_t project : projects_on(library, library.unit(trace.unit), side)) miner.add(trace.steps, base::hash64(library.project_name(project)));
    const auto closed = miner.closed();
    for (const std::size_t chosen : mine::shown_patterns(type.type, closed, miner)) {
      const mine::SequencePattern& pattern = closed[chosen];
      if (!is_general(pattern.sources) || counts.is_trivial(type.language, pattern.events, mine::telling_step_share * 3 / 2)) continue;
      SharedPattern made;
      made.id = base::hash128(name + '\n' + base::join(pattern.events, "\n"));
      made.language = type.language;
      made.projects = pattern.sources;
      made.trivial = elsewhere.is_trivial(type.language, pattern.events, mine::telling_step_share);
      for (const Trace& trace : type.traces)
        if (mine::SequenceMiner::contains(trace.steps, pattern.events)) made.unseen.note(library, library.unit(trace.unit), 1 - side);
      made.name = mine::usage_name(type.type, pattern.events);
      made.sentence = mine::usage_sentence(type.language, type.type, pattern.events, pattern.support, pattern.sources, {});
      made.code = mine::usage_snippet(type.language, type.type, pattern.events);
      shared.push_back(std::move(made));
    }
  }
  return shared;
}

IdiomCorpus::IdiomCorpus(const MiningLibrary& library) : library_(library) {
  for (std::uint32_t u = 0; u < library.units(); ++u) {
    const Nast tree = library.tree_of(u);
    for (std::uint32_t node = 1; node < tree.nodes.size(); ++node) {
      if (!is_compound(tree.nodes[node].kind) || tree.nodes[node].size > mine::max_idiom_nodes) continue;
      Statement statement{u, node, tree.nodes[node].kind, {}};
      statement.fragments = mine::idiom_fragments(tree_of(statement));
      if (!statement.fragments.empty()) statements_.push_back(std::move(statement));
    }
  }
}

/// A window of one statement without the block around it.
Nast IdiomCorpus::tree_of(const Statement& statement) const {
  const Nast tree = library_.tree_of(statement.unit);
  Nast cut = mine::cut_window(tree, library_.unit(statement.unit).text, statement.node, statement.node + tree.nodes[statement.node].size).tree;
  cut.nodes.erase(cut.nodes.begin());
  return cut;
}

IdiomCorpus::Side IdiomCorpus::side(std::size_t number) const {
  Side made;
  made.projects.resize(statements_.size());
  made.explained.resize(statements_.size());
  for (std::size_t s = 0; s < statements_.size(); ++s) {
    const LibraryUnit& unit = library_.unit(statements_[s].unit);
    made.projects[s] = projects_on(library_, unit, number);
    if (!made.projects[s].empty()) ++made.pools[{unit.language, statements_[s].kind}];
  }
  return made;
}

std::map<Digest, IdiomCorpus::Found> IdiomCorpus::fragments_of(const Side& side, IdiomCut cut) const {
  std::map<Digest, Found> found;
  for (std::size_t s = 0; s < statements_.size(); ++s) {
    if (side.explained[s] || side.projects[s].empty()) continue;
    for (const mine::IdiomFragment& fragment : statements_[s].fragments) {
      if (fragment.cut != cut) continue;
      Found& one = found[fragment.digest];
      one.bits = fragment.bits;
      one.statements.push_back(s);
      one.projects.insert(side.projects[s].begin(), side.projects[s].end());
    }
  }
  return found;
}

std::optional<SharedPattern> IdiomCorpus::judged(const Digest& digest, const Found& found, IdiomCut cut, const Side& side,
                                                 const Backgrounds& own, std::size_t fragments) const {
  const auto projects = static_cast<std::uint32_t>(found.projects.size());
  if (!is_general(projects)) return std::nullopt;
  const Statement& leader = statements_[found.statements.front()];
  const LibraryUnit& unit = library_.unit(leader.unit);
  if (mine::merge_gain(projects, found.bits, side.pools.at({unit.language, leader.kind})) <= 0) return std::nullopt;
  mine::Template shape = shape_of(found.statements, cut);
  const mine::Background& background = own.at(unit.language);
  if (mine::trivial_because(shape, background, mine::bits_to_spare) || mine::gain_of(shape, background, projects, fragments).total <= 0) return std::nullopt;
  SharedPattern made;
  made.id = digest;
  made.language = unit.language;
  made.projects = projects;
  made.name = mine::idiom_name(shape.tree);
  made.sentence = mine::idiom_sentence(shape.tree);
  made.code = mine::render(shape);
  made.shape = std::move(shape);
  return made;
}

mine::Template IdiomCorpus::shape_of(const std::vector<std::size_t>& statements, IdiomCut cut) const {
  const auto text_of = [&](const Statement& statement) {
    const Nast whole = library_.tree_of(statement.unit);
    return mine::cut_window(whole, library_.unit(statement.unit).text, statement.node, statement.node + whole.nodes[statement.node].size).text;
  };
  const Statement& leader = statements_[statements.front()];
  mine::Template shape = mine::idiom_template(tree_of(leader), text_of(leader), cut);
  for (std::size_t i = 1; i < std::min(statements.size(), generalised); ++i)
    shape = mine::anti_unify(shape, tree_of(statements_[statements[i]]), text_of(statements_[statements[i]])).result;
  return shape;
}

std::vector<SharedPattern> IdiomCorpus::shared(std::size_t number, const Backgrounds& own, const Backgrounds& others) const {
  Side learning = side(number);
  std::vector<SharedPattern> made;
  std::unordered_map<Digest, std::size_t> idioms;
  for (std::size_t cut = 0; cut < mine::idiom_cuts; ++cut) {
    const auto found = fragments_of(learning, static_cast<IdiomCut>(cut));
    for (const auto& [digest, one] : found) {
      auto pattern = judged(digest, one, static_cast<IdiomCut>(cut), learning, own, found.size());
      if (!pattern) continue;
      const auto usual = others.find(pattern->language);
      pattern->trivial = usual != others.end() && mine::trivial_because(pattern->shape, usual->second).has_value();
      for (const std::size_t s : one.statements) learning.explained[s] = true;
      idioms.emplace(digest, made.size());
      made.push_back(std::move(*pattern));
    }
  }
  for (const Statement& statement : statements_)
    for (const mine::IdiomFragment& fragment : statement.fragments)
      if (const auto idiom = idioms.find(fragment.digest); idiom != idioms.end())
        made[idiom->second].unseen.note(library_, library_.unit(statement.unit), 1 - number);
  return made;
}

}  // namespace autodev::app
