// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Patterns as code: texts with named holes, and one-line renderings of parts that have no text of their own. Patterns
// have at most max_after_nodes nodes, so walking them recursively is bounded.
#include <algorithm>

#include "base/text.h"
#include "mine/edit_match.h"
#include "mine/edit_text.h"
#include "mine/hole.h"
#include "mine/hole_type.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NodeKind;

namespace {

constexpr std::size_t max_code_bytes = 72;

/// A hole and where it stands first.
struct KnownHole {
  const PatternNode* node = nullptr;
  bool arguments = false;  ///< all that a call is given
};

/// Is the node the last child of a call that has a callee?
bool is_given(const std::vector<PatternNode>& nodes, std::size_t hole) {
  for (std::size_t above = hole; above-- > 0;) {
    if (above + nodes[above].size <= hole) continue;
    const bool call = nodes[above].kind == NodeKind::call || nodes[above].kind == NodeKind::construct;
    return call && hole > above + 1 && above + nodes[above].size == hole + 1;
  }
  return false;
}

/// Every hole of the pattern by number - 1: what it accepts.
std::vector<KnownHole> holes_of(const EditPattern& pattern) {
  std::vector<KnownHole> holes(pattern.holes);
  const auto collect = [&](const TreePattern& side) {
    for (std::size_t i = 0; i < side.nodes.size(); ++i) {
      const PatternNode& node = side.nodes[i];
      if (node.hole == EditHole::none || node.number > holes.size() || holes[node.number - 1u].node != nullptr)
        continue;
      holes[node.number - 1u] = {&node, node.hole == EditHole::expression && is_given(side.nodes, i)};
    }
  };
  collect(pattern.before);
  for (const SliceFragment& fragment : pattern.slice) collect(fragment.code);
  collect(pattern.after);
  return holes;
}

std::string_view class_of(const KnownHole& hole) {
  if (hole.node == nullptr) return "hole";
  switch (hole.node->hole) {
    case EditHole::name:
      return "name";
    case EditHole::expression:
      return hole.arguments ? "args" : "expr";
    case EditHole::statement:
      return "stmt";
    case EditHole::literal:
      return syntax::to_string(hole.node->kind);
    case EditHole::none:
      break;
  }
  return "hole";
}

void append_nodes(Nast& tree, const TreePattern& side) {
  for (std::size_t i = side.run ? 1 : 0; i < side.nodes.size(); ++i) {
    const PatternNode& node = side.nodes[i];
    syntax::NastNode made;
    made.kind = node.hole == EditHole::none ? node.kind : NodeKind::hole;
    made.size = node.size;
    if (node.hole != EditHole::none) {
      made.symbol = node.number;
      if (node.hole == EditHole::statement) made.flags = syntax::flag_statement;
    } else if (!node.symbol.empty()) {
      const auto known = std::find(tree.symbols.begin(), tree.symbols.end(), node.symbol);
      made.symbol = static_cast<std::uint32_t>(known - tree.symbols.begin()) + 1;
      if (known == tree.symbols.end()) tree.symbols.push_back(node.symbol);
      if (node.kind == NodeKind::identifier) made.flags = syntax::flag_callee;
    }
    tree.nodes.push_back(made);
  }
}

Nast rooted(Language language) {
  Nast tree;
  tree.language = language;
  tree.nodes.emplace_back();
  return tree;
}

class ShortCode {
 public:
  ShortCode(const Nast& tree, const std::vector<std::string>& names) : tree_(tree), names_(names) {}

  [[nodiscard]] std::string code(std::uint32_t node) const {
    const auto& here = tree_.nodes[node];
    if (here.kind == NodeKind::hole)
      return here.symbol <= names_.size() && here.symbol > 0 ? names_[here.symbol - 1] : "…";
    const std::string symbol(tree_.symbol(node));
    const auto parts = children(node);
    if (parts.empty()) return leaf(here.kind, symbol);
    switch (here.kind) {
      case NodeKind::binary:
        return joined(parts, " " + symbol + " ");
      case NodeKind::assignment:
        return joined(parts, " " + (symbol.empty() ? "=" : symbol) + " ");
      case NodeKind::unary:
        return unary(symbol, code(parts[0]));
      case NodeKind::call:
      case NodeKind::construct:
        return call(parts, symbol);
      case NodeKind::member:
        return joined(parts, symbol.empty() ? "." : symbol);
      case NodeKind::index:
        return code(parts[0]) + "[" + joined({parts.begin() + 1, parts.end()}, ", ") + "]";
      case NodeKind::arguments:
      case NodeKind::parameters:
      case NodeKind::tuple:
        return "(" + joined(parts, ", ") + ")";
      case NodeKind::argument:
        return joined(parts, "=");
      case NodeKind::list:
        return "[" + joined(parts, ", ") + "]";
      case NodeKind::map:
        return "{" + joined(parts, ", ") + "}";
      case NodeKind::pair:
        return joined(parts, ": ");
      case NodeKind::slice:
        return joined(parts, ":");
      case NodeKind::block:
        return "{ " + joined(parts, "; ") + " }";
      case NodeKind::declaration:
        return declaration(parts, symbol);
      case NodeKind::if_statement:
        return "if (" + code(parts[0]) + ") " + joined({parts.begin() + 1, parts.end()}, " else ");
      case NodeKind::ternary:
        return code(parts[0]) + " ? " + joined({parts.begin() + 1, parts.end()}, " : ");
      case NodeKind::cast:
        return "(" + code(parts[0]) + ") " + joined({parts.begin() + 1, parts.end()}, " ");
      case NodeKind::loop:
        return symbol.substr(0, symbol.find(' ')) + " (" + joined({parts.begin(), parts.end() - 1}, "; ") + ") " +
               code(parts.back());
      default:
        return (symbol.empty() ? "" : symbol + " ") + joined(parts, " ");
    }
  }

 private:
  [[nodiscard]] std::vector<std::uint32_t> children(std::uint32_t node) const {
    std::vector<std::uint32_t> list;
    for (std::uint32_t child = node + 1; child < node + tree_.nodes[node].size; child += tree_.nodes[child].size)
      list.push_back(child);
    return list;
  }

  [[nodiscard]] std::string joined(const std::vector<std::uint32_t>& parts, std::string_view between) const {
    std::string text;
    for (const std::uint32_t part : parts) {
      if (part != parts.front()) text += between;
      text += code(part);
    }
    return text;
  }

  static std::string leaf(NodeKind kind, const std::string& symbol) {
    if (kind == NodeKind::arguments || kind == NodeKind::parameters || kind == NodeKind::tuple) return "()";
    if (kind == NodeKind::list) return "[]";
    if (kind == NodeKind::map || kind == NodeKind::block) return "{}";
    return symbol.empty() ? std::string(syntax::to_string(kind)) : symbol;
  }

  static std::string unary(const std::string& symbol, const std::string& operand) {
    if (symbol == "++" || symbol == "--") return operand + symbol;
    const bool word = !symbol.empty() && symbol.back() >= 'a' && symbol.back() <= 'z';
    return symbol + (word ? " " : "") + operand;
  }

  [[nodiscard]] std::string call(const std::vector<std::uint32_t>& parts, const std::string& symbol) const {
    const NodeKind last = tree_.nodes[parts.back()].kind;
    const bool given = parts.size() > 1 && (last == NodeKind::arguments || last == NodeKind::hole);
    const std::vector<std::uint32_t> callee(parts.begin(), given ? parts.end() - 1 : parts.end());
    const std::string arguments = !given                   ? ""
                                  : last == NodeKind::hole ? "(" + code(parts.back()) + ")"
                                                           : code(parts.back());
    return (symbol.empty() ? "" : symbol + " ") + joined(callee, ".") + arguments;
  }

  [[nodiscard]] std::string declaration(const std::vector<std::uint32_t>& parts, const std::string& symbol) const {
    if (symbol == ":=" && parts.size() > 1)
      return joined({parts.begin(), parts.end() - 1}, ", ") + " := " + code(parts.back());
    const NodeKind first = tree_.nodes[parts[0]].kind;
    const bool value = parts.size() == 2 &&
                       (first == NodeKind::hole || first == NodeKind::identifier || first == NodeKind::tuple) &&
                       tree_.nodes[parts[1]].kind != NodeKind::declaration;
    return (symbol.empty() ? "" : symbol + " ") + joined(parts, value ? " = " : " ");
  }

  const Nast& tree_;
  const std::vector<std::string>& names_;
};

void fill(const EditMatch& match, const SourceTree& source, std::vector<std::string>& fillers) {
  for (std::size_t i = 0; i < fillers.size(); ++i) {
    if (!fillers[i].empty() || match.bound[i] == syntax::no_parent) continue;
    const auto& node = source.tree.nodes[match.bound[i]];
    fillers[i] = slice(source.text, {node.start, node.end});
  }
}

}  // namespace

Nast tree_of(Language language, const TreePattern& side) {
  Nast tree = rooted(language);
  append_nodes(tree, side);
  tree.nodes[0].size = static_cast<std::uint32_t>(tree.nodes.size());
  return tree;
}

std::string short_code(const Nast& tree, std::uint32_t node, const std::vector<std::string>& names) {
  const std::string code = base::fold_whitespace(ShortCode(tree, names).code(node));
  const std::string_view clipped = base::clip_utf8(code, max_code_bytes);
  return clipped.size() == code.size() ? code : std::string(clipped) + "…";
}

std::vector<std::string> typed_hole_names(const EditPattern& pattern) {
  const bool sigils = pattern.language == Language::php || pattern.language == Language::bash;
  std::vector<std::string> names;
  for (const KnownHole& hole : holes_of(pattern)) {
    const std::string number = std::to_string(names.size() + 1);
    const std::string what(class_of(hole));
    names.push_back(sigils ? "$" + number + ":" + what : "$" + what + number);
  }
  return names;
}

std::vector<std::string> hole_restrictions(const EditPattern& pattern) {
  std::vector<std::string> said;
  for (const KnownHole& hole : holes_of(pattern)) {
    if (hole.node == nullptr)
      said.emplace_back("anything");
    else if (hole.node->hole == EditHole::name)
      said.emplace_back("a local name");
    else if (hole.node->hole == EditHole::expression)
      said.emplace_back(hole.arguments ? "any arguments" : "an expression");
    else if (hole.node->hole == EditHole::statement)
      said.emplace_back("a statement");
    else
      said.push_back(hole.node->kind == NodeKind::null
                         ? "a null"
                         : "a literal " + std::string(syntax::to_string(hole.node->kind)));
  }
  return said;
}

std::string named_text(const TreePattern& side, const std::vector<std::string>& names) {
  std::string text;
  std::size_t at = 0;
  for (const HolePlace& place : side.places) {
    if (place.at < at || place.at > side.text.size() || place.number > names.size()) continue;
    text += side.text.substr(at, place.at - at) + names[place.number - 1u];
    at = place.at + 1 + std::to_string(place.number).size();
  }
  return at < side.text.size() ? text + side.text.substr(at) : text;
}

std::vector<std::string> hole_fillers(const EditPattern& pattern, const SourceTree& failed, const SourceTree& passed) {
  std::vector<std::string> fillers(pattern.holes);
  const UnitShape before(failed.tree);
  const auto match = find_mistake(pattern, before);
  if (!match) return fillers;
  fill(*match, failed, fillers);
  // Holes of the code after alone: its first match with the same texts in the holes of both.
  const UnitShape after(passed.tree);
  for (const EditMatch& fixed : find_all(pattern.after, pattern.holes, after, 64)) {
    std::vector<std::string> there(pattern.holes);
    fill(fixed, passed, there);
    bool same = true;
    for (std::size_t i = 0; i < there.size(); ++i)
      same = same && (fillers[i].empty() || there[i].empty() || fillers[i] == there[i]);
    if (!same) continue;
    fill(fixed, passed, fillers);
    break;
  }
  return fillers;
}

std::vector<Hole> edit_holes(const EditPattern& pattern, const std::vector<std::vector<std::string>>& fillers) {
  Template known;
  known.tree = rooted(pattern.language);
  append_nodes(known.tree, pattern.before);
  for (const SliceFragment& fragment : pattern.slice) append_nodes(known.tree, fragment.code);
  append_nodes(known.tree, pattern.after);
  known.tree.nodes[0].size = static_cast<std::uint32_t>(known.tree.nodes.size());
  for (const KnownHole& hole : holes_of(pattern)) {
    const EditHole accepts = hole.node == nullptr ? EditHole::expression : hole.node->hole;
    HoleKind kind = HoleKind::expression;
    if (accepts == EditHole::name) kind = HoleKind::identifier;
    if (accepts == EditHole::literal) kind = HoleKind::literal;
    if (accepts == EditHole::statement || hole.arguments)
      kind = HoleKind::statement;  // not named after one word of many
    TemplateHole& made = known.holes.emplace_back();
    made.kind = to_string(kind);
    const std::size_t number = known.holes.size() - 1;
    for (const auto& fix : fillers)
      if (number < fix.size() && !fix[number].empty()) add_filler(made, fix[number], 1);
  }
  std::vector<Hole> holes = public_holes(known);
  const auto typed = typed_hole_names(pattern);
  for (std::size_t i = 0; i < holes.size(); ++i)
    if (holes[i].name.find_first_not_of("$0123456789") == std::string::npos) holes[i].name = typed[i];
  return holes;
}

}  // namespace autodev::mine
