// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/mining_bench.h"

#include <algorithm>
#include <chrono>

#include "base/processor_time.h"
#include "mine/placed_features.h"
#include "mine/recommendation.h"

namespace autodev::app {
namespace {

using std::chrono::nanoseconds;

double seconds(nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}
double per(double part, double whole) {
  return whole > 0 ? part / whole : 0.0;
}

/// Durations in tenths of microseconds, kept as counts: a million samples need no memory worth measuring.
class Latencies {
 public:
  void add(nanoseconds time) {
    const auto tenths = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0)) / 100;
    ++counts_[std::min<std::uint64_t>(tenths, counts_.size() - 1)];
    ++count_;
    sum_ += time;
    max_ = std::max(max_, time);
  }
  /// Microseconds at a share of the samples; the scale ends at 10 ms, above it see max().
  [[nodiscard]] double at(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t tenths = 0; tenths < counts_.size(); ++tenths)
      if ((seen += counts_[tenths]) > wanted) return static_cast<double>(tenths) / 10;
    return max();
  }
  [[nodiscard]] double max() const { return static_cast<double>(max_.count()) / 1000; }
  [[nodiscard]] nanoseconds sum() const { return sum_; }

 private:
  std::vector<std::uint32_t> counts_ = std::vector<std::uint32_t>(100'000);
  std::uint64_t count_ = 0;
  nanoseconds sum_{}, max_{};
};

/// One run over the projects.
class Run {
 public:
  Run(base::Env& env, const MiningBenchOptions& options, mine::MiningLibrary& library)
      : env_(env), options_(options), library_(library) {}

  Result<base::Json> over(const std::vector<SourceProject>& projects);

 private:
  bool take(const std::vector<SourceProject>& projects, const ParsedFile& file);
  void note_prefix(std::uint64_t reached);
  [[nodiscard]] base::Json queries() const;
  [[nodiscard]] base::Json speed(std::uint64_t unread, nanoseconds settled);
  [[nodiscard]] base::Json floor(const std::vector<SourceProject>& projects) const;

  base::Env& env_;
  const MiningBenchOptions& options_;
  mine::MiningLibrary& library_;
  nanoseconds start_wall_{}, start_processor_{}, wall_{}, processor_{};
  nanoseconds asking_{}, asking_wall_{};  ///< spent on queries at the prefixes, no part of building
  std::uint64_t start_memory_ = 0, functions_ = 0, files_ = 0, bytes_ = 0, broken_ = 0;
  std::size_t next_prefix_ = 0;
  Latencies updates_, window_;  ///< of the whole run; since the last prefix
  base::Json prefixes_ = base::Json::array();
};

bool Run::take(const std::vector<SourceProject>& projects, const ParsedFile& file) {
  const std::uint32_t project = library_.project(projects[file.project].name);
  for (const CodeUnit& unit : file.found.units) {
    if (functions_ == options_.max_functions) return false;
    const auto before = base::thread_processor_time();
    library_.add(unit, project);
    const auto spent = base::thread_processor_time() - before;
    updates_.add(spent);
    window_.add(spent);
    ++functions_;
    if (!options_.at_once && next_prefix_ < options_.prefixes.size() && functions_ == options_.prefixes[next_prefix_])
      note_prefix(functions_);
  }
  ++files_;
  bytes_ += file.bytes;
  broken_ += file.found.units_with_errors;
  if (options_.on_progress) options_.on_progress(functions_);
  return functions_ < options_.max_functions && (!options_.stop || !options_.stop());
}

/// Units spread over the library, each asked for as if it were new: the answer should begin with its own cluster. `near_*`: the leaders
/// that are built like it, found and ordered; the others: the whole recommendation, pruned and intersected.
base::Json Run::queries() const {
  constexpr std::size_t shown = 5;
  Latencies near, times;
  std::uint64_t asked = 0, found = 0, own = 0;
  const std::uint32_t step = std::max<std::uint32_t>(1, library_.units() / options_.queries);
  for (std::uint32_t unit = 0; unit < library_.units(); unit += step) {
    const syntax::Nast tree = library_.tree_of(unit);
    auto before = base::thread_processor_time();
    const auto leaders = library_.index().near(mine::signature_of(tree), tree.language, mine::least_recommended);
    near.add(base::thread_processor_time() - before);
    before = base::thread_processor_time();
    const auto answers = mine::recommend(library_, tree, library_.unit(unit).text, shown);
    times.add(base::thread_processor_time() - before);
    ++asked;
    found += !answers.empty();
    own += !answers.empty() && answers.front().cluster == library_.unit(unit).cluster;
  }
  return {{"asked", asked},
          {"answered", per(static_cast<double>(found), static_cast<double>(asked))},
          {"own_cluster_first", per(static_cast<double>(own), static_cast<double>(asked))},
          {"near_p50_us", near.at(0.5)},
          {"near_p99_us", near.at(0.99)},
          {"near_max_us", near.max()},
          {"p50_us", times.at(0.5)},
          {"p99_us", times.at(0.99)},
          {"max_us", times.max()}};
}

void Run::note_prefix(std::uint64_t reached) {
  ++next_prefix_;
  const std::uint64_t memory = base::resident_bytes();
  const auto bytes = library_.bytes();
  const auto paused = base::thread_processor_time();
  const auto paused_wall = env_.monotonic();
  prefixes_.push_back({{"functions", reached},
                       {"wall_s", seconds(env_.monotonic() - start_wall_ - asking_wall_)},
                       {"update_mean_us", per(1e6 * seconds(updates_.sum()), static_cast<double>(reached))},
                       {"update_p50_us", window_.at(0.5)},
                       {"update_p99_us", window_.at(0.99)},
                       {"update_max_us", window_.max()},
                       {"rss_mb", (memory - std::min(memory, start_memory_)) >> 20},
                       {"units_mb", bytes.units >> 20},
                       {"trees_and_texts_mb", bytes.trees_and_texts >> 20},
                       {"tables_mb", bytes.tables >> 20},
                       {"clusters_mb", bytes.clusters >> 20},
                       {"windows_mb", bytes.windows >> 20},
                       {"units", library_.units()},
                       {"clusters", library_.clusters()},
                       {"hub_buckets", library_.hubs()},
                       {"query", queries()}});
  window_ = Latencies();
  asking_ += base::thread_processor_time() - paused;
  asking_wall_ += env_.monotonic() - paused_wall;
}

/// The grammars alone on files that a worker has parsed before: no way through mining can be faster.
base::Json Run::floor(const std::vector<SourceProject>& projects) const {
  std::size_t files = 0;
  for (const SourceProject& project : projects) files += project.files.size();
  const std::uint64_t mean = std::max<std::uint64_t>(1, files_ == 0 ? 1 : bytes_ / files_);
  const std::size_t step = std::max<std::size_t>(
      1, static_cast<std::size_t>(files * mean / std::max<std::uint64_t>(1, options_.floor_bytes)));
  syntax::ExtractTimes times;
  std::uint64_t bytes = 0;
  std::size_t number = 0;
  for (const SourceProject& project : projects) {
    for (const std::string& path : project.files) {
      if (number++ % step != 0) continue;
      const Language language = language_from_path(path);
      const auto text = env_.read_file(path, syntax::max_source_bytes(language));
      if (text && syntax::extract_units_timed(*text, language, path, options_.parse.extract, times))
        bytes += text->size();
    }
  }
  const double speed = per(static_cast<double>(bytes), times.parse);
  return {{"bytes", bytes},
          {"mb_per_s", speed / 1e6},
          {"functions_per_s", per(static_cast<double>(functions_) * speed, static_cast<double>(bytes_))}};
}

base::Json Run::speed(std::uint64_t unread, nanoseconds settled) {
  const nanoseconds placed = options_.at_once ? settled : nanoseconds();  // what building leaves to settling
  const auto functions = static_cast<double>(functions_);
  base::Json row = {{"functions", functions_},
                    {"files", files_},
                    {"files_skipped", unread},
                    {"functions_broken", broken_},
                    {"functions_too_small", library_.too_small()},
                    {"bytes", bytes_},
                    {"workers", options_.parse.workers},
                    {"wall_s", seconds(wall_)},
                    {"processor_s", seconds(processor_)},
                    {"settle_s", seconds(settled)},
                    {"functions_per_s", per(functions, seconds(processor_ + placed))},
                    {"functions_per_s_settled", per(functions, seconds(processor_ + settled))},
                    {"functions_per_s_wall", per(functions, seconds(wall_ + placed))},
                    {"functions_per_s_after_parse", per(functions, seconds(updates_.sum() + placed))},
                    {"update_p50_us", updates_.at(0.5)},
                    {"update_p99_us", updates_.at(0.99)},
                    {"update_max_us", updates_.max()},
                    {"rss_mb", (base::resident_bytes() - std::min(base::resident_bytes(), start_memory_)) >> 20},
                    {"projects", library_.projects()},
                    {"units", library_.units()},
                    {"clusters", library_.clusters()},
                    {"hub_buckets", library_.hubs()},
                    {"windows", library_.windows()},
                    {"window_clusters", library_.window_clusters()},
                    {"query", queries()},
                    {"prefixes", prefixes_}};
  std::uint64_t repeated = 0, shared = 0;
  for (std::uint32_t c = 0; c < library_.clusters(); ++c) {
    const auto cluster = library_.cluster(c);
    repeated += cluster.size > 1;
    shared += cluster.projects.size() > 1;
  }
  row["clusters_of_several"] = repeated;
  row["clusters_in_several_projects"] = shared;
  return row;
}

Result<base::Json> Run::over(const std::vector<SourceProject>& projects) {
  start_wall_ = env_.monotonic();
  start_processor_ = base::process_processor_time();
  start_memory_ = base::resident_bytes();
  if (options_.at_once) library_.gather();
  AUTODEV_TRY_ASSIGN(
      const std::uint64_t unread,
      parse_projects(env_, projects, options_.parse, [&](const ParsedFile& file) { return take(projects, file); }));
  wall_ = env_.monotonic() - start_wall_ - asking_wall_;
  processor_ = base::process_processor_time() - start_processor_ - asking_;
  const auto before = base::thread_processor_time();
  library_.settle();
  base::Json row = speed(unread, base::thread_processor_time() - before);
  row["floor"] = floor(projects);
  return row;
}

}  // namespace

Result<base::Json> bench_mining(base::Env& env, const std::vector<SourceProject>& projects,
                                const MiningBenchOptions& options, mine::MiningLibrary& library) {
  return Run(env, options, library).over(projects);
}

}  // namespace autodev::app
