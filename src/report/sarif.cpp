// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/sarif.h"

#include <fmt/format.h>

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
      {"deletedRegion", {{"startLine", placed.unit_first_line}, {"endLine", placed.unit_last_line}}},
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

}  // namespace

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
          {"runs", Json::array({{{"tool", {{"driver", driver}}}, {"results", std::move(results)}}})}};
}

}  // namespace autodev::report
