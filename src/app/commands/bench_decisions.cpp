// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/commands/list.h"
#include "vote/decision_bench.h"

namespace autodev::app::commands {
namespace {

constexpr std::uint64_t max_file_bytes = std::uint64_t{1} << 30;

Result<vote::BenchOptions> options_of(const Arguments& arguments) {
  vote::BenchOptions options;
  AUTODEV_TRY_ASSIGN(const auto seed, arguments.number("seed", 0, UINT32_MAX));
  AUTODEV_TRY_ASSIGN(const auto runs, arguments.number("runs", 1, 100));
  AUTODEV_TRY_ASSIGN(const auto budget, arguments.real("budget", 0, 1));
  options.seed = seed.value_or(options.seed);
  options.repeats = static_cast<std::size_t>(runs.value_or(options.repeats));
  options.budget = budget.value_or(options.budget);
  options.shuffle = arguments.flag("shuffle");
  options.full_feedback = arguments.flag("full-feedback");
  return options;
}

}  // namespace

Command bench_decisions() {
  Command command;
  command.path = "learn bench decisions";
  command.summary = "our decisions beside textbook policies on a log of yours, test-then-train";
  command.details =
      "JSON Lines, in time order: {id, type, context, outcomes: {option: reward}, cost: {option: number}} when every option's outcome is\n"
      "known, {id, type, context, action, reward, propensity} when only the chosen one's is. CSV with a header is read as the second kind;\n"
      "further columns are the context. Policies: ours, plain majority of our voters, epsilon-greedy, UCB1, LinUCB, Thompson, each voter\n"
      "alone, the best fixed option in hindsight. Accuracy, regret with its slope; with costs also the accuracy when the dearest option may be\n"
      "taken in a share of the decisions only; for logged data IPS, SNIPS and DR with intervals. Format: docs/decision-model.md.";
  command.options = {{"log", OptionKind::text, "FILE", "the decisions"},
                     {"action", OptionKind::text, "COLUMN", "CSV: what was chosen (default action)"},
                     {"reward", OptionKind::text, "COLUMN", "CSV: reward from 0 to 1 (default reward)"},
                     {"propensity", OptionKind::text, "COLUMN", "CSV: probability of the choice (default propensity)"},
                     {"ignore", OptionKind::list, "COLUMN", "CSV: no context; may be repeated"},
                     {"runs", OptionKind::whole_number, "N", "runs with other chances, averaged (default 5)"},
                     {"shuffle", OptionKind::flag, "", "another order in each run (default: the log's)"},
                     {"full-feedback", OptionKind::flag, "", "show every policy the outcomes of all options, not of its choice only"},
                     {"budget", OptionKind::real_number, "SHARE", "share of decisions that may take the dearest option (default 0.5)"},
                     {"seed", OptionKind::whole_number, "N", "seed of chance (default 1)"}};
  command.examples = {"auto-dev learn bench decisions --log outcomes.jsonl --runs 10 --shuffle",
                      "auto-dev learn bench decisions --log clicks.csv --action item --reward click --propensity pscore --ignore timestamp"};
  command.run = [](CommandContext& context) -> Result<int> {
    const Arguments& arguments = context.arguments;
    const auto file = arguments.text("log");
    if (!file) return fail(ErrorCode::usage, "bench decisions: --log FILE is missing");
    AUTODEV_TRY_ASSIGN(const vote::BenchOptions options, options_of(arguments));
    AUTODEV_TRY_ASSIGN(const std::string text, context.env.read_file(*file, max_file_bytes));
    vote::LogColumns columns;
    columns.action = arguments.text("action").value_or(columns.action);
    columns.reward = arguments.text("reward").value_or(columns.reward);
    columns.propensity = arguments.text("propensity").value_or(columns.propensity);
    columns.ignore = arguments.list("ignore");
    AUTODEV_TRY_ASSIGN(const vote::DecisionLog log, vote::read_log(text, *file, columns));
    AUTODEV_TRY_ASSIGN(const vote::BenchReport report, vote::run_decision_bench(log, options));
    if (context.output.json) context.output.raw(base::dump_json(report.json()) + "\n");
    else context.output.raw(report.text());
    return 0;
  };
  return command;
}

}  // namespace autodev::app::commands
