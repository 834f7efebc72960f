// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A child to talk to. Both pipes are non-blocking; while we wait to write, whatever the child says is taken
// into the buffer, so that two sides with full pipes never wait for each other.
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "base/real_process.h"
#include "base/spawn.h"

namespace autodev::base::real {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr Clock::time_point never = Clock::time_point::max();

/// Unasked-for output kept while we write; beyond it the child has to wait. Larger than any one answer of the
/// programs we talk to (git objects are requested one at a time).
constexpr std::size_t most_buffered = 64u << 20;

/// How soon wait() notices the end of a child whose output something else keeps open.
constexpr milliseconds exit_poll_interval(20);

class RealChildProcess final : public ChildProcess {
 public:
  RealChildProcess(Spawned child, std::string name, std::optional<milliseconds> timeout)
      : child_(std::move(child)), name_(std::move(name)), timeout_(timeout) {}
  RealChildProcess(const RealChildProcess&) = delete;
  RealChildProcess& operator=(const RealChildProcess&) = delete;
  ~RealChildProcess() override {
    kill();
    wait();
  }

  Result<void> write(std::string_view bytes) override {
    const SigpipeBlocked no_sigpipe;
    const auto deadline = timeout_ ? Clock::now() + *timeout_ : never;
    while (!bytes.empty()) {
      if (!child_.streams.input) return gone();
      const ssize_t written = ::write(child_.streams.input.get(), bytes.data(), bytes.size());
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
      if (written >= 0 || errno == EINTR) continue;
      if (errno == EPIPE) return gone();
      if (errno != EAGAIN) return system_failure("write to", name_);
      if (!wait_for(POLLOUT, deadline)) return late();
    }
    return {};
  }

  Result<std::string> read_exactly(std::size_t count, milliseconds timeout) override {
    const auto deadline = Clock::now() + timeout;
    while (buffered().size() < count) AUTODEV_TRY(read_more(deadline));
    return take(count);
  }

  Result<std::string> read_line(std::size_t max_bytes, milliseconds timeout) override {
    const auto deadline = Clock::now() + timeout;
    std::size_t searched = 0;
    while (true) {
      const std::string_view text = buffered();
      const std::size_t at = text.find('\n', searched);
      if (at != std::string_view::npos && at < max_bytes) return take(at + 1);
      if (text.size() >= max_bytes)
        return fail(ErrorCode::bad_data, fmt::format("{} sent a line of more than {} bytes", name_, max_bytes));
      searched = text.size();
      AUTODEV_TRY(read_more(deadline));
    }
  }

  void close_input() override { child_.streams.input.reset(); }

  void kill() override {
    if (exit_code_) return;
    ::kill(-child_.pid, SIGKILL);
    ::kill(child_.pid, SIGKILL);  // it may have joined another group
  }

  int wait() override {
    while (!exit_code_) {
      // With its output closed a child cannot wait for us; until then we go on reading.
      if (buffered().size() >= most_buffered) close_output();
      int status = 0;
      const pid_t pid = uninterrupted([&] { return ::waitpid(child_.pid, &status, ended_ ? 0 : WNOHANG); });
      if (pid == 0)
        wait_for(0, Clock::now() + exit_poll_interval);
      else
        exit_code_ = pid > 0 ? decode_status(status).first : -1;
    }
    return *exit_code_;
  }

 private:
  [[nodiscard]] std::string_view buffered() const { return std::string_view(buffer_).substr(consumed_); }

  std::string take(std::size_t count) {
    std::string taken = buffer_.substr(consumed_, count);
    consumed_ += count;
    if (consumed_ == buffer_.size() || consumed_ > buffer_.size() / 2) {
      buffer_.erase(0, consumed_);
      consumed_ = 0;
    }
    return taken;
  }

  void close_output() {
    child_.streams.output.reset();
    ended_ = true;
  }

  [[nodiscard]] tl::unexpected<Error> gone() const {
    return fail(ErrorCode::unavailable, fmt::format("{} has ended unexpectedly", name_));
  }
  [[nodiscard]] tl::unexpected<Error> late() const {
    return fail(ErrorCode::busy, fmt::format("{} did not answer in time", name_));
  }

  /// Waits until the input takes bytes (POLLOUT in `events`) or output was read; false when time is up.
  bool wait_for(short events, Clock::time_point deadline) {
    const bool room = buffered().size() < most_buffered || events == 0;
    std::array<pollfd, 2> fds{{{events != 0 ? child_.streams.input.get() : -1, events, 0},
                               {room && !ended_ ? child_.streams.output.get() : -1, POLLIN, 0}}};
    int left = -1;
    if (deadline != never)
      left = static_cast<int>(
          std::clamp<std::int64_t>(std::chrono::ceil<milliseconds>(deadline - Clock::now()).count(), 0, 60'000));
    const int ready = ::poll(fds.data(), fds.size(), left);
    if (ready > 0 && fds[1].revents != 0) fill();
    return ready > 0 || Clock::now() < deadline;
  }

  void fill() {
    std::array<char, 64 * 1024> piece;  // the capacity of a Linux pipe
    const ssize_t got = ::read(child_.streams.output.get(), piece.data(), piece.size());
    if (got > 0) buffer_.append(piece.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) ended_ = true;
  }

  Result<void> read_more(Clock::time_point deadline) {
    if (ended_) return gone();
    if (!wait_for(0, deadline)) return late();
    return {};
  }

  Spawned child_;
  std::string name_;
  std::optional<milliseconds> timeout_;
  std::string buffer_;
  std::size_t consumed_ = 0;
  bool ended_ = false;
  std::optional<int> exit_code_;
};

}  // namespace

Result<std::unique_ptr<ChildProcess>> start_process(const ProcessOptions& options) {
  StreamKinds kinds;
  kinds.input = StreamKind::pipe;
  kinds.error = StreamKind::null;
  AUTODEV_TRY_ASSIGN(Spawned child, spawn(options, kinds));
  return std::make_unique<RealChildProcess>(std::move(child), options.arguments.front(), options.timeout);
}

}  // namespace autodev::base::real
