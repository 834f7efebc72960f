// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/replay.h"

#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/json_views.h"
#include "app/store_location.h"
#include "base/hash.h"
#include "base/terminal.h"
#include "observe/git_program.h"
#include "report/prequential.h"

namespace autodev::app::commands {
namespace {

constexpr int interrupted_code = 130;

Result<ReplayOptions> read_options(CommandContext& context, const Config& config, const StoreLocation& location) {
  ReplayOptions options;
  options.repository = observe::absolute_path(context.env, context.arguments.positionals.front());
  options.test = context.arguments.text("test").value_or("");
  if (options.test.empty()) return fail(ErrorCode::usage, "say how to test it: --test COMMAND");
  options.since = context.arguments.text("since").value_or("");
  AUTODEV_TRY_ASSIGN(const auto limit, context.arguments.number("limit", 1, 100'000));
  options.limit = limit.value_or(options.limit);
  AUTODEV_TRY_ASSIGN(const auto epsilon, context.arguments.real("epsilon", 0.0001, 0.99));
  options.epsilon = epsilon.value_or(config.real("simulate.epsilon"));
  options.candidates = static_cast<std::size_t>(config.number("implement.candidates"));
  options.test_timeout = std::chrono::seconds(config.number("implement.test_timeout_s"));
  options.tree_bytes = config.number("implement.tree_mb") << 20;
  options.memory_bytes = config.number("sandbox.memory_mb") << 20;
  const std::string identity = fmt::format("{}\n{}\n{}\n{}", options.repository, options.test, options.epsilon, options.candidates);
  options.memory_file = fmt::format("{}/state/replay-{}.jsonl", location.folder, base::hash128(identity).hex());
  return options;
}

std::string share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  const auto interval = report::clopper_pearson(part, whole);
  return fmt::format("{} of {} = {:.0f} %  (95 %: {:.0f} to {:.0f} %)", part, whole,
                     100.0 * static_cast<double>(part) / static_cast<double>(whole), 100 * interval.lower, 100 * interval.upper);
}

base::Json to_json(const ReplayReport& report) {
  base::Json json{{"walked", report.walked}, {"learned", report.learned}, {"judged", report.judged()}, {"test_runs", report.test_runs},
                  {"known", report.known}, {"interrupted", report.interrupted}, {"commits", base::Json::array()}};
  for (std::size_t i = 0; i < report.counts.size(); ++i) json["outcomes"][std::string(to_string(static_cast<ReplayOutcome>(i)))] = report.counts[i];
  for (const ReplayedCommit& commit : report.commits)
    json["commits"].push_back({{"commit", commit.commit}, {"function", commit.function}, {"file", commit.file},
                               {"outcome", to_string(commit.outcome)}, {"p_success", commit.p_success}});
  return json;
}

void print_report(Output& out, const ReplayReport& report) {
  const auto saved = report.of(ReplayOutcome::avoided);
  const auto visible = report.of(ReplayOutcome::visible);
  const auto wrong = report.of(ReplayOutcome::wrong);
  for (const ReplayedCommit& commit : report.commits)
    out.line(fmt::format("{}  {:<9}  {} in {}", commit.commit.substr(0, 12), to_string(commit.outcome), commit.function, commit.file));
  out.line(fmt::format("{} commits walked, {} functions learned, {} single-function commits tested ({} test runs, {} verdicts from before)",
                       report.walked, report.learned, report.commits.size(), report.test_runs, report.known));
  out.line(fmt::format("not counted: {} whose tests do not see the change, {} whose own tests fail here",
                       report.of(ReplayOutcome::unseen), report.of(ReplayOutcome::broken)));
  out.line("saved, tests did not guide   " + share(saved, report.judged()));
  out.line("saved, counting guided ones  " + share(saved + visible, report.judged()));
  out.line("wrong reuse of what was taken unseen  " + share(wrong, saved + wrong));
  if (report.judged() > 0)
    out.line(fmt::format("net of wrong reuse, one call each: {} to {} of {} model calls",
                         static_cast<std::int64_t>(saved) - static_cast<std::int64_t>(wrong),
                         static_cast<std::int64_t>(saved + visible) - static_cast<std::int64_t>(wrong), report.judged()));
}

Result<int> run_replay(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(ReplayOptions options, read_options(context, opened.config, opened.location));
  if (context.arguments.flag("restart")) AUTODEV_TRY(context.env.remove_file(options.memory_file));
  AUTODEV_TRY(initialise_store(context.env, opened.location.folder));
  AUTODEV_TRY(context.env.create_directories(opened.location.folder + "/state"));
  apply::Sandbox::Options sandbox_options;
  sandbox_options.unsafe = context.arguments.flag("unsafe-no-sandbox");
  sandbox_options.forward_signals = true;
  AUTODEV_TRY_ASSIGN(const auto sandbox, apply::Sandbox::open(context.env, sandbox_options));
  options.on_progress = [&context](std::uint64_t done, std::uint64_t total) {
    if (!context.output.json) context.output.message(fmt::format("auto-dev: testing a commit ({} so far, at most {})", done, total));
  };
  AUTODEV_TRY_ASSIGN(const ReplayReport report, replay_history(opened.parts(), *sandbox, options));
  context.output.object(to_json(report));
  print_report(context.output, report);
  if (report.interrupted) {
    context.output.message("interrupted: the same command goes on from here");
    return interrupted_code;
  }
  return report.judged() > 0 ? 0 : 1;
}

}  // namespace

Command replay() {
  Command command;
  command.path = "learn replay";
  command.summary = "what would have been saved on a real history, judged by its own tests";
  command.details =
      "Test-then-train: for every commit that adds or changes one function, the arm that knows only earlier commits proposes code, and the\n"
      "test command judges the tree of that commit with the proposal in it. Trees are copied into the sandbox without the repository;\n"
      "no work tree is touched and nothing is learned into your library. Verdicts are kept, so an interrupted replay goes on.";
  command.positionals = {{"REPOSITORY", "git repository", 1, 1}};
  command.options = {{"test", OptionKind::text, "COMMAND", "test command, as typed into a shell, run at the root of each tree"},
                     {"limit", OptionKind::whole_number, "N", "judge at most the newest N commits (default 100); all are learned from"},
                     {"since", OptionKind::text, "REV", "judge only commits after REV"},
                     {"epsilon", OptionKind::real_number, "E", "bound on wrong reuse (default: simulate.epsilon)"},
                     {"restart", OptionKind::flag, "", "forget the verdicts of earlier runs"},
                     {"unsafe-no-sandbox", OptionKind::flag, "", "run tests without bubblewrap, at your own risk"}};
  command.examples = {"auto-dev learn replay . --test \"python3 -m pytest -q\" --limit 50"};
  command.exit_codes = "0 measured, 1 no commit could be judged, 130 interrupted";
  command.run = run_replay;
  return command;
}

}  // namespace autodev::app::commands
