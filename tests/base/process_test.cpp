// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "base/env.h"
#include "support/support.h"

namespace autodev::base {
namespace {

using namespace std::chrono_literals;
using test::TemporaryFolder;
using test::value_of;

ProcessOptions shell(const std::string& script) {
  ProcessOptions options;
  options.arguments = {"sh", "-c", script};
  options.timeout = 20s;
  return options;
}

ProcessResult run(const ProcessOptions& options) {
  return value_of(real_env().run(options));
}

TEST(Run, GivesExitCodeAndBothOutputs) {
  const ProcessResult result = run(shell("echo out; echo err >&2; exit 7"));
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.signal, 0);
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.error, "err\n");
  EXPECT_FALSE(result.timed_out);
  EXPECT_FALSE(result.output_truncated);
  EXPECT_GT(result.duration, 0ns);
}

TEST(Run, PassesArgumentsUntouched) {
  ProcessOptions options;
  options.arguments = {"printf", "%s|", "a b", "$HOME", "", "'\"\n;"};
  EXPECT_EQ(run(options).output, "a b|$HOME||'\"\n;|");
}

TEST(Run, SaysWhichProgramIsMissing) {
  ProcessOptions options;
  options.arguments = {"no-such-program-here"};
  const auto result = real_env().run(options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::unavailable);
  EXPECT_EQ(result.error().message, "cannot run 'no-such-program-here': not found in PATH");
  options.arguments = {"/no/such/program"};
  EXPECT_EQ(real_env().run(options).error().code, ErrorCode::unavailable);
  options.arguments = {};
  EXPECT_EQ(real_env().run(options).error().code, ErrorCode::usage);
}

TEST(Run, AFileThatIsNoProgramIsAnErrorNotAnExitCode) {
  const TemporaryFolder folder;
  value_of(real_env().write_file_atomically(folder.file("text"), "just text"));
  ProcessOptions options;
  options.arguments = {folder.file("text")};
  EXPECT_EQ(real_env().run(options).error().code, ErrorCode::unavailable);
}

TEST(Run, StartsInTheFolderAsked) {
  const TemporaryFolder folder;
  ProcessOptions options = shell("pwd");
  options.directory = folder.path();
  EXPECT_EQ(run(options).output, folder.path() + "\n");
  options.directory = folder.file("absent");
  const auto result = real_env().run(options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::no_input);
  EXPECT_NE(result.error().message.find("absent"), std::string::npos);
}

TEST(Run, FeedsInputAndClosesIt) {
  ProcessOptions options = shell("cat");
  options.input = std::string(3'000'000, 'x');
  const ProcessResult result = run(options);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, options.input);
}

TEST(Run, WithoutInputStdinIsAtItsEnd) {
  EXPECT_EQ(run(shell("cat; echo end")).output, "end\n");
}

TEST(Run, AChildThatIgnoresItsInputDoesNotKillUs) {
  ProcessOptions options = shell("exit 3");
  options.input = std::string(3'000'000, 'x');
  EXPECT_EQ(run(options).exit_code, 3);
}

TEST(Run, SetsAndClearsVariables) {
  ProcessOptions options = shell("echo $ONE-$TWO-$HOME");
  options.environment = {{"ONE", "1"}, {"TWO", "x"}, {"TWO", "2"}, {"HOME", "/nowhere"}};
  EXPECT_EQ(run(options).output, "1-2-/nowhere\n");
  options.arguments = {"env"};
  options.environment = {{"ONLY", "this"}};
  options.clear_environment = true;
  EXPECT_EQ(run(options).output, "ONLY=this\n");
}

TEST(Run, CapsEachStreamButReadsItAll) {
  ProcessOptions options = shell("head -c 300000 /dev/zero; head -c 5 /dev/zero >&2; echo done > /dev/null; exit 4");
  options.max_output_bytes = 1000;
  const ProcessResult result = run(options);
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_EQ(result.output.size(), 1000u);
  EXPECT_EQ(result.error.size(), 5u);
  EXPECT_TRUE(result.output_truncated);
}

TEST(Run, ReportsTheSignalThatEndedIt) {
  const ProcessResult result = run(shell("kill -TERM $$"));
  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_EQ(result.exit_code, 128 + SIGTERM);
  EXPECT_FALSE(result.timed_out);
}

TEST(Run, OnTheDeadlineTheWholeGroupIsKilled) {
  ProcessOptions options = shell("sleep 60 & echo $!; wait");
  options.timeout = 200ms;
  const ProcessResult result = run(options);
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_LT(result.duration, 5s);
  const pid_t grandchild = std::stoi(result.output);
  bool gone = false;  // an orphan is a zombie until init reaps it
  for (int i = 0; i < 100 && !gone; ++i) {
    const auto stat = real_env().read_file("/proc/" + std::to_string(grandchild) + "/stat");
    gone = !stat || stat->find(") Z") != std::string::npos;
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_TRUE(gone);
}

TEST(Run, DoesNotWaitForABackgroundProcessThatHoldsThePipes) {
  const ProcessResult result = run(shell("sleep 60 & echo started"));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, "started\n");
  EXPECT_FALSE(result.timed_out);
  EXPECT_LT(result.duration, 5s);
}

TEST(Run, ReportsOutputAsItArrives) {
  std::string seen;
  ProcessOptions options = shell("echo one; echo two >&2");
  options.on_output = [&](int stream, std::string_view bytes) { seen += std::to_string(stream) + std::string(bytes); };
  run(options);
  EXPECT_NE(seen.find("1one\n"), std::string::npos);
  EXPECT_NE(seen.find("2two\n"), std::string::npos);
}

TEST(Run, SetsLimitsInTheChildOnly) {
  ProcessOptions options = shell("ulimit -v; ulimit -t; ulimit -f; ulimit -n");
  options.limits.address_space_bytes = 512u << 20;
  options.limits.cpu_seconds = 9;
  options.limits.file_size_bytes = 1u << 20;
  options.limits.open_files = 33;
  EXPECT_EQ(run(options).output, "524288\n9\n2048\n33\n");
  EXPECT_NE(run(shell("ulimit -n")).output, "33\n");
}

TEST(Run, ALimitOfFileSizeStopsAWriter) {
  const TemporaryFolder folder;
  ProcessOptions options = shell("head -c 1000000 /dev/zero > big");
  options.directory = folder.path();
  options.limits.file_size_bytes = 4096;
  EXPECT_NE(run(options).exit_code, 0);
  EXPECT_LE(value_of(real_env().read_file(folder.file("big"))).size(), 4096u);
}

TEST(Run, LeavesNoDescriptorsBehindAndGivesTheChildNone) {
  const auto open_descriptors = [] { return value_of(real_env().list("/proc/self/fd")).size(); };
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 5; ++i) run(shell("echo x"));
  EXPECT_EQ(open_descriptors(), before);
  ProcessOptions options;
  options.arguments = {"ls", "/proc/self/fd"};
  EXPECT_EQ(run(options).output, "0\n1\n2\n3\n") << "the fourth is ls reading the folder";
}

TEST(Run, WorksFromManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const auto result = real_env().run(shell("echo " + std::to_string(t)));
        if (result && result->output == std::to_string(t) + "\n") ++good;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 80);
}

TEST(Run, HandsSignalsOnAndRestoresTheHandler) {
  struct sigaction before {};
  ::sigaction(SIGTERM, nullptr, &before);
  ProcessOptions options = shell("trap 'echo got it; exit 5' TERM; echo ready; while :; do sleep 0.05; done");
  options.forward_signals = true;
  bool sent = false;
  options.on_output = [&](int, std::string_view) {
    if (!std::exchange(sent, true)) ::kill(::getpid(), SIGTERM);
  };
  const ProcessResult result = run(options);
  EXPECT_EQ(result.exit_code, 5);
  EXPECT_EQ(result.output, "ready\ngot it\n");
  struct sigaction after {};
  ::sigaction(SIGTERM, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

TEST(Run, IsInAGroupOfItsOwnUnlessItTakesOurPlace) {
  ProcessOptions options = shell("cut -d' ' -f5 /proc/$$/stat");
  EXPECT_NE(run(options).output, std::to_string(::getpgrp()) + "\n");
  options.inherit_input = true;
  EXPECT_EQ(run(options).output, std::to_string(::getpgrp()) + "\n");
}

TEST(Run, TheChildStartsWithStandardSignalHandling) {
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  const ProcessResult result = run(shell("kill -PIPE $$; echo survived"));
  ::sigaction(SIGPIPE, &before, nullptr);
  EXPECT_EQ(result.signal, SIGPIPE);
}

TEST(Run, CanWriteToOurOwnOutput) {
  testing::internal::CaptureStdout();
  ProcessOptions options = shell("echo direct");
  options.inherit_output = true;
  const ProcessResult result = run(options);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "direct\n");
  EXPECT_EQ(result.output, "");
}

TEST(Child, TalksInLinesAndBytes) {
  auto child = value_of(real_env().start(shell("while read line; do echo \"<$line>\"; done; exit 6")));
  value_of(child->write("hello\nworld\n"));
  EXPECT_EQ(value_of(child->read_line(100, 10s)), "<hello>\n");
  EXPECT_EQ(value_of(child->read_exactly(3, 10s)), "<wo");
  EXPECT_EQ(value_of(child->read_line(100, 10s)), "rld>\n");
  child->close_input();
  EXPECT_EQ(child->wait(), 6);
  EXPECT_EQ(child->wait(), 6);
  EXPECT_EQ(child->read_exactly(1, 10s).error().code, ErrorCode::unavailable);
}

TEST(Child, ASilentOneIsBusyAndADeadOneUnavailable) {
  auto child = value_of(real_env().start(shell("read line; exit 0")));
  EXPECT_EQ(child->read_line(100, 50ms).error().code, ErrorCode::busy);
  value_of(child->write("x\n"));
  EXPECT_EQ(child->read_line(100, 10s).error().code, ErrorCode::unavailable);
  child->wait();
  EXPECT_EQ(child->write("more").error().code, ErrorCode::unavailable);
  child->close_input();
  EXPECT_EQ(child->write("more").error().code, ErrorCode::unavailable);
}

TEST(Child, RefusesALineThatIsTooLong) {
  auto child = value_of(real_env().start(shell("echo 12345; echo 123; sleep 9")));
  EXPECT_EQ(child->read_line(5, 10s).error().code, ErrorCode::bad_data);
  EXPECT_EQ(value_of(child->read_exactly(6, 10s)), "12345\n");
  EXPECT_EQ(value_of(child->read_line(4, 10s)), "123\n");
}

TEST(Child, TwoFullPipesDoNotBlockEachOther) {
  ProcessOptions options;
  options.arguments = {"cat"};
  auto child = value_of(real_env().start(options));
  const std::string big(2'000'000, 'y');
  value_of(child->write(big));
  EXPECT_EQ(value_of(child->read_exactly(big.size(), 10s)), big);
}

TEST(Child, WaitingForOneThatStillTalksDoesNotBlockIt) {
  auto child = value_of(real_env().start(shell("head -c 500000 /dev/zero; exit 3")));
  EXPECT_EQ(child->wait(), 3);
  EXPECT_EQ(value_of(child->read_exactly(65'000, 10s)).size(), 65'000u);
  auto parent = value_of(real_env().start(shell("sleep 60 & exit 4")));
  EXPECT_EQ(parent->wait(), 4) << "although the grandchild keeps the pipe open";
}

TEST(Child, WritingToOneThatDoesNotReadEndsAtTheTimeLimit) {
  ProcessOptions options = shell("sleep 60");
  options.timeout = 100ms;
  auto child = value_of(real_env().start(options));
  EXPECT_EQ(child->write(std::string(1'000'000, 'z')).error().code, ErrorCode::busy);
}

TEST(Child, IsKilledByItsDestructor) {
  const auto start = std::chrono::steady_clock::now();
  { auto child = value_of(real_env().start(shell("sleep 60"))); }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
  auto child = value_of(real_env().start(shell("sleep 60")));
  child->kill();
  EXPECT_EQ(child->wait(), 128 + SIGKILL);
}

}  // namespace
}  // namespace autodev::base
