// SPDX-License-Identifier: MIT OR Apache-2.0
//
// From argv to a handler: the command table becomes a CLI11 tree, and what it parsed becomes Arguments.
//
// The only file that includes CLI11. `auto-dev learn --simulate` is the specification's spelling of
// `auto-dev learn simulate`.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <sstream>

#include "app/command.h"
#include "base/terminal.h"
#include "base/text.h"

namespace autodev::app {
namespace {

struct Common {
  std::string store;
  std::string color = "auto";
  bool json = false;
  bool quiet = false;
};

/// Where CLI11 puts the values of one leaf command.
struct Leaf {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::map<std::string, bool> flags;
  std::map<std::string, std::vector<std::string>> values;
  std::vector<std::string> positionals;
};

void add_common(CLI::App& app, Common& common) {
  app.add_option("--store", common.store, "folder of the knowledge (default: nearest .auto-dev)")->type_name("DIR");
  app.add_option("--color", common.color, "auto, always or never")->type_name("WHEN")->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_flag("--json", common.json, "print one JSON object instead of text");
  app.add_flag("--quiet,-q", common.quiet, "no messages, only results and warnings");
}

std::string footer_of(const Command& command) {
  std::string text = command.details;
  if (!command.examples.empty()) {
    text += "\n\nExamples:";
    for (const std::string& example : command.examples) text += "\n  " + example;
  }
  if (!command.exit_codes.empty()) text += "\n\nExit codes: " + command.exit_codes;
  return text;
}

/// Do the words hold all words of the command's path? Building the options of all commands would take longer (1.5 ms) than most
/// of them run, so only what is named is built, and where nothing is, all are listed without options.
bool is_named(const Command& command, const std::vector<std::string>& words) {
  std::istringstream path(command.path);
  for (std::string word; path >> word;)
    if (std::find(words.begin(), words.end(), word) == words.end()) return false;
  return true;
}

void add_leaf(CLI::App& parent, const std::string& name, const Command& command, bool with_options, Leaf& leaf, Common& common) {
  leaf.command = &command;
  leaf.app = parent.add_subcommand(name, command.summary);
  if (command.hidden) leaf.app->group("");
  if (!with_options) return;
  leaf.app->footer(footer_of(command));
  for (const Option& option : command.options) {
    if (option.kind == OptionKind::flag) {
      leaf.app->add_flag("--" + option.name, leaf.flags[option.name], option.help);
      continue;
    }
    auto* added = leaf.app->add_option("--" + option.name, leaf.values[option.name], option.help)->type_name(option.value_name);
    added->expected(1);
    added->multi_option_policy(option.kind == OptionKind::list ? CLI::MultiOptionPolicy::TakeAll
                                                               : CLI::MultiOptionPolicy::TakeLast);
    added->allow_extra_args(false);
  }
  if (!command.positionals.empty()) {
    std::string help;
    std::string others;  // the first one is the name of the option
    std::size_t minimum = 0;
    bool unbounded = false;
    for (const Positional& positional : command.positionals) {
      help += (help.empty() ? "" : "; ") + positional.name + ": " + positional.help;
      if (&positional != &command.positionals.front()) others += (others.empty() ? "" : " ") + positional.name;
      minimum += positional.minimum;
      unbounded = unbounded || positional.maximum == SIZE_MAX;
    }
    auto* added = leaf.app->add_option(command.positionals.front().name, leaf.positionals, help)->type_name(others);
    const int most = unbounded ? 1 << 20 : static_cast<int>(command.positionals.size());
    added->expected(static_cast<int>(std::max<std::size_t>(minimum, 1)), most);  // with 0, CLI11 takes none behind a `--`
    if (minimum > 0) added->required();
  }
  add_common(*leaf.app, common);
}

Arguments arguments_of(const Leaf& leaf) {
  Arguments arguments;
  for (const auto& [name, set] : leaf.flags)
    if (set) arguments.flags.insert(name);
  for (const auto& [name, values] : leaf.values)
    if (!values.empty()) arguments.values[name] = values;
  arguments.positionals = leaf.positionals;
  return arguments;
}

/// `learn --simulate ...` -> `learn simulate ...`, wherever the flag stands before a `--`.
std::vector<std::string> normalise(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty() || words.front() != "learn") return words;
  const auto end = std::find(words.begin(), words.end(), "--");
  const auto flag = std::find(words.begin(), end, "--simulate");
  const bool has_command = words.size() > 1 && !words[1].starts_with("-");
  if (flag == end || has_command) return words;
  words.erase(flag);
  words.insert(words.begin() + 1, "simulate");
  return words;
}

std::vector<std::string> names_below(const std::string& parent) {
  std::vector<std::string> names;
  for (const Command& command : command_table()) {
    if (command.hidden) continue;
    const std::string prefix = parent.empty() ? "" : parent + " ";
    if (!command.path.starts_with(prefix)) continue;
    const std::string rest = command.path.substr(prefix.size());
    const std::string name = rest.substr(0, rest.find(' '));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

/// A hint for words that name no command: the nearest one on the same level.
std::string suggestion(const std::vector<std::string>& words) {
  std::string parent;
  for (const std::string& word : words) {
    if (word.starts_with("-")) break;
    const auto names = names_below(parent);
    if (std::find(names.begin(), names.end(), word) == names.end()) {
      if (names.empty()) break;
      if (const auto near = did_you_mean(word, names))
        return fmt::format("did you mean `auto-dev {}{}`?", parent.empty() ? "" : parent + " ", *near);
      break;
    }
    parent = parent.empty() ? word : parent + " " + word;
  }
  return fmt::format("`auto-dev {}{}--help` shows what is possible", parent, parent.empty() ? "" : " ");
}

base::ColorMode color_mode(const std::string& text) {
  if (text == "always") return base::ColorMode::always;
  return text == "never" ? base::ColorMode::never : base::ColorMode::automatic;
}

CLI::App* group_of(CLI::App& root, std::map<std::string, CLI::App*>& groups, Common& common, const std::string& path) {
  if (path.empty()) return &root;
  if (const auto found = groups.find(path); found != groups.end()) return found->second;
  const auto space = path.rfind(' ');
  CLI::App* parent = group_of(root, groups, common, space == std::string::npos ? "" : path.substr(0, space));
  static const std::map<std::string, std::string> titles = {
      {"learn", "learn from implementation cycles and use what was learned"},
      {"learn patterns", "look at learned patterns"},
      {"learn guards", "what is known to fail, and how loud it says so"},
      {"learn decisions", "look at past decisions and what came of them"},
      {"learn config", "settings"},
      {"learn snapshot", "remember, compare and restore states of the knowledge"},
      {"learn embed", "make the built-in embedder's table"},
      {"learn bench", "measure on your own data"},
  };
  const auto title = titles.find(path);
  auto* group = parent->add_subcommand(path.substr(space == std::string::npos ? 0 : space + 1),
                                       title == titles.end() ? "" : title->second);
  group->require_subcommand(1);
  add_common(*group, common);
  groups[path] = group;
  return group;
}

int report_usage(Output& output, const CLI::ParseError& error, const std::vector<std::string>& words) {
  output.error({ErrorCode::usage, error.what(), suggestion(words)});
  return static_cast<int>(ErrorCode::usage);
}

int run_leaf(base::Env& env, Output& output, const Leaf& leaf, const Common& common, const std::string& program) {
  const Arguments arguments = arguments_of(leaf);
  CommandContext context{env, output, arguments, program,
                         common.store.empty() ? std::nullopt : std::optional<std::string>(common.store)};
  const Result<int> result = leaf.command->run(context);
  int code = result ? *result : static_cast<int>(result.error().code);
  if (!result) output.error(result.error());
  if (!output.flush() && code == 0) code = static_cast<int>(ErrorCode::io);
  return code;
}

int parse_and_run(base::Env& env, int argc, const char* const* argv, Output& output) {
  CLI::App root("auto-dev: local memory and judgement for coding agents", "auto-dev");
  root.require_subcommand(1);
  Common common;
  add_common(root, common);
  std::map<std::string, CLI::App*> groups;
  std::vector<std::unique_ptr<Leaf>> leaves;
  const std::vector<std::string> words = normalise(argc, argv);
  const bool lists_all = std::none_of(command_table().begin(), command_table().end(), [&](const Command& command) { return is_named(command, words); });
  for (const Command& command : command_table()) {
    if (!lists_all && !is_named(command, words)) continue;
    const auto space = command.path.rfind(' ');
    CLI::App* parent = group_of(root, groups, common, space == std::string::npos ? "" : command.path.substr(0, space));
    leaves.push_back(std::make_unique<Leaf>());
    add_leaf(*parent, command.path.substr(space == std::string::npos ? 0 : space + 1), command, !lists_all, *leaves.back(), common);
  }
  const auto end_of_options = std::find(words.begin(), words.end(), "--");
  output.json = std::find(words.begin(), end_of_options, "--json") != end_of_options;
  try {
    root.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp& help) {
    return root.exit(help);
  } catch (const CLI::ParseError& error) {
    return report_usage(output, error, words);
  }
  output.json = common.json;
  output.quiet = common.quiet;
  output.color = base::wants_color(env, color_mode(common.color), 1);
  output.error_color = base::wants_color(env, color_mode(common.color), 2);
  for (const auto& leaf : leaves)
    if (leaf->app->parsed()) return run_leaf(env, output, *leaf, common, argv[0]);
  return static_cast<int>(ErrorCode::usage);
}

}  // namespace

int run_command_line(base::Env& env, int argc, const char* const* argv) {
  Output output(stdout, stderr);
  try {
    return parse_and_run(env, argc, argv, output);
  } catch (const std::exception& error) {
    output.error({ErrorCode::internal, fmt::format("unexpected: {}", error.what()),
                  "this is a defect: please report it with the command line"});
    return static_cast<int>(ErrorCode::internal);
  }
}

}  // namespace autodev::app
