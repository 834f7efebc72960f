// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/commands/work_tree_path.h"
#include "app/repair_file.h"
#include "app/store_location.h"
#include "base/terminal.h"
#include "base/text.h"
#include "observe/git_history.h"

namespace autodev::app::commands {
namespace {

constexpr int interrupted_code = 130;

Result<RepairFileOptions> read_options(CommandContext& context, const Config& config) {
  RepairFileOptions options;
  const std::string current = context.env.current_directory();
  AUTODEV_TRY_ASSIGN(const auto root, observe::git_root(context.env, current));
  options.root = root.value_or(current);
  AUTODEV_TRY_ASSIGN(options.folder, within_work_tree(options.root, current, ".", "."));
  AUTODEV_TRY_ASSIGN(options.file, within_work_tree(options.root, current, context.arguments.positionals.at(0), context.arguments.positionals.at(0)));
  options.language = language_from_path(options.file);
  if (options.language == Language::unknown)
    return fail(ErrorCode::usage, fmt::format("{}: no language is known for this kind of file", options.file));
  options.test = context.arguments.text("test").value_or("");
  if (base::trim(options.test).empty()) return fail(ErrorCode::usage, "say how to test it: --test COMMAND");
  AUTODEV_TRY_ASSIGN(const auto seconds, context.arguments.real("seconds", 1, 86'400));
  AUTODEV_TRY_ASSIGN(const auto candidates, context.arguments.number("candidates", 1, 1'000'000));
  options.seconds = seconds.value_or(options.seconds);
  options.candidates = static_cast<std::size_t>(candidates.value_or(options.candidates));
  options.test_timeout = std::chrono::seconds(config.number("implement.test_timeout_s"));
  options.tree_bytes = config.number("implement.tree_mb") << 20;
  options.memory_bytes = config.number("sandbox.memory_mb") << 20;
  return options;
}

base::Json to_json(const RepairFileResult& result, const RepairFileOptions& options, bool written) {
  const EditSearchResult& edit = result.edit;
  base::Json json{{"file", options.file}, {"tests_pass", result.tests_pass}, {"repaired", edit.repaired}, {"written", written},
                  {"p_right", edit.probability}, {"kind", edit.kind}, {"detail", edit.detail}, {"line", edit.line},
                  {"diff", result.diff}, {"fixes_learned", result.fixes_learned}, {"candidates", edit.candidates},
                  {"tried", edit.tried}, {"passing", edit.passing}, {"seconds", result.seconds}, {"vouchers", base::Json::array()}};
  for (const auto& voucher : result.vouchers)
    json["vouchers"].push_back({{"id", voucher.failure.hex()}, {"name", voucher.name}, {"cause", voucher.cause}});
  return json;
}

void print(Output& out, const RepairFileResult& result, const RepairFileOptions& options, bool written) {
  const std::string effort = fmt::format("{} of {} candidates tried in {:.0f} s, {} past fixes learned from", result.edit.tried, result.edit.candidates, result.seconds, result.fixes_learned);
  if (result.tests_pass) return out.line("the test command passes as it is: there is nothing to repair");
  if (!result.edit.repaired) {
    out.line(fmt::format("no repair found: {}", effort));
    return out.message("  next: give it more time with --seconds, or a test command that is faster or fails in one place only");
  }
  if (!out.json) out.raw(result.diff);
  out.line("edit       " + describe_edit(result.edit));
  for (const auto& voucher : result.vouchers)
    out.line(base::strip_controls(fmt::format("vouched    {}  {}{}", voucher.failure.hex().substr(0, 12), voucher.name, voucher.cause.empty() ? "" : ": " + voucher.cause)));
  out.line(fmt::format("believed   p = {:.2f} that it is right beyond this test; {} candidates pass it", result.edit.probability, result.edit.passing));
  out.line(fmt::format("effort     {}", effort));
  out.line(written ? fmt::format("written    {} (verified by the test command)", options.file) : fmt::format("nothing was written: --write puts it into {}", options.file));
}

Result<int> run_repair(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const StoreLocation location, locate_store(context.env, context.store_option));
  AUTODEV_TRY_ASSIGN(const Config config, Config::load(context.env, location.folder));
  AUTODEV_TRY_ASSIGN(RepairFileOptions options, read_options(context, config));
  apply::Sandbox::Options box;
  box.unsafe = context.arguments.flag("unsafe-no-sandbox");
  box.forward_signals = true;
  AUTODEV_TRY_ASSIGN(const auto sandbox, apply::Sandbox::open(context.env, box));
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  base::Progress progress(context.env, "candidates", 0, !context.output.quiet);
  options.on_progress = [&](std::size_t tried, std::size_t, std::size_t passing) { progress.update(tried, fmt::format("{} pass", passing)); };
  AUTODEV_TRY_ASSIGN(const RepairFileResult result, repair_file(opened.system->parts(), *sandbox, options));
  progress.finish();
  bool written = false;
  if (result.edit.repaired && context.arguments.flag("write")) {
    const std::string path = options.root + "/" + options.file;
    AUTODEV_TRY_ASSIGN(const std::string now, context.env.read_file(path));
    if (now != result.before) return fail(ErrorCode::busy, fmt::format("{} changed while it was being repaired: nothing was written", options.file), "run the command again");
    AUTODEV_TRY(context.env.write_file_atomically(path, result.edit.after));
    written = true;
  }
  context.output.object(to_json(result, options, written));
  print(context.output, result, options, written);
  if (result.edit.repaired || result.tests_pass) return 0;
  return base::interrupted() ? interrupted_code : 1;
}

}  // namespace

Command repair() {
  Command command;
  command.path = "learn repair";
  command.summary = "repair a file whose tests fail by small edits, tried in the order that past fixes suggest; no model";
  command.details =
      "Runs the test command on a copy of the work tree in the sandbox, once for each candidate: operators, values, names, conditions,\n"
      "statements. Past fixes of this store teach which edits come first and vouch for the result. The difference is printed;\n"
      "--write puts a verified result into FILE. Passing the tests is not being right: p says how far to believe it. See docs/repair.md.";
  command.positionals = {{"FILE", "the file to repair", 1, 1}};
  command.options = {{"test", OptionKind::text, "COMMAND", "test command, as typed into a shell; it fails now and must pass"},
                     {"seconds", OptionKind::real_number, "S", "time for the search (default 60)"},
                     {"candidates", OptionKind::whole_number, "N", "test runs at most (default 2000)"},
                     {"write", OptionKind::flag, "", "write the verified result into FILE"},
                     {"dry-run", OptionKind::flag, "", "only show the difference (the default)"},
                     {"unsafe-no-sandbox", OptionKind::flag, "", "run tests without bubblewrap, at your own risk"}};
  command.examples = {"auto-dev learn repair src/area.py --test \"python3 -m pytest -q tests/test_area.py\"",
                      "auto-dev learn repair median.c --test \"make -s check\" --seconds 120 --write"};
  command.exit_codes = "0 a repair was found, or the tests pass already, 1 none was found, 130 interrupted";
  command.run = run_repair;
  return command;
}

}  // namespace autodev::app::commands
