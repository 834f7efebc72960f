// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What an edit does is told by the difference of its two sides, where by what stands around it, why by its slice.
#include "mine/edit_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "mine/naming.h"
#include "syntax/tree_diff.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NodeKind;
using syntax::SiblingRange;

namespace {

/// What is told: a phrase for the sentence, and words for the name.
struct Told {
  std::string sentence, name;
};

/// The difference of the two sides, each below a root of its own.
struct Change {
  Nast before, after;
  std::vector<std::uint32_t> before_parent;
  SiblingRange removed, added;
  std::vector<syntax::SubtreeHash> before_hash, after_hash;
  std::set<std::uint32_t> nulls;  ///< numbers of holes that stand for a null
};

std::string quoted(const std::string& code) {
  return "`" + code + "`";
}

std::uint32_t siblings(const Nast& tree, const SiblingRange& range) {
  std::uint32_t count = 0;
  for (std::uint32_t i = range.first; i < range.last; i += tree.nodes[i].size) ++count;
  return count;
}

/// Code of a run of siblings: the first ones, on one line.
std::string run_code(const Nast& tree, const SiblingRange& range, const std::vector<std::string>& names) {
  std::string code;
  for (std::uint32_t i = range.first; i < range.last; i += tree.nodes[i].size)
    code += (code.empty() ? "" : "; ") + short_code(tree, i, names);
  const std::string_view clipped = base::clip_utf8(code, 100);
  return clipped.size() == code.size() ? code : std::string(clipped) + "…";
}

Change change_of(const EditPattern& pattern) {
  Change change;
  for (const PatternNode& node : pattern.after.nodes)
    if (node.hole == EditHole::literal && node.kind == NodeKind::null) change.nulls.insert(node.number);
  change.before = tree_of(pattern.language, pattern.before);
  change.after = tree_of(pattern.language, pattern.after);
  change.before_parent = syntax::parents_of(change.before);
  change.before_hash = syntax::hash_subtrees(change.before);
  change.after_hash = syntax::hash_subtrees(change.after);
  const auto end = [](const Nast& tree) { return static_cast<std::uint32_t>(tree.nodes.size()); };
  change.removed = {0, 1, end(change.before)};
  change.added = {0, 1, end(change.after)};
  if (pattern.place != FixPlace::instead) {
    change.removed = {0, 1, 1};
    return change;
  }
  const auto difference = syntax::diff_trees(change.before, change.after, 2);
  if (difference.edits.size() != 1) return change;
  change.removed = difference.edits[0].before;
  change.added = difference.edits[0].after;
  return change;
}

/// The name that is called by a call node or the first call in a subtree; empty when there is none.
std::string called_in(const Nast& tree, std::uint32_t first, std::uint32_t last) {
  Nast part;
  part.language = tree.language;
  part.symbols = tree.symbols;
  part.nodes.assign(tree.nodes.begin() + first, tree.nodes.begin() + last);
  const auto names = called_names(part, 1);
  return names.empty() ? std::string() : names.front();
}

/// The first null in a part of the code after, as it is written, "null" for a hole; empty when there is none.
std::string null_in(const Change& change, std::uint32_t first, std::uint32_t last) {
  for (std::uint32_t i = first; i < last; ++i) {
    const auto& node = change.after.nodes[i];
    if (node.kind == NodeKind::null) return short_code(change.after, i, {});
    if (node.kind == NodeKind::hole && change.nulls.contains(node.symbol)) return "null";
  }
  return {};
}

bool is_exit(NodeKind kind) {
  return kind == NodeKind::return_statement || kind == NodeKind::throw_statement ||
         kind == NodeKind::continue_statement || kind == NodeKind::break_statement;
}

/// An added `if`: what it asks, and what it does then.
Told told_check(const Change& change, std::uint32_t node, const std::vector<std::string>& names) {
  const Nast& tree = change.after;
  const std::uint32_t condition = node + 1, end = node + tree.nodes[node].size;
  const std::uint32_t body = condition < end ? condition + tree.nodes[condition].size : end;
  std::uint32_t exit = body;
  while (exit < end && !is_exit(tree.nodes[exit].kind)) ++exit;
  const std::string then =
      exit < end ? fmt::format(" that leaves by {}", quoted(short_code(tree, exit, names))) : std::string();
  if (const std::string word = null_in(change, condition, body); !word.empty())
    return {fmt::format("adds a check for {} ({}){}", word, quoted(short_code(tree, condition, names)), then),
            "check for " + word};
  const std::string asked = condition < end ? short_code(tree, condition, names) : "…";
  const std::string called = called_in(tree, condition, body);
  return {fmt::format("adds the check {}{}", quoted(asked), then),
          "check " + (called.empty() ? std::string("condition") : called)};
}

Told told_addition(const Change& change, const std::vector<std::string>& names) {
  const Nast& tree = change.after;
  const std::uint32_t first = change.added.first;
  if (tree.nodes[first].kind == NodeKind::if_statement && siblings(tree, change.added) == 1)
    return told_check(change, first, names);
  const NodeKind around = tree.nodes[change.added.parent].kind;
  const std::string code = run_code(tree, change.added, names);
  const std::string called = called_in(tree, first, change.added.last);
  if (around == NodeKind::arguments) return {fmt::format("adds the argument {}", quoted(code)), "add argument"};
  if (around == NodeKind::parameters) return {fmt::format("adds the parameter {}", quoted(code)), "add parameter"};
  if (!called.empty()) return {fmt::format("adds a call of {} ({})", called, quoted(code)), "add " + called};
  return {fmt::format("adds {}", quoted(code)), fmt::format("add {}", syntax::to_string(tree.nodes[first].kind))};
}

/// The same shape but for the root's own word: an operator, a keyword.
bool only_word_differs(const Change& change) {
  const auto& a = change.before.nodes[change.removed.first];
  const auto& b = change.after.nodes[change.added.first];
  if (a.kind != b.kind || a.size != b.size || a.size == 1) return false;
  for (std::uint32_t i = 1, j = 1; i < a.size;) {
    if (change.before_hash[change.removed.first + i].exact != change.after_hash[change.added.first + j].exact)
      return false;
    const std::uint32_t step = change.before.nodes[change.removed.first + i].size;
    i += step;
    j += step;
  }
  return true;
}

/// Does the subtree `node` of one tree occur in [first, last) of the other?
bool holds(const std::vector<syntax::SubtreeHash>& hash, std::uint32_t first, std::uint32_t last,
           std::uint64_t wanted) {
  for (std::uint32_t i = first; i < last; ++i)
    if (hash[i].exact == wanted) return true;
  return false;
}

/// All that was there is still there, inside of something new.
Told told_wrapping(const Change& change, const std::vector<std::string>& names) {
  const Nast& tree = change.after;
  const std::uint32_t first = change.added.first;
  const NodeKind kind = tree.nodes[first].kind;
  const std::string inner = quoted(run_code(change.before, change.removed, names));
  const std::string word(tree.symbol(first));
  if (kind == NodeKind::if_statement)
    return {fmt::format("runs {} only if {}", inner, quoted(short_code(tree, first + 1, names))), "guard by if"};
  if (kind == NodeKind::loop) return {fmt::format("repeats {} in a {}", inner, word), "repeat in loop"};
  if (kind == NodeKind::try_statement) return {fmt::format("handles failures of {}", inner), "try"};
  if (kind == NodeKind::unary && (word == "!" || word == "not")) return {fmt::format("negates {}", inner), "negate"};
  if (kind == NodeKind::cast)
    return {fmt::format("casts {} ({})", inner, quoted(short_code(tree, first, names))), "cast"};
  const std::string called = kind == NodeKind::call ? called_in(tree, first, change.added.last) : std::string();
  if (!called.empty())
    return {fmt::format("passes {} through {} ({})", inner, called, quoted(short_code(tree, first, names))),
            "pass through " + called};
  return {fmt::format("extends {} to {}", inner, quoted(short_code(tree, first, names))),
          word.empty() ? "extend" : "extend by " + word};
}

/// Does the node name what a call calls?
bool is_callee(const Change& change, std::uint32_t node) {
  std::uint32_t above = change.before_parent[node];
  if (above != syntax::no_parent && change.before.nodes[above].kind == NodeKind::member)
    above = change.before_parent[above];
  const NodeKind kind = above == syntax::no_parent ? NodeKind::other : change.before.nodes[above].kind;
  return kind == NodeKind::call || kind == NodeKind::construct;
}

Told told_replacement(const Change& change, const std::vector<std::string>& names) {
  const Nast& left = change.before;
  const Nast& right = change.after;
  const std::uint32_t a = change.removed.first, b = change.added.first;
  const bool single = siblings(left, change.removed) == 1 && siblings(right, change.added) == 1;
  if (single && only_word_differs(change)) {
    const std::string was(left.symbol(a)), is(right.symbol(b));
    if (!was.empty() && !is.empty())
      return {fmt::format("replaces {} by {} in {}", quoted(was), quoted(is), quoted(short_code(left, a, names))),
              fmt::format("replace {} by {}", was, is)};
  }
  if (siblings(left, change.removed) == 1 && siblings(right, change.added) == 1 &&
      left.nodes[a].size < right.nodes[b].size &&
      holds(change.after_hash, b + 1, change.added.last, change.before_hash[a].exact))
    return told_wrapping(change, names);
  if (single && holds(change.before_hash, a + 1, change.removed.last, change.after_hash[b].exact))
    return {fmt::format("reduces {} to {}", quoted(short_code(left, a, names)), quoted(short_code(right, b, names))),
            "reduce"};
  const std::string was = run_code(left, change.removed, names), is = run_code(right, change.added, names);
  const std::string called = called_in(left, a, change.removed.last), calls = called_in(right, b, change.added.last);
  if (single && !called.empty() && !calls.empty() && called != calls)
    return {fmt::format("calls {} instead of {} ({} becomes {})", calls, called, quoted(was), quoted(is)),
            fmt::format("call {} instead of {}", calls, called)};
  const bool leaves = single && left.nodes[a].kind == NodeKind::identifier &&
                      right.nodes[b].kind == NodeKind::identifier && left.nodes[a].size == 1 &&
                      right.nodes[b].size == 1;
  if (leaves && is_callee(change, a))
    return {fmt::format("calls {} instead of {}", is, was), fmt::format("call {} instead of {}", is, was)};
  // "number" of "$number3".
  const auto kind_word = [&] {
    if (left.nodes[a].kind != NodeKind::hole) return std::string(syntax::to_string(left.nodes[a].kind));
    std::string word;
    for (const char c : short_code(left, a, names))
      if (c >= 'a' && c <= 'z') word += c;
    return word;
  };
  const bool words = single && left.nodes[a].size == 1 && right.nodes[b].size == 1 &&
                     left.nodes[a].kind != NodeKind::hole && right.nodes[b].kind != NodeKind::hole;
  return {fmt::format("replaces {} by {}", quoted(was), quoted(is)),
          words ? fmt::format("replace {} by {}", was, is) : "replace " + kind_word()};
}

Told told_change(const Change& change, const std::vector<std::string>& names) {
  if (change.removed.empty() && change.added.empty()) return {"changes nothing that can be told", "change"};
  if (change.removed.empty()) return told_addition(change, names);
  if (!change.added.empty()) return told_replacement(change, names);
  const std::string called = called_in(change.before, change.removed.first, change.removed.last);
  return {fmt::format("removes {}", quoted(run_code(change.before, change.removed, names))),
          "remove " + (called.empty() ? std::string(syntax::to_string(change.before.nodes[change.removed.first].kind))
                                      : called)};
}

/// Which part of `parent` the child is, where that says something.
std::string part_phrase(const Nast& tree, std::uint32_t parent, std::uint32_t child) {
  const auto& node = tree.nodes[parent];
  const bool first = child == parent + 1;
  const bool last = child + tree.nodes[child].size == parent + node.size;
  const std::string symbol(tree.symbol(parent));
  const std::string word = symbol.substr(0, symbol.find(' '));
  switch (node.kind) {
    case NodeKind::if_statement:
      return first ? "in the condition of an `if`" : std::string();
    case NodeKind::ternary:
      return first ? "in the condition of a conditional expression" : std::string();
    case NodeKind::loop:
      return last ? fmt::format("inside a `{}`", word) : fmt::format("in the condition of a `{}`", word);
    case NodeKind::return_statement:
      return "in what is returned";
    case NodeKind::throw_statement:
      return "in what is raised";
    case NodeKind::index:
      return first ? std::string() : "in an index";
    case NodeKind::assignment:
      return last && !first ? "in an assigned value" : std::string();
    case NodeKind::call:
    case NodeKind::construct: {
      const std::string called = called_in(tree, parent, parent + node.size);
      return tree.nodes[child].kind == NodeKind::arguments && !called.empty()
                 ? fmt::format("in the arguments of {}", called)
                 : std::string();
    }
    default:
      return {};
  }
}

/// Where the change is inside of the code before: at most two phrases, nearest first.
std::vector<std::string> context_phrases(const EditPattern& pattern, const Change& change) {
  std::vector<std::string> phrases;
  const bool nothing = change.removed.empty();
  std::uint32_t child = nothing ? change.removed.parent : change.removed.first;
  for (std::uint32_t node = child == syntax::no_parent ? child : change.before_parent[child];
       node != 0 && node != syntax::no_parent && phrases.size() < 2; child = node, node = change.before_parent[node]) {
    std::string phrase = part_phrase(change.before, node, child);
    if (!phrase.empty()) phrases.push_back(std::move(phrase));
  }
  // The parent of a run is not among the nodes that are shown.
  if (pattern.before.run && phrases.size() < 2 && !pattern.before.nodes.empty()) {
    const PatternNode& above = pattern.before.nodes[0];
    const std::string word = above.symbol.substr(0, above.symbol.find(' '));
    if (above.kind == NodeKind::loop || above.kind == NodeKind::if_statement)
      phrases.push_back(fmt::format("directly in a `{}`", word));
    if (above.kind == NodeKind::arguments) phrases.emplace_back("among arguments");
  }
  return phrases;
}

/// "inside `while ($i < $n)`".
std::string condition_phrase(const EditPattern& pattern, const SliceFragment& fragment,
                             const std::vector<std::string>& names) {
  const Nast tree = tree_of(pattern.language, fragment.code);
  const std::string& symbol = fragment.code.nodes[0].symbol;
  const std::string word = symbol.substr(0, symbol.find(' '));
  const std::string code = run_code(tree, {0, 1, static_cast<std::uint32_t>(tree.nodes.size())}, names);
  if (fragment.role == SliceRole::asks)
    return fmt::format("in the condition of {} `{}`", word == "if" ? "an" : "a", word);
  if (fragment.role == SliceRole::fails) return fmt::format("where `{}` does not hold", code);
  if (fragment.code.nodes[0].kind == NodeKind::loop) return fmt::format("inside `{} ({})`", word, code);
  return fmt::format("where `{} {}` holds", word, code);
}

std::vector<std::string> slice_phrases(const EditPattern& pattern, const std::vector<std::string>& names) {
  std::vector<std::string> phrases;
  for (const SliceFragment& fragment : pattern.slice)
    if (fragment.role != SliceRole::definition && fragment.role != SliceRole::use)
      phrases.push_back(condition_phrase(pattern, fragment, names));
  std::vector<std::string> parameters;
  for (const SliceFragment& fragment : pattern.slice) {
    if (fragment.role != SliceRole::definition && fragment.role != SliceRole::use) continue;
    const Nast tree = tree_of(pattern.language, fragment.code);
    const std::string code = run_code(tree, {0, 1, static_cast<std::uint32_t>(tree.nodes.size())}, names);
    const std::string name = fragment.hole <= names.size() ? names[fragment.hole - 1u] : "it";
    const NodeKind kind = fragment.code.nodes[0].kind;
    if (fragment.role == SliceRole::definition &&
        (kind == NodeKind::parameters || kind == NodeKind::parameter || kind == NodeKind::spread)) {
      parameters.push_back(code);
      continue;
    }
    const bool bare = fragment.role == SliceRole::definition && code == name;
    if (bare && kind == NodeKind::loop)
      phrases.push_back(fmt::format("with {} from a loop's head", name));
    else if (bare)
      phrases.push_back(fmt::format("with {} declared without a value", name));
    else if (fragment.role == SliceRole::definition)
      phrases.push_back(fmt::format("with {} from `{}`", name, code));
    else
      phrases.push_back(fmt::format("with {} used next in `{}`", name, code));
  }
  if (!parameters.empty())
    phrases.push_back(
        fmt::format("with the parameter{} `{}`", parameters.size() == 1 ? "" : "s", base::join(parameters, "` and `")));
  return phrases;
}

/// Where added code stands.
std::string place_phrase(const EditPattern& pattern, const Change& change, const std::vector<std::string>& names) {
  if (pattern.place == FixPlace::instead) return {};
  const std::string core =
      run_code(change.before, {0, 1, static_cast<std::uint32_t>(change.before.nodes.size())}, names);
  return fmt::format(" {} {}", pattern.place == FixPlace::above ? "before" : "after", quoted(core));
}

std::string capitalised(const std::string& text) {
  std::string large = text;
  for (char& c : large) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    break;
  }
  return large;
}

}  // namespace

std::string edit_name(const EditPattern& pattern) {
  if (!pattern.flaw.empty()) return "remove " + pattern.flaw;
  const Change change = change_of(pattern);
  std::string name = told_change(change, typed_hole_names(pattern)).name;
  const auto calls = called_names(change.before, 1);
  std::string near = calls.empty() ? std::string() : calls.front();
  // An addition is placed by the last word of what it hangs on, where that calls nothing.
  for (std::uint32_t i = 0; calls.empty() && pattern.place != FixPlace::instead && i < change.before.nodes.size(); ++i)
    if (change.before.nodes[i].kind == NodeKind::identifier) near = change.before.symbol(i);
  if (!near.empty() && name.find(near) == std::string::npos)
    return name +
           (pattern.place == FixPlace::above   ? " before "
            : pattern.place == FixPlace::below ? " after "
                                               : " near ") +
           near;
  for (const SliceFragment& fragment : pattern.slice)
    if (fragment.role == SliceRole::asks)
      return name + " in " + fragment.code.nodes[0].symbol.substr(0, fragment.code.nodes[0].symbol.find(' '));
  return name;
}

std::string edit_sentence(const EditPattern& pattern, const std::vector<std::string>& names) {
  if (!pattern.flaw.empty()) return "Removes a flaw: " + pattern.before.text;
  const Change change = change_of(pattern);
  std::string sentence = capitalised(told_change(change, names).sentence) + place_phrase(pattern, change, names);
  std::vector<std::string> phrases =
      pattern.place == FixPlace::instead ? context_phrases(pattern, change) : std::vector<std::string>();
  for (std::string& phrase : slice_phrases(pattern, names)) phrases.push_back(std::move(phrase));
  for (const std::string& phrase : phrases) sentence += ", " + phrase;
  return sentence + ".";
}

}  // namespace autodev::mine
