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

inline void print_result(CommandContext& context, const base::Json& result) {
  if (context.output.json) return context.output.raw(base::dump_json(result) + "\n");
  for (const auto& [key, value] : result.items()) context.output.line(fmt::format("{:<28} {}", key, value.dump()));
}

}  // namespace autodev::app::commands
