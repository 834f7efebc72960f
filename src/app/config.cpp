// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The knob table and its layers.
#include "app/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <toml++/toml.h>

#include "base/json.h"
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
  if (const auto* list = node.as_array()) {
    base::Json words = base::Json::array();
    for (const auto& word : *list) words.push_back(word.is_string() ? base::Json(word.as_string()->get()) : base::Json());
    return base::dump_json(words);
  }
  return {};
}

/// A list as JSON; "claude -p" is short for ["claude", "-p"], for words without blanks.
std::string list_text(const Knob& knob, const std::string& value) {
  if (knob.type != KnobType::words || value.empty() || value.starts_with('[')) return value;
  base::Json words = base::Json::array();
  for (const std::string_view word : base::split(value, ' '))
    if (!word.empty()) words.push_back(word);
  return base::dump_json(words);
}

Result<void> apply_value(std::map<std::string, Setting, std::less<>>& settings, const std::string& key,
                         const std::string& given, const std::string& origin) {
  const Knob* knob = find_knob(key);
  if (knob == nullptr) return tl::make_unexpected(unknown_key(key, origin));
  const std::string value = list_text(*knob, given);
  if (const auto problem = check_value(*knob, value))
    return fail(ErrorCode::config, fmt::format("{}: {} = {}: {}", origin, key, value, *problem),
                fmt::format("`auto-dev learn config explain {}` shows the range", key));
  settings[key] = {value, origin};
  return {};
}

Result<void> apply_table(std::map<std::string, Setting, std::less<>>& settings, const toml::table& table,
                         const std::string& prefix, const std::string& file, bool of_user) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix.empty() ? std::string(name.str()) : prefix + "." + std::string(name.str());
    if (const auto* inner = node.as_table()) {
      AUTODEV_TRY(apply_table(settings, *inner, key, file, of_user));
      continue;
    }
    if (const Knob* knob = find_knob(key); knob != nullptr && knob->user_only && !of_user)
      return fail(ErrorCode::config, fmt::format("{}: {} does not count here: this file may come with a repository", file, key),
                  fmt::format("delete the line; `auto-dev learn config set {} ...` writes your own file", key));
    AUTODEV_TRY(apply_value(settings, key, value_text(node), file));
  }
  return {};
}

Result<void> apply_file(base::Env& env, std::map<std::string, Setting, std::less<>>& settings, const std::string& file,
                        bool of_user) {
  AUTODEV_TRY_ASSIGN(const auto status, env.status(file));
  if (!status) return {};
  AUTODEV_TRY_ASSIGN(const std::string text, env.read_file(file, 1u << 20));
  try {
    return apply_table(settings, toml::parse(text, file), {}, file, of_user);
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
  if (knob.type == KnobType::words) return value.empty() ? "[]" : std::string(value);  // JSON's strings are TOML's
  if (knob.type != KnobType::text) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

std::optional<std::string> check_words(std::string_view value) {
  if (value.empty()) return std::nullopt;
  const auto list = base::parse_json(value, "list", {.max_bytes = 64u << 10, .max_depth = 2});
  const auto is_text = [](const base::Json& word) { return word.is_string(); };
  if (list && list->is_array() && std::all_of(list->begin(), list->end(), is_text)) return std::nullopt;
  return "expected a list of texts, such as [\"claude\", \"-p\"]";
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
       "bound on wrong reuse: a pattern is applied only when its probability of being right is above 1 - epsilon; above 0.05 a simulation has to earn it"},
      {"simulate.seed", KnobType::whole_number, "1", 0, 4294967295.0, "", "seed of simulations"},
      {"implement.attempts", KnobType::whole_number, "3", 1, 20, "calls", "calls of the model for one implementation"},
      {"implement.candidates", KnobType::whole_number, "8", 1, 100, "runs",
       "runs of the test command on code from memory, before a model is asked"},
      {"implement.seconds", KnobType::real_number, "30", 0.1, 86400, "s",
       "time for fitting earlier solutions and repairing them before a model is asked; no test run begins later"},
      {"implement.repair", KnobType::boolean, "true", 0, 0, "",
       "try small edits of code that fails the tests: of the function that is there, of memory's draft, of the model's first answer"},
      {"implement.repair_candidates", KnobType::whole_number, "200", 1, 100000, "runs",
       "runs of the test command on such edits"},
      {"implement.memory", KnobType::whole_number, "1000", 1, 20000, "functions", "the latest functions of your history that are adapted"},
      {"implement.test_timeout_s", KnobType::whole_number, "120", 1, 3600, "s", "one run of the test command"},
      {"implement.tree_mb", KnobType::whole_number, "64", 1, 2048, "MB", "largest work tree that is copied into the sandbox"},
      {"learn.embedder.kind", KnobType::text, "built-in", 0, 0, "",
       "who makes the vectors that patterns are found by: built-in, folder or endpoint; a change embeds all patterns again"},
      {"learn.embedder.folder", KnobType::text, "", 0, 0, "",
       "folder of the embedder 'folder': a BERT model with config.json, model.safetensors and tokenizer.json, e.g. all-MiniLM-L6-v2", true},
      {"learn.embedder.adapt", KnobType::boolean, "true", 0, 0, "",
       "find-similar uses what was learned of the words of a request; false: the built-in vectors alone (learned it is either way)"},
      {"learn.embedder.url", KnobType::text, "http://127.0.0.1:11434/v1", 0, 0, "",
       "OpenAI-compatible endpoint of the embedder 'endpoint': the part before /embeddings", true},
      {"learn.embedder.name", KnobType::text, "", 0, 0, "", "name of the embedding model at the endpoint"},
      {"learn.embedder.key_variable", KnobType::text, "", 0, 0, "",
       "environment variable that holds the key of the embedding endpoint; the key itself is never stored or printed", true},
      {"learn.embedder.allow_remote", KnobType::boolean, "false", 0, 0, "",
       "true: embedding endpoints on other machines (https only); the code of patterns is sent there", true},
      {"learn.embedder.timeout_s", KnobType::whole_number, "60", 1, 3600, "s", "one call of the embedding endpoint"},
      {"learn.model.kind", KnobType::text, "none", 0, 0, "", "who writes code that memory does not have: none, command, openai or replay"},
      {"learn.model.command", KnobType::words, "", 0, 0, "",
       "program of the model 'command' with its arguments: prompt on standard input, reply on standard output", true},
      {"learn.model.url", KnobType::text, "http://127.0.0.1:11434/v1", 0, 0, "", "OpenAI-compatible endpoint of the model 'openai'", true},
      {"learn.model.name", KnobType::text, "", 0, 0, "", "name of the model at the endpoint"},
      {"learn.model.tiers", KnobType::words, "", 0, 0, "",
       "models to choose from, NAME=COST each, e.g. \"small=1 large=20\": which is asked first, and when to escalate, is learned"},
      {"learn.model.key_variable", KnobType::text, "", 0, 0, "",
       "environment variable that holds the API key; the key itself is never stored or printed", true},
      {"learn.model.allow_remote", KnobType::boolean, "false", 0, 0, "", "true: endpoints on other machines (https only)", true},
      {"learn.model.timeout_s", KnobType::whole_number, "120", 1, 3600, "s", "one call of the model"},
      {"learn.model.retries", KnobType::whole_number, "3", 0, 10, "", "tries after 429, 5xx and broken connections"},
      {"learn.model.max_tokens", KnobType::whole_number, "4096", 16, 131072, "tokens", "longest reply asked for"},
      {"learn.model.input_cost", KnobType::real_number, "0", 0, 100000, "per million tokens", "price of a prompt, for the ledger; 0: unknown"},
      {"learn.model.output_cost", KnobType::real_number, "0", 0, 100000, "per million tokens", "price of a reply, for the ledger; 0: unknown"},
      {"learn.model.replay_file", KnobType::text, "", 0, 0, "", "recorded replies of the model 'replay' (JSON Lines)"},
  };
  return table;
}

std::optional<std::string> check_value(const Knob& knob, std::string_view value) {
  if (knob.key == "learn.embedder.kind" && value != "built-in" && value != "folder" && value != "endpoint")
    return "expected built-in, folder or endpoint";
  if (knob.type == KnobType::text) return value.size() <= 4096 ? std::nullopt : std::optional<std::string>("longer than 4096 bytes");
  if (knob.type == KnobType::words) return check_words(value);
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
  if (const std::string file = user_config_file(env); !file.empty()) AUTODEV_TRY(apply_file(env, config.settings_, file, true));
  AUTODEV_TRY(apply_file(env, config.settings_, store_folder + "/config.toml", false));
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

std::vector<std::string> Config::words(std::string_view key) const {
  const auto list = base::parse_json(text(key), "list");
  std::vector<std::string> result;
  if (list && list->is_array())
    for (const auto& word : *list)
      if (word.is_string()) result.push_back(word.get<std::string>());
  return result;
}

double Config::real(std::string_view key) const { return std::strtod(text(key).c_str(), nullptr); }

Result<std::string> set_config(base::Env& env, const std::string& store_folder, std::string_view key, std::string_view given) {
  const Knob* knob = find_knob(key);
  if (knob == nullptr) return tl::make_unexpected(unknown_key(key, "config set"));
  const std::string value = list_text(*knob, std::string(given));
  if (const auto problem = check_value(*knob, value))
    return fail(ErrorCode::usage, fmt::format("{} = {}: {}", key, value, *problem),
                fmt::format("`auto-dev learn config explain {}` shows the range", key));
  const std::string file = knob->user_only ? user_config_file(env) : store_folder + "/config.toml";
  if (file.empty()) return fail(ErrorCode::config, "neither XDG_CONFIG_HOME nor HOME is set: there is no file of your own");
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
  AUTODEV_TRY(env.create_directories(file.substr(0, file.rfind('/'))));
  AUTODEV_TRY(env.write_file_atomically(file, base::join(lines, "\n") + "\n", true));
  return file;
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
