// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/repair_copies.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace autodev::apply {
namespace {

using syntax::no_code_node;

/// The part of a variant that replaces bytes [start, end) of the program.
std::string edited_part(const std::string& source, std::size_t start, std::size_t end, const std::vector<RepairEdit>& edits) {
  std::string text;
  std::size_t at = start;
  for (const auto& edit : edits) {
    if (edit.end < start || edit.start > end || edit.start < at) continue;
    text.append(source, at, edit.start - at);
    text += edit.text;
    at = edit.end;
  }
  if (at < end) text.append(source, at, end - at);
  return text;
}

bool touches(const std::vector<RepairEdit>& edits, std::size_t start, std::size_t end) {
  return std::any_of(edits.begin(), edits.end(), [&](const RepairEdit& e) { return e.start < end && e.end >= start && !(e.start == e.end && e.start == start); });
}

/// Lines of `text` that include headers go to `includes`, the rest stays.
std::string without_includes(std::string_view text, std::vector<std::string>& includes) {
  std::string rest;
  for (const auto line : base::split(text, '\n')) {
    const auto trimmed = base::trim(line);
    if (trimmed.starts_with("#include") || trimmed.starts_with("# include")) {
      if (std::find(includes.begin(), includes.end(), std::string(trimmed)) == includes.end()) includes.emplace_back(trimmed);
      rest += '\n';
    } else {
      rest += std::string(line) + "\n";
    }
  }
  return rest;
}

}  // namespace

ProgramCopies::ProgramCopies(const RepairProgram& program) : program_(program) {
  const auto& tree = program.tree();
  for (const auto& name : program.names())
    if (name.global && name.written != "#define") globals_.insert(name.name);
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const auto& node = tree.nodes[i];
    const std::string_view above = node.parent == no_code_node ? std::string_view() : tree.nodes[node.parent].type;
    if (node.type == "function_declarator") {
      const auto name = tree.child(i, "declarator");
      if (name != no_code_node && tree.nodes[name].type == "identifier" && program.function_of(node.parent) != no_code_node) functions_.insert(std::string(program.text(name)));
      else if (name != no_code_node && tree.nodes[name].type == "identifier" && above == "declaration") functions_.insert(std::string(program.text(name)));
    }
    if (node.type == "type_identifier" && (node.field == "name" || (node.field == "declarator" && above == "type_definition"))) globals_.insert(std::string(program.text(i)));
    if (node.type == "identifier" && above == "enumerator") globals_.insert(std::string(program.text(i)));
  }
  for (const auto child : tree.nodes.empty() ? std::vector<std::uint32_t>() : tree.children(0)) {
    const auto& node = tree.nodes[child];
    Item item{node.start, node.end, false, node.type == "preproc_include", {}};
    if (node.type == "preproc_def" || node.type == "preproc_function_def") {
      const auto name = tree.child(child, "name");
      if (name != no_code_node) item.macro = std::string(program.text(name));
    }
    bool function = node.type == "function_definition";
    for (std::uint32_t k = child; k < child + node.size && !function; ++k)
      function = tree.nodes[k].type == "function_declarator" || tree.nodes[k].type == "compound_statement";
    item.shared = !item.include && !function && !node.broken && node.type != "expression_statement";
    if (!items_.empty() && item.start < items_.back().end) continue;
    items_.push_back(item);
  }
  for (const auto& item : items_)
    if (item.include || item.shared) head_ += program.source().substr(item.start, item.end - item.start) + "\n";
}

void ProgramCopies::c_copy(const std::vector<RepairEdit>& edits, std::size_t number, const std::string& code, std::string& out) const {
  const bool all = std::any_of(items_.begin(), items_.end(), [&](const Item& item) { return item.shared && touches(edits, item.start, item.end); });
  std::set<std::string> renamed = functions_;
  renamed.insert("main");
  if (all) renamed.insert(globals_.begin(), globals_.end());
  for (const auto& name : renamed) out += fmt::format("#define {} {}__{}\n", name, name, number);
  for (const auto& item : items_)
    if (all && !item.macro.empty()) out += "#undef " + item.macro + "\n";
  out += fmt::format("#line 1 \"m{}\"\n", number);
  std::size_t after = 0;
  for (const auto& item : items_) {
    if (item.include || (item.shared && !all)) {
      after = item.end;
      continue;
    }
    out += edited_part(program_.source(), std::max(after, item.start), item.end, edits) + "\n";
    after = item.end;
  }
  out += code + "\n";
  for (const auto& name : renamed) out += "#undef " + name + "\n";
  if (!all) return;
  for (const auto& item : items_)
    if (!item.macro.empty()) out += "#undef " + item.macro + "\n" + program_.source().substr(item.start, item.end - item.start) + "\n";
}

void ProgramCopies::cpp_copy(const std::vector<RepairEdit>& edits, std::size_t number, const std::string& code, std::string& out) const {
  std::vector<std::string> ignored;
  for (const auto& item : items_)
    if (!item.macro.empty()) out += "#undef " + item.macro + "\n";
  out += fmt::format("namespace m{} {{\n#line 1 \"m{}\"\n", number, number);
  out += without_includes(apply_edits(program_.source(), edits) + "\n" + code, ignored);
  out += "\n}\n";
}

std::string ProgramCopies::source(const std::vector<const std::vector<RepairEdit>*>& variants, const std::vector<std::string>& codes) const {
  const bool c = program_.language() == Language::c;
  std::string out, table;
  std::vector<std::string> includes, rest;
  if (!c) without_includes(program_.source(), includes);
  for (const auto& code : codes) rest.push_back(without_includes(code, includes));
  for (const auto& include : includes) out += include + "\n";
  if (c) out += head_;
  else out += "using namespace std;\n";
  if (rest.empty()) rest.emplace_back();
  std::size_t number = 0;
  for (const auto* edits : variants)
    for (const auto& code : rest) {
      if (c) c_copy(*edits, number, code, out);
      else cpp_copy(*edits, number, code, out);
      table += c ? fmt::format("(autodev_entry)main__{},", number) : fmt::format("(autodev_entry)&m{}::main,", number);
      ++number;
    }
  if (c) return out + fmt::format("#line 1 \"table\"\ntypedef int (*autodev_entry)(int, char**);\nautodev_entry autodev_table[] = {{{}}};\nint autodev_count = {};\n", table, number);
  return out + fmt::format("#line 1 \"table\"\nextern \"C\" {{\ntypedef int (*autodev_entry)(int, char**);\nautodev_entry autodev_table[] = {{{}}};\nint autodev_count = {};\n}}\n", table, number);
}

}  // namespace autodev::apply
