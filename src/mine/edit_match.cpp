// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Both trees lie in preorder, so comparing them is one walk over two arrays; a hole skips a subtree.
#include "mine/edit_match.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"

namespace autodev::mine {

using syntax::NastNode;
using syntax::no_parent;
using syntax::NodeKind;

namespace {

constexpr std::size_t max_surroundings = 64;
constexpr std::size_t kinds = static_cast<std::size_t>(NodeKind::sequence_hole) + 1;

NodeKind folded(NodeKind kind) noexcept { return kind == NodeKind::method ? NodeKind::function : kind; }

std::uint64_t head(NodeKind kind, std::uint64_t symbol) noexcept {
  return base::mix64(static_cast<std::uint64_t>(folded(kind)) + 1, symbol);
}
std::uint64_t flaw_atom(std::string_view name) noexcept { return base::mix64(0x666c6177ULL, base::hash64(name)); }
std::uint64_t edge(std::uint64_t parent, std::uint64_t child) noexcept { return base::mix64(parent ^ 0x65646765ULL, child); }

bool is_name(const NastNode& node) noexcept {
  return syntax::is_local_name(node) ||
         (node.kind == NodeKind::identifier && (node.flags & syntax::flag_unit_name) != 0);
}

class Matcher {
 public:
  Matcher(const UnitShape& unit, std::uint8_t holes) : unit_(unit), bound_(holes, no_parent) {}

  std::vector<std::uint32_t>& bound() noexcept { return bound_; }

  /// Matches pattern nodes [p, p_end) with consecutive siblings from `t` that end at or before `t_end`; where they end.
  std::optional<std::uint32_t> siblings(const TreePattern& pattern, std::size_t p, std::size_t p_end, std::uint32_t t,
                                        std::uint32_t t_end) {
    while (p < p_end) {
      if (t >= t_end || !subtree(pattern, p, t)) return std::nullopt;
      p += pattern.nodes[p].size;
      t += unit_.tree.nodes[t].size;
    }
    return t;
  }

  /// Matches the whole pattern with exactly this part.
  bool part(const TreePattern& pattern, const CodePart& part) {
    if (pattern.run != part.run || pattern.empty()) return false;
    if (!pattern.run) return subtree(pattern, 0, part.root);
    const PatternNode& above = pattern.nodes[0];
    if (above.kind != folded(unit_.tree.nodes[part.root].kind) || above.symbol_hash != unit_.symbol[part.root]) return false;
    const auto end = siblings(pattern, 1, pattern.nodes.size(), part.first, part.last);
    return end && *end == part.last;
  }

  bool subtree(const TreePattern& pattern, std::size_t root, std::uint32_t start) {
    const std::size_t end = root + pattern.nodes[root].size;
    ends_.clear();
    std::uint32_t t = start;
    for (std::size_t p = root; p < end; ++p) {
      while (!ends_.empty() && ends_.back().first == p) {
        if (ends_.back().second != t) return false;  // the unit has more children here
        ends_.pop_back();
      }
      if (!ends_.empty() && t >= ends_.back().second) return false;
      const PatternNode& wanted = pattern.nodes[p];
      const NastNode& node = unit_.tree.nodes[t];
      if (wanted.hole != EditHole::none) {
        if (!bind(wanted, t)) return false;
        t += node.size;
        continue;
      }
      if (wanted.kind != folded(node.kind) || wanted.symbol_hash != unit_.symbol[t]) return false;
      if (wanted.size == 1 && node.size != 1) return false;
      ends_.emplace_back(p + wanted.size, t + node.size);
      ++t;
    }
    for (; !ends_.empty(); ends_.pop_back())
      if (ends_.back().second != t) return false;
    return true;
  }

 private:
  bool bind(const PatternNode& hole, std::uint32_t t) {
    const NastNode& node = unit_.tree.nodes[t];
    switch (hole.hole) {
      case EditHole::name:
        if (!is_name(node)) return false;
        break;
      case EditHole::literal:
        if ((node.flags & syntax::flag_literal) == 0 || node.kind != hole.kind) return false;
        break;
      case EditHole::expression:
        if ((node.flags & syntax::flag_statement) != 0) return false;
        break;
      case EditHole::statement:
        if ((node.flags & syntax::flag_statement) == 0) return false;
        break;
      case EditHole::none: return false;
    }
    std::uint32_t& place = bound_[hole.number - 1u];
    if (place != no_parent) return same(place, t);
    if (hole.hole == EditHole::name)
      for (const std::uint32_t other : bound_)
        if (other != no_parent && is_name(unit_.tree.nodes[other]) && unit_.symbol[other] == unit_.symbol[t]) return false;
    place = t;
    return true;
  }

  [[nodiscard]] bool same(std::uint32_t a, std::uint32_t b) const {
    if (is_name(unit_.tree.nodes[a])) return is_name(unit_.tree.nodes[b]) && unit_.symbol[a] == unit_.symbol[b];
    return unit_.hash[a].exact == unit_.hash[b].exact;
  }

  const UnitShape& unit_;
  std::vector<std::uint32_t> bound_;
  std::vector<std::pair<std::size_t, std::uint32_t>> ends_;
};

/// Calls `visit(match)` for each match in order of position until it says false.
template <typename Visit>
void for_each_match(const TreePattern& pattern, const std::vector<std::uint32_t>& fillers, const UnitShape& unit,
                    const Visit& visit) {
  if (pattern.empty()) return;
  const auto count = static_cast<std::uint8_t>(fillers.size());
  Matcher matcher(unit, count);
  const PatternNode& root = pattern.nodes[0];
  if (root.hole != EditHole::none) return;
  const auto try_kind = [&](NodeKind kind) {
    for (const std::uint32_t node : unit.of_kind[static_cast<std::size_t>(kind)]) {
      if (unit.symbol[node] != root.symbol_hash) continue;
      const std::uint32_t end = node + unit.tree.nodes[node].size;
      if (!pattern.run) {
        matcher.bound() = fillers;
        if (matcher.subtree(pattern, 0, node) && !visit(EditMatch{{unit.parent[node], node, end}, matcher.bound()}))
          return false;
        continue;
      }
      for (std::uint32_t child = node + 1; child < end; child += unit.tree.nodes[child].size) {
        matcher.bound() = fillers;
        const auto last = matcher.siblings(pattern, 1, pattern.nodes.size(), child, end);
        if (last && !visit(EditMatch{{node, child, *last}, matcher.bound()})) return false;
      }
    }
    return true;
  };
  if (try_kind(root.kind) && root.kind == NodeKind::function) try_kind(NodeKind::method);
}

/// The part of the unit that a fragment is about, seen from a match of the core; absent when there is none.
std::optional<CodePart> tied_part(const SliceFragment& fragment, const EditMatch& match, const UnitShape& unit) {
  const FlowView flow{unit.tree, unit.parent, unit.names};
  const syntax::SiblingRange& where = match.where;
  if (fragment.role == SliceRole::definition || fragment.role == SliceRole::use) {
    const std::uint32_t name = match.bound[fragment.hole - 1u];
    if (name == no_parent || !syntax::is_local_name(unit.tree.nodes[name])) return std::nullopt;
    const std::uint32_t symbol = unit.tree.nodes[name].symbol;
    return fragment.role == SliceRole::definition ? definition_before(flow, symbol, where.first)
                                                  : use_after(flow, symbol, where.parent, where.first, where.last);
  }
  const auto governor = governor_of(flow, where.parent, where.first);
  constexpr auto role_of = [](Governs how) {
    return how == Governs::asked ? SliceRole::asks : how == Governs::holds ? SliceRole::holds : SliceRole::fails;
  };
  if (!governor || role_of(governor->how) != fragment.role) return std::nullopt;
  return governor->condition;
}

/// Binds what the slice says about the surroundings of a match; false when they are not so.
bool bind_slice(const EditPattern& pattern, const UnitShape& unit, EditMatch& match) {
  for (const SliceFragment& fragment : pattern.slice) {
    const auto part = tied_part(fragment, match, unit);
    if (!part) return false;
    Matcher matcher(unit, static_cast<std::uint8_t>(match.bound.size()));
    matcher.bound() = match.bound;
    if (!matcher.part(fragment.code, *part)) return false;
    match.bound = std::move(matcher.bound());
  }
  return true;
}

/// Where an addition has to stand to be the fix of a match.
std::pair<std::uint32_t, std::uint32_t> room_for_fix(const EditPattern& pattern, const EditMatch& match, const UnitShape& unit) {
  const auto end = static_cast<std::uint32_t>(unit.tree.nodes.size());
  if (pattern.place == FixPlace::below) return {match.where.last, end};
  for (const SliceFragment& fragment : pattern.slice)
    if (fragment.role == SliceRole::definition)
      if (const auto part = tied_part(fragment, match, unit)) return {part->last, match.where.first};
  return {0, match.where.first};
}

bool overlap(const syntax::SiblingRange& a, const syntax::SiblingRange& b) noexcept {
  return a.first < b.last && b.first < a.last;
}

}  // namespace

UnitShape::UnitShape(const syntax::Nast& given)
    : tree(given), hash(syntax::hash_subtrees(given)), parent(syntax::parents_of(given)), names(given), of_kind(kinds) {
  std::vector<std::uint64_t> texts(tree.symbols.size());
  for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = base::hash64(tree.symbols[i]);
  const std::uint64_t none = base::hash64({});
  symbol.reserve(tree.nodes.size());
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const NastNode& node = tree.nodes[i];
    symbol.push_back(node.symbol == 0 || syntax::is_hole(node.kind) ? none : texts[node.symbol - 1]);
    of_kind[static_cast<std::size_t>(node.kind)].push_back(i);
    const std::uint64_t self = head(node.kind, symbol[i]);
    atoms.push_back(self);
    if (parent[i] != no_parent) atoms.push_back(edge(head(tree.nodes[parent[i]].kind, symbol[parent[i]]), self));
  }
  flaws = find_flaws(tree, hash, parent);
  for (const Flaw& flaw : flaws) atoms.push_back(flaw_atom(flaw.name));
  std::sort(atoms.begin(), atoms.end());
  atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
}

std::vector<EditMatch> find_all(const TreePattern& pattern, std::uint8_t holes, const UnitShape& unit, std::size_t limit) {
  std::vector<EditMatch> found;
  for_each_match(pattern, std::vector<std::uint32_t>(holes, no_parent), unit, [&](EditMatch match) {
    found.push_back(std::move(match));
    return found.size() < limit;
  });
  return found;
}

std::optional<EditMatch> find_mistake(const EditPattern& pattern, const UnitShape& unit) {
  if (pattern.language != unit.tree.language) return std::nullopt;
  std::optional<EditMatch> found;
  if (!pattern.flaw.empty()) {
    for (const Flaw& flaw : unit.flaws)
      if (flaw.name == pattern.flaw) return EditMatch{flaw.where, {}};
    return found;
  }
  for_each_match(pattern.before, std::vector<std::uint32_t>(pattern.holes, no_parent), unit, [&](EditMatch match) {
    if (!bind_slice(pattern, unit, match)) return true;
    const bool added = pattern.place != FixPlace::instead;
    const auto [from, to] = added ? room_for_fix(pattern, match, unit) : std::pair(match.where.first, match.where.last);
    bool is_fixed = false;
    for_each_match(pattern.after, match.bound, unit, [&](const EditMatch& fixed) {
      is_fixed = added ? fixed.where.first >= from && fixed.where.last <= to : overlap(fixed.where, match.where);
      return !is_fixed;
    });
    if (!is_fixed) found = std::move(match);
    return !found;
  });
  return found;
}

namespace {

void add_atoms(const TreePattern& pattern, std::vector<std::uint64_t>& atoms) {
  std::vector<std::uint64_t> open;
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < pattern.nodes.size(); ++i) {
    const PatternNode& node = pattern.nodes[i];
    while (!ends.empty() && ends.back() <= i) {
      ends.pop_back();
      open.pop_back();
    }
    if (node.hole != EditHole::none) continue;
    const std::uint64_t self = head(node.kind, node.symbol_hash);
    if (!open.empty()) atoms.push_back(edge(open.back(), self));
    ends.push_back(i + node.size);
    open.push_back(self);
  }
}

}  // namespace

std::vector<std::uint64_t> required_atoms(const EditPattern& edit) {
  if (!edit.flaw.empty()) return {flaw_atom(edit.flaw)};
  std::vector<std::uint64_t> atoms;
  add_atoms(edit.before, atoms);
  for (const SliceFragment& fragment : edit.slice) add_atoms(fragment.code, atoms);
  if (atoms.empty() && !edit.before.empty()) atoms.push_back(head(edit.before.nodes[0].kind, edit.before.nodes[0].symbol_hash));
  std::sort(atoms.begin(), atoms.end());
  atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
  return atoms;
}

namespace {

std::uint64_t around_node(const UnitShape& unit, std::uint32_t node) {
  return base::mix64(1, head(unit.tree.nodes[node].kind, unit.symbol[node]));
}
std::uint64_t around_name(const UnitShape& unit, std::uint32_t node) { return base::mix64(2, unit.symbol[node]); }

}  // namespace

std::vector<std::uint64_t> surroundings(const EditMatch& match, const UnitShape& unit) {
  std::vector<std::uint64_t> around;
  for (std::uint32_t node = match.where.parent; node != no_parent; node = unit.parent[node])
    around.push_back(around_node(unit, node));
  for (std::uint32_t i = 0; i < unit.tree.nodes.size(); ++i)
    if ((unit.tree.nodes[i].flags & (syntax::flag_callee | syntax::flag_type_name)) != 0)
      around.push_back(around_name(unit, i));
  std::vector<std::uint64_t> distinct;
  for (const std::uint64_t one : around)
    if (distinct.size() < max_surroundings && std::find(distinct.begin(), distinct.end(), one) == distinct.end())
      distinct.push_back(one);
  std::sort(distinct.begin(), distinct.end());
  return distinct;
}

std::vector<std::string> surroundings_in_words(const EditMatch& match, const UnitShape& unit, const std::vector<std::uint64_t>& wanted) {
  std::vector<std::string> words;
  const auto note = [&](std::uint64_t surrounding, std::string said) {
    const bool asked = std::binary_search(wanted.begin(), wanted.end(), surrounding);
    if (asked && std::find(words.begin(), words.end(), said) == words.end()) words.push_back(std::move(said));
  };
  for (std::uint32_t node = match.where.parent; node != no_parent; node = unit.parent[node]) {
    const std::string symbol(unit.tree.symbol(node));
    const std::string kind(syntax::to_string(unit.tree.nodes[node].kind));
    note(around_node(unit, node), "inside " + (symbol.empty() || symbol == kind ? kind : kind + " `" + symbol + "`"));
  }
  for (std::uint32_t i = 0; i < unit.tree.nodes.size(); ++i) {
    const std::uint8_t flags = unit.tree.nodes[i].flags;
    if ((flags & (syntax::flag_callee | syntax::flag_type_name)) != 0)
      note(around_name(unit, i), fmt::format("in a function that uses {}{}", (flags & syntax::flag_type_name) != 0 ? "the type " : "", unit.tree.symbol(i)));
  }
  return words;
}

namespace {

EditPattern flaw_pattern(Language language, const Flaw& flaw) {
  EditPattern pattern;
  pattern.language = language;
  pattern.width = flaw.is_family() ? 1 : 0;
  pattern.flaw = flaw.name;
  pattern.before.text = flaw_sentence(flaw.name);
  pattern.id = identity_of(pattern);
  return pattern;
}

}  // namespace

std::vector<FixRung> fix_rungs(const syntax::Nast& before, std::string_view before_text, const syntax::Nast& after,
                               std::string_view after_text) {
  std::vector<FixRung> rungs;
  std::vector<std::vector<EditPattern>> ladders = edit_ladders(before, before_text, after, after_text);
  const UnitShape failed(before);
  const UnitShape passed(after);
  std::vector<EditPattern>& flaws = ladders.emplace_back();
  for (const Flaw& flaw : failed.flaws) flaws.push_back(flaw_pattern(before.language, flaw));
  for (std::size_t edit = 0; edit < ladders.size(); ++edit) {
    for (EditPattern& pattern : ladders[edit]) {
      const auto match = find_mistake(pattern, failed);
      if (!match || find_mistake(pattern, passed)) continue;
      rungs.push_back({std::move(pattern), static_cast<std::uint8_t>(edit), surroundings(*match, failed)});
    }
  }
  return rungs;
}

}  // namespace autodev::mine
