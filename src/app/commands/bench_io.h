// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What commands of benches share: a named input file, and a result as lines for people or as one JSON object.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "app/command.h"
#include "base/json.h"

namespace autodev::app::commands {

/// The whole file that the option names; `usage` without it.
[[nodiscard]] inline Result<std::string> named_file(CommandContext& context, const char* option) {
  constexpr std::uint64_t max_file_bytes = std::uint64_t{1} << 30;
  const auto file = context.arguments.text(option);
  if (!file) return fail(ErrorCode::usage, std::string("--") + option + " FILE is missing");
  return context.env.read_file(*file, max_file_bytes);
}

/// Fractions with four digits; everything else as in JSON.
inline std::string printed(const base::Json& value) {
  return value.is_number_float() ? fmt::format("{:.4g}", value.get<double>()) : value.dump();
}

/// A line for each plain value, members of objects below their name; what is below that on one line.
inline void print_lines(Output& out, const base::Json& object, std::size_t indent) {
  for (const auto& [key, value] : object.items()) {
    const std::string name = std::string(indent, ' ') + key;
    const bool rows = value.is_array() && !value.empty() && value.front().is_object();
    if (!rows && !(value.is_object() && indent < 4)) {
      out.line(fmt::format("{:<40} {}", name, value.is_structured() ? value.dump() : printed(value)));
      continue;
    }
    out.line(name);
    if (value.is_object()) {
      print_lines(out, value, indent + 2);
      continue;
    }
    for (const base::Json& row : value) {
      std::string line(indent + 2, ' ');
      for (const auto& [member, one] : row.items())
        if (!one.is_structured()) line += fmt::format("{} {}  ", member, printed(one));
      out.line(line);
    }
  }
}

inline void print_result(CommandContext& context, const base::Json& result) {
  if (context.output.json) return context.output.raw(base::dump_json(result) + "\n");
  print_lines(context.output, result, 0);
}

}  // namespace autodev::app::commands
