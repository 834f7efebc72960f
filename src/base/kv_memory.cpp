// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A store in memory: one sorted map per table.
//
// A writer stages its changes in an overlay and merges them on commit, so undoing is forgetting. Readers
// share the tables; a commit changes a table in place unless a reader holds it, and then a copy. So puts are
// O(log n), beginning is O(tables), and only a reader that lives across a commit costs a copy.
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

#include "base/kv.h"
#include "base/kv_key.h"

namespace autodev::base {
namespace {

/// One type for committed and staged entries, so that a commit moves nodes instead of copying them. An absent
/// value means erased and exists only in what is staged.
using TableMap = std::map<std::string, std::optional<std::string>, std::less<>>;
using Tables = std::map<std::string, std::shared_ptr<TableMap>, std::less<>>;
using Visit = std::function<bool(std::string_view, std::string_view)>;

const TableMap& table_in(const Tables& tables, Table table) {
  static const TableMap empty;
  const auto found = tables.find(table);
  return found == tables.end() ? empty : *found->second;
}

/// What all handles of one store share.
struct Store {
  std::mutex mutex;  ///< guards `tables` (also their use counts) and `writing`
  std::condition_variable writer_gone;
  Tables tables;
  bool writing = false;
};

bool has_prefix(std::string_view key, std::string_view prefix) {
  return key.substr(0, prefix.size()) == prefix;
}

/// The tables of one moment. Taken and let go under the mutex, so that use counts seen there are exact.
class View {
 public:
  explicit View(std::shared_ptr<Store> store) : store_(std::move(store)) {
    const std::lock_guard lock(store_->mutex);
    tables_ = store_->tables;
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View() {
    const std::lock_guard lock(store_->mutex);
    tables_.clear();
  }
  [[nodiscard]] const TableMap& operator[](Table table) const { return table_in(tables_, table); }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [name, map] : tables_)
      if (!map->empty()) names.push_back(name);
    return names;
  }

 private:
  std::shared_ptr<Store> store_;
  Tables tables_;
};

class MemoryRead final : public KvRead {
 public:
  explicit MemoryRead(std::shared_ptr<Store> store) : view_(std::move(store)) {}

  [[nodiscard]] Result<std::optional<std::string_view>> get(Table table, std::string_view key) const override {
    const TableMap& map = view_[table];
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional<std::string_view>(*found->second);
  }
  Result<void> scan(Table table, std::string_view prefix, std::string_view from, const Visit& visit) const override {
    const TableMap& map = view_[table];
    for (auto entry = map.lower_bound(std::max(prefix, from)); entry != map.end(); ++entry)
      if (!has_prefix(entry->first, prefix) || !visit(entry->first, *entry->second)) break;
    return {};
  }
  [[nodiscard]] Result<std::uint64_t> count(Table table) const override { return view_[table].size(); }
  [[nodiscard]] Result<std::vector<std::string>> tables() const override { return view_.names(); }

 private:
  View view_;
};

/// Changes to one table that are not committed yet.
struct Staged {
  bool cleared = false;  ///< the committed entries do not show through
  TableMap changes;
};

class MemoryWrite final : public KvWrite {
 public:
  explicit MemoryWrite(std::shared_ptr<Store> store) : store_(std::move(store)) {}
  MemoryWrite(const MemoryWrite&) = delete;
  MemoryWrite& operator=(const MemoryWrite&) = delete;
  ~MemoryWrite() override { release(); }

  [[nodiscard]] Result<std::optional<std::string_view>> get(Table table, std::string_view key) const override {
    const Staged* staged = staged_of(table);
    if (staged != nullptr) {
      const auto found = staged->changes.find(key);
      if (found != staged->changes.end())
        return found->second ? std::optional<std::string_view>(*found->second) : std::nullopt;
    }
    const TableMap& map = below(table, staged);
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional<std::string_view>(*found->second);
  }

  Result<void> scan(Table table, std::string_view prefix, std::string_view from, const Visit& visit) const override {
    static const Staged nothing;
    const Staged* staged = staged_of(table);
    const TableMap& map = below(table, staged);
    const auto& changes = (staged != nullptr ? *staged : nothing).changes;
    const std::string_view start = std::max(prefix, from);
    auto old = map.lower_bound(start);
    auto change = changes.lower_bound(start);
    while (old != map.end() || change != changes.end()) {
      const bool take_old = change == changes.end() || (old != map.end() && old->first < change->first);
      const std::string_view key = take_old ? old->first : change->first;
      if (!has_prefix(key, prefix)) break;
      if (take_old) {
        if (!visit(key, *old->second)) break;
        ++old;
        continue;
      }
      if (old != map.end() && old->first == key) ++old;
      if (change->second && !visit(key, *change->second)) break;
      ++change;
    }
    return {};
  }

  [[nodiscard]] Result<std::uint64_t> count(Table table) const override {
    const Staged* staged = staged_of(table);
    const TableMap& map = below(table, staged);
    std::uint64_t entries = map.size();
    if (staged == nullptr) return entries;
    for (const auto& [key, value] : staged->changes) {
      if (map.find(key) != map.end()) --entries;
      if (value) ++entries;
    }
    return entries;
  }

  [[nodiscard]] Result<std::vector<std::string>> tables() const override {
    std::set<std::string> candidates;
    for (const auto& [name, map] : store_->tables) candidates.insert(name);
    for (const auto& [name, staged] : staged_) candidates.insert(name);
    std::vector<std::string> names;
    for (const std::string& name : candidates)
      if (count(name).value_or(0) > 0) names.push_back(name);
    return names;
  }

  Result<void> put(Table table, std::string_view key, std::string_view value) override {
    AUTODEV_TRY(check_key(key));
    change(table, key) = std::string(value);
    return {};
  }
  Result<void> erase(Table table, std::string_view key) override {
    AUTODEV_TRY(check_open());
    change(table, key) = std::nullopt;
    return {};
  }
  Result<void> clear(Table table) override {
    AUTODEV_TRY(check_open());
    Staged& staged = stage(table);
    staged.cleared = true;
    staged.changes.clear();
    return {};
  }

  Result<void> commit() override {
    AUTODEV_TRY(check_open());
    {
      const std::lock_guard lock(store_->mutex);
      for (auto& [name, staged] : staged_) apply(store_->tables[name], staged);
    }
    release();
    return {};
  }

 private:
  [[nodiscard]] Result<void> check_key(std::string_view key) const {
    AUTODEV_TRY(check_open());
    return check_kv_key(key);
  }
  [[nodiscard]] Result<void> check_open() const {
    if (open_) return {};
    return fail(ErrorCode::internal, "the transaction has ended already");
  }

  [[nodiscard]] const Staged* staged_of(Table table) const {
    const auto found = staged_.find(table);
    return found == staged_.end() ? nullptr : &found->second;
  }
  /// The committed entries that show through. Only the one writer changes them: no lock needed.
  [[nodiscard]] const TableMap& below(Table table, const Staged* staged) const {
    static const TableMap empty;
    return staged != nullptr && staged->cleared ? empty : table_in(store_->tables, table);
  }
  Staged& stage(Table table) {
    const auto found = staged_.find(table);
    return found != staged_.end() ? found->second : staged_[std::string(table)];
  }
  std::optional<std::string>& change(Table table, std::string_view key) {
    auto& changes = stage(table).changes;
    const auto found = changes.lower_bound(key);
    if (found != changes.end() && found->first == key) return found->second;
    return changes.emplace_hint(found, std::string(key), std::nullopt)->second;
  }

  static void apply(std::shared_ptr<TableMap>& table, Staged& staged) {
    if (staged.cleared || table == nullptr)
      table = std::make_shared<TableMap>();
    else if (table.use_count() > 1)
      table = std::make_shared<TableMap>(*table);
    while (!staged.changes.empty()) {
      auto node = staged.changes.extract(staged.changes.begin());
      if (!node.mapped()) {
        table->erase(node.key());
        continue;
      }
      if (auto inserted = table->insert(std::move(node)); !inserted.inserted)
        inserted.position->second = std::move(inserted.node.mapped());
    }
  }

  void release() {
    if (!open_) return;
    open_ = false;
    staged_.clear();
    {
      const std::lock_guard lock(store_->mutex);
      store_->writing = false;
    }
    store_->writer_gone.notify_one();
  }

  std::shared_ptr<Store> store_;
  std::map<std::string, Staged, std::less<>> staged_;
  bool open_ = true;
};

class MemoryKv final : public Kv {
 public:
  [[nodiscard]] Result<std::unique_ptr<KvRead>> begin_read() override { return std::make_unique<MemoryRead>(store_); }
  [[nodiscard]] Result<std::unique_ptr<KvWrite>> begin_write() override {
    std::unique_lock lock(store_->mutex);
    store_->writer_gone.wait(lock, [&] { return !store_->writing; });
    store_->writing = true;
    return std::make_unique<MemoryWrite>(store_);
  }

 private:
  std::shared_ptr<Store> store_ = std::make_shared<Store>();
};

}  // namespace

std::unique_ptr<Kv> open_memory_kv() {
  return std::make_unique<MemoryKv>();
}

}  // namespace autodev::base
