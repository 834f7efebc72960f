// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/repair_sites.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace autodev::apply {
namespace {

using syntax::no_code_node;

/// Brackets match, and nothing in the text belongs to what stands before it.
bool self_contained(std::string_view text) {
  int round = 0, curly = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\') ++i;
      else if (c == quote) quote = 0;
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    round += (c == '(') - (c == ')');
    curly += (c == '{') - (c == '}');
    if (round < 0 || curly < 0) return false;
  }
  const auto trimmed = base::trim(text);
  return round == 0 && curly == 0 && quote == 0 && !trimmed.starts_with("else") && !trimmed.starts_with("case") && !trimmed.starts_with("static");
}

bool jumps(std::string_view text) { return text.find("break") != std::string_view::npos; }

}  // namespace

RepairSites::RepairSites(const RepairProgram& program) : program_(program) {
  const auto& nodes = program.tree().nodes;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const auto& node = nodes[i];
    if (!program.usable(i) || node.broken || program.function_of(i) == no_code_node || node.parent == no_code_node) continue;
    if (!sites_.empty() && node.start < sites_.back().end) continue;
    const std::string_view type = node.type, above = nodes[node.parent].type;
    Site site{node.start, node.end, false, false};
    const bool simple = type == "expression_statement" || type == "return_statement" || type == "break_statement" || type == "continue_statement";
    const bool header = above == "for_statement" && (node.field == "initializer" || node.field == "update") && program.node_class(i) == NodeClass::expression;
    site.condition = program.is_condition(i) && above != "conditional_expression" && above != "do_statement";
    site.update = header || (above == "for_statement" && type == "comma_expression" && node.field != "condition");
    if (!simple && !site.condition && !site.update) continue;
    if (simple && (above == "for_statement" && node.field == "initializer")) continue;
    if (simple && above == "labeled_statement") continue;
    bool plain = true;  // statements inside (a lambda) have sites of their own
    for (std::uint32_t k = i + 1; k < i + node.size && plain; ++k) plain = program.node_class(k) != NodeClass::statement && nodes[k].type != "lambda_expression";
    if (plain) sites_.push_back(site);
  }
}

const RepairSites::Site* RepairSites::site_of(const RepairEdit& edit) const {
  for (const auto& site : sites_)
    if (edit.start >= site.start && edit.end <= site.end) return &site;
  return nullptr;
}

std::string RepairSites::varied(const Site& site, const std::vector<RepairEdit>& edits) const {
  std::string text;
  std::size_t at = site.start;
  for (const auto& edit : edits) {
    if (edit.start < site.start || edit.end > site.end) continue;
    text.append(program_.source(), at, edit.start - at);
    text += edit.text;
    at = edit.end;
  }
  text.append(program_.source(), at, site.end - at);
  return text;
}

bool RepairSites::fits(const std::vector<RepairEdit>& edits) const {
  if (edits.empty()) return false;
  return std::all_of(edits.begin(), edits.end(), [&](const RepairEdit& edit) {
    const Site* site = site_of(edit);
    return site != nullptr && self_contained(varied(*site, edits));
  });
}

std::size_t RepairSites::cost(const std::vector<RepairEdit>& edits) const {
  std::size_t bytes = 60;
  for (const auto& edit : edits)
    if (const Site* site = site_of(edit)) bytes += site->end - site->start + edit.text.size();
  return bytes;
}

std::string RepairSites::chooser(const Site& site, const std::vector<std::pair<std::size_t, std::string>>& texts) const {
  const std::string own = program_.source().substr(site.start, site.end - site.start);
  const auto marked = [](std::size_t number, const std::string& text) { return fmt::format("\n#line 1 \"m{}\"\n{}\n#line 1 \"rest\"\n", number, text); };
  std::string cases, chain;
  for (const auto& [number, text] : texts) {
    if (site.condition) cases += fmt::format("case {}: autodev_r = !!({}); break; ", number, marked(number, text));
    else if (site.update) cases += fmt::format("case {}: {}; break; ", number, marked(number, text));
    else if (jumps(text) || jumps(own)) chain += fmt::format("if (autodev_m == {}) {{ {} }} else ", number, marked(number, text));
    else cases += fmt::format("case {}: {{ {} }} break; ", number, marked(number, text));
  }
  if (site.condition) return fmt::format("__extension__({{ int autodev_r; switch (autodev_m) {{ {} default: autodev_r = !!({}); }} autodev_r; }})", cases, own);
  if (site.update) return fmt::format("__extension__({{ switch (autodev_m) {{ {} default: {}; }} }})", cases, own);
  if (jumps(own)) return fmt::format("{{ {} {{ {} }} }}", chain, own);
  return fmt::format("{{ {} switch (autodev_m) {{ {} default: {{ {} }} }} }}", chain, cases, own);
}

std::vector<RepairEdit> RepairSites::shared(const std::vector<std::pair<std::size_t, const std::vector<RepairEdit>*>>& variants) const {
  std::map<std::size_t, std::vector<std::pair<std::size_t, std::string>>> by_site;
  for (const auto& [number, edits] : variants) {
    std::size_t last = sites_.size();
    for (const auto& edit : *edits) {
      const Site* site = site_of(edit);
      if (site == nullptr) continue;
      const auto index = static_cast<std::size_t>(site - sites_.data());
      if (index != last) by_site[index].emplace_back(number, varied(*site, *edits));
      last = index;
    }
  }
  std::vector<RepairEdit> edits;
  for (const auto& [index, texts] : by_site) edits.push_back({sites_[index].start, sites_[index].end, chooser(sites_[index], texts)});
  return edits;
}

}  // namespace autodev::apply
