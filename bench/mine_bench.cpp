// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Speed of template mining per unit on real code: features, MinHash, band look-ups, anti-unification,
// matching and the codec, with median, 99th percentile and maximum
// of processor time.
//
//   mine_bench FOLDER...        functions and methods of all source files below the folders, at most 50,000
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "mine/leader.h"
#include "mine/signature.h"
#include "mine/template.h"
#include "source_files.h"
#include "syntax/extract.h"

namespace {

using namespace autodev;
/// Processor time of this thread: other programs on the machine do not count.
struct Clock {
  using duration = std::chrono::nanoseconds;
  static duration now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + duration(time.tv_nsec);
  }
};

constexpr std::size_t max_units = 50'000;

/// Durations of one stage in microseconds.
class Stage {
 public:
  explicit Stage(const char* name) : name_(name) {}

  template <typename Work>
  auto time(Work work) {
    const auto start = Clock::now();
    auto result = work();
    add(Clock::now() - start);
    return result;
  }

  void add(Clock::duration duration) {
    samples_.push_back(std::chrono::duration<double, std::micro>(duration).count());
  }
  [[nodiscard]] std::size_t count() const { return samples_.size(); }

  void print() {
    if (samples_.empty()) return;
    std::sort(samples_.begin(), samples_.end());
    double sum = 0;
    for (const double sample : samples_) sum += sample;
    const auto at = [&](double share) {
      return samples_[static_cast<std::size_t>(share * static_cast<double>(samples_.size() - 1))];
    };
    fmt::print("{:<28}{:>9} times  mean {:>8.2f}  p50 {:>8.2f}  p99 {:>8.2f}  max {:>9.2f} us\n", name_,
               samples_.size(), sum / static_cast<double>(samples_.size()), at(0.5), at(0.99), samples_.back());
  }

 private:
  const char* name_;
  std::vector<double> samples_;
};

void collect(const std::string& folder, std::vector<CodeUnit>& units) {
  syntax::ExtractOptions options;
  options.types = options.blocks = false;
  for (const bench::SourceFile& file : bench::source_files(folder)) {
    if (units.size() >= max_units) return;
    auto found = syntax::extract_units(file.read(), file.language, file.path, options);
    if (!found) continue;
    for (auto& unit : found->units)
      if (units.size() < max_units) units.push_back(std::move(unit));
  }
}

/// The path of one unit into the knowledge: signature, candidates, join or lead.
class Path {
 public:
  void take(const CodeUnit& unit) {
    const auto start = Clock::now();
    const auto tree = decode_.time([&] { return *syntax::decode_nast(unit.tree); });
    const auto features = features_.time([&] { return mine::structural_features(tree); });
    const auto signature = minhash_.time([&] { return mine::minhash(features); });
    const auto keys = mine::band_keys(signature, unit.language);
    const auto near = query_.time([&] { return candidates(keys, signature); });
    nodes_ += tree.nodes.size();
    feature_count_ += features.size();
    const bool joined = join(unit, tree, signature, near);
    whole_.add(Clock::now() - start);
    if (!joined) lead_.time([&] { return lead(unit, tree, signature, keys); });
  }

  void print() {
    const auto units = static_cast<double>(std::max<std::size_t>(1, whole_.count()));
    fmt::print("{} units, {:.0f} nodes and {:.0f} features each; {} patterns, {} units joined one\n", whole_.count(),
               static_cast<double>(nodes_) / units, static_cast<double>(feature_count_) / units, patterns_.size(),
               whole_.count() - patterns_.size());
    for (auto* stage : {&decode_, &features_, &minhash_, &query_, &unify_, &match_, &encode_, &read_, &lead_, &whole_})
      stage->print();
  }

 private:
  std::vector<std::size_t> candidates(const mine::BandKeys& keys, const mine::Signature& signature) {
    std::vector<std::size_t> near;
    for (const auto key : keys)
      if (const auto bucket = buckets_.find(key); bucket != buckets_.end())
        near.insert(near.end(), bucket->second.begin(), bucket->second.end());
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    std::vector<mine::LeaderView> views;
    for (const auto leader : near) views.push_back({ids_[leader], &signatures_[leader]});
    std::vector<std::size_t> ordered;
    for (const auto place : mine::leader_order(views, signature)) ordered.push_back(near[place]);
    return ordered;
  }

  bool join(const CodeUnit& unit, const syntax::Nast& tree, const mine::Signature& signature,
            const std::vector<std::size_t>& near) {
    for (const auto leader : near) {
      auto joined = unify_.time(
          [&] { return mine::try_join(patterns_[leader], signatures_[leader], tree, unit.text, signature); });
      if (!joined) continue;
      patterns_[leader] = std::move(joined->result);
      const bool covered = match_.time([&] { return mine::match(patterns_[leader], tree, unit.text).has_value(); });
      if (!covered) fmt::print("not covered: {} {}\n", unit.path, unit.name);
      const auto bytes = encode_.time([&] { return mine::encode_template(patterns_[leader]); });
      if (!read_.time([&] { return mine::decode_template(bytes); })) fmt::print("not decoded: {}\n", unit.name);
      return true;
    }
    return false;
  }

  std::size_t lead(const CodeUnit& unit, const syntax::Nast& tree, const mine::Signature& signature,
                   const mine::BandKeys& keys) {
    for (const auto key : keys)
      if (auto& bucket = buckets_[key]; bucket.size() < 64) bucket.push_back(patterns_.size());
    patterns_.push_back(mine::template_of(tree, unit.text));
    signatures_.push_back(signature);
    ids_.push_back(PatternId{unit.alpha});
    return patterns_.size();
  }

  Stage decode_{"decode tree"}, features_{"features"}, minhash_{"minhash"}, query_{"candidates"},
      unify_{"anti-unify (try_join)"}, match_{"match"}, encode_{"encode template"}, read_{"decode template"},
      lead_{"keep a new leader (map)"}, whole_{"whole path but that"};
  std::deque<mine::Template> patterns_;
  std::deque<mine::Signature> signatures_;
  std::vector<PatternId> ids_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> buckets_;
  std::uint64_t nodes_ = 0, feature_count_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  std::vector<CodeUnit> units;
  for (int i = 1; i < argc; ++i) collect(argv[i], units);
  if (units.empty()) {
    fmt::print(stderr, "usage: mine_bench FOLDER...   (folders with source files)\n");
    return 64;
  }
  Path path;
  for (const auto& unit : units) path.take(unit);
  path.print();
  return 0;
}
