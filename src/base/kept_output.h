// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Kept output: the beginning and the end of a stream of any length. Compilers say first what is wrong, test runners last.
#pragma once

#include <string>
#include <string_view>

namespace autodev::base {

class KeptOutput {
 public:
  /// 64 KiB hold some 400 diagnostics, 256 KiB the failures of some hundred tests with their stacks.
  static constexpr std::size_t head_bytes = std::size_t{64} << 10;
  static constexpr std::size_t tail_bytes = std::size_t{256} << 10;

  void append(std::string_view piece);
  /// Both parts, with a line that says how much is missing between them.
  [[nodiscard]] std::string take();

 private:
  std::string head_, tail_;
  std::size_t left_out_ = 0;
};

}  // namespace autodev::base
