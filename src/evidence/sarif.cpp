// SPDX-License-Identifier: MIT OR Apache-2.0
//
// SARIF 2.1.0 (OASIS): results with rule, level, message and place. Suppressed results and those of kind other than
// "fail" do not count. A result is about security when its rule says so: a property "security-severity", a tag
// "security" or one that names a CWE, or when the tool does nothing else.
#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "evidence/json_lines.h"
#include "evidence/report.h"
#include "evidence/tools.h"

namespace autodev::evidence {
namespace {

struct Rule {
  std::string level;
  bool security = false;
};

bool names_security(const base::Json& properties) {
  if (properties.is_object() && properties.contains("security-severity")) return true;
  const base::Json& tags = member(properties, "tags");
  if (!tags.is_array()) return false;
  for (const base::Json& tag : tags) {
    if (!tag.is_string()) continue;
    const std::string text = base::to_lower_ascii(tag.get_ref<const std::string&>());
    if (text == "security" || text.find("cwe-") != std::string::npos) return true;
  }
  return false;
}

std::map<std::string, Rule> rules_of(const base::Json& driver) {
  std::map<std::string, Rule> rules;
  const base::Json& list = member(driver, "rules");
  if (!list.is_array()) return rules;
  for (const base::Json& entry : list)
    rules[text_of(entry, "id", 256)] = {text_of(member(entry, "defaultConfiguration"), "level", 32),
                                        names_security(member(entry, "properties"))};
  return rules;
}

void read_place_of(const base::Json& result, Diagnostic& one) {
  const base::Json& places = member(result, "locations");
  if (!places.is_array() || places.empty()) return;
  const base::Json& physical = member(places.front(), "physicalLocation");
  std::string uri = text_of(member(physical, "artifactLocation"), "uri", max_path_bytes);
  if (uri.starts_with("file://")) uri.erase(0, 7);
  one.file = std::move(uri);
  one.line = count_of(member(physical, "region"), "startLine");
}

void read_result(const base::Json& result, const std::map<std::string, Rule>& rules, bool security_tool,
                 Diagnostics& found) {
  const std::string kind = text_of(result, "kind", 32);
  const base::Json& suppressions = member(result, "suppressions");
  if ((!kind.empty() && kind != "fail") || (suppressions.is_array() && !suppressions.empty())) return;
  Diagnostic one;
  one.code = text_of(result, "ruleId", 256);
  if (one.code.empty()) one.code = text_of(member(result, "rule"), "id", 256);
  const auto rule = rules.find(one.code);
  std::string level = text_of(result, "level", 32);
  if (level.empty() && rule != rules.end()) level = rule->second.level;
  one.severity = level == "error"                     ? Severity::error
                 : level == "note" || level == "none" ? Severity::note
                                                      : Severity::warning;
  one.message = text_of(member(result, "message"), "text", max_message_bytes);
  one.security =
      security_tool || (rule != rules.end() && rule->second.security) || names_security(member(result, "properties"));
  read_place_of(result, one);
  found.add(std::move(one));
}

}  // namespace

Result<Diagnostics> parse_sarif(std::string_view text, std::string_view what) {
  // Tools that look for vulnerabilities and for nothing else.
  constexpr std::string_view security_tools =
      "bandit brakeman gosec trivy grype snyk checkov tfsec gitleaks kics njsscan";
  AUTODEV_TRY_ASSIGN(const base::Json root, parse_document(text, what));
  const base::Json& runs = member(root, "runs");
  if (!runs.is_array()) return fail(ErrorCode::bad_data, fmt::format("{}: not a SARIF log: no \"runs\"", what));
  Diagnostics found;
  for (const base::Json& run : runs) {
    const base::Json& driver = member(member(run, "tool"), "driver");
    const std::string name = text_of(driver, "name", 128);
    const std::string lower = base::to_lower_ascii(name);
    if (found.tool.empty()) found.tool = name;
    const auto rules = rules_of(driver);
    const bool security_tool = list_has(security_tools, lower.substr(0, lower.find(' ')));
    found.checks_security = found.checks_security || security_tool;
    for (const auto& [id, rule] : rules) found.checks_security = found.checks_security || rule.security;
    const base::Json& results = member(run, "results");
    if (!results.is_array()) continue;
    for (const base::Json& result : results) read_result(result, rules, security_tool, found);
  }
  found.checks_security = found.checks_security || found.security > 0;
  return found;
}

}  // namespace autodev::evidence
