// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Windows: runs of two to six statements that recur inside of functions which otherwise differ (mine/windows.h). Only a
// function that leads a pattern of its own has windows: what joins a pattern is explained by it as a whole, and so is a
// window inside of a statement that is an idiom.
//
// Windows that say nothing by themselves are left out. The others are only noted until one is met again, in another place and by another event. Then the earlier one is read from
// the function that has it, and the two are generalised by the rule for functions (mine/leader.h). When what they have in
// common is not trivial by the rubric of mine/keep.h, it becomes a pattern that the earlier one leads. The longest window
// comes first, and what a window explains is not looked at again.
#include <algorithm>
#include <set>

#include "base/wire.h"
#include "knowledge/fold.h"
#include "knowledge/leaders.h"
#include "knowledge/unit_codec.h"
#include "mine/idiom.h"
#include "mine/keep.h"
#include "mine/leader.h"
#include "mine/naming.h"
#include "mine/placed_features.h"
#include "syntax/trusted_nast.h"

namespace autodev::knowledge {
namespace {

using mine::Window;
using syntax::Nast;

constexpr std::string_view units_key = "n";

/// A window cut out of its function: a block of its statements.
struct CutWindow {
  CodeUnit unit;
  Nast tree;
  mine::Signature signature{};
};

std::uint32_t lines_in(std::string_view text) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
}

/// What stands inside of the function has its name in its scope, as blocks do.
CodeUnit unit_inside(const CodeUnit& function) {
  CodeUnit unit;
  unit.language = function.language;
  unit.kind = UnitKind::block;
  unit.path = function.path;
  unit.scope = function.scope.empty() ? function.name : function.scope + "::" + function.name;
  return unit;
}

CutWindow cut(const CodeUnit& function, const Nast& tree, std::uint32_t first, std::uint32_t end) {
  mine::ItemTree item = mine::cut_window(tree, function.text, first, end);
  CutWindow made{unit_inside(function), std::move(item.tree), {}};
  CodeUnit& unit = made.unit;
  unit.imports = function.imports;
  unit.text = item.text;
  unit.first_line = function.first_line + lines_in(std::string_view(function.text).substr(0, tree.nodes[first].start));
  unit.last_line = unit.first_line + lines_in(unit.text);
  unit.nodes = static_cast<std::uint32_t>(made.tree.nodes.size());
  const auto digests = syntax::digest_tree(made.tree);
  unit.exact = digests.exact;
  unit.alpha = digests.alpha;
  unit.fingerprint = digests.fingerprint;
  unit.tree = syntax::encode_nast(made.tree);
  made.signature = mine::signature_of(made.tree);
  return made;
}

class WindowFolder {
 public:
  WindowFolder(FoldState& fold, EventContext& context, const UnitWorked& worked, const Nast& tree)
      : fold_(fold), context_(context), worked_(worked), tree_(tree),
        place_(place_of(context.event, unit_inside(worked.unit))) {}

  Result<void> run(const mine::PlacedFeatures& placed) {
    auto windows = mine::windows_of(tree_, placed);
    std::stable_sort(windows.begin(), windows.end(),
                     [](const Window& a, const Window& b) { return a.statements > b.statements; });
    if (windows.empty()) return {};
    AUTODEV_TRY_ASSIGN(const mine::Background* background, fold_.background.of(fold_.kv, tree_));
    for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i)
      telling_.push_back(mine::tells(*background, tree_, i) ? tree_.nodes[i].symbol : 0);
    std::vector<const Window*> met_once;
    for (const Window& window : windows) {
      if (!says_something(window) || overlaps_explained(window)) continue;
      AUTODEV_TRY_ASSIGN(const bool explained, comes_again(window));
      if (explained) explained_.push_back(&window);
      else met_once.push_back(&window);
    }
    return met_once.empty() ? Result<void>{} : note(met_once);
  }

 private:
  /// What has too few words that carry meaning is trivial already, and has fewer in common with others.
  [[nodiscard]] bool says_something(const Window& window) const {
    std::set<std::uint32_t> words;
    for (std::uint32_t i = window.first; i < window.end && words.size() < mine::needed_words; ++i)
      if (telling_[i] != 0) words.insert(telling_[i]);
    return words.size() >= mine::needed_words;
  }

  [[nodiscard]] bool overlaps_explained(const Window& window) const {
    return std::any_of(explained_.begin(), explained_.end(), [&](const Window* known) {
      return window.first < known->end && known->first < window.end;
    });
  }

  /// Is the window explained: by a pattern that it joins or begins, or by the idiom around it?
  Result<bool> comes_again(const Window& window) {
    AUTODEV_TRY_ASSIGN(const auto place, fold_.windows.find(fold_.kv, window.bands));
    if (!place) return false;
    AUTODEV_TRY_ASSIGN(const auto earlier, load<WindowedUnit>(fold_.kv, table::window, windowed_unit_key(place->unit)));
    if (!earlier) return fail(ErrorCode::bad_data, "the derived state has a window without its unit");
    const BlockRow& history = earlier->history;
    const auto has = [](const auto& list, const auto& item) { return std::find(list.begin(), list.end(), item) != list.end(); };
    if (has(history.places, place_) || has(history.events, context_.event.id)) return false;
    AUTODEV_TRY_ASSIGN(const bool idiom, lies_in_idiom(window));
    if (idiom) return true;
    AUTODEV_TRY(read_leader(*place, *earlier));
    if (place->end > leader_tree_.nodes.size()) return fail(ErrorCode::bad_data, "the derived state has a window beyond its unit");
    const CutWindow first = cut(leader_, leader_tree_, place->first, place->end);
    const CutWindow own = cut(worked_.unit, tree_, window.first, window.end);
    AUTODEV_TRY_ASSIGN(const bool joined, gather(first, own, history));
    if (joined) AUTODEV_TRY(fold_.windows.hold(fold_.kv, window.bands, *place));
    return joined;
  }

  /// Does a statement around the window, within the function, belong to a pattern as a whole?
  Result<bool> lies_in_idiom(const Window& window) {
    for (std::uint32_t i = 1; i < window.first; ++i) {
      const auto& node = tree_.nodes[i];
      if (i + node.size < window.end || (node.flags & syntax::flag_statement) == 0) continue;
      Nast statement = mine::cut_window(tree_, worked_.unit.text, i, i + node.size).tree;
      statement.nodes.erase(statement.nodes.begin());
      AUTODEV_TRY_ASSIGN(const auto whole, fold_.kv.get(table::unit, key_of(syntax::digest_tree(statement).alpha)));
      if (whole) return true;
      for (const mine::IdiomFragment& fragment : mine::idiom_fragments(statement)) {
        if (fragment.cut != mine::IdiomCut::whole && fragment.cut != mine::IdiomCut::values) continue;
        AUTODEV_TRY_ASSIGN(const auto known, fold_.kv.get(table::unit, key_of(fragment.digest)));
        if (known) return true;
      }
    }
    return false;
  }

  Result<void> read_leader(const WindowPlace& place, const WindowedUnit& row) {
    if (leader_number_ == place.unit) return {};
    AUTODEV_TRY_ASSIGN(const auto bytes, fold_.kv.get(table::example, std::string(key_of(row.leader)) + '\0'));
    if (!bytes) return fail(ErrorCode::bad_data, "the derived state has a pattern without an instance");
    AUTODEV_TRY_ASSIGN(leader_, decode_unit(*bytes));
    leader_tree_ = syntax::trusted_nast(leader_.tree);
    leader_number_ = place.unit;
    return {};
  }

  Result<bool> gather(const CutWindow& first, const CutWindow& own, const BlockRow& history) {
    UnitWorked worked{own.unit, worked_.strength, worked_.tested, worked_.relative_runtime};
    AUTODEV_TRY_ASSIGN(const auto member, load<UnitRow>(fold_.kv, table::unit, key_of(own.unit.alpha)));
    if (member) {
      // A copy within one change is copied, not confirmed.
      if (context_.worked.insert(own.unit.alpha).second) AUTODEV_TRY(note_known(fold_, context_, worked, *member));
      return true;
    }
    AUTODEV_TRY_ASSIGN(const auto leads, load<UnitRow>(fold_.kv, table::unit, key_of(first.unit.alpha)));
    AUTODEV_TRY_ASSIGN(const bool fits, leads ? join(leads->pattern, own, worked) : begin(first, own, worked, history));
    if (fits) context_.worked.insert(own.unit.alpha);
    return fits;
  }

  /// What both have in common, if it is worth a pattern.
  Result<std::optional<mine::Template>> in_common(const mine::Template& shape, const mine::Signature& signature, const CutWindow& own) {
    auto made = mine::try_join(shape, signature, own.tree, own.unit.text, own.signature);
    if (!made) return std::nullopt;
    AUTODEV_TRY_ASSIGN(const mine::Background* background, fold_.background.of(fold_.kv, made->result.tree));
    if (mine::trivial_because(made->result, *background)) return std::nullopt;
    return std::optional(std::move(made->result));
  }

  Result<bool> join(PatternId id, const CutWindow& own, const UnitWorked& worked) {
    AUTODEV_TRY_ASSIGN(const auto bytes, fold_.kv.get(table::shape, key_of(id)));
    AUTODEV_TRY_ASSIGN(const mine::Template shape, mine::decode_template(bytes.value_or(std::string_view())));
    AUTODEV_TRY_ASSIGN(const auto signature, leader_signature(fold_.kv, id));
    AUTODEV_TRY_ASSIGN(auto row, load<PatternRow>(fold_.kv, table::pattern, key_of(id)));
    if (!signature || !row) return fail(ErrorCode::bad_data, "the derived state names a pattern that it does not have");
    AUTODEV_TRY_ASSIGN(const auto common, in_common(shape, *signature, own));
    if (!common) return false;
    AUTODEV_TRY(add_member(id, *row, own, worked, *common));
    return true;
  }

  Result<bool> begin(const CutWindow& first, const CutWindow& own, const UnitWorked& worked, const BlockRow& history) {
    AUTODEV_TRY_ASSIGN(const auto common, in_common(mine::template_of(first.tree, first.unit.text), first.signature, own));
    if (!common) return false;
    const PatternId id{first.unit.alpha};
    PatternRow row;
    row.learned_at = row.last_seen = history.first;
    row.description = mine::window_sentence(common->tree);
    row.example_projects = history.projects;
    AUTODEV_TRY(create_pattern(fold_, first.unit, first.tree, first.signature, row));
    AUTODEV_TRY(note_member(fold_, id, row, first.unit, 1));
    add_history(row, history);
    for (const std::string& module : first.unit.imports) row.imports[module] = 1;
    AUTODEV_TRY(add_member(id, row, own, worked, *common));
    return true;
  }

  /// The window is one more instance of the pattern, whose template it has opened.
  Result<void> add_member(PatternId id, PatternRow& row, const CutWindow& own, const UnitWorked& worked, const mine::Template& shape) {
    AUTODEV_TRY(fold_.kv.put(table::shape, key_of(id), mine::encode_template(shape)));
    AUTODEV_TRY(save_second_example(fold_, id, row, context_.event.project, own.unit));
    AUTODEV_TRY_ASSIGN(const auto known, fold_.kv.get(table::unit, key_of(own.unit.alpha)));
    if (!known) AUTODEV_TRY(note_member(fold_, id, row, own.unit, 1));
    AUTODEV_TRY(note_instance(fold_, row, context_, worked));
    return save_pattern(fold_, id, row, is_time_to_index(row));
  }

  /// Windows that were met for the first time wait for a second one.
  Result<void> note(const std::vector<const Window*>& windows) {
    AUTODEV_TRY_ASSIGN(const auto bytes, fold_.kv.get(table::window, units_key));
    const std::uint64_t number = 1 + (bytes ? base::WireReader(*bytes).varint() : 0);
    if (number > UINT32_MAX) return {};
    std::string written;
    base::WireWriter(written).varint(number);
    AUTODEV_TRY(fold_.kv.put(table::window, units_key, written));
    WindowedUnit row{{worked_.unit.alpha}, {}};
    BlockRow& history = row.history;
    note_pass(history.evidence, worked_);
    history.places = {place_};
    note_name(history.projects, context_.event.project);
    history.events = {context_.event.id};
    history.distinct_events = 1;
    history.first = history.last = context_.event.timestamp;
    const auto unit = static_cast<std::uint32_t>(number);
    AUTODEV_TRY(store(fold_, table::window, windowed_unit_key(unit), row));
    for (const Window* window : windows)
      AUTODEV_TRY(fold_.windows.put(fold_.kv, window->bands, {unit, window->first, window->end}));
    return {};
  }

  FoldState& fold_;
  EventContext& context_;
  const UnitWorked& worked_;
  const Nast& tree_;
  const std::uint64_t place_;
  std::vector<std::uint32_t> telling_;  ///< by node: the symbol of a word that carries meaning
  std::vector<const Window*> explained_;
  std::uint32_t leader_number_ = 0;  ///< of the unit that was read last
  CodeUnit leader_;
  Nast leader_tree_;
};

}  // namespace

Result<void> fold_windows(FoldState& fold, EventContext& context, const UnitWorked& worked, const Nast& tree,
                          const mine::PlacedFeatures& placed) {
  if (worked.unit.kind != UnitKind::function && worked.unit.kind != UnitKind::method) return {};
  // Code has no holes; trees of foreign journals may.
  if (std::any_of(tree.nodes.begin(), tree.nodes.end(), [](const auto& node) { return syntax::is_hole(node.kind); })) return {};
  return WindowFolder(fold, context, worked, tree).run(placed);
}

}  // namespace autodev::knowledge
