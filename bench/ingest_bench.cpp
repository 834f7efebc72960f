// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Ingest: source files -> units -> journal -> folded knowledge with search index -> readable files, on one core, as
// `learn from-git` does it for a history that adds each file in a commit of its own.
//
//   ingest_bench FOLDER...        all source files below the folders, into a new store in the temporary folder
//
// Processor time of this thread by stage, so other programs on the machine count little. "mining alone" is the same
// code parsed, and its functions clustered and generalised in memory: what is left without the promises of a store.
#include <fmt/format.h>
#include <time.h>

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/env.h"
#include "knowledge/knowledge_store.h"
#include "learn/learner.h"
#include "mine/leader.h"
#include "mine/signature.h"
#include "mine/template.h"
#include "source_files.h"
#include "syntax/extract.h"
#include "syntax/nast.h"

namespace {

using namespace autodev;

constexpr std::size_t batch_units = 500;  // as learn from-git

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Adds the processor time of a call to `total`.
template <typename Work>
auto timed(double& total, Work work) {
  const double start = cpu_seconds();
  auto result = work();
  total += cpu_seconds() - start;
  return result;
}

template <typename Value>
Value value_of(Result<Value> result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}

struct Stages {
  double extract = 0, journal = 0, fold = 0, files = 0;
  std::uint64_t functions = 0, types = 0, blocks = 0, bytes = 0;
};

void count(const syntax::FileUnits& file, std::size_t bytes, Stages& stages) {
  stages.bytes += bytes;
  for (const CodeUnit& unit : file.units) {
    const bool function = unit.kind == UnitKind::function || unit.kind == UnitKind::method;
    ++(function ? stages.functions : unit.kind == UnitKind::block ? stages.blocks : stages.types);
  }
}

LearningEvent event_of(const bench::SourceFile& file, std::vector<CodeUnit> units, std::int64_t number) {
  LearningEvent event;
  event.timestamp = Timestamp(Milliseconds(1'700'000'000'000 + number));
  event.source = "bench";
  event.project = "bench";
  event.specification.text = "add " + std::filesystem::path(file.path).stem().string();
  event.outcome.verdict = Verdict::passed;
  event.outcome.strength = EvidenceStrength::history;
  for (CodeUnit& unit : units) event.implementation.units.push_back({std::nullopt, std::move(unit)});
  return event;
}

/// The whole path.
Stages ingest(const std::vector<bench::SourceFile>& sources, const std::string& folder) {
  Stages stages;
  const auto store = value_of(knowledge::KnowledgeStore::open(base::real_env(), folder, learn::study));
  std::vector<knowledge::Payload> batch;
  std::vector<PatternId> changed;
  std::size_t units = 0;
  const auto flush = [&] {
    value_of(timed(stages.journal, [&] { return store->append(batch); }));
    const auto report = value_of(timed(stages.fold, [&] { return store->refresh(); }));
    changed.insert(changed.end(), report.changed.begin(), report.changed.end());
    batch.clear();
    units = 0;
  };
  for (const bench::SourceFile& file : sources) {
    const std::string text = file.read();
    auto found = timed(stages.extract, [&] { return syntax::extract_units(text, file.language, file.path); });
    if (!found) continue;
    count(*found, text.size(), stages);
    units += found->units.size();
    batch.emplace_back(event_of(file, std::move(found->units), static_cast<std::int64_t>(batch.size())));
    if (units >= batch_units) flush();
  }
  if (!batch.empty()) flush();
  value_of(timed(stages.files, [&]() -> Result<bool> {
    AUTODEV_TRY(store->write_files(changed));
    return true;
  }));
  return stages;
}

/// Functions of the files, clustered by the leader rule in memory.
class Mining {
 public:
  void take(const CodeUnit& unit) {
    const auto tree = syntax::decode_nast(unit.tree);
    if (!tree) return;
    const mine::Signature signature = mine::minhash(mine::structural_features(*tree));
    const auto bands = mine::band_keys(signature, unit.language);
    std::vector<std::size_t> near;
    for (const std::uint64_t band : bands)
      if (const auto found = bands_.find(band); found != bands_.end())
        for (const std::size_t leader : found->second) near.push_back(leader);
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    std::vector<mine::LeaderView> views;
    for (const std::size_t leader : near) views.push_back({{}, &leaders_[leader].signature});
    for (const std::size_t order : mine::leader_order(views, signature)) {
      Leader& leader = leaders_[near[order]];
      auto joined = mine::try_join(leader.shape, leader.signature, *tree, unit.text, signature);
      if (!joined) continue;
      leader.shape = std::move(joined->result);
      return;
    }
    for (const std::uint64_t band : bands)
      if (auto& members = bands_[band]; members.size() < 64) members.push_back(leaders_.size());
    leaders_.push_back({mine::template_of(*tree, unit.text), signature});
  }
  [[nodiscard]] std::size_t templates() const { return leaders_.size(); }

 private:
  struct Leader {
    mine::Template shape;
    mine::Signature signature;
  };
  std::vector<Leader> leaders_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> bands_;
};

void mine_alone(const std::vector<bench::SourceFile>& sources) {
  Mining mining;
  double extract = 0;
  double mine = 0;
  std::size_t functions = 0;
  syntax::ExtractOptions options;
  options.types = options.blocks = false;
  for (const bench::SourceFile& file : sources) {
    const std::string text = file.read();
    const auto found = timed(extract, [&] { return syntax::extract_units(text, file.language, file.path, options); });
    if (!found) continue;
    functions += found->units.size();
    timed(mine, [&] {
      for (const CodeUnit& unit : found->units) mining.take(unit);
      return true;
    });
  }
  fmt::print("mining alone: {} functions -> {} templates, {:.0f} functions/s ({:.2f} s parse and cut, {:.2f} s mine)\n",
             functions, mining.templates(), static_cast<double>(functions) / (extract + mine), extract, mine);
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<bench::SourceFile> sources;
  for (int i = 1; i < count; ++i)
    for (bench::SourceFile& file : bench::source_files(arguments[i])) sources.push_back(std::move(file));
  if (sources.empty()) {
    fmt::print(stderr, "usage: ingest_bench FOLDER...   (folders with source files)\n");
    return 64;
  }
  std::string folder = std::filesystem::temp_directory_path().string() + "/ingest-bench-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  mine_alone(sources);
  const Stages stages = ingest(sources, folder + "/knowledge");
  std::filesystem::remove_all(folder);
  const double total = stages.extract + stages.journal + stages.fold + stages.files;
  const std::uint64_t units = stages.functions + stages.types + stages.blocks;
  fmt::print("ingest: {} files, {:.1f} MB, {} functions, {} types, {} blocks\n", sources.size(),
             static_cast<double>(stages.bytes) / 1e6, stages.functions, stages.types, stages.blocks);
  fmt::print("  {:.0f} functions/s, {:.0f} units/s, of one core; {:.2f} s: parse and cut {:.2f}, journal {:.2f}, fold {:.2f}, "
             "readable files {:.2f}\n",
             static_cast<double>(stages.functions) / total, static_cast<double>(units) / total, total, stages.extract,
             stages.journal, stages.fold, stages.files);
  return 0;
}
