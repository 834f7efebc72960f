// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Output: data on stdout, messages on stderr, JSON when asked.
//
// With --json a command prints exactly one JSON object on stdout (or one per line where it streams), each
// with "schema": "auto-dev.learn/1", and errors as {"error": {"code", "message", "hint"}}.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "autodev/error.h"
#include "base/json.h"
#include "base/terminal.h"

namespace autodev::app {

inline constexpr std::string_view json_schema = "auto-dev.learn/1";

class Output {
 public:
  Output(std::FILE* out, std::FILE* err) : out_(out), err_(err) {}

  bool json = false;
  bool quiet = false;
  bool color = false;        ///< stdout may be coloured
  bool error_color = false;  ///< stderr may be coloured

  /// A line of data for people; dropped in JSON mode.
  void line(std::string_view text = {});
  /// Raw bytes on stdout, no newline added.
  void raw(std::string_view bytes);
  /// The result object; dropped unless in JSON mode. Adds "schema".
  void object(base::Json value);
  /// A message on stderr; dropped when quiet.
  void message(std::string_view text);
  /// A line on stderr that quiet does not drop and that is no warning.
  void note(std::string_view text);
  /// A warning on stderr, also when quiet.
  void warning(std::string_view text);
  void error(const Error& error);
  [[nodiscard]] std::string style(std::string_view text, base::Style style) const {
    return base::styled(text, style, color);
  }
  /// False when stdout or stderr has been closed or the disk under it is full.
  [[nodiscard]] bool flush();

 private:
  std::FILE* out_;
  std::FILE* err_;
};

}  // namespace autodev::app
