// SPDX-License-Identifier: MIT OR Apache-2.0
//
// YAML strings are written as JSON strings, which YAML understands.
#include "report/rule_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/json.h"
#include "base/text.h"

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

constexpr const char* about_flaw = "it is about variables and the flow of control; a rule compares forms";

/// Why neither format can say the guard; empty when it can.
std::string common_obstacle(const knowledge::Guard& guard, const std::string& failed, const std::string& fixed) {
  if (guard.counts.atoms > 0) return "it has conditions on its surroundings";
  if (!guard.pattern.slice.empty()) return "it follows data and control to other places of the function; a rule is about one node";
  if (failed.empty() || fixed.empty()) return "its example is not there to test the rule with";
  for (const TreePattern* side : {&guard.pattern.before, &guard.pattern.after})
    if (std::string why = obstacle(*side); !why.empty()) return why;
  return {};
}

/// What Semgrep would match more widely than it is written.
std::string semgrep_obstacle(const TreePattern& side) {
  for (std::size_t i = 0; i < side.nodes.size(); ++i) {
    const mine::PatternNode& node = side.nodes[i];
    if (node.kind == syntax::NodeKind::member && i + 1 < side.nodes.size() && side.nodes[i + 1].kind == syntax::NodeKind::identifier &&
        side.nodes[i + 1].symbol != "self" && side.nodes[i + 1].symbol != "cls")
      return "Semgrep takes a name before a dot for what was imported under another name, too";
    if (node.kind == syntax::NodeKind::pair || node.kind == syntax::NodeKind::argument)
      return "Semgrep does not look at the order of keyword arguments and entries";
    if (node.kind == syntax::NodeKind::import) return "Semgrep resolves imports";
    if (node.kind == syntax::NodeKind::string) return "Semgrep takes some strings for patterns of strings";
    if (node.kind == syntax::NodeKind::block) return "Semgrep looks for parts of a block, a guard for all of it";
  }
  return {};
}

bool is_expression(syntax::NodeKind kind) {
  using enum syntax::NodeKind;
  switch (kind) {
    case call: case member: case index: case binary: case unary: case ternary: case list: case map: case tuple: case string: case number:
    case boolean: case null: case identifier: case lambda: return true;
    default: return false;
  }
}

/// The line with the mistake is marked for `semgrep --test`.
std::string marked(const std::string& failed, const std::string& id, std::uint32_t line) {
  std::string text;
  std::uint32_t number = 1;
  for (const std::string_view one : base::split_lines(failed)) {
    if (number++ == line) text += fmt::format("{}# ruleid: {}\n", one.substr(0, std::min(one.find_first_not_of(" \t"), one.size())), id);
    text += fmt::format("{}\n", one);
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
  if (!guard.pattern.flaw.empty()) return RefusedRule{about_flaw};
  const auto dialect = dialect_of(guard.pattern.language);
  if (!dialect) return RefusedRule{fmt::format("a piece of {} is not a pattern on its own", to_string(guard.pattern.language))};
  if (std::string why = common_obstacle(guard, failed, fixed); !why.empty()) return RefusedRule{std::move(why)};
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

std::variant<ExportedRule, RefusedRule> semgrep_rule(const knowledge::Guard& guard, const std::string& failed, const std::string& fixed,
                                                     std::uint32_t line) {
  if (!guard.pattern.flaw.empty()) return RefusedRule{about_flaw};
  if (guard.pattern.language != Language::python)
    return RefusedRule{fmt::format("functions of {} have no one form in a pattern", to_string(guard.pattern.language))};
  if (std::string why = common_obstacle(guard, failed, fixed); !why.empty()) return RefusedRule{std::move(why)};
  const TreePattern& before = guard.pattern.before;
  const TreePattern& after = guard.pattern.after;
  for (const TreePattern* side : {&before, &after})
    if (std::string why = semgrep_obstacle(*side); !why.empty()) return RefusedRule{std::move(why)};
  ExportedRule rule;
  rule.id = "learned-" + guard.id.hex().substr(0, 16);
  const std::string_view level = guard.level == mine::GuardLevel::block ? "ERROR" : guard.level == mine::GuardLevel::advise ? "WARNING" : "INFO";
  rule.rule = fmt::format("rules:\n  - id: {}\n    languages: [python]\n    severity: {}\n    message: {}\n    patterns:\n      - pattern: {}\n"
                          "      - pattern-inside: \"def $FUNCTION(...):\\n    ...\\n\"\n",
                          rule.id, level, quoted(guard.cause.empty() ? "this was a mistake before" : guard.cause), quoted(pattern_of(before)));
  if (!after.empty()) {
    const std::string text = pattern_of(after);
    rule.rule += fmt::format("      - pattern-not: {0}\n      - pattern-not-inside: {0}\n", quoted(text));
    // A simple statement holds no statement, so only an expression can be within the match.
    if (is_expression(after.nodes.front().kind)) rule.rule += fmt::format("      - pattern-not: {}\n", quoted("<... " + text + " ...>"));
  }
  rule.rule += "    options: {constant_propagation: false, symbolic_propagation: false, ac_matching: false, vardef_assign: false, attr_expr: false, "
               "decorators_order_matters: true}\n";
  rule.rule += fmt::format("    metadata: {{confirmed: {}, false_alarms: {}, guard: {}}}\n", guard.counts.confirmed, guard.counts.false_alarms, guard.id.hex());
  rule.test = marked(failed, rule.id, line) + "\n# ok: " + rule.id + "\n" + fixed + "\n";
  return rule;
}

}  // namespace autodev::report
