// SPDX-License-Identifier: MIT OR Apache-2.0
//
// bench adapt.
#include "app/adapt_bench.h"
#include "app/commands/bench_io.h"
#include "app/commands/list.h"
#include "base/terminal.h"

namespace autodev::app::commands {
namespace {

Result<int> run_bench(CommandContext& context) {
  const Arguments& given = context.arguments;
  std::vector<apply::Task> tasks;
  if (const auto file = given.text("tasks")) {
    AUTODEV_TRY_ASSIGN(const std::string text, named_file(context, "tasks"));
    AUTODEV_TRY_ASSIGN(tasks, apply::parse_tasks(text, *file));
  } else {
    AUTODEV_TRY_ASSIGN(tasks, apply::parse_tasks(apply::builtin_tasks(), "built-in corpus"));
  }
  AdaptBenchOptions options;
  AUTODEV_TRY_ASSIGN(const auto members, given.number("members", 2, 1000));
  options.min_members = static_cast<std::size_t>(members.value_or(options.min_members));
  AUTODEV_TRY_ASSIGN(const auto most, given.number("most", 1, 100'000));
  options.max_members = static_cast<std::size_t>(most.value_or(options.max_members));
  options.items = given.flag("items");
  options.unsafe = given.flag("unsafe-no-sandbox");
  base::install_interrupt_handler();
  options.stop = [] { return base::interrupted(); };
  std::unique_ptr<base::Progress> progress;
  options.on_progress = [&](std::size_t done, std::size_t total) {
    if (!progress) progress = std::make_unique<base::Progress>(context.env, "hidden members", total, !context.output.quiet);
    progress->update(done);
  };
  AUTODEV_TRY_ASSIGN(const base::Json result, bench_adapt(context.env, tasks, options));
  progress.reset();
  print_result(context, result);
  return result["interrupted"].get<bool>() ? 130 : 0;
}

}  // namespace

Command bench_adapt() {
  Command command;
  command.path = "learn bench adapt";
  command.summary = "leave one out: hide each member of a pattern once, and let the adapter write it from the others";
  command.details =
      "The references of the tasks are gathered into patterns; of patterns with enough members each is hidden once while all other tasks\n"
      "are known. exact: equal to the hidden reference up to local names. passes: of those whose reference passes here, the answer\n"
      "passes the hidden tests. Abstentions count as failures there, and not in the columns of_answered.";
  command.options = {{"tasks", OptionKind::text, "FILE", "task stream, JSON Lines (default: the built-in corpus)"},
                     {"members", OptionKind::whole_number, "N", "least members of a pattern, 2 to 1000 (default 3)"},
                     {"most", OptionKind::whole_number, "N", "members hidden per pattern at most (default 20)"},
                     {"items", OptionKind::flag, "", "list every hidden member with its answer"},
                     {"unsafe-no-sandbox", OptionKind::flag, "", "run foreign code without bubblewrap, at your own risk"}};
  command.exit_codes = "0 measured, 130 interrupted";
  command.run = run_bench;
  return command;
}

}  // namespace autodev::app::commands
