// SPDX-License-Identifier: MIT OR Apache-2.0
//
// First the parts are chosen on the tree before, then they are written at each abstraction with one numbering of holes.
#include "mine/edit_slice.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace autodev::mine {

using syntax::Nast;
using syntax::NodeKind;
using syntax::SiblingRange;

namespace {

/// Names whose definition and use are followed; a slice of more is a copy of its function.
constexpr std::size_t max_names = 2;

bool is_single(const Nast& tree, const SiblingRange& range) {
  return !range.empty() && range.first + tree.nodes[range.first].size == range.last;
}

CodePart run_of(const Nast& tree, const SiblingRange& range) {
  if (is_single(tree, range)) return whole_subtree(tree, range.first);
  return {true, range.parent, range.first, range.last};
}

bool holds_statements(const Nast& tree, std::uint32_t node) {
  return tree.nodes[node].kind == NodeKind::block;
}

/// Symbols of local names in [first, last), by first appearance.
std::vector<std::uint32_t> names_in(const Nast& tree, std::uint32_t first, std::uint32_t last) {
  std::vector<std::uint32_t> names;
  for (std::uint32_t i = first; i < last; ++i) {
    const std::uint32_t symbol = tree.nodes[i].symbol;
    if (syntax::is_local_name(tree.nodes[i]) && std::find(names.begin(), names.end(), symbol) == names.end())
      names.push_back(symbol);
  }
  return names;
}

/// The symbol of the same text in another tree; 0 when there is none.
std::uint32_t symbol_in(const Nast& tree, std::string_view text) {
  for (std::size_t i = 0; i < tree.symbols.size(); ++i)
    if (tree.symbols[i] == text) return static_cast<std::uint32_t>(i + 1);
  return 0;
}

/// Names of the changed code before and after, as symbols of the tree before, by first appearance.
std::vector<std::uint32_t> changed_names(const FixSide& before, const FixSide& after, const syntax::TreeEdit& edit) {
  std::vector<std::uint32_t> names = names_in(before.tree, edit.before.first, edit.before.last);
  for (const std::uint32_t symbol : names_in(after.tree, edit.after.first, edit.after.last)) {
    const std::uint32_t here = symbol_in(before.tree, after.tree.symbols[symbol - 1]);
    if (here != 0 && std::find(names.begin(), names.end(), here) == names.end()) names.push_back(here);
  }
  return names;
}

/// The first node of a local name in the part; 0 when it is not there.
std::uint32_t place_of(const Nast& tree, const CodePart& part, std::uint32_t symbol) {
  for (std::uint32_t i = part.first; i < part.last; ++i)
    if (syntax::is_local_name(tree.nodes[i]) && tree.nodes[i].symbol == symbol) return i;
  return 0;
}

std::uint32_t parent_of(const FixSide& side, const CodePart& part) {
  return part.run ? part.root : side.parent[part.root];
}

/// Added statements hang on the next use of a name that they mention, else on its definition.
void hang_addition(const FixSide& before, const syntax::TreeEdit& edit, const std::vector<std::uint32_t>& names,
                   EditSlice& slice, std::uint32_t& hook) {
  const SiblingRange& at = edit.before;
  for (const std::uint32_t symbol : names) {
    const auto use = use_after(before.flow(), symbol, at.parent, at.first, at.first);
    if (!use || use->run) continue;
    slice.core = *use;
    slice.place = FixPlace::above;
    hook = symbol;
    return;
  }
  for (const std::uint32_t symbol : names) {
    const auto definition = definition_before(before.flow(), symbol, at.first);
    if (!definition || definition->run) continue;
    slice.core = *definition;
    slice.place = FixPlace::below;
    hook = symbol;
    return;
  }
}

/// The changed expression: the run itself where it says something, else what it is part of.
void take_changed(const FixSide& before, const FixSide& after, const syntax::TreeEdit& edit, EditSlice& slice) {
  const bool whole = is_single(before.tree, edit.before) && before.tree.nodes[edit.before.first].size > 1;
  const bool statements = holds_statements(before.tree, edit.before.parent) && !edit.before.empty();
  if (whole || statements) {
    slice.core = run_of(before.tree, edit.before);
    slice.after = run_of(after.tree, edit.after);
    return;
  }
  std::uint32_t left = edit.before.parent, right = edit.after.parent;
  // An argument says little without what it is given to.
  const auto up = [](const FixSide& side, std::uint32_t node) { return side.parent[node]; };
  while (before.tree.nodes[left].kind == NodeKind::arguments || before.tree.nodes[left].kind == NodeKind::argument) {
    if (up(before, left) == syntax::no_parent || up(after, right) == syntax::no_parent) break;
    left = up(before, left);
    right = up(after, right);
  }
  slice.core = whole_subtree(before.tree, left);
  slice.after = whole_subtree(after.tree, right);
}

bool overlaps(const CodePart& a, const CodePart& b) {
  return a.first < b.last && b.first < a.last;
}

void tie_name(const FixSide& before, std::uint32_t symbol, EditSlice& slice) {
  const std::uint32_t name = place_of(before.tree, slice.core, symbol);
  const auto tie = [&](SliceRole role, const std::optional<CodePart>& part) {
    if (!part || overlaps(*part, slice.core) || slice.ties.size() >= max_slice_fragments) return;
    slice.ties.push_back({role, name, *part});
  };
  tie(SliceRole::definition, definition_before(before.flow(), symbol, slice.core.first));
  if (slice.place == FixPlace::instead)
    tie(SliceRole::use,
        use_after(before.flow(), symbol, parent_of(before, slice.core), slice.core.first, slice.core.last));
}

void tie_condition(const FixSide& before, EditSlice& slice) {
  const auto governor = governor_of(before.flow(), parent_of(before, slice.core), slice.core.first);
  if (!governor || slice.ties.size() >= max_slice_fragments) return;
  const SliceRole role = governor->how == Governs::asked   ? SliceRole::asks
                         : governor->how == Governs::holds ? SliceRole::holds
                                                           : SliceRole::fails;
  slice.ties.push_back({role, 0, governor->condition});
}

/// Nodes of a tie that a general rung leaves out: what neither mentions a name of the core nor says what is called.
std::unordered_set<std::uint32_t> cuts_of(const FixSide& side, const CodePart& part, const CodePart& core) {
  const auto shared = names_in(side.tree, core.first, core.last);
  const auto mentions = [&](std::uint32_t node) {
    for (std::uint32_t i = node; i < node + side.tree.nodes[node].size; ++i)
      if (syntax::is_local_name(side.tree.nodes[i]) &&
          std::find(shared.begin(), shared.end(), side.tree.nodes[i].symbol) != shared.end())
        return true;
    return false;
  };
  std::unordered_set<std::uint32_t> cuts;
  for (std::uint32_t i = part.first; i < part.last;) {
    const NodeKind kind = side.tree.nodes[i].kind;
    const bool enters = i == part.root || side.tree.nodes[i].size == 1 || kind == NodeKind::call ||
                        kind == NodeKind::construct || kind == NodeKind::member || kind == NodeKind::declaration ||
                        mentions(i);
    if (!enters) cuts.insert(i);
    i += enters ? 1 : side.tree.nodes[i].size;
  }
  return cuts;
}

/// A text with places of holes, piece by piece.
void append_text(TreePattern& out, std::string_view before, const TreePattern& piece, std::string_view behind) {
  out.text += before;
  const auto shift = static_cast<std::uint32_t>(out.text.size());
  for (const HolePlace& place : piece.places) out.places.push_back({place.at + shift, place.number});
  out.text += piece.text;
  out.text += behind;
}

std::string first_word(std::string_view text) {
  return std::string(text.substr(0, text.find(' ')));
}

/// Both texts: the parts in the order of the source, what is cut away as "...".
void compose_texts(const FixSide& side, const EditSlice& slice, EditPattern& rung) {
  struct Piece {
    std::uint32_t start;
    const TreePattern* text;
    std::string head, tail;
  };
  std::vector<Piece> pieces;
  std::string head, tail;  // of the core: what asks it
  for (std::size_t i = 0; i < slice.ties.size(); ++i) {
    const SliceFragment& fragment = rung.slice[i];
    const std::uint32_t root = slice.ties[i].part.root;
    const std::string word = first_word(side.tree.symbol(root));
    switch (fragment.role) {
      case SliceRole::definition:
      case SliceRole::use:
        pieces.push_back({side.tree.nodes[slice.ties[i].part.first].start, &fragment.code, "", ""});
        break;
      case SliceRole::asks:
        head = word + " (";
        tail = ") ...";
        break;
      case SliceRole::holds:
        pieces.push_back({side.tree.nodes[root].start, &fragment.code, word + " (", ")"});
        break;
      case SliceRole::fails:
        pieces.push_back({side.tree.nodes[root].start, &fragment.code, word + " (", ") ... else"});
        break;
    }
  }
  const std::uint32_t core = side.tree.nodes[slice.core.first].start;
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.start < b.start; });
  const TreePattern changed = std::exchange(rung.before, TreePattern{rung.before.run, rung.before.nodes, {}, {}});
  const TreePattern fixed = std::exchange(rung.after, TreePattern{rung.after.run, rung.after.nodes, {}, {}});
  for (TreePattern* out : {&rung.before, &rung.after}) {
    const auto add = [out](std::string_view before, const TreePattern& piece, std::string_view behind) {
      append_text(*out, (out->text.empty() ? "" : "\n...\n") + std::string(before), piece, behind);
    };
    const bool after = out == &rung.after;
    const auto add_core = [&] {
      if (after && slice.place == FixPlace::above) add("", fixed, "");
      if (!after || slice.place != FixPlace::instead || !fixed.text.empty())
        add(head, after && slice.place == FixPlace::instead ? fixed : changed, tail);
      if (after && slice.place == FixPlace::below) add("", fixed, "");
    };
    bool done = false;
    for (const Piece& piece : pieces) {
      if (!done && piece.start > core) add_core(), done = true;
      add(piece.head, *piece.text, piece.tail);
    }
    if (!done) add_core();
  }
}

/// What the fix left alone of the core: the names that tie it stay visible.
std::unordered_set<std::uint64_t> kept_in(const FixSide& before, const FixSide& after, const EditSlice& slice) {
  if (slice.place != FixPlace::instead) return {};
  auto kept = kept_subtrees(before, slice.core, after, slice.after);
  for (const EditSlice::Tie& tie : slice.ties)
    for (std::uint32_t node = tie.name; tie.name != 0 && node >= slice.core.first && node != syntax::no_parent;
         node = before.parent[node])
      kept.erase(before.hash[node].exact);
  return kept;
}

/// Absent: beyond the bounds, or without enough to recognise.
std::optional<EditPattern> written(const FixSide& before, const FixSide& after, const EditSlice& slice,
                                   std::uint8_t abstraction) {
  const auto kept = kept_in(before, after, slice);
  RungWriter writer(abstraction, kept);
  EditPattern rung;
  rung.language = before.tree.language;
  rung.width = slice_width;
  rung.abstraction = abstraction;
  rung.place = slice.place;
  if (!writer.write(before, slice.core, rung.before, max_pattern_nodes)) return std::nullopt;
  for (const EditSlice::Tie& tie : slice.ties) {
    SliceFragment fragment;
    fragment.role = tie.role;
    if (tie.name != 0) {
      fragment.hole = writer.hole_of_name(before, tie.name);
      if (fragment.hole == 0) return std::nullopt;  // it stands in a subtree that is a hole
    }
    if (abstraction >= 2) writer.cut(cuts_of(before, tie.part, slice.core));
    if (!writer.write(before, tie.part, fragment.code, max_fragment_nodes, true)) return std::nullopt;
    rung.slice.push_back(std::move(fragment));
  }
  writer.cut({});
  if (!writer.write(after, slice.after, rung.after, max_after_nodes)) return std::nullopt;
  rung.holes = writer.holes();
  if (rung.before.nodes.empty() || rung.before.nodes[0].hole != EditHole::none || concrete_nodes(rung) < 3)
    return std::nullopt;
  if (rung.before.run == rung.after.run && rung.before.nodes == rung.after.nodes) return std::nullopt;
  if (rung.place != FixPlace::instead && rung.after.nodes.empty()) return std::nullopt;
  compose_texts(before, slice, rung);
  for (SliceFragment& fragment : rung.slice) fragment.code.text.clear(), fragment.code.places.clear();
  return rung;
}

}  // namespace

EditSlice slice_of(const FixSide& before, const FixSide& after, const syntax::TreeEdit& edit) {
  EditSlice slice;
  std::vector<std::uint32_t> names = changed_names(before, after, edit);
  if (edit.before.empty() && holds_statements(before.tree, edit.before.parent)) {
    std::uint32_t hook = 0;
    hang_addition(before, edit, names, slice, hook);
    if (hook == 0) return slice;
    slice.after = run_of(after.tree, edit.after);
    names.erase(std::find(names.begin(), names.end(), hook));
    names.insert(names.begin(), hook);
  } else {
    take_changed(before, after, edit, slice);
  }
  if (before.tree.nodes[slice.core.root].kind == NodeKind::function || slice.core.root == 0) return {};
  std::erase_if(names, [&](std::uint32_t symbol) { return place_of(before.tree, slice.core, symbol) == 0; });
  if (names.empty()) names = names_in(before.tree, slice.core.first, slice.core.last);
  if (names.size() > max_names) names.resize(max_names);
  for (const std::uint32_t symbol : names) tie_name(before, symbol, slice);
  tie_condition(before, slice);
  return slice;
}

std::vector<EditPattern> slice_rungs(const FixSide& before, const FixSide& after, const syntax::TreeEdit& edit) {
  std::vector<EditPattern> rungs;
  const EditSlice slice = slice_of(before, after, edit);
  if (slice.core.last == 0 || (slice.ties.empty() && slice.place == FixPlace::instead)) return rungs;
  for (std::uint8_t abstraction = 0; abstraction < edit_abstractions; ++abstraction) {
    // As in the rest of the ladder: what was only taken out is known by what it said.
    if (abstraction > 0 && edit.after.empty()) break;
    if (auto rung = written(before, after, slice, abstraction)) rungs.push_back(std::move(*rung));
  }
  return rungs;
}

}  // namespace autodev::mine
