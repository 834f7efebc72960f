// SPDX-License-Identifier: MIT OR Apache-2.0
//
// bench mining.
#include "app/commands/bench_io.h"
#include "app/commands/list.h"
#include "app/mining_bench.h"
#include "app/recurrence_bench.h"
#include "base/terminal.h"

namespace autodev::app::commands {
namespace {

Result<int> run_bench(CommandContext& context) {
  const Arguments& given = context.arguments;
  AUTODEV_TRY_ASSIGN(const auto projects,
                     source_projects(context.env, given.positionals, given.flag("projects-below")));
  MiningBenchOptions options;
  options.parse.worker = {context.program, "parse-worker"};
  options.parse.extract.types = options.parse.extract.blocks = false;
  AUTODEV_TRY_ASSIGN(const auto workers, given.number("workers", 1, 64));
  options.parse.workers = static_cast<unsigned>(workers.value_or(options.parse.workers));
  AUTODEV_TRY_ASSIGN(const auto most, given.number("functions", 1, 100'000'000));
  options.max_functions = most.value_or(options.max_functions);
  options.at_once = given.flag("at-once");
  base::install_interrupt_handler();
  options.stop = [] { return base::interrupted(); };
  base::Progress progress(context.env, "functions", 0, !context.output.quiet);
  options.on_progress = [&](std::uint64_t functions) { progress.update(functions); };
  mine::MiningLibrary library;
  AUTODEV_TRY_ASSIGN(base::Json result, bench_mining(context.env, projects, options, library));
  progress.finish();
  if (!given.flag("no-quality")) {
    AUTODEV_TRY_ASSIGN(const auto shown, given.number("show", 0, 100'000));
    RecurrenceOptions wanted;
    wanted.show = static_cast<std::size_t>(shown.value_or(0));
    wanted.on_progress = [&](std::string_view stage) { context.output.message(stage); };
    RecurrenceResult quality = measure_recurrence(library, wanted);
    for (const std::string& page : quality.shown) context.output.line(page);
    result.update(quality.summary);
  }
  result["bench"] = "mining";
  print_result(context, result);
  return base::interrupted() ? 130 : 0;
}

}  // namespace

Command bench_mining() {
  Command command;
  command.path = "learn bench mining";
  command.summary = "speed, memory and clusters of a mining library over folders of source";
  command.details =
      "Every FOLDER is a project, or with --projects-below every folder directly below it. Functions are parsed by workers with limits\n"
      "and added one by one in order of projects and paths. functions_per_s: of processor time, parsing and workers included, without and with settling;\n"
      "update_*: one function after its parse; floor: the bytes at the speed of the grammars alone. Quality: templates are mined from\n"
      "one half of the projects and looked for in the other half, and the other way round; kept: those that are general by the rule of\n"
      "`learn patterns list`. See docs/mining.md.";
  command.positionals = {{"FOLDER", "folder with source files", 1, SIZE_MAX}};
  command.options = {{"projects-below", OptionKind::flag, "", "the projects are the folders below each FOLDER"},
                     {"workers", OptionKind::whole_number, "N", "parse workers at once, 1 to 64 (default 1)"},
                     {"functions", OptionKind::whole_number, "N", "stop after so many functions (default: all)"},
                     {"at-once", OptionKind::flag, "", "keep all functions first and place each once, by settling"},
                     {"show", OptionKind::whole_number, "N", "print N of the general templates, drawn by their ids, for people to judge"},
                     {"no-quality", OptionKind::flag, "", "speed and memory only"}};
  command.examples = {"auto-dev learn bench mining ~/src --projects-below --json"};
  command.exit_codes = "0 measured, 130 interrupted";
  command.run = run_bench;
  return command;
}

}  // namespace autodev::app::commands
