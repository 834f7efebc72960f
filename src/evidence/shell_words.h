// SPDX-License-Identifier: MIT OR Apache-2.0
//
// ShellWords: a shell command cut into words and operators, as far as judging its exit code needs it.
//
// Quotes are removed, redirections and here-documents dropped, comments skipped. Nothing is expanded:
// substitutions stay in the word as they are. Unbalanced input gives the words up to its end; the text is foreign
// and need not be valid shell. Grammar: POSIX.1-2017, Shell Command Language, 2.3 Token Recognition.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autodev::evidence {

struct ShellToken {
  bool is_operator = false;
  std::string text;  ///< a word, or one of  | || && ; & ( )

  bool operator==(const ShellToken&) const = default;
};

/// Newlines count as ';' and "|&" as '|'. At most 64 KiB of `command` are looked at.
[[nodiscard]] std::vector<ShellToken> split_shell(std::string_view command);

}  // namespace autodev::evidence
