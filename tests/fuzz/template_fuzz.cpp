// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fuzz target: hostile template bytes. Whatever is accepted must be usable in every way, and must be
// encoded to bytes that decode to the same template.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mine/template.h"

using namespace autodev;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // The first half may be one template, the second another: fold the second one's tree into the first.
  const auto first = mine::decode_template(bytes.substr(0, size / 2));
  const auto second = mine::decode_template(bytes.substr(size / 2));
  const auto whole = mine::decode_template(bytes);
  for (const auto* decoded : {&first, &second, &whole}) {
    if (!*decoded) continue;
    const mine::Template& pattern = **decoded;
    const auto again = mine::decode_template(mine::encode_template(pattern));
    check(again.has_value() && *again == pattern);
    (void)mine::render(pattern);
    (void)mine::public_holes(pattern);
    check(mine::instantiate(pattern, std::vector<std::string>(pattern.holes.size())).has_value());
    const mine::Template own = mine::template_of(pattern.tree, pattern.text);
    const auto made = mine::anti_unify(pattern, own.tree, own.text);
    check(mine::concrete_nodes(made.result) <= mine::concrete_nodes(pattern));
    (void)mine::match(made.result, own.tree, own.text);
  }
  if (first && second) {
    const mine::Template other = mine::template_of(second->tree, second->text);
    const auto made = mine::anti_unify(*first, other.tree, other.text);
    check(mine::decode_template(mine::encode_template(made.result)).has_value());
  }
  return 0;
}
