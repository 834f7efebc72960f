// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the ground costs: durable appends, atomic files, puts and gets of both stores, starting a process.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <random>

#include "base/env.h"
#include "base/kv.h"
#include "base/text.h"

namespace autodev::base {
namespace {

/// A folder in $TMPDIR (or /tmp) that lives as long as one benchmark.
class Folder {
 public:
  Folder() {
    const char* parent = std::getenv("TMPDIR");
    path_ = std::string(parent != nullptr ? parent : "/tmp").append("/autodev-bench-XXXXXX");
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { static_cast<void>(real_env().remove_tree(path_)); }
  [[nodiscard]] std::string file(const char* name) const { return std::string(path_).append("/").append(name); }

 private:
  std::string path_;
};

void require(const Result<void>& result) {
  if (!result) std::abort();
}

void append(benchmark::State& state, bool durable) {
  const Folder folder;
  const auto file = real_env().open_append(folder.file("log")).value();
  const std::string record(1000, 'r');
  for (auto _ : state) {
    require(file->append(record));
    if (durable) require(file->sync());
  }
}
BENCHMARK_CAPTURE(append, not_synced, false);
BENCHMARK_CAPTURE(append, synced, true)->UseRealTime();

void atomic_file(benchmark::State& state, bool durable) {
  const Folder folder;
  const std::string bytes(1000, 'r');
  for (auto _ : state) require(real_env().write_file_atomically(folder.file("f"), bytes, durable));
}
BENCHMARK_CAPTURE(atomic_file, not_synced, false)->UseRealTime();
BENCHMARK_CAPTURE(atomic_file, synced, true)->UseRealTime();

enum class Order { sorted, random };

std::string key_of(std::uint64_t number) {
  std::string key(16, '\0');
  for (int i = 0; i < 8; ++i) key[static_cast<std::size_t>(i)] = static_cast<char>(number >> (56 - 8 * i));
  return key;
}

/// One transaction with range(0) puts of 16-byte keys and 200-byte values into a store of 200,000 entries.
void put(benchmark::State& state, bool lmdb, bool sync, Order order) {
  const Folder folder;
  const auto kv = lmdb ? open_lmdb(folder.file("index"), {.sync = sync}).value() : open_memory_kv();
  std::mt19937_64 random(1);
  std::uint64_t next = 0;
  const std::string value(200, 'v');
  const auto put_many = [&](std::int64_t count) {
    const auto txn = kv->begin_write().value();
    for (std::int64_t i = 0; i < count; ++i)
      require(txn->put("t", key_of(order == Order::sorted ? next++ : random()), value));
    require(txn->commit());
  };
  put_many(200'000);
  for (auto _ : state) put_many(state.range(0));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(put, lmdb_sorted, true, false, Order::sorted)->Arg(1)->Arg(1000)->UseRealTime();
BENCHMARK_CAPTURE(put, lmdb_random, true, false, Order::random)->Arg(1)->Arg(1000)->UseRealTime();
BENCHMARK_CAPTURE(put, lmdb_synced, true, true, Order::random)->Arg(1)->Arg(1000)->UseRealTime();
BENCHMARK_CAPTURE(put, memory_random, false, false, Order::random)->Arg(1)->Arg(1000)->UseRealTime();

/// begin_read and one get among 200,000 entries.
void get(benchmark::State& state, bool lmdb) {
  const Folder folder;
  const auto kv = lmdb ? open_lmdb(folder.file("index"), {.sync = false}).value() : open_memory_kv();
  {
    const auto txn = kv->begin_write().value();
    for (std::uint64_t i = 0; i < 200'000; ++i) require(txn->put("t", key_of(i * 7919), "value"));
    require(txn->commit());
  }
  std::mt19937_64 random(2);
  for (auto _ : state) {
    const auto txn = kv->begin_read().value();
    benchmark::DoNotOptimize(txn->get("t", key_of(random() % 200'000 * 7919)).value());
  }
}
BENCHMARK_CAPTURE(get, lmdb, true);
BENCHMARK_CAPTURE(get, memory, false);

void open_index(benchmark::State& state) {
  const Folder folder;
  for (auto _ : state) benchmark::DoNotOptimize(open_lmdb(folder.file("index"), {}).value());
}
BENCHMARK(open_index)->UseRealTime();

/// range(0): megabytes this process has touched; fork would have to copy their page tables.
void spawn(benchmark::State& state) {
  const std::string resident(static_cast<std::size_t>(state.range(0)) << 20, 'x');
  benchmark::DoNotOptimize(resident.data());
  ProcessOptions options;
  options.arguments = {"/bin/true"};
  for (auto _ : state) benchmark::DoNotOptimize(real_env().run(options).value().exit_code);
}
BENCHMARK(spawn)->Arg(0)->Arg(2048)->UseRealTime();

void child_round_trip(benchmark::State& state) {
  ProcessOptions options;
  options.arguments = {"cat"};
  const auto child = real_env().start(options).value();
  for (auto _ : state) {
    require(child->write("line\n"));
    benchmark::DoNotOptimize(child->read_line(100, std::chrono::seconds(10)).value());
  }
}
BENCHMARK(child_round_trip)->UseRealTime();

void utf8(benchmark::State& state) {
  const std::string text(1 << 20, 'a');
  for (auto _ : state) benchmark::DoNotOptimize(is_valid_utf8(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(utf8);

}  // namespace
}  // namespace autodev::base

BENCHMARK_MAIN();
