// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The table of commands, and the reference manual made from it.
#include <fmt/format.h>

#include "app/command.h"
#include "app/commands/list.h"

namespace autodev::app {
namespace {

std::string option_text(const Option& option) {
  return option.kind == OptionKind::flag ? fmt::format("`--{}`", option.name)
                                         : fmt::format("`--{} {}`", option.name, option.value_name);
}

std::string usage_line(const Command& command) {
  std::string line = "auto-dev " + command.path;
  if (!command.options.empty()) line += " [options]";
  for (const Positional& positional : command.positionals) {
    const std::string name = positional.maximum == SIZE_MAX ? positional.name + "..." : positional.name;
    line += positional.minimum == 0 ? " [" + name + "]" : " " + name;
  }
  return line;
}

}  // namespace

const std::vector<Command>& command_table() {
  using namespace commands;
  static const std::vector<Command> table = {
      init(), status(), doctor(), from_git(), import(), run(), record(), find_similar(), recall(), patterns_list(),
      patterns_show(), patterns_why(), feedback(), check(), guards_list(), guards_show(), guards_why(), guards_export(),
      guards_disable(), guards_enable(), decide(), outcome(), decisions_list(), decisions_show(),
      decisions_why(), metrics(), simulate(), ablate(), implement(), repair(), replay(), export_knowledge(), forget(),
      snapshot_create(), snapshot_list(), snapshot_diff(), snapshot_restore(), config_list(), config_get(),
      config_set(), config_explain(), bench_retrieval(), bench_requests(), bench_histories(), embed_pairs(), embed_train(), embed_history(), bench_guards(), bench_resubmission(),
      bench_adapt(), bench_behaviour(), bench_fixes(), bench_defects(), bench_repair(), bench_decisions(), completion(), version(), parse_worker(), reference(),
  };
  return table;
}

std::string command_reference() {
  std::string text =
      "# Commands\n\nMade from the program's command table: `auto-dev reference > docs/cli.md`.\n\n"
      "Every command also takes `--store DIR` (where the knowledge lives; default: the nearest `.auto-dev`),\n"
      "`--json` (one JSON object instead of text), `--quiet` and `--color auto|always|never`.\n\n"
      "Exit codes: 0 yes or done, 1 a negative answer, 64 usage, 65 bad data, 66 no input, 69 unavailable,\n"
      "70 defect, 73 cannot create, 74 input/output, 75 busy, 77 permission, 78 configuration. 2 is never used; `learn run` returns that of its command.\n";
  for (const Command& command : command_table()) {
    if (command.hidden) continue;
    text += fmt::format("\n## {}\n\n{}\n\n```\n{}\n```\n", command.path, command.summary, usage_line(command));
    if (!command.details.empty()) text += "\n" + command.details + "\n";
    if (!command.positionals.empty() || !command.options.empty()) text += "\n| argument | meaning |\n|---|---|\n";
    for (const Positional& positional : command.positionals)
      text += fmt::format("| `{}` | {} |\n", positional.name, positional.help);
    for (const Option& option : command.options) text += fmt::format("| {} | {} |\n", option_text(option), option.help);
    for (const std::string& example : command.examples) text += fmt::format("\n    {}", example);
    if (!command.examples.empty()) text += "\n";
    if (!command.exit_codes.empty()) text += fmt::format("\nExit codes: {}\n", command.exit_codes);
  }
  return text;
}

}  // namespace autodev::app
