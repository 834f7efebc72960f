// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Any tree that decode_nast accepts has a bounded number of windows, and each is cut out as a tree that is accepted itself. A page of
// windows is either refused or written back as it was.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "knowledge/window_rows.h"
#include "mine/placed_features.h"
#include "mine/windows.h"
#include "syntax/nast.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto page = knowledge::decode_window_page(bytes); page && knowledge::encode_window_page(*page) != bytes) std::abort();
  const auto tree = syntax::decode_nast(bytes);
  if (!tree || tree->nodes.empty()) return 0;
  for (const auto& node : tree->nodes)
    if (syntax::is_hole(node.kind)) return 0;
  const std::string text(tree->nodes[0].end < (1u << 20) ? tree->nodes[0].end : 0, 'x');
  const auto windows = mine::windows_of(*tree, mine::placed_features(*tree));
  if (windows.size() > mine::max_unit_windows) std::abort();
  for (const mine::Window& window : windows) {
    if (window.first == 0 || window.end <= window.first || window.end > tree->nodes.size()) std::abort();
    const mine::ItemTree cut = mine::cut_window(*tree, text, window.first, window.end);
    if (!syntax::decode_nast(syntax::encode_nast(cut.tree))) std::abort();
  }
  return 0;
}
