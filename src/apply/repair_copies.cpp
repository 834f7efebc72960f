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

ProgramCopies::ProgramCopies(const RepairProgram& program) : program_(program), sites_(program) {
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

void ProgramCopies::c_copy(const std::vector<RepairEdit>& edits, const std::string& mark, std::size_t number, const std::string& code, std::string& out) const {
  const bool all = std::any_of(items_.begin(), items_.end(), [&](const Item& item) { return item.shared && touches(edits, item.start, item.end); });
  std::set<std::string> renamed = functions_;
  renamed.insert("main");
  if (all) renamed.insert(globals_.begin(), globals_.end());
  for (const auto& name : renamed) out += fmt::format("#define {} {}__{}\n", name, name, number);
  for (const auto& item : items_)
    if (all && !item.macro.empty()) out += "#undef " + item.macro + "\n";
  out += fmt::format("#line 1 \"{}\"\n", mark);
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

void ProgramCopies::cpp_copy(const std::vector<RepairEdit>& edits, const std::string& mark, std::size_t number, const std::string& code, std::string& out) const {
  std::vector<std::string> ignored;
  for (const auto& item : items_)
    if (!item.macro.empty()) out += "#undef " + item.macro + "\n";
  out += fmt::format("namespace m{} {{\n#line 1 \"{}\"\n", number, mark);
  out += without_includes(apply_edits(program_.source(), edits) + "\n" + code, ignored);
  out += "\n}\n";
}

std::size_t ProgramCopies::cost(const std::vector<RepairEdit>& variant) const {
  return sites_.fits(variant) ? sites_.cost(variant) : program_.source().size() + 200;
}

std::string ProgramCopies::source(const std::vector<const std::vector<RepairEdit>*>& variants, const std::vector<std::string>& codes, bool share) const {
  const bool c = program_.language() == Language::c;
  std::string out, entries, numbers;
  std::vector<std::string> includes, rest;
  if (!c) without_includes(program_.source(), includes);
  for (const auto& code : codes) rest.push_back(without_includes(code, includes));
  for (const auto& include : includes) out += include + "\n";
  out += c ? head_ + "extern int autodev_m;\n" : "using namespace std;\nextern \"C\" int autodev_m;\n";
  if (rest.empty()) rest.emplace_back();
  std::vector<std::pair<std::size_t, const std::vector<RepairEdit>*>> together;
  for (std::size_t v = 0; v < variants.size(); ++v)
    if (share && sites_.fits(*variants[v])) together.emplace_back(v, variants[v]);
  std::size_t copies = 0;
  const auto copy = [&](const std::vector<RepairEdit>& edits, const std::string& mark, const std::string& code) {
    if (c) c_copy(edits, mark, copies, code, out);
    else cpp_copy(edits, mark, copies, code, out);
    return copies++;
  };
  if (!together.empty()) {
    const auto all = sites_.shared(together);
    for (const auto& code : rest) copy(all, "rest", code);
  }
  for (std::size_t v = 0, next = 0; v < variants.size(); ++v) {
    const bool shared = next < together.size() && together[next].first == v;
    next += shared;
    for (std::size_t t = 0; t < rest.size(); ++t) {
      const std::size_t number = shared ? t : copy(*variants[v], fmt::format("m{}", v), rest[t]);
      entries += c ? fmt::format("(autodev_entry)main__{},", number) : fmt::format("(autodev_entry)&m{}::main,", number);
      numbers += fmt::format("{},", v);
    }
  }
  const std::string table = fmt::format("typedef int (*autodev_entry)(int, char**);\nautodev_entry autodev_table[] = {{{}}};\nint autodev_number[] = {{{}}};\nint autodev_m = -1, autodev_count = {};\n",
                                        entries, numbers, variants.size() * rest.size());
  return out + "#line 1 \"table\"\n" + (c ? table : "extern \"C\" {\n" + table + "}\n");
}

}  // namespace autodev::apply
