// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See processor_time.h.
#include "base/processor_time.h"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <fstream>

namespace autodev::base {
namespace {

std::chrono::nanoseconds of(const timeval& time) noexcept {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

std::chrono::nanoseconds used_by(int who) noexcept {
  rusage usage{};
  ::getrusage(who, &usage);
  return of(usage.ru_utime) + of(usage.ru_stime);
}

}  // namespace

std::chrono::nanoseconds thread_processor_time() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::chrono::nanoseconds process_processor_time() noexcept {
  return used_by(RUSAGE_SELF) + used_by(RUSAGE_CHILDREN);
}

std::uint64_t resident_bytes() {
  std::ifstream pages("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  if (!(pages >> size >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace autodev::base
