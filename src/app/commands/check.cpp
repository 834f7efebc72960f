// SPDX-License-Identifier: MIT OR Apache-2.0
//
// check: all guards on files, changes, what is staged, or standard input.
//
// Parsing happens in this process: a check only reads, the code is the user's own, and starting a worker would take
// longer than the check itself.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <set>

#include "app/check_sources.h"
#include "app/commands/list.h"
#include "app/store_location.h"
#include "base/text.h"
#include "report/sarif.h"
#include "report/unit_patch.h"

namespace autodev::app::commands {
namespace {

using knowledge::Finding;
using mine::GuardLevel;
using report::PlacedFinding;

/// The parser takes no more.
constexpr std::size_t max_stdin_bytes = std::size_t{1} << 20;

struct Checked {
  std::vector<PlacedFinding> findings;
  std::size_t files = 0, units = 0, broken = 0;
  std::vector<std::string> notes;
};

std::uint32_t line_at(const CodeUnit& unit, std::uint32_t byte) {
  const auto end = std::min<std::size_t>(byte, unit.text.size());
  const auto breaks = std::count(unit.text.begin(), unit.text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
  return unit.first_line + static_cast<std::uint32_t>(breaks);
}

PlacedFinding place(Finding finding, const CodeUnit& unit, const std::string& path) {
  PlacedFinding placed;
  placed.path = path;
  placed.unit = unit.name;
  placed.first_line = line_at(unit, finding.start);
  placed.last_line = line_at(unit, finding.end > finding.start ? finding.end - 1 : finding.start);
  placed.unit_first_line = unit.first_line;
  placed.unit_last_line = unit.last_line;
  placed.text = unit.text.substr(finding.start, finding.end - finding.start);
  placed.finding = std::move(finding);
  return placed;
}

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
    for (Finding& finding : found[i]) checked.findings.push_back(place(std::move(finding), extracted->units[i], source.path));
  return {};
}

Result<std::vector<CheckedSource>> sources_of(CommandContext& context) {
  const Arguments& given = context.arguments;
  const bool from_stdin = given.positionals.size() == 1 && given.positionals.front() == "-";
  const int kinds = given.flag("staged") + given.flag("diff") + (given.positionals.empty() ? 0 : 1);
  if (kinds > 1) return fail(ErrorCode::usage, "check: name files, or --diff, or --staged, not several of them");
  if (from_stdin) {
    const std::string path = given.text("path").value_or("");
    if (language_from_path(path) == Language::unknown)
      return fail(ErrorCode::usage, "check -: the language is not known", "say --path NAME with the file's ending");
    std::string text;
    for (std::istreambuf_iterator<char> byte(std::cin), end; byte != end; ++byte) {
      text.push_back(*byte);
      if (text.size() > max_stdin_bytes) return fail(ErrorCode::bad_data, "standard input: larger than 1 MiB");
    }
    return std::vector<CheckedSource>{{path, "", std::move(text), std::nullopt}};
  }
  if (!given.positionals.empty()) return named_sources(context.env, given.positionals);
  return changed_sources(context.env, given.flag("staged"));
}

base::Json finding_json(const PlacedFinding& placed) {
  const Finding& finding = placed.finding;
  base::Json events = base::Json::array();
  for (const EventId& event : finding.events) events.push_back(event.hex());
  base::Json value = {{"kind", to_string(finding.kind)}, {"id", finding.id.hex()}, {"level", mine::to_string(finding.level)},
                      {"path", placed.path}, {"unit", placed.unit}, {"line", placed.first_line}, {"last_line", placed.last_line},
                      {"cause", finding.cause}, {"before", finding.before}, {"after", finding.after},
                      {"confirmed", finding.confirmed}, {"doubts", finding.doubts}, {"events", std::move(events)},
                      {"past_failure", {{"id", finding.example.hex()}, {"name", finding.example_name},
                                        {"path", finding.example_path}, {"line", finding.example_line}}}};
  if (finding.kind == knowledge::FindingKind::near) value["similarity"] = finding.similarity;
  if (!finding.flaw.empty()) value["flaw"] = finding.flaw;
  if (finding.fix) value["fix"] = *finding.fix;
  return value;
}

void print_indented(Output& out, std::string_view head, const std::string& text) {
  constexpr std::size_t shown = 12;
  const auto lines = base::split_lines(text);
  out.line(fmt::format("    {}", head));
  for (std::size_t i = 0; i < std::min(shown, lines.size()); ++i)
    out.line("      " + base::strip_controls(std::string(lines[i])));
  if (lines.size() > shown) out.line(fmt::format("      ... {} more lines", lines.size() - shown));
}

void print_finding(Output& out, const PlacedFinding& placed) {
  const Finding& finding = placed.finding;
  out.line(fmt::format("{}:{}: {}: {} {} in {}: {}", placed.path, placed.first_line, mine::to_string(finding.level),
                       to_string(finding.kind), finding.id.hex().substr(0, 12), placed.unit,
                       base::strip_controls(base::fold_whitespace(finding.flaw.empty() ? finding.cause : finding.before))));
  if (finding.kind == knowledge::FindingKind::mistake && finding.flaw.empty()) print_indented(out, "looks like", finding.before);
  if (!finding.after.empty()) print_indented(out, "better", finding.after);
  const std::string likeness =
      finding.kind == knowledge::FindingKind::near ? fmt::format("{:.0f} % alike; ", 100 * finding.similarity) : "";
  std::string events;
  for (const EventId& event : finding.events) {
    if (events.size() > 40) break;
    events += (events.empty() ? "" : ", ") + event.hex().substr(0, 12);
  }
  const std::string cause = finding.flaw.empty() ? "" : ": " + base::strip_controls(base::fold_whitespace(finding.cause));
  out.line(fmt::format("    past failure {}:{} {}{} ({}{} confirmed, {} against; events {})",
                       base::strip_controls(finding.example_path), finding.example_line,
                       base::strip_controls(finding.example_name), cause, likeness, finding.confirmed, finding.doubts, events));
}

/// Verified fixes as a patch; applied when `write`. Later units first, so that earlier lines stay where they are.
Result<std::string> fix_sources(CommandContext& context, const std::vector<CheckedSource>& sources, const Checked& checked) {
  std::string patch;
  for (const CheckedSource& source : sources) {
    std::vector<report::UnitFix> fixes;
    for (const PlacedFinding& placed : checked.findings)
      if (placed.path == source.path && placed.finding.fix)
        fixes.push_back({placed.unit_first_line, placed.unit_last_line, *placed.finding.fix});
    if (fixes.empty()) continue;
    const std::string fixed = report::apply_fixes(source.text, fixes);
    patch += report::unified_patch(source.path, source.text, fixed);
    if (!context.arguments.flag("write")) continue;
    if (source.file.empty()) return fail(ErrorCode::usage, source.path + ": --write needs a file in the work tree");
    AUTODEV_TRY(context.env.write_file_atomically(source.file, fixed));
  }
  return patch;
}

Result<std::string> output_format(const CommandContext& context) {
  const std::string format = context.arguments.text("format").value_or(context.output.json ? "json" : "text");
  if (format != "text" && format != "json" && format != "sarif")
    return fail(ErrorCode::usage, "--format " + format + ": text, json or sarif is expected");
  return format;
}

void print(CommandContext& context, const std::string& format, const Checked& checked, std::size_t blocking,
           const std::string& patch) {
  Output& out = context.output;
  if (format == "sarif") return out.raw(base::dump_json_pretty(report::sarif_log(checked.findings, AUTODEV_VERSION)));
  if (format == "json") {
    base::Json list = base::Json::array();
    for (const PlacedFinding& placed : checked.findings) list.push_back(finding_json(placed));
    base::Json value = {{"schema", json_schema}, {"findings", std::move(list)}, {"files", checked.files},
                        {"units", checked.units}, {"unparsed_units", checked.broken}, {"blocking", blocking},
                        {"notes", checked.notes}};
    if (context.arguments.flag("fix")) value["patch"] = patch;
    return out.raw(base::dump_json(value) + "\n");
  }
  for (const PlacedFinding& placed : checked.findings) print_finding(out, placed);
  if (!patch.empty()) out.raw(patch);
  for (const std::string& note : checked.notes) out.message(note);
  if (checked.broken > 0) out.message(fmt::format("{} unit(s) do not parse and were not checked", checked.broken));
  out.message(fmt::format("{} unit(s) in {} file(s): {} finding(s), {} blocking", checked.units, checked.files,
                          checked.findings.size(), blocking));
}

Result<int> run_check(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const std::string format, output_format(context));
  if (context.arguments.flag("write") && !context.arguments.flag("fix"))
    return fail(ErrorCode::usage, "--write goes with --fix");
  AUTODEV_TRY_ASSIGN(const auto sources, sources_of(context));
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  Checked checked;
  for (const CheckedSource& source : sources)
    AUTODEV_TRY(check_source(opened, source, {context.arguments.flag("shadow")}, checked));
  const auto blocking = static_cast<std::size_t>(
      std::count_if(checked.findings.begin(), checked.findings.end(),
                    [](const PlacedFinding& placed) { return placed.finding.level == GuardLevel::block; }));
  std::string patch;
  if (context.arguments.flag("fix")) {
    AUTODEV_TRY_ASSIGN(patch, fix_sources(context, sources, checked));
  }
  print(context, format, checked, blocking, patch);
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
      "work tree: for pre-commit hooks. Guards in shadow stay silent. See docs/guards.md.";
  command.positionals = {{"FILE", "source files, or - for standard input", 0, SIZE_MAX}};
  command.options = {{"diff", OptionKind::flag, "", "what differs from the last commit, new files included (the default)"},
                     {"staged", OptionKind::flag, "", "what is staged"},
                     {"path", OptionKind::text, "NAME", "with -: the name that tells the language"},
                     {"format", OptionKind::text, "FORMAT", "text, json or sarif (2.1.0); default text"},
                     {"shadow", OptionKind::flag, "", "also guards that do not speak yet"},
                     {"fix", OptionKind::flag, "", "print verified fixes as a patch; writes nothing"},
                     {"write", OptionKind::flag, "", "with --fix: apply them to the files"}};
  command.examples = {"auto-dev learn check src/parse.cpp", "auto-dev learn check --staged",
                      "auto-dev learn check - --path x.py --json < x.py"};
  command.exit_codes = "0 nothing found, or advice only; 1 at least one finding of level block";
  command.run = run_check;
  return command;
}

}  // namespace autodev::app::commands
