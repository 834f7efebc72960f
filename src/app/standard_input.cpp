// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/standard_input.h"

#include <fmt/format.h>

#include <array>
#include <iostream>

namespace autodev::app {

void for_each_input_piece(const std::function<bool(std::string_view)>& take) {
  std::array<char, 1 << 16> piece{};
  while (std::cin.good()) {
    std::cin.read(piece.data(), piece.size());
    const auto size = static_cast<std::size_t>(std::cin.gcount());
    if (size == 0 || !take({piece.data(), size})) return;
  }
}

Result<std::string> read_standard_input(std::uint64_t max_bytes) {
  std::string text;
  for_each_input_piece([&](std::string_view piece) {
    text += piece;
    return text.size() <= max_bytes;
  });
  if (text.size() > max_bytes) return fail(ErrorCode::bad_data, fmt::format("standard input: larger than {} MiB", max_bytes >> 20));
  return text;
}

}  // namespace autodev::app
