// SPDX-License-Identifier: MIT OR Apache-2.0
//
// System errors: errno values as Errors that say what the caller can do. Also the two primitives that every
// system call of ours needs: an owned descriptor, and repetition after an interrupting signal.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "autodev/error.h"

namespace autodev::base {

/// The failure of `action` ("read", "create the folder") on `path` with `number` = errno.
[[nodiscard]] Error system_error(int number, std::string_view action, std::string_view path);

[[nodiscard]] inline tl::unexpected<Error> system_failure(std::string_view action, std::string_view path) {
  return tl::make_unexpected(system_error(errno, action, path));
}

/// The same where something was to be made: a missing folder is then `cannot_create`, not `no_input`.
[[nodiscard]] tl::unexpected<Error> creation_failure(std::string_view action, std::string_view path);

/// Repeats `call` while it fails with EINTR.
template <typename Call>
auto uninterrupted(Call call) {
  while (true) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~Descriptor() { reset(); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
  void reset() noexcept {
    if (fd_ >= 0) ::close(fd_);  // never repeated: on Linux the descriptor is gone even after EINTR
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

}  // namespace autodev::base
