// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Whatever decode_nast accepts is canonical, and every function over trees takes it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "syntax/nast.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev::syntax;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto tree = decode_nast(bytes);
  if (!tree) return 0;
  if (encode_nast(*tree) != bytes) std::abort();
  if (hash_subtrees(*tree).size() != tree->nodes.size()) std::abort();
  (void)digest_tree(*tree);
  (void)to_sexpr(*tree);
  return 0;
}
