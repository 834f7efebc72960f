// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include "app/commands/git_report.h"
#include "app/commands/list.h"
#include "app/parts.h"
#include "app/store_location.h"
#include "base/terminal.h"
#include "base/text.h"

namespace autodev::app::commands {

Result<int> run_git_intake(CommandContext& context, const std::string& repository) {
  GitIntakeOptions options;
  options.repository = repository;
  options.show_progress = !context.output.quiet;
  if (const auto until = context.arguments.text("until")) options.walk.until = *until;
  AUTODEV_TRY_ASSIGN(const auto most, context.arguments.number("max-commits", 1, 100'000'000));
  if (most) options.walk.max_commits = *most;
  base::install_interrupt_handler();
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::write));
  AUTODEV_TRY_ASSIGN(const GitIntakeReport report, learn_from_git(opened.parts(), options));
  print_git_report(context.output, report);
  return report.interrupted ? 130 : 0;
}

void print_git_report(Output& out, const GitIntakeReport& report) {
  out.object({{"project", report.project},
              {"commits", report.counts.commits},
              {"events", report.events},
              {"known", report.known},
              {"units", report.units},
              {"units_too_large", report.units_too_large},
              {"patterns_changed", report.patterns_changed},
              {"skipped_large", report.counts.skipped_large},
              {"skipped_binary", report.counts.skipped_binary},
              {"skipped_unsupported", report.counts.skipped_unsupported},
              {"resumed", report.resumed},
              {"interrupted", report.interrupted},
              {"seconds", report.seconds},
              {"notes", report.notes},
              {"notes_total", report.notes_total}});
  out.line(
      fmt::format("{}{}: {} commits, {} new events with {} changed units, {} patterns created or changed, {:.1f} s",
                  report.resumed ? "new since last time in " : "", report.project,
                  base::with_thousands(report.counts.commits), base::with_thousands(report.events),
                  base::with_thousands(report.units), base::with_thousands(report.patterns_changed), report.seconds));
  out.line(
      "a history is weaker evidence than an executed test: these patterns are on probation until a test proves them");
  if (report.counts.skipped_large > 0)
    out.message(fmt::format("{} commits touch very many files (imports, reformatting) and teach nothing",
                            report.counts.skipped_large));
  if (report.counts.skipped_binary > 0)
    out.message(fmt::format("{} file versions are binary, generated or larger than 1 MiB and teach nothing",
                            report.counts.skipped_binary));
  if (report.units_too_large > 0) out.message(too_large_note(report.units_too_large) + " (each version of a file counts)");
  for (const std::string& text : report.notes) out.message("note: " + base::strip_controls(text));
  if (report.notes_total > report.notes.size())
    out.message(fmt::format("note: {} more", report.notes_total - report.notes.size()));
  if (report.interrupted) out.message("interrupted: what was read is kept; run the same command again to go on");
}

Command from_git() {
  Command command;
  command.path = "learn from-git";
  command.summary = "learn from a git history, oldest commit first";
  command.details =
      "A commit's message is the specification, its diff the implementation. Code that a later commit reverts or fixes "
      "counts\n"
      "as failed from then on. The repository is only read. A second run reads only what is new; Ctrl-C keeps what was "
      "read.";
  command.positionals = {{"REPOSITORY", "folder of the git repository", 1, 1}};
  command.options = {{"until", OptionKind::text, "COMMIT", "last commit to read (default: HEAD)"},
                     {"max-commits", OptionKind::whole_number, "N", "only the newest N commits"}};
  command.examples = {"auto-dev learn from-git .", "auto-dev learn from-git ~/src/project --max-commits 1000"};
  command.exit_codes = "0 learned, 130 interrupted";
  command.run = [](CommandContext& context) { return run_git_intake(context, context.arguments.positionals.front()); };
  return command;
}

}  // namespace autodev::app::commands
