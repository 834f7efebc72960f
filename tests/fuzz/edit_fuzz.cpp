// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fuzz target: hostile edit patterns. Whatever is accepted encodes to bytes that decode to the same pattern, can be matched against
// code, slices included, and can be described.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mine/edit_match.h"
#include "mine/edit_text.h"
#include "syntax/extract.h"

using namespace autodev;

namespace {

const syntax::Nast& code() {
  static const syntax::Nast tree = [] {
    const auto units = syntax::extract_units(
        "int f(int *a, int n) { int s = 0; for (int i = 0; i <= n; i++) { s += a[i]; use(s, \"x\"); } return s; }", Language::c, "f.c");
    return syntax::decode_nast(units->units.at(0).tree).value();
  }();
  return tree;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const mine::UnitShape shape(code());
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto pattern = mine::decode_edit(bytes);
  if (!pattern) return 0;
  const auto again = mine::decode_edit(mine::encode_edit(*pattern));
  if (!again || again->id != pattern->id) std::abort();
  (void)mine::required_atoms(*pattern);
  (void)mine::find_mistake(*pattern, shape);
  (void)mine::find_all(pattern->after, pattern->holes, shape, 100);
  const auto names = mine::typed_hole_names(*pattern);
  if (mine::edit_name(*pattern).empty() || mine::edit_sentence(*pattern, names).empty()) std::abort();
  if (mine::edit_holes(*pattern, {}).size() != pattern->holes) std::abort();
  (void)mine::named_text(pattern->before, names);
  (void)mine::hole_restrictions(*pattern);
  return 0;
}
