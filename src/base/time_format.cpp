// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Timestamps as RFC 3339 text and back. Years 0000 to 9999: four digits are all the format has; times
// outside are clamped when written.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace autodev::base {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;

constexpr Timestamp earliest = sys_days(std::chrono::year(0) / 1 / 1);
constexpr Timestamp latest = sys_days(std::chrono::year(9999) / 12 / 31) + days(1) - 1ms;

/// Reads the parts of a timestamp from left to right; after a failure everything fails.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// Exactly `width` digits with a value of at most `maximum`.
  int digits(std::size_t width, int maximum) noexcept {
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (!next_is_digit()) return fail();
      value = value * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    return value <= maximum ? value : fail();
  }
  /// One of `allowed`; 0 when it is something else.
  char one_of(std::string_view allowed) noexcept {
    if (text_.empty() || allowed.find(text_.front()) == std::string_view::npos) return static_cast<char>(fail());
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }
  /// ".123456" as milliseconds, further digits dropped; 0 when there is no fraction.
  int fraction() noexcept {
    if (text_.empty() || text_.front() != '.') return 0;
    text_.remove_prefix(1);
    if (!next_is_digit()) return fail();
    int value = 0;
    for (int weight = 100; next_is_digit(); weight /= 10) {
      value += (text_.front() - '0') * weight;
      text_.remove_prefix(1);
    }
    return value;
  }
  [[nodiscard]] bool complete() const noexcept { return ok_ && text_.empty(); }

 private:
  [[nodiscard]] bool next_is_digit() const noexcept {
    return !text_.empty() && text_.front() >= '0' && text_.front() <= '9';
  }
  int fail() noexcept {
    ok_ = false;
    text_ = {};
    return 0;
  }

  std::string_view text_;
  bool ok_ = true;
};

}  // namespace

std::string format_timestamp(Timestamp time) {
  time = std::clamp(time, earliest, latest);
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept {
  Scanner in(text);
  const std::chrono::year year(in.digits(4, 9999));
  in.one_of("-");
  const std::chrono::month month(static_cast<unsigned>(in.digits(2, 12)));
  in.one_of("-");
  const std::chrono::day day(static_cast<unsigned>(in.digits(2, 31)));
  in.one_of("Tt ");
  const std::chrono::hours hours(in.digits(2, 23));
  in.one_of(":");
  const std::chrono::minutes minutes(in.digits(2, 59));
  in.one_of(":");
  const std::chrono::seconds seconds(in.digits(2, 60));  // 60: a leap second is the next second
  const std::chrono::milliseconds milliseconds(in.fraction());
  std::chrono::minutes offset{};
  if (const char zone = in.one_of("Zz+-"); zone == '+' || zone == '-') {
    offset = std::chrono::hours(in.digits(2, 23));
    in.one_of(":");
    offset += std::chrono::minutes(in.digits(2, 59));
    if (zone == '-') offset = -offset;
  }
  const std::chrono::year_month_day date(year, month, day);
  if (!in.complete() || !date.ok()) return std::nullopt;
  return Timestamp(sys_days(date)) + hours + minutes + seconds + milliseconds - offset;
}

}  // namespace autodev::base
