// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Terminal: colour and progress, only where a person is looking.
//
// Colour follows NO_COLOR, CLICOLOR_FORCE, TERM=dumb and --color. Progress goes to stderr, only when that
// is a terminal, is redrawn at most 10 times a second, and shows rate and time left.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/env.h"

namespace autodev::base {

enum class ColorMode : std::uint8_t { automatic, always, never };

/// Whether text written to file descriptor `fd` should be coloured.
[[nodiscard]] bool wants_color(Env& env, ColorMode mode, int fd);

enum class Style : std::uint8_t { plain, bold, dim, red, green, yellow, blue, cyan };

/// Wraps `text` in the escape sequence of `style` when `enabled`.
[[nodiscard]] std::string styled(std::string_view text, Style style, bool enabled);

/// Unicode block sparkline of values in [0, 1]; NaN is a space.
[[nodiscard]] std::string sparkline(const double* values, std::size_t count);

/// The text of a progress line after `elapsed`: "learning  1,234/5,000 commits  812/s  4 s left". Without a
/// total (0) there is no time left to tell.
[[nodiscard]] std::string progress_line(std::string_view label, std::uint64_t done, std::uint64_t total,
                                        std::string_view note, std::chrono::nanoseconds elapsed);

/// One progress line on stderr. Silent when stderr is no terminal or `enabled` is false.
class Progress {
 public:
  Progress(Env& env, std::string label, std::uint64_t total, bool enabled = true);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// `done` of `total` so far; `note` is shown behind the numbers.
  void update(std::uint64_t done, std::string_view note = {});
  /// Removes the line.
  void finish();

 private:
  Env& env_;
  std::string label_;
  std::uint64_t total_;
  bool enabled_;
  bool drawn_ = false;
  std::chrono::nanoseconds start_{};
  std::chrono::nanoseconds last_draw_{};
};

/// True once SIGINT or SIGTERM has arrived (after install_interrupt_handler): stop at the next safe point. A
/// second signal of the same kind ends the process at once.
[[nodiscard]] bool interrupted() noexcept;
void install_interrupt_handler();

}  // namespace autodev::base
