// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Templates as text: with hole names for readers, with fillers for use. Both copy the leading instance and
// replace the holes' byte ranges; comments and layout between them stay.
//
// The tree of a type holds its members without their bodies, the text keeps them. What is shown is what the tree holds:
// a body that is not in it is "...".
//
// A sequence hole's range carries its separator (hole.h). For readers the separator is shown in front of or
// behind "$$$n"; where the leading instance has nothing in the gap, it is taken from the neighbours.
#include <algorithm>
#include <optional>
#include <utility>

#include "mine/hole.h"
#include "mine/hole_text.h"
#include "mine/subtree.h"
#include "mine/template.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

constexpr std::string_view separators = " \t\r\n,;";
constexpr std::uint32_t none = UINT32_MAX;

/// A hole's place in the leading text, with the neighbours that can be seen there.
struct HolePlace {
  std::uint32_t node = 0, parent = none, previous = none, next = none, before_previous = none, after_next = none;
};

void add_places(const Nast& tree, std::uint32_t parent, std::vector<HolePlace>& places) {
  const std::vector<std::uint32_t> children = children_of(tree, parent);
  std::vector<std::uint32_t> seen;  // siblings with text
  for (const auto child : children)
    if (!is_hole(tree.nodes[child]) || tree.nodes[child].end > tree.nodes[child].start) seen.push_back(child);
  std::size_t before = 0;  // how many of them stand in front
  for (const auto child : children) {
    const bool has_text = before < seen.size() && seen[before] == child;
    const auto at = [&](std::size_t k) { return k < seen.size() ? seen[k] : none; };  // k may wrap around to none
    const std::size_t after = before + has_text;
    if (is_hole(tree.nodes[child]))
      places.push_back({child, parent, at(before - 1), at(after), at(before - 2), at(after + 1)});
    before = after;
  }
}

std::vector<HolePlace> hole_places(const Nast& tree) {
  std::vector<HolePlace> places;
  if (tree.nodes.empty()) return places;
  if (is_hole(tree.nodes[0])) places.push_back({});
  for (std::uint32_t parent = 0; parent < tree.nodes.size(); ++parent) add_places(tree, parent, places);
  std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.node < b.node; });
  return places;
}

bool is_word(char c) noexcept {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Do two words meet at this byte?
bool runs_together(std::string_view text, std::size_t position) noexcept {
  return position > 0 && position < text.size() && is_word(text[position - 1]) && is_word(text[position]);
}

/// Appends, with a space where two words would run together that are apart in the leading text.
void append(std::string& out, std::string_view text, bool apart) {
  if (apart && !out.empty() && !text.empty() && is_word(out.back()) && is_word(text.front())) out += ' ';
  out += text;
}

/// A part of the leading text that the tree does not hold, and what stands for it.
struct Elision {
  std::uint32_t start = 0, end = 0;
  std::string_view shown;
};

/// Copies the leading text with each hole's range replaced by what `filler(place)` returns, and without `elisions` (in
/// order). Ranges that run backwards (only in foreign templates) are skipped.
template <typename Filler>
std::string replace_holes(const Template& pattern, const std::vector<Elision>& elisions, Filler filler) {
  std::string out;
  out.reserve(pattern.text.size());
  std::uint32_t copied = 0;
  auto elision = elisions.begin();
  const auto leave_out_before = [&](std::uint32_t position) {
    for (; elision != elisions.end() && elision->start < position; ++elision) {
      if (elision->start < copied) continue;
      append(out, slice(pattern.text, {copied, elision->start}), !runs_together(pattern.text, copied));
      out += elision->shown;
      copied = elision->end;
    }
  };
  for (const auto& place : hole_places(pattern.tree)) {
    const NastNode& node = pattern.tree.nodes[place.node];
    if (node.start < copied || node.end < node.start) continue;
    leave_out_before(node.start);
    if (node.start < copied) continue;
    append(out, slice(pattern.text, {copied, node.start}), !runs_together(pattern.text, copied));
    append(out, filler(place), !runs_together(pattern.text, node.start));
    copied = node.end;
  }
  leave_out_before(UINT32_MAX);
  append(out, slice(pattern.text, {copied, UINT32_MAX}), !runs_together(pattern.text, copied));
  return out;
}

/// Where in what follows a member's head its body begins, and what is shown instead; absent for members without one.
std::optional<std::pair<std::size_t, std::string_view>> body_in(std::string_view tail, Language language) {
  if (language == Language::python) {
    const std::size_t colon = tail.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    return std::pair(colon + 1, std::string_view(" ..."));
  }
  if (language == Language::ruby) return std::pair(std::size_t{0}, std::string_view(" ... end"));
  if (const std::size_t brace = tail.find('{'); brace != std::string_view::npos)
    return std::pair(brace, std::string_view("{ ... }"));
  if (const std::size_t arrow = tail.find("=>"); arrow != std::string_view::npos)
    return std::pair(arrow, std::string_view("=> ...;"));
  return std::nullopt;
}

/// Bodies of the members of a type, which its tree does not hold.
std::vector<Elision> bodies_left_out(const Template& pattern) {
  std::vector<Elision> elisions;
  const Nast& tree = pattern.tree;
  if (tree.nodes.empty() || tree.nodes[0].kind != NodeKind::type_declaration) return elisions;
  for (std::uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const NastNode& member = tree.nodes[i];
    if (member.kind != NodeKind::function && member.kind != NodeKind::method) continue;
    std::uint32_t head_end = member.start;
    bool has_body = false;
    for (const std::uint32_t child : children_of(tree, i)) {
      has_body = has_body || tree.nodes[child].kind == NodeKind::block;
      head_end = std::max(head_end, tree.nodes[child].end);
    }
    if (has_body || head_end >= member.end) continue;
    const auto body = body_in(slice(pattern.text, {head_end, member.end}), tree.language);
    if (body) elisions.push_back({head_end + static_cast<std::uint32_t>(body->first), member.end, body->second});
  }
  return elisions;
}

/// The layout that separates two siblings, without comments that stand between them.
std::string separator_of(std::string_view between) {
  std::string separator;
  if (!between.empty() && (between.front() == ',' || between.front() == ';')) separator += between.front();
  const std::size_t line = between.rfind('\n');
  if (line == std::string_view::npos) return separator + " ";
  const std::size_t indent_end = between.find_first_not_of(" \t", line + 1);
  return separator.append(between.substr(line, std::min(indent_end, between.size()) - line));
}

/// Separator for a gap whose neighbours have no other sibling to imitate.
std::string default_separator(std::string_view text, const NastNode& node, std::uint32_t neighbour_start) {
  if ((node.flags & syntax::flag_statement) == 0) return ", ";
  const std::string_view before = slice(text, {0, neighbour_start});
  const std::size_t line = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const std::size_t indent_end = before.find_first_not_of(" \t", line);
  std::string separator(1, '\n');
  return separator.append(before.substr(line, std::min(indent_end, before.size()) - line));
}

class Renderer {
 public:
  Renderer(const Template& pattern, const std::vector<std::string>& names) : pattern_(pattern), names_(names) {}

  [[nodiscard]] std::string show(const HolePlace& place) const {
    const NastNode& node = pattern_.tree.nodes[place.node];
    const std::string& name = names_[node.symbol - 1];
    return node.kind == NodeKind::hole ? name : show_sequence(place, node, name);
  }

 private:
  [[nodiscard]] std::string show_sequence(const HolePlace& place, const NastNode& node, const std::string& name) const {
    const std::string_view text = slice(pattern_.text, {node.start, node.end});
    if (text.empty()) return show_empty(place, node, name);
    if (!is_open(place) && place.previous == none) return show_front(place, text, name);
    const std::size_t start = text.find_first_not_of(separators);
    if (start == std::string_view::npos) return name;
    const std::size_t end = text.find_last_not_of(separators) + 1;
    return std::string(text.substr(0, start)) + name + std::string(text.substr(end));
  }

  [[nodiscard]] std::string show_empty(const HolePlace& place, const NastNode& node, const std::string& name) const {
    const bool open = is_open(place);
    if (open && place.previous != none) {
      if (place.next != none) return between(place.previous, place.next) + name;
      if (place.before_previous != none) return between(place.before_previous, place.previous) + name;
      return default_separator(pattern_.text, node, pattern_.tree.nodes[place.previous].start) + name;
    }
    if (open && place.next != none) {
      if (place.after_next != none) return name + between(place.next, place.after_next);
      return name + default_separator(pattern_.text, node, pattern_.tree.nodes[place.next].start);
    }
    return name;
  }

  [[nodiscard]] bool is_open(const HolePlace& place) const {
    return place.parent != none && (pattern_.tree.nodes[place.parent].flags & syntax::flag_sequence) != 0;
  }

  /// In front of all siblings of a closed node: the node's own keywords stay, "@x\n def " is "$$$1\n def ".
  [[nodiscard]] std::string show_front(const HolePlace& place, std::string_view text, const std::string& name) const {
    const std::string_view keyword = place.parent == none ? std::string_view() : pattern_.tree.symbol(place.parent);
    const std::size_t word_end = text.find_last_not_of(separators) + 1;  // npos + 1 is 0
    if (keyword.empty() || !text.substr(0, word_end).ends_with(keyword))
      return name + std::string(text.substr(word_end));
    const std::size_t word = word_end - keyword.size();
    const std::size_t gap = text.substr(0, word).find_last_not_of(separators) + 1;
    return name + (word == 0 ? " " : std::string(text.substr(gap, word - gap))) + std::string(text.substr(word));
  }

  /// Layout between two siblings.
  [[nodiscard]] std::string between(std::uint32_t first, std::uint32_t second) const {
    return separator_of(slice(pattern_.text, {pattern_.tree.nodes[first].end, pattern_.tree.nodes[second].start}));
  }

  const Template& pattern_;
  const std::vector<std::string>& names_;
};

}  // namespace

std::string render(const Template& pattern) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < pattern.holes.size(); ++i)
    names.push_back((pattern.holes[i].kind == to_string(HoleKind::sequence) ? "$$$" : "$") + std::to_string(i + 1));
  return render(pattern, names);
}

std::string render(const Template& pattern, const std::vector<std::string>& names) {
  const Renderer renderer(pattern, names);
  return replace_holes(pattern, bodies_left_out(pattern), [&](const HolePlace& place) { return renderer.show(place); });
}

Result<std::string> instantiate(const Template& pattern, const std::vector<std::string>& fillers) {
  if (fillers.size() != pattern.holes.size())
    return fail(ErrorCode::usage,
                "the template has " + std::to_string(pattern.holes.size()) + " holes, but " +
                    std::to_string(fillers.size()) + " texts were given",
                "give one text per hole, in the order of their numbers");
  return replace_holes(pattern, {}, [&](const HolePlace& place) -> std::string_view {
    return fillers[pattern.tree.nodes[place.node].symbol - 1];
  });
}

}  // namespace autodev::mine
