// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/kept_output.h"

#include <fmt/format.h>

#include <algorithm>

namespace autodev::base {

void KeptOutput::append(std::string_view piece) {
  const std::size_t room = head_bytes - head_.size();
  head_ += piece.substr(0, room);
  tail_ += piece.substr(std::min(room, piece.size()));
  if (tail_.size() <= 2 * tail_bytes) return;  // cut seldom: moving the tail costs its length
  left_out_ += tail_.size() - tail_bytes;
  tail_.erase(0, tail_.size() - tail_bytes);
}

std::string KeptOutput::take() {
  if (tail_.size() > tail_bytes) {
    left_out_ += tail_.size() - tail_bytes;
    tail_.erase(0, tail_.size() - tail_bytes);
  }
  std::string all = std::move(head_);
  if (left_out_ > 0) all += fmt::format("\n[{} bytes left out]\n", left_out_);
  return all += tail_;
}

}  // namespace autodev::base
