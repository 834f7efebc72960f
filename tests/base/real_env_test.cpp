// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What only the operating system has: permissions, links, pipes, full disks, processes.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "base/env.h"
#include "support/support.h"

namespace autodev::base {
namespace {

using namespace std::chrono_literals;
using test::TemporaryFolder;
using test::value_of;

mode_t mode_of(const std::string& path) {
  struct stat info {};
  EXPECT_EQ(::lstat(path.c_str(), &info), 0) << path;
  return info.st_mode & 0777;
}

TEST(RealEnv, FilesAndFoldersAreForTheirOwnerOnly) {
  const TemporaryFolder folder;
  value_of(real_env().create_directories(folder.file("a/b")));
  value_of(real_env().write_file_atomically(folder.file("a/b/f"), "x"));
  value_of(real_env().open_append(folder.file("a/log")));
  value_of(real_env().lock_file(folder.file("a/lock"), 0ms));
  EXPECT_EQ(mode_of(folder.file("a")), 0700u);
  EXPECT_EQ(mode_of(folder.file("a/b")), 0700u);
  for (const char* name : {"a/b/f", "a/log", "a/lock"}) EXPECT_EQ(mode_of(folder.file(name)), 0600u) << name;
}

TEST(RealEnv, AReplacedFileKeepsItsMode) {
  const TemporaryFolder folder;
  value_of(real_env().write_file_atomically(folder.file("f"), "1"));
  ASSERT_EQ(::chmod(folder.file("f").c_str(), 0755), 0);
  value_of(real_env().write_file_atomically(folder.file("f"), "2"));
  EXPECT_EQ(mode_of(folder.file("f")), 0755u);
}

TEST(RealEnv, AFullDiskIsAClearErrorAndLeavesNothing) {
  const auto file = value_of(real_env().open_append("/dev/full"));
  const auto result = file->append("x");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cannot_create);
  EXPECT_NE(result.error().message.find("/dev/full"), std::string::npos);
  EXPECT_NE(result.error().hint.find("free some space"), std::string::npos);
}

TEST(RealEnv, AFailedReplacementKeepsTheOldFileAndNoTemporary) {
  const TemporaryFolder folder;
  value_of(real_env().write_file_atomically(folder.file("f"), "old"));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto result = real_env().write_file_atomically(folder.file("f"), std::string(1000, 'n'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  EXPECT_FALSE(result);
  EXPECT_EQ(value_of(real_env().read_file(folder.file("f"))), "old");
  EXPECT_EQ(value_of(real_env().list(folder.path())).size(), 1u);
}

TEST(RealEnv, APermissionErrorNamesThePathAndAHint) {
  const auto result = real_env().write_file_atomically("/proc/no-such-file-can-be-made", "x");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("/proc/no-such-file-can-be-made"), std::string::npos);
  EXPECT_FALSE(result.error().hint.empty());
}

TEST(RealEnv, StatusDoesNotFollowALinkAndTreesAreRemovedWithoutFollowing) {
  const TemporaryFolder folder;
  value_of(real_env().create_directories(folder.file("outside/keep")));
  value_of(real_env().create_directories(folder.file("tree/sub")));
  ASSERT_EQ(::symlink(folder.file("outside").c_str(), folder.file("tree/link").c_str()), 0);
  ASSERT_EQ(::symlink(folder.file("outside").c_str(), folder.file("tree/sub/link").c_str()), 0);
  ASSERT_EQ(::symlink(folder.file("outside").c_str(), folder.file("top").c_str()), 0);
  EXPECT_EQ(value_of(real_env().status(folder.file("top")))->type, FileType::symlink);
  EXPECT_EQ(value_of(real_env().list(folder.file("tree")))[0].type, FileType::symlink);
  value_of(real_env().remove_tree(folder.file("tree")));
  value_of(real_env().remove_tree(folder.file("top")));
  EXPECT_EQ(value_of(real_env().list(folder.path())).size(), 1u);
  EXPECT_TRUE(value_of(real_env().status(folder.file("outside/keep"))));
}

TEST(RealEnv, RemovesTreesDeeperThanAnyPathMayBeLong) {
  const TemporaryFolder folder;
  value_of(real_env().create_directories(folder.file("tree")));
  int parent = ::open(folder.file("tree").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::string name(200, 'd');
  for (int depth = 0; depth < 300; ++depth) {  // 60,000 bytes of path; PATH_MAX is 4,096
    ASSERT_EQ(::mkdirat(parent, name.c_str(), 0700), 0);
    const int child = ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ::close(::openat(child, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    ASSERT_EQ(::mkdirat(child, "second", 0500), 0);
    ::close(parent);
    parent = child;
  }
  ::close(parent);
  value_of(real_env().remove_tree(folder.file("tree")));
  EXPECT_EQ(value_of(real_env().status(folder.file("tree"))), std::nullopt);
}

TEST(RealEnv, RemovesFoldersThatAreClosedEvenToTheirOwner) {
  const TemporaryFolder folder;
  value_of(real_env().create_directories(folder.file("tree/closed/inner")));
  value_of(real_env().write_file_atomically(folder.file("tree/closed/inner/f"), "x"));
  ASSERT_EQ(::chmod(folder.file("tree/closed/inner").c_str(), 0500), 0);
  ASSERT_EQ(::chmod(folder.file("tree/closed").c_str(), 0), 0);
  value_of(real_env().remove_tree(folder.file("tree")));
  EXPECT_EQ(value_of(real_env().status(folder.file("tree"))), std::nullopt);
}

TEST(RealEnv, ReadsFilesWithoutASizeAndPipes) {
  EXPECT_NE(value_of(real_env().read_file("/proc/self/status")).find("Name:"), std::string::npos);
  EXPECT_EQ(value_of(real_env().read_file("/dev/null")), "");
  EXPECT_EQ(real_env().read_file("/dev/zero", 10'000).error().code, ErrorCode::bad_data);
  EXPECT_FALSE(value_of(real_env().map_file("/proc/self/status"))->bytes().empty());
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
  EXPECT_EQ(value_of(real_env().read_file(folder.file("pipe"))), "") << "nobody writes: no waiting";
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  std::thread writer([&] {
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(::write(ends[1], "late", 4), 4);
    ::close(ends[1]);
  });
  EXPECT_EQ(value_of(real_env().read_file("/dev/fd/" + std::to_string(ends[0]))), "late");
  writer.join();
  ::close(ends[0]);
}

TEST(RealEnv, ALockExcludesOtherProcessesAndEndsWithItsProcess) {
  const TemporaryFolder folder;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    const auto lock = real_env().lock_file(folder.file("lock"), 0ms);
    const char mark = lock ? 'y' : 'n';
    static_cast<void>(!::write(ready[1], &mark, 1));
    ::pause();
    ::_exit(0);
  }
  char mark = 0;
  ASSERT_EQ(::read(ready[0], &mark, 1), 1);
  EXPECT_EQ(mark, 'y');
  EXPECT_EQ(real_env().lock_file(folder.file("lock"), 20ms).error().code, ErrorCode::busy);
  ::kill(pid, SIGKILL);
  EXPECT_TRUE(real_env().lock_file(folder.file("lock"), 10s));
  ::waitpid(pid, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(RealEnv, ALockOnADeletedFileDoesNotCount) {
  const TemporaryFolder folder;
  const auto old = value_of(real_env().lock_file(folder.file("lock"), 0ms));
  value_of(real_env().remove_file(folder.file("lock")));
  const auto lock = value_of(real_env().lock_file(folder.file("lock"), 0ms));
  EXPECT_EQ(real_env().lock_file(folder.file("lock"), 0ms).error().code, ErrorCode::busy);
}

TEST(RealEnv, ClocksRunAndChanceVaries) {
  const auto before = real_env().monotonic();
  EXPECT_GT(real_env().now().time_since_epoch(), std::chrono::hours(24 * 365 * 50));
  EXPECT_GT(real_env().monotonic(), before);
  EXPECT_NE(real_env().random_u64(), real_env().random_u64());
}

TEST(RealEnv, KnowsItsSurroundings) {
  ::setenv("AUTODEV_TEST_VARIABLE", "set", 1);
  EXPECT_EQ(real_env().variable("AUTODEV_TEST_VARIABLE"), "set");
  ::unsetenv("AUTODEV_TEST_VARIABLE");
  EXPECT_EQ(real_env().variable("AUTODEV_TEST_VARIABLE"), std::nullopt);
  EXPECT_EQ(real_env().current_directory(), std::filesystem::current_path().string());
}

}  // namespace
}  // namespace autodev::base
