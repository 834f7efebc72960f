// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Errors as values.
//
// Every operation that can fail for a reason outside the program (a file, a foreign byte, another
// process) returns Result<T>. The code says what the *caller* can do; the message says what happened
// and to what; the hint says what to do next. Something that is merely absent is not an error:
// look-ups return std::optional inside the Result.
//
//   Result<int> parse_port(std::string_view text);
//
//   Result<void> serve(std::string_view text) {
//     AUTODEV_TRY_ASSIGN(const int port, parse_port(text));
//     ...
//     return {};
//   }
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace autodev {

/// What the caller can do about a failure. The numbers are the process exit codes of `auto-dev`
/// (sysexits.h; 2 is never used, because agents read it as "block").
enum class ErrorCode {
  usage = 64,        ///< the request itself is malformed: correct the call
  bad_data = 65,     ///< foreign input does not have the stated format: correct the input
  no_input = 66,     ///< a named file, repository or record does not exist: name another
  unavailable = 69,  ///< something needed is missing on this machine: install or configure it
  internal = 70,     ///< a defect of this program: report it
  cannot_create = 73,///< an output could not be created: free space or change permissions
  io = 74,           ///< reading or writing failed midway: retry, then check the disk
  busy = 75,         ///< another process holds it, or a time limit passed: try again
  permission = 77,   ///< the operating system or a policy forbids it
  config = 78,       ///< a setting or a stored format version is not understood
};

/// One failure: a code, a message naming what failed, and the next step (may be empty).
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string hint;

  bool operator==(const Error&) const = default;
};

/// Either a value or an Error. Never throws by itself.
template <typename T>
using Result = tl::expected<T, Error>;

/// Makes the failure branch of a Result: `return fail(ErrorCode::no_input, "no such file: a.py");`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message,
                                                std::string hint = {}) {
  return tl::make_unexpected(Error{code, std::move(message), std::move(hint)});
}

/// The stable lower-case name of a code, as printed in JSON errors ("bad_data", "busy", ...).
[[nodiscard]] const char* to_string(ErrorCode code) noexcept;

}  // namespace autodev

#define AUTODEV_CONCAT_INNER(a, b) a##b
#define AUTODEV_CONCAT(a, b) AUTODEV_CONCAT_INNER(a, b)

/// Evaluates a Result<...> expression and returns its error from the current function, if any.
#define AUTODEV_TRY(expression)                                             \
  do {                                                                      \
    auto&& autodev_try_result = (expression);                               \
    if (!autodev_try_result)                                                \
      return tl::make_unexpected(std::move(autodev_try_result).error());    \
  } while (false)

/// Declares `declaration` from the value of a Result expression, or returns its error.
#define AUTODEV_TRY_ASSIGN(declaration, expression) \
  AUTODEV_TRY_ASSIGN_INNER(AUTODEV_CONCAT(autodev_result_, __LINE__), declaration, expression)
#define AUTODEV_TRY_ASSIGN_INNER(name, declaration, expression) \
  auto name = (expression);                                     \
  if (!name) return tl::make_unexpected(std::move(name).error()); \
  declaration = std::move(name).value()
