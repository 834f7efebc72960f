// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Wrapped commands: the world sees the command, not us.
#include "observe/command_run.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <thread>

#include "support/support.h"

namespace autodev::observe {
namespace {

using test::TemporaryFolder;
using test::value_of;

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

CommandRun run(const std::vector<std::string>& arguments, const std::string& directory = {}, const std::string& report = {}) {
  return value_of(run_command(base::real_env(), {arguments, directory, report}));
}

TEST(CommandRun, GivesExitCodesSignalsAndDurations) {
  EXPECT_EQ(run({"true"}).exit_code, 0);
  EXPECT_EQ(run({"sh", "-c", "exit 7"}).exit_code, 7);
  const CommandRun killed = run({"sh", "-c", "kill -KILL $$"});
  EXPECT_EQ(killed.exit_code, 137);
  EXPECT_EQ(killed.signal, 9);
  const CommandRun slow = run({"sleep", "0.05"});
  EXPECT_GE(slow.duration, std::chrono::milliseconds(50));
  EXPECT_GT(slow.started, Timestamp{});
}

TEST(CommandRun, ACommandThatCannotRunIsAnError) {
  const auto missing = run_command(base::real_env(), {{"no-such-program-here"}, "", ""});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::unavailable);
  EXPECT_EQ(run_command(base::real_env(), {}).error().code, ErrorCode::usage);
  EXPECT_FALSE(run_command(base::real_env(), {{"true"}, "/no/such/folder", ""}));
}

/// Runs `body` in a forked process with its standard streams on files; returns its exit code.
template <typename Body>
int in_process(const TemporaryFolder& folder, Body body) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(::open(folder.file("in").c_str(), O_RDONLY | O_CREAT, 0600), 0);
    ::dup2(::open(folder.file("out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
    ::dup2(::open(folder.file("err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(CommandRun, TheStreamsAreTheCommandsOwnByteForByte) {
  const TemporaryFolder folder;
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes.push_back(static_cast<char>(i % 251));
  std::ofstream(folder.file("in"), std::ios::binary) << bytes;
  const int code = in_process(folder, [] {
    const auto done = run_command(base::real_env(), {{"sh", "-c", "cat; printf 'warning\\033[0m' >&2; exit 3"}, "", ""});
    return done ? done->exit_code : 99;
  });
  EXPECT_EQ(code, 3);
  EXPECT_EQ(content_of(folder.file("out")), bytes);
  EXPECT_EQ(content_of(folder.file("err")), "warning\x1b[0m");
}

TEST(CommandRun, TheCommandSharesOurProcessGroup) {
  const TemporaryFolder folder;
  in_process(folder, [] {
    const auto done = run_command(base::real_env(), {{"sh", "-c", "ps -o pgid= -p $$"}, "", ""});
    return done ? done->exit_code : 99;
  });
  // Another group than the terminal's would be stopped when it reads from the terminal.
  EXPECT_EQ(std::stol(content_of(folder.file("out"))), static_cast<long>(::getpgrp()));
}

TEST(CommandRun, SignalsSentToUsReachTheCommand) {
  const TemporaryFolder folder;
  const std::string ready = folder.file("ready");
  const pid_t pid = ::fork();
  if (pid == 0) {
    const auto done = run_command(
        base::real_env(), {{"sh", "-c", "trap 'exit 42' TERM; touch '" + ready + "'; while :; do sleep 0.01; done"}, "", ""});
    ::_exit(done ? done->exit_code : 99);
  }
  for (int i = 0; i < 2'000 && ::access(ready.c_str(), F_OK) != 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(pid, SIGTERM);
  int status = 0;
  ::waitpid(pid, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 42) << "the command ended in its own way, and we lived to tell";
}

TEST(CommandRun, WhatPassesThroughIsKeptBeginningAndEnd) {
  const TemporaryFolder folder;
  const std::string kept = folder.file("kept");
  in_process(folder, [&] {
    const auto done = run_command(base::real_env(), {{"sh", "-c", "echo first; echo oops >&2; head -c 2000000 /dev/zero | tr '\\0' 'x'; echo; echo last"}, "", ""});
    std::ofstream(kept, std::ios::binary) << done->output;
    return 0;
  });
  const std::string output = content_of(kept);
  EXPECT_TRUE(output.starts_with("first\n")) << output.substr(0, 40);
  EXPECT_NE(output.find("oops"), std::string::npos);
  EXPECT_TRUE(output.ends_with("x\nlast\n"));
  EXPECT_NE(output.find("bytes left out"), std::string::npos);
  EXPECT_LT(output.size(), std::size_t{400'000});
  EXPECT_EQ(content_of(folder.file("out")).size(), 6u + 2'000'000u + 1u + 5u) << "what the caller sees is whole";
}

TEST(CommandRun, BothStreamsInOneFileKeepTheirOrder) {
  const TemporaryFolder folder;
  in_process(folder, [] {
    ::dup2(1, 2);
    (void)run_command(base::real_env(), {{"sh", "-c", "for i in 1 2 3 4 5 6 7 8; do echo out $i; echo err $i >&2; done"}, "", ""});
    return 0;
  });
  std::string expected;
  for (int i = 1; i <= 8; ++i) expected += "out " + std::to_string(i) + "\nerr " + std::to_string(i) + "\n";
  EXPECT_EQ(content_of(folder.file("out")), expected);
}

TEST(CommandRun, ADaemonThatTheCommandLeavesGoesOnWriting) {
  const TemporaryFolder folder;
  const auto start = std::chrono::steady_clock::now();
  in_process(folder, [] {
    (void)run_command(base::real_env(), {{"sh", "-c", "(sleep 0.8; echo late) & echo early"}, "", ""});
    return 0;
  });
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(700)) << "nobody waits for it";
  for (int i = 0; i < 400 && content_of(folder.file("out")).find("late") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(content_of(folder.file("out")), "early\nlate\n");
}

TEST(CommandRun, AReaderThatLeavesEndsTheCommandAsWithoutUs) {
  const TemporaryFolder folder;
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], 1);
    ::close(ends[0]);
    ::close(ends[1]);
    const auto done = run_command(base::real_env(), {{"yes"}, "", ""});
    ::_exit(done ? done->exit_code : 99);
  }
  ::close(ends[1]);
  std::array<char, 4> some{};
  EXPECT_EQ(::read(ends[0], some.data(), some.size()), 4);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 128 + SIGPIPE);
}

TEST(CommandRun, AReportCountsOnlyIfThisRunWroteIt) {
  const TemporaryFolder folder;
  const CommandRun fresh = run({"sh", "-c", "echo '<new/>' > r.xml"}, folder.path(), "r.xml");
  EXPECT_EQ(fresh.report, "<new/>\n");
  EXPECT_EQ(fresh.report_note, "");
  const CommandRun stale = run({"true"}, folder.path(), "r.xml");
  EXPECT_EQ(stale.report, std::nullopt);
  EXPECT_NE(stale.report_note.find("is older than this run"), std::string::npos);
  const CommandRun same = run({"sh", "-c", "sleep 0.02; echo '<new/>' > r.xml"}, folder.path(), folder.file("r.xml"));
  EXPECT_EQ(same.report, "<new/>\n") << "written again with the same content";
  const CommandRun none = run({"true"}, folder.path(), "other.xml");
  EXPECT_NE(none.report_note.find("did not write"), std::string::npos);
}

}  // namespace
}  // namespace autodev::observe
