// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The copier is made by fork from a process that may have threads, so between fork and its end it makes system calls
// only. It holds nothing of ours but the two descriptors: open files would keep locks. Signals do not end it; the end
// of the stream does.
#include "base/pass_through.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace autodev::base::real {
namespace {

[[noreturn]] void copy_until_end(int pipe, int fd) noexcept {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::signal(number, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);
  if (::dup2(pipe, 0) < 0 || ::dup2(fd, 1) < 0) ::_exit(1);
  static_cast<void>(::close_range(2, ~0U, 0));
  static_cast<void>(::fcntl(0, F_SETFL, 0));  // blocking again
  std::array<char, 16 * 1024> buffer;
  while (true) {
    const ssize_t got = ::read(0, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || !write_through(1, {buffer.data(), static_cast<std::size_t>(got)})) ::_exit(0);
  }
}

}  // namespace

bool is_terminal_or_closed(int fd) noexcept {
  struct stat info {};
  return ::fstat(fd, &info) != 0 || ::isatty(fd) == 1;
}

bool same_file(int a, int b) noexcept {
  struct stat first {
  }, second{};
  return ::fstat(a, &first) == 0 && ::fstat(b, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

bool write_through(int fd, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd ready{fd, POLLOUT, 0};
      static_cast<void>(::poll(&ready, 1, -1));
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

void leave_copier(int pipe, int fd) noexcept {
  const pid_t pid = ::fork();
  if (pid == 0) copy_until_end(pipe, fd);
}

}  // namespace autodev::base::real
