// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a person waits for: whole processes, from spawn to exit, beside an empty one.
//
//   process_bench PROGRAM [--patterns N] [--decisions N] [--runs N]
//
// Makes a store of N distinct patterns and N past decisions with their outcomes, then times `learn find-similar`, `learn
// record`, `learn decide`, `learn outcome`, `learn status` and, as the floor, `/bin/true`, in turn, so that a noisy machine is
// noisy for all of them. Prints median, p99 and max in milliseconds, and one JSON line at the end.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "app/parts.h"
#include "autodev/learning_system.h"
#include "base/env.h"
#include "base/hash.h"
#include "base/json.h"

namespace {

using autodev::base::Json;

constexpr const char* nouns[] = {"user",    "order", "invoice", "channel", "token",
                                 "session", "file",  "report",  "event",   "ticket"};
constexpr const char* verbs[] = {"create", "delete", "list",   "archive", "rename",
                                 "verify", "parse",  "encode", "merge",   "count"};

/// A function that differs from all others in what it calls, so that no two are one pattern.
std::string function_source(std::size_t i) {
  const std::string noun = nouns[i % 10];
  const std::string verb = verbs[(i / 10) % 10];
  std::string body = fmt::format("def {}_{}_{}(client, value):\n    \"\"\"{} a {} through service {}.\"\"\"\n", verb,
                                 noun, i, verb, noun, i);
  for (std::size_t step = 0; step < 6; ++step)
    body += fmt::format(
        "    value = client.step_{}_{}(value, {})\n    if value.state_{} > {}:\n        client.note_{}(value)\n", i,
        step, step, (i * 7 + step) % 97, step, (i * 31 + step) % 1009);
  return body + fmt::format("    return client.finish_{}(value)\n", i);
}

autodev::LearningEvent event_with(std::size_t first, std::size_t count) {
  autodev::LearningEvent event;
  event.source = "bench";
  event.specification.text = fmt::format("services {} to {}", first, first + count);
  event.outcome.verdict = autodev::Verdict::passed;
  event.outcome.strength = autodev::EvidenceStrength::exit_code;
  event.outcome.exit_code = 0;
  std::string text;
  for (std::size_t i = first; i < first + count; ++i) text += function_source(i) + "\n\n";
  event.implementation.files.push_back({fmt::format("services_{}.py", first), std::nullopt, text});
  return event;
}

autodev::knowledge::Payload decision(std::size_t i) {
  autodev::knowledge::DecisionMade made;
  made.id = {autodev::base::hash128(fmt::format("decision {}", i))};
  made.type = "model-tier";
  made.options = {"small", "medium", "large"};
  made.chosen = made.options[i % 3];
  made.context = fmt::format(R"({{"language": "{}", "files": {}, "request": "{} the {} of service {}"}})", i % 2 == 0 ? "python" : "go", i % 13,
                             verbs[i % 10], nouns[(i / 10) % 10], i % 29);
  made.project = "bench";
  made.propensity = 1.0 / 3;
  return made;
}

autodev::Result<void> decide_often(autodev::app::Parts& parts, std::size_t decisions) {
  constexpr std::size_t at_once = 250;
  for (std::size_t first = 0; first < decisions; first += at_once) {
    std::vector<autodev::knowledge::Payload> payloads;
    for (std::size_t i = first; i < std::min(decisions, first + at_once); ++i) {
      payloads.push_back(decision(i));
      const auto id = std::get<autodev::knowledge::DecisionMade>(payloads.back()).id;
      payloads.push_back(autodev::knowledge::DecisionOutcome{id, i % 7 < 4 + i % 3, -1, {}});
    }
    AUTODEV_TRY(parts.store->append(payloads));
  }
  AUTODEV_TRY(parts.store->refresh());
  return {};
}

struct Timed {
  std::vector<double> ms;
  int exit_code = 0;
};

double at(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0
                        : values[std::min(values.size() - 1,
                                          static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

void time_once(const std::vector<std::string>& command, Timed& timed) {
  autodev::base::ProcessOptions options;
  options.arguments = command;
  const auto result = autodev::base::real_env().run(options);
  if (!result) {
    fmt::print(stderr, "{}\n", result.error().message);
    std::exit(1);
  }
  timed.ms.push_back(std::chrono::duration<double, std::milli>(result->duration).count());
  timed.exit_code = result->exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: process_bench PROGRAM [--patterns N] [--decisions N] [--runs N]\n");
    return 64;
  }
  const std::string program = argv[1];
  std::size_t patterns = 10'000;
  std::size_t decisions = 10'000;
  std::size_t runs = 50;
  for (int i = 2; i + 1 < argc; i += 2) {
    if (std::string(argv[i]) == "--patterns") patterns = std::stoul(argv[i + 1]);
    if (std::string(argv[i]) == "--decisions") decisions = std::stoul(argv[i + 1]);
    if (std::string(argv[i]) == "--runs") runs = std::stoul(argv[i + 1]);
  }
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("autodev-bench-{}", patterns);
  std::filesystem::remove_all(folder);
  const std::string store = (folder / ".auto-dev").string();
  auto system = autodev::LearningSystem::open({store, "bench", false, program});
  if (!system) return fmt::print(stderr, "{}\n", system.error().message), 1;
  constexpr std::size_t per_event = 200;
  for (std::size_t first = 0; first < patterns; first += per_event) {
    const auto learned = (*system)->learn(event_with(first, std::min(per_event, patterns - first)));
    if (!learned) return fmt::print(stderr, "{}\n", learned.error().message), 1;
  }
  if (const auto decided = decide_often((*system)->parts(), decisions); !decided) return fmt::print(stderr, "{}\n", decided.error().message), 1;
  const auto metrics = (*system)->calculate_metrics();
  fmt::print("store: {} patterns, {} decisions\n", metrics ? metrics->patterns_learned : 0, decisions);
  system->reset();

  std::map<std::string, Timed> rows;
  const auto document = (folder / "event.json").string();
  for (std::size_t run = 0; run <= runs; ++run) {
    const Json event = {
        {"event_type", "TestPassed"},
        {"specification", {{"text", fmt::format("recorded {}", run)}}},
        {"implementation", {{"files", {{{"path", "new.py"}, {"after", function_source(1'000'000 + run)}}}}}},
        {"outcome", {{"verdict", "passed"}, {"strength", "exit_code"}, {"exit_code", 0}}}};
    if (!autodev::base::real_env().write_file_atomically(document, event.dump())) return 1;
    if (run == 0) rows.clear();  // the first round warms the page cache
    time_once({"/bin/true"}, rows["/bin/true"]);
    time_once({program, "learn", "find-similar", "archive an invoice through service 571", "--store", store},
              rows["find-similar"]);
    time_once({program, "learn", "record", "--event", document, "--store", store}, rows["record"]);
    time_once({program, "learn", "decide", "--type", "model-tier", "--option", "small", "--option", "medium", "--option", "large", "--context",
               R"({"language": "go", "files": 3, "request": "archive the invoice of service 5"})", "--store", store},
              rows["decide"]);
    if (run < decisions)
      time_once({program, "learn", "outcome", std::get<autodev::knowledge::DecisionMade>(decision(run)).id.hex(), "success", "--of",
                 run % 3 == 0 ? "large" : "small", "--store", store},
                rows["outcome"]);
    time_once({program, "learn", "status", "--store", store}, rows["status"]);
    if (run == 0) rows.clear();
  }
  Json json = {{"bench", "process"}, {"patterns", patterns}, {"decisions", decisions}, {"runs", runs}};
  fmt::print("{:<16} {:>9} {:>9} {:>9}  exit\n", "ms", "median", "p99", "max");
  for (const auto& [name, timed] : rows) {
    fmt::print("{:<16} {:>9.2f} {:>9.2f} {:>9.2f}  {}\n", name, at(timed.ms, 0.5), at(timed.ms, 0.99), at(timed.ms, 1),
               timed.exit_code);
    json[name] = {{"median_ms", at(timed.ms, 0.5)}, {"p99_ms", at(timed.ms, 0.99)}, {"max_ms", at(timed.ms, 1)}};
  }
  fmt::print("{}\n", json.dump());
  std::filesystem::remove_all(folder);
  return 0;
}
