// SPDX-License-Identifier: MIT OR Apache-2.0
//
// bench repair.
#include <fmt/format.h>

#include "app/commands/bench_io.h"
#include "app/commands/list.h"
#include "app/repair_bench.h"
#include "base/terminal.h"

namespace autodev::app::commands {
namespace {

Result<RepairBenchOptions> options_of(CommandContext& context) {
  RepairBenchOptions options;
  AUTODEV_TRY_ASSIGN(const auto seconds, context.arguments.real("seconds", 1, 3'600));
  AUTODEV_TRY_ASSIGN(const auto limit, context.arguments.number("limit", 1, 1'000'000));
  AUTODEV_TRY_ASSIGN(const auto jobs, context.arguments.number("jobs", 1, 64));
  AUTODEV_TRY_ASSIGN(const auto folds, context.arguments.number("folds", 2, 20));
  AUTODEV_TRY_ASSIGN(const auto seed, context.arguments.number("seed", 0, UINT32_MAX));
  AUTODEV_TRY_ASSIGN(const auto threshold, context.arguments.real("threshold", 0, 1));
  options.seconds = seconds.value_or(options.seconds);
  options.limit = static_cast<std::size_t>(limit.value_or(0));
  options.jobs = static_cast<std::size_t>(jobs.value_or(options.jobs));
  options.folds = static_cast<std::size_t>(folds.value_or(options.folds));
  options.seed = seed.value_or(options.seed);
  options.threshold = threshold;
  options.resume_file = context.arguments.text("resume").value_or("");
  return options;
}

}  // namespace

Command bench_repair() {
  Command command;
  command.path = "learn bench repair";
  command.summary = "failed programs repaired from the fixes of other problems, judged by held-out tests";
  command.details =
      "Files: JSON Lines {problem, buggy, fixed, tests, heldout}, optionally id, language (default c; cpp, python) and verdict. A test is\n"
      "{i, o} (standard input, expected output) or a text: code put behind the program, which must end with exit code 0. Problems of --test\n"
      "are left out of --train; when both name the same file, problems are split into folds. Outputs are compared line by line,\n"
      "blanks stripped. Everything runs in the sandbox. The last line is the summary.";
  command.options = {{"train", OptionKind::text, "FILE", "fixes to learn from"},
                     {"test", OptionKind::text, "FILE", "programs to repair"},
                     {"seconds", OptionKind::real_number, "S", "time for each program (default 60)"},
                     {"limit", OptionKind::whole_number, "N", "a sample of N programs (default: all)"},
                     {"seed", OptionKind::whole_number, "N", "of the sample (default 1)"},
                     {"folds", OptionKind::whole_number, "N", "folds when both files are the same, 2 to 20 (default 2)"},
                     {"jobs", OptionKind::whole_number, "N", "programs at a time (default 1)"},
                     {"threshold", OptionKind::real_number, "P", "probability from which a repair is accepted (default: 0.85; 0.3 for tests that are code)"},
                     {"rivals", OptionKind::flag, "", "also judge all other candidates that pass the visible tests (for fitting the belief)"},
                     {"rank-only", OptionKind::flag, "", "only report where the known fix stands among the candidates; nothing is run"},
                     {"resume", OptionKind::text, "FILE", "finished programs are read from here and appended"},
                     {"unsafe-no-sandbox", OptionKind::flag, "", "run foreign code without isolation"}};
  command.run = [](CommandContext& context) -> Result<int> {
    AUTODEV_TRY_ASSIGN(const std::string train, named_file(context, "train"));
    AUTODEV_TRY_ASSIGN(const std::string test, named_file(context, "test"));
    AUTODEV_TRY_ASSIGN(auto options, options_of(context));
    options.same_file = train == test;
    options.rivals = context.arguments.flag("rivals");
    options.rank_only = context.arguments.flag("rank-only");
    apply::Sandbox::Options box;
    box.unsafe = context.arguments.flag("unsafe-no-sandbox");
    AUTODEV_TRY_ASSIGN(const auto sandbox, apply::Sandbox::open(context.env, box));
    base::Progress progress(context.env, "programs", options.limit, !context.output.quiet);
    options.on_progress = [&](std::size_t done, std::size_t, std::size_t right) { progress.update(done, fmt::format("{} right", right)); };
    AUTODEV_TRY_ASSIGN(const auto result, app::bench_repair(context.env, *sandbox, train, test, options));
    progress.finish();
    if (context.output.json)
      for (const auto& task : result.tasks) context.output.raw(base::dump_json(task) + "\n");
    print_result(context, result.summary);
    return 0;
  };
  return command;
}

}  // namespace autodev::app::commands
