// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include "app/commands/git_report.h"
#include "app/commands/list.h"
#include "app/store_location.h"
#include "base/text.h"

namespace autodev::app::commands {
namespace {

/// Largest export that is read: 256 MiB.
constexpr std::uint64_t max_import_bytes = std::uint64_t{256} << 20;

Result<int> import_file(CommandContext& context, const std::string& file) {
  AUTODEV_TRY_ASSIGN(const std::string document, context.env.read_file(file, max_import_bytes));
  const bool dry_run = context.arguments.flag("dry-run");
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, dry_run ? Access::read : Access::write));
  AUTODEV_TRY_ASSIGN(const ImportReport report, opened.system->knowledge().import_json(document, file, dry_run));
  context.output.object({{"added", report.added}, {"known", report.known}, {"rejected", report.rejected},
                         {"problems", report.problems}, {"dry_run", dry_run}});
  context.output.line(fmt::format("{}{} added, {} known already, {} rejected", dry_run ? "would be: " : "", report.added,
                                  report.known, report.rejected));
  if (report.added > 0) context.output.line("imported patterns start without trust: your own tests have to earn it");
  for (const std::string& problem : report.problems) context.output.warning(problem);
  return report.rejected > 0 ? 1 : 0;
}

Result<int> run_import(CommandContext& context) {
  const auto& words = context.arguments.positionals;
  if (words.front() == "git") {
    if (words.size() != 2)
      return fail(ErrorCode::usage, "import git: name the repository", "auto-dev learn import git PATH");
    return run_git_intake(context, words[1]);
  }
  if (words.size() != 1) return fail(ErrorCode::usage, fmt::format("import: '{}' is one argument too many", words[1]));
  return import_file(context, words.front());
}

}  // namespace

Command import() {
  Command command;
  command.path = "learn import";
  command.summary = "bring in an exported library, or a git history";
  command.details =
      "`import FILE` merges a file written by `learn export`: its version and every field are checked, patterns that are known\n"
      "are left alone, new ones start with no local trust. `import git PATH` is `learn from-git PATH`.";
  command.positionals = {{"SOURCE", "knowledge file, or the word git", 1, 1}, {"PATH", "after git: the repository", 0, 1}};
  command.options = {{"dry-run", OptionKind::flag, "", "only say what would be merged"},
                     {"until", OptionKind::text, "COMMIT", "git: last commit to read (default: HEAD)"},
                     {"max-commits", OptionKind::whole_number, "N", "git: only the newest N commits"}};
  command.examples = {"auto-dev learn import knowledge.json", "auto-dev learn import git ."};
  command.exit_codes = "0 merged, 1 some entries were rejected (the others are merged)";
  command.run = run_import;
  return command;
}

}  // namespace autodev::app::commands
