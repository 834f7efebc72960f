// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Wrappers: programs that start another program and pass its exit code on.
//
// Each row names the program, the words that must follow, the options that take their value as a separate word,
// and how many words stand between the options and the wrapped command. The options were read in each
// program's own help text.
#include <algorithm>
#include <array>

#include "evidence/shell_words.h"
#include "evidence/tools.h"

namespace autodev::evidence {
namespace {

struct Wrapper {
  std::string_view program;
  std::string_view subcommand;     ///< alternatives separated by spaces; empty = none needed
  std::string_view value_options;  ///< options whose value is the next word
  std::size_t skipped_words = 0;   ///< e.g. the duration of `timeout`
};

constexpr std::string_view container_options =
    "-v --volume -e --env -w --workdir -u --user --name --network -p --publish --entrypoint -m --memory --cpus --mount "
    "--platform --env-file -l --label -f --file --profile";

constexpr std::array wrappers{
    Wrapper{"env", "", "-u --unset -C --chdir"},
    Wrapper{"timeout", "", "-k --kill-after -s --signal", 1},
    Wrapper{"gtimeout", "", "-k --kill-after -s --signal", 1},
    Wrapper{"sudo", "", "-u --user -g --group -h --host -p --prompt -C -D --chdir -r -t -T -U -R"},
    Wrapper{"doas", "", "-u -C"},
    Wrapper{"nice", "", "-n --adjustment"},
    Wrapper{"ionice", "", "-c --class -n --classdata"},
    Wrapper{"nohup", "", ""},
    Wrapper{"setsid", "", ""},
    Wrapper{"stdbuf", "", "-i --input -o --output -e --error"},
    Wrapper{"time", "", "-f --format -o --output"},
    Wrapper{"chrt", "", "", 1},
    Wrapper{"taskset", "", "", 1},
    Wrapper{"flock", "", "-w --timeout -E", 1},
    Wrapper{"faketime", "", "", 1},
    Wrapper{"exec", "", "-a"},
    Wrapper{"command", "", ""},
    Wrapper{"builtin", "", ""},
    Wrapper{"unbuffer", "", ""},
    Wrapper{"chronic", "", ""},
    Wrapper{"caffeinate", "", "-t -w"},
    Wrapper{"ccache", "", ""},
    Wrapper{"strace", "", "-o -e -p -s -P -u -E"},
    Wrapper{"valgrind", "", ""},
    Wrapper{"xvfb-run", "", "-n --server-num -s --server-args -f --auth-file -e --error-file -p --xauth-protocol"},
    Wrapper{"cross-env", "", ""},
    Wrapper{"dotenv", "", "-e -f -c -v"},
    Wrapper{"direnv", "exec", "", 1},
    Wrapper{"mise", "exec x", "-C --cd"},
    Wrapper{"asdf", "exec", ""},
    Wrapper{"pyenv", "exec", ""},
    Wrapper{"rbenv", "exec", ""},
    Wrapper{"npx", "", "-p --package -w --workspace"},
    Wrapper{"pnpx", "", ""},
    Wrapper{"bunx", "", "-p --package"},
    Wrapper{"npm", "exec x", "-p --package -w --workspace"},
    Wrapper{"pnpm", "exec dlx", "-C --dir --filter -F"},
    Wrapper{"yarn", "exec dlx", "-p --package"},
    Wrapper{"bun", "x", ""},
    Wrapper{"uv", "run", "-p --python --with --extra --group --directory --project --env-file --package --index"},
    Wrapper{"uvx", "", "--from --with -p --python"},
    Wrapper{"pipx", "run", "--spec --python"},
    Wrapper{"poetry", "run", "-C --directory -P --project"},
    Wrapper{"pipenv", "run", ""},
    Wrapper{"pdm", "run", "-p --project"},
    Wrapper{"rye", "run", ""},
    Wrapper{"hatch", "run", ""},
    Wrapper{"pixi", "run", "-e --environment --manifest-path"},
    Wrapper{"conda", "run", "-n --name -p --prefix --cwd"},
    Wrapper{"mamba", "run", "-n --name -p --prefix --cwd"},
    Wrapper{"micromamba", "run", "-n --name -p --prefix --cwd"},
    Wrapper{"bundle", "exec", ""},
    Wrapper{"docker", "exec run", container_options, 1},
    Wrapper{"podman", "exec run", container_options, 1},
    Wrapper{"docker-compose", "exec run", container_options, 1},
};

constexpr std::string_view shells = "sh bash dash zsh ksh ash";

bool is_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  const std::string_view name = word.substr(0, equals);
  if (name.front() >= '0' && name.front() <= '9') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Words rest_of(const Words& words, std::size_t from) {
  return from < words.size() ? Words(words.begin() + static_cast<std::ptrdiff_t>(from), words.end()) : Words{};
}

/// Index of the first word behind the options; "--" ends them, assignments are passed over.
std::size_t skip_options(const Words& words, std::size_t at, std::string_view value_options) {
  for (; at < words.size(); ++at) {
    if (words[at] == "--") return at + 1;
    if (is_assignment(words[at])) continue;
    if (words[at].size() < 2 || words[at].front() != '-') break;
    if (list_has(value_options, words[at])) ++at;
  }
  return at;
}

Unwrapped simple(Words words) {
  Unwrapped inner;
  inner.words = std::move(words);
  return inner;
}

Unwrapped shell(std::string text) {
  Unwrapped inner;
  inner.shell_text = std::move(text);
  inner.is_shell = true;
  return inner;
}

/// `bash -euo pipefail -c TEXT`, or `bash SCRIPT`.
Unwrapped unwrap_shell(const Words& words) {
  Unwrapped inner;
  for (std::size_t at = 1; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word.size() < 2 || (word.front() != '-' && word.front() != '+')) {
      inner.words = rest_of(words, at);
      return inner;
    }
    if (word.rfind("--", 0) == 0) continue;
    const bool has_text = word.find('c') != std::string::npos;
    if (word.front() == '-' && word.find('e') != std::string::npos) inner.errexit = true;
    if (word.back() == 'o' && at + 1 < words.size()) {
      inner.pipefail = inner.pipefail || words[at + 1] == "pipefail";
      inner.errexit = inner.errexit || words[at + 1] == "errexit";
      ++at;
    }
    if (!has_text) continue;
    inner.is_shell = true;
    if (at + 1 < words.size()) inner.shell_text = words[at + 1];
    return inner;
  }
  return inner;
}

/// Texts handed to a shell by programs that are none: `eval TEXT`, `npx -c TEXT`, `nix-shell --run TEXT`.
std::optional<Unwrapped> unwrap_text(const Words& words, std::string_view program) {
  if (program == "eval") {
    std::string text;
    for (const std::string& word : rest_of(words, 1)) text += word + " ";
    return shell(std::move(text));
  }
  const std::string_view option = program == "nix-shell" ? "--run" : program == "npx" || program == "su" ? "-c" : "";
  if (option.empty()) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), option);
  if (found == words.end() || found + 1 == words.end()) return std::nullopt;
  return shell(*(found + 1));
}

/// `env -S "a b c" d`: the option's value is split at white space.
std::optional<Unwrapped> unwrap_env_split(const Words& words, std::string_view program) {
  if (program != "env") return std::nullopt;
  for (std::size_t at = 1; at + 1 < words.size() && !words[at].empty() && words[at].front() == '-'; ++at) {
    if (words[at] != "-S" && words[at] != "--split-string") continue;
    Words inner;
    for (const ShellToken& token : split_shell(words[at + 1]))
      if (!token.is_operator) inner.push_back(token.text);
    for (std::string& word : rest_of(words, at + 2)) inner.push_back(std::move(word));
    return simple(rest_of(inner, skip_options(inner, 0, {})));
  }
  return std::nullopt;
}

/// `auto-dev learn run [options] -- COMMAND` and `nix develop ... -c COMMAND`.
std::optional<Unwrapped> unwrap_marked(const Words& words, std::string_view program) {
  std::string_view marker;
  if (program == "auto-dev" && words.size() > 3 && words[1] == "learn" && words[2] == "run") marker = "--";
  if (program == "nix" && words.size() > 1 && (words[1] == "develop" || words[1] == "shell")) marker = "-c --command";
  if (marker.empty()) return std::nullopt;
  for (std::size_t at = 1; at < words.size(); ++at)
    if (list_has(marker, words[at])) return simple(rest_of(words, at + 1));
  return std::nullopt;
}

/// `docker compose run SERVICE COMMAND`, `uv tool run TOOL`, `coverage run -m pytest`.
std::optional<Unwrapped> unwrap_two_words(const Words& words, std::string_view program) {
  if (words.size() < 3) return std::nullopt;
  if ((program == "docker" || program == "podman") && words[1] == "compose") {
    const std::size_t at = skip_options(words, 2, container_options);
    if (at >= words.size() || (words[at] != "run" && words[at] != "exec")) return std::nullopt;
    return simple(rest_of(words, skip_options(words, at + 1, container_options) + 1));
  }
  if (program == "uv" && words[1] == "tool" && words[2] == "run")
    return simple(rest_of(words, skip_options(words, 3, "--from --with -p --python")));
  if (program == "coverage" && words[1] == "run") {
    Words inner{"python"};
    std::size_t at = 2;
    while (at < words.size() && words[at] != "-m" && words[at].rfind('-', 0) == 0)
      at += list_has("--source --rcfile --include --omit --data-file --context --concurrency", words[at]) ? 2 : 1;
    for (std::string& word : rest_of(words, at)) inner.push_back(std::move(word));
    return simple(std::move(inner));
  }
  return std::nullopt;
}

std::optional<Unwrapped> unwrap_by_table(const Words& words, std::string_view program) {
  for (const Wrapper& wrapper : wrappers) {
    if (wrapper.program != program) continue;
    std::size_t at = 1;
    if (!wrapper.subcommand.empty()) {
      at = skip_options(words, at, wrapper.value_options);
      if (at >= words.size() || !list_has(wrapper.subcommand, words[at])) return std::nullopt;
      ++at;
    }
    at = skip_options(words, at, wrapper.value_options);
    return simple(rest_of(words, at + wrapper.skipped_words));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Unwrapped> unwrap(const Words& words) {
  if (words.empty()) return std::nullopt;
  if (is_assignment(words.front())) return simple(rest_of(words, skip_options(words, 0, {})));
  const std::string_view program = program_name(words.front());
  if (list_has(shells, program)) return unwrap_shell(words);
  for (auto* layer : {unwrap_text, unwrap_env_split, unwrap_marked, unwrap_two_words, unwrap_by_table})
    if (auto inner = layer(words, program)) return inner;
  return std::nullopt;
}

}  // namespace autodev::evidence
