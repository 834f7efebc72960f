// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Doctor: every check is something that has gone wrong for somebody, each finding names its cure.
#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/model_settings.h"
#include "app/store_location.h"
#include "apply/sandbox.h"
#include "base/text.h"
#include "learn/learner.h"
#include "syntax/extract.h"

namespace autodev::app::commands {
namespace {

enum class Level { ok, warning, problem };

struct Finding {
  Level level = Level::ok;
  std::string check, text, cure;
};

std::string_view level_name(Level level) {
  if (level == Level::ok) return "ok";
  return level == Level::warning ? "warning" : "problem";
}

Finding check_git(base::Env& env) {
  base::ProcessOptions options;
  options.arguments = {"git", "--version"};
  options.timeout = std::chrono::seconds(10);
  const auto result = env.run(options);
  if (!result || result->exit_code != 0)
    return {Level::warning, "git", "git cannot be run: histories and work trees cannot be read", "apt-get install git"};
  return {Level::ok, "git", std::string(base::trim(result->output)), ""};
}

Finding check_sandbox(base::Env& env) {
  const auto sandbox = apply::Sandbox::open(env, {});
  if (!sandbox) return {Level::warning, "sandbox", sandbox.error().message, sandbox.error().hint};
  return {Level::ok, "sandbox", "bubblewrap works: simulations can run code", ""};
}

Finding check_parser(CommandContext& context) {
  syntax::ParserPool pool(context.env, {context.program, "parse-worker"});
  const auto units = pool.extract("def probe(value):\n    return value + 1\n", Language::python, "probe.py");
  if (!units) return {Level::problem, "parser", units.error().message, "reinstall auto-dev"};
  if (units->units.size() != 1) return {Level::problem, "parser", "the parse worker gave a wrong answer", "reinstall auto-dev"};
  return {Level::ok, "parser", "the parse worker answers", ""};
}

Finding check_model(CommandContext& context, const Config& config) {
  const auto settings = model_settings(context, config);
  if (!settings) return {Level::warning, "model", settings.error().message, settings.error().hint};
  const auto model = apply::make_model(context.env, *settings);
  if (!model) return {Level::warning, "model", model.error().message, model.error().hint};
  return {Level::ok, "model", apply::describe_model(*settings), ""};
}

Finding check_writable(base::Env& env, const StoreLocation& location) {
  if (!location.exists)
    return {Level::ok, "store", location.folder + " does not exist yet: it is made by the first command that learns", ""};
  const std::string probe = location.folder + "/.doctor";
  const auto written = env.write_file_atomically(probe, "probe", true);
  if (!written) return {Level::problem, "store", written.error().message, "check the owner and the free space of the disk"};
  (void)env.remove_file(probe);
  return {Level::ok, "store", location.folder + " is writable (" + location.reason + ")", ""};
}

Result<void> check_journal(const StoreLocation& location, CommandContext& context, std::vector<Finding>& findings) {
  if (!location.exists) return {};
  knowledge::Journal journal(context.env, location.folder + "/knowledge/journal");
  std::vector<knowledge::DamagedRecord> damaged;
  std::uint64_t records = 0;
  const auto read = journal.read({}, [&](const knowledge::Record&) { return ++records, true; }, &damaged);
  if (!read) {
    findings.push_back({Level::problem, "journal", read.error().message, read.error().hint});
    return {};
  }
  for (const knowledge::DamagedRecord& record : damaged)
    findings.push_back({Level::warning, "journal", fmt::format("{} at byte {}: {}", record.file, record.offset, record.reason),
                        "the record is skipped; all others are read. Restore the file from a backup to get it back"});
  findings.push_back({Level::ok, "journal", fmt::format("{} records, {} damaged", records, damaged.size()), ""});
  return {};
}

/// Replay equals live: the state on disk against a fold from nothing.
Result<Finding> check_replay(const OpenStore& opened, CommandContext& context) {
  knowledge::StoreOptions options;
  options.learner = std::string(learn::learner_version);
  options.in_memory_state = true;
  AUTODEV_TRY_ASSIGN(auto replay, knowledge::KnowledgeStore::open(context.env, opened.parts().knowledge_folder(), learn::study,
                                                                  std::move(options)));
  AUTODEV_TRY(replay->refresh());
  AUTODEV_TRY_ASSIGN(const std::string fresh, replay->state_digest());
  AUTODEV_TRY_ASSIGN(const std::string live, opened.store().state_digest());
  if (fresh == live) return Finding{Level::ok, "replay", "folding the journal again gives the same state, byte for byte", ""};
  return Finding{Level::problem, "replay", "the state differs from a fresh fold of the journal",
                 fmt::format("rm -r {}/embeddings (it is folded again by the next command)", opened.parts().knowledge_folder())};
}

Result<int> examine(CommandContext& context) {
  std::vector<Finding> findings;
  AUTODEV_TRY_ASSIGN(const StoreLocation location, locate_store(context.env, context.store_option));
  findings.push_back(check_writable(context.env, location));
  const auto config = Config::load(context.env, location.folder);
  if (!config) findings.push_back({Level::problem, "config", config.error().message, config.error().hint});
  else findings.push_back({Level::ok, "config", config->boolean("learn.enabled") ? "learning is on" : "learning is switched off", ""});
  if (config) findings.push_back(check_model(context, *config));
  findings.push_back(check_git(context.env));
  findings.push_back(check_parser(context));
  findings.push_back(check_sandbox(context.env));
  AUTODEV_TRY(check_journal(location, context, findings));
  if (location.exists && config) {
    auto opened = open_store(context, Access::read);
    if (!opened) {
      findings.push_back({Level::problem, "state", opened.error().message, opened.error().hint});
    } else if (context.arguments.flag("deep")) {
      AUTODEV_TRY_ASSIGN(Finding replay, check_replay(*opened, context));
      findings.push_back(std::move(replay));
    }
  }
  base::Json list = base::Json::array();
  bool bad = false;
  for (const Finding& finding : findings) {
    bad = bad || finding.level == Level::problem;
    list.push_back({{"check", finding.check}, {"level", level_name(finding.level)}, {"text", finding.text}, {"cure", finding.cure}});
    const base::Style style = finding.level == Level::ok ? base::Style::green
                              : finding.level == Level::warning ? base::Style::yellow : base::Style::red;
    context.output.line(fmt::format("{} {:<8} {}", context.output.style(fmt::format("{:<8}", level_name(finding.level)), style),
                                    finding.check, finding.text));
    if (!finding.cure.empty()) context.output.line("                  cure: " + finding.cure);
  }
  context.output.object({{"findings", list}, {"healthy", !bad}});
  return bad ? 1 : 0;
}

}  // namespace

Command doctor() {
  Command command;
  command.path = "learn doctor";
  command.summary = "check the installation and the knowledge; every finding comes with its cure";
  command.options = {{"deep", OptionKind::flag, "", "also fold the whole journal again and compare the state"}};
  command.exit_codes = "0 healthy, 1 something is wrong";
  command.run = examine;
  return command;
}

}  // namespace autodev::app::commands
