// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rows of the grammar background: decode -> encode -> equal bytes.
#include <cstdlib>
#include <string_view>

#include "mine/background.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto row = autodev::mine::decode_background_row(bytes);
  if (!row) return 0;
  const auto again = autodev::mine::decode_background_row(autodev::mine::encode_background_row(*row));
  if (!again || *again != *row) std::abort();
  return 0;
}
