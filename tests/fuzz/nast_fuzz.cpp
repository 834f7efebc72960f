// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Whatever decode_nast accepts is canonical, and every function over trees takes it; trusted_nast takes any bytes and then
// says the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "syntax/nast.h"
#include "syntax/trusted_nast.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev::syntax;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto tree = decode_nast(bytes);
  const Nast trusted = trusted_nast(bytes);
  if (hash_subtrees(trusted).size() != trusted.nodes.size()) std::abort();
  if (!tree) return 0;
  if (!(trusted == *tree)) std::abort();
  if (encode_nast(*tree) != bytes) std::abort();
  if (hash_subtrees(*tree).size() != tree->nodes.size()) std::abort();
  (void)digest_tree(*tree);
  (void)to_sexpr(*tree);
  return 0;
}
