// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Intake: from observed files to the units an event is about.
//
// Both versions of a file are parsed in the worker; units that are the same in both are dropped, the others are
// paired by kind, scope and name, so that a change of one function is one UnitChange.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "app/parts.h"
#include "app/run_evidence.h"
#include "base/text.h"
#include "knowledge/record.h"
#include "observe/paths.h"

namespace autodev::app {
namespace {

using UnitKey = std::tuple<UnitKind, std::string, std::string>;

UnitKey key_of(const CodeUnit& unit) {
  return {unit.kind, unit.scope, unit.name};
}

Result<syntax::FileUnits> extract_file(Parts& parts, std::string_view text, Language language,
                                       const std::string& path) {
  if (!parts.parse_in_process) {
    auto units = parts.parser.extract(text, language, path);
    if (units || units.error().code != ErrorCode::unavailable) return units;
    parts.parse_in_process = true;
  }
  return syntax::extract_units(text, language, path);
}

syntax::FileUnits units_of(Parts& parts, const std::optional<std::string>& text, Language language,
                           const std::string& path, std::vector<std::string>& notes) {
  if (!text) return {};
  if (const auto* known = parts.recent_units.find(path, *text)) return *known;
  if (base::looks_binary(*text)) {
    notes.push_back(path + ": binary, skipped");
    return {};
  }
  auto extracted = extract_file(parts, *text, language, path);
  if (!extracted) {
    notes.push_back(extracted.error().message);
    return {};
  }
  if (extracted->units_with_errors > 0)
    notes.push_back(fmt::format("{}: {} unit(s) did not parse and teach nothing", path, extracted->units_with_errors));
  parts.recent_units.put(path, *text, *extracted);
  return std::move(*extracted);
}

}  // namespace

std::vector<UnitChange> changed_units(std::vector<CodeUnit> before, std::vector<CodeUnit> after) {
  std::set<Digest> old_digests;
  std::set<Digest> new_digests;
  for (const CodeUnit& unit : before) old_digests.insert(unit.exact);
  for (const CodeUnit& unit : after) new_digests.insert(unit.exact);
  std::erase_if(before, [&](const CodeUnit& unit) { return new_digests.contains(unit.exact); });
  std::erase_if(after, [&](const CodeUnit& unit) { return old_digests.contains(unit.exact); });

  std::multimap<UnitKey, CodeUnit*> unmatched;
  for (CodeUnit& unit : before)
    if (unit.kind != UnitKind::block) unmatched.emplace(key_of(unit), &unit);
  std::vector<UnitChange> changes;
  for (CodeUnit& unit : after) {
    UnitChange change;
    if (unit.kind != UnitKind::block) {
      if (const auto found = unmatched.find(key_of(unit)); found != unmatched.end()) {
        change.before = std::move(*found->second);
        unmatched.erase(found);
      }
    }
    change.after = std::move(unit);
    changes.push_back(std::move(change));
  }
  std::vector<CodeUnit*> removed;
  for (const auto& [key, unit] : unmatched) removed.push_back(unit);
  for (CodeUnit* unit : removed) changes.push_back({std::move(*unit), std::nullopt});
  return changes;
}

std::uint32_t extract_into(Parts& parts, LearningEvent& event, std::vector<std::string>& notes) {
  std::uint32_t too_large = 0;
  for (const FileChange& file : event.implementation.files) {
    const Language language = language_from_path(file.path);
    if (language == Language::unknown) {
      if (!observe::is_build_file(file.path)) notes.push_back(file.path + ": no grammar for this kind of file, skipped");
      continue;
    }
    auto before = units_of(parts, file.before, language, file.path, notes);
    auto after = units_of(parts, file.after, language, file.path, notes);
    too_large += after.units_too_large;
    for (UnitChange& change : changed_units(std::move(before.units), std::move(after.units)))
      event.implementation.units.push_back(std::move(change));
  }
  event.implementation.files_changed = std::max<std::uint32_t>(
      event.implementation.files_changed, static_cast<std::uint32_t>(event.implementation.files.size()));
  if (event.previous_attempt == Verdict::failed && event.implementation.diff.empty())
    event.implementation.diff = repair_diff(event.implementation.files);
  event.implementation.files.clear();
  return too_large;
}

std::string too_large_note(std::uint64_t units) {
  return fmt::format("{} function{} or type{} larger than {} nodes or {} KiB: nothing is learned from {}", base::with_thousands(units),
                     units == 1 ? "" : "s", units == 1 ? " is" : "s are", base::with_thousands(syntax::ExtractOptions{}.max_unit_nodes),
                     syntax::max_unit_text_bytes >> 10, units == 1 ? "it" : "them");
}

void complete_event(const Parts& parts, LearningEvent& event) {
  if (event.project.empty()) event.project = parts.options.project;
  if (event.timestamp == Timestamp{}) event.timestamp = parts.env.now();
  if (event.cycle.empty()) event.cycle = knowledge::cycle_id(event.project, event.specification.text);
  if (event.id.empty()) event.id = knowledge::event_id(event);
}

}  // namespace autodev::app
