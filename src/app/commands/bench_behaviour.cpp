// SPDX-License-Identifier: MIT OR Apache-2.0
//
// bench behaviour.
#include "app/behaviour_bench.h"
#include "app/commands/bench_io.h"
#include "app/commands/list.h"

namespace autodev::app::commands {

Command bench_behaviour() {
  Command command;
  command.path = "learn bench behaviour";
  command.summary = "how often behavioural patterns come back in sequences that were held out";
  command.details =
      "File: JSON Lines {group, source, split, events}: split is train or test, groups are mined apart, a source (a project) counts\n"
      "once. Beside it, in the same run: frequent subsequences with a cover by description length. bench/sequences_of_arff.py makes\n"
      "such files from call sequences in ARFF form.";
  command.options = {{"sequences", OptionKind::text, "FILE", "sequences of calls, some of them held out"}};
  command.run = [](CommandContext& context) -> Result<int> {
    AUTODEV_TRY_ASSIGN(const std::string text, named_file(context, "sequences"));
    AUTODEV_TRY_ASSIGN(const base::Json result, app::bench_behaviour(text));
    if (context.output.json) {
      print_result(context, result);
      return 0;
    }
    for (const char* arm : {"ours", "prefix_span"})
      for (const auto& [key, value] : result[arm].items()) context.output.line(fmt::format("{:<12} {:<18} {}", arm, key, value.dump()));
    return 0;
  };
  return command;
}

}  // namespace autodev::app::commands
