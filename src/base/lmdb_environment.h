// SPDX-License-Identifier: MIT OR Apache-2.0
//
// LMDB environment: one memory-mapped file, shared by everything in this process that opens its folder.
//
// LMDB leaves three duties to its user, and this class does them:
// - a file must not be opened twice in one process (closing one drops the other's locks): a registry of
//   open environments;
// - handles of named tables must not be opened by two transactions at once: all tables that exist are
//   opened before a transaction begins; only the single writer creates new ones, and they become known
//   with its commit. The set of known tables is an immutable map that is swapped whole; a transaction that
//   began while it was swapped begins again;
// - the map must not be resized while transactions are open: they are counted.
#pragma once

#include <lmdb.h>
#include <sys/types.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "base/kv.h"

namespace autodev::base {

/// Tables by name. Names are never removed.
using TableHandles = std::map<std::string, MDB_dbi, std::less<>>;

/// What identifies an open file within this process and its forks: process, device, inode.
using OpenFileKey = std::tuple<pid_t, dev_t, ino_t>;

struct CloseEnvironment {
  void operator()(MDB_env* env) const noexcept { mdb_env_close(env); }
};
using EnvironmentPointer = std::unique_ptr<MDB_env, CloseEnvironment>;

class LmdbEnvironment {
 public:
  /// Opens `folder`, or joins the environment this process has open there.
  [[nodiscard]] static Result<std::shared_ptr<LmdbEnvironment>> open(const std::string& folder,
                                                                     const LmdbOptions& options);

  LmdbEnvironment(EnvironmentPointer env, std::string folder, bool read_only);
  ~LmdbEnvironment();
  LmdbEnvironment(const LmdbEnvironment&) = delete;
  LmdbEnvironment& operator=(const LmdbEnvironment&) = delete;

  /// A transaction that has begun, with every table that exists in it. Must be given back with `ended`.
  struct Begun {
    MDB_txn* txn = nullptr;
    std::shared_ptr<const TableHandles> tables;
  };
  [[nodiscard]] Result<Begun> begin(bool write);
  /// Commits; `created` are the tables the transaction has made.
  [[nodiscard]] Result<void> commit(MDB_txn* txn, const TableHandles& created);
  void ended() noexcept;

  /// Where the map begins, for reading from the file instead; null where that is not known.
  struct Copier {
    const char* map = nullptr;
    int file = -1;
    std::uint64_t most_copies = 0;  ///< of all transactions together
  };
  [[nodiscard]] Copier copier(MDB_txn* txn) const noexcept;
  /// Copies until as much was spent on copying as mapping the whole file would cost; from then on pages are mapped.
  [[nodiscard]] Result<std::string_view> fetch(const Copier& copier, std::string_view stored, std::string& buffer);

  /// The Error for an LMDB or errno code.
  [[nodiscard]] tl::unexpected<Error> failure(int code, std::string_view action);

 private:
  friend struct LmdbRegistry;

  [[nodiscard]] std::shared_ptr<const TableHandles> tables();
  [[nodiscard]] int begin_raw(bool write, MDB_txn** txn);
  /// Opens the tables other processes have made since.
  [[nodiscard]] Result<void> learn_tables();
  [[nodiscard]] int open_tables(MDB_txn* txn, TableHandles& known);
  /// Sets the size of the map (0: as large as another process made it) unless transactions are open.
  bool resize_map(std::size_t bytes);

  EnvironmentPointer env_;
  std::string folder_;
  bool read_only_;
  std::optional<OpenFileKey> registered_as_;
  std::atomic<bool> full_{false};
  std::atomic<std::uint64_t> copies_{0};  ///< that were made by fetch()
  std::mutex mutex_;                      ///< guards tables_ and active_
  std::shared_ptr<const TableHandles> tables_ = std::make_shared<TableHandles>();
  std::size_t active_ = 0;
};

}  // namespace autodev::base
