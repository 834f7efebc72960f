// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What only the file has: processes, crashes, limits, damage.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "base/env.h"
#include "base/kv.h"
#include "support/support.h"

namespace autodev::base {
namespace {

using test::TemporaryFolder;
using test::value_of;

/// Runs `body` in a forked process; its return value is the exit code.
template <typename Body>
pid_t in_child(Body body) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(body());
  return pid;
}

int exit_code_of(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Result<void> put(Kv& kv, Table table, std::string_view key, std::string_view value) {
  AUTODEV_TRY_ASSIGN(const auto txn, kv.begin_write());
  AUTODEV_TRY(txn->put(table, key, value));
  return txn->commit();
}

std::optional<std::string> get(Kv& kv, Table table, std::string_view key) {
  const auto txn = value_of(kv.begin_read());
  const auto value = value_of(txn->get(table, key));
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

void write_raw(const std::string& path, std::string_view bytes) {
  value_of(real_env().write_file_atomically(path, bytes));
}

TEST(Lmdb, KeepsItsContentsAfterClosing) {
  const TemporaryFolder folder;
  const std::string path = folder.file("deep/index");
  { value_of(put(*value_of(open_lmdb(path, {})), "t", "a", "1")); }
  EXPECT_EQ(get(*value_of(open_lmdb(path, {})), "t", "a"), "1");
}

TEST(Lmdb, FilesAreForTheirOwnerOnly) {
  const TemporaryFolder folder;
  const std::string path = folder.file("index");
  const auto kv = value_of(open_lmdb(path, {}));
  struct stat info {};
  for (const char* name : {"/data.mdb", "/lock.mdb"}) {
    ASSERT_EQ(::stat((path + name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u) << name;
  }
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST(Lmdb, OpeningTwiceInOneProcessSharesTheFile) {
  const TemporaryFolder folder;
  auto first = value_of(open_lmdb(folder.path(), {}));
  const auto second = value_of(open_lmdb(folder.path() + "/.", {}));
  value_of(put(*first, "t", "a", "1"));
  EXPECT_EQ(get(*second, "t", "a"), "1");
  first.reset();
  value_of(put(*second, "t", "b", "2"));
  EXPECT_EQ(get(*second, "t", "b"), "2");
}

TEST(Lmdb, ManyThreadsMayOpenAndCloseAtOnce) {
  const TemporaryFolder folder;
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const auto kv = open_lmdb(folder.path(), {.sync = false});
        if (!kv || !put(**kv, "t", std::to_string(t * 1000 + i), "x")) ++failures;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(value_of(value_of(value_of(open_lmdb(folder.path(), {}))->begin_read())->count("t")), 200u);
}

TEST(Lmdb, ReadOnlyNeedsAnIndexAndRefusesWriting) {
  const TemporaryFolder folder;
  EXPECT_EQ(open_lmdb(folder.path(), {.read_only = true}).error().code, ErrorCode::no_input);
  EXPECT_EQ(open_lmdb(folder.file("absent"), {.read_only = true}).error().code, ErrorCode::no_input);
  EXPECT_TRUE(value_of(real_env().list(folder.path())).empty()) << "looking leaves nothing behind";
  value_of(put(*value_of(open_lmdb(folder.path(), {})), "t", "a", "1"));
  const auto kv = value_of(open_lmdb(folder.path(), {.read_only = true}));
  EXPECT_EQ(get(*kv, "t", "a"), "1");
  EXPECT_EQ(kv->begin_write().error().code, ErrorCode::permission);
  EXPECT_EQ(open_lmdb(folder.path(), {}).error().code, ErrorCode::busy);
}

TEST(Lmdb, WhatIsNotAnIndexIsBadDataAndTheHintSaysWhatToDo) {
  const TemporaryFolder folder;
  for (const std::size_t size : {1u, 100u, 4096u, 20'000u}) {
    write_raw(folder.file("data.mdb"), std::string(size, 'g'));
    const auto result = open_lmdb(folder.path(), {});
    ASSERT_FALSE(result) << size;
    EXPECT_EQ(result.error().code, ErrorCode::bad_data) << size;
    EXPECT_EQ(result.error().hint, "delete the folder " + folder.path() + "; it is rebuilt from the journal");
  }
}

TEST(Lmdb, AFileInPlaceOfTheFolderIsAClearError) {
  const TemporaryFolder folder;
  write_raw(folder.file("index"), "x");
  EXPECT_EQ(open_lmdb(folder.file("index"), {}).error().code, ErrorCode::cannot_create);
}

TEST(Lmdb, ATruncatedFileGivesErrorsNotACrash) {
  const TemporaryFolder folder;
  {
    const auto kv = value_of(open_lmdb(folder.path(), {}));
    const auto txn = value_of(kv->begin_write());
    for (int i = 0; i < 5000; ++i) value_of(txn->put("t", "key" + std::to_string(i), std::string(100, 'v')));
    value_of(txn->commit());
  }
  const std::string whole = value_of(real_env().read_file(folder.file("data.mdb")));
  for (const std::size_t size : {8192ul, 12288ul, whole.size() / 2, whole.size() - 4096}) {
    write_raw(folder.file("data.mdb"), whole.substr(0, size));
    for (const bool read_only : {true, false}) {
      const auto kv = open_lmdb(folder.path(), {.read_only = read_only});
      ASSERT_FALSE(kv) << size;
      EXPECT_EQ(kv.error().code, ErrorCode::bad_data) << size;
    }
  }
  write_raw(folder.file("data.mdb"), whole);
  EXPECT_EQ(get(*value_of(open_lmdb(folder.path(), {})), "t", "key77"), std::string(100, 'v'));
}

TEST(Lmdb, PagesTakenAndGivenBackDoNotLookLikeATruncation) {
  const TemporaryFolder folder;
  for (int round = 0; round < 5; ++round) {
    const auto kv = value_of(open_lmdb(folder.path(), {.sync = false}));
    const auto txn = value_of(kv->begin_write());
    for (int i = 0; i < 3000; ++i) value_of(txn->put("t", "key" + std::to_string(i), std::string(100, 'v')));
    if (round % 2 == 0)
      value_of(txn->clear("t"));
    else
      for (int i = 0; i < 2990; ++i) value_of(txn->erase("t", "key" + std::to_string(i)));
    value_of(txn->commit());
  }
  EXPECT_TRUE(open_lmdb(folder.path(), {}));
}

TEST(Lmdb, TwoProcessesCountTogether) {
  const TemporaryFolder folder;
  const auto add = [&] {
    const auto kv = open_lmdb(folder.path(), {.sync = false});
    for (int i = 0; kv && i < 200; ++i) {
      const auto txn = (*kv)->begin_write();
      if (!txn) return 1;
      const auto old = (*txn)->get("t", "sum");
      const int sum = old && *old ? std::stoi(std::string(**old)) : 0;
      if (!(*txn)->put("t", "sum", std::to_string(sum + 1)) || !(*txn)->commit()) return 1;
    }
    return kv ? 0 : 2;
  };
  const pid_t one = in_child(add);
  const pid_t two = in_child(add);
  EXPECT_EQ(exit_code_of(one), 0);
  EXPECT_EQ(exit_code_of(two), 0);
  EXPECT_EQ(get(*value_of(open_lmdb(folder.path(), {})), "t", "sum"), "400");
}

TEST(Lmdb, TablesMadeByAnotherProcessAreSeen) {
  const TemporaryFolder folder;
  const auto kv = value_of(open_lmdb(folder.path(), {}));
  value_of(put(*kv, "mine", "a", "1"));
  const pid_t pid = in_child([&] {
    const auto other = open_lmdb(folder.path(), {});
    return other && put(**other, "theirs", "b", "2") && put(**other, "more", "c", "3") ? 0 : 1;
  });
  ASSERT_EQ(exit_code_of(pid), 0);
  EXPECT_EQ(get(*kv, "theirs", "b"), "2");
  value_of(put(*kv, "more", "d", "4"));
  EXPECT_EQ(value_of(value_of(kv->begin_read())->tables()), (std::vector<std::string>{"mine", "more", "theirs"}));
}

TEST(Lmdb, AWriterKilledAtAnyMomentLeavesTheLastCommit) {
  const TemporaryFolder folder;
  for (int round = 0; round < 8; ++round) {
    const pid_t pid = in_child([&] {
      const auto kv = open_lmdb(folder.path(), {.sync = false});
      for (int i = 0; kv; ++i) {
        const auto txn = (*kv)->begin_write();
        if (!txn) return 1;
        for (int k = 0; k < 50; ++k)
          if (!(*txn)->put("t", "key" + std::to_string(k), std::to_string(i) + std::string(200, ' '))) return 1;
        if (!(*txn)->commit()) return 1;
      }
      return 2;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(30 + 7 * round));
    ::kill(pid, SIGKILL);
    ASSERT_EQ(exit_code_of(pid), 128 + SIGKILL);
    const auto kv = value_of(open_lmdb(folder.path(), {.sync = false}));
    const auto txn = value_of(kv->begin_read());
    std::string first;
    int entries = 0;
    value_of(txn->scan("t", {}, {}, [&](std::string_view, std::string_view value) {
      if (entries++ == 0) first = std::string(value);
      EXPECT_EQ(value, first) << "a mixture of two transactions";
      return true;
    }));
    EXPECT_TRUE(entries == 0 || entries == 50);
    value_of(put(*kv, "after", "k", "v"));
  }
}

TEST(Lmdb, AFullMapIsReportedAndEnlargedForTheNextWriter) {
  const TemporaryFolder folder;
  const auto kv = value_of(open_lmdb(folder.path(), {.map_bytes = 1 << 20, .sync = false}));
  value_of(put(*kv, "t", "before", "x"));
  const std::string value(3'000'000, 'v');
  const auto full = put(*kv, "t", "big", value);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, ErrorCode::io);
  EXPECT_NE(full.error().message.find("is full"), std::string::npos);
  EXPECT_FALSE(full.error().hint.empty());
  EXPECT_EQ(get(*kv, "t", "before"), "x");
  bool stored = false;
  for (int attempt = 0; attempt < 4 && !stored; ++attempt) stored = put(*kv, "t", "big", value).has_value();
  EXPECT_TRUE(stored);
  EXPECT_EQ(get(*kv, "t", "big"), value);
}

TEST(Lmdb, AProcessWithASmallMapFollowsAnother) {
  const TemporaryFolder folder;
  const auto kv = value_of(open_lmdb(folder.path(), {.map_bytes = 1 << 20, .sync = false}));
  const pid_t pid = in_child([&] {
    const auto other = open_lmdb(folder.path(), {});
    return other && put(**other, "t", "big", std::string(5'000'000, 'v')) ? 0 : 1;
  });
  ASSERT_EQ(exit_code_of(pid), 0);
  EXPECT_EQ(get(*kv, "t", "big").value_or("").size(), 5'000'000u);
  value_of(put(*kv, "t", "small", "x"));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // the sanitizers need the address space
TEST(Lmdb, OpensWithinALimitedAddressSpace) {
  const TemporaryFolder folder;
  const int code = exit_code_of(in_child([&] {
    const rlimit limit{std::uint64_t{1} << 30, std::uint64_t{1} << 30};
    if (::setrlimit(RLIMIT_AS, &limit) != 0) return 3;
    const auto kv = open_lmdb(folder.path(), {});
    return kv && put(**kv, "t", "a", "1") && get(**kv, "t", "a") == "1" ? 0 : 1;
  }));
  EXPECT_EQ(code, 0);
}
#endif

TEST(Lmdb, AForkedProcessDoesNotUseItsParentsFile) {
  const TemporaryFolder folder;
  const auto kv = value_of(open_lmdb(folder.path(), {.sync = false}));
  value_of(put(*kv, "t", "a", "1"));
  const int code = exit_code_of(in_child([&] {
    const auto own = open_lmdb(folder.path(), {.sync = false});
    return own && get(**own, "t", "a") == "1" && put(**own, "t", "b", "2") ? 0 : 1;
  }));
  EXPECT_EQ(code, 0);
  EXPECT_EQ(get(*kv, "t", "b"), "2");
}

TEST(Lmdb, MoreTablesThanPromisedAreAnErrorNotACrash) {
  const TemporaryFolder folder;
  const auto kv = value_of(open_lmdb(folder.path(), {.sync = false}));
  const auto txn = value_of(kv->begin_write());
  Result<void> result;
  for (int i = 0; i < 100 && result; ++i) result = txn->put(std::string(static_cast<std::size_t>(i + 1), 't'), "k", "v");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::internal);
}

TEST(Lmdb, FetchedBytesAreThoseOfTheReadersView) {
  const TemporaryFolder folder;
  const auto kv = value_of(open_lmdb(folder.file("index"), {}));
  const auto value_for = [](int i, char salt) { return std::string(100'000, static_cast<char>('a' + i % 26)) + salt; };
  {
    const auto txn = value_of(kv->begin_write());
    for (int i = 0; i < 300; ++i) value_of(txn->put("t", std::to_string(i), value_for(i, '1')));
    std::string buffer;
    const std::string_view written = *value_of(txn->get("t", "7"));
    EXPECT_EQ(value_of(txn->fetch(written, buffer)).data(),
              written.data());  // a writer's pages may not be in the file yet
    value_of(txn->commit());
  }
  const auto reader = value_of(kv->begin_read());
  value_of(put(*kv, "t", "7", value_for(8, '2')));
  std::size_t copied = 0;
  for (int round = 0; round < 20; ++round)
    for (int i = 0; i < 300; ++i) {
      std::string buffer;
      const std::string_view stored = *value_of(reader->get("t", std::to_string(i)));
      const std::string_view part = stored.substr(stored.size() - 50);
      const std::string_view fetched = value_of(reader->fetch(part, buffer));
      ASSERT_EQ(fetched, std::string_view(value_for(i, '1')).substr(stored.size() - 50));
      copied += fetched.data() != part.data() ? 1 : 0;
    }
  // At first bytes are copied; who goes on asking has the file mapped.
  EXPECT_GT(copied, 300u);
  EXPECT_LT(copied, 6000u);
}

TEST(Lmdb, ASmallFileIsNotCopiedFrom) {
  const TemporaryFolder folder;
  const auto kv = value_of(open_lmdb(folder.file("index"), {}));
  value_of(put(*kv, "t", "a", std::string(5000, 'x')));
  const auto reader = value_of(kv->begin_read());
  std::string buffer;
  const std::string_view stored = *value_of(reader->get("t", "a"));
  EXPECT_EQ(value_of(reader->fetch(stored, buffer)).data(), stored.data());
}

}  // namespace
}  // namespace autodev::base
