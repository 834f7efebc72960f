// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Real attacks on the sandbox. Started by root, the whole suite is run a second time as an ordinary user, because the
// two are confined in different ways.
#include "apply/sandbox.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "apply/confinement.h"
#include "apply/toolchain.h"
#include "base/env.h"
#include "support/support.h"

namespace autodev::apply {
namespace {

using test::TemporaryFolder;
using test::value_of;
using namespace std::chrono_literals;
using namespace std::string_literals;

class Attack : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Sandbox::open(base::real_env(), {});
    if (!opened) GTEST_SKIP() << opened.error().message;
    sandbox_ = std::move(opened).value();
  }

  SandboxRun shell(const std::string& script, SandboxLimits limits = {}) {
    return value_of(sandbox_->run({"bash", "-c", script}, {}, limits));
  }
  static SandboxLimits within(std::chrono::milliseconds wall) {
    SandboxLimits limits;
    limits.wall = wall;
    return limits;
  }

  std::unique_ptr<Sandbox> sandbox_;
};

/// Processes on this machine whose command line holds `marker`.
int alive_with(const std::string& marker) {
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline");
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    if (line.find(marker) != std::string::npos) ++found;
  }
  return found;
}

/// The kernel tears a process namespace down within milliseconds, on a loaded machine within a second.
bool all_gone(const std::string& marker) {
  for (int i = 0; i < 50; ++i) {
    if (alive_with(marker) == 0) return true;
    std::this_thread::sleep_for(100ms);
  }
  return false;
}

/// A sleeping time nobody else uses, as a marker in command lines.
std::string marker(int n) { return "7" + std::to_string(getpid()) + "." + std::to_string(n); }

TEST_F(Attack, HonestProgramsRun) {
  const auto run = shell("echo hello; echo there >&2");
  EXPECT_TRUE(run.passed);
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_NE(run.output.find("hello"), std::string::npos);
  EXPECT_NE(run.output.find("there"), std::string::npos);
  EXPECT_EQ(shell("exit 7").exit_code, 7);
}

TEST_F(Attack, HasNoPrivilegesInside) {
  const auto run = shell("id -u; grep -E '^(CapEff|NoNewPrivs)' /proc/self/status");
  EXPECT_EQ(run.output.rfind("0\n", 0), std::string::npos) << "runs as root";
  EXPECT_NE(run.output.find("CapEff:\t0000000000000000"), std::string::npos) << run.output;
  EXPECT_NE(run.output.find("NoNewPrivs:\t1"), std::string::npos) << run.output;
}

TEST_F(Attack, ReceivesFilesAndRefusesNamesThatLeaveTheFolder) {
  const std::string binary("a\0b\n", 4);
  const auto run = value_of(sandbox_->run({"sh", "-c", "cat a/b.txt; wc -c < bin; wc -c < empty; ls | wc -l"},
                                          {{"a/b.txt", "text\n"}, {"bin", binary}, {"empty", ""}}, {}));
  EXPECT_EQ(run.output, "text\n4\n0\n3\n");
  for (const char* name : {"/etc/x", "../x", "a/../../x", "", "a//b", "."})
    EXPECT_FALSE(sandbox_->run({"true"}, {{name, "x"}}, {}).has_value()) << name;
}

TEST_F(Attack, ForkBombIsStopped) {
  const auto count = value_of(sandbox_->run(
      {"sh", "-c", "n=0; while [ $n -lt 500 ]; do sleep 3 & n=$((n+1)); done; echo all started"}, {}, within(20s)));
  EXPECT_FALSE(count.passed);
  EXPECT_EQ(count.output.find("all started"), std::string::npos) << count.output;
  const auto name = marker(1);
  const auto bomb = shell("b() { sleep " + name + " & b | b & }; b; sleep 2", within(2s));
  EXPECT_FALSE(bomb.passed && bomb.duration < 1s);
  EXPECT_TRUE(all_gone(name));
}

TEST_F(Attack, ProcessLimitIsNotSharedBetweenRuns) {
  const std::string forty = "for i in $(seq 40); do sleep 1 & done; wait; echo fine";
  SandboxRun other;
  std::thread second([&] { other = shell(forty, within(20s)); });
  const auto run = shell(forty, within(20s));
  second.join();
  EXPECT_TRUE(run.passed) << run.output;
  EXPECT_TRUE(other.passed) << other.output;
}

TEST_F(Attack, CannotConnectToALoopbackListener) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener, 4), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string connect = "exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(ntohs(address.sin_port));
  base::ProcessOptions outside;
  outside.arguments = {"bash", "-c", connect};
  EXPECT_EQ(value_of(base::real_env().run(outside)).exit_code, 0) << "the listener itself does not work";
  EXPECT_FALSE(shell(connect).passed);
  close(listener);
}

TEST_F(Attack, CannotReadHomeOrTemporaryFilesOfTheHost) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("secret")) << "s3cret";
  EXPECT_FALSE(shell("cat " + folder.file("secret")).passed);
  EXPECT_EQ(shell("ls -A /root /home 2>/dev/null | grep -v : | wc -l").output, "0\n");
  EXPECT_FALSE(shell("cat /etc/passwd || cat /etc/shadow").passed);
  const char* home = std::getenv("HOME");
  EXPECT_FALSE(shell(std::string("ls ") + (home == nullptr ? "/root" : home) + "/.ssh").passed);
  setenv("AUTODEV_TEST_SECRET", "s3cret", 1);
  EXPECT_EQ(shell("env").output.find("s3cret"), std::string::npos);
}

TEST_F(Attack, CannotWriteOutside) {
  for (const char* path : {"/usr/x", "/x", "/etc/x", "/dev/x", "/proc/sys/kernel/hostname", "/bin/x"})
    EXPECT_FALSE(shell(std::string("echo x > ") + path).passed) << path;
  EXPECT_TRUE(shell("echo x > here && echo y > /tmp/there").passed);
  EXPECT_FALSE(shell("ls here").passed) << "the next run must start empty";
}

TEST_F(Attack, CannotMountOrChangeUser) {
  EXPECT_FALSE(shell("mount -t tmpfs none /mnt").passed);
  EXPECT_FALSE(shell("setpriv --reuid 0 true").passed);
}

TEST_F(Attack, CannotSeeOrKillProcessesOfTheHost) {
  const auto run = shell("ls /proc | grep -c '^[0-9]'");
  EXPECT_LT(std::atoi(run.output.c_str()), 12) << run.output;
  EXPECT_FALSE(shell("kill -0 " + std::to_string(getpid())).passed);
}

TEST_F(Attack, TwoGigabytesAreRefused) {
  const std::string hold = "head -c %00000000 /dev/zero | tail -c %00000000 | wc -c";
  const auto with = [&](const std::string& hundreds) {
    std::string script = hold;
    for (auto at = script.find('%'); at != std::string::npos; at = script.find('%')) script.replace(at, 1, hundreds);
    return shell(script, within(30s)).output;
  };
  EXPECT_NE(with("2").find("200000000\n"), std::string::npos) << "the limit is too tight for honest work";
  EXPECT_EQ(with("20").find("2000000000"), std::string::npos);
}

TEST_F(Attack, FillingTheDiskIsStopped) {
  const auto work = shell("head -c 200000000 /dev/zero > big", within(30s));
  EXPECT_FALSE(work.passed);
  const auto many = shell("for i in $(seq 40); do head -c 4000000 /dev/zero > f$i || exit 1; done", within(30s));
  EXPECT_FALSE(many.passed);
  const auto shared = shell("for i in $(seq 40); do head -c 4000000 /dev/zero > /dev/shm/f$i || exit 1; done", within(30s));
  EXPECT_FALSE(shared.passed);
}

TEST_F(Attack, AnEndlessLoopEndsAtTheDeadline) {
  const auto run = shell("while :; do :; done", within(700ms));
  EXPECT_TRUE(run.timed_out);
  EXPECT_FALSE(run.passed);
  EXPECT_LT(run.duration, 5s);
}

TEST_F(Attack, IgnoringSignalsDoesNotHelp) {
  const auto name = marker(2);
  const auto run = shell("trap '' TERM INT HUP QUIT; sleep " + name + " & while :; do sleep 1; done", within(700ms));
  EXPECT_TRUE(run.timed_out);
  EXPECT_LT(run.duration, 5s);
  EXPECT_TRUE(all_gone(name));
}

TEST_F(Attack, ADaemonDoesNotSurvive) {
  const auto name = marker(3);
  const auto run = shell("setsid nohup sleep " + name + " > /dev/null 2>&1 < /dev/null & sleep 0.2; exit 0");
  EXPECT_TRUE(run.passed) << run.output;
  EXPECT_TRUE(all_gone(name));
}

TEST_F(Attack, AFloodOfOutputIsBoundedAndItsEndIsKept) {
  const auto run = shell("head -c 1000000000 /dev/zero | tr '\\0' a; echo; echo the end", within(30s));
  EXPECT_LE(run.output.size(), 16u << 10);
  EXPECT_TRUE(run.passed);
  EXPECT_NE(run.output.find("the end"), std::string::npos);
}

TEST_F(Attack, KillingUsLeavesNothingBehind) {
  const auto name = marker(4);
  const pid_t child = fork();
  if (child == 0) {
    (void)sandbox_->run({"bash", "-c", "setsid sleep " + name + " & sleep " + name}, {}, within(60s));
    _exit(0);
  }
  bool started = false;
  for (int i = 0; i < 100 && !started; ++i) {
    std::this_thread::sleep_for(50ms);
    started = alive_with("sleep\0"s + name) >= 2;
  }
  EXPECT_TRUE(started);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(all_gone(name));
}

TEST_F(Attack, CannotTypeIntoTheTerminal) {
  EXPECT_FALSE(shell("exec 3<>/dev/tty").passed) << "the controlling terminal is reachable";
}

class Programs : public Attack {
 protected:
  /// Runs `source`, or skips when this machine lacks the language.
  SandboxRun program(Language language, const std::string& source) {
    auto run = sandbox_->run_program(language, source, 10);
    if (!run) {
      EXPECT_EQ(run.error().code, ErrorCode::unavailable);
      missing_ = run.error().message;
      return {};
    }
    return std::move(run).value();
  }
  std::string missing_;
};

struct Sample {
  Language language;
  const char* right;
  const char* wrong;
};

TEST_F(Programs, RunInEveryLanguageThatIsInstalled) {
  const Sample samples[] = {
      {Language::python, "assert 1 + 1 == 2\n", "assert 1 + 1 == 3\n"},
      {Language::cpp, "#include <vector>\nint main() { return std::vector<int>{1}.size() == 1 ? 0 : 1; }\n",
       "int main() { return 3; }\n"},
      {Language::c, "#include <math.h>\nint main(void) { return sqrt(4.0) == 2.0 ? 0 : 1; }\n",
       "#include <stdlib.h>\nint main(void) { abort(); }\n"},
      {Language::javascript, "if ([1, 2].length !== 2) process.exit(1);\n", "throw new Error('no');\n"},
      {Language::rust, "fn main() { assert_eq!(1 + 1, 2); }\n", "fn main() { assert_eq!(1 + 1, 3); }\n"},
      {Language::java, "public class Main { public static void main(String[] a) { if (1 + 1 != 2) System.exit(1); } }\n",
       "public class Main { public static void main(String[] a) { System.exit(4); } }\n"},
      {Language::bash, "[ 2 = 2 ]\n", "[ 2 = 3 ]\n"},
  };
  for (const auto& sample : samples) {
    missing_.clear();
    const auto right = program(sample.language, sample.right);
    if (!missing_.empty()) {
      std::cout << "not tested: " << missing_ << "\n";
      continue;
    }
    EXPECT_TRUE(right.passed) << to_string(sample.language) << ": " << right.output;
    const auto wrong = program(sample.language, sample.wrong);
    EXPECT_FALSE(wrong.passed) << to_string(sample.language);
    EXPECT_FALSE(wrong.compile_failed);
  }
}

TEST_F(Programs, GoIsRunWhereItIsInstalled) {
  const auto run = program(Language::go, "package main\n\nimport \"os\"\n\nfunc main() { os.Exit(0) }\n");
  if (!missing_.empty()) GTEST_SKIP() << missing_;
  EXPECT_TRUE(run.passed) << run.output;
}

TEST_F(Programs, ACompileErrorIsToldApartFromAFailure) {
  const auto run = program(Language::cpp, "int main( { }\n");
  if (!missing_.empty()) GTEST_SKIP() << missing_;
  EXPECT_TRUE(run.compile_failed);
  EXPECT_FALSE(run.passed);
  EXPECT_NE(run.output.find("error"), std::string::npos);
}

TEST_F(Programs, ARepeatedProgramIsAnsweredFromMemory) {
  const std::string source = "assert True\n";
  (void)program(Language::python, source);
  if (!missing_.empty()) GTEST_SKIP() << missing_;
  const auto before = sandbox_->statistics();
  EXPECT_TRUE(program(Language::python, source).passed);
  EXPECT_EQ(sandbox_->statistics().runs, before.runs);
  EXPECT_EQ(sandbox_->statistics().cached, before.cached + 1);
  (void)program(Language::python, source + "\n");
  EXPECT_EQ(sandbox_->statistics().runs, before.runs + 1);
}

TEST_F(Programs, AnUnknownLanguageIsUnavailable) {
  (void)program(Language::csharp, "class A {}");
  EXPECT_NE(missing_.find("csharp"), std::string::npos);
}

TEST_F(Attack, AnOrdinaryUserIsConfinedAsWell) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else; the suite itself already ran as an ordinary user";
  std::string self = std::filesystem::read_symlink("/proc/self/exe");
  const TemporaryFolder folder;  // a copy, because the build folder may be closed to others
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::filesystem::copy_file(self, folder.file("test_apply"));
  base::ProcessOptions options;
  options.arguments = {"setpriv",     "--reuid",       "65534",          "--regid", "65534", "--clear-groups", "env",
                       "HOME=/tmp",   folder.file("test_apply"), "--gtest_filter=Attack.*"};
  options.timeout = 300s;
  options.directory = "/tmp";
  const auto run = value_of(base::real_env().run(options));
  EXPECT_EQ(run.exit_code, 0) << run.output << run.error;
  std::cout << run.output.substr(run.output.size() > 600 ? run.output.size() - 600 : 0);
}

TEST(Sandbox, WithoutBubblewrapIsRefusedWithAHint) {
  class NoPath final : public base::Env {
   public:
    std::optional<std::string> variable(const std::string& name) override {
      if (name == "PATH") return "/nowhere";
      return base::real_env().variable(name);
    }
    Timestamp now() override { return base::real_env().now(); }
    std::chrono::nanoseconds monotonic() override { return base::real_env().monotonic(); }
    std::uint64_t random_u64() override { return 1; }
    Result<std::string> read_file(const std::string& p, std::uint64_t m) override {
      return base::real_env().read_file(p, m);
    }
    Result<void> write_file_atomically(const std::string&, std::string_view, bool) override { return {}; }
    Result<std::unique_ptr<base::AppendFile>> open_append(const std::string& p) override {
      return base::real_env().open_append(p);
    }
    Result<std::unique_ptr<base::MappedFile>> map_file(const std::string& p) override {
      return base::real_env().map_file(p);
    }
    Result<std::unique_ptr<base::FileLock>> lock_file(const std::string& p, std::chrono::milliseconds t) override {
      return base::real_env().lock_file(p, t);
    }
    Result<std::optional<base::FileStatus>> status(const std::string& p) override { return base::real_env().status(p); }
    Result<std::string> read_link(const std::string& p) override { return base::real_env().read_link(p); }
    Result<void> share_file(const std::string&) override { return {}; }
    Result<std::vector<base::DirectoryEntry>> list(const std::string& p) override { return base::real_env().list(p); }
    Result<void> create_directories(const std::string&) override { return {}; }
    Result<void> remove_file(const std::string&) override { return {}; }
    Result<void> remove_tree(const std::string&) override { return {}; }
    Result<void> rename(const std::string&, const std::string&) override { return {}; }
    Result<void> sync_directory(const std::string&) override { return {}; }
    std::string current_directory() override { return "/"; }
    Result<base::ProcessResult> run(const base::ProcessOptions& o) override { return base::real_env().run(o); }
    Result<std::unique_ptr<base::ChildProcess>> start(const base::ProcessOptions& o) override {
      return base::real_env().start(o);
    }
  } env;
  const auto opened = Sandbox::open(env, {});
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_NE(opened.error().hint.find("bubblewrap"), std::string::npos);
}

TEST(Sandbox, UnsafeModeKeepsTheLimitsAndCleansUp) {
  Sandbox::Options options;
  options.unsafe = true;
  const auto sandbox = value_of(Sandbox::open(base::real_env(), options));
  SandboxLimits limits;
  limits.wall = 700ms;
  EXPECT_TRUE(value_of(sandbox->run({"sh", "-c", "while :; do :; done"}, {}, limits)).timed_out);
  limits.wall = 20s;
  const auto run = value_of(sandbox->run({"sh", "-c", "cat f; pwd"}, {{"f", "text\n"}}, limits));
  ASSERT_TRUE(run.passed) << run.output;
  EXPECT_EQ(run.output.substr(0, 5), "text\n");
  EXPECT_FALSE(std::filesystem::exists(run.output.substr(5, run.output.size() - 6)));
  EXPECT_FALSE(value_of(sandbox->run({"sh", "-c", "head -c 200000000 /dev/zero > big"}, {}, limits)).passed);
}

TEST(Toolchain, NeverShowsAHomeFolder) {
  EXPECT_TRUE(may_show_folder("/root/.pyenv/versions/3.11.7", "/root"));
  EXPECT_TRUE(may_show_folder("/usr/local/go", "/home/ann"));
  EXPECT_TRUE(may_show_folder("/opt/node-20", "/home/ann"));
  for (const char* folder : {"/", "", "/root", "/home", "/home/ann", "/etc", "/home/ann/.local", "relative", "/a/../b",
                             "/home/ann/", "/opt"})
    EXPECT_FALSE(may_show_folder(folder, "/home/ann")) << folder;
  EXPECT_FALSE(may_show_folder("/data/people", "/data/people/ann"));
}

}  // namespace
}  // namespace autodev::apply
