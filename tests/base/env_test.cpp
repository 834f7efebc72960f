// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One suite for the file system of the operating system and the one in memory.
#include "base/env.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "support/failing_env.h"
#include "support/memory_env.h"
#include "support/support.h"

namespace autodev::base {
namespace {

using namespace std::chrono_literals;
using test::FailingEnv;
using test::MemoryEnv;
using test::Operation;
using test::TemporaryFolder;
using test::value_of;

struct RealWorld {
  TemporaryFolder folder;
  Env& env = real_env();
  std::string root = folder.path();
};
struct MemoryWorld {
  MemoryEnv memory;
  Env& env = memory;
  std::string root = "/root/deep";
  MemoryWorld() { value_of(memory.create_directories(root)); }
};
/// Faults that never strike change nothing.
struct HealthyFailingWorld {
  MemoryEnv memory;
  FailingEnv failing{memory};
  Env& env = failing;
  std::string root = "/root";
  HealthyFailingWorld() { value_of(memory.create_directories(root)); }
};

std::vector<std::string> names(const std::vector<DirectoryEntry>& entries) {
  std::vector<std::string> found;
  for (const DirectoryEntry& entry : entries) found.push_back(entry.name);
  return found;
}

template <typename World>
class EnvFiles : public testing::Test {
 protected:
  [[nodiscard]] std::string at(const std::string& name) const { return world_.root + "/" + name; }
  Env& env() { return world_.env; }
  void write(const std::string& name, std::string_view bytes) {
    value_of(env().write_file_atomically(at(name), bytes));
  }
  template <typename T>
  static ErrorCode code_of(const Result<T>& result) {
    EXPECT_FALSE(result);
    return result ? ErrorCode::internal : result.error().code;
  }

  World world_;
};

using Worlds = testing::Types<RealWorld, MemoryWorld, HealthyFailingWorld>;
TYPED_TEST_SUITE(EnvFiles, Worlds);

TYPED_TEST(EnvFiles, WhatIsWrittenIsRead) {
  const std::string bytes("with\0nul", 8);
  for (const bool durable : {false, true}) {
    value_of(this->env().write_file_atomically(this->at("f"), bytes, durable));
    EXPECT_EQ(value_of(this->env().read_file(this->at("f"))), bytes);
  }
  this->write("f", "");
  EXPECT_EQ(value_of(this->env().read_file(this->at("f"))), "");
  EXPECT_EQ(names(value_of(this->env().list(this->world_.root))), std::vector<std::string>{"f"}) << "no temporary left";
}

TYPED_TEST(EnvFiles, ReadingTellsAbsentTooLargeAndFolderApart) {
  EXPECT_EQ(this->code_of(this->env().read_file(this->at("absent"))), ErrorCode::no_input);
  EXPECT_EQ(this->code_of(this->env().read_file(this->world_.root)), ErrorCode::bad_data);
  this->write("f", "12345");
  EXPECT_EQ(value_of(this->env().read_file(this->at("f"), 5)), "12345");
  EXPECT_EQ(this->code_of(this->env().read_file(this->at("f"), 4)), ErrorCode::bad_data);
}

TYPED_TEST(EnvFiles, WritingNeedsItsFolderAndDoesNotReplaceAFolder) {
  EXPECT_EQ(this->code_of(this->env().write_file_atomically(this->at("no/f"), "x")), ErrorCode::cannot_create);
  value_of(this->env().create_directories(this->at("d")));
  EXPECT_EQ(this->code_of(this->env().write_file_atomically(this->at("d"), "x")), ErrorCode::cannot_create);
  EXPECT_EQ(names(value_of(this->env().list(this->world_.root))), std::vector<std::string>{"d"});
}

TYPED_TEST(EnvFiles, AppendsGrowAFileThatOthersRead) {
  const auto file = value_of(this->env().open_append(this->at("log")));
  EXPECT_EQ(value_of(file->size()), 0u);
  value_of(file->append("one"));
  value_of(file->append(""));
  value_of(file->append("two"));
  value_of(file->sync());
  EXPECT_EQ(value_of(this->env().read_file(this->at("log"))), "onetwo");
  const auto second = value_of(this->env().open_append(this->at("log")));
  value_of(second->append("three"));
  value_of(file->append("four"));
  EXPECT_EQ(value_of(this->env().read_file(this->at("log"))), "onetwothreefour");
  value_of(file->truncate(4));
  value_of(second->append("!"));
  EXPECT_EQ(value_of(this->env().read_file(this->at("log"))), "onet!");
  EXPECT_EQ(value_of(file->size()), 5u);
}

TYPED_TEST(EnvFiles, AnOpenFileSurvivesItsName) {
  const auto file = value_of(this->env().open_append(this->at("log")));
  value_of(this->env().rename(this->at("log"), this->at("moved")));
  value_of(file->append("x"));
  EXPECT_EQ(value_of(this->env().read_file(this->at("moved"))), "x");
  value_of(this->env().remove_file(this->at("moved")));
  value_of(file->append("y"));
  EXPECT_EQ(value_of(this->env().status(this->at("moved"))), std::nullopt);
}

TYPED_TEST(EnvFiles, AppendingNeedsAFolderAndNotAFolder) {
  EXPECT_EQ(this->code_of(this->env().open_append(this->at("no/log"))), ErrorCode::cannot_create);
  EXPECT_EQ(this->code_of(this->env().open_append(this->world_.root)), ErrorCode::cannot_create);
}

TYPED_TEST(EnvFiles, MapsFilesAlsoEmptyOnes) {
  this->write("f", "content");
  this->write("empty", "");
  const auto mapped = value_of(this->env().map_file(this->at("f")));
  EXPECT_EQ(mapped->bytes(), "content");
  EXPECT_EQ(value_of(this->env().map_file(this->at("empty")))->bytes(), "");
  EXPECT_EQ(this->code_of(this->env().map_file(this->at("absent"))), ErrorCode::no_input);
  EXPECT_EQ(this->code_of(this->env().map_file(this->world_.root)), ErrorCode::bad_data);
  this->write("f", "replaced");
  EXPECT_EQ(mapped->bytes(), "content") << "replacing a file leaves its maps alone";
}

TYPED_TEST(EnvFiles, ALockExcludesUntilItIsReleased) {
  auto lock = value_of(this->env().lock_file(this->at("lock"), 0ms));
  EXPECT_EQ(this->code_of(this->env().lock_file(this->at("lock"), 0ms)), ErrorCode::busy);
  EXPECT_EQ(this->code_of(this->env().lock_file(this->at("lock"), 30ms)), ErrorCode::busy);
  EXPECT_TRUE(this->env().lock_file(this->at("other lock"), 0ms));
  std::thread later([&] {
    std::this_thread::sleep_for(50ms);
    lock.reset();
  });
  EXPECT_TRUE(this->env().lock_file(this->at("lock"), 10s));
  later.join();
  EXPECT_EQ(this->code_of(this->env().lock_file(this->at("no/lock"), 0ms)), ErrorCode::cannot_create);
}

TYPED_TEST(EnvFiles, LocksExcludeThreads) {
  std::atomic<int> inside{0};
  std::atomic<int> violations{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const auto lock = this->env().lock_file(this->at("lock"), 60s);
        if (!lock || ++inside != 1) ++violations;
        --inside;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(violations, 0);
}

TYPED_TEST(EnvFiles, StatusDescribesWhatIsThere) {
  EXPECT_EQ(value_of(this->env().status(this->at("absent"))), std::nullopt);
  this->write("f", "12345");
  EXPECT_EQ(value_of(this->env().status(this->at("f/below a file"))), std::nullopt);
  const auto file = value_of(this->env().status(this->at("f")));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->type, FileType::file);
  EXPECT_EQ(file->size, 5u);
  EXPECT_GT(file->modified_ns, 1'600'000'000'000'000'000);
  EXPECT_EQ(value_of(this->env().status(this->world_.root))->type, FileType::directory);
}

TYPED_TEST(EnvFiles, ListsSortedByNameAndAnAbsentFolderIsEmpty) {
  for (const char* name : {"b", "a", "a.b", "Z"}) this->write(name, "");
  value_of(this->env().create_directories(this->at("a-dir/inner")));
  const auto entries = value_of(this->env().list(this->world_.root));
  EXPECT_EQ(names(entries), (std::vector<std::string>{"Z", "a", "a-dir", "a.b", "b"}));
  EXPECT_EQ(entries[2].type, FileType::directory);
  EXPECT_EQ(entries[0].type, FileType::file);
  EXPECT_TRUE(value_of(this->env().list(this->at("absent"))).empty());
  EXPECT_EQ(this->code_of(this->env().list(this->at("a"))), ErrorCode::no_input);
}

TYPED_TEST(EnvFiles, CreatesFoldersWithParentsAndToleratesExistingOnes) {
  value_of(this->env().create_directories(this->at("a/b//c/")));
  value_of(this->env().create_directories(this->at("a/b/c")));
  EXPECT_EQ(value_of(this->env().status(this->at("a/b/c")))->type, FileType::directory);
  this->write("f", "");
  EXPECT_EQ(this->code_of(this->env().create_directories(this->at("f"))), ErrorCode::cannot_create);
  EXPECT_EQ(this->code_of(this->env().create_directories(this->at("f/below"))), ErrorCode::cannot_create);
  EXPECT_EQ(this->code_of(this->env().create_directories("")), ErrorCode::usage);
}

TYPED_TEST(EnvFiles, RemovesFilesAndTrees) {
  this->write("f", "");
  value_of(this->env().remove_file(this->at("f")));
  value_of(this->env().remove_file(this->at("f")));
  value_of(this->env().remove_file(this->at("no/such/folder")));
  EXPECT_EQ(value_of(this->env().status(this->at("f"))), std::nullopt);
  value_of(this->env().create_directories(this->at("tree/x/y")));
  value_of(this->env().create_directories(this->at("tree-beside")));
  this->write("tree/x/f", "1");
  this->write("tree/x/y/f", "2");
  EXPECT_EQ(this->code_of(this->env().remove_file(this->at("tree"))), ErrorCode::cannot_create);
  value_of(this->env().remove_tree(this->at("tree")));
  value_of(this->env().remove_tree(this->at("tree")));
  EXPECT_EQ(names(value_of(this->env().list(this->world_.root))), std::vector<std::string>{"tree-beside"});
  this->write("single", "");
  value_of(this->env().remove_tree(this->at("single")));
  EXPECT_EQ(value_of(this->env().status(this->at("single"))), std::nullopt);
}

TYPED_TEST(EnvFiles, RenamesFilesAndFolders) {
  this->write("f", "1");
  this->write("g", "2");
  value_of(this->env().rename(this->at("f"), this->at("g")));
  EXPECT_EQ(value_of(this->env().read_file(this->at("g"))), "1");
  EXPECT_EQ(this->code_of(this->env().rename(this->at("f"), this->at("h"))), ErrorCode::no_input);
  value_of(this->env().create_directories(this->at("d/e")));
  this->write("d/e/f", "3");
  EXPECT_EQ(this->code_of(this->env().rename(this->at("g"), this->at("d"))), ErrorCode::cannot_create);
  EXPECT_EQ(this->code_of(this->env().rename(this->at("g"), this->at("no/g"))), ErrorCode::no_input);
  EXPECT_EQ(this->code_of(this->env().rename(this->at("d"), this->at("d/e/f2"))), ErrorCode::usage);
  value_of(this->env().create_directories(this->at("full/x")));
  EXPECT_EQ(this->code_of(this->env().rename(this->at("d"), this->at("full"))), ErrorCode::cannot_create);
  value_of(this->env().rename(this->at("d"), this->at("moved")));
  EXPECT_EQ(value_of(this->env().read_file(this->at("moved/e/f"))), "3");
  EXPECT_EQ(value_of(this->env().status(this->at("d"))), std::nullopt);
}

TYPED_TEST(EnvFiles, SyncsFoldersThatExist) {
  value_of(this->env().sync_directory(this->world_.root));
  EXPECT_EQ(this->code_of(this->env().sync_directory(this->at("absent"))), ErrorCode::no_input);
}

TYPED_TEST(EnvFiles, ReadersSeeOldOrNewButNeverHalf) {
  this->write("f", std::string(100'000, '0'));
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 1; i <= 100; ++i) this->write("f", std::string(100'000, static_cast<char>('0' + i % 10)));
    stop = true;
  });
  int torn = 0;
  while (!stop) {
    const std::string bytes = value_of(this->env().read_file(this->at("f")));
    if (bytes.size() != 100'000 || bytes.find_first_not_of(bytes[0]) != std::string::npos) ++torn;
  }
  writer.join();
  EXPECT_EQ(torn, 0);
}

TEST(MemoryEnvClock, MovesOnlyWhenTold) {
  MemoryEnv env;
  const Timestamp start = env.now();
  EXPECT_EQ(env.now(), start);
  env.advance(1500ms);
  EXPECT_EQ(env.now() - start, 1500ms);
  EXPECT_EQ(env.monotonic(), 1500ms);
  env.set_auto_advance(10ms);
  const auto first = env.monotonic();
  EXPECT_EQ(env.monotonic() - first, 10ms);
}

TEST(MemoryEnvChance, IsTheSameForTheSameSeed) {
  MemoryEnv a(7), b(7), c(8);
  EXPECT_EQ(a.random_u64(), b.random_u64());
  EXPECT_NE(a.random_u64(), c.random_u64());
  EXPECT_NE(a.random_u64(), a.random_u64());
}

TEST(MemoryEnvWorld, HasVariablesAFolderAndPrograms) {
  MemoryEnv env;
  EXPECT_EQ(env.variable("X"), std::nullopt);
  env.set_variable("X", "1");
  EXPECT_EQ(env.variable("X"), "1");
  value_of(env.create_directories("/a/b"));
  env.set_current_directory("/a/b");
  value_of(env.write_file_atomically("../f", "x"));
  EXPECT_EQ(value_of(env.read_file("/a/f")), "x");
  ProcessOptions options;
  options.arguments = {"tool"};
  EXPECT_EQ(env.run(options).error().code, ErrorCode::unavailable);
  env.set_runner([](const ProcessOptions& asked) {
    ProcessResult result;
    result.exit_code = 0;
    result.output = asked.arguments.front();
    return result;
  });
  EXPECT_EQ(value_of(env.run(options)).output, "tool");
}

TEST(MemoryEnvPower, LosesExactlyWhatWasNotSynced) {
  MemoryEnv env;
  const auto file = value_of(env.open_append("/log"));
  value_of(file->append("kept"));
  value_of(file->sync());
  value_of(file->append("lost"));
  value_of(env.write_file_atomically("/durable", "kept", true));
  value_of(env.write_file_atomically("/loose", "lost"));
  env.lose_unsynced();
  EXPECT_EQ(env.files(), (std::map<std::string, std::string>{{"/durable", "kept"}, {"/log", "kept"}, {"/loose", ""}}));
}

TEST(FailingEnvFaults, StrikeTheNthOperationOnce) {
  MemoryEnv memory;
  FailingEnv env(memory);
  env.fail_on(Operation::write, 2, ErrorCode::permission);
  value_of(env.write_file_atomically("/f", "1"));
  EXPECT_EQ(env.write_file_atomically("/f", "2").error().code, ErrorCode::permission);
  EXPECT_EQ(value_of(env.read_file("/f")), "1");
  value_of(env.write_file_atomically("/f", "3"));
  EXPECT_EQ(env.count(Operation::write), 3u);
  env.fail_on(Operation::rename, 1, ErrorCode::io, true);
  EXPECT_FALSE(env.write_file_atomically("/f", "4"));
  EXPECT_FALSE(env.rename("/f", "/g"));
  env.heal();
  value_of(env.rename("/f", "/g"));
  EXPECT_EQ(value_of(env.read_file("/g")), "3");
}

TEST(FailingEnvFaults, AFailedAppendIsTornAndAFailedSyncKeepsNothingDurable) {
  MemoryEnv memory;
  FailingEnv env(memory);
  const auto file = value_of(env.open_append("/log"));
  env.fail_on(Operation::write, 1);
  EXPECT_FALSE(file->append("12345678"));
  EXPECT_EQ(value_of(env.read_file("/log")), "1234");
  env.fail_on(Operation::sync, 1);
  EXPECT_FALSE(file->sync());
  memory.lose_unsynced();
  EXPECT_EQ(value_of(env.read_file("/log")), "");
}

TEST(FailingEnvFaults, AFullDiskTearsAppendsAndRefusesFiles) {
  MemoryEnv memory;
  FailingEnv env(memory);
  const auto file = value_of(env.open_append("/log"));
  env.disk_full_after(10);
  value_of(file->append("123456"));
  const auto full = file->append("abcdef");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, ErrorCode::cannot_create);
  EXPECT_EQ(value_of(env.read_file("/log")), "123456abcd");
  EXPECT_EQ(env.write_file_atomically("/f", "x").error().code, ErrorCode::cannot_create);
  env.heal();
  value_of(file->append("!"));
  EXPECT_EQ(value_of(env.read_file("/log")), "123456abcd!");
}

}  // namespace
}  // namespace autodev::base
