// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See windows.h.
#include "mine/windows.h"

#include <algorithm>

#include "base/hash.h"
#include "mine/subtree.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;

namespace {

constexpr std::size_t sketch_bins = 16;
constexpr std::size_t winnow_width = 4, asked_windows = 128;
/// Statements of one list that are looked at: longer lists are tables.
constexpr std::size_t max_list = 200;

using Sketch = std::array<std::uint32_t, sketch_bins>;

void shrink(Sketch& sketch, const Sketch& other) {
  for (std::size_t bin = 0; bin < sketch_bins; ++bin) sketch[bin] = std::min(sketch[bin], other[bin]);
}

std::uint64_t hash_of(const Sketch& sketch) {
  std::uint64_t hash = 0;
  for (const std::uint32_t bin : sketch) hash = base::mix64(hash, bin);
  return hash;
}

class WindowFinder {
 public:
  /// Keeps one of `width` neighbours, and `most` in all.
  WindowFinder(const Nast& tree, const PlacedFeatures& placed, std::size_t width, std::size_t most)
      : tree_(tree), placed_(placed), width_(width), most_(most) {}

  std::vector<Window> run() {
    if (tree_.nodes.size() > max_windowed_nodes) return {};
    for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i) {
      if ((tree_.nodes[i].flags & syntax::flag_sequence) == 0 || tree_.nodes[i].size < min_window_nodes) continue;
      statements_ = statements_of(i);
      if (statements_.size() < min_window_statements) continue;
      add_list();
    }
    if (found_.size() > most_) {
      std::sort(found_.begin(), found_.end(), [](const Window& a, const Window& b) {
        return a.hash != b.hash ? a.hash < b.hash : a.first != b.first ? a.first < b.first : a.end < b.end;
      });
      found_.resize(most_);
    }
    std::sort(found_.begin(), found_.end(),
              [](const Window& a, const Window& b) { return a.first != b.first ? a.first < b.first : a.end < b.end; });
    return std::move(found_);
  }

 private:
  [[nodiscard]] std::vector<std::uint32_t> statements_of(std::uint32_t list) const {
    std::vector<std::uint32_t> statements;
    for (const std::uint32_t child : children_of(tree_, list))
      if ((tree_.nodes[child].flags & syntax::flag_statement) != 0 && statements.size() < max_list)
        statements.push_back(child);
    return statements;
  }

  [[nodiscard]] std::uint32_t end_of(std::uint32_t statement) const { return statement + tree_.nodes[statement].size; }

  [[nodiscard]] Sketch sketch_of(std::uint32_t statement) const {
    Sketch sketch;
    sketch.fill(UINT32_MAX);
    for (std::uint32_t f = placed_.first[statement]; f < placed_.first[end_of(statement)]; ++f) {
      const std::uint64_t hash = base::mix64(0x77696e646f77ULL, placed_.features[f]);
      auto& bin = sketch[hash >> 60];
      bin = std::min(bin, static_cast<std::uint32_t>(hash));
    }
    return sketch;
  }

  /// All windows of one length grow from those of the length before by one statement each.
  void add_list() {
    std::vector<Sketch> own;
    for (const std::uint32_t statement : statements_) own.push_back(sketch_of(statement));
    std::vector<Sketch> windows = own;
    for (std::uint32_t length = min_window_statements; length <= max_window_statements && length <= own.size();
         ++length) {
      windows.resize(own.size() - length + 1);
      for (std::size_t start = 0; start < windows.size(); ++start) shrink(windows[start], own[start + length - 1]);
      winnow(windows, length);
    }
  }

  void winnow(const std::vector<Sketch>& windows, std::uint32_t length) {
    std::vector<std::uint64_t> hashes;
    for (const Sketch& sketch : windows) hashes.push_back(hash_of(sketch));
    const std::size_t width = std::min(width_, windows.size());
    std::size_t kept = SIZE_MAX;
    for (std::size_t start = 0; start + width <= windows.size(); ++start) {
      const auto smallest =
          static_cast<std::size_t>(std::min_element(hashes.begin() + static_cast<std::ptrdiff_t>(start),
                                                    hashes.begin() + static_cast<std::ptrdiff_t>(start + width)) -
                                   hashes.begin());
      if (smallest == kept) continue;
      kept = smallest;
      keep(windows[smallest], hashes[smallest], smallest, length);
    }
  }

  void keep(const Sketch& sketch, std::uint64_t hash, std::size_t start, std::uint32_t length) {
    Window window;
    window.first = statements_[start];
    window.end = end_of(statements_[start + length - 1]);
    window.statements = length;
    window.hash = hash;
    const std::uint32_t nodes = window.end - window.first;
    if (nodes < min_window_nodes || nodes > max_window_nodes) return;
    constexpr std::size_t rows = sketch_bins / window_bands;
    for (std::size_t band = 0; band < window_bands; ++band) {
      std::uint64_t key = base::mix64(static_cast<std::uint64_t>(tree_.language) + 1, band);
      for (std::size_t row = 0; row < rows; ++row) key = base::mix64(key, sketch[band * rows + row]);
      window.bands[band] = key;
    }
    found_.push_back(window);
  }

  const Nast& tree_;
  const PlacedFeatures& placed_;
  std::size_t width_, most_;
  std::vector<std::uint32_t> statements_;
  std::vector<Window> found_;
};

}  // namespace

std::vector<Window> windows_of(const Nast& tree, const PlacedFeatures& placed) {
  return WindowFinder(tree, placed, winnow_width, max_unit_windows).run();
}

std::vector<Window> asked_windows_of(const Nast& tree, const PlacedFeatures& placed) {
  return WindowFinder(tree, placed, 1, asked_windows).run();
}

ItemTree cut_window(const Nast& tree, std::string_view text, std::uint32_t first, std::uint32_t end) {
  ItemTree cut;
  std::uint32_t start = tree.nodes[first].start, stop = start;
  // Trees of foreign journals need not have their statements in the order of the text.
  for (std::uint32_t i = first; i < end; ++i) {
    if (!is_hole(tree.nodes[i])) start = std::min(start, tree.nodes[i].start);
    stop = std::max(stop, tree.nodes[i].end);
  }
  cut.tree.language = tree.language;
  NastNode root;
  root.kind = syntax::NodeKind::block;
  root.flags = syntax::flag_sequence;
  root.size = end - first + 1;
  cut.tree.nodes.reserve(root.size);
  cut.tree.nodes.push_back(root);
  std::vector<std::uint32_t> numbers(tree.symbols.size() + 1);
  for (std::uint32_t i = first; i < end; ++i) {
    NastNode node = tree.nodes[i];
    node.start -= start;
    node.end -= start;
    if (node.symbol != 0 && !is_hole(node)) {
      std::uint32_t& number = numbers[node.symbol];
      if (number == 0) {
        cut.tree.symbols.push_back(tree.symbols[node.symbol - 1]);
        number = static_cast<std::uint32_t>(cut.tree.symbols.size());
      }
      node.symbol = number;
    }
    cut.tree.nodes.push_back(node);
  }
  cut.tree.nodes[0].end = stop - start;
  cut.text = text.substr(std::min<std::size_t>(start, text.size()), stop - start);
  return cut;
}

}  // namespace autodev::mine
