// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The knob table and its layers.
#include "app/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <toml++/toml.h>

#include "base/text.h"

namespace autodev::app {
namespace {

const Knob* find_knob(std::string_view key) {
  for (const Knob& knob : knobs())
    if (knob.key == key) return &knob;
  return nullptr;
}

std::vector<std::string> all_keys() {
  std::vector<std::string> keys;
  for (const Knob& knob : knobs()) keys.push_back(knob.key);
  return keys;
}

Error unknown_key(std::string_view key, std::string_view origin) {
  const auto near = did_you_mean(key, all_keys());
  return {ErrorCode::config, fmt::format("{}: unknown setting '{}'", origin, key),
          near ? fmt::format("did you mean '{}'? `auto-dev learn config list` shows all", *near)
               : "`auto-dev learn config list` shows all settings"};
}

std::string variable_name(std::string_view key) {
  std::string name = "AUTO_DEV_";
  for (const char c : key) name.push_back(c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  return name;
}

std::string value_text(const toml::node& node) {
  if (const auto* value = node.as_boolean()) return value->get() ? "true" : "false";
  if (const auto* value = node.as_integer()) return std::to_string(value->get());
  if (const auto* value = node.as_floating_point()) return fmt::format("{}", value->get());
  if (const auto* value = node.as_string()) return value->get();
  return {};
}

Result<void> apply_value(std::map<std::string, Setting, std::less<>>& settings, const std::string& key,
                         const std::string& value, const std::string& origin) {
  const Knob* knob = find_knob(key);
  if (knob == nullptr) return tl::make_unexpected(unknown_key(key, origin));
  if (const auto problem = check_value(*knob, value))
    return fail(ErrorCode::config, fmt::format("{}: {} = {}: {}", origin, key, value, *problem),
                fmt::format("`auto-dev learn config explain {}` shows the range", key));
  settings[key] = {value, origin};
  return {};
}

Result<void> apply_table(std::map<std::string, Setting, std::less<>>& settings, const toml::table& table,
                         const std::string& prefix, const std::string& file) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix.empty() ? std::string(name.str()) : prefix + "." + std::string(name.str());
    if (const auto* inner = node.as_table()) {
      AUTODEV_TRY(apply_table(settings, *inner, key, file));
      continue;
    }
    AUTODEV_TRY(apply_value(settings, key, value_text(node), file));
  }
  return {};
}

Result<void> apply_file(base::Env& env, std::map<std::string, Setting, std::less<>>& settings, const std::string& file) {
  AUTODEV_TRY_ASSIGN(const auto status, env.status(file));
  if (!status) return {};
  AUTODEV_TRY_ASSIGN(const std::string text, env.read_file(file, 1u << 20));
  try {
    return apply_table(settings, toml::parse(text, file), {}, file);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::config,
                fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()),
                "correct the line or delete the file");
  }
}

std::string user_config_file(base::Env& env) {
  if (const auto base_folder = env.variable("XDG_CONFIG_HOME"); base_folder && !base_folder->empty())
    return *base_folder + "/auto-dev/config.toml";
  if (const auto home = env.variable("HOME"); home && !home->empty()) return *home + "/.config/auto-dev/config.toml";
  return {};
}

/// "[section]" and "key" of a dotted key: the last part is the key.
std::pair<std::string, std::string> section_and_name(std::string_view key) {
  const auto dot = key.rfind('.');
  if (dot == std::string_view::npos) return {"", std::string(key)};
  return {std::string(key.substr(0, dot)), std::string(key.substr(dot + 1))};
}

std::string toml_value(const Knob& knob, std::string_view value) {
  if (knob.type != KnobType::text) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

}  // namespace

const std::vector<Knob>& knobs() {
  static const std::vector<Knob> table = {
      {"learn.enabled", KnobType::boolean, "true", 0, 0, "",
       "false opts out: nothing is recorded or learned; commands that read still work"},
      {"learn.project", KnobType::text, "", 0, 0, "", "name of this project; empty: name of the folder that holds the store"},
      {"learn.parser_memory_mb", KnobType::whole_number, "1024", 64, 65536, "MB",
       "address space of the child process that parses foreign source"},
      {"search.limit", KnobType::whole_number, "5", 1, 100, "patterns", "how many patterns find-similar prints"},
      {"learn.decide.cost_weight", KnobType::real_number, "0.05", 0, 1, "successes per decision",
       "how much more often the dearest option must succeed than a free one to be chosen"},
      {"learn.decide.explore", KnobType::boolean, "true", 0, 0, "",
       "try options as often as they are probably the best; false: always the best forecast"},
      {"learn.experiment.holdout", KnobType::real_number, "0", 0, 0.5, "share",
       "find-similar holds its first pattern back with this probability, to measure whether showing patterns helps; 0: off"},
      {"privacy.anonymise_export", KnobType::boolean, "true", 0, 0, "",
       "replace project names and folders by digests in exports"},
      {"sandbox.memory_mb", KnobType::whole_number, "1024", 64, 65536, "MB", "memory of one sandboxed program"},
      {"simulate.epsilon", KnobType::real_number, "0.02", 0.0001, 0.5, "share",
       "bound on wrong reuse: a pattern is applied only when its probability of being right is above 1 - epsilon"},
      {"simulate.seed", KnobType::whole_number, "1", 0, 4294967295.0, "", "seed of simulations"},
  };
  return table;
}

std::optional<std::string> check_value(const Knob& knob, std::string_view value) {
  if (knob.type == KnobType::text) return value.size() <= 4096 ? std::nullopt : std::optional<std::string>("longer than 4096 bytes");
  if (knob.type == KnobType::boolean)
    return value == "true" || value == "false" ? std::nullopt : std::optional<std::string>("expected true or false");
  const std::string text(value);
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return "expected a number";
  if (knob.type == KnobType::whole_number && text.find_first_not_of("0123456789") != std::string::npos)
    return "expected a whole number";
  if (!(number >= knob.low && number <= knob.high)) return fmt::format("outside {} to {}", knob.low, knob.high);
  return std::nullopt;
}

Result<Config> Config::load(base::Env& env, const std::string& store_folder) {
  Config config;
  for (const Knob& knob : knobs()) config.settings_[knob.key] = {knob.default_value, "default"};
  if (const std::string file = user_config_file(env); !file.empty()) AUTODEV_TRY(apply_file(env, config.settings_, file));
  AUTODEV_TRY(apply_file(env, config.settings_, store_folder + "/config.toml"));
  for (const Knob& knob : knobs()) {
    const std::string name = variable_name(knob.key);
    if (const auto value = env.variable(name))
      AUTODEV_TRY(apply_value(config.settings_, knob.key, *value, "environment " + name));
  }
  return config;
}

std::string Config::text(std::string_view key) const {
  const auto found = settings_.find(key);
  return found == settings_.end() ? std::string() : found->second.value;
}

bool Config::boolean(std::string_view key) const { return text(key) == "true"; }

std::uint64_t Config::number(std::string_view key) const {
  const std::string value = text(key);
  std::uint64_t result = 0;
  std::from_chars(value.data(), value.data() + value.size(), result);
  return result;
}

double Config::real(std::string_view key) const { return std::strtod(text(key).c_str(), nullptr); }

Result<void> set_config(base::Env& env, const std::string& store_folder, std::string_view key, std::string_view value) {
  const Knob* knob = find_knob(key);
  if (knob == nullptr) return tl::make_unexpected(unknown_key(key, "config set"));
  if (const auto problem = check_value(*knob, value))
    return fail(ErrorCode::usage, fmt::format("{} = {}: {}", key, value, *problem),
                fmt::format("`auto-dev learn config explain {}` shows the range", key));
  const std::string file = store_folder + "/config.toml";
  AUTODEV_TRY_ASSIGN(const auto status, env.status(file));
  std::string text;
  if (status) {
    AUTODEV_TRY_ASSIGN(text, env.read_file(file, 1u << 20));
  }
  const auto [section, name] = section_and_name(key);
  const std::string assignment = fmt::format("{} = {}", name, toml_value(*knob, value));
  std::vector<std::string> lines;
  for (const std::string_view line : base::split_lines(text)) lines.emplace_back(line);
  std::string current;
  std::size_t insert_at = lines.size();
  bool have_section = false;
  bool replaced = false;
  for (std::size_t i = 0; i < lines.size() && !replaced; ++i) {
    const std::string_view line = base::trim(lines[i]);
    if (line.starts_with('[') && line.ends_with(']')) current = std::string(base::trim(line.substr(1, line.size() - 2)));
    if (current != section) continue;
    have_section = true;
    insert_at = i + 1;
    const auto equals = line.find('=');
    if (equals != std::string_view::npos && base::trim(line.substr(0, equals)) == name) {
      lines[i] = assignment;
      replaced = true;
    }
  }
  if (!replaced && !have_section) {
    if (!lines.empty()) lines.emplace_back();
    lines.push_back("[" + section + "]");
    insert_at = lines.size();
  }
  if (!replaced) lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(insert_at), assignment);
  AUTODEV_TRY(env.create_directories(store_folder));
  return env.write_file_atomically(file, base::join(lines, "\n") + "\n", true);
}

std::optional<std::string> did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t j = 0; j <= candidate.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        const std::size_t substitution = diagonal + (word[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace autodev::app
