// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Kv: an ordered, transactional key-value store; the container of everything derived from the journal.
//
// Keys and values are byte strings; keys are ordered bytewise and at most 480 bytes long. A *table* is a
// separate key space. Readers see the state of the moment they began, also while another process
// writes. There are two implementations under one conformance suite: LMDB (a memory-mapped file, many
// processes) and a sorted map in memory.
//
//   AUTODEV_TRY_ASSIGN(auto store, open_lmdb(env, folder, {}));
//   AUTODEV_TRY_ASSIGN(auto txn, store->begin_write());
//   AUTODEV_TRY(txn->put(Table::pattern, key, value));
//   AUTODEV_TRY(txn->commit());
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"

namespace autodev::base {

/// The name of a key space: at most 64 distinct ones per store, [a-z_]+.
using Table = std::string_view;

/// A consistent view. Returned views stay valid until the transaction ends or writes.
class KvRead {
 public:
  virtual ~KvRead() = default;
  [[nodiscard]] virtual Result<std::optional<std::string_view>> get(Table table, std::string_view key) const = 0;
  /// Calls `visit(key, value)` in key order for every key that starts with `prefix` and is >= `from`;
  /// stops when it returns false.
  virtual Result<void> scan(Table table, std::string_view prefix, std::string_view from,
                            const std::function<bool(std::string_view, std::string_view)>& visit) const = 0;
  /// (Part of) a value that get() or scan() returned, to be read once: as it lies in the store, or copied into `buffer`
  /// where that costs less. A process that maps a file for one answer pays some 5 µs for each place it touches, and 1
  /// µs for copying from there. Valid until `buffer` changes, or as the value was. Errors: `io`.
  [[nodiscard]] virtual Result<std::string_view> fetch(std::string_view stored, std::string& buffer) const {
    static_cast<void>(buffer);
    return stored;
  }
  [[nodiscard]] virtual Result<std::uint64_t> count(Table table) const = 0;
  /// Names of the tables that hold at least one entry, sorted.
  [[nodiscard]] virtual Result<std::vector<std::string>> tables() const = 0;
};

/// The single writer. Destruction without commit undoes everything. Belongs to the thread that began it; a
/// thread must not begin a second one before the first has ended. Keys are 1 to 480 bytes long. After a failed
/// operation only destruction is useful.
class KvWrite : public KvRead {
 public:
  virtual Result<void> put(Table table, std::string_view key, std::string_view value) = 0;
  /// Deleting an absent key is fine.
  virtual Result<void> erase(Table table, std::string_view key) = 0;
  virtual Result<void> clear(Table table) = 0;
  virtual Result<void> commit() = 0;
};

class Kv {
 public:
  virtual ~Kv() = default;
  [[nodiscard]] virtual Result<std::unique_ptr<KvRead>> begin_read() = 0;
  /// Waits for any other writer, also of another process.
  [[nodiscard]] virtual Result<std::unique_ptr<KvWrite>> begin_write() = 0;
};

struct LmdbOptions {
  std::uint64_t map_bytes = std::uint64_t{64} << 30;  ///< address space; grown when full
  bool read_only = false;
  bool sync = true;  ///< fdatasync on commit; derived data may do without
};

/// Opens (creating unless read-only) an LMDB environment in `folder`.
/// Opening a folder again in the same process shares one environment. A file holds data of a crashed machine
/// safely only with `sync`. Where address space is limited, a smaller map is taken.
/// Errors: `permission` / `cannot_create` for the folder, `bad_data` when the file is not LMDB's, `no_input` when
/// read-only and absent, `busy` when this process already has it open read-only. A full map is `io` from `put` or
/// `commit`; the next `begin_write` enlarges it if no transaction is open.
[[nodiscard]] Result<std::unique_ptr<Kv>> open_lmdb(const std::string& folder, const LmdbOptions& options);

/// A store in memory. Writers exclude each other; readers never wait for a writer. A commit copies the tables
/// it changes only while a reader holds them.
[[nodiscard]] std::unique_ptr<Kv> open_memory_kv();

/// XXH3-128 over all tables, keys and values in order: two stores with equal contents have equal digests.
[[nodiscard]] Result<std::string> kv_digest(const KvRead& state);

}  // namespace autodev::base
