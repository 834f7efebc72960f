// SPDX-License-Identifier: MIT OR Apache-2.0
//
// bench guards and bench resubmission.
#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/guard_bench.h"

namespace autodev::app::commands {
namespace {

constexpr std::uint64_t max_file_bytes = std::uint64_t{1} << 30;

Result<std::vector<CodePair>> pairs_in(CommandContext& context, const char* option) {
  const auto file = context.arguments.text(option);
  if (!file) return fail(ErrorCode::usage, std::string("--") + option + " FILE is missing");
  AUTODEV_TRY_ASSIGN(const std::string text, context.env.read_file(*file, max_file_bytes));
  return read_pairs(text, *file);
}

Result<GuardBenchOptions> options_of(CommandContext& context) {
  GuardBenchOptions options;
  const std::string level = context.arguments.text("level").value_or("advise");
  if (level == "shadow") options.level = mine::GuardLevel::shadow;
  else if (level == "block") options.level = mine::GuardLevel::block;
  else if (level != "advise") return fail(ErrorCode::usage, "--level " + level + ": shadow, advise or block is expected");
  return options;
}

/// Numbers for people; with --json one line for machines.
int print(CommandContext& context, const base::Json& result) {
  if (context.output.json) {
    context.output.raw(base::dump_json(result) + "\n");
    return 0;
  }
  for (const auto& [key, value] : result.items()) context.output.line(fmt::format("{:<24} {}", key, value.dump()));
  return 0;
}

}  // namespace

Command bench_guards() {
  Command command;
  command.path = "learn bench guards";
  command.summary = "learn guards from pairs of failed and fixed code, and try them on pairs of other groups";
  command.details =
      "Files: JSON Lines {id, group, language, buggy, fixed}. Each pair of --train becomes a failed and a passing event; the\n"
      "changed functions of --test are checked on both sides. precision: of pairs with a finding, those flagged on the failed\n"
      "side only. recall: of all pairs. Pairs of --test whose group is in --train are left out.";
  command.options = {{"train", OptionKind::text, "FILE", "pairs to learn from"},
                     {"test", OptionKind::text, "FILE", "pairs to try"},
                     {"level", OptionKind::text, "LEVEL", "lowest level that counts: shadow, advise (default) or block"}};
  command.run = [](CommandContext& context) -> Result<int> {
    AUTODEV_TRY_ASSIGN(const auto train, pairs_in(context, "train"));
    AUTODEV_TRY_ASSIGN(const auto test, pairs_in(context, "test"));
    AUTODEV_TRY_ASSIGN(const auto options, options_of(context));
    AUTODEV_TRY_ASSIGN(const base::Json result, app::bench_guards(context.env, train, test, options));
    return print(context, result);
  };
  return command;
}

Command bench_resubmission() {
  Command command;
  command.path = "learn bench resubmission";
  command.summary = "is failed code recognised when it is submitted again, exactly or nearly?";
  command.details =
      "File: JSON Lines {id, group, language, buggy, fixed}. Near copies delete, double or swap statements that failed and\n"
      "fixed code share; those with a Jaccard similarity of at least 0.8 count. The same variant of the fix must stay silent.";
  command.options = {{"pairs", OptionKind::text, "FILE", "pairs to learn and to submit again"}};
  command.run = [](CommandContext& context) -> Result<int> {
    AUTODEV_TRY_ASSIGN(const auto pairs, pairs_in(context, "pairs"));
    AUTODEV_TRY_ASSIGN(const base::Json result, app::bench_resubmission(context.env, pairs, {}));
    return print(context, result);
  };
  return command;
}

}  // namespace autodev::app::commands
