// SPDX-License-Identifier: MIT OR Apache-2.0
//
// CommitMessage: what a commit says it is, and its text without people in it.
//
// | kind    | when                                                                                         |
// |---------|----------------------------------------------------------------------------------------------|
// | revert  | subject `Revert "..."`, or a line `This reverts commit <hash>`; but `Revert "Revert ...` and   |
// |         | `Reapply "..."` bring code back and are ordinary changes                                      |
// | fix     | conventional type fix, bugfix or hotfix; or, without a conventional type, a word of repair     |
// |         | (fix, fixes, fixed, bugfix, hotfix, repair, ...) or, unless the subject begins by building      |
// |         | something (add, implement, support, ...), a word of failure (bug, crash, regression, leak, ...) |
// | change  | everything else; also a fix of text, style, tests or tooling: typo, docs, comment, format, lint, |
// |         | warning, ci, changelog, "fix ... test"                                                          |
//
// Precision counts more than recall: a missed fix teaches nothing, an invented one blames good code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace autodev::observe {

enum class CommitKind : std::uint8_t { change, fix, revert };

struct CommitMessage {
  CommitKind kind = CommitKind::change;
  std::string subject;  ///< first line
  std::string text;     ///< subject and body without trailers and e-mail addresses, at most 64 KiB
};

/// `message` is the raw message, not necessarily UTF-8.
[[nodiscard]] CommitMessage read_commit_message(std::string_view message);

}  // namespace autodev::observe
