// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Extraction of arbitrary bytes: the first byte picks the language, the rest is the file. C# is left out, because
// its grammar needs memory quadratic in hostile input; everything else must hold within 16 KiB.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "syntax/extract.h"
#include "syntax/nast.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev;
  if (size < 2 || size > 16'384) return 0;
  const auto language = static_cast<Language>(1 + data[0] % static_cast<unsigned>(Language::bash));
  if (language == Language::csharp) return 0;
  const std::string_view source(reinterpret_cast<const char*>(data) + 1, size - 1);
  syntax::ExtractOptions options;
  options.min_block_nodes = 3;
  options.deadline = std::chrono::milliseconds(500);
  const auto file = syntax::extract_units(source, language, "fuzz.h", options);
  if (!file) return 0;
  for (const auto& unit : file->units) {
    const auto tree = syntax::decode_nast(unit.tree);
    if (!tree || tree->nodes.size() != unit.nodes || tree->nodes[0].end != unit.text.size()) std::abort();
    if (syntax::digest_tree(*tree).exact != unit.exact) std::abort();
  }
  return 0;
}
