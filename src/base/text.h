// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Text: UTF-8 repair, trimming, folding, and the number formats people read.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/event.h"

namespace autodev::base {

[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;
/// Replaces every invalid byte by U+FFFD.
[[nodiscard]] std::string repair_utf8(std::string_view text);
/// A NUL byte within the first 8,000 bytes: git's rule for "binary".
[[nodiscard]] bool looks_binary(std::string_view bytes) noexcept;
/// Cuts at a character boundary so that at most `max_bytes` remain.
[[nodiscard]] std::string_view clip_utf8(std::string_view text, std::size_t max_bytes) noexcept;
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
/// Runs of white space become one space; ends trimmed.
[[nodiscard]] std::string fold_whitespace(std::string_view text);
/// Code cut out of the middle of a line: its first line lost its indentation, the others move back to it. Where the last line closes
/// what the first opened ("}", "end"), it tells how far; where the first line
/// opens a body, that is taken to be four blanks or one tab deeper; else the lines are statements beside the first one.
[[nodiscard]] std::string moved_to_margin(std::string_view code);
[[nodiscard]] std::string to_lower_ascii(std::string_view text);
/// One part more than there are separators: an empty text is one empty part.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// Lines without their "\n" or "\r\n"; a final newline starts no further line.
[[nodiscard]] std::vector<std::string_view> split_lines(std::string_view text);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// Removes ANSI escape sequences and other control characters except tab and newline.
[[nodiscard]] std::string strip_controls(std::string_view text);

/// "1,234,567".
[[nodiscard]] std::string with_thousands(std::uint64_t value);
/// "12.3 MB", decimal units.
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);
/// "850 ms", "1.2 s", "3 min 10 s".
[[nodiscard]] std::string format_duration(std::chrono::nanoseconds duration);
/// RFC 3339 in UTC with milliseconds: "2026-11-22T15:30:00.000Z".
[[nodiscard]] std::string format_timestamp(Timestamp time);
/// Accepts RFC 3339 with 'Z' or an offset, with or without a fraction.
[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept;

/// One path is the other one or its end, at a folder's boundary: "src/a.c" and "a.c". An empty one agrees with none.
[[nodiscard]] bool paths_agree(std::string_view a, std::string_view b) noexcept;

/// Words of an identifier: "parseHTTPHeader_v2" -> parse, HTTP, Header, v2. Views into `identifier`.
[[nodiscard]] std::vector<std::string_view> split_identifier(std::string_view identifier);

}  // namespace autodev::base
