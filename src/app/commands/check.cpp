// SPDX-License-Identifier: MIT OR Apache-2.0
//
// check: all guards on files, changes, what is staged, or standard input.
//
// Parsing happens in this process: a check only reads, the code is the user's own, and starting a worker would take
// longer than the check itself.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/check_sources.h"
#include "app/commands/list.h"
#include "app/finding_views.h"
#include "app/standard_input.h"
#include "app/store_location.h"
#include "report/unit_patch.h"

namespace autodev::app::commands {
namespace {

using knowledge::Finding;
using mine::GuardLevel;
using report::PlacedFinding;

struct Checked {
  std::vector<PlacedFinding> findings;
  std::size_t files = 0, units = 0, broken = 0;
  std::vector<std::string> notes;
};

Result<void> check_source(const OpenStore& opened, const CheckedSource& source, const knowledge::GuardCheckOptions& options,
                          Checked& checked) {
  const Language language = language_from_path(source.path);
  syntax::ExtractOptions wanted;
  wanted.types = wanted.blocks = false;
  auto extracted = syntax::extract_units(source.text, language, source.path, wanted);
  ++checked.files;
  if (!extracted) {
    checked.notes.push_back(extracted.error().message);
    return {};
  }
  checked.broken += extracted->units_with_errors;
  if (extracted->error_bytes > 0 && extracted->units_with_errors == 0)
    checked.notes.push_back(fmt::format("{}: {} bytes do not parse and were not checked", source.path, extracted->error_bytes));
  std::set<Digest> old;
  if (source.before)
    if (const auto before = syntax::extract_units(*source.before, language, source.path, wanted))
      for (const CodeUnit& unit : before->units) old.insert(unit.exact);
  std::erase_if(extracted->units, [&](const CodeUnit& unit) { return old.contains(unit.exact); });
  checked.units += extracted->units.size();
  AUTODEV_TRY_ASSIGN(auto found, opened.store().check(extracted->units, options));
  for (std::size_t i = 0; i < found.size(); ++i)
    for (Finding& finding : found[i])
      if (!has_another_purpose(finding, extracted->units[i]))
        checked.findings.push_back(place_finding(std::move(finding), extracted->units[i], source.path, source.text));
  return {};
}

Result<CheckedSources> sources_of(CommandContext& context) {
  const Arguments& given = context.arguments;
  const bool from_stdin = given.positionals.size() == 1 && given.positionals.front() == "-";
  const int kinds = given.flag("staged") + given.flag("diff") + (given.positionals.empty() ? 0 : 1);
  if (kinds > 1) return fail(ErrorCode::usage, "check: name files, or --diff, or --staged, not several of them");
  if (from_stdin) {
    const std::string path = given.text("path").value_or("");
    if (language_from_path(path) == Language::unknown)
      return fail(ErrorCode::usage, "check -: the language is not known", "say --path NAME with the file's ending");
    AUTODEV_TRY_ASSIGN(std::string text, read_standard_input(syntax::max_source_bytes(language_from_path(path))));
    return CheckedSources{{{path, "", std::move(text), std::nullopt}}, {}, {}};
  }
  if (!given.positionals.empty()) return named_sources(context.env, given.positionals);
  return changed_sources(context.env, given.flag("staged"));
}

struct Fixed {
  std::string patch;
  std::vector<std::string> written;  ///< paths
};

/// Verified fixes as a patch; applied when `write`.
Result<Fixed> fix_sources(CommandContext& context, const std::vector<CheckedSource>& sources, const Checked& checked) {
  Fixed fixed;
  for (const CheckedSource& source : sources) {
    std::vector<report::UnitFix> fixes;
    for (const PlacedFinding& placed : checked.findings)
      if (placed.path == source.path && placed.finding.fix)
        fixes.push_back({placed.unit_range.start, placed.unit_range.end, *placed.finding.fix});
    if (fixes.empty()) continue;
    const std::string text = report::apply_fixes(source.text, fixes);
    fixed.patch += report::unified_patch(source.path, source.text, text);
    if (!context.arguments.flag("write")) continue;
    if (source.file.empty()) return fail(ErrorCode::usage, source.path + ": --write needs a file in the work tree");
    AUTODEV_TRY(context.env.write_file_atomically(source.file, text));
    fixed.written.push_back(source.path);
  }
  return fixed;
}

Result<std::string> output_format(const CommandContext& context) {
  const std::string format = context.arguments.text("format").value_or(context.output.json ? "json" : "text");
  if (format != "text" && format != "json" && format != "sarif")
    return fail(ErrorCode::usage, "--format " + format + ": text, json or sarif is expected");
  return format;
}

void print(CommandContext& context, const std::string& format, const Checked& checked, const CheckedSources& sources,
           std::size_t blocking, const Fixed& fixed) {
  Output& out = context.output;
  for (const Error& error : sources.unreadable)
    if (format != "json") out.warning(error.message + (error.hint.empty() ? "" : " (" + error.hint + ")"));
  if (format == "sarif") return out.raw(base::dump_json_pretty(report::sarif_log(checked.findings, AUTODEV_VERSION)));
  if (format == "json") {
    base::Json list = base::Json::array(), unreadable = base::Json::array();
    for (const PlacedFinding& placed : checked.findings) list.push_back(finding_json(placed));
    for (const Error& error : sources.unreadable)
      unreadable.push_back({{"code", to_string(error.code)}, {"message", error.message}, {"hint", error.hint}});
    base::Json value = {{"schema", json_schema}, {"findings", std::move(list)}, {"files", checked.files},
                        {"units", checked.units}, {"unparsed_units", checked.broken}, {"blocking", blocking},
                        {"unreadable", std::move(unreadable)}, {"notes", checked.notes}};
    if (context.arguments.flag("fix")) value["patch"] = fixed.patch;
    if (context.arguments.flag("write")) value["written"] = fixed.written;
    return out.raw(base::dump_json(value) + "\n");
  }
  for (const PlacedFinding& placed : checked.findings) print_finding(out, placed);
  if (!fixed.patch.empty()) out.raw(fixed.patch);
  for (const std::string& note : checked.notes) out.message(note);
  if (checked.broken > 0) out.message(fmt::format("{} unit(s) do not parse and were not checked", checked.broken));
  for (const std::string& path : fixed.written) out.message("wrote " + path);
  out.message(fmt::format("{} unit(s) in {} file(s): {} finding(s), {} blocking{}", checked.units, checked.files,
                          checked.findings.size(), blocking, fixed.written.empty() ? "" : " and not fixed"));
}

Result<int> run_check(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const std::string format, output_format(context));
  const bool write = context.arguments.flag("write");
  if (write && !context.arguments.flag("fix")) return fail(ErrorCode::usage, "--write goes with --fix");
  AUTODEV_TRY_ASSIGN(const CheckedSources sources, sources_of(context));
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  Checked checked;
  checked.notes = sources.notes;
  if (!opened.location.exists)
    checked.notes.push_back("nothing was learned here yet: there is no " + opened.location.folder);
  for (const CheckedSource& source : sources.list)
    AUTODEV_TRY(check_source(opened, source, {context.arguments.flag("shadow")}, checked));
  Fixed fixed;
  if (context.arguments.flag("fix")) {
    AUTODEV_TRY_ASSIGN(fixed, fix_sources(context, sources.list, checked));
  }
  const auto blocks = [write](const PlacedFinding& placed) {
    return placed.finding.level == GuardLevel::block && !(write && placed.finding.fix);
  };
  const auto blocking = static_cast<std::size_t>(std::count_if(checked.findings.begin(), checked.findings.end(), blocks));
  print(context, format, checked, sources, blocking, fixed);
  if (!sources.unreadable.empty()) return static_cast<int>(sources.unreadable.front().code);
  return blocking > 0 ? 1 : 0;
}

}  // namespace

Command check() {
  Command command;
  command.path = "learn check";
  command.summary = "is a known mistake about to be made again?";
  command.details =
      "Runs all guards: code that failed before (exactly, or nearly and without its fix), and learned edit patterns. Shows the\n"
      "past failure, its cause, the events behind it and what was better. Without files: what differs from the last commit.\n"
      "Of changed files only functions that differ from the last commit are checked. --staged reads git's index, not the\n"
      "work tree: for pre-commit hooks. Guards in shadow stay silent. A FILE that cannot be read is named and does not hide\n"
      "what is found in others. See docs/guards.md.";
  command.positionals = {{"FILE", "source files or folders, or - for standard input", 0, SIZE_MAX}};
  command.options = {{"diff", OptionKind::flag, "", "what differs from the last commit, new files included (the default)"},
                     {"staged", OptionKind::flag, "", "what is staged"},
                     {"path", OptionKind::text, "NAME", "with -: the name that tells the language"},
                     {"format", OptionKind::text, "FORMAT", "text, json or sarif (2.1.0); default text"},
                     {"shadow", OptionKind::flag, "", "also guards that do not speak yet"},
                     {"fix", OptionKind::flag, "", "print verified fixes as a patch; writes nothing. Comments and layout stay"},
                     {"write", OptionKind::flag, "", "with --fix: apply them to the files"}};
  command.examples = {"auto-dev learn check src/parse.cpp", "auto-dev learn check --staged",
                      "auto-dev learn check - --path x.py --json < x.py"};
  command.exit_codes = "0 nothing found, or advice only; 1 at least one finding of level block that --write did not fix; 64, 65, 66: a FILE\n"
                       "is of no known language, too large, absent";
  command.run = run_check;
  return command;
}

}  // namespace autodev::app::commands
