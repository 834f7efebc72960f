// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Command: one entry of the command table.
//
// The table drives parsing, `--help`, `docs/cli.md`, shell completion and the checks on exit codes, so a
// command exists in all of them or in none. Each command is one file under commands/ that returns
// its entry; the list of entries is in command_table.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "app/output.h"
#include "autodev/error.h"
#include "autodev/learning_system.h"
#include "base/env.h"

namespace autodev::app {

enum class OptionKind : std::uint8_t { flag, text, whole_number, real_number, list };

struct Option {
  std::string name;        ///< long name without dashes
  OptionKind kind = OptionKind::flag;
  std::string value_name;  ///< "FILE"; empty for flags
  std::string help;        ///< one line, with default and range where there are any
};

struct Positional {
  std::string name;   ///< "QUERY"
  std::string help;
  std::size_t minimum = 1;
  std::size_t maximum = 1;  ///< SIZE_MAX: any number
};

/// Parsed command line of one command.
class Arguments {
 public:
  std::set<std::string> flags;
  std::map<std::string, std::vector<std::string>> values;
  std::vector<std::string> positionals;

  [[nodiscard]] bool flag(const std::string& name) const { return flags.contains(name); }
  [[nodiscard]] std::optional<std::string> text(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> list(const std::string& name) const;
  /// `usage` when present but not a whole number in [low, high].
  [[nodiscard]] Result<std::optional<std::uint64_t>> number(const std::string& name, std::uint64_t low,
                                                            std::uint64_t high) const;
  [[nodiscard]] Result<std::optional<double>> real(const std::string& name, double low, double high) const;
};

/// What a command works with.
struct CommandContext {
  base::Env& env;
  Output& output;
  const Arguments& arguments;
  std::string program;                     ///< path of this executable, for parse workers
  std::optional<std::string> store_option; ///< --store, if given
};

/// Exit code 0, 1 ("no" as an answer: nothing found, check failed) or the child's for `learn run`; errors
/// become their code's number.
using Handler = std::function<Result<int>(CommandContext&)>;

struct Command {
  std::string path;      ///< "learn patterns show"
  std::string summary;   ///< one line
  std::string details;   ///< paragraphs for --help and docs
  std::vector<Positional> positionals;
  std::vector<Option> options;
  std::vector<std::string> examples;
  std::string exit_codes;  ///< what 0 and 1 mean here
  Handler run;
  bool hidden = false;
};

/// All commands in the order of the documentation.
[[nodiscard]] const std::vector<Command>& command_table();

/// Runs the program; returns its exit code. Never throws.
int run_command_line(base::Env& env, int argc, const char* const* argv);

/// Markdown reference of all commands (docs/cli.md is checked against it).
[[nodiscard]] std::string command_reference();

}  // namespace autodev::app
