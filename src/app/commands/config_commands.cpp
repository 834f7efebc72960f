// SPDX-License-Identifier: MIT OR Apache-2.0
//
// config list | get | set | explain
#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/store_location.h"

namespace autodev::app::commands {
namespace {

struct Loaded {
  StoreLocation location;
  Config config;
};

Result<Loaded> load(CommandContext& context) {
  Loaded loaded;
  AUTODEV_TRY_ASSIGN(loaded.location, locate_store(context.env, context.store_option));
  AUTODEV_TRY_ASSIGN(loaded.config, Config::load(context.env, loaded.location.folder));
  return loaded;
}

Result<const Knob*> knob_named(const std::string& key) {
  std::vector<std::string> keys;
  for (const Knob& knob : knobs()) {
    if (knob.key == key) return &knob;
    keys.push_back(knob.key);
  }
  const auto near = did_you_mean(key, keys);
  return fail(ErrorCode::usage, fmt::format("unknown setting '{}'", key),
              near ? fmt::format("did you mean '{}'?", *near) : "`auto-dev learn config list` shows all settings");
}

std::string range_of(const Knob& knob) {
  switch (knob.type) {
    case KnobType::boolean: return "true or false";
    case KnobType::text: return "text";
    case KnobType::words: return "list of texts";
    case KnobType::whole_number: return fmt::format("whole number, {} to {}", knob.low, knob.high);
    case KnobType::real_number: return fmt::format("{} to {}", knob.low, knob.high);
  }
  return {};
}

void explain_one(Output& out, const Knob& knob, const Setting& setting) {
  out.line(fmt::format("{} = {}", knob.key, setting.value.empty() ? "\"\"" : setting.value));
  out.line("  " + knob.help);
  out.line(fmt::format("  range {}{}; default {}; set by {}", range_of(knob), knob.unit.empty() ? "" : " (" + knob.unit + ")",
                       knob.default_value.empty() ? "\"\"" : knob.default_value, setting.origin));
}

base::Json knob_json(const Knob& knob, const Setting& setting) {
  return {{"key", knob.key},          {"value", setting.value}, {"origin", setting.origin}, {"default", knob.default_value},
          {"range", range_of(knob)}, {"unit", knob.unit},      {"help", knob.help}};
}

Result<int> list_settings(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const Loaded loaded, load(context));
  base::Json list = base::Json::array();
  for (const Knob& knob : knobs()) {
    const Setting& setting = loaded.config.settings().at(knob.key);
    list.push_back(knob_json(knob, setting));
    context.output.line(fmt::format("{:<28} {:<8} ({})", knob.key, setting.value.empty() ? "\"\"" : setting.value, setting.origin));
  }
  context.output.object({{"settings", list}});
  return 0;
}

Result<int> explain_settings(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const Loaded loaded, load(context));
  base::Json list = base::Json::array();
  const auto& wanted = context.arguments.positionals;
  if (!wanted.empty()) AUTODEV_TRY(knob_named(wanted.front()));
  for (const Knob& knob : knobs()) {
    if (!wanted.empty() && knob.key != wanted.front()) continue;
    const Setting& setting = loaded.config.settings().at(knob.key);
    list.push_back(knob_json(knob, setting));
    explain_one(context.output, knob, setting);
  }
  context.output.object({{"settings", list}});
  return 0;
}

}  // namespace

Command config_list() {
  Command command;
  command.path = "learn config list";
  command.summary = "all settings with their values and where they come from";
  command.run = list_settings;
  return command;
}

Command config_get() {
  Command command;
  command.path = "learn config get";
  command.summary = "one setting's value";
  command.positionals = {{"KEY", "setting, as in config list", 1, 1}};
  command.run = [](CommandContext& context) -> Result<int> {
    AUTODEV_TRY_ASSIGN(const Knob* knob, knob_named(context.arguments.positionals.front()));
    AUTODEV_TRY_ASSIGN(const Loaded loaded, load(context));
    const Setting& setting = loaded.config.settings().at(knob->key);
    context.output.object(knob_json(*knob, setting));
    context.output.line(setting.value);
    return 0;
  };
  return command;
}

Command config_set() {
  Command command;
  command.path = "learn config set";
  command.summary = "change one setting of this project";
  command.positionals = {{"KEY", "setting, as in config list", 1, 1}, {"VALUE", "its new value", 1, 1}};
  command.examples = {"auto-dev learn config set learn.enabled false"};
  command.run = [](CommandContext& context) -> Result<int> {
    const auto& words = context.arguments.positionals;
    if (words.size() != 2) return fail(ErrorCode::usage, "config set: name a key and one value");
    AUTODEV_TRY_ASSIGN(const Knob* knob, knob_named(words[0]));
    AUTODEV_TRY_ASSIGN(const StoreLocation location, locate_store(context.env, context.store_option));
    AUTODEV_TRY(initialise_store(context.env, location.folder));
    AUTODEV_TRY_ASSIGN(const std::string file, set_config(context.env, location.folder, knob->key, words[1]));
    context.output.object({{"key", knob->key}, {"value", words[1]}, {"file", file}});
    context.output.line(fmt::format("{} = {} in {}", knob->key, words[1], file));
    return 0;
  };
  return command;
}

Command config_explain() {
  Command command;
  command.path = "learn config explain";
  command.summary = "what a setting does, its range, default and origin";
  command.positionals = {{"KEY", "setting; all when absent", 0, 1}};
  command.run = explain_settings;
  return command;
}

}  // namespace autodev::app::commands
