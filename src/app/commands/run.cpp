// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "app/commands/list.h"
#include "app/run_recorder.h"
#include "app/store_location.h"
#include "base/text.h"
#include "observe/command_run.h"
#include "observe/git_history.h"

namespace autodev::app::commands {
namespace {

/// A specification file larger than this is clipped by nobody: it is refused.
constexpr std::uint64_t max_specification_bytes = 64 << 10;

Result<std::string> specification_text(CommandContext& context) {
  const auto given = context.arguments.text("spec");
  if (!given) return std::string();
  AUTODEV_TRY_ASSIGN(const auto status, given->size() < 4096 ? context.env.status(*given)
                                                             : Result<std::optional<base::FileStatus>>(std::nullopt));
  if (status && status->type == base::FileType::file) return context.env.read_file(*given, max_specification_bytes);
  if (given->size() > max_specification_bytes) return fail(ErrorCode::usage, "--spec: longer than 64 KiB");
  return *given;
}

Result<FinishedRun> prepare(CommandContext& context) {
  FinishedRun run;
  run.command = context.arguments.positionals;
  run.junit_file = context.arguments.text("junit").value_or("");
  AUTODEV_TRY_ASSIGN(run.specification, specification_text(context));
  AUTODEV_TRY_ASSIGN(const auto calls, context.arguments.number("llm-calls", 0, 1'000'000));
  if (calls) run.llm_calls = static_cast<std::uint32_t>(*calls);
  for (const std::string& id : context.arguments.list("used")) {
    const auto parsed = PatternId::parse(id);
    if (!parsed) return fail(ErrorCode::usage, fmt::format("--used {}: expected a pattern id of 32 hexadecimal digits", id));
    run.patterns_used.push_back(*parsed);
  }
  AUTODEV_TRY_ASSIGN(const auto root, observe::git_root(context.env, context.env.current_directory()));
  run.root = root.value_or(context.env.current_directory());
  return run;
}

/// Recording never changes what the command's caller sees: problems are warnings.
void report_recording(CommandContext& context, const Result<LearnReport>& recorded) {
  if (!recorded) {
    context.output.warning("not recorded: " + recorded.error().message);
    if (!recorded.error().hint.empty()) context.output.message("  next: " + recorded.error().hint);
    return;
  }
  if (context.output.quiet) return;
  std::string rules;
  for (const std::string& rule : recorded->rules) rules += (rules.empty() ? "" : ", ") + rule;
  context.output.message(fmt::format("auto-dev: event {} recorded, {} changed units{}", recorded->event.hex().substr(0, 12),
                                     recorded->units, rules.empty() ? "" : " (" + rules + ")"));
}

/// Runs the command and fills in how it went.
Result<void> execute(CommandContext& context, FinishedRun& run) {
  observe::CommandRunOptions options;
  options.arguments = run.command;
  options.report_path = run.junit_file;
  AUTODEV_TRY_ASSIGN(observe::CommandRun finished, observe::run_command(context.env, options));
  run.exit_code = finished.exit_code;
  run.duration = finished.duration;
  run.junit = std::move(finished.report);
  if (!finished.report_note.empty()) context.output.warning(finished.report_note);
  return {};
}

Result<LearnReport> record(CommandContext& context, const FinishedRun& run, const std::string& memory,
                           Result<observe::WorktreeChange> change) {
  AUTODEV_TRY(change);
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::write));
  const observe::WorktreeState state = change->state;
  AUTODEV_TRY_ASSIGN(LearnReport report, record_run(*opened.system, run, std::move(*change)));
  AUTODEV_TRY(observe::remember_worktree(context.env, memory, state));
  return report;
}

Result<int> run_wrapped(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(FinishedRun run, prepare(context));
  AUTODEV_TRY_ASSIGN(const StoreLocation location, locate_store(context.env, context.store_option));
  AUTODEV_TRY_ASSIGN(const Config config, Config::load(context.env, location.folder));
  if (!config.boolean("learn.enabled")) {
    AUTODEV_TRY(execute(context, run));
    return run.exit_code;
  }
  const std::string memory = location.folder + "/state";
  Result<observe::WorktreeChange> change = observe::WorktreeChange{};
  std::thread observer([&] {
    const auto ready = initialise_store(context.env, location.folder);
    change = ready ? observe::observe_worktree(context.env, run.root, memory) : tl::make_unexpected(ready.error());
  });
  const Result<void> executed = execute(context, run);
  observer.join();
  AUTODEV_TRY(executed);
  report_recording(context, record(context, run, memory, std::move(change)));
  return run.exit_code;
}

}  // namespace

Command run() {
  Command command;
  command.path = "learn run";
  command.summary = "run a build or test command and learn from how it went";
  command.details =
      "The command's input, output, signals and exit code pass through untouched. Recorded are: what changed in the work tree\n"
      "since the last recorded state, the outcome (exit code, JUnit report), and the time. A failure followed by a pass with the\n"
      "same --spec is one cycle. A line about the recording goes to stderr (--quiet drops it).";
  command.positionals = {{"COMMAND", "after --: the command and its arguments", 1, SIZE_MAX}};
  command.options = {{"spec", OptionKind::text, "TEXT|FILE", "what is being implemented, or a file that says it"},
                     {"junit", OptionKind::text, "FILE", "JUnit XML report that the command writes"},
                     {"llm-calls", OptionKind::whole_number, "N", "model calls this attempt needed, for the ledger"},
                     {"used", OptionKind::list, "ID", "pattern the implementation was made from; may be repeated"}};
  command.examples = {"auto-dev learn run --spec \"add retry\" -- ctest --test-dir build",
                      "auto-dev learn run --spec task.md --junit out.xml -- pytest --junitxml out.xml"};
  command.exit_codes = "the command's own (128 + signal when a signal ended it)";
  command.run = run_wrapped;
  return command;
}

}  // namespace autodev::app::commands
