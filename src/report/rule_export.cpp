// SPDX-License-Identifier: MIT OR Apache-2.0
//
// YAML strings are written as JSON strings, which YAML understands.
#include "report/rule_export.h"

#include <fmt/format.h>

#include <optional>

#include "base/json.h"

namespace autodev::report {
namespace {

using mine::EditHole;
using mine::TreePattern;

/// Guards speak of functions and methods; nodes that are one in the grammar of the language.
struct Dialect {
  std::string_view name;
  std::string_view functions;  ///< YAML list
};

std::optional<Dialect> dialect_of(Language language) {
  switch (language) {
    case Language::python: return Dialect{"Python", "[{kind: function_definition}]"};
    case Language::javascript:
      return Dialect{"JavaScript", "[{kind: function_declaration}, {kind: method_definition}, {kind: generator_function_declaration}]"};
    default: return std::nullopt;
  }
}

std::string quoted(const std::string& text) { return base::dump_json(base::Json(text)); }

/// Why the side cannot be said; empty when it can.
std::string obstacle(const TreePattern& side) {
  if (side.run) return "it is about statements that follow each other, a rule is about one node";
  for (const mine::PatternNode& node : side.nodes) {
    if (node.hole == EditHole::name) return "a hole stands for a local variable: a rule cannot ask where a name is bound";
    if (node.hole == EditHole::literal) return "a hole stands for a literal of one kind, which has many kinds in the grammar";
    if (node.hole == EditHole::statement) return "a hole stands for a statement: a rule cannot exclude expressions there";
  }
  if (side.text.find('$') == std::string::npos) return {};
  for (const mine::PatternNode& node : side.nodes)
    if (node.hole == EditHole::none && node.symbol.find('$') != std::string::npos) return "its text holds a $, which is a hole in a rule";
  return {};
}

/// $1 -> $H1.
std::string pattern_of(const TreePattern& side) {
  std::string text;
  for (const char c : side.text) {
    text += c;
    if (c == '$') text += 'H';
  }
  return text;
}

std::string_view severity(mine::GuardLevel level) {
  switch (level) {
    case mine::GuardLevel::shadow: return "hint";
    case mine::GuardLevel::advise: return "warning";
    case mine::GuardLevel::block: return "error";
  }
  return "hint";
}

}  // namespace

std::variant<ExportedRule, RefusedRule> ast_grep_rule(const knowledge::Guard& guard, const std::string& failed,
                                                      const std::string& fixed) {
  const auto dialect = dialect_of(guard.pattern.language);
  if (!dialect) return RefusedRule{fmt::format("a piece of {} is not a pattern on its own", to_string(guard.pattern.language))};
  if (guard.counts.atoms > 0) return RefusedRule{"it has conditions on its surroundings"};
  if (failed.empty() || fixed.empty()) return RefusedRule{"its example is not there to test the rule with"};
  for (const TreePattern* side : {&guard.pattern.before, &guard.pattern.after})
    if (std::string why = obstacle(*side); !why.empty()) return RefusedRule{std::move(why)};
  ExportedRule rule;
  rule.id = "learned-" + guard.id.hex().substr(0, 16);
  const std::string message = guard.cause.empty() ? "this was a mistake before" : guard.cause;
  rule.rule = fmt::format("id: {}\nlanguage: {}\nseverity: {}\nmessage: {}\n", rule.id, dialect->name, severity(guard.level), quoted(message));
  rule.rule += fmt::format("rule:\n  all:\n    - pattern: {}\n    - inside: {{stopBy: end, any: {}}}\n", quoted(pattern_of(guard.pattern.before)),
                           dialect->functions);
  if (!guard.pattern.after.empty()) {
    const std::string after = quoted(pattern_of(guard.pattern.after));
    rule.rule += fmt::format("    - not: {{pattern: {}}}\n    - not: {{inside: {{stopBy: end, pattern: {}}}}}\n    - not: {{has: {{stopBy: end, pattern: {}}}}}\n",
                             after, after, after);
    rule.rule += fmt::format("note: {}\n", quoted("better: " + guard.pattern.after.text));
  }
  rule.rule += fmt::format("metadata: {{confirmed: {}, false_alarms: {}, guard: {}}}\n", guard.counts.confirmed, guard.counts.false_alarms, guard.id.hex());
  rule.test = fmt::format("id: {}\nvalid:\n  - {}\ninvalid:\n  - {}\n", rule.id, quoted(fixed), quoted(failed));
  return rule;
}

}  // namespace autodev::report
