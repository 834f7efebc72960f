// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One line on stderr that is drawn over itself. It costs one look at the clock per update.
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/terminal.h"
#include "base/text.h"

namespace autodev::base {
namespace {

using namespace std::chrono_literals;

/// At most ten redraws a second: faster is flicker to the eye and work for a remote terminal.
constexpr std::chrono::nanoseconds redraw_interval = 100ms;
/// The rate of less than this is chance.
constexpr std::chrono::nanoseconds shortest_measurement = 500ms;
constexpr std::size_t usual_width = 80;

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual_width;
}

void write_to_terminal(std::string_view bytes) {
  // A terminal that takes nothing is no reason to stop working.
  static_cast<void>(!::write(STDERR_FILENO, bytes.data(), bytes.size()));
}

}  // namespace

std::string progress_line(std::string_view label, std::uint64_t done, std::uint64_t total, std::string_view note,
                          std::chrono::nanoseconds elapsed) {
  std::string line = fmt::format("{}  {}", label, with_thousands(done));
  if (total > 0) line += fmt::format("/{}", with_thousands(total));
  if (!note.empty()) line += fmt::format(" {}", fold_whitespace(repair_utf8(strip_controls(note))));
  const double seconds = std::chrono::duration<double>(elapsed).count();
  if (elapsed < shortest_measurement || done == 0) return line;
  const double rate = static_cast<double>(done) / seconds;
  line += rate < 10 ? fmt::format("  {:.1f}/s", rate)
                    : fmt::format("  {}/s", with_thousands(static_cast<std::uint64_t>(rate + 0.5)));
  if (total > done) {
    const double left = static_cast<double>(total - done) / rate;
    constexpr double longest = 1e9;  // 31 years, far from the end of the nanosecond range
    const auto whole = std::chrono::seconds(static_cast<std::int64_t>(left < longest ? left + 0.5 : longest));
    line += fmt::format("  {} left", whole < 60s ? fmt::format("{} s", whole.count()) : format_duration(whole));
  }
  return line;
}

Progress::Progress(Env& env, std::string label, std::uint64_t total, bool enabled)
    : env_(env),
      label_(std::move(label)),
      total_(total),
      enabled_(enabled && ::isatty(STDERR_FILENO) == 1 && env.variable("TERM").value_or("") != "dumb") {
  if (enabled_) start_ = last_draw_ = env_.monotonic();
}

Progress::~Progress() {
  finish();
}

void Progress::update(std::uint64_t done, std::string_view note) {
  if (!enabled_) return;
  const std::chrono::nanoseconds now = env_.monotonic();
  if (now - last_draw_ < redraw_interval) return;
  last_draw_ = now;
  drawn_ = true;
  const std::string line = progress_line(label_, done, total_, note, now - start_);
  write_to_terminal(fmt::format("\r\x1b[K{}", clip_utf8(line, terminal_width() - 1)));
}

void Progress::finish() {
  if (!drawn_) return;
  drawn_ = false;
  write_to_terminal("\r\x1b[K");
}

}  // namespace autodev::base
