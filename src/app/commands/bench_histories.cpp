// SPDX-License-Identifier: MIT OR Apache-2.0
//
// bench histories, and the files it reads.
#include <fmt/format.h>

#include "app/commands/bench_io.h"
#include "app/commands/list.h"
#include "app/history_bench.h"
#include "base/terminal.h"

namespace autodev::app::commands {
namespace {

std::string name_of(const std::string& file) {
  const std::string name = file.substr(file.rfind('/') + 1);
  return name.substr(0, name.rfind(".jsonl"));
}

Result<int> run_bench(CommandContext& context) {
  std::vector<NamedHistory> histories;
  for (const std::string& file : context.arguments.positionals) {
    AUTODEV_TRY_ASSIGN(const std::string text, context.env.read_file(file, std::uint64_t{1} << 30));
    AUTODEV_TRY_ASSIGN(auto steps, parse_steps(text, file));
    histories.push_back({name_of(file), std::move(steps)});
  }
  HistoryBenchOptions options;
  AUTODEV_TRY_ASSIGN(const auto seed, context.arguments.number("seed", 0, UINT32_MAX));
  options.seed = seed.value_or(options.seed);
  AUTODEV_TRY_ASSIGN(const base::Json result, app::bench_histories(histories, options));
  context.output.raw(context.output.json ? base::dump_json(result) + "\n" : history_table(result));
  return 0;
}

Result<int> write_history(CommandContext& context) {
  const auto file = context.arguments.text("output");
  if (!file) return fail(ErrorCode::usage, "--output FILE is missing");
  AUTODEV_TRY_ASSIGN(const auto most, context.arguments.number("commits", 1, 1'000'000));
  base::Progress progress(context.env, "reading the history", 0, !context.output.quiet);
  AUTODEV_TRY_ASSIGN(const auto steps, read_history(context.env, context.arguments.positionals.front(), most.value_or(UINT64_MAX),
                                                    [&](std::uint64_t done, std::uint64_t) { progress.update(done); }));
  progress.finish();
  std::string lines;
  std::size_t functions = 0;
  for (const HistoryStep& step : steps) {
    functions += step.functions.size();
    lines += to_json_line(step);
  }
  AUTODEV_TRY(context.env.write_file_atomically(*file, lines, true));
  context.output.object({{"commits", steps.size()}, {"functions", functions}, {"file", *file}});
  context.output.line(fmt::format("{} commits with {} versions of functions in {}", steps.size(), functions, *file));
  return 0;
}

}  // namespace

Command bench_histories() {
  Command command;
  command.path = "learn bench histories";
  command.summary = "does learning on from a project's own pairs find its code better? test, then train, commit by commit";
  command.details =
      "Files of `learn embed history`. Asked by the descriptions of new functions (stored without them) and by commit subjects. nDCG@10 x 100 of\n"
      "the built-in vectors, and the difference with vectors adapted by this history so far, by another one (the file before it) and by pairs put\n"
      "together by chance; 95 % of 1,000 resamples of whole commits. dense: vectors alone; fused: as find-similar ranks.";
  command.positionals = {{"FILE", "histories", 1, SIZE_MAX}};
  command.options = {{"seed", OptionKind::whole_number, "N", "of chance (default 1)"}};
  command.run = run_bench;
  return command;
}

Command embed_history() {
  Command command;
  command.path = "learn embed history";
  command.summary = "what the commits of a repository say and which functions they change, as a file for `learn bench histories`";
  command.positionals = {{"REPOSITORY", "a git repository", 1, 1}};
  command.options = {{"output", OptionKind::text, "FILE", "JSON Lines, a commit each"},
                     {"commits", OptionKind::whole_number, "N", "the newest N commits (default: all)"}};
  command.run = write_history;
  return command;
}

}  // namespace autodev::app::commands
