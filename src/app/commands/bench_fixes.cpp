// SPDX-License-Identifier: MIT OR Apache-2.0
//
// bench fixes and bench defects.
#include "app/commands/bench_io.h"
#include "app/commands/list.h"
#include "app/defect_bench.h"
#include "app/fix_bench.h"
#include "base/terminal.h"

namespace autodev::app::commands {

Command bench_fixes() {
  Command command;
  command.path = "learn bench fixes";
  command.summary = "exact match of proposed fixes on rows of tokens";
  command.details =
      "File: JSON Lines {buggy, fixed}, tokens separated by blanks, placeholders written CLASS_number. Without --test\n"
      "cross-validated: each pair is judged by what the other folds taught.";
  command.options = {{"pairs", OptionKind::text, "FILE", "pairs to learn from"},
                     {"test", OptionKind::text, "FILE", "pairs to try; default: cross-validation"},
                     {"folds", OptionKind::whole_number, "N", "folds of the cross-validation, 2 to 20 (default 10)"}};
  command.run = [](CommandContext& context) -> Result<int> {
    AUTODEV_TRY_ASSIGN(const std::string pairs, named_file(context, "pairs"));
    AUTODEV_TRY_ASSIGN(const auto folds, context.arguments.number("folds", 2, 20));
    std::optional<std::string> test;
    if (context.arguments.text("test")) {
      AUTODEV_TRY_ASSIGN(test, named_file(context, "test"));
    }
    base::Progress progress(context.env, "folds", folds.value_or(10), !context.output.quiet);
    AUTODEV_TRY_ASSIGN(const base::Json result, app::bench_fixes(pairs, test, static_cast<std::size_t>(folds.value_or(10)),
                                                                 [&](std::size_t done, std::size_t) { progress.update(done); }));
    progress.finish();
    print_result(context, result);
    return 0;
  };
  return command;
}

Command bench_defects() {
  Command command;
  command.path = "learn bench defects";
  command.summary = "kind of defect and faulty line of failed programs, from code, verdict and failing test";
  command.details =
      "Files: JSON Lines {id, problem, defect_class, verdict, buggy, fixed, tests}. Problems of --train are left out of --test.\n"
      "Beside the model, in the same run: the majority label and the label of the nearest program by BM25.";
  command.options = {{"train", OptionKind::text, "FILE", "programs to learn from"},
                     {"test", OptionKind::text, "FILE", "programs to judge"}};
  command.run = [](CommandContext& context) -> Result<int> {
    AUTODEV_TRY_ASSIGN(const std::string train, named_file(context, "train"));
    AUTODEV_TRY_ASSIGN(const std::string test, named_file(context, "test"));
    AUTODEV_TRY_ASSIGN(const base::Json result, app::bench_defects(train, test));
    print_result(context, result);
    return 0;
  };
  return command;
}

}  // namespace autodev::app::commands
