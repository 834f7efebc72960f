// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Handlers are a property of the whole process, so this is one of the few places with state of the whole
// process: a small table of groups that the handler can read without locks.
#include "base/signal_forwarding.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>

namespace autodev::base::real {
namespace {

constexpr std::array forwarded{SIGINT, SIGTERM, SIGHUP};
/// Wrapped commands that run at once; one is usual. More of them share nothing but are not forwarded to.
constexpr std::size_t slots = 16;
constexpr pid_t free_slot = 0;
constexpr pid_t not_started = -1;

static_assert(std::atomic<pid_t>::is_always_lock_free);
std::array<std::atomic<pid_t>, slots> groups{};
std::atomic<int> early_signal{0};  // arrived before its command was started

struct Installed {
  std::mutex mutex;
  int users = 0;
  std::array<struct sigaction, forwarded.size()> before{};
};

Installed& installed() {
  static Installed state;
  return state;
}

void forward(int number) {
  const int saved = errno;
  for (const auto& slot : groups) {
    const pid_t group = slot.load();
    if (group > 0) ::kill(-group, number);
    if (group == not_started) early_signal.store(number);
  }
  errno = saved;
}

}  // namespace

SignalForwarding::SignalForwarding() : slot_(slots) {
  Installed& state = installed();
  const std::lock_guard lock(state.mutex);
  for (slot_ = 0; slot_ < slots; ++slot_) {
    pid_t expected = free_slot;
    if (groups[slot_].compare_exchange_strong(expected, not_started)) break;
  }
  if (state.users++ > 0) return;
  early_signal.store(0);
  struct sigaction action {};
  action.sa_handler = forward;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < forwarded.size(); ++i) ::sigaction(forwarded[i], &action, &state.before[i]);
}

void SignalForwarding::forward_to(pid_t group) noexcept {
  if (slot_ == slots) return;
  groups[slot_].store(group);
  if (const int number = early_signal.exchange(0); number != 0) ::kill(-group, number);
}

SignalForwarding::~SignalForwarding() {
  Installed& state = installed();
  const std::lock_guard lock(state.mutex);
  if (slot_ < slots) groups[slot_].store(free_slot);
  if (--state.users > 0) return;
  for (std::size_t i = 0; i < forwarded.size(); ++i) ::sigaction(forwarded[i], &state.before[i], nullptr);
}

}  // namespace autodev::base::real
