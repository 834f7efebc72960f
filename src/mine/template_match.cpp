// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Matching: is a tree an instance of a template, and what stands in its holes?
//
// Two cursors move through both preorder arrays; a frame remembers where the subtree that both are in ends.
// Only a sequence hole with another one after it in the same list leaves a choice: shortest first, and
// on failure the search returns to the last choice. Nothing recurses, so depth does not matter; a step budget
// bounds the search, because matching with repeated holes is NP-hard in general.
#include <algorithm>

#include "mine/hole.h"
#include "mine/hole_text.h"
#include "mine/subtree.h"
#include "mine/template.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

/// 200 retries over every node; real functions need none or a handful.
constexpr std::uint64_t budget_per_node = 200;

class Matcher {
 public:
  Matcher(const Template& pattern, const Nast& tree, std::string_view text)
      : pattern_(pattern),
        left_(pattern.tree),
        right_(tree),
        text_(text),
        bindings_(pattern.holes.size()),
        next_hole_(left_.nodes.size() + 1, static_cast<std::uint32_t>(left_.nodes.size())),
        budget_(budget_per_node * (left_.nodes.size() + right_.nodes.size())) {
    for (std::size_t i = left_.nodes.size(); i-- > 0;)
      next_hole_[i] = is_hole(left_.nodes[i]) ? static_cast<std::uint32_t>(i) : next_hole_[i + 1];
    for (const auto& hole : pattern.holes)
      kinds_.push_back(hole_kind_from_name(hole.kind).value_or(HoleKind::statement));
  }

  std::optional<std::vector<std::string>> run() {
    while (!advance())
      if (!backtrack()) return std::nullopt;
    std::vector<std::string> fillers;
    fillers.reserve(bindings_.size());
    for (const auto& binding : bindings_) fillers.push_back(text_of(binding));
    return fillers;
  }

 private:
  static constexpr std::uint32_t no_frame = UINT32_MAX;

  struct Frame {
    std::uint32_t left = 0, right = 0;  ///< the pair of nodes whose children are being matched
    std::uint32_t outer = no_frame;
  };

  struct State {
    std::uint32_t i = 0, j = 0;
    std::uint32_t frame = no_frame;
  };

  /// Where a sequence hole could have taken one sibling more.
  struct Choice {
    State state;
    std::uint32_t last = 0;  ///< end of what it took
    std::uint32_t more = 0;  ///< how many further siblings it may take
    std::size_t trail = 0, frames = 0;
  };

  struct Binding {
    bool bound = false;
    std::uint32_t hole = 0;    ///< in the template
    std::uint32_t node = 0;    ///< what a single hole stands for
    SiblingRun run, hole_run;  ///< what a sequence hole stands for, and its own place
  };

  [[nodiscard]] std::string text_of(const Binding& binding) const {
    if (!binding.bound) return {};
    const SourceTree instance{right_, text_};
    const SourceTree leader{left_, pattern_.text};
    return left_.nodes[binding.hole].kind == NodeKind::sequence_hole
               ? sequence_filler(instance, binding.run, leader, binding.hole_run)
               : single_filler(instance, binding.node, leader, binding.hole);
  }

  [[nodiscard]] std::uint32_t left_end(std::uint32_t frame) const {
    return frame == no_frame ? left_.nodes[0].size : frames_[frame].left + left_.nodes[frames_[frame].left].size;
  }
  [[nodiscard]] std::uint32_t right_end(std::uint32_t frame) const {
    return frame == no_frame ? right_.nodes[0].size : frames_[frame].right + right_.nodes[frames_[frame].right].size;
  }

  /// Runs until the whole template is matched (true) or something does not fit (false).
  bool advance() {
    while (true) {
      while (at_.frame != no_frame && at_.i == left_end(at_.frame)) {
        if (at_.j != right_end(at_.frame)) return false;
        at_.frame = frames_[at_.frame].outer;
      }
      if (at_.frame == no_frame && at_.i == left_end(no_frame)) return at_.j == right_end(no_frame);
      if (!step()) return false;
    }
  }

  bool step() {
    const NastNode& node = left_.nodes[at_.i];
    if (node.kind == NodeKind::sequence_hole) return at_.frame != no_frame && start_sequence();
    if (at_.j >= right_end(at_.frame)) return false;
    if (node.kind == NodeKind::hole) return take_hole();
    if (next_hole_[at_.i] >= at_.i + node.size) {
      if (!equal_subtrees(left_, at_.i, right_, at_.j)) return false;
      at_.i += node.size;
      at_.j += right_.nodes[at_.j].size;
      return true;
    }
    if (!same_head(left_, at_.i, right_, at_.j)) return false;
    frames_.push_back(Frame{at_.i, at_.j, at_.frame});
    at_.frame = static_cast<std::uint32_t>(frames_.size() - 1);
    ++at_.i;
    ++at_.j;
    return true;
  }

  bool take_hole() {
    const std::uint32_t number = left_.nodes[at_.i].symbol - 1;
    const NastNode& node = right_.nodes[at_.j];
    if (!accepts(kinds_[number], node)) return false;
    Binding& binding = bindings_[number];
    if (!binding.bound) {
      binding = Binding{true, at_.i, at_.j, {}, {}};
      trail_.push_back(number);
    } else if (!equal_subtrees(right_, binding.node, right_, at_.j)) {
      return false;
    }
    ++at_.i;
    at_.j += node.size;
    return true;
  }

  /// Takes as few siblings as the rest of the list allows; leaves a choice when it may take more.
  bool start_sequence() {
    std::uint32_t needed = 0;
    bool flexible = false;
    for (std::uint32_t i = at_.i + 1; i < left_end(at_.frame); i += left_.nodes[i].size) {
      const bool sequence = left_.nodes[i].kind == NodeKind::sequence_hole;
      flexible = flexible || sequence;
      needed += !sequence;
    }
    std::uint32_t available = 0;
    const std::uint32_t end = right_end(at_.frame);
    for (std::uint32_t j = at_.j; j < end; j += right_.nodes[j].size) ++available;
    if (available < needed) return false;
    const std::uint32_t spare = available - needed;
    Choice choice{at_, at_.j, spare, trail_.size(), frames_.size()};
    if (!flexible) {
      for (; choice.more > 0; --choice.more) choice.last += right_.nodes[choice.last].size;
    }
    return take_sequence(choice);
  }

  bool take_sequence(const Choice& choice) {
    if (choice.more > 0) choices_.push_back(choice);
    at_ = choice.state;
    const std::uint32_t number = left_.nodes[at_.i].symbol - 1;
    const Frame& frame = frames_[at_.frame];
    const SiblingRun run{frame.right, at_.j, choice.last, at_.i > frame.left + 1, at_.i + 1 < left_end(at_.frame)};
    if (bindings_[number].bound) return false;  // sequence holes are never linked
    const SiblingRun hole_run{frame.left, at_.i, at_.i + 1, run.has_previous, run.has_next};
    bindings_[number] = Binding{true, at_.i, 0, run, hole_run};
    trail_.push_back(number);
    ++at_.i;
    at_.j = choice.last;
    return true;
  }

  bool backtrack() {
    while (!choices_.empty()) {
      Choice choice = choices_.back();
      choices_.pop_back();
      while (trail_.size() > choice.trail) {
        bindings_[trail_.back()].bound = false;
        trail_.pop_back();
      }
      frames_.resize(choice.frames);
      const std::uint64_t cost = left_.nodes.size();
      if (budget_ < cost) return false;
      budget_ -= cost;
      choice.last += right_.nodes[choice.last].size;
      --choice.more;
      if (take_sequence(choice)) return true;
    }
    return false;
  }

  const Template& pattern_;
  const Nast& left_;
  const Nast& right_;
  std::string_view text_;
  std::vector<Binding> bindings_;
  std::vector<std::uint32_t> next_hole_;  ///< index of the first hole at or after a node
  std::vector<HoleKind> kinds_;
  std::uint64_t budget_;
  State at_;
  std::vector<Frame> frames_;
  std::vector<Choice> choices_;
  std::vector<std::uint32_t> trail_;  ///< holes in the order they were bound
};

}  // namespace

std::optional<std::vector<std::string>> match(const Template& pattern, const Nast& tree, std::string_view text) {
  if (pattern.tree.language != tree.language) return std::nullopt;
  if (pattern.tree.nodes.empty() || tree.nodes.empty()) {
    if (pattern.tree.nodes.empty() != tree.nodes.empty()) return std::nullopt;
    return std::vector<std::string>();
  }
  return Matcher(pattern, tree, text).run();
}

}  // namespace autodev::mine
