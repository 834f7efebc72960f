// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Signal forwarding: while a wrapped command runs, SIGINT, SIGTERM and SIGHUP sent to us go to it instead, so
// that it ends in its own way and we live on to record how it ended.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace autodev::base::real {

/// Takes the three signals over for its lifetime; the handlers found are restored by the last one to go.
class SignalForwarding {
 public:
  SignalForwarding();
  ~SignalForwarding();
  SignalForwarding(const SignalForwarding&) = delete;
  SignalForwarding& operator=(const SignalForwarding&) = delete;
  /// Names the process that gets the signals, also one that arrived since construction: its whole group when it
  /// leads one (`own_group`), else it alone, and not those from the terminal, which it gets anyway.
  void forward_to(pid_t process, bool own_group) noexcept;

 private:
  std::size_t slot_;
};

}  // namespace autodev::base::real
