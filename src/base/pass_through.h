// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Passing a wrapped command's output on: every byte, at once, to where it would have gone without us.
#pragma once

#include <string_view>

namespace autodev::base::real {

/// Terminals are left to the command: it colours and redraws for them.
[[nodiscard]] bool is_terminal_or_closed(int fd) noexcept;
/// Do both go to the same place? Then they must share one pipe, or their order would be lost.
[[nodiscard]] bool same_file(int a, int b) noexcept;
/// Writes all of it, waiting as long as the reader does; false when the reader has gone.
[[nodiscard]] bool write_through(int fd, std::string_view bytes) noexcept;
/// Leaves a process behind that copies from `pipe` to `fd` until the last writer closes the pipe.
void leave_copier(int pipe, int fd) noexcept;

}  // namespace autodev::base::real
