// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Names from shared words: a longest common subsequence over the words of the leader's name, narrowed by every
// other name in turn.
#include "mine/naming.h"

#include <algorithm>

#include "base/text.h"
#include "mine/subtree.h"
#include "mine/thresholds.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NodeKind;

namespace {

constexpr std::size_t max_words = 16;
constexpr std::size_t named_calls = 2;

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  for (const auto word : base::split_identifier(name))
    if (words.size() < max_words) words.push_back(base::to_lower_ascii(word));
  return words;
}

/// Words of the leader that all names share, and the places where some name had something else.
class SharedWords {
 public:
  explicit SharedWords(std::vector<std::string> leader)
      : words_(std::move(leader)), kept_(words_.size(), true), differs_(words_.size() + 1, false) {}

  /// Keeps what `other` has too, in order.
  void narrow(const std::vector<std::string>& other) {
    const std::size_t n = words_.size();
    const std::size_t m = other.size();
    std::vector<std::vector<std::size_t>> longest(n + 1, std::vector<std::size_t>(m + 1, 0));
    const auto same = [&](std::size_t i, std::size_t j) { return kept_[i] && words_[i] == other[j]; };
    for (std::size_t i = n; i-- > 0;)
      for (std::size_t j = m; j-- > 0;)
        longest[i][j] = same(i, j) ? longest[i + 1][j + 1] + 1 : std::max(longest[i + 1][j], longest[i][j + 1]);
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < n || j < m) {
      if (i < n && j < m && same(i, j)) {
        ++i, ++j;
      } else if (j < m && (i == n || longest[i][j + 1] >= longest[i + 1][j])) {
        differs_[i] = true;
        ++j;
      } else {
        kept_[i++] = false;
      }
    }
  }

  [[nodiscard]] std::string text() const {
    std::vector<std::string> parts;
    bool gap = false;
    for (std::size_t i = 0; i <= words_.size(); ++i) {
      gap = gap || differs_[i];
      if (i < words_.size() && !kept_[i]) gap = true;
      if (i < words_.size() && !kept_[i]) continue;
      if (gap) parts.emplace_back("...");
      gap = false;
      if (i < words_.size()) parts.push_back(words_[i]);
    }
    return base::join(parts, " ");
  }

  [[nodiscard]] bool any() const { return std::find(kept_.begin(), kept_.end(), true) != kept_.end(); }

 private:
  std::vector<std::string> words_;
  std::vector<bool> kept_;
  std::vector<bool> differs_;  ///< another name has words in front of this one
};

std::string block_name(const CodeUnit& leader) {
  const auto tree = syntax::decode_nast(leader.tree);
  if (!tree || tree->nodes.empty()) return std::string(to_string(leader.kind));
  std::string name(to_string(tree->nodes[0].kind));
  const auto calls = called_names(*tree, named_calls);
  if (!calls.empty()) return name + " calling " + base::join(calls, ", ");
  return leader.scope.empty() ? name : name + " in " + leader.scope;
}

/// The name in the last leaf of `call` before its arguments; empty when a hole stands there.
std::string_view callee_of(const Nast& tree, std::uint32_t call) {
  std::uint32_t last = call;
  for (std::uint32_t i = call + 1; i < call + tree.nodes[call].size;) {
    const NodeKind kind = tree.nodes[i].kind;
    const bool behind = kind == NodeKind::arguments && last != call;
    if (behind && i + tree.nodes[i].size == call + tree.nodes[call].size) break;
    if (kind == NodeKind::arguments || kind == NodeKind::template_arguments) {
      i += tree.nodes[i].size;
      continue;
    }
    last = i++;
  }
  const bool named = last != call && tree.nodes[last].kind == NodeKind::identifier;
  return named ? tree.symbol(last) : std::string_view();
}

}  // namespace

std::vector<std::string> called_names(const Nast& tree, std::size_t limit) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < tree.nodes.size() && names.size() < limit; ++i) {
    const NodeKind kind = tree.nodes[i].kind;
    if (kind != NodeKind::call && kind != NodeKind::construct) continue;
    const std::string_view name = callee_of(tree, i);
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  }
  return names;
}

std::string pattern_name(const CodeUnit& leader, const std::vector<std::string>& member_names) {
  if (leader.name.empty()) return block_name(leader);
  std::vector<std::string> names = member_names;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  SharedWords shared(words_of(leader.name));
  std::size_t used = 0;
  for (const auto& name : names)
    if (name != leader.name && !name.empty() && ++used <= max_candidates) shared.narrow(words_of(name));
  return used == 0 || !shared.any() ? leader.name : shared.text();
}

}  // namespace autodev::mine
