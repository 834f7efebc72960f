// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Config: every knob in one table, with default, range, unit and where its value came from.
//
// Precedence, strongest first: environment AUTO_DEV_<KEY with _ for . and upper case>, `<store>/config.toml`,
// `$XDG_CONFIG_HOME/auto-dev/config.toml`, the default. A key that is not in the table is an error with a
// suggestion, so that a typing mistake is not silently ignored.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "base/env.h"

namespace autodev::app {

enum class KnobType : std::uint8_t { boolean, whole_number, real_number, text, words };  ///< words: a list, as JSON

struct Knob {
  std::string key;
  KnobType type;
  std::string default_value;
  double low = 0, high = 0;  ///< range of numbers, inclusive
  std::string unit;
  std::string help;
  /// Names a program, an address or a secret: taken from the user's own file or the environment only, because a project's
  /// file may come with a repository somebody else wrote.
  bool user_only = false;
};

[[nodiscard]] const std::vector<Knob>& knobs();

struct Setting {
  std::string value;
  std::string origin;  ///< "default", "/path/config.toml", "environment AUTO_DEV_..."
};

class Config {
 public:
  /// Reads all layers. Errors: `config` with file, line and key.
  [[nodiscard]] static Result<Config> load(base::Env& env, const std::string& store_folder);

  [[nodiscard]] bool boolean(std::string_view key) const;
  [[nodiscard]] std::uint64_t number(std::string_view key) const;
  [[nodiscard]] double real(std::string_view key) const;
  [[nodiscard]] std::string text(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> words(std::string_view key) const;
  [[nodiscard]] const std::map<std::string, Setting, std::less<>>& settings() const noexcept { return settings_; }

 private:
  std::map<std::string, Setting, std::less<>> settings_;
};

/// Checks one value against its knob: absent = fine, otherwise what is wrong.
[[nodiscard]] std::optional<std::string> check_value(const Knob& knob, std::string_view value);

/// Writes `key = value` into `<store>/config.toml`, or the user's own file for a knob that only counts there, keeping all
/// other lines as they are. Returns the file.
Result<std::string> set_config(base::Env& env, const std::string& store_folder, std::string_view key, std::string_view value);

/// The nearest of `candidates` by edit distance, if it is near enough to be meant.
[[nodiscard]] std::optional<std::string> did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace autodev::app
