// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Interning of leaf texts: open addressing with linear probing over XXH3, at most half full.
#include "base/hash.h"
#include "syntax/lower.h"

namespace autodev::syntax {

SymbolTable::SymbolTable() : slots_(1024) {}

std::uint32_t SymbolTable::intern(std::string_view text) {
  const auto hash = base::hash64(text);
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const auto index = slots_[slot] - 1;
    if (hashes_[index] == hash && texts_[index] == text) return slots_[slot];
  }
  texts_.push_back(text);
  hashes_.push_back(hash);
  const auto symbol = static_cast<std::uint32_t>(texts_.size());
  slots_[slot] = symbol;
  if (texts_.size() * 2 > slots_.size()) grow();
  return symbol;
}

std::uint32_t SymbolTable::intern_owned(std::string text) {
  owned_.push_back(std::move(text));
  const auto before = texts_.size();
  const auto symbol = intern(owned_.back());
  if (texts_.size() == before) owned_.pop_back();
  return symbol;
}

void SymbolTable::grow() {
  std::vector<std::uint32_t> larger(slots_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (std::size_t index = 0; index < texts_.size(); ++index) {
    std::size_t slot = hashes_[index] & mask;
    while (larger[slot] != 0) slot = (slot + 1) & mask;
    larger[slot] = static_cast<std::uint32_t>(index + 1);
  }
  slots_ = std::move(larger);
}

}  // namespace autodev::syntax
