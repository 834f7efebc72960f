// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/unit_cache.h"

#include "base/hash.h"

namespace autodev::app {
namespace {

Digest key_of(std::string_view path, std::string_view text) {
  return base::hash128(text, base::hash64(path));
}

std::size_t bytes_of(const syntax::FileUnits& file) {
  std::size_t bytes = sizeof(syntax::FileUnits);
  for (const CodeUnit& unit : file.units)
    bytes += sizeof(CodeUnit) + unit.text.size() + unit.tree.size() + unit.doc.size() + unit.signature.size();
  return bytes;
}

}  // namespace

const syntax::FileUnits* UnitCache::find(std::string_view path, std::string_view text) {
  const auto place = places_.find(key_of(path, text));
  if (place == places_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, place->second);
  return &entries_.front().units;
}

void UnitCache::put(std::string_view path, std::string_view text, const syntax::FileUnits& units) {
  const Digest key = key_of(path, text);
  const std::size_t bytes = bytes_of(units);
  if (bytes > max_bytes_ || places_.contains(key)) return;
  entries_.push_front({key, bytes, units});
  places_.emplace(key, entries_.begin());
  bytes_ += bytes;
  while (bytes_ > max_bytes_) {
    bytes_ -= entries_.back().bytes;
    places_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

}  // namespace autodev::app
