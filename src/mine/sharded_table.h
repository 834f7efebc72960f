// SPDX-License-Identifier: MIT OR Apache-2.0
//
// ShardedTable: a hash table from 64-bit keys to 32-bit numbers that grows in small steps.
//
// The key's upper bits choose one of many shards; each is a small open-addressing table that doubles by itself. At
// sixteen million entries in 4,096 shards the longest step copies some 8,000 slots (under 0.1 ms) instead of the whole
// table (over 100 ms). Keys must be well mixed (digests, base::mix64). Nothing is ever erased.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace autodev::mine {

class ShardedTable {
 public:
  static constexpr std::uint32_t absent = UINT32_MAX;

  /// 2^shard_bits shards, 1 to 16. An empty table costs 16 bytes per shard.
  explicit ShardedTable(unsigned shard_bits)
      : shift_(64 - shard_bits), shards_(new Shard[std::size_t{1} << shard_bits]) {}

  /// The number of `key`, or `absent`. Cost: O(1) expected.
  [[nodiscard]] std::uint32_t find(std::uint64_t key) const noexcept {
    const Shard& shard = shards_[key >> shift_];
    if (!shard.slots) return absent;
    const std::uint32_t mask = shard.capacity - 1;
    for (auto at = static_cast<std::uint32_t>(key) & mask;; at = (at + 1) & mask) {
      const Slot& slot = shard.slots[at];
      if (slot.value == absent || slot.key() == key) return slot.value;
    }
  }

  /// The place of `key`'s number, which is `absent` when the key is new; the caller must then give it another one
  /// before the next call. The reference is valid until then. Cost: O(1) expected, once in a while O(entries of a
  /// shard).
  [[nodiscard]] std::uint32_t& place(std::uint64_t key) {
    Shard& shard = shards_[key >> shift_];
    if (4 * (shard.used + 1) > 3 * shard.capacity) grow(shard);
    Slot& slot = probe(shard, key);
    if (slot.value == absent) {
      slot.set_key(key);
      ++shard.used;
      ++size_;
    }
    return slot.value;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return slots_ * sizeof(Slot) + sizeof(Shard) * (std::size_t{1} << (64 - shift_));
  }

 private:
  /// Twelve bytes: the key in two halves, so that no padding follows the value.
  struct Slot {
    std::uint32_t low = 0, high = 0;
    std::uint32_t value = absent;

    [[nodiscard]] std::uint64_t key() const noexcept { return static_cast<std::uint64_t>(high) << 32 | low; }
    void set_key(std::uint64_t key) noexcept {
      low = static_cast<std::uint32_t>(key);
      high = static_cast<std::uint32_t>(key >> 32);
    }
  };
  struct Shard {
    std::unique_ptr<Slot[]> slots;
    std::uint32_t capacity = 0, used = 0;
  };

  /// The key's slot, or the free one where it belongs.
  static Slot& probe(const Shard& shard, std::uint64_t key) noexcept {
    const std::uint32_t mask = shard.capacity - 1;
    auto at = static_cast<std::uint32_t>(key) & mask;
    while (shard.slots[at].value != absent && shard.slots[at].key() != key) at = (at + 1) & mask;
    return shard.slots[at];
  }

  void grow(Shard& shard) {
    constexpr std::uint32_t first_capacity = 8;
    Shard larger;
    larger.capacity = shard.capacity == 0 ? first_capacity : 2 * shard.capacity;
    larger.used = shard.used;
    larger.slots.reset(new Slot[larger.capacity]);
    for (std::uint32_t at = 0; at < shard.capacity; ++at)
      if (shard.slots[at].value != absent) probe(larger, shard.slots[at].key()) = shard.slots[at];
    slots_ += larger.capacity - shard.capacity;
    shard = std::move(larger);
  }

  unsigned shift_;
  std::unique_ptr<Shard[]> shards_;
  std::size_t size_ = 0, slots_ = 0;
};

}  // namespace autodev::mine
