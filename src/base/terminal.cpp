// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Colour, sparklines and the wish to stop. Conventions: no-color.org, bixense.com/clicolors.
#include "base/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>

namespace autodev::base {
namespace {

// A signal handler can reach nothing but a variable of the whole process.
volatile std::sig_atomic_t interrupt_seen = 0;

void note_interrupt(int) {
  interrupt_seen = 1;
}

std::string_view code_of(Style style) noexcept {
  switch (style) {
    case Style::plain:
      return "";
    case Style::bold:
      return "1";
    case Style::dim:
      return "2";
    case Style::red:
      return "31";
    case Style::green:
      return "32";
    case Style::yellow:
      return "33";
    case Style::blue:
      return "34";
    case Style::cyan:
      return "36";
  }
  return "";
}

}  // namespace

bool wants_color(Env& env, ColorMode mode, int fd) {
  if (mode != ColorMode::automatic) return mode == ColorMode::always;
  if (!env.variable("NO_COLOR").value_or("").empty()) return false;
  const std::string force = env.variable("CLICOLOR_FORCE").value_or("");
  if (!force.empty() && force != "0") return true;
  const std::string terminal = env.variable("TERM").value_or("");
  return !terminal.empty() && terminal != "dumb" && ::isatty(fd) == 1;
}

std::string styled(std::string_view text, Style style, bool enabled) {
  const std::string_view code = code_of(style);
  if (!enabled || code.empty()) return std::string(text);
  std::string result = "\x1b[";
  result.append(code).append("m").append(text).append("\x1b[0m");
  return result;
}

std::string sparkline(const double* values, std::size_t count) {
  constexpr std::array<std::string_view, 8> blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string line;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::isnan(values[i])) {
      line += ' ';
      continue;
    }
    const double scaled = std::clamp(values[i], 0.0, 1.0) * static_cast<double>(blocks.size());
    line += blocks[std::min(static_cast<std::size_t>(scaled), blocks.size() - 1)];
  }
  return line;
}

bool interrupted() noexcept {
  return interrupt_seen != 0;
}

void install_interrupt_handler() {
  struct sigaction action {};
  action.sa_handler = note_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second signal acts in the standard way
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
}

}  // namespace autodev::base
