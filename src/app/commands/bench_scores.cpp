// SPDX-License-Identifier: MIT OR Apache-2.0
//
// bench scores.
#include "app/commands/bench_io.h"
#include "app/commands/list.h"
#include "app/score_bench.h"
#include "base/terminal.h"

namespace autodev::app::commands {
namespace {

Result<int> run_bench(CommandContext& context) {
  std::vector<apply::Task> tasks;
  if (const auto file = context.arguments.text("tasks")) {
    AUTODEV_TRY_ASSIGN(const std::string text, named_file(context, "tasks"));
    AUTODEV_TRY_ASSIGN(tasks, apply::parse_tasks(text, *file));
  } else {
    AUTODEV_TRY_ASSIGN(tasks, apply::parse_tasks(apply::builtin_tasks(), "built-in corpus"));
  }
  apply::Sandbox::Options box;
  box.unsafe = context.arguments.flag("unsafe-no-sandbox");
  AUTODEV_TRY_ASSIGN(const auto sandbox, apply::Sandbox::open(context.env, box));
  ScoreBenchOptions options;
  base::install_interrupt_handler();
  options.stop = [] { return base::interrupted(); };
  base::Progress progress(context.env, "tasks", tasks.size(), !context.output.quiet);
  options.on_progress = [&](std::size_t done, std::size_t) { progress.update(done); };
  AUTODEV_TRY_ASSIGN(const base::Json result, app::bench_scores(*sandbox, tasks, options));
  progress.finish();
  print_result(context, result);
  return result["interrupted"].get<bool>() ? 130 : 0;
}

}  // namespace

Command bench_scores() {
  Command command;
  command.path = "learn bench scores";
  command.summary = "does the quality of a pattern foretell whether code made from it passes?";
  command.details =
      "Answers a task stream in order and sets the score that a pattern had when it was used against what became of "
      "the answer, for the\n"
      "second half of the stream. auc: the probability that an answer that passed had the higher score; 0.5 is chance.";
  command.options = {
      {"tasks", OptionKind::text, "FILE", "task stream, JSON Lines (default: the built-in corpus)"},
      {"unsafe-no-sandbox", OptionKind::flag, "", "run foreign code without bubblewrap, at your own risk"}};
  command.exit_codes = "0 measured, 130 interrupted";
  command.run = run_bench;
  return command;
}

}  // namespace autodev::app::commands
