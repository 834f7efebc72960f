// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Statements: one goes, moves, changes its place with its neighbour, is taken into or out of a block, or is written a second time
// somewhere else; jumps and small assignments appear (the redundancy assumption of GenProg: Le Goues et al., TSE 2012).
#include <algorithm>
#include <set>

#include "apply/repair_candidate.h"

namespace autodev::apply {
namespace {

using syntax::no_code_node;

constexpr std::size_t max_copied = 160;  ///< bytes of a statement that is written a second time

class StatementMaker {
 public:
  explicit StatementMaker(CandidateList& list) : list_(list), program_(list.program()), nodes_(program_.tree().nodes) {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
      if (program_.usable(i) && program_.node_class(i) == NodeClass::statement && in_code(i)) statements_.push_back(i);
    collect_material();
  }

  void run() {
    for (const auto i : statements_) {
      remove(i);
      unwrap(i);
      blocks(i);
      if (program_.in_block(i) || !program_.python()) insert(i);
    }
  }

 private:
  bool in_code(std::uint32_t i) const {
    return program_.function_of(i) != no_code_node || (!program_.c_like() && nodes_[i].parent != no_code_node);
  }
  std::string indent(std::uint32_t i) const {
    const auto& source = program_.source();
    const auto line = source.rfind('\n', nodes_[i].start == 0 ? 0 : nodes_[i].start - 1);
    const std::size_t from = line == std::string::npos ? 0 : line + 1;
    return nodes_[i].start >= from ? source.substr(from, nodes_[i].start - from) : "";
  }
  std::string separator(std::uint32_t i) const {
    if (!program_.python()) return " ";
    const auto space = indent(i);
    return space.find_first_not_of(" \t") == std::string::npos ? "\n" + space : "; ";
  }
  std::string type_word(std::uint32_t i) const { return std::string(nodes_[i].type.substr(0, nodes_[i].type.find('_'))); }

  std::vector<std::uint32_t> siblings(std::uint32_t i) const {
    std::vector<std::uint32_t> found;
    for (const auto child : program_.tree().children(nodes_[i].parent))
      if (program_.node_class(child) == NodeClass::statement) found.push_back(child);
    return found;
  }

  void remove(std::uint32_t i) {
    if (nodes_[i].type == "compound_statement" || nodes_[i].type == "block") return;
    list_.replace("delete", std::string(nodes_[i].type), i, program_.python() ? "pass" : ";");
    if (nodes_[i].type == "expression_statement" && program_.c_like() && program_.text(i).starts_with("printf"))
      list_.replace("delete", "printf", i, " ;");
    if (!program_.in_block(i)) return;
    const auto row = siblings(i);
    const auto at = std::find(row.begin(), row.end(), i);
    if (at == row.end() || at + 1 == row.end()) return;
    const auto next = *(at + 1);
    list_.add_all("swap statements", type_word(i) + " " + type_word(next), i,
                  {{nodes_[i].start, nodes_[i].end, std::string(program_.text(next))}, {nodes_[next].start, nodes_[next].end, std::string(program_.text(i))}});
    const auto body = program_.tree().child(next, "body");
    if (body != no_code_node && nodes_[body].type == "compound_statement")
      list_.add_all("move", type_word(i) + " into the next", i,
                    {{nodes_[i].start, nodes_[i].end, ""}, {nodes_[body].start + 1, nodes_[body].start + 1, " " + std::string(program_.text(i))}});
    if (nodes_[i].end - nodes_[i].start < max_copied)
      for (const auto later : row)
        if (later > next && row.size() < 24)
          list_.add_all("move", type_word(i) + " down", i, {{nodes_[i].start, nodes_[i].end, program_.python() ? "pass" : ""}, {nodes_[later].end, nodes_[later].end, separator(later) + std::string(program_.text(i))}});
  }

  /// `if (c) S` to `S`; drops an else; turns if into while and back; `if` after `if` gets an else.
  void unwrap(std::uint32_t i) {
    const auto& tree = program_.tree();
    const std::string_view type = nodes_[i].type;
    if (type == "if_statement") {
      const auto then = tree.child(i, "consequence"), otherwise = tree.child(i, "alternative");
      if (then != no_code_node && otherwise == no_code_node && !program_.python()) list_.replace("unwrap", "if", i, std::string(program_.text(then)));
      if (otherwise != no_code_node) {
        list_.replace("delete", "else", otherwise, "");
        if (!program_.python()) {
          const std::string_view text = program_.text(otherwise);
          if (text.starts_with("else")) list_.replace("unwrap", "else", otherwise, std::string(text.substr(4)));
        }
      }
      list_.add("keyword", "if to while", i, nodes_[i].start, nodes_[i].start + 2, "while");
      if (program_.in_block(i) && !program_.python()) {
        const auto row = siblings(i);
        const auto at = std::find(row.begin(), row.end(), i);
        if (at != row.begin() && at != row.end() && nodes_[*(at - 1)].type == "if_statement")
          list_.add("else", "before if", i, nodes_[i].start, nodes_[i].start, "else ");
      }
    }
    if (type == "while_statement") list_.add("keyword", "while to if", i, nodes_[i].start, nodes_[i].start + 5, "if");
    if (!program_.python() && program_.in_block(i) && type != "if_statement") {
      const auto row = siblings(i);
      const auto at = std::find(row.begin(), row.end(), i);
      if (at != row.begin() && at != row.end() && nodes_[*(at - 1)].type == "if_statement" && tree.child(*(at - 1), "alternative") == no_code_node)
        list_.add("else", "before " + type_word(i), i, nodes_[i].start, nodes_[i].start, "else ");
    }
    if (program_.python() && type == "elif_clause") list_.add("keyword", "elif to if", i, nodes_[i].start, nodes_[i].start + 4, "if");
  }

  /// The last statement leaves a block, the next one enters it.
  void blocks(std::uint32_t i) {
    const auto& tree = program_.tree();
    if (program_.python()) return python_blocks(i);
    auto body = tree.child(i, "body");
    if (body == no_code_node) body = tree.child(i, "consequence");
    if (body == no_code_node) return;
    if (nodes_[body].type == "compound_statement") {
      const auto inside = tree.children(body);
      if (inside.size() >= 3) {
        const auto last = inside[inside.size() - 2], first = inside[1];
        list_.add_all("block", "last leaves " + type_word(i), last, {{nodes_[last].start, nodes_[last].end, ""}, {nodes_[body].end, nodes_[body].end, " " + std::string(program_.text(last))}});
        list_.add_all("block", "first leaves " + type_word(i), first, {{nodes_[i].start, nodes_[i].start, std::string(program_.text(first)) + " "}, {nodes_[first].start, nodes_[first].end, ""}});
        for (std::size_t k = 2; k + 2 < inside.size() && k < 12; ++k)  // the block ends earlier
          list_.add_all("block", "ends earlier " + type_word(i), i, {{nodes_[inside[k]].start, nodes_[inside[k]].start, "} "}, {nodes_[body].end - 1, nodes_[body].end, ""}});
      }
    }
    if (!program_.in_block(i)) return;
    const auto row = siblings(i);
    const auto at = std::find(row.begin(), row.end(), i);
    for (auto later = at == row.end() ? at : at + 1; later != row.end() && later - at <= 3; ++later) {
      if (nodes_[body].type == "compound_statement")
        list_.add_all("block", "next enters " + type_word(i), i, {{nodes_[body].end - 1, nodes_[body].end, ""}, {nodes_[*later].end, nodes_[*later].end, "}"}});
      else
        list_.add_all("block", "braces around " + type_word(i), i, {{nodes_[body].start, nodes_[body].start, "{"}, {nodes_[*later].end, nodes_[*later].end, "}"}});
    }
  }

  /// The last statement of a suite loses one level of indentation, the one after it gains one.
  void python_blocks(std::uint32_t i) {
    const auto body = program_.tree().child(i, "body") != no_code_node ? program_.tree().child(i, "body") : program_.tree().child(i, "consequence");
    if (body == no_code_node || !program_.in_block(i)) return;
    const auto inside = program_.tree().children(body);
    if (inside.empty()) return;
    const auto outer = indent(i), inner = indent(inside.back());
    const auto shifted = [&](std::uint32_t statement, const std::string& from, const std::string& to) {
      std::string text = to;
      for (const char c : program_.text(statement)) text += c;
      for (std::size_t p = text.find("\n" + from); p != std::string::npos; p = text.find("\n" + from, p + 1 + to.size())) text.replace(p + 1, from.size(), to);
      return text;
    };
    if (inside.size() > 1 && inner.size() > outer.size()) {
      const auto last = inside.back();
      list_.add("block", "last leaves " + type_word(i), last, nodes_[last].start - inner.size(), nodes_[last].end, shifted(last, inner, outer));
    }
    const auto row = siblings(i);
    const auto at = std::find(row.begin(), row.end(), i);
    if (at == row.end() || at + 1 == row.end() || inner.size() <= outer.size()) return;
    const auto next = *(at + 1);
    if (indent(next) == outer) list_.add("block", "next enters " + type_word(i), next, nodes_[next].start - outer.size(), nodes_[next].end, shifted(next, outer, inner));
  }

  struct Material {
    std::string text, detail;
    std::vector<std::string> names;
    std::uint32_t from;
  };

  void collect_material() {
    std::set<std::string> seen;
    for (const auto i : statements_) {
      const auto text = std::string(program_.text(i));
      if (text.size() > max_copied || nodes_[i].type == "compound_statement" || nodes_[i].type == "declaration") continue;
      if (text.find('\n') != std::string::npos && program_.python()) continue;
      if (seen.insert(text).second) material_.push_back({text, "copy of " + std::string(nodes_[i].type), {}, i});
    }
    const std::string end = program_.python() ? "" : ";";
    for (const char* jump : {"break", "continue", "return 0", "return"})
      if (seen.insert(jump + end).second) material_.push_back({jump + end, jump, {}, no_code_node});
  }

  void insert(std::uint32_t i) {
    const bool block = program_.in_block(i);
    if (!block) return;
    const auto row = siblings(i);
    const bool first = !row.empty() && row.front() == i;
    const auto function = program_.function_of(i);
    for (const auto& material : material_) {
      if (material.from == i) {
        if (nodes_[i].type != "expression_statement") continue;
      } else if (material.from != no_code_node && program_.function_of(material.from) != function) continue;
      put(i, material.text, material.detail, first, material.names);
    }
    if (program_.python()) return;
    for (const auto index : program_.names_at(nodes_[i].end)) {
      const auto& name = program_.names()[index];
      if (name.depth != 0 || name.written == "#define") continue;
      for (const char* change : {"=0", "=1", "++", "--", "=-1"}) put(i, name.name + change + ";", std::string("name") + change, first, {name.name});
    }
  }

  void put(std::uint32_t i, const std::string& text, const std::string& detail, bool first, const std::vector<std::string>& names) {
    const auto after = nodes_[i].end;
    const std::string gap = separator(i);
    if (nodes_[i].type != "return_statement" && nodes_[i].type != "break_statement")
      list_.add("insert", detail + " after " + type_word(i), i, after, after, gap + text, names);
    if (first || nodes_[i].type == "return_statement" || nodes_[i].type == "break_statement")
      list_.add("insert", detail + " before " + type_word(i), i, nodes_[i].start, nodes_[i].start, text + gap, names);
  }

  CandidateList& list_;
  const RepairProgram& program_;
  const std::vector<syntax::CodeNode>& nodes_;
  std::vector<std::uint32_t> statements_;
  std::vector<Material> material_;
};

}  // namespace

void statement_candidates(CandidateList& list) {
  StatementMaker maker(list);
  maker.run();
}

}  // namespace autodev::apply
