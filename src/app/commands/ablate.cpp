// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include "app/ablate.h"
#include "app/commands/list.h"
#include "app/simulate.h"
#include "app/store_location.h"
#include "report/prequential_text.h"

namespace autodev::app::commands {
namespace {

Result<int> run_ablation(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const auto limit, context.arguments.number("limit", 1, 100'000));
  AUTODEV_TRY_ASSIGN(const auto tasks, tasks_of_history(opened.store(), static_cast<std::size_t>(limit.value_or(500))));
  if (tasks.empty()) {
    context.output.message("no successful event with functions is known yet: nothing to ablate");
    context.output.message("  next: `auto-dev learn from-git .` learns from a history, `auto-dev learn run -- COMMAND` from your tests");
    return 1;
  }
  SimulateOptions options;
  options.arms = {"none", "shuffled", "poisoned", "ours"};
  AUTODEV_TRY_ASSIGN(const auto epsilon, context.arguments.real("epsilon", 0.0001, 0.5));
  options.epsilon = epsilon.value_or(opened.config.real("simulate.epsilon"));
  options.seed = opened.config.number("simulate.seed");
  options.unsafe = context.arguments.flag("unsafe-no-sandbox");
  AUTODEV_TRY_ASSIGN(const Simulation simulation, simulate(context.env, tasks, options));
  Output& out = context.output;
  if (out.json) {
    for (const report::ArmReport& arm : simulation.reports) out.raw(report::render_json_lines(arm, false));
    return 0;
  }
  out.line(fmt::format("{} functions of your own history, replayed in order; right = equal to what was written",
                       tasks.size()));
  out.raw(report::render_table(simulation.reports));
  out.line(
      "none: empty library; shuffled: every task remembered with another's solution; poisoned: every solution with one "
      "mistake");
  return 0;
}

}  // namespace

Command ablate() {
  Command command;
  command.path = "learn ablate";
  command.summary = "does your library help? the same history with an empty, a shuffled and a poisoned one";
  command.details =
      "Replays the functions of your successful events in order, test-then-train. An answer is right when it equals "
      "what was written,\n"
      "up to layout and local names. Results must differ, and in the right direction: if shuffled saves what ours "
      "saves, nothing was\n"
      "learned. Nothing is written.";
  command.options = {{"limit", OptionKind::whole_number, "N", "at most N functions, the latest (default 500)"},
                     {"epsilon", OptionKind::real_number, "E", "bound on wrong reuse (default: simulate.epsilon)"},
                     {"unsafe-no-sandbox", OptionKind::flag, "", "run without bubblewrap, at your own risk"}};
  command.examples = {"auto-dev learn ablate", "auto-dev learn ablate --json"};
  command.exit_codes = "0 measured, 1 nothing to replay";
  command.run = run_ablation;
  return command;
}

}  // namespace autodev::app::commands
