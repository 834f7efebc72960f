// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Running a program to its end: one poll loop over stdin, stdout, stderr and the end of the process.
//
// A grandchild may keep our pipes open after the program itself has ended. Therefore the end of the process
// (a pidfd) is watched too; afterwards output is read only for a short grace. A run with captured output
// owns its process group: what is left of it is killed, so nothing outlives a run unnoticed.
#include "base/real_process.h"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "base/kept_output.h"
#include "base/pass_through.h"
#include "base/signal_forwarding.h"
#include "base/spawn.h"

namespace autodev::base::real {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// How long output may still trickle in after the program ended while something holds its pipes: a shell's
/// last pipeline members need a few milliseconds; a daemon would take for ever.
constexpr milliseconds grace_after_exit(200);
/// How often the end of the process is looked for where the kernel has no pidfd (before Linux 5.3).
constexpr milliseconds exit_poll_interval(20);

class ProcessRun {
 public:
  /// `start`: before the child was made, so that a duration is never too short.
  ProcessRun(const ProcessOptions& options, Spawned child, Clock::time_point start)
      : options_(options), child_(std::move(child)), input_(options.input), start_(start) {
    pidfd_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, child_.pid, 0)));
  }

  ProcessResult finish() {
    const SigpipeBlocked no_sigpipe;
    while (!done()) {
      if (!exited_ && deadline_ && Clock::now() >= *deadline_) time_out();
      poll_once();
      if (!exited_) look_for_exit();
    }
    if (!options_.inherit_output && !options_.inherit_input) ::kill(-child_.pid, SIGKILL);
    // A daemon that the command left behind goes on writing where the command wrote.
    if (options_.keep_copy) {
      if (child_.streams.output) leave_copier(child_.streams.output.get(), 1);
      if (child_.streams.error) leave_copier(child_.streams.error.get(), 2);
      result_.output = kept_.take();
    }
    int status = 0;
    uninterrupted([&] { return ::waitpid(child_.pid, &status, 0); });
    std::tie(result_.exit_code, result_.signal) = decode_status(status);
    result_.duration = ended_ - start_;
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool done() const {
    if (!exited_) return false;
    return (!child_.streams.output && !child_.streams.error) || Clock::now() >= ended_ + grace_after_exit;
  }

  void time_out() {
    deadline_.reset();
    look_for_exit();
    if (exited_) return;  // it ended in time, we are late
    result_.timed_out = true;
    if (!options_.inherit_input) ::kill(-child_.pid, SIGKILL);
    ::kill(child_.pid, SIGKILL);  // it may have joined another group
  }

  /// Looks without reaping: until waitpid the number of the process and its group stay ours.
  void look_for_exit() {
    siginfo_t info{};
    const int found = uninterrupted(
        [&] { return ::waitid(P_PID, static_cast<id_t>(child_.pid), &info, WEXITED | WNOHANG | WNOWAIT); });
    if (found != 0 || info.si_pid == 0) return;
    exited_ = true;
    ended_ = Clock::now();
    child_.streams.input.reset();
  }

  [[nodiscard]] int wait_milliseconds() const {
    Clock::time_point until = Clock::time_point::max();
    if (deadline_) until = *deadline_;
    if (exited_) until = std::min(until, ended_ + grace_after_exit);
    if (!exited_ && !pidfd_) until = std::min(until, Clock::now() + exit_poll_interval);
    if (until == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
  }

  void poll_once() {
    std::array<pollfd, 4> fds{{{child_.streams.input.get(), POLLOUT, 0},
                               {child_.streams.output.get(), POLLIN, 0},
                               {child_.streams.error.get(), POLLIN, 0},
                               {exited_ ? -1 : pidfd_.get(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), wait_milliseconds()) <= 0) return;  // time or a signal: look again
    if (fds[0].revents != 0) feed();
    if (fds[1].revents != 0) drain(child_.streams.output, 1, result_.output);
    if (fds[2].revents != 0) drain(child_.streams.error, 2, result_.error);
  }

  void feed() {
    const ssize_t written = ::write(child_.streams.input.get(), input_.data(), input_.size());
    if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (written > 0) input_.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 || input_.empty()) child_.streams.input.reset();
  }

  void drain(Descriptor& stream, int number, std::string& into) {
    const ssize_t got = ::read(stream.get(), buffer_.data(), buffer_.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return stream.reset();
    const std::string_view piece(buffer_.data(), static_cast<std::size_t>(got));
    if (options_.keep_copy) {
      kept_.append(piece);
      if (!write_through(number, piece)) stream.reset();  // our reader has gone: the command learns of it
      return;
    }
    const std::size_t room = options_.max_output_bytes - std::min(into.size(), options_.max_output_bytes);
    into.append(piece.substr(0, room));
    if (piece.size() > room) result_.output_truncated = true;
    if (options_.on_output) options_.on_output(number, piece);
  }

  const ProcessOptions& options_;
  Spawned child_;
  std::string_view input_;
  Descriptor pidfd_;
  Clock::time_point start_;
  Clock::time_point ended_ = start_;
  std::optional<Clock::time_point> deadline_ =
      options_.timeout ? std::optional(start_ + *options_.timeout) : std::nullopt;
  bool exited_ = false;
  ProcessResult result_;
  KeptOutput kept_;
  std::array<char, 64 * 1024> buffer_{};  // the capacity of a Linux pipe
};

}  // namespace

Result<ProcessResult> run_process(const ProcessOptions& options) {
  StreamKinds kinds;
  kinds.input = options.input.empty() ? StreamKind::null : StreamKind::pipe;
  if (options.inherit_input) kinds.input = StreamKind::inherit;
  if (options.inherit_output) kinds.output = kinds.error = StreamKind::inherit;
  if (options.inherit_output && options.keep_copy) {
    if (!is_terminal_or_closed(1)) kinds.output = StreamKind::pipe;
    if (!is_terminal_or_closed(2)) kinds.error = StreamKind::pipe;
    if (kinds.output == StreamKind::pipe && kinds.error == StreamKind::pipe && same_file(1, 2)) kinds.error = StreamKind::same_as_output;
  }
  std::optional<SignalForwarding> forwarding;
  if (options.forward_signals) forwarding.emplace();
  const Clock::time_point start = Clock::now();
  AUTODEV_TRY_ASSIGN(Spawned child, spawn(options, kinds));
  if (forwarding) forwarding->forward_to(child.pid, !options.inherit_input);
  return ProcessRun(options, std::move(child), start).finish();
}

}  // namespace autodev::base::real
