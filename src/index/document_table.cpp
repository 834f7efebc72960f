// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/document_table.h"

#include <algorithm>
#include <cstring>

namespace autodev::index {
namespace {

constexpr std::size_t id_bytes = 16, entry_bytes = id_bytes + sizeof(Fingerprint);
/// With LMDB's header of 16 bytes and the checksum, a page of 4,096 bytes.
constexpr std::uint32_t documents_per_block = 169;
/// 8,192 buckets: one document each in a small library, 122 in one of a million.
constexpr std::uint32_t bucket_bits = 13;
constexpr std::size_t place_bytes = 6;

std::uint32_t bucket_of(const PatternId& id) noexcept {
  const auto& bytes = id.digest.bytes;
  return (std::uint32_t{bytes[0]} << 8 | bytes[1]) >> (16 - bucket_bits);
}

std::string bucket_key(std::uint32_t bucket) {
  return {static_cast<char>(static_cast<std::uint8_t>(bucket >> 8)),
          static_cast<char>(static_cast<std::uint8_t>(bucket))};
}

/// What a bucket holds of an id; compared as bytes.
std::string place_of(const DocumentEntry& entry) {
  std::string place(id_key(entry.id).substr(id_bytes - 2));
  return place + number_key(entry.number);
}

std::uint32_t number_at(std::string_view bytes) noexcept {
  std::uint32_t number = 0;
  for (const char c : bytes.substr(0, 4)) number = (number << 8) | static_cast<std::uint8_t>(c);
  return number;
}

DocumentEntry entry_at(std::string_view bytes, std::uint32_t number) noexcept {
  DocumentEntry entry;
  entry.number = number;
  std::copy_n(bytes.begin(), id_bytes, entry.id.digest.bytes.begin());
  for (std::size_t i = 0; i < sizeof(Fingerprint); ++i)
    entry.fingerprint |= Fingerprint{static_cast<std::uint8_t>(bytes[id_bytes + i])} << (8 * i);
  return entry;
}

bool is_block(std::string_view value, std::uint32_t block) noexcept {
  return is_sealed(value, block) && sealed_part(value).size() % entry_bytes == 0 &&
         sealed_part(value).size() <= documents_per_block * entry_bytes;
}

}  // namespace

Result<PatternId> id_of(const base::KvRead& state, std::uint32_t number) {
  const std::uint32_t block = number / documents_per_block;
  const std::size_t start = number % documents_per_block * entry_bytes;
  AUTODEV_TRY_ASSIGN(const auto stored, state.get(id_table, number_key(block)));
  std::string buffer;
  AUTODEV_TRY_ASSIGN(const std::string_view value, state.fetch(stored.value_or(std::string_view()), buffer));
  if (!is_block(value, block)) return damaged("the block of ids", block);
  if (sealed_part(value).size() < start + entry_bytes) return damaged("the id of document", number);
  const DocumentEntry entry = entry_at(value.substr(start), number);
  if (entry.fingerprint == 0) return damaged("the id of document", number);
  return entry.id;
}

Result<std::vector<DocumentEntry>> all_documents(const base::KvRead& state) {
  std::vector<DocumentEntry> documents;
  Result<void> checked;
  AUTODEV_TRY(state.scan(id_table, {}, {}, [&](std::string_view key, std::string_view value) {
    const std::uint32_t block = number_at(key);
    if (key.size() != 4 || !is_block(value, block)) checked = damaged("the block of ids", block);
    if (!checked) return false;
    for (std::uint32_t i = 0; i < sealed_part(value).size() / entry_bytes; ++i) {
      const DocumentEntry entry = entry_at(value.substr(i * entry_bytes), block * documents_per_block + i);
      if (entry.fingerprint != 0) documents.push_back(entry);
    }
    return true;
  }));
  AUTODEV_TRY(checked);
  return documents;
}

Result<std::string*> DocumentTable::block(std::uint32_t number) {
  const std::uint32_t block = number / documents_per_block;
  auto found = blocks_.find(block);
  if (found == blocks_.end()) {
    AUTODEV_TRY_ASSIGN(const auto stored, state_.get(id_table, number_key(block)));
    if (stored && !is_block(*stored, block)) return damaged("the block of ids", block);
    found = blocks_.emplace(block, std::string(sealed_part(stored.value_or(std::string_view())))).first;
  }
  return &found->second;
}

Result<std::string*> DocumentTable::bucket(const PatternId& id) {
  const std::uint32_t bucket = bucket_of(id);
  auto found = buckets_.find(bucket);
  if (found == buckets_.end()) {
    AUTODEV_TRY_ASSIGN(const auto stored, state_.get(record_table, bucket_key(bucket)));
    if (stored && (!is_sealed(*stored, bucket) || sealed_part(*stored).size() % place_bytes != 0))
      return damaged("the numbers of ids", bucket);
    found = buckets_.emplace(bucket, std::string(sealed_part(stored.value_or(std::string_view())))).first;
  }
  return &found->second;
}

Result<std::optional<DocumentEntry>> DocumentTable::find(const PatternId& id) {
  AUTODEV_TRY_ASSIGN(const std::string* const places, bucket(id));
  const std::string_view tag = id_key(id).substr(id_bytes - 2);
  for (std::size_t at = 0; at < places->size(); at += place_bytes) {
    if (std::string_view(*places).substr(at, tag.size()) != tag) continue;
    const std::uint32_t number = number_at(std::string_view(*places).substr(at + tag.size()));
    AUTODEV_TRY_ASSIGN(const std::string* const entries, block(number));
    const std::size_t start = number % documents_per_block * entry_bytes;
    if (entries->size() < start + entry_bytes) return damaged("the id of document", number);
    const DocumentEntry entry = entry_at(std::string_view(*entries).substr(start), number);
    if (entry.id == id && entry.fingerprint != 0) return entry;
  }
  return std::nullopt;
}

Result<void> DocumentTable::set(const DocumentEntry& entry) {
  AUTODEV_TRY_ASSIGN(std::string* const places, bucket(entry.id));
  const std::string place = place_of(entry);
  std::size_t at = 0;
  while (at < places->size() && std::string_view(*places).substr(at, place_bytes) < place) at += place_bytes;
  if (std::string_view(*places).substr(at, place_bytes) != place) places->insert(at, place);
  AUTODEV_TRY_ASSIGN(std::string* const entries, block(entry.number));
  const std::size_t start = entry.number % documents_per_block * entry_bytes;
  if (entries->size() < start + entry_bytes) entries->resize(start + entry_bytes, '\0');
  entries->replace(start, id_bytes, id_key(entry.id));
  for (std::size_t i = 0; i < sizeof(Fingerprint); ++i)
    (*entries)[start + id_bytes + i] = static_cast<char>(static_cast<std::uint8_t>(entry.fingerprint >> (8 * i)));
  return {};
}

Result<void> DocumentTable::remove(const DocumentEntry& entry) {
  AUTODEV_TRY_ASSIGN(std::string* const places, bucket(entry.id));
  const std::string place = place_of(entry);
  for (std::size_t at = 0; at < places->size(); at += place_bytes)
    if (std::string_view(*places).substr(at, place_bytes) == place) {
      places->erase(at, place_bytes);
      break;
    }
  AUTODEV_TRY_ASSIGN(std::string* const entries, block(entry.number));
  const std::size_t start = entry.number % documents_per_block * entry_bytes;
  if (entries->size() >= start + entry_bytes) entries->replace(start, entry_bytes, entry_bytes, '\0');
  return {};
}

Result<void> DocumentTable::apply() {
  for (auto& [number, bytes] : blocks_) {
    seal(bytes, number);
    AUTODEV_TRY(state_.put(id_table, number_key(number), bytes));
  }
  for (auto& [number, bytes] : buckets_) {
    if (!bytes.empty()) seal(bytes, number);
    AUTODEV_TRY(bytes.empty() ? state_.erase(record_table, bucket_key(number))
                              : state_.put(record_table, bucket_key(number), bytes));
  }
  blocks_.clear();
  buckets_.clear();
  return {};
}

}  // namespace autodev::index
