// SPDX-License-Identifier: MIT OR Apache-2.0
//
// bench guards and bench resubmission.
#include "app/commands/bench_io.h"
#include "app/commands/list.h"
#include "app/guard_bench.h"

namespace autodev::app::commands {
namespace {

Result<std::vector<CodePair>> pairs_in(CommandContext& context, const char* option) {
  AUTODEV_TRY_ASSIGN(const std::string text, named_file(context, option));
  return read_pairs(text, *context.arguments.text(option));
}

Result<GuardBenchOptions> options_of(CommandContext& context) {
  GuardBenchOptions options;
  const std::string level = context.arguments.text("level").value_or("advise");
  if (level == "shadow") options.level = mine::GuardLevel::shadow;
  else if (level == "block") options.level = mine::GuardLevel::block;
  else if (level != "advise") return fail(ErrorCode::usage, "--level " + level + ": shadow, advise or block is expected");
  return options;
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
    print_result(context, result);
    return 0;
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
    print_result(context, result);
    return 0;
  };
  return command;
}

}  // namespace autodev::app::commands
