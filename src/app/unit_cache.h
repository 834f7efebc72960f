// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Units of recently parsed files. In a history the version before a change is nearly always the version after an
// earlier one, and parsing is the larger half of the work: remembering the last files spares every second parse.
#pragma once

#include <cstddef>
#include <list>
#include <string_view>
#include <unordered_map>

#include "syntax/extract.h"

namespace autodev::app {

/// Least recently used files are dropped first. Not for use by several threads.
class UnitCache {
 public:
  /// `max_bytes`: source and tree bytes that are kept, about a third of the memory used.
  explicit UnitCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// The units of this very text at this path, or nullptr; valid until the next `put`.
  [[nodiscard]] const syntax::FileUnits* find(std::string_view path, std::string_view text);
  /// Keeps a copy, unless it alone is more than `max_bytes`.
  void put(std::string_view path, std::string_view text, const syntax::FileUnits& units);

 private:
  struct Entry {
    Digest key;
    std::size_t bytes = 0;
    syntax::FileUnits units;
  };
  struct KeyHash {
    std::size_t operator()(const Digest& key) const noexcept { return static_cast<std::size_t>(key.prefix64()); }
  };

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  ///< most recently used first
  std::unordered_map<Digest, std::list<Entry>::iterator, KeyHash> places_;
};

}  // namespace autodev::app
