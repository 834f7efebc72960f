// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Types: a declaration gets a wider type, with the formats that read and print it; a name a first value; an array more room. C and C++.
#include <algorithm>
#include <map>

#include "apply/repair_candidate.h"

namespace autodev::apply {
namespace {

using syntax::no_code_node;

/// Edits that turn each `from` inside string literals into `to`.
void widen_formats(const RepairProgram& program, std::string_view from, std::string_view to, std::vector<RepairEdit>& edits) {
  for (std::uint32_t i = 0; i < program.tree().nodes.size(); ++i) {
    if (!program.usable(i) || !program.is_string(i)) continue;
    std::string text(program.text(i));
    bool changed = false;
    for (std::size_t p = text.find(from); p != std::string::npos; p = text.find(from, p + to.size())) {
      text.replace(p, from.size(), to);
      changed = true;
    }
    if (changed) edits.push_back({program.tree().nodes[i].start, program.tree().nodes[i].end, text});
  }
}

/// Every use of a type becomes a wider one.
void everywhere(CandidateList& list, std::string_view from, const std::string& to, std::string_view format, std::string_view wide) {
  const auto& program = list.program();
  const auto& nodes = program.tree().nodes;
  std::vector<RepairEdit> types;
  std::uint32_t anchor = 0;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (!program.usable(i) || (nodes[i].type != "primitive_type" && nodes[i].type != "sized_type_specifier") || program.text(i) != from) continue;
    const auto parent = nodes[i].parent;
    const bool main = nodes[parent].type == "function_definition" && program.text(parent).find("main") != std::string_view::npos &&
                      program.text(parent).find("main") < 24;
    if (main || nodes[parent].type == "sized_type_specifier") continue;
    if (anchor == 0) anchor = i;
    types.push_back({nodes[i].start, nodes[i].end, to});
  }
  if (types.empty()) return;
  const std::string name = std::string(from) + " to " + to;
  list.add_all("all types", name, anchor, types);
  widen_formats(program, format, wide, types);
  list.add_all("all types and formats", name, anchor, types);
}

void declared_type(CandidateList& list, std::uint32_t node) {
  const auto& program = list.program();
  const std::string old(program.text(node));
  for (const char* other : {"int", "long long", "long", "unsigned", "unsigned long long", "double", "float", "char", "long double"})
    list.replace("type", old + " to " + other, node, other);
  const bool real = old == "float" || old == "double";
  std::vector<RepairEdit> edits = {{program.tree().nodes[node].start, program.tree().nodes[node].end, real ? "double" : "long long"}};
  widen_formats(program, real ? "%f" : "%d", real ? "%lf" : "%lld", edits);
  list.add_all("type and formats", old, node, edits);
  if (!real) {
    edits = {{program.tree().nodes[node].start, program.tree().nodes[node].end, "double"}};
    widen_formats(program, "%d", "%lf", edits);
    list.add_all("type and formats", old + " to double", node, edits);
  }
}

/// Every array of one size becomes larger.
void larger_arrays(CandidateList& list) {
  const auto& program = list.program();
  const auto& nodes = program.tree().nodes;
  std::map<std::string, std::vector<std::uint32_t>> sizes;
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    if (program.usable(i) && program.is_number(i) && nodes[i].parent != no_code_node && nodes[nodes[i].parent].type == "array_declarator")
      sizes[std::string(program.text(i))].push_back(i);
  std::vector<RepairEdit> all;
  for (const auto& [size, places] : sizes) {
    std::vector<RepairEdit> edits;
    for (const auto i : places) edits.push_back({nodes[i].start, nodes[i].end, size + "0"});
    all.insert(all.end(), edits.begin(), edits.end());
    if (places.size() > 1) list.add_all("all sizes", "equal *10", places[0], edits);
  }
  if (sizes.size() > 1) list.add_all("all sizes", "*10", sizes.begin()->second[0], all);
}

}  // namespace

void type_candidates(CandidateList& list) {
  const auto& program = list.program();
  if (!program.c_like()) return;
  const auto& nodes = program.tree().nodes;
  larger_arrays(list);
  everywhere(list, "int", "long long", "%d", "%lld");
  everywhere(list, "int", "double", "%d", "%lf");
  everywhere(list, "float", "double", "%f", "%lf");
  everywhere(list, "long", "long long", "%ld", "%lld");
  for (std::uint32_t i = 0; i < nodes.size() && !list.full(); ++i) {
    if (!program.usable(i) || nodes[i].parent == no_code_node) continue;
    const auto parent = nodes[i].parent;
    if (nodes[i].field == "type" && (nodes[parent].type == "declaration" || nodes[parent].type == "parameter_declaration" ||
                                     nodes[parent].type == "function_definition" || nodes[parent].type == "cast_expression" || nodes[parent].type == "field_declaration"))
      declared_type(list, i);
    if (nodes[i].field == "type" && nodes[parent].type == "type_descriptor") declared_type(list, i);
    if (nodes[parent].type == "declaration" && nodes[i].field == "declarator") {
      if (nodes[i].type == "identifier")
        for (const char* value : {"=0", "=1", "=-1"}) list.add("first value", value, i, nodes[i].end, nodes[i].end, value, {std::string(program.text(i))});
      if (nodes[i].type == "array_declarator") list.add("first value", "array", i, nodes[i].end, nodes[i].end, "={0}", {});
      if (nodes[i].type == "array_declarator" && program.function_of(i) != no_code_node) list.add("storage", "static", i, nodes[parent].start, nodes[parent].start, "static ");
    }
  }
}

}  // namespace autodev::apply
