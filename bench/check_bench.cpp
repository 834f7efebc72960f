// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a pre-commit hook waits for: `learn check` as a whole process, with many guards in the store.
//
//   check_bench PROGRAM [--guards N] [--runs N] [--lines N]
//
// Teaches invented mistakes (four calls with a wrong argument, fixed in four different surroundings each) until N
// guards speak, then times the check of a file of some 500 lines, a tenth of whose functions repeat a mistake, beside
// `/bin/true`. Prints median, p99 and max in milliseconds, the time per function inside one process, and one JSON line.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/env.h"
#include "base/json.h"
#include "knowledge/knowledge_store.h"
#include "learn/learner.h"
#include "syntax/extract.h"

namespace {

using namespace autodev;

std::string function_source(std::size_t mistake, std::size_t place, bool wrong) {
  const char* size = wrong ? "size" : "size + 1";
  std::string body = fmt::format("int handle_{0}_{1}(struct box *item, int size) {{\n  int left = prepare_{1}(item, {1});\n", mistake, place);
  for (int call = 0; call < 4; ++call)
    body += fmt::format("  left += step_{1}_{2}(item, left);\n  write_{0}_{2}(item->data, {3});\n", mistake, place, call, size);
  return body + fmt::format("  return finish_{}(left);\n}}\n", place);
}

CodeUnit unit_of(const std::string& source) {
  syntax::ExtractOptions options;
  options.blocks = options.types = false;
  auto units = syntax::extract_units(source, Language::c, "bench.c", options);
  if (!units || units->units.empty()) std::exit((fmt::print(stderr, "the invented code does not parse\n"), 1));
  return std::move(units->units.front());
}

LearningEvent event_of(std::size_t number, Verdict verdict) {
  LearningEvent event;
  event.timestamp = Timestamp(Milliseconds(static_cast<std::int64_t>(1'000'000 + number)));
  event.source = "bench";
  event.project = "bench";
  event.specification.text = fmt::format("task {}", number / 2);
  event.outcome.verdict = verdict;
  event.outcome.strength = EvidenceStrength::report;
  return event;
}

void teach(std::size_t mistake, std::size_t& number, std::vector<knowledge::Payload>& batch) {
  for (std::size_t place = 4 * mistake; place < 4 * mistake + 4; ++place) {
    const CodeUnit wrong = unit_of(function_source(mistake, place, true));
    const CodeUnit right = unit_of(function_source(mistake, place, false));
    LearningEvent failed = event_of(number++, Verdict::failed);
    failed.implementation.units = {{std::nullopt, wrong}};
    LearningEvent passed = event_of(number++, Verdict::passed);
    passed.implementation.units = {{wrong, right}};
    passed.previous_attempt = Verdict::failed;
    batch.emplace_back(std::move(failed));
    batch.emplace_back(std::move(passed));
  }
}

template <typename T>
T must(Result<T> result) {
  if (!result) std::exit((fmt::print(stderr, "{}\n", result.error().message), 1));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::size_t speaking_guards(knowledge::KnowledgeStore& store) {
  std::size_t speaking = 0;
  must(store.for_each_guard([&](const knowledge::Guard& guard) {
    speaking += guard.level != mine::GuardLevel::shadow;
    return true;
  }));
  return speaking;
}

/// Milliseconds of one run.
double timed(const std::vector<std::string>& command, int& exit_code) {
  base::ProcessOptions options;
  options.arguments = command;
  const auto result = must(base::real_env().run(options));
  exit_code = result.exit_code;
  return std::chrono::duration<double, std::milli>(result.duration).count();
}

double at(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return fmt::print(stderr, "usage: check_bench PROGRAM [--guards N] [--runs N] [--lines N]\n"), 64;
  std::size_t wanted = 10'000, runs = 200, lines = 500;
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string option = argv[i];
    if (option == "--guards") wanted = std::stoul(argv[i + 1]);
    if (option == "--runs") runs = std::stoul(argv[i + 1]);
    if (option == "--lines") lines = std::stoul(argv[i + 1]);
  }
  base::Env& env = base::real_env();
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("auto-dev-check-bench-{}", wanted);
  std::filesystem::remove_all(folder);
  const std::string home = (folder / ".auto-dev").string();
  must(env.create_directories(home + "/knowledge"));
  std::size_t speaking = 0, mistakes = 0, units = 0;
  double per_unit_us = 0;
  std::string source;
  {
    knowledge::StoreOptions options;
    options.learner = std::string(learn::learner_version);
    const auto store = must(knowledge::KnowledgeStore::open(env, home + "/knowledge", learn::study, options));
    for (std::size_t number = 0; speaking < wanted; speaking = speaking_guards(*store)) {
      std::vector<knowledge::Payload> batch;
      for (std::size_t i = 0; i < 50; ++i) teach(mistakes++, number, batch);
      must(store->append(batch));
      must(store->refresh());
    }
    for (std::size_t i = 0; static_cast<std::size_t>(std::count(source.begin(), source.end(), '\n')) < lines; ++i, ++units)
      source += function_source((i * 37) % mistakes, 1'000'000 + i, i % 10 == 0);
    const auto parsed = must(syntax::extract_units(source, Language::c, "bench.c"));
    const auto start = env.monotonic();
    std::size_t checked = 0;
    (void)must(store->check(parsed.units, {}));
    for (const CodeUnit& unit : parsed.units) checked += unit.kind == UnitKind::function;
    per_unit_us = std::chrono::duration<double, std::micro>(env.monotonic() - start).count() / static_cast<double>(checked);
  }
  const std::string file = (folder / "checked.c").string();
  must(env.write_file_atomically(file, source));
  std::vector<double> check, floor;
  int exit_code = 0, ignored = 0;
  for (std::size_t run = 0; run <= runs; ++run) {
    const double nothing = timed({"/bin/true"}, ignored);
    const double whole = timed({argv[1], "learn", "check", file, "--store", home, "--quiet", "--json"}, exit_code);
    if (run == 0) continue;  // warms the page cache
    floor.push_back(nothing);
    check.push_back(whole);
  }
  const base::Json json = {{"bench", "check"}, {"guards", speaking}, {"runs", runs}, {"units", units}, {"exit", exit_code},
                           {"lines", std::count(source.begin(), source.end(), '\n')}, {"us_per_function", per_unit_us},
                           {"median_ms", at(check, 0.5)}, {"p99_ms", at(check, 0.99)}, {"max_ms", at(check, 1)},
                           {"true_median_ms", at(floor, 0.5)}, {"true_max_ms", at(floor, 1)}};
  for (const auto& [key, value] : json.items()) fmt::print("{:<16} {}\n", key, value.dump());
  fmt::print("{}\n", json.dump());
  std::filesystem::remove_all(folder);
  return 0;
}
