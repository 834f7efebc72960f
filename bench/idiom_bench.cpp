// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Idioms on real code.
//
//   idiom_bench FOLDER...            blocks of all source files below the folders: cost of the fragments of a block,
//   idioms by cut,
//                                    the share of blocks they explain, and the best ones in words
//   idiom_bench --entropy FOLDER...  where code varies: entropy of the alpha digests of children by the kind of their
//   parent
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "mine/idiom_extractor.h"
#include "source_files.h"
#include "syntax/extract.h"

namespace {

using namespace autodev;

constexpr std::size_t max_units = 200'000;
constexpr std::size_t shown_idioms = 15;

/// Processor time of this thread in seconds.
double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::vector<CodeUnit> units_below(const std::vector<std::string>& folders, const syntax::ExtractOptions& options) {
  std::vector<CodeUnit> units;
  for (const std::string& folder : folders)
    for (const bench::SourceFile& file : bench::source_files(folder)) {
      auto found = syntax::extract_units(file.read(), file.language, file.path, options);
      if (!found) continue;
      for (CodeUnit& unit : found->units)
        if (units.size() < max_units) units.push_back(std::move(unit));
    }
  return units;
}

void print_entropy(const std::vector<CodeUnit>& functions) {
  std::map<std::string, std::unordered_map<std::uint64_t, std::uint32_t>> children;
  for (const CodeUnit& unit : functions) {
    const auto tree = syntax::decode_nast(unit.tree);
    if (!tree) continue;
    const auto hashes = syntax::hash_subtrees(*tree);
    for (std::uint32_t i = 0; i < tree->nodes.size(); ++i)
      for (std::uint32_t child = i + 1; child < i + tree->nodes[i].size; child += tree->nodes[child].size)
        ++children[std::string(syntax::to_string(tree->nodes[i].kind))][hashes[child].alpha];
  }
  std::vector<std::pair<double, std::string>> rows;
  for (const auto& [kind, counts] : children) {
    double total = 0, entropy = 0;
    for (const auto& [digest, count] : counts) total += count;
    for (const auto& [digest, count] : counts) entropy -= count / total * std::log2(count / total);
    rows.emplace_back(entropy, fmt::format("{:<22} {:>6.2f} bits over {:.0f} children", kind, entropy, total));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [entropy, line] : rows) fmt::print("{}\n", line);
}

void print_idioms(const std::vector<CodeUnit>& blocks) {
  std::vector<double> micros;
  for (const CodeUnit& unit : blocks) {
    const auto tree = syntax::decode_nast(unit.tree);
    if (!tree) continue;
    const double start = processor_seconds();
    (void)mine::idiom_fragments(*tree);
    micros.push_back(1e6 * (processor_seconds() - start));
  }
  if (micros.empty()) return;
  std::sort(micros.begin(), micros.end());
  const auto quantile = [&](double share) {
    return micros[static_cast<std::size_t>(share * static_cast<double>(micros.size() - 1))];
  };
  fmt::print("fragments of a block: median {:.1f} us, p99 {:.1f} us, max {:.1f} us ({} blocks)\n", quantile(0.5),
             quantile(0.99), micros.back(), micros.size());
  const double start = processor_seconds();
  auto idioms = mine::extract_idioms(blocks);
  const double seconds = processor_seconds() - start;
  std::array<std::size_t, mine::idiom_cuts> by_cut{}, explained{};
  std::size_t total = 0;
  for (const mine::Idiom& idiom : idioms) {
    ++by_cut[static_cast<std::size_t>(idiom.cut)];
    explained[static_cast<std::size_t>(idiom.cut)] += idiom.members.size();
    total += idiom.members.size();
  }
  fmt::print("{} idioms in {:.2f} s, they explain {} of {} blocks\n", idioms.size(), seconds, total, blocks.size());
  for (std::size_t cut = 0; cut < mine::idiom_cuts; ++cut)
    fmt::print("  {:<8} {:>6} idioms, {:>6} blocks\n", mine::to_string(static_cast<mine::IdiomCut>(cut)), by_cut[cut],
               explained[cut]);
  std::stable_sort(idioms.begin(), idioms.end(), [](const auto& a, const auto& b) { return a.gain > b.gain; });
  for (std::size_t i = 0; i < std::min(idioms.size(), shown_idioms); ++i)
    fmt::print("\n{} blocks, {:.0f} bits saved: {}\n{}\n{}\n", idioms[i].members.size(),
               static_cast<double>(idioms[i].gain) / 1000, mine::idiom_name(idioms[i].pattern.tree),
               mine::idiom_sentence(idioms[i].pattern.tree), mine::render(idioms[i].pattern));
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> folders(argv + 1, argv + argc);
  const bool entropy = !folders.empty() && folders.front() == "--entropy";
  if (entropy) folders.erase(folders.begin());
  if (folders.empty()) {
    fmt::print(stderr, "usage: idiom_bench [--entropy] FOLDER...\n");
    return 64;
  }
  syntax::ExtractOptions options;
  options.types = false;
  options.blocks = !entropy;
  options.functions = entropy;
  const std::vector<CodeUnit> units = units_below(folders, options);
  entropy ? print_entropy(units) : print_idioms(units);
  return 0;
}
