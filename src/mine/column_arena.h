// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Memory for columns that live as long as their level of a depth-first walk: taken from the top, given back to a mark.
// Blocks never move, so columns stay where they are while deeper levels grow.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

namespace autodev::mine {

class ColumnArena {
 public:
  struct Mark {
    std::size_t block = 0, used = 0;
  };

  template <typename T>
  T* take(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 8);
    const std::size_t bytes = (count * sizeof(T) + 7) / 8 * 8;
    while (at_.block < blocks_.size() && at_.used + bytes > blocks_[at_.block].size) at_ = {at_.block + 1, 0};
    if (at_.block == blocks_.size()) {
      const std::size_t size = std::max(bytes, block_bytes);
      blocks_.push_back({std::make_unique<std::byte[]>(size), size});
      held_ += size;
    }
    std::byte* place = blocks_[at_.block].bytes.get() + at_.used;
    at_.used += bytes;
    return reinterpret_cast<T*>(place);
  }

  [[nodiscard]] Mark mark() const { return at_; }
  void release(Mark mark) { at_ = mark; }
  /// Memory taken so far, in bytes; never less.
  [[nodiscard]] std::size_t held() const { return held_; }

 private:
  static constexpr std::size_t block_bytes = std::size_t{1} << 20;
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };

  std::vector<Block> blocks_;
  std::size_t held_ = 0;
  Mark at_;
};

}  // namespace autodev::mine
