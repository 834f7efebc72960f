// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/simulate.h"

#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/store_location.h"
#include "base/text.h"
#include "report/prequential_html.h"
#include "report/prequential_text.h"

namespace autodev::app::commands {
namespace {

/// Largest task file: 1 GiB.
constexpr std::uint64_t max_tasks_bytes = std::uint64_t{1} << 30;

Result<std::vector<apply::Task>> load_tasks(CommandContext& context) {
  const auto file = context.arguments.text("tasks");
  if (!file) return apply::parse_tasks(apply::builtin_tasks(), "built-in corpus");
  AUTODEV_TRY_ASSIGN(const std::string text, context.env.read_file(*file, max_tasks_bytes));
  return apply::parse_tasks(text, *file);
}

Result<SimulateOptions> options_of(CommandContext& context, const Config& config) {
  SimulateOptions options;
  const Arguments& arguments = context.arguments;
  if (const auto arms = arguments.list("arm"); !arms.empty()) options.arms = arms;
  AUTODEV_TRY_ASSIGN(options.teacher_failure, parse_teacher(arguments.text("teacher").value_or("reference")));
  AUTODEV_TRY_ASSIGN(const auto seed, arguments.number("seed", 0, UINT32_MAX));
  options.seed = seed.value_or(config.number("simulate.seed"));
  AUTODEV_TRY_ASSIGN(const auto epsilon, arguments.real("epsilon", 0.0001, 0.5));
  options.epsilon = epsilon.value_or(config.real("simulate.epsilon"));
  AUTODEV_TRY_ASSIGN(const auto jobs, arguments.number("jobs", 1, 64));
  options.jobs = static_cast<unsigned>(jobs.value_or(2));
  options.unsafe = arguments.flag("unsafe-no-sandbox");
  return options;
}

void print_simulation(CommandContext& context, const Simulation& simulation, std::size_t tasks) {
  Output& out = context.output;
  const bool emit_code = context.arguments.flag("emit-code");
  if (out.json) {
    for (const report::ArmReport& arm : simulation.reports) out.raw(report::render_json_lines(arm, emit_code));
    return;
  }
  out.line(fmt::format("{} tasks, {} left out because their reference fails its own tests; test-then-train, every answer executed",
                       tasks, simulation.excluded.size()));
  out.raw(report::render_table(simulation.reports));
  for (const ExcludedTask& task : simulation.excluded) out.message(fmt::format("left out: {}: {}", task.id, task.reason));
  out.message(fmt::format("{} sandbox runs ({} answered from the cache), {:.1f} ms each on average", simulation.sandbox_runs,
                          simulation.sandbox_cached, simulation.sandbox_ms_mean));
  if (simulation.stopped) out.message("interrupted: the table covers the tasks until then");
}

Result<int> run_simulation(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const StoreLocation location, locate_store(context.env, context.store_option));
  AUTODEV_TRY_ASSIGN(const Config config, Config::load(context.env, location.folder));
  AUTODEV_TRY_ASSIGN(auto tasks, load_tasks(context));
  AUTODEV_TRY_ASSIGN(const auto most, context.arguments.number("limit", 1, 100'000));
  if (most && tasks.size() > *most) tasks.resize(static_cast<std::size_t>(*most));
  AUTODEV_TRY_ASSIGN(SimulateOptions options, options_of(context, config));
  base::install_interrupt_handler();
  options.stop = [] { return base::interrupted(); };
  std::string stage;
  std::unique_ptr<base::Progress> progress;
  options.on_progress = [&](const std::string& what, std::size_t done, std::size_t total) {
    if (what != stage) {
      progress = std::make_unique<base::Progress>(context.env, what, total, !context.output.quiet);
      stage = what;
    }
    progress->update(done);
  };
  AUTODEV_TRY_ASSIGN(const Simulation simulation, simulate(context.env, tasks, options));
  progress.reset();
  print_simulation(context, simulation, tasks.size());
  if (const auto file = context.arguments.text("html")) {
    const auto title = fmt::format("Calls avoided: {}", context.arguments.text("tasks").value_or("built-in corpus"));
    AUTODEV_TRY(context.env.write_file_atomically(*file, report::render_html(simulation.reports, title)));
    context.output.message(fmt::format("plot written to {}", *file));
  }
  return simulation.stopped ? 130 : 0;
}

}  // namespace

Command simulate() {
  Command command;
  command.path = "learn simulate";
  command.summary = "measure on a stream of tasks how many model calls learning avoids, test-then-train";
  command.details =
      "`auto-dev learn --simulate` is the same. Each task is answered, judged by hidden tests in the sandbox, and only then learned\n"
      "from. The teacher stands in for a model: it replays the task's reference and is charged a call each time. Without --tasks the\n"
      "built-in corpus is used. Rules, formulas and format: docs/evaluation.md. With --json: one line per task, one summary per arm.";
  command.options = {{"tasks", OptionKind::text, "FILE", "task stream, JSON Lines (default: the built-in corpus)"},
                     {"arm", OptionKind::list, "NAME", "none, nearest, cache, shuffled, poisoned, oracle or ours; may be repeated (default: none, nearest, ours)"},
                     {"teacher", OptionKind::text, "T", "reference, or noisy:P to fail with probability P (default: reference)"},
                     {"epsilon", OptionKind::real_number, "E", "bound on wrong reuse (default: simulate.epsilon)"},
                     {"seed", OptionKind::whole_number, "N", "seed of chance (default: simulate.seed)"},
                     {"limit", OptionKind::whole_number, "N", "only the first N tasks"},
                     {"jobs", OptionKind::whole_number, "N", "threads that check references beforehand (default 2)"},
                     {"html", OptionKind::text, "FILE", "also write curves, tables and reliability as one self-contained page"},
                     {"emit-code", OptionKind::flag, "", "with --json: include the emitted code"},
                     {"unsafe-no-sandbox", OptionKind::flag, "", "run foreign code without bubblewrap, at your own risk"}};
  command.examples = {"auto-dev learn --simulate", "auto-dev learn simulate --tasks stream.jsonl --arm ours --json > results.jsonl"};
  command.exit_codes = "0 measured, 130 interrupted";
  command.run = run_simulation;
  return command;
}

}  // namespace autodev::app::commands
