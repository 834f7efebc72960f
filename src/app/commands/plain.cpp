// SPDX-License-Identifier: MIT OR Apache-2.0
//
// version, parse-worker, reference and completion: commands without a store.
#include <fmt/format.h>

#include <algorithm>

#include "app/commands/list.h"
#include "index/words.h"
#include "learn/learner.h"
#include "syntax/extract.h"

namespace autodev::app::commands {
namespace {

std::string completion_words(const std::string& parent) {
  std::string words;
  for (const Command& command : command_table()) {
    if (command.hidden || !command.path.starts_with(parent.empty() ? "" : parent + " ")) continue;
    const std::string rest = command.path.substr(parent.empty() ? 0 : parent.size() + 1);
    const std::string word = rest.substr(0, rest.find(' '));
    if ((" " + words + " ").find(" " + word + " ") == std::string::npos) words += (words.empty() ? "" : " ") + word;
  }
  return words;
}

std::string option_words(const Command& command) {
  std::string words = "--store --json --quiet --color --help";
  for (const Option& option : command.options) words += " --" + option.name;
  return words;
}

/// Parents of commands ("", "learn", "learn patterns", ...) in order of appearance.
std::vector<std::string> parents() {
  std::vector<std::string> list = {""};
  for (const Command& command : command_table()) {
    if (command.hidden) continue;
    for (auto space = command.path.find(' '); space != std::string::npos; space = command.path.find(' ', space + 1)) {
      const std::string parent = command.path.substr(0, space);
      if (std::find(list.begin(), list.end(), parent) == list.end()) list.push_back(parent);
    }
  }
  return list;
}

std::string bash_completion() {
  std::string text =
      "_auto_dev() {\n  local current=${COMP_WORDS[COMP_CWORD]} path= word\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case $word in -*) break ;; *) path=\"${path:+$path }$word\" ;; esac\n  done\n  local words=\n  case $path in\n";
  for (const std::string& parent : parents()) text += fmt::format("    \"{}\") words=\"{}\" ;;\n", parent, completion_words(parent));
  for (const Command& command : command_table())
    if (!command.hidden) text += fmt::format("    \"{}\"*) words=\"{}\" ;;\n", command.path, option_words(command));
  text +=
      "  esac\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
      "  [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n}\n"
      "complete -F _auto_dev auto-dev\n";
  return text;
}

std::string fish_completion() {
  std::string text;
  for (const std::string& parent : parents()) {
    const std::string condition = parent.empty() ? "__fish_use_subcommand" : fmt::format("__fish_seen_subcommand_from {}", parent.substr(parent.rfind(' ') + 1));
    text += fmt::format("complete -c auto-dev -n '{}' -a '{}'\n", condition, completion_words(parent));
  }
  for (const Command& command : command_table())
    if (!command.hidden)
      for (const Option& option : command.options)
        text += fmt::format("complete -c auto-dev -n '__fish_seen_subcommand_from {}' -l {}\n",
                            command.path.substr(command.path.rfind(' ') + 1), option.name);
  return text;
}

}  // namespace

Command completion() {
  Command command;
  command.path = "completion";
  command.summary = "print a completion script for bash, zsh or fish";
  command.positionals = {{"SHELL", "bash, zsh or fish", 1, 1}};
  command.examples = {"source <(auto-dev completion bash)"};
  command.run = [](CommandContext& context) -> Result<int> {
    const std::string& shell = context.arguments.positionals.front();
    if (shell == "bash") context.output.raw(bash_completion());
    else if (shell == "zsh") context.output.raw("autoload -U +X bashcompinit && bashcompinit\n" + bash_completion());
    else if (shell == "fish") context.output.raw(fish_completion());
    else return fail(ErrorCode::usage, fmt::format("completion: unknown shell '{}'", shell), "known: bash, zsh, fish");
    return 0;
  };
  return command;
}

Command version() {
  Command command;
  command.path = "version";
  command.summary = "version of the program and of everything whose meaning is stored";
  command.run = [](CommandContext& context) -> Result<int> {
    context.output.object({{"version", AUTODEV_VERSION}, {"learners", learn::learner_version}, {"words", index::words_scheme}});
    context.output.line(fmt::format("auto-dev {} ({}, {})", AUTODEV_VERSION, learn::learner_version, index::words_scheme));
    return 0;
  };
  return command;
}

Command parse_worker() {
  Command command;
  command.path = "parse-worker";
  command.summary = "parses source for another auto-dev over stdin and stdout";
  command.hidden = true;
  command.run = [](CommandContext&) -> Result<int> { return syntax::run_parse_worker(); };
  return command;
}

Command reference() {
  Command command;
  command.path = "reference";
  command.summary = "print docs/cli.md";
  command.hidden = true;
  command.run = [](CommandContext& context) -> Result<int> {
    context.output.raw(command_reference());
    return 0;
  };
  return command;
}

}  // namespace autodev::app::commands
