// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/sarif.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "base/text.h"

namespace autodev::report {
namespace {

using base::Json;
using knowledge::Finding;
using mine::GuardLevel;

std::string_view severity(GuardLevel level) noexcept {
  switch (level) {
    case GuardLevel::shadow: return "note";
    case GuardLevel::advise: return "warning";
    case GuardLevel::block: return "error";
  }
  return "note";
}

std::string rule_id(const Finding& finding) {
  return std::string(to_string(finding.kind)) + "/" + finding.id.hex().substr(0, 16);
}

Json location(const std::string& path, std::uint32_t first, std::uint32_t last) {
  Json place = {{"artifactLocation", {{"uri", path}}}};
  if (first > 0) place["region"] = {{"startLine", first}, {"endLine", last}};
  return {{"physicalLocation", std::move(place)}};
}

Json rule_of(const Finding& finding) {
  Json events = Json::array();
  for (const EventId& event : finding.events) events.push_back(event.hex());
  return {{"id", rule_id(finding)},
          {"shortDescription", {{"text", std::string(to_string(finding.kind))}}},
          {"help", {{"text", finding.flaw.empty() ? fmt::format("Looks like:\n{}\n\nBetter:\n{}", finding.before, finding.after)
                                                  : finding.flaw + ": " + finding.before}}},
          {"properties",
           {{"level", mine::to_string(finding.level)},
            {"confirmed", finding.confirmed},
            {"doubts", finding.doubts},
            {"events", std::move(events)}}}};
}

Json fix_of(const PlacedFinding& placed) {
  const Json replacement = {
      {"deletedRegion",
       {{"startLine", placed.unit_range.first_line}, {"startColumn", placed.unit_range.first_column},
        {"endLine", placed.unit_range.last_line}, {"endColumn", placed.unit_range.end_column}}},
      {"insertedContent", {{"text", *placed.finding.fix}}}};
  return {{"description", {{"text", "what passed in place of this code"}}},
          {"artifactChanges",
           Json::array({{{"artifactLocation", {{"uri", placed.path}}}, {"replacements", Json::array({replacement})}}})}};
}

Json result_of(const PlacedFinding& placed) {
  const Finding& finding = placed.finding;
  Json result = {
      {"ruleId", rule_id(finding)},
      {"level", severity(finding.level)},
      {"message", {{"text", fmt::format("{}: {}", to_string(finding.kind), !finding.flaw.empty() ? finding.before : finding.cause.empty() ? "it failed" : finding.cause)}}},
      {"locations", Json::array({location(placed.path, placed.first_line, placed.last_line)})},
      {"partialFingerprints",
       {{"autoDevGuard/v1", base::hash128(rule_id(finding) + "\n" + placed.path + "\n" + placed.text).hex()}}}};
  if (!finding.example_path.empty()) {
    Json related = location(finding.example_path, finding.example_line, finding.example_line);
    related["message"] = {{"text", "the past failure: " + finding.example_name}};
    result["relatedLocations"] = Json::array({std::move(related)});
  }
  if (finding.fix) result["fixes"] = Json::array({fix_of(placed)});
  return result;
}

/// 1-based column of a byte, in code points.
std::uint32_t column_at(std::string_view source, std::size_t byte) {
  const auto line = byte == 0 ? std::string_view::npos : source.rfind('\n', byte - 1);
  const std::string_view lead = source.substr(line == std::string_view::npos ? 0 : line + 1, byte - (line == std::string_view::npos ? 0 : line + 1));
  const auto continued = std::count_if(lead.begin(), lead.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; });
  return static_cast<std::uint32_t>(1 + static_cast<std::ptrdiff_t>(lead.size()) - continued);
}

}  // namespace

Region region_of(std::string_view source, std::size_t start, std::size_t end) {
  const auto line_at = [&](std::size_t byte) {
    return static_cast<std::uint32_t>(1 + std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(byte), '\n'));
  };
  return {start, end, line_at(start), line_at(end), column_at(source, start), column_at(source, end)};
}

Json sarif_log(const std::vector<PlacedFinding>& findings, const std::string& version) {
  std::map<std::string, Json> rules;
  Json results = Json::array();
  for (const PlacedFinding& placed : findings) {
    rules.emplace(rule_id(placed.finding), rule_of(placed.finding));
    results.push_back(result_of(placed));
  }
  Json list = Json::array();
  for (auto& [id, rule] : rules) list.push_back(std::move(rule));
  const Json driver = {{"name", "auto-dev learn check"}, {"version", version}, {"rules", std::move(list)}};
  return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
          {"version", "2.1.0"},
          {"runs", Json::array({{{"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}}})}};
}

}  // namespace autodev::report
