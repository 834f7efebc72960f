// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>

#include "support/memory_env.h"
#include "support/support.h"

namespace autodev::base {
namespace {

using namespace std::chrono_literals;
using test::MemoryEnv;

/// Puts a terminal in the place of stderr and collects what is written to it.
class TerminalAsStderr {
 public:
  TerminalAsStderr() : master_(::posix_openpt(O_RDWR | O_NOCTTY)), saved_(::dup(STDERR_FILENO)) {
    EXPECT_EQ(::grantpt(master_), 0);
    EXPECT_EQ(::unlockpt(master_), 0);
    slave_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
    EXPECT_GE(slave_, 0);
    ::dup2(slave_, STDERR_FILENO);
  }
  TerminalAsStderr(const TerminalAsStderr&) = delete;
  TerminalAsStderr& operator=(const TerminalAsStderr&) = delete;
  ~TerminalAsStderr() {
    ::dup2(saved_, STDERR_FILENO);
    for (const int fd : {saved_, slave_, master_}) ::close(fd);
  }
  std::string take() {
    std::string seen;
    char buffer[4096];
    pollfd ready{master_, POLLIN, 0};
    while (::poll(&ready, 1, 20) > 0) {
      const ssize_t got = ::read(master_, buffer, sizeof buffer);
      if (got <= 0) break;
      seen.append(buffer, static_cast<std::size_t>(got));
    }
    return seen;
  }
  [[nodiscard]] int slave() const { return slave_; }

 private:
  int master_;
  int saved_;
  int slave_ = -1;
};

TEST(Color, FollowsTheFlagBeforeEverything) {
  MemoryEnv env;
  env.set_variable("NO_COLOR", "1");
  EXPECT_TRUE(wants_color(env, ColorMode::always, -1));
  env.set_variable("CLICOLOR_FORCE", "1");
  EXPECT_FALSE(wants_color(env, ColorMode::never, -1));
}

TEST(Color, AutomaticNeedsATerminalThatIsNotDumb) {
  const TerminalAsStderr terminal;
  MemoryEnv env;
  EXPECT_FALSE(wants_color(env, ColorMode::automatic, terminal.slave())) << "no TERM at all";
  env.set_variable("TERM", "xterm");
  EXPECT_TRUE(wants_color(env, ColorMode::automatic, terminal.slave()));
  EXPECT_FALSE(wants_color(env, ColorMode::automatic, -1));
  env.set_variable("TERM", "dumb");
  EXPECT_FALSE(wants_color(env, ColorMode::automatic, terminal.slave()));
}

TEST(Color, NoColorWinsOverForceAndForceOverPipes) {
  MemoryEnv env;
  env.set_variable("CLICOLOR_FORCE", "0");
  EXPECT_FALSE(wants_color(env, ColorMode::automatic, -1));
  env.set_variable("CLICOLOR_FORCE", "1");
  EXPECT_TRUE(wants_color(env, ColorMode::automatic, -1));
  env.set_variable("NO_COLOR", "");
  EXPECT_TRUE(wants_color(env, ColorMode::automatic, -1)) << "an empty NO_COLOR does not count";
  env.set_variable("NO_COLOR", "1");
  EXPECT_FALSE(wants_color(env, ColorMode::automatic, -1));
}

TEST(Color, StylesWrapOnlyWhenEnabled) {
  EXPECT_EQ(styled("x", Style::red, true), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(styled("x", Style::red, false), "x");
  EXPECT_EQ(styled("x", Style::plain, true), "x");
}

TEST(Sparkline, ShowsEightLevelsAndGaps) {
  const double values[] = {0.0, 0.49, 0.5, 1.0, NAN, -3.0, 9.0};
  EXPECT_EQ(sparkline(values, 7), "▁▄▅█ ▁█");
  EXPECT_EQ(sparkline(nullptr, 0), "");
}

TEST(Progress, TellsRateAndTimeLeft) {
  EXPECT_EQ(progress_line("learning", 1234, 5000, "commits", 1520ms), "learning  1,234/5,000 commits  812/s  5 s left");
  EXPECT_EQ(progress_line("learning", 3, 5000, "", 2s), "learning  3/5,000  1.5/s  55 min 31 s left");
  EXPECT_EQ(progress_line("reading", 12, 0, "", 1s), "reading  12  12/s");
  EXPECT_EQ(progress_line("reading", 12, 12, "", 1s), "reading  12/12  12/s");
  EXPECT_EQ(progress_line("reading", 0, 10, "files", 9s), "reading  0/10 files");
  EXPECT_EQ(progress_line("reading", 5, 10, "", 100ms), "reading  5/10") << "too early for a rate";
  EXPECT_EQ(progress_line("x", 1, UINT64_MAX, "\x1b[2Jbad\nnote\xFF", 1s),
            "x  1/18,446,744,073,709,551,615 bad note\xEF\xBF\xBD  1.0/s  11574 d 1 h left");
}

TEST(Progress, IsSilentWithoutATerminal) {
  testing::internal::CaptureStderr();
  {
    MemoryEnv env;
    env.set_auto_advance(1s);
    Progress progress(env, "learning", 10);
    for (std::uint64_t i = 0; i < 10; ++i) progress.update(i);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Progress, RedrawsAtMostTenTimesASecondAndCleansUp) {
  TerminalAsStderr terminal;
  MemoryEnv env;
  env.set_variable("TERM", "xterm");
  Progress progress(env, "learning", 1000);
  std::string seen;
  for (std::uint64_t i = 0; i < 1000; ++i) {  // one millisecond each
    env.advance(1ms);
    progress.update(i);
    if (i % 100 == 99) seen += terminal.take();
  }
  std::size_t redraws = 0;
  for (std::size_t at = seen.find("learning"); at != std::string::npos; at = seen.find("learning", at + 1)) ++redraws;
  EXPECT_EQ(redraws, 10u);
  progress.finish();
  EXPECT_EQ(terminal.take(), "\r\x1b[K");
  progress.finish();
  EXPECT_EQ(terminal.take(), "") << "nothing left to remove";
}

TEST(Progress, CanBeSwitchedOff) {
  TerminalAsStderr terminal;
  MemoryEnv env;
  env.set_auto_advance(1s);
  Progress progress(env, "learning", 10, false);
  progress.update(5);
  EXPECT_EQ(terminal.take(), "");
}

TEST(Interrupt, IsNotedOnceAndTheSecondEndsTheProcess) {
  EXPECT_FALSE(interrupted());
  const pid_t pid = ::fork();
  if (pid == 0) {
    install_interrupt_handler();
    if (interrupted()) ::_exit(1);
    ::raise(SIGINT);
    if (!interrupted()) ::_exit(2);
    ::raise(SIGINT);
    ::_exit(3);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
}

}  // namespace
}  // namespace autodev::base
