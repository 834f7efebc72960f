// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The digest of a state: table by table, entry by entry, each part behind its length, so that no two
// different states read the same. Tables without entries leave no trace.
#include <xxhash.h>

#include <cstring>
#include <memory>

#include "base/kv.h"
#include "base/wire.h"

namespace autodev::base {
namespace {

/// XXH3-128 over pieces.
class RunningHash {
 public:
  RunningHash() { XXH3_128bits_reset(state_.get()); }

  void add(std::string_view piece) {
    length_.clear();
    WireWriter(length_).varint(piece.size());
    XXH3_128bits_update(state_.get(), length_.data(), length_.size());
    XXH3_128bits_update(state_.get(), piece.data(), piece.size());
  }
  [[nodiscard]] Digest finish() const {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_.get()));
    Digest digest;
    std::memcpy(digest.bytes.data(), canonical.digest, digest.bytes.size());
    return digest;
  }

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const noexcept { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_{XXH3_createState()};
  std::string length_;
};

}  // namespace

Result<std::string> kv_digest(const KvRead& state) {
  RunningHash hash;
  AUTODEV_TRY_ASSIGN(const std::vector<std::string> tables, state.tables());
  for (const std::string& table : tables) {
    AUTODEV_TRY_ASSIGN(const std::uint64_t entries, state.count(table));
    hash.add(table);
    hash.add(std::to_string(entries));
    AUTODEV_TRY(state.scan(table, {}, {}, [&](std::string_view key, std::string_view value) {
      hash.add(key);
      hash.add(value);
      return true;
    }));
  }
  return hash.finish().hex();
}

}  // namespace autodev::base
