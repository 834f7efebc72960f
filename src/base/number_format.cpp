// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Numbers as people read them: thousands, decimal byte units (SI), durations with at most two units.
#include <fmt/format.h>

#include <array>

#include "base/text.h"

namespace autodev::base {

std::string with_thousands(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text.push_back(',');
    text.push_back(digits[i]);
  }
  return text;
}

std::string format_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  constexpr std::array units{"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1000.0;
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < units.size()) {  // 999.95 would be printed as 1000.0
    value /= 1000.0;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, units[unit]);
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const std::int64_t count = duration.count();
  const std::uint64_t ns = count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  const char* sign = count < 0 ? "-" : "";
  if (ns < 1'000) return fmt::format("{}{} ns", sign, ns);
  if (ns < 1'000'000) return fmt::format("{}{} µs", sign, ns / 1'000);
  if (ns < 1'000'000'000) return fmt::format("{}{} ms", sign, ns / 1'000'000);
  const std::uint64_t tenths = ns / 100'000'000;
  if (tenths < 600) return fmt::format("{}{}.{} s", sign, tenths / 10, tenths % 10);
  const std::uint64_t s = tenths / 10;
  if (s < 3'600) return fmt::format("{}{} min {} s", sign, s / 60, s % 60);
  if (s < 86'400) return fmt::format("{}{} h {} min", sign, s / 3'600, s / 60 % 60);
  return fmt::format("{}{} d {} h", sign, s / 86'400, s / 3'600 % 24);
}

}  // namespace autodev::base
