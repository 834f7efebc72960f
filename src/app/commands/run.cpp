// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "app/commands/list.h"
#include "app/json_views.h"
#include "app/mutation_check.h"
#include "app/run_recorder.h"
#include "app/store_location.h"
#include "apply/toolchain.h"
#include "base/terminal.h"
#include "base/text.h"
#include "observe/command_run.h"
#include "observe/git_history.h"

namespace autodev::app::commands {
namespace {

/// A specification file larger than this is clipped by nobody: it is refused.
constexpr std::uint64_t max_specification_bytes = 64 << 10;
constexpr std::uint64_t max_baseline_bytes = 64 << 20;  // of any report
constexpr std::uint64_t max_repeats = 20;
constexpr std::uint64_t max_mutants = 100;

struct Wrapped {
  FinishedRun run;
  std::vector<std::string> report_files;
  std::uint64_t times = 1;    ///< --verify
  std::uint64_t mutants = 0;  ///< --mutate
};

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
  run.parts = context.arguments.list("spec-part");
  if (const auto baseline = context.arguments.text("baseline")) {
    AUTODEV_TRY_ASSIGN(const std::string bytes, context.env.read_file(*baseline, max_baseline_bytes));
    AUTODEV_TRY_ASSIGN(run.baseline, evidence::parse_benchmarks(bytes, *baseline));
  }
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

/// Recording never changes what the command's caller sees: problems are warnings, and with --json the object goes to stderr,
/// because stdout is the command's.
void report_recording(CommandContext& context, const Result<LearnReport>& recorded) {
  if (!recorded) {
    context.output.warning("not recorded: " + recorded.error().message);
    if (!recorded.error().hint.empty()) context.output.message("  next: " + recorded.error().hint);
    return;
  }
  if (context.output.json) {
    base::Json value = to_json(*recorded);
    value["schema"] = json_schema;
    return context.output.note(base::dump_json(value));
  }
  if (context.output.quiet) return;
  std::string rules;
  for (const std::string& rule : recorded->rules) rules += (rules.empty() ? "" : ", ") + rule;
  context.output.message(fmt::format("auto-dev: event {} recorded, {} changed units{}", recorded->event.hex().substr(0, 12),
                                     recorded->units, rules.empty() ? "" : " (" + rules + ")"));
  for (const std::string& note : recorded->notes) context.output.message("auto-dev: " + base::strip_controls(note));
}

/// One report that a run wrote. What was asked for with --junit must be JUnit.
Result<evidence::Report> read_report(CommandContext& context, const std::string& file, const std::string& text) {
  if (file == context.arguments.text("junit")) {
    AUTODEV_TRY_ASSIGN(evidence::TestReport report, evidence::parse_junit(text, file));
    return evidence::Report(std::move(report));
  }
  AUTODEV_TRY_ASSIGN(evidence::Report report, evidence::parse_report(text, file));
  if (file == context.arguments.text("coverage") && !std::holds_alternative<evidence::Coverage>(report))
    context.output.warning(fmt::format("--coverage {}: this is no coverage report; it counts as what it is", file));
  if (file == context.arguments.text("benchmark") && !std::holds_alternative<evidence::Benchmarks>(report))
    context.output.warning(fmt::format("--benchmark {}: this is no benchmark report; it counts as what it is", file));
  return report;
}

/// All reports that can be read. Of one that cannot nothing is known; the exit code and the output still count.
std::vector<evidence::Report> read_reports(CommandContext& context, const std::vector<std::string>& files,
                                           const std::vector<std::optional<std::string>>& texts) {
  std::vector<evidence::Report> reports;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i]) continue;
    auto report = read_report(context, files[i], *texts[i]);
    if (report)
      reports.push_back(std::move(*report));
    else
      context.output.warning(report.error().message + ": this report does not count, exit code and output do" +
                             (report.error().hint.empty() ? "" : " (" + report.error().hint + ")"));
  }
  return reports;
}

/// Runs the command and fills in how it went.
Result<void> execute(CommandContext& context, Wrapped& wrapped) {
  observe::CommandRunOptions options;
  options.arguments = wrapped.run.command;
  options.more_reports = wrapped.report_files;
  AUTODEV_TRY_ASSIGN(observe::CommandRun finished, observe::run_command(context.env, options));
  wrapped.run.exit_code = finished.exit_code;
  wrapped.run.duration = finished.duration;
  wrapped.run.output = std::move(finished.output);
  for (const std::string& note : finished.notes) context.output.warning(note);
  wrapped.run.reports = read_reports(context, wrapped.report_files, finished.more_reports);
  return {};
}

std::string_view verdict_word(const evidence::Judgement& judgement) {
  if (judgement.outcome.verdict == Verdict::unknown) return "unknown";
  return judgement.outcome.verdict == Verdict::passed ? "passed" : "failed";
}

/// --verify: the same command again, in silence. Runs that changed the tree they tested prove nothing about it.
Result<void> repeat(CommandContext& context, Wrapped& wrapped, const std::string& memory, const std::string& tree) {
  std::vector<evidence::Judgement> repeats;
  for (std::uint64_t time = 2; time <= wrapped.times; ++time) {
    observe::CommandRunOptions options;
    options.arguments = wrapped.run.command;
    options.more_reports = wrapped.report_files;
    options.quiet = true;
    AUTODEV_TRY_ASSIGN(const observe::CommandRun finished, observe::run_command(context.env, options));
    if (evidence::was_not_executed(finished.exit_code)) return {};  // interrupted: what is known is recorded
    auto reports = read_reports(context, wrapped.report_files, finished.more_reports);
    repeats.push_back(evidence::judge({wrapped.run.command, finished.exit_code, finished.output, std::move(reports)}));
    context.output.message(fmt::format("auto-dev: run {} of {}: {}", time, wrapped.times, verdict_word(repeats.back())));
  }
  AUTODEV_TRY_ASSIGN(const auto now, observe::observe_worktree(context.env, wrapped.run.root, memory));
  if (now.state.id != tree) {
    context.output.warning("the command changes the work tree: its repetitions did not run on the same tree and do not count");
    return {};
  }
  wrapped.run.repeats = std::move(repeats);
  return {};
}

/// --mutate, after a pass that is not flaky.
void check_mutants(CommandContext& context, const Config& config, Wrapped& wrapped, const observe::WorktreeChange& change) {
  const evidence::Judgement judgement = judge_run(wrapped.run);
  if (judgement.outcome.verdict != Verdict::passed || judgement.outcome.flaky)
    return context.output.message("auto-dev: no mutation check: only a stable pass can be checked");
  auto sandbox = apply::Sandbox::open(context.env, {false, {}, true});
  if (!sandbox) return context.output.warning("no mutation check: " + sandbox.error().message);
  MutationOptions options;
  options.root = wrapped.run.root;
  const std::string current = context.env.current_directory();
  if (current.starts_with(options.root + "/")) options.folder = current.substr(options.root.size() + 1);
  options.command = wrapped.run.command;
  options.mutants = wrapped.mutants;
  options.timeout = std::chrono::seconds(config.number("implement.test_timeout_s"));
  options.tree_bytes = config.number("implement.tree_mb") << 20;
  options.memory_bytes = config.number("sandbox.memory_mb") << 20;
  base::Progress progress(context.env, "mutants", wrapped.mutants, !context.output.quiet);
  std::uint64_t done = 0;
  options.on_step = [&progress, &done](const std::string& text) { progress.update(done++, text); };
  const auto result = check_by_mutants(context.env, **sandbox, change, options);
  progress.finish();
  if (!result) return context.output.warning("no mutation check: " + result.error().message);
  wrapped.run.mutants_killed = result->killed;
  wrapped.run.mutants_survived = result->survived;
  context.output.message(fmt::format("auto-dev: {} of {} mutants were noticed by the tests", result->killed, result->killed + result->survived));
  for (const std::string& survivor : result->survivors) context.output.message("  not noticed: " + survivor);
}

void report_flaky(CommandContext& context, const FinishedRun& run) {
  const evidence::Judgement judgement = judge_run(run);
  if (!judgement.outcome.flaky) return;
  std::string names;
  for (const std::string& test : judgement.outcome.flaky_tests) names += (names.empty() ? ": " : ", ") + test;
  context.output.message(fmt::format("auto-dev: flaky in {} runs of the same tree, teaches nothing{}", judgement.outcome.runs, names));
}

Result<LearnReport> record(CommandContext& context, const Config& config, Wrapped& wrapped, const std::string& memory,
                           Result<observe::WorktreeChange> change) {
  AUTODEV_TRY(change);
  const observe::WorktreeState state = change->state;
  if (wrapped.times > 1 && !evidence::was_not_executed(wrapped.run.exit_code)) AUTODEV_TRY(repeat(context, wrapped, memory, state.id));
  if (wrapped.mutants > 0) check_mutants(context, config, wrapped, *change);
  report_flaky(context, wrapped.run);
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::write));
  AUTODEV_TRY_ASSIGN(LearnReport report, record_run(*opened.system, wrapped.run, std::move(*change)));
  AUTODEV_TRY(observe::remember_worktree(context.env, memory, state));
  return report;
}

Result<Wrapped> prepare_all(CommandContext& context) {
  Wrapped wrapped;
  AUTODEV_TRY_ASSIGN(wrapped.run, prepare(context));
  for (const char* name : {"junit", "coverage", "benchmark"})
    if (const auto file = context.arguments.text(name)) wrapped.report_files.push_back(*file);
  for (const std::string& file : context.arguments.list("report")) wrapped.report_files.push_back(file);
  AUTODEV_TRY_ASSIGN(const auto times, context.arguments.number("verify", 1, max_repeats));
  AUTODEV_TRY_ASSIGN(const auto mutants, context.arguments.number("mutate", 1, max_mutants));
  wrapped.times = times.value_or(1);
  wrapped.mutants = mutants.value_or(0);
  return wrapped;
}

Result<int> run_wrapped(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(Wrapped wrapped, prepare_all(context));
  AUTODEV_TRY_ASSIGN(const StoreLocation location, locate_store(context.env, context.store_option));
  AUTODEV_TRY_ASSIGN(const Config config, Config::load(context.env, location.folder));
  if (!config.boolean("learn.enabled")) {
    AUTODEV_TRY(execute(context, wrapped));
    return wrapped.run.exit_code;
  }
  if (const std::string& program = wrapped.run.command.front(); program.find('/') == std::string::npos && !location.exists &&
                                                                apply::find_program(context.env, program).empty()) {
    AUTODEV_TRY(execute(context, wrapped));  // says what is wrong; no store is made for it
    return wrapped.run.exit_code;
  }
  const std::string memory = location.folder + "/state";
  Result<observe::WorktreeChange> change = observe::WorktreeChange{};
  std::thread observer([&] {
    const auto ready = initialise_store(context.env, location.folder);
    change = ready ? observe::observe_worktree(context.env, wrapped.run.root, memory) : tl::make_unexpected(ready.error());
  });
  const Result<void> executed = execute(context, wrapped);
  observer.join();
  AUTODEV_TRY(executed);
  report_recording(context, record(context, config, wrapped, memory, std::move(change)));
  return wrapped.run.exit_code;
}

}  // namespace

Command run() {
  Command command;
  command.path = "learn run";
  command.summary = "run a build or test command and learn from how it went";
  command.details =
      "The command's input, output, signals and exit code pass through untouched. Recorded are: what changed in the work tree\n"
      "since the last recorded state, the outcome, and the time. The outcome is judged from reports, the exit code and, unless it\n"
      "goes to a terminal, from what the command printed: docs/evidence.md. A failure followed by a pass with the same --spec is\n"
      "one cycle, and its change is the repair of the errors seen: `auto-dev learn recall --error` shows it when one comes again.\n"
      "A line about the recording goes to stderr (--quiet drops it); with --json it is one JSON object, also on stderr, because\n"
      "stdout is the command's. A report that cannot be read is named and does not count; exit code and output still do.";
  command.positionals = {{"COMMAND", "after --: the command and its arguments", 1, SIZE_MAX}};
  command.options = {{"spec", OptionKind::text, "TEXT|FILE", "what is being implemented, or a file that says it"},
                     {"spec-part", OptionKind::list, "TEXT", "part of the specification that a test may cover; default: those its text lists; may be repeated"},
                     {"junit", OptionKind::text, "FILE", "JUnit XML report that the command writes"},
                     {"report", OptionKind::list, "FILE", "report that the command writes: tests, diagnostics, SARIF; the format is found; may be repeated"},
                     {"coverage", OptionKind::text, "FILE", "coverage report that the command writes: lcov, cobertura, llvm-cov, coverage.py"},
                     {"benchmark", OptionKind::text, "FILE", "benchmark report that the command writes: google-benchmark, hyperfine, pytest-benchmark, criterion"},
                     {"baseline", OptionKind::text, "FILE", "benchmark report of before, to compare with"},
                     {"verify", OptionKind::whole_number, "N", "run N times on the same tree, 1 to 20, to tell flaky tests; default 1"},
                     {"mutate", OptionKind::whole_number, "K", "after a pass, put K small faults into the changed lines of a copy and see whether the command notices, 1 to 100"},
                     {"llm-calls", OptionKind::whole_number, "N", "model calls this attempt needed, for the ledger"},
                     {"used", OptionKind::list, "ID", "pattern the implementation was made from; may be repeated"}};
  command.examples = {"auto-dev learn run --spec \"add retry\" -- ctest --test-dir build",
                      "auto-dev learn run --spec task.md --junit out.xml -- pytest --junitxml out.xml",
                      "auto-dev learn run --verify 5 --mutate 8 --spec task.md -- npm test"};
  command.exit_codes = "the command's own (128 + signal when a signal ended it); with --verify that of its first run";
  command.run = run_wrapped;
  return command;
}

}  // namespace autodev::app::commands
