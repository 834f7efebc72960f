// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/implement.h"

#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/commands/work_tree_path.h"
#include "app/implement_target.h"
#include "app/json_views.h"
#include "app/model_settings.h"
#include "app/placement.h"
#include "app/store_location.h"
#include "base/text.h"
#include "observe/git_history.h"

namespace autodev::app::commands {
namespace {

constexpr std::uint64_t max_specification_bytes = 64u << 10;
constexpr int interrupted_code = 130;

/// "task.md", "doc/task": no request reads like this.
bool looks_like_a_path(std::string_view text) {
  if (text.find_first_of(" \t\n") != std::string_view::npos) return false;
  return text.ends_with(".md") || text.ends_with(".txt") || text.find('/') != std::string_view::npos;
}

Result<std::string> specification_of(CommandContext& context) {
  const auto given = context.arguments.text("spec");
  if (!given || base::trim(*given).empty()) return fail(ErrorCode::usage, "say what to implement: --spec TEXT or --spec FILE");
  if (given->size() < 4'096) {
    AUTODEV_TRY_ASSIGN(const auto status, context.env.status(*given));
    if (status && status->type == base::FileType::file) return context.env.read_file(*given, max_specification_bytes);
    if (looks_like_a_path(*given))
      return fail(ErrorCode::no_input, fmt::format("--spec {}: {}", *given, status ? "is no ordinary file" : "there is no such file"),
                  "a request in words is taken as it is");
  }
  if (given->size() > max_specification_bytes) return fail(ErrorCode::usage, "--spec: longer than 64 KiB");
  return *given;
}

Result<Language> language_of(CommandContext& context, const std::string& file) {
  if (const auto name = context.arguments.text("language")) {
    const auto language = language_from_name(*name);
    if (language) return *language;
    return fail(ErrorCode::usage, fmt::format("--language {}: unknown language", *name),
                "known: c, cpp, python, rust, javascript, typescript, tsx, go, java, csharp, ruby, php, bash");
  }
  const Language language = language_from_path(file);
  if (language != Language::unknown) return language;
  return fail(ErrorCode::usage, fmt::format("{}: no language is known for this kind of file", file), "name one with --language");
}

Result<void> read_places(CommandContext& context, ImplementOptions& options) {
  const std::string current = context.env.current_directory();
  AUTODEV_TRY_ASSIGN(const auto root, observe::git_root(context.env, current));
  options.root = root.value_or(current);
  AUTODEV_TRY_ASSIGN(options.folder, within_work_tree(options.root, current, ".", "--into .:"));
  const auto into = context.arguments.text("into");
  if (!into) return {};
  AUTODEV_TRY_ASSIGN(options.file, within_work_tree(options.root, current, *into, "--into " + *into + ":"));
  if (options.file.empty()) return fail(ErrorCode::usage, "--into: name a file, not a folder");
  AUTODEV_TRY_ASSIGN(options.language, language_of(context, options.file));
  return {};
}

/// Without --into: what the specification and the signature say.
Result<void> find_place(CommandContext& context, LearningSystem& system, ImplementOptions& options) {
  if (!options.file.empty()) return {};
  AUTODEV_TRY_ASSIGN(options.file, implied_target(system.parts(), options.root, options.spec, options.signature, options.tree_bytes));
  AUTODEV_TRY_ASSIGN(options.language, language_of(context, options.file));
  context.output.message("auto-dev: the code belongs into " + base::strip_controls(options.file));
  return {};
}

Result<ImplementOptions> read_options(CommandContext& context, const Config& config) {
  ImplementOptions options;
  AUTODEV_TRY_ASSIGN(options.spec, specification_of(context));
  AUTODEV_TRY(read_places(context, options));
  options.signature = context.arguments.text("signature").value_or("");
  options.test = context.arguments.text("test").value_or("");
  if (base::trim(options.test).empty()) return fail(ErrorCode::usage, "say how to test it: --test COMMAND");
  options.hidden_test = context.arguments.text("hidden-test").value_or("");
  AUTODEV_TRY_ASSIGN(const auto epsilon, context.arguments.real("epsilon", 0.0001, 0.99));
  options.epsilon = epsilon.value_or(config.real("simulate.epsilon"));
  AUTODEV_TRY_ASSIGN(const auto attempts, context.arguments.number("attempts", 1, 20));
  options.attempts = static_cast<std::uint32_t>(attempts.value_or(config.number("implement.attempts")));
  options.candidates = static_cast<std::size_t>(config.number("implement.candidates"));
  options.seconds = config.real("implement.seconds");
  options.repair = config.boolean("implement.repair") && !context.arguments.flag("no-repair");
  options.repair_candidates = static_cast<std::size_t>(config.number("implement.repair_candidates"));
  options.memory = static_cast<std::size_t>(config.number("implement.memory"));
  options.test_timeout = std::chrono::seconds(config.number("implement.test_timeout_s"));
  options.tree_bytes = config.number("implement.tree_mb") << 20;
  options.memory_bytes = config.number("sandbox.memory_mb") << 20;
  options.dry_run = context.arguments.flag("dry-run");
  options.record = config.boolean("learn.enabled");
  options.cost_weight = config.real("learn.decide.cost_weight");
  options.explore = config.boolean("learn.decide.explore");
  options.on_step = [&context](const std::string& text) { context.output.message("auto-dev: " + text); };
  return options;
}

std::string_view verdict_name(apply::Answer answer) {
  if (answer == apply::Answer::apply) return "apply";
  return answer == apply::Answer::draft ? "adapt" : "skip";
}

std::string_view end_name(EditSearchResult::End end) {
  switch (end) {
    case EditSearchResult::End::exhausted: return "exhausted";
    case EditSearchResult::End::enough: return "enough";
    case EditSearchResult::End::out_of_time: return "implement.seconds";
    case EditSearchResult::End::out_of_runs: return "implement.repair_candidates";
    case EditSearchResult::End::interrupted: return "interrupted";
  }
  return "";
}

/// "repaired  number: 1 to 0 (line 4) of the function that is there", or what was tried in vain and which bound ended it.
void print_repairs(Output& out, const ImplementResult& result) {
  for (const auto& [of, edit] : result.repairs) {
    if (edit.repaired) {
      out.line(fmt::format("repaired   edit {} of {}  (p = {:.2f})", describe_edit(edit), of, edit.probability));
      continue;
    }
    const bool bound = edit.end == EditSearchResult::End::out_of_time || edit.end == EditSearchResult::End::out_of_runs;
    out.line(fmt::format("no repair  none of {} edits of {} passes the tests{}", edit.tried, of,
                         bound ? fmt::format("; {} more were not tried ({})", edit.candidates - edit.tried, end_name(edit.end)) : ""));
  }
}

base::Json to_json(const ImplementResult& result, const ImplementOptions& options) {
  base::Json json{{"verdict", verdict_name(result.verdict)}, {"done", result.done}, {"written", result.done && !options.dry_run},
                  {"from_model", result.from_model}, {"repaired", result.repaired}, {"file", options.file}, {"p_success", result.p_success},
                  {"epsilon", options.epsilon}, {"hidden_passed", result.hidden_passed}, {"llm_calls", result.llm_calls},
                  {"test_runs", result.test_runs}, {"guarded", result.guarded}, {"reason", result.reason},
                  {"diff", result.diff}, {"code", result.code}, {"draft", result.draft}, {"repairs", base::Json::array()}, {"notes", result.notes}, {"interrupted", result.interrupted},
                  {"patterns", base::Json::array()}, {"events", base::Json::array()}, {"ledger", base::Json::array()}, {"decisions", base::Json::array()}};
  for (const auto& [of, edit] : result.repairs)
    json["repairs"].push_back({{"of", of}, {"found", edit.repaired}, {"p_right", edit.probability}, {"kind", edit.kind}, {"detail", edit.detail},
                               {"line", edit.line}, {"candidates", edit.candidates}, {"tried", edit.tried}, {"passing", edit.passing},
                               {"seconds", edit.seconds}, {"ended_by", end_name(edit.end)}});
  for (const PatternId& id : result.patterns) json["patterns"].push_back(id.hex());
  for (const EventId& id : result.events) json["events"].push_back(id.hex());
  for (const LoopChoice& choice : result.choices)
    json["decisions"].push_back({{"id", choice.id.empty() ? base::Json(nullptr) : base::Json(choice.id.hex())}, {"type", choice.type},
                                 {"chosen", choice.chosen}, {"reason", choice.reason}});
  for (const LedgerEntry& entry : result.ledger) json["ledger"].push_back({{"class", to_string(entry.kind)}, {"calls", entry.calls}});
  return json;
}

void print_result(Output& out, const ImplementResult& result, const ImplementOptions& options, bool has_model) {
  for (const std::string& note : result.notes) out.warning(note);
  if (options.dry_run || !result.done) out.raw(out.json ? std::string() : result.done ? result.diff : result.draft_diff);
  out.line(fmt::format("verdict    {}{}", verdict_name(result.verdict),
                       result.p_success > 0 ? fmt::format("  (p = {:.2f}, {:.2f} needed)", result.p_success, 1 - options.epsilon) : ""));
  if (!result.reason.empty()) out.line("because    " + result.reason);
  print_repairs(out, result);
  for (const LoopChoice& choice : result.choices)
    out.line(base::strip_controls(fmt::format("decided    {}: {}{}{}", choice.type.substr(choice.type.find('.') + 1), choice.chosen,
                                              choice.reason.empty() ? "" : "  " + choice.reason,
                                              choice.id.empty() ? "" : "  " + choice.id.hex().substr(0, 12))));
  out.line(fmt::format("cost       {} model calls, {} test runs, {} refused as known failures", result.llm_calls, result.test_runs, result.guarded));
  if (result.interrupted && !result.done) return out.message("interrupted: nothing was written");
  if (result.done) {
    const char* how = result.from_model ? (result.repaired ? "written by the model and repaired" : "written by the model")
                      : result.repaired ? "repaired, no model"
                                        : "from memory, no model";
    out.line(fmt::format("{}    {} ({}, verified by the tests{})", options.dry_run ? "would write" : "written", options.file, how,
                         result.hidden_passed ? " and by further tests" : ""));
    return;
  }
  if (has_model)
    return out.line(result.repairs.empty() || result.draft.empty() ? "no attempt passed: nothing was written"
                                                                   : "nothing was written: the edit passes the tests, but it is not believed surely enough");
  if (!result.tests_tell) {
    out.line("nothing was written: the tests pass without any change, so they cannot verify one, and no model is configured");
    return out.message("  next: --test with a command that fails until the code is there");
  }
  out.line("nothing was written: what was learned does not answer this surely enough, and no model is configured");
  out.message(result.verdict == apply::Answer::draft
                  ? "  next: look at the draft above, accept less certainty with --epsilon, or name a model with --model"
                  : "  next: name a model with --model command|openai, or implement it and let `auto-dev learn run` see the tests");
}

Result<int> run_implement(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const StoreLocation location, locate_store(context.env, context.store_option));
  AUTODEV_TRY_ASSIGN(const Config config, Config::load(context.env, location.folder));
  AUTODEV_TRY_ASSIGN(ImplementOptions options, read_options(context, config));
  AUTODEV_TRY_ASSIGN(const apply::ModelSettings settings, model_settings(context, config));
  AUTODEV_TRY_ASSIGN(const auto choices, model_choices(settings, config));
  std::vector<std::unique_ptr<apply::CodeModel>> owned;
  std::vector<LoopModel> models;
  for (const ModelChoice& choice : choices) {
    AUTODEV_TRY_ASSIGN(auto model, apply::make_model(context.env, choice.settings));
    models.push_back({{choice.settings.name, choice.cost}, model.get()});
    owned.push_back(std::move(model));
  }
  apply::Sandbox::Options sandbox_options;
  sandbox_options.unsafe = context.arguments.flag("unsafe-no-sandbox");
  sandbox_options.forward_signals = true;
  AUTODEV_TRY_ASSIGN(const auto sandbox, apply::Sandbox::open(context.env, sandbox_options));
  const bool writes = options.record && (!options.dry_run || !models.empty());  // calls of a dry run are made, too
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, writes ? Access::write : Access::read));
  AUTODEV_TRY(find_place(context, *opened.system, options));
  AUTODEV_TRY_ASSIGN(const ImplementResult result, implement(*opened.system, *sandbox, models, options));
  context.output.object(to_json(result, options));
  print_result(context.output, result, options, !models.empty());
  if (result.done) return 0;
  return result.interrupted ? interrupted_code : 1;
}

}  // namespace

Command implement() {
  Command command;
  command.path = "learn implement";
  command.summary = "implement a function from what was learned; a model only where that does not suffice";
  command.details =
      "Fits earlier solutions to the specification, refuses code that is known to have failed, runs the test command on a copy of the\n"
      "work tree in the sandbox, and writes FILE only with a verified result. Three verdicts: apply (from memory), adapt (memory's\n"
      "draft goes to the model), skip (the model starts from the specification). Every call made or avoided goes into the ledger of\n"
      "`learn metrics --savings`. The copy holds files that git does not ignore; the sandbox has no network. See docs/implement.md.";
  command.options = {
      {"spec", OptionKind::text, "TEXT|FILE", "what to implement, or a file that says it"},
      {"into", OptionKind::text, "FILE", "where the code belongs (default: the one file that the specification names or that has the function); a function of\n"
                                         "the same name is replaced, else it is appended"},
      {"test", OptionKind::text, "COMMAND", "test command, as typed into a shell; exit code 0 means right"},
      {"hidden-test", OptionKind::text, "COMMAND", "further tests that do not guide the choice: only with them a call counts as avoided"},
      {"signature", OptionKind::text, "TEXT", "required signature, such as \"def area(r: float) -> float:\""},
      {"language", OptionKind::text, "L", "default: from the name of FILE"},
      {"model", OptionKind::text, "KIND", "none, command, openai or replay (default: learn.model.kind)"},
      {"model-record", OptionKind::text, "FILE", "add every reply to this replay file"},
      {"model-replay", OptionKind::text, "FILE", "replies of the model 'replay' (default: learn.model.replay_file)"},
      {"attempts", OptionKind::whole_number, "N", "calls of the model, 1 to 20 (default: implement.attempts)"},
      {"epsilon", OptionKind::real_number, "E", "bound on wrong reuse, 0.0001 to 0.99 (default: simulate.epsilon)"},
      {"no-repair", OptionKind::flag, "", "try no edits of code that fails (setting: implement.repair)"},
      {"dry-run", OptionKind::flag, "", "print the difference; write and record nothing"},
      {"unsafe-no-sandbox", OptionKind::flag, "", "run tests without bubblewrap, at your own risk"}};
  command.examples = {
      "auto-dev learn implement --spec \"invite users to a channel\" --into api.py --signature \"def invite(self, *, channel: str):\" "
      "--test \"python3 -m pytest -q tests/test_api.py\"",
      "auto-dev learn implement --spec task.md --into src/area.py --test \"make check\" --model command --dry-run"};
  command.exit_codes = "0 verified code was written (or printed), 1 none was found, 130 interrupted";
  command.run = run_implement;
  return command;
}

}  // namespace autodev::app::commands
