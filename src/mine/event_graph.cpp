// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The walk over the tree: frames instead of recursion, events when a node is left, regions when one is entered.
#include "mine/event_graph.h"

#include <algorithm>

#include "mine/event_objects.h"

namespace autodev::mine {

using syntax::NodeKind;

namespace {

constexpr std::size_t max_regions = 4096;
constexpr std::uint32_t max_region_depth = 64;
constexpr std::size_t max_guards = 1024;
constexpr std::size_t max_asked = 16;
constexpr int max_steps_to_exit = 6;
/// Conditions are read this far, so that nested ones cost no more than the sum of their lengths times a constant.
constexpr std::uint32_t max_condition_nodes = 128;

/// What a condition says of an object.
struct Asked {
  std::uint32_t object = 0;
  std::string condition;
  bool fails = false;  ///< true means: there is no such object
};

struct Frame {
  std::uint32_t node = 0, end = 0;
  std::uint32_t region = 0;       ///< around the node: current again when it is left
  std::uint32_t first_event = 0;  ///< events made since the node was entered begin here
  std::uint32_t children = 0;     ///< entered so far
  std::uint32_t guarded = 0;      ///< the child that runs when the condition holds
  bool always = false;            ///< of what is around it
  std::vector<Asked> asked;       ///< by the condition among its children
};

bool is_conditional(NodeKind kind) noexcept {
  return kind == NodeKind::if_statement || kind == NodeKind::loop || kind == NodeKind::ternary;
}

class Walk {
 public:
  explicit Walk(const syntax::Nast& tree) : tree_(tree), objects_(tree, graph_) {
    graph_.language = tree.language;
    graph_.regions.push_back({});
  }

  EventGraph run() {
    for (std::uint32_t node = 0; node < tree_.nodes.size() && !graph_.cut; ++node) {
      while (!frames_.empty() && frames_.back().end <= node) leave();
      enter(node);
    }
    while (!frames_.empty()) leave();
    return std::move(graph_);
  }

 private:
  [[nodiscard]] NodeKind kind(std::uint32_t node) const { return tree_.nodes[node].kind; }
  [[nodiscard]] std::uint32_t next_event() const { return static_cast<std::uint32_t>(graph_.events.size()); }

  void enter(std::uint32_t node) {
    Frame frame;
    frame.node = node;
    frame.end = node + tree_.nodes[node].size;
    frame.region = region_;
    frame.first_event = next_event();
    frame.always = always_;
    const std::string_view symbol = tree_.symbol(node);
    if (!frames_.empty()) enter_child(frames_.back(), node);
    if (kind(node) == NodeKind::block && (symbol == "finally" || symbol == "ensure")) always_ = true;
    if (kind(node) == NodeKind::expression_statement && symbol == "defer") always_ = true;
    frames_.push_back(std::move(frame));
  }

  void enter_child(Frame& around, std::uint32_t node) {
    const std::uint32_t ordinal = around.children++;
    const NodeKind outer = kind(around.node);
    const bool last = node + tree_.nodes[node].size == around.end;
    if (outer == NodeKind::if_statement || outer == NodeKind::ternary) {
      if (ordinal == 0) return;
      open(RegionType::branch);
      if (ordinal == 1) around.guarded = node;
      guard(around.asked, region_, ordinal > 1);
    } else if (outer == NodeKind::loop && (last || kind(node) == NodeKind::block)) {
      open(RegionType::loop);
      guard(around.asked, region_, false);
    } else if (kind(node) == NodeKind::switch_case) {
      open(RegionType::branch);
    } else if (kind(node) == NodeKind::catch_clause) {
      open(RegionType::handler);
    } else if (kind(node) == NodeKind::comprehension) {
      open(RegionType::loop);
    } else if (kind(node) == NodeKind::lambda || kind(node) == NodeKind::function || kind(node) == NodeKind::method) {
      open(RegionType::closure);
    }
  }

  void open(RegionType type) {
    if (graph_.regions.size() >= max_regions) {
      graph_.cut = true;
      return;
    }
    // Deeper code is generated; it counts to the region around it, so that asking for what is around costs no more than this.
    if (graph_.regions[region_].depth >= max_region_depth) return;
    graph_.regions.push_back({type, region_, graph_.regions[region_].depth + 1});
    region_ = static_cast<std::uint32_t>(graph_.regions.size() - 1);
  }

  void guard(const std::vector<Asked>& asked, std::uint32_t region, bool otherwise) {
    for (const Asked& one : asked) {
      if (graph_.guards.size() >= max_guards) return;
      const bool about_existence = one.condition == "null" || one.condition == "error";
      graph_.guards.push_back({one.object, region, next_event(), one.condition, about_existence && one.fails != otherwise});
    }
  }

  void leave() {
    const Frame frame = std::move(frames_.back());
    frames_.pop_back();
    const std::uint32_t node = frame.node;
    switch (kind(node)) {
      case NodeKind::call:
      case NodeKind::construct: objects_.called(node, region_, always_); break;
      case NodeKind::assignment:
      case NodeKind::declaration: objects_.bound(node, region_, always_); break;
      case NodeKind::return_statement:
      case NodeKind::yield: objects_.handed_out(node); [[fallthrough]];
      case NodeKind::throw_statement: exits(node); break;
      case NodeKind::with_statement: objects_.opened(node); break;
      case NodeKind::other: objects_.other(node); break;
      default: break;
    }
    region_ = frame.region;
    always_ = frame.always;
    if (!frames_.empty() && is_condition(frames_.back(), node)) ask(frames_.back().asked, frame);
    if (kind(node) == NodeKind::if_statement && frame.guarded != 0 && ends_in_exit(frame.guarded)) {
      // What follows runs only when the branch was not taken.
      guard(frame.asked, region_, true);
    }
    if (kind(node) == NodeKind::assert_statement) {
      std::vector<Asked> asked;
      ask(asked, frame);
      guard(asked, region_, false);
    }
  }

  [[nodiscard]] bool is_condition(const Frame& around, std::uint32_t node) const {
    if (!is_conditional(kind(around.node))) return false;
    if (kind(around.node) == NodeKind::loop) return kind(node) != NodeKind::block && node + tree_.nodes[node].size != around.end;
    return around.children == 1;
  }

  void ask(std::vector<Asked>& asked, const Frame& condition) const {
    bool null = false, differs = false, negated = false, compares = false;
    const std::uint32_t end = std::min(condition.end, condition.node + max_condition_nodes);
    for (std::uint32_t i = condition.node; i < end; ++i) {
      const std::string_view symbol = tree_.symbol(i);
      null |= kind(i) == NodeKind::null || symbol == "NULL" || symbol == "nullptr";
      negated |= kind(i) == NodeKind::unary && (symbol == "!" || symbol == "not");
      differs |= kind(i) == NodeKind::binary && (symbol == "!=" || symbol == "!==" || symbol == "is not");
      compares |= kind(i) == NodeKind::binary && symbol != "and" && symbol != "or" && symbol != "&&" && symbol != "||";
    }
    const bool absent = null ? !differs : negated;
    const std::size_t last = std::min<std::size_t>(graph_.events.size(), condition.first_event + std::size_t{max_asked});
    for (std::uint32_t e = condition.first_event; e < last; ++e)
      if (const std::uint32_t object = objects_.receiver_of(e); object != no_object) add(asked, {object, graph_.events[e].name, false});
    for (const auto& [object, is_error] : objects_.named_in(condition.node, end)) {
      const bool existence = is_error || null || !compares;
      add(asked, {object, is_error ? "error" : existence ? "null" : "compare", is_error ? differs || !null : absent});
    }
  }

  static void add(std::vector<Asked>& asked, Asked one) {
    if (asked.size() < max_asked) asked.push_back(std::move(one));
  }

  void exits(std::uint32_t node) {
    if (graph_.events.size() >= max_graph_events) {
      graph_.cut = true;
      return;
    }
    Event event;
    event.type = kind(node) == NodeKind::throw_statement ? EventType::raise : EventType::leave;
    event.node = node;
    event.region = region_;
    event.always = always_;
    if (kind(node) != NodeKind::yield) graph_.events.push_back(std::move(event));
  }

  [[nodiscard]] bool ends_in_exit(std::uint32_t node) const {
    for (int step = 0; step < max_steps_to_exit; ++step) {
      const NodeKind what = kind(node);
      if (what == NodeKind::return_statement || what == NodeKind::throw_statement || what == NodeKind::break_statement ||
          what == NodeKind::continue_statement)
        return true;
      if ((what != NodeKind::block && what != NodeKind::expression_statement) || tree_.nodes[node].size == 1) return false;
      std::uint32_t child = node + 1;
      while (child + tree_.nodes[child].size < node + tree_.nodes[node].size) child += tree_.nodes[child].size;
      node = child;
    }
    return false;
  }

  const syntax::Nast& tree_;
  EventGraph graph_;
  ObjectTable objects_;
  std::vector<Frame> frames_;
  std::uint32_t region_ = 0;
  bool always_ = false;
};

}  // namespace

bool EventGraph::within(std::uint32_t inner, std::uint32_t outer) const {
  // Regions are numbered in the order in which they are entered, so parents have lower numbers.
  while (inner > outer) inner = regions[inner].parent;
  return inner == outer;
}

EventGraph event_graph(const syntax::Nast& tree) {
  return Walk(tree).run();
}

}  // namespace autodev::mine
