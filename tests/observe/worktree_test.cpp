// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What changed since the last recorded state, in git work trees and plain folders.
#include "observe/worktree.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "support/scratch_repository.h"

namespace autodev::observe {
namespace {

using test::ScratchRepository;
using test::TemporaryFolder;
using test::value_of;
namespace fs = std::filesystem;

class GitWorktree : public testing::Test {
 protected:
  void SetUp() override {
    repository.write("a.py", "x = 1\n");
    repository.write(".gitignore", "ignored.py\n");
    repository.commit("One");
  }
  WorktreeChange observe() { return value_of(observe_worktree(base::real_env(), repository.path(), memory.path())); }
  WorktreeChange observe_and_remember() {
    WorktreeChange change = observe();
    value_of(remember_worktree(base::real_env(), memory.path(), change.state));
    return change;
  }

  ScratchRepository repository;
  TemporaryFolder memory;
};

TEST_F(GitWorktree, TheFirstObservationComparesWithHead) {
  repository.write("a.py", "x = 2\n");
  repository.write("b.py", "y = 1\n");
  const WorktreeChange change = observe();
  EXPECT_TRUE(change.first);
  EXPECT_EQ(change.state.id.rfind("git:", 0), 0u);
  EXPECT_EQ(change.files, (std::vector<FileChange>{{"a.py", "x = 1\n", "x = 2\n"}, {"b.py", std::nullopt, "y = 1\n"}}));
  EXPECT_EQ(change.files_changed, 2u);
}

TEST_F(GitWorktree, LaterOnesCompareWithTheRememberedState) {
  repository.write("a.py", "x = 2\n");
  observe_and_remember();
  EXPECT_TRUE(observe().files.empty());
  repository.write("a.py", "x = 3\n");
  repository.write("dir/b.py", "y = 1\n");
  const WorktreeChange change = observe();
  EXPECT_FALSE(change.first);
  EXPECT_EQ(change.files, (std::vector<FileChange>{{"a.py", "x = 2\n", "x = 3\n"}, {"dir/b.py", std::nullopt, "y = 1\n"}}));
  EXPECT_EQ(observe().files, change.files) << "what is not remembered is seen again";
}

TEST_F(GitWorktree, CommittingChangesNothing) {
  repository.write("a.py", "x = 2\n");
  const WorktreeChange before = observe_and_remember();
  repository.commit("Two");
  const WorktreeChange after = observe();
  EXPECT_EQ(after.state.id, before.state.id);
  EXPECT_TRUE(after.files.empty());
}

TEST_F(GitWorktree, DeletedFilesAndBranchesAreSeen) {
  observe_and_remember();
  repository.remove("a.py");
  EXPECT_EQ(observe_and_remember().files, (std::vector<FileChange>{{"a.py", "x = 1\n", std::nullopt}}));
  repository.git({"checkout", "-q", "-f", "-b", "other"});
  EXPECT_EQ(observe().files, (std::vector<FileChange>{{"a.py", std::nullopt, "x = 1\n"}}));
}

TEST_F(GitWorktree, IgnoredHiddenLinkedLargeAndOwnFilesAreLeftOut) {
  repository.write("ignored.py", "x = 1\n");
  repository.write(".auto-dev/state/x.py", "x = 1\n");
  repository.write("large.py", std::string((1u << 20) + 1, '#'));
  repository.write("binary.py", std::string("a\0b", 3));
  repository.write("vendor/v.py", "x = 1\n");
  repository.write("notes.txt", "text\n");
  fs::create_symlink("/etc/passwd", repository.path() + "/link.py");
  fs::create_symlink("/etc", repository.path() + "/folder");
  const WorktreeChange change = observe();
  EXPECT_TRUE(change.files.empty());
  EXPECT_EQ(change.files_changed, 3u) << "binary, vendored and text files are counted, not carried";
}

TEST_F(GitWorktree, NestedRepositoriesAreNotEntered) {
  repository.git({"init", "-q", "nested"});
  repository.write("nested/n.py", "x = 1\n");
  repository.write("b.py", "y = 1\n");
  EXPECT_EQ(observe().files, (std::vector<FileChange>{{"b.py", std::nullopt, "y = 1\n"}}));
}

TEST_F(GitWorktree, TheRepositoryStaysByteIdentical) {
  repository.write("a.py", "x = 2\n");
  repository.write("b.py", "y = 1\n");
  repository.git({"add", "b.py"});
  repository.git({"config", "core.splitIndex", "true"});
  repository.git({"config", "core.untrackedCache", "true"});
  const std::string before = ScratchRepository::fingerprint(repository.path() + "/.git");
  observe_and_remember();
  repository.write("a.py", "x = 3\n");
  observe();
  EXPECT_EQ(ScratchRepository::fingerprint(repository.path() + "/.git"), before);
}

TEST_F(GitWorktree, CleanFiltersOfTheRepositoryDoNotRun) {
  repository.write(".gitattributes", "*.py filter=evil\n*.txt filter=x=y\n");
  repository.write("b.py", "y = 1\n");
  repository.write("b.txt", "y\n");
  const std::string trap = repository.path() + "/trap";
  for (const char* name : {"filter.evil.clean", "filter.x=y.clean", "filter.evil.process"})
    repository.git({"config", name, "touch '" + trap + "'; cat"});
  repository.git({"config", "filter.evil.required", "true"});
  repository.git({"config", "core.fsmonitor", "touch '" + trap + "'"});
  EXPECT_EQ(observe().files, (std::vector<FileChange>{{"b.py", std::nullopt, "y = 1\n"}}));
  EXPECT_FALSE(fs::exists(trap));
}

TEST_F(GitWorktree, AnEmptyRepositoryComparesWithNothing) {
  const ScratchRepository fresh;
  fresh.write("a.py", "x = 1\n");
  const WorktreeChange change = value_of(observe_worktree(base::real_env(), fresh.path(), memory.path()));
  EXPECT_TRUE(change.first);
  EXPECT_EQ(change.files, (std::vector<FileChange>{{"a.py", std::nullopt, "x = 1\n"}}));
}

TEST_F(GitWorktree, ASubfolderIsAProjectOfItsOwn) {
  repository.write("api/c.py", "c = 1\n");
  repository.write("web/d.py", "d = 1\n");
  const std::string root = repository.path() + "/api";
  const WorktreeChange change = value_of(observe_worktree(base::real_env(), root, memory.path()));
  EXPECT_EQ(change.files, (std::vector<FileChange>{{"c.py", std::nullopt, "c = 1\n"}}));
}

TEST_F(GitWorktree, DamagedMemoryMeansStartingOver) {
  observe_and_remember();
  repository.write("a.py", "x = 2\n");
  std::ofstream(memory.file("worktree/index"), std::ios::trunc) << "garbage";
  EXPECT_EQ(observe().files.size(), 1u);
  std::ofstream(memory.file("worktree/last"), std::ios::trunc) << "git:--output=/tmp/x\n";
  EXPECT_TRUE(observe().first);
  std::ofstream(memory.file("worktree/last"), std::ios::trunc) << "git:" << std::string(40, 'a') << "\n";
  EXPECT_TRUE(observe().first);
}

TEST_F(GitWorktree, PrivateObjectsArePackedBeforeTheyAreMany) {
  for (int i = 0; i < 9'000; ++i) repository.write(fmt::format("many/f{}.txt", i), std::to_string(i));
  observe_and_remember();
  const auto count = [&] {
    return std::distance(fs::recursive_directory_iterator(memory.file("worktree/objects")), {});
  };
  EXPECT_LT(count(), 100) << "more than 6,900 loose objects are packed";
  repository.write("many/f7.txt", "new");
  repository.write("a.py", "x = 2\n");
  const WorktreeChange change = observe();
  EXPECT_EQ(change.files_changed, 2u);
  EXPECT_EQ(change.files, (std::vector<FileChange>{{"a.py", "x = 1\n", "x = 2\n"}}));
}

TEST_F(GitWorktree, ListsAtMost200FilesButCountsAll) {
  for (int i = 0; i < 230; ++i) repository.write(fmt::format("many/f{}.py", i), std::to_string(i));
  const WorktreeChange change = observe();
  EXPECT_EQ(change.files.size(), 200u);
  EXPECT_EQ(change.files_changed, 230u);
}

class PlainFolder : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& content) const {
    const fs::path file = fs::path(folder.path()) / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }
  WorktreeChange observe() { return value_of(observe_worktree(base::real_env(), folder.path(), memory.path())); }
  WorktreeChange observe_and_remember() {
    WorktreeChange change = observe();
    value_of(remember_worktree(base::real_env(), memory.path(), change.state));
    return change;
  }

  TemporaryFolder folder;
  TemporaryFolder memory;
};

TEST_F(PlainFolder, TheFirstObservationOnlyRemembers) {
  write("a.py", "x = 1\n");
  const WorktreeChange change = observe();
  EXPECT_TRUE(change.first);
  EXPECT_TRUE(change.files.empty());
  EXPECT_EQ(change.state.id.rfind("files:", 0), 0u);
}

TEST_F(PlainFolder, LaterOnesGiveBothSides) {
  write("a.py", "x = 1\n");
  write("b.py", "y = 1\n");
  observe_and_remember();
  write("a.py", "x = 2\n");
  fs::remove(folder.file("b.py"));
  write("dir/c.py", "z = 1\n");
  const WorktreeChange change = observe();
  EXPECT_FALSE(change.first);
  EXPECT_EQ(change.files_changed, 3u);
  EXPECT_EQ(change.files, (std::vector<FileChange>{{"a.py", "x = 1\n", "x = 2\n"},
                                                   {"b.py", "y = 1\n", std::nullopt},
                                                   {"dir/c.py", std::nullopt, "z = 1\n"}}));
}

TEST_F(PlainFolder, AChangeThatKeepsSizeAndTimeIsSeen) {
  write("a.py", "x = 1\n");
  const auto time = fs::last_write_time(folder.file("a.py"));
  observe_and_remember();
  write("a.py", "x = 2\n");
  fs::last_write_time(folder.file("a.py"), time);
  EXPECT_EQ(observe().files, (std::vector<FileChange>{{"a.py", "x = 1\n", "x = 2\n"}}));
}

TEST_F(PlainFolder, TouchingChangesNothing) {
  write("a.py", "x = 1\n");
  const WorktreeChange before = observe_and_remember();
  fs::last_write_time(folder.file("a.py"), fs::file_time_type::clock::now() - std::chrono::hours(5));
  const WorktreeChange after = observe();
  EXPECT_EQ(after.state.id, before.state.id);
  EXPECT_EQ(after.files_changed, 0u);
}

TEST_F(PlainFolder, LinksHiddenAndDependencyFoldersAreNotEntered) {
  observe_and_remember();
  write(".hidden/a.py", "x = 1\n");
  write("node_modules/a.js", "x = 1\n");
  write("notes.txt", "x\n");
  write("large.py", std::string((256u << 10) + 1, '#'));
  fs::create_directory_symlink("/usr/lib/python3", folder.file("link"));
  fs::create_symlink("/etc/passwd", folder.file("link.py"));
  fs::create_directory_symlink(".", folder.file("loop"));
  EXPECT_EQ(observe().files_changed, 0u);
}

TEST_F(PlainFolder, OnlyTheRememberedPackIsKept) {
  write("a.py", "x = 1\n");
  observe_and_remember();
  write("a.py", "x = 2\n");
  observe();
  write("a.py", "x = 3\n");
  observe_and_remember();
  int packs = 0;
  for (const auto& entry : fs::directory_iterator(memory.file("worktree"))) packs += entry.path().extension() == ".pack";
  EXPECT_EQ(packs, 1);
}

TEST_F(PlainFolder, ADamagedPackMeansStartingOver) {
  write("a.py", "x = 1\n");
  observe_and_remember();
  for (const auto& entry : fs::directory_iterator(memory.file("worktree")))
    if (entry.path().extension() == ".pack") fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
  EXPECT_TRUE(observe().first);
}

TEST_F(PlainFolder, AMissingFolderIsNamed) {
  const auto change = observe_worktree(base::real_env(), folder.file("none"), memory.path());
  ASSERT_FALSE(change);
  EXPECT_EQ(change.error().code, ErrorCode::no_input);
}

}  // namespace
}  // namespace autodev::observe
