// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Tally: what every reader of reports shares: the caps, the cleaning of foreign text, and the counting of tests.
#pragma once

#include <string>
#include <string_view>

#include "evidence/evidence.h"

namespace autodev::evidence {

inline constexpr std::size_t max_report_bytes = std::size_t{64} << 20;  // of one file
inline constexpr std::size_t max_failures = 256;                        // Outcome::failures
inline constexpr std::size_t max_message_bytes = 4'096;                 // CheckFailure::message
inline constexpr std::size_t max_id_bytes = 512;
inline constexpr std::size_t max_path_bytes = 1'024;
inline constexpr std::size_t max_passed_ids = 4'096;  // TestReport::passed_ids

/// Valid UTF-8 without control characters and escape sequences, trimmed, at most `max_bytes`.
[[nodiscard]] std::string cleaned(std::string_view text, std::size_t max_bytes);
/// The whole number that `digits` is; 0 for anything else, 4,294,967,295 for more.
[[nodiscard]] std::uint32_t number_of(std::string_view digits) noexcept;
/// The digits at the start of `text`, which loses them.
[[nodiscard]] std::string_view take_digits(std::string_view& text) noexcept;
/// Removes `prefix` when `text` starts with it.
bool take_prefix(std::string_view& text, std::string_view prefix) noexcept;
/// "src/a.py:12", "src/a.py:12:5" -> file and line.
bool read_place(std::string_view text, std::string& file, std::uint32_t& line);

class TestTally {
 public:
  explicit TestTally(std::string_view tool) { report_.tool = tool; }
  void pass(std::string_view id);
  void skip() { ++report_.skipped; }
  void fail(std::string_view id, std::string_view message, std::string_view file = {}, std::uint32_t line = 0);
  [[nodiscard]] std::uint32_t failed() const noexcept { return report_.failed; }
  [[nodiscard]] std::uint32_t total() const noexcept { return report_.passed + report_.failed + report_.skipped; }
  [[nodiscard]] TestReport take() { return std::move(report_); }

 private:
  TestReport report_;
};

}  // namespace autodev::evidence
