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
/// Per slot: a process group's number, or the negative number of a single process.
std::array<std::atomic<pid_t>, slots> targets{};
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

void send(pid_t target, int number, bool from_terminal) noexcept {
  const bool has_it_already = target < 0 && from_terminal;
  if (!has_it_already) ::kill(-target, number);
}

void forward(int number, siginfo_t* info, void*) {
  const int saved = errno;
  const bool from_terminal = info != nullptr && info->si_code == SI_KERNEL;
  for (const auto& slot : targets) {
    const pid_t target = slot.load();
    if (target == not_started)
      early_signal.store(number);
    else if (target != free_slot)
      send(target, number, from_terminal);
  }
  errno = saved;
}

}  // namespace

SignalForwarding::SignalForwarding() : slot_(slots) {
  Installed& state = installed();
  const std::lock_guard lock(state.mutex);
  for (slot_ = 0; slot_ < slots; ++slot_) {
    pid_t expected = free_slot;
    if (targets[slot_].compare_exchange_strong(expected, not_started)) break;
  }
  if (state.users++ > 0) return;
  early_signal.store(0);
  struct sigaction action {};
  action.sa_sigaction = forward;
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < forwarded.size(); ++i) ::sigaction(forwarded[i], &action, &state.before[i]);
}

void SignalForwarding::forward_to(pid_t process, bool own_group) noexcept {
  if (slot_ == slots) return;
  const pid_t target = own_group ? process : -process;
  targets[slot_].store(target);
  if (const int number = early_signal.exchange(0); number != 0) send(target, number, false);
}

SignalForwarding::~SignalForwarding() {
  Installed& state = installed();
  const std::lock_guard lock(state.mutex);
  if (slot_ < slots) targets[slot_].store(free_slot);
  if (--state.users > 0) return;
  for (std::size_t i = 0; i < forwarded.size(); ++i) ::sigaction(forwarded[i], &state.before[i], nullptr);
}

}  // namespace autodev::base::real
