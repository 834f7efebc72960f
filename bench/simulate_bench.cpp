// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Runs arms over a task stream and prints the table, or the JSON lines of the last arm:
//   simulate_bench TASKS.jsonl|- [limit] [arm,arm,...] [epsilon] [--json]     ("-" is the built-in corpus)
#include <fmt/core.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "app/simulate.h"
#include "base/text.h"
#include "report/prequential_text.h"

namespace {

int complain(const autodev::Error& error) {
  fmt::print(stderr, "{}: {}\n{}\n", autodev::to_string(error.code), error.message, error.hint);
  return static_cast<int>(error.code);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool json = !arguments.empty() && arguments.back() == "--json";
  if (json) arguments.pop_back();
  if (arguments.empty()) {
    fmt::print(stderr, "usage: simulate_bench TASKS.jsonl|- [limit] [arms] [epsilon] [--json]\n");
    return 64;
  }
  auto& env = autodev::base::real_env();
  std::string text(autodev::apply::builtin_tasks());
  if (arguments[0] != "-") {
    auto file = env.read_file(arguments[0]);
    if (!file) return complain(file.error());
    text = std::move(*file);
  }
  auto tasks = autodev::apply::parse_tasks(text, arguments[0]);
  if (!tasks) return complain(tasks.error());
  const auto limit = arguments.size() > 1 ? std::strtoull(arguments[1].c_str(), nullptr, 10) : 0;
  if (limit > 0 && tasks->size() > limit) tasks->resize(limit);

  autodev::app::SimulateOptions options;
  if (arguments.size() > 2) {
    options.arms.clear();
    for (const auto name : autodev::base::split(arguments[2], ',')) options.arms.emplace_back(name);
  }
  if (arguments.size() > 3) options.epsilon = std::strtod(arguments[3].c_str(), nullptr);
  const auto simulation = autodev::app::simulate(env, *tasks, options);
  if (!simulation) return complain(simulation.error());
  if (json) {
    fmt::print("{}", autodev::report::render_json_lines(simulation->reports.back(), true));
    return 0;
  }
  fmt::print("{}", autodev::report::render_table(simulation->reports));
  fmt::print("excluded {}; sandbox runs {}, from memory {}, {:.1f} ms each\n", simulation->excluded.size(),
             simulation->sandbox_runs, simulation->sandbox_cached, simulation->sandbox_ms_mean);
  return 0;
}
