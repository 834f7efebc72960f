// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Opening, sharing and resizing the file; beginning and committing on it. Source: the caveats in lmdb.h.
#include "base/lmdb_environment.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <thread>

#include "base/env.h"
#include "base/system_error.h"

namespace autodev::base {
namespace {

/// LMDB's handle of the unnamed table that lists the named ones.
constexpr MDB_dbi main_table = 1;
/// Some forty are in use; LMDB pays a few bytes a transaction for each that may be.
constexpr unsigned int most_tables = 64;
/// Transactions of all processes at once. LMDB's default of 126 is tight for many agents times threads; a
/// slot costs 64 bytes.
constexpr unsigned int most_readers = 512;
/// Where a limit of address space (ulimit -v, containers) forbids the size wanted, a quarter is tried, down
/// to this. An index of 100,000 patterns takes about 300 MB.
constexpr std::uint64_t smallest_map = std::uint64_t{64} << 20;
/// Smaller files are mapped, not copied from: there is little of them to map.
constexpr std::uint64_t least_copied_from = std::uint64_t{16} << 20;
/// The kernel maps 64 KiB around a page that is touched. Mapping and unmapping that costs about four times a copy.
constexpr std::uint64_t bytes_mapped_at_once = std::uint64_t{64} << 10;
constexpr std::uint64_t copies_per_mapping = 4;

std::string data_file(const std::string& folder) {
  return folder + "/data.mdb";
}

std::string rebuild_hint(const std::string& folder) {
  return fmt::format("delete the folder {}; it is rebuilt from the journal", folder);
}

bool is_disk_full(const std::string& folder) {
  struct statvfs disk {};
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return ::statvfs(folder.c_str(), &disk) == 0 && std::uint64_t{disk.f_bavail} * disk.f_frsize < page;
}

Error lmdb_error(int code, std::string_view action, const std::string& folder) {
  switch (code) {
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INCOMPATIBLE:
      return {ErrorCode::bad_data,
              fmt::format("the index in {} is damaged or not an index: {}", folder, mdb_strerror(code)),
              rebuild_hint(folder)};
    case MDB_MAP_FULL:
      return {ErrorCode::io, fmt::format("the index in {} is full", folder),
              "try again: it is enlarged first; if that does not help, raise the limit of address space (ulimit -v)"};
    case MDB_READERS_FULL:
      return {ErrorCode::busy, fmt::format("too many processes read the index in {} at once", folder), "try again"};
    case MDB_DBS_FULL:
    case MDB_BAD_TXN:
    case MDB_BAD_DBI:
    case MDB_BAD_VALSIZE:
    case MDB_TXN_FULL:
      return {ErrorCode::internal, fmt::format("cannot {} the index in {}: {}", action, folder, mdb_strerror(code)),
              ""};
    default:
      // A write that was cut short for want of space is reported as an input/output error.
      if (code == EIO && is_disk_full(folder)) code = ENOSPC;
      if (code > 0) return system_error(code, fmt::format("{} the index in", action), folder);
      return {ErrorCode::io, fmt::format("cannot {} the index in {}: {}", action, folder, mdb_strerror(code)),
              rebuild_hint(folder)};
  }
}

/// One attempt with a certain map size; the LMDB code on failure.
int try_to_open(const std::string& folder, const LmdbOptions& options, std::uint64_t map_bytes,
                EnvironmentPointer& out) {
  MDB_env* raw = nullptr;
  if (const int code = mdb_env_create(&raw); code != 0) return code;
  EnvironmentPointer env(raw);
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t rounded = std::max(map_bytes, std::uint64_t{1} << 20) / page * page;
  mdb_env_set_mapsize(raw, static_cast<std::size_t>(rounded));
  mdb_env_set_maxdbs(raw, most_tables);
  mdb_env_set_maxreaders(raw, most_readers);
  unsigned int flags = MDB_NOTLS | MDB_NORDAHEAD;
  if (options.read_only) flags |= MDB_RDONLY;
  if (!options.sync) flags |= MDB_NOSYNC;
  const int code = mdb_env_open(raw, folder.c_str(), flags, 0600);
  if (code == 0) out = std::move(env);
  return code;
}

/// The length the file must have for all its pages to be there, if it is shorter; else 0. A page missing
/// behind the end would end the process (SIGBUS) when it is touched.
off_t missing_length(MDB_env* env) {
  MDB_envinfo info{};
  MDB_stat pages{};
  struct stat file {};
  int fd = -1;
  mdb_env_info(env, &info);
  mdb_env_stat(env, &pages);
  const auto length = static_cast<off_t>((std::uint64_t{info.me_last_pgno} + 1) * pages.ms_psize);
  if (mdb_env_get_fd(env, &fd) != 0 || ::fstat(fd, &file) != 0) return 0;
  return file.st_size < length ? length : 0;
}

/// LMDB does not write pages at the end that a transaction took and gave back. Making them a hole keeps a file
/// of ours always at full length, so that a short one is known to be damaged. Under the lock of the writer
/// nobody else changes the length.
void extend_to_full_length(MDB_env* env) {
  MDB_txn* txn = nullptr;
  int fd = -1;
  if (missing_length(env) == 0 || mdb_txn_begin(env, nullptr, 0, &txn) != 0) return;
  if (const off_t length = missing_length(env); length > 0 && mdb_env_get_fd(env, &fd) == 0)
    static_cast<void>(!::ftruncate(fd, length));
  mdb_txn_abort(txn);
}

/// Looks a few times: another process may be between its commit and the extension.
bool is_cut_short(MDB_env* env) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (missing_length(env) == 0) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

Result<EnvironmentPointer> open_file(const std::string& folder, const LmdbOptions& options) {
  if (options.read_only && ::access(data_file(folder).c_str(), F_OK) != 0)
    return fail(ErrorCode::no_input, fmt::format("there is no index in {}", folder));
  EnvironmentPointer env;
  int code = 0;
  std::uint64_t map_bytes = options.map_bytes;
  while (true) {
    code = try_to_open(folder, options, map_bytes, env);
    if ((code != ENOMEM && code != EINVAL && code != EFBIG) || map_bytes <= smallest_map) break;
    map_bytes /= 4;
  }
  if (code != 0) return tl::make_unexpected(lmdb_error(code, "open", folder));
  if (is_cut_short(env.get())) return tl::make_unexpected(lmdb_error(MDB_CORRUPTED, "open", folder));
  int dead_readers = 0;
  mdb_reader_check(env.get(), &dead_readers);  // slots of killed processes would keep old pages alive
  return env;
}

}  // namespace

/// Which files this process has open. A forked child must not use its parent's, so the process is part of
/// the key. LMDB's rule makes this state of the whole process necessary.
struct LmdbRegistry {
  static LmdbRegistry& instance() {
    static LmdbRegistry registry;
    return registry;
  }

  static std::optional<OpenFileKey> key_of(const std::string& folder) {
    struct stat info {};
    if (::stat(data_file(folder).c_str(), &info) != 0) return std::nullopt;
    return OpenFileKey{::getpid(), info.st_dev, info.st_ino};
  }

  Result<std::shared_ptr<LmdbEnvironment>> join(const std::shared_ptr<LmdbEnvironment>& open_one,
                                                const std::string& folder, const LmdbOptions& options) {
    if (open_one->read_only_ && !options.read_only)
      return fail(ErrorCode::busy, fmt::format("the index in {} is open read-only in this process", folder));
    if (options.sync && !options.read_only) mdb_env_set_flags(open_one->env_.get(), MDB_NOSYNC, 0);
    return open_one;
  }

  Result<std::shared_ptr<LmdbEnvironment>> open(const std::string& folder, const LmdbOptions& options) {
    std::unique_lock lock(mutex);
    if (const auto key = key_of(folder)) {
      std::shared_ptr<LmdbEnvironment> open_one;
      closed.wait(lock, [&] {  // an entry whose environment has no owner is being closed right now
        const auto found = environments.find(*key);
        return found == environments.end() || (open_one = found->second.lock()) != nullptr;
      });
      if (open_one) return join(open_one, folder, options);
    }
    AUTODEV_TRY_ASSIGN(EnvironmentPointer env, open_file(folder, options));
    auto opened = std::make_shared<LmdbEnvironment>(std::move(env), folder, options.read_only);
    AUTODEV_TRY(opened->learn_tables());
    if (const auto key = key_of(folder)) {
      environments[*key] = opened;
      opened->registered_as_ = key;
    }
    return opened;
  }

  void close(LmdbEnvironment* environment) {
    const std::lock_guard lock(mutex);
    environment->env_.reset();
    environments.erase(*environment->registered_as_);
    closed.notify_all();
  }

  std::mutex mutex;
  std::condition_variable closed;
  std::map<OpenFileKey, std::weak_ptr<LmdbEnvironment>> environments;
};

Result<std::shared_ptr<LmdbEnvironment>> LmdbEnvironment::open(const std::string& folder, const LmdbOptions& options) {
  return LmdbRegistry::instance().open(folder, options);
}

LmdbEnvironment::LmdbEnvironment(EnvironmentPointer env, std::string folder, bool read_only)
    : env_(std::move(env)), folder_(std::move(folder)), read_only_(read_only) {}

LmdbEnvironment::~LmdbEnvironment() {
  if (registered_as_) LmdbRegistry::instance().close(this);
}

tl::unexpected<Error> LmdbEnvironment::failure(int code, std::string_view action) {
  if (code == MDB_MAP_FULL) full_ = true;
  return tl::make_unexpected(lmdb_error(code, action, folder_));
}

LmdbEnvironment::Copier LmdbEnvironment::copier(MDB_txn* txn) const noexcept {
  MDB_envinfo info{};
  MDB_stat pages{};
  int file = -1;
  if (mdb_env_info(env_.get(), &info) != 0 || mdb_env_stat(env_.get(), &pages) != 0 ||
      mdb_env_get_fd(env_.get(), &file) != 0)
    return {};
  const std::size_t size = pages.ms_psize;
  const std::uint64_t bytes = (std::uint64_t{info.me_last_pgno} + 1) * size;
  if (bytes < least_copied_from) return {};
  // LMDB does not tell where its map begins, but every page begins with its number; a key always lies in a page of its
  // tree.
  MDB_cursor* raw = nullptr;
  if (mdb_cursor_open(txn, main_table, &raw) != 0) return {};
  const std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> cursor(raw, mdb_cursor_close);
  MDB_val key{}, value{};
  if (mdb_cursor_get(raw, &key, &value, MDB_FIRST) != 0) return {};
  const char* const page = static_cast<const char*>(key.mv_data) - reinterpret_cast<std::uintptr_t>(key.mv_data) % size;
  std::uint64_t number = 0;
  std::memcpy(&number, page, sizeof number);
  std::string copy(size, '\0');
  const bool same = number <= info.me_last_pgno &&
                    ::pread(file, copy.data(), size, static_cast<off_t>(number * size)) == static_cast<ssize_t>(size) &&
                    std::memcmp(copy.data(), page, size) == 0;
  return same ? Copier{page - number * size, file, bytes / bytes_mapped_at_once * copies_per_mapping} : Copier{};
}

Result<std::string_view> LmdbEnvironment::fetch(const Copier& copier, std::string_view stored, std::string& buffer) {
  if (copier.map == nullptr || copies_ >= copier.most_copies) return stored;
  ++copies_;
  buffer.resize(stored.size());
  const auto start = static_cast<off_t>(stored.data() - copier.map);
  const ssize_t read = ::pread(copier.file, buffer.data(), stored.size(), start);
  if (read == static_cast<ssize_t>(stored.size())) return std::string_view(buffer);
  return read < 0 ? failure(errno, "read") : failure(MDB_CORRUPTED, "read");
}

std::shared_ptr<const TableHandles> LmdbEnvironment::tables() {
  const std::lock_guard lock(mutex_);
  return tables_;
}

void LmdbEnvironment::ended() noexcept {
  const std::lock_guard lock(mutex_);
  --active_;
}

bool LmdbEnvironment::resize_map(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (active_ > 0) return false;
  MDB_envinfo before{};
  mdb_env_info(env_.get(), &before);
  if (mdb_env_set_mapsize(env_.get(), bytes) == 0) return true;
  mdb_env_set_mapsize(env_.get(), before.me_mapsize);
  return false;
}

int LmdbEnvironment::begin_raw(bool write, MDB_txn** txn) {
  {
    const std::lock_guard lock(mutex_);
    ++active_;
  }
  int code = mdb_txn_begin(env_.get(), nullptr, write ? 0 : MDB_RDONLY, txn);
  if (code == MDB_READERS_FULL) {
    int dead_readers = 0;
    mdb_reader_check(env_.get(), &dead_readers);
    code = mdb_txn_begin(env_.get(), nullptr, write ? 0 : MDB_RDONLY, txn);
  }
  if (code != 0) ended();
  return code;
}

Result<LmdbEnvironment::Begun> LmdbEnvironment::begin(bool write) {
  if (write && full_.exchange(false)) {
    MDB_envinfo info{};
    mdb_env_info(env_.get(), &info);
    if (!resize_map(info.me_mapsize * 2)) full_ = true;
  }
  while (true) {
    Begun begun;
    begun.tables = tables();
    const int code = begin_raw(write, &begun.txn);
    if (code == MDB_MAP_RESIZED && resize_map(0)) continue;
    if (code == MDB_MAP_RESIZED)
      return fail(ErrorCode::busy, fmt::format("the index in {} was enlarged by another process", folder_),
                  "try again");
    if (code != 0) return failure(code, "read");
    MDB_stat listed{};
    const int listing = mdb_stat(begun.txn, main_table, &listed);
    const bool complete = listing == 0 && listed.ms_entries <= begun.tables->size();
    if (complete && begun.tables == tables()) return begun;
    mdb_txn_abort(begun.txn);
    ended();
    if (listing != 0) return failure(listing, "read");
    if (!complete) AUTODEV_TRY(learn_tables());
  }
}

Result<void> LmdbEnvironment::learn_tables() {
  MDB_txn* txn = nullptr;
  int code = begin_raw(false, &txn);
  if (code == MDB_MAP_RESIZED && resize_map(0)) code = begin_raw(false, &txn);
  if (code != 0) return failure(code, "read");
  {
    // No writer of this process can have unpublished tables now: it would have learned these first.
    const std::lock_guard lock(mutex_);
    auto known = std::make_shared<TableHandles>(*tables_);
    code = open_tables(txn, *known);
    if (code == 0) {
      code = mdb_txn_commit(txn);  // publishes the handles within LMDB
      if (code == 0) tables_ = std::move(known);
    } else {
      mdb_txn_abort(txn);
    }
  }
  ended();
  if (code != 0) return failure(code, "read");
  return {};
}

int LmdbEnvironment::open_tables(MDB_txn* txn, TableHandles& known) {
  MDB_dbi unnamed = 0;
  if (const int code = mdb_dbi_open(txn, nullptr, 0, &unnamed); code != 0) return code;
  MDB_cursor* cursor = nullptr;
  if (const int code = mdb_cursor_open(txn, unnamed, &cursor); code != 0) return code;
  const std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> closes(cursor, mdb_cursor_close);
  MDB_val name{};
  MDB_val record{};
  int code = mdb_cursor_get(cursor, &name, &record, MDB_FIRST);
  for (; code == 0; code = mdb_cursor_get(cursor, &name, &record, MDB_NEXT)) {
    const std::string table(static_cast<const char*>(name.mv_data), name.mv_size);
    if (known.count(table) != 0) continue;
    MDB_dbi handle = 0;
    if (table.find('\0') != std::string::npos) return MDB_INCOMPATIBLE;
    if (const int opened = mdb_dbi_open(txn, table.c_str(), 0, &handle); opened != 0) return opened;
    known.emplace(table, handle);
  }
  return code == MDB_NOTFOUND ? 0 : code;
}

Result<void> LmdbEnvironment::commit(MDB_txn* txn, const TableHandles& created) {
  int code = 0;
  if (created.empty()) {
    code = mdb_txn_commit(txn);
  } else {
    const std::lock_guard lock(mutex_);
    code = mdb_txn_commit(txn);
    if (code == 0) {
      auto known = std::make_shared<TableHandles>(*tables_);
      known->insert(created.begin(), created.end());
      tables_ = std::move(known);
    }
  }
  if (code != 0) return failure(code, "write");
  extend_to_full_length(env_.get());
  return {};
}

}  // namespace autodev::base
