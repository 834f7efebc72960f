// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A store in an LMDB file (B+ tree, copy on write, one writer and any number of readers across processes).
// Named tables are made by the first put into them; a table that is not there reads as empty.
#include <lmdb.h>

#include <algorithm>

#include "base/env.h"
#include "base/kv.h"
#include "base/kv_key.h"
#include "base/lmdb_environment.h"

namespace autodev::base {
namespace {

using Visit = std::function<bool(std::string_view, std::string_view)>;

MDB_val to_val(std::string_view bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};
}
std::string_view to_view(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

/// What reading and writing transactions have in common.
class Transaction {
 public:
  Transaction(std::shared_ptr<LmdbEnvironment> env, LmdbEnvironment::Begun begun)
      : env_(std::move(env)), txn_(begun.txn), tables_(std::move(begun.tables)) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (txn_ == nullptr) return;
    mdb_txn_abort(txn_);
    env_->ended();
  }

  [[nodiscard]] Result<std::optional<std::string_view>> get(Table table, std::string_view key) const {
    AUTODEV_TRY(check_open());
    const auto handle = find(table);
    if (!handle || !check_kv_key(key)) return std::nullopt;  // such a key was never put
    MDB_val wanted = to_val(key);
    MDB_val value{};
    const int code = mdb_get(txn_, *handle, &wanted, &value);
    if (code == MDB_NOTFOUND) return std::nullopt;
    if (code != 0) return env_->failure(code, "read");
    return to_view(value);
  }

  [[nodiscard]] Result<void> scan(Table table, std::string_view prefix, std::string_view from,
                                  const Visit& visit) const {
    AUTODEV_TRY(check_open());
    const auto handle = find(table);
    if (!handle) return {};
    MDB_cursor* raw = nullptr;
    if (const int code = mdb_cursor_open(txn_, *handle, &raw); code != 0) return env_->failure(code, "read");
    const std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> cursor(raw, mdb_cursor_close);
    const std::string_view start = std::max(prefix, from);
    MDB_val key = to_val(start);
    MDB_val value{};
    int code = mdb_cursor_get(raw, &key, &value, start.empty() ? MDB_FIRST : MDB_SET_RANGE);
    for (; code == 0; code = mdb_cursor_get(raw, &key, &value, MDB_NEXT))
      if (to_view(key).substr(0, prefix.size()) != prefix || !visit(to_view(key), to_view(value))) return {};
    if (code != MDB_NOTFOUND) return env_->failure(code, "read");
    return {};
  }

  /// For transactions that only read: all their values lie in the file.
  [[nodiscard]] Result<std::string_view> fetch(std::string_view stored, std::string& buffer) const {
    if (!copier_) copier_ = env_->copier(txn_);
    return env_->fetch(*copier_, stored, buffer);
  }

  [[nodiscard]] Result<std::uint64_t> count(Table table) const {
    AUTODEV_TRY(check_open());
    const auto handle = find(table);
    if (!handle) return 0;
    MDB_stat stat{};
    const int code = mdb_stat(txn_, *handle, &stat);
    if (code == MDB_NOTFOUND) return 0;
    if (code != 0) return env_->failure(code, "read");
    return stat.ms_entries;
  }

  [[nodiscard]] Result<std::vector<std::string>> tables() const {
    std::vector<std::string> names;
    for (const TableHandles* handles : {tables_.get(), &created_})
      for (const auto& [name, handle] : *handles) {
        AUTODEV_TRY_ASSIGN(const std::uint64_t entries, count(name));
        if (entries > 0) names.push_back(name);
      }
    std::sort(names.begin(), names.end());
    return names;
  }

  [[nodiscard]] Result<void> put(Table table, std::string_view key, std::string_view value) {
    AUTODEV_TRY(check_open());
    AUTODEV_TRY(check_kv_key(key));
    AUTODEV_TRY_ASSIGN(const MDB_dbi handle, find_or_create(table));
    MDB_val key_val = to_val(key);
    MDB_val value_val = to_val(value);
    if (const int code = mdb_put(txn_, handle, &key_val, &value_val, 0); code != 0) return env_->failure(code, "write");
    return {};
  }

  [[nodiscard]] Result<void> erase(Table table, std::string_view key) {
    AUTODEV_TRY(check_open());
    const auto handle = find(table);
    if (!handle || !check_kv_key(key)) return {};
    MDB_val key_val = to_val(key);
    const int code = mdb_del(txn_, *handle, &key_val, nullptr);
    if (code != 0 && code != MDB_NOTFOUND) return env_->failure(code, "write");
    return {};
  }

  [[nodiscard]] Result<void> clear(Table table) {
    AUTODEV_TRY(check_open());
    const auto handle = find(table);
    if (!handle) return {};
    if (const int code = mdb_drop(txn_, *handle, 0); code != 0) return env_->failure(code, "write");
    return {};
  }

  [[nodiscard]] Result<void> commit() {
    AUTODEV_TRY(check_open());
    const auto result = env_->commit(std::exchange(txn_, nullptr), created_);
    env_->ended();
    return result;
  }

 private:
  [[nodiscard]] Result<void> check_open() const {
    if (txn_ != nullptr) return {};
    return fail(ErrorCode::internal, "the transaction has ended already");
  }

  [[nodiscard]] std::optional<MDB_dbi> find(Table table) const {
    if (const auto found = tables_->find(table); found != tables_->end()) return found->second;
    if (const auto found = created_.find(table); found != created_.end()) return found->second;
    return std::nullopt;
  }

  [[nodiscard]] Result<MDB_dbi> find_or_create(Table table) {
    if (const auto handle = find(table)) return *handle;
    const std::string name(table);
    MDB_dbi handle = 0;
    if (const int code = mdb_dbi_open(txn_, name.c_str(), MDB_CREATE, &handle); code != 0)
      return env_->failure(code, "write");
    created_.emplace(name, handle);
    return handle;
  }

  std::shared_ptr<LmdbEnvironment> env_;
  MDB_txn* txn_;
  std::shared_ptr<const TableHandles> tables_;
  TableHandles created_;
  mutable std::optional<LmdbEnvironment::Copier> copier_;
};

class LmdbRead final : public KvRead {
 public:
  template <typename... Arguments>
  explicit LmdbRead(Arguments&&... arguments) : txn_(std::forward<Arguments>(arguments)...) {}

  [[nodiscard]] Result<std::optional<std::string_view>> get(Table table, std::string_view key) const override {
    return txn_.get(table, key);
  }
  Result<void> scan(Table table, std::string_view prefix, std::string_view from, const Visit& visit) const override {
    return txn_.scan(table, prefix, from, visit);
  }
  [[nodiscard]] Result<std::uint64_t> count(Table table) const override { return txn_.count(table); }
  [[nodiscard]] Result<std::vector<std::string>> tables() const override { return txn_.tables(); }
  [[nodiscard]] Result<std::string_view> fetch(std::string_view stored, std::string& buffer) const override {
    return txn_.fetch(stored, buffer);
  }

 private:
  Transaction txn_;
};

class LmdbWrite final : public KvWrite {
 public:
  template <typename... Arguments>
  explicit LmdbWrite(Arguments&&... arguments) : txn_(std::forward<Arguments>(arguments)...) {}

  [[nodiscard]] Result<std::optional<std::string_view>> get(Table table, std::string_view key) const override {
    return txn_.get(table, key);
  }
  Result<void> scan(Table table, std::string_view prefix, std::string_view from, const Visit& visit) const override {
    return txn_.scan(table, prefix, from, visit);
  }
  [[nodiscard]] Result<std::uint64_t> count(Table table) const override { return txn_.count(table); }
  [[nodiscard]] Result<std::vector<std::string>> tables() const override { return txn_.tables(); }
  Result<void> put(Table table, std::string_view key, std::string_view value) override {
    return txn_.put(table, key, value);
  }
  Result<void> erase(Table table, std::string_view key) override { return txn_.erase(table, key); }
  Result<void> clear(Table table) override { return txn_.clear(table); }
  Result<void> commit() override { return txn_.commit(); }

 private:
  Transaction txn_;
};

class LmdbKv final : public Kv {
 public:
  LmdbKv(std::shared_ptr<LmdbEnvironment> env, bool read_only) : env_(std::move(env)), read_only_(read_only) {}

  [[nodiscard]] Result<std::unique_ptr<KvRead>> begin_read() override {
    AUTODEV_TRY_ASSIGN(auto begun, env_->begin(false));
    return std::make_unique<LmdbRead>(env_, std::move(begun));
  }
  [[nodiscard]] Result<std::unique_ptr<KvWrite>> begin_write() override {
    if (read_only_) return fail(ErrorCode::permission, "the index was opened read-only");
    AUTODEV_TRY_ASSIGN(auto begun, env_->begin(true));
    return std::make_unique<LmdbWrite>(env_, std::move(begun));
  }

 private:
  std::shared_ptr<LmdbEnvironment> env_;
  bool read_only_;
};

}  // namespace

Result<std::unique_ptr<Kv>> open_lmdb(const std::string& folder, const LmdbOptions& options) {
  if (!options.read_only) AUTODEV_TRY(real_env().create_directories(folder));
  AUTODEV_TRY_ASSIGN(auto env, LmdbEnvironment::open(folder, options));
  return std::make_unique<LmdbKv>(std::move(env), options.read_only);
}

}  // namespace autodev::base
