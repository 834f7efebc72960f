// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Behaviour of real code: what reading it costs, and whether what was mined in some projects comes back in others.
//
//   behaviour_bench FOLDER    every folder below FOLDER is a project
//
// Projects are dealt into two halves in order of their names; patterns of the one are looked for in the functions of the other, and
// the other way round. A held-out function counts once for a pattern. Beside it: frequent subsequences with a cover by description
// length (app/behaviour_baseline.h). Times are processor time.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <map>

#include "app/behaviour_baseline.h"
#include "app/behaviour_bench.h"
#include "base/hash.h"
#include "mine/object_traces.h"
#include "mine/sequence_miner.h"
#include "mine/usage_rules.h"
#include "mine/usage_text.h"
#include "source_files.h"
#include "syntax/extract.h"

namespace {

using namespace autodev;

double seconds(std::clock_t ticks) { return static_cast<double>(ticks) / CLOCKS_PER_SEC; }

struct Trace {
  std::string group;  ///< language and type
  std::vector<std::string> steps;
  std::size_t project = 0;
};

struct Corpus {
  std::vector<std::string> projects;
  std::vector<Trace> traces;
  std::map<std::string, mine::UsageCounters> counters;
  std::vector<double> micros;  ///< per function
  std::clock_t graph = 0, project = 0, count = 0, parse = 0;
  std::size_t events = 0;
};

void read_function(const CodeUnit& unit, std::size_t project, Corpus& corpus) {
  const auto tree = syntax::decode_nast(unit.tree);
  if (!tree) return;
  const std::clock_t start = std::clock();
  const mine::EventGraph graph = mine::event_graph(*tree);
  const std::clock_t made = std::clock();
  const auto traces = mine::object_traces(graph);
  const std::clock_t projected = std::clock();
  const std::uint64_t hash = base::hash64(corpus.projects[project]);
  for (const mine::ObjectTrace& trace : traces)
    corpus.counters[std::string(to_string(unit.language)) + " " + trace.type].add(graph, trace, hash);
  const std::clock_t counted = std::clock();
  corpus.graph += made - start;
  corpus.project += projected - made;
  corpus.count += counted - projected;
  corpus.micros.push_back(1e6 * seconds(counted - start));
  corpus.events += graph.events.size();
  for (const mine::ObjectTrace& trace : traces)
    if (trace.tells()) corpus.traces.push_back({std::string(to_string(unit.language)) + " " + trace.type, mine::step_names(trace), project});
}

Corpus read_corpus(const std::string& folder, std::size_t max_files) {
  Corpus corpus;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_directory()) corpus.projects.push_back(entry.path().filename().string());
  std::sort(corpus.projects.begin(), corpus.projects.end());
  syntax::ExtractOptions options;
  options.types = options.blocks = false;
  for (std::size_t project = 0; project < corpus.projects.size(); ++project) {
    auto files = bench::source_files(folder + "/" + corpus.projects[project]);
    // Every n-th file, so that no folder of a large project stands for all of it.
    const std::size_t step = std::max<std::size_t>(1, files.size() / max_files);
    for (std::size_t i = 0; i < files.size(); i += step) {
      const std::clock_t start = std::clock();
      const auto units = syntax::extract_units(files[i].read(), files[i].language, files[i].path, options);
      corpus.parse += std::clock() - start;
      if (!units) continue;
      for (const CodeUnit& unit : units->units) read_function(unit, project, corpus);
    }
  }
  return corpus;
}

/// Traces as words: the type is part of each step, so that one miner serves all types.
std::vector<std::string> words(const Trace& trace) {
  std::vector<std::string> steps;
  for (const std::string& step : trace.steps) steps.push_back(trace.group + " " + step);
  return steps;
}

void half(const Corpus& corpus, std::size_t side, app::HeldOut& ours, app::HeldOut& baseline, bool show) {
  std::map<std::string, std::pair<std::vector<const Trace*>, std::vector<std::vector<std::string>>>> groups;
  for (const Trace& trace : corpus.traces) {
    auto& [train, test] = groups[trace.group];
    if (trace.project % 2 == side) train.push_back(&trace);
    else test.push_back(words(trace));
  }
  for (const auto& [name, group] : groups) {
    const auto& [train, test] = group;
    std::clock_t start = std::clock();
    mine::SequenceMiner miner({});
    std::vector<std::vector<std::string>> sequences;
    for (const Trace* trace : train) {
      sequences.push_back(words(*trace));
      miner.add(sequences.back(), trace->project);
    }
    const auto patterns = miner.closed();
    std::vector<std::vector<std::string>> chosen;
    for (const std::size_t pattern : mine::cover(patterns, miner)) {
      chosen.push_back(patterns[pattern].events);
      if (show) fmt::print("  {:>5} in {:>3}  {}\n", patterns[pattern].support, patterns[pattern].sources, fmt::join(chosen.back(), " | "));
    }
    app::HeldOut one = app::measure(chosen, test);
    one.seconds = seconds(std::clock() - start);
    ours.add(one);
    start = std::clock();
    app::HeldOut other = app::measure(app::frequent_cover(sequences, mine::SequenceLimits{}.min_support), test);
    other.seconds = seconds(std::clock() - start);
    baseline.add(other);
  }
}

void print_rules(const Corpus& corpus) {
  std::size_t advice = 0, all = 0;
  std::map<std::string, std::size_t> by_shape;
  for (const auto& [group, counters] : corpus.counters)
    for (const mine::UsageRule& rule : counters.rules(50)) {
      ++all;
      if (!mine::is_advice(rule)) continue;
      ++advice;
      ++by_shape[std::string(mine::to_string(rule.shape))];
      if (by_shape[std::string(mine::to_string(rule.shape))] <= 5) fmt::print("  {}: {} ({} projects)\n", group, mine::rule_sentence(rule), rule.projects);
    }
  fmt::print("rules with a support of 50: {}, of those strong enough for an advice: {}\n", all, advice);
  for (const auto& [shape, count] : by_shape) fmt::print("  {:<12} {}\n", shape, count);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: behaviour_bench FOLDER [FILES_PER_PROJECT [show]]\n");
    return 2;
  }
  const std::size_t max_files = argc > 2 ? std::stoul(argv[2]) : 100'000;
  Corpus corpus = read_corpus(argv[1], max_files);
  auto& micros = corpus.micros;
  if (micros.empty()) return 1;
  std::sort(micros.begin(), micros.end());
  const auto functions = static_cast<double>(micros.size());
  fmt::print("{} projects, {} functions, {} events, {} telling traces of {} types\n", corpus.projects.size(), micros.size(), corpus.events,
             corpus.traces.size(), corpus.counters.size());
  fmt::print("per function, us: graph {:.1f}, traces {:.1f}, counters {:.1f}; p50 {:.0f}, p99 {:.0f}, max {:.0f}; extraction {:.1f}\n",
             1e6 * seconds(corpus.graph) / functions, 1e6 * seconds(corpus.project) / functions, 1e6 * seconds(corpus.count) / functions,
             micros[micros.size() / 2], micros[micros.size() * 99 / 100], micros.back(), 1e6 * seconds(corpus.parse) / functions);
  app::HeldOut ours, baseline;
  const bool show = argc > 3;
  for (const std::size_t side : {0u, 1u}) half(corpus, side, ours, baseline, show && side == 0);
  fmt::print("ours         {}\nprefix_span  {}\n", ours.json().dump(), baseline.json().dump());
  print_rules(corpus);
  return 0;
}
