// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Programs by kind. Three tables: programs that do one thing, programs with subcommands, and programs that
// run named goals (make, npm run, gradle), whose names are judged by their words.
#include "evidence/tools.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace autodev::evidence {
namespace {

struct Single {
  CommandKind kind;
  std::string_view programs;
};

constexpr std::array singles{
    Single{CommandKind::test,
           "pytest py.test nose2 tox nox unittest doctest trial ctest jest vitest mocha ava tap jasmine karma cypress "
           "playwright rspec minitest phpunit pest behat bats prove busted elm-test gotestsum kcov nextest testthat "
           "cargo-nextest green stestr"},
    Single{CommandKind::benchmark, "hyperfine wrk ab k6 timeit pyperf asv"},
    Single{CommandKind::typecheck, "tsc vue-tsc mypy dmypy pyright basedpyright pytype pyre flow phpstan psalm sorbet"},
    Single{CommandKind::lint,
           "eslint flake8 pylint black isort prettier clang-tidy clang-format cppcheck shellcheck shfmt golangci-lint "
           "staticcheck gofmt goimports rubocop standardrb stylelint biome oxlint ruff bandit hadolint yamllint "
           "markdownlint ktlint detekt checkstyle phpcs pre-commit rustfmt"},
    Single{CommandKind::build,
           "gcc g++ clang clang++ cc c++ rustc javac kotlinc scalac swiftc ghc gfortran compileall py_compile webpack "
           "esbuild rollup tsup msbuild xcodebuild"},
};

struct Subcommand {
  std::string_view program;
  std::string_view names;
  CommandKind kind;
};

constexpr std::array subcommands{
    Subcommand{"cargo", "test t nextest miri llvm-cov tarpaulin", CommandKind::test},
    Subcommand{"cargo", "bench criterion", CommandKind::benchmark},
    Subcommand{"cargo", "build b rustc", CommandKind::build},
    Subcommand{"cargo", "check c", CommandKind::typecheck},
    Subcommand{"cargo", "clippy fmt", CommandKind::lint},
    Subcommand{"go", "test", CommandKind::test},
    Subcommand{"go", "build install", CommandKind::build},
    Subcommand{"go", "vet fmt", CommandKind::lint},
    Subcommand{"deno", "test", CommandKind::test},
    Subcommand{"deno", "bench", CommandKind::benchmark},
    Subcommand{"deno", "lint fmt", CommandKind::lint},
    Subcommand{"deno", "check", CommandKind::typecheck},
    Subcommand{"dotnet", "test vstest", CommandKind::test},
    Subcommand{"dotnet", "build msbuild publish", CommandKind::build},
    Subcommand{"dotnet", "format", CommandKind::lint},
    Subcommand{"swift", "test", CommandKind::test},
    Subcommand{"swift", "build", CommandKind::build},
    Subcommand{"mix", "test", CommandKind::test},
    Subcommand{"mix", "compile", CommandKind::build},
    Subcommand{"mix", "credo format", CommandKind::lint},
    Subcommand{"dune", "test runtest", CommandKind::test},
    Subcommand{"dune", "build", CommandKind::build},
    Subcommand{"stack", "test", CommandKind::test},
    Subcommand{"stack", "build", CommandKind::build},
    Subcommand{"cabal", "test", CommandKind::test},
    Subcommand{"cabal", "build", CommandKind::build},
    Subcommand{"zig", "test", CommandKind::test},
    Subcommand{"zig", "build build-exe build-lib", CommandKind::build},
    Subcommand{"flutter", "test", CommandKind::test},
    Subcommand{"flutter", "build", CommandKind::build},
    Subcommand{"flutter", "analyze", CommandKind::lint},
    Subcommand{"dart", "test", CommandKind::test},
    Subcommand{"dart", "compile", CommandKind::build},
    Subcommand{"dart", "analyze format", CommandKind::lint},
    Subcommand{"bazel", "test coverage", CommandKind::test},
    Subcommand{"bazel", "build", CommandKind::build},
    Subcommand{"bazelisk", "test coverage", CommandKind::test},
    Subcommand{"bazelisk", "build", CommandKind::build},
    Subcommand{"buck2", "test", CommandKind::test},
    Subcommand{"buck2", "build", CommandKind::build},
    Subcommand{"meson", "test", CommandKind::test},
    Subcommand{"meson", "compile", CommandKind::build},
    Subcommand{"rails", "test spec", CommandKind::test},
    Subcommand{"artisan", "test", CommandKind::test},
    Subcommand{"manage.py", "test", CommandKind::test},
    Subcommand{"setup.py", "test", CommandKind::test},
    Subcommand{"setup.py", "build build_ext", CommandKind::build},
    Subcommand{"bun", "test", CommandKind::test},
    Subcommand{"bun", "build", CommandKind::build},
    Subcommand{"ng", "test e2e", CommandKind::test},
    Subcommand{"ng", "build", CommandKind::build},
    Subcommand{"ng", "lint", CommandKind::lint},
    Subcommand{"vite", "build", CommandKind::build},
    Subcommand{"parcel", "build", CommandKind::build},
    Subcommand{"next", "build", CommandKind::build},
    Subcommand{"next", "lint", CommandKind::lint},
};

/// Programs that run goals of the project's own naming. `without` is what happens when none is named.
struct GoalRunner {
  std::string_view program;
  std::string_view value_options;
  CommandKind without = CommandKind::unknown;
};

constexpr std::string_view make_options = "-C --directory -f --file --makefile -I -o -W";
constexpr std::array goal_runners{
    GoalRunner{"make", make_options, CommandKind::build},
    GoalRunner{"gmake", make_options, CommandKind::build},
    GoalRunner{"ninja", "-C -f -j -k -l -d -t", CommandKind::build},
    GoalRunner{"samu", "-C -f -j -k -l -d -t", CommandKind::build},
    GoalRunner{"gradle", "-p --project-dir -b -c -I -x --exclude-task --tests"},
    GoalRunner{"gradlew", "-p --project-dir -b -c -I -x --exclude-task --tests"},
    GoalRunner{"mvn", "-f --file -pl --projects -P -s -T"},
    GoalRunner{"mvnw", "-f --file -pl --projects -P -s -T"},
    GoalRunner{"just", "-f --justfile -d --working-directory"},
    GoalRunner{"task", "-t --taskfile -d --dir"},
    GoalRunner{"rake", "-f --rakefile"},
    GoalRunner{"invoke", "-c --collection"},
    GoalRunner{"sbt", ""},
    GoalRunner{"lein", ""},
    GoalRunner{"grunt", ""},
    GoalRunner{"gulp", ""},
    GoalRunner{"turbo", "--filter"},
    GoalRunner{"nx", "-t --target -p --projects"},
    GoalRunner{"scons", "-f -C"},
};

/// Arguments with which a program only talks about itself or lists what it would do.
struct Idle {
  std::string_view program;
  std::string_view arguments;
};
constexpr std::array idle{
    Idle{"", "--version --help"},
    Idle{"ctest", "-N --show-only --print-labels"},
    Idle{"pytest", "--collect-only --co --fixtures --markers -h -V"},
    Idle{"make", "-n --dry-run --just-print -q --question"},
    Idle{"ninja", "-n -t"},
    Idle{"jest", "--listTests --showConfig --clearCache"},
    Idle{"vitest", "list"},
    Idle{"playwright", "install codegen show-report --list"},
    Idle{"cypress", "open install"},
    Idle{"webpack", "serve watch --watch"},
    Idle{"cargo", "list"},
    Idle{"tsc", "--init --showConfig -v -h"},
    Idle{"dotnet", "--list-tests"},
    Idle{"go", "-list -h"},
};

constexpr std::string_view self_building =
    "cargo nextest cargo-nextest go dotnet swift gradle gradlew mvn mvnw bazel bazelisk buck2 zig dune stack cabal sbt mix "
    "gotestsum flutter dart meson";

constexpr std::string_view interpreters =
    "python python2 python3 pypy pypy3 node nodejs deno bun ruby perl php tsx ts-node lua luajit Rscript julia";

/// First argument that is no option; options in `value_options` take the next word along.
std::size_t first_operand(const Words& words, std::size_t at, std::string_view value_options) {
  for (; at < words.size(); ++at) {
    if (list_has(value_options, words[at])) ++at;
    else if (words[at].empty() || (words[at].front() != '-' && words[at].front() != '+')) break;
  }
  return at;
}

bool has_argument(const Words& words, std::string_view list) {
  return std::any_of(words.begin() + 1, words.end(), [list](const std::string& word) { return list_has(list, word); });
}

bool is_idle(const Words& words, std::string_view program) {
  return std::any_of(idle.begin(), idle.end(), [&](const Idle& entry) {
    return (entry.program.empty() || entry.program == program) && has_argument(words, entry.arguments);
  });
}

CommandClass made(CommandKind kind, std::string_view tool) { return {kind, std::string(tool), false}; }

bool has_ending(std::string_view text, std::string_view ending) {
  return text.size() > ending.size() && text.substr(text.size() - ending.size()) == ending;
}

/// Targets of make and ninja are files or conventional names. "test_parser" is a program to be built; "test",
/// "check-unit" and "unit-tests" are run.
CommandKind kind_of_target(std::string_view name, bool files_are_usual) {
  const bool runs = list_has("test tests check ctest unittest RUN_TESTS", name) || name.substr(0, 5) == "test-" ||
                    name.substr(0, 6) == "check-" || has_ending(name, "-test") || has_ending(name, "-tests") ||
                    has_ending(name, "-check");
  const CommandKind kind = kind_of_goal(name);
  if (runs) return rank(kind) > 0 ? kind : CommandKind::test;
  if (kind == CommandKind::test) return CommandKind::build;
  return kind == CommandKind::unknown && files_are_usual && !list_has("clean install help package", name)
             ? CommandKind::build
             : kind;
}

CommandKind kind_of_task(std::string_view name, std::string_view program) {
  if (list_has("make gmake scons", program)) return kind_of_target(name, false);
  if (list_has("ninja samu cmake", program)) return kind_of_target(name, true);
  return name == "check" ? CommandKind::test : kind_of_goal(name);  // gradle's and just's `check` runs the tests
}

CommandKind strongest_goal(const Words& words, const GoalRunner& runner) {
  CommandKind best = CommandKind::unknown;
  bool any = false;
  for (std::size_t at = first_operand(words, 1, runner.value_options); at < words.size();
       at = first_operand(words, at + 1, runner.value_options)) {
    const bool a_variable = words[at].find('=') != std::string::npos;                             // make CC=clang
    const bool a_number = words[at].find_first_not_of("0123456789") == std::string::npos;  // make -j 4
    if (a_variable || a_number) continue;
    any = true;
    const CommandKind kind = kind_of_task(words[at], runner.program);
    if (rank(kind) > rank(best)) best = kind;
  }
  return any ? best : runner.without;
}

/// npm, pnpm, yarn, bun: `test`, `run NAME`, and with the last three also plain `NAME`.
CommandClass classify_node_packager(const Words& words, std::string_view program) {
  constexpr std::string_view value_options = "--prefix -w --workspace -C --dir --filter -F --cwd";
  std::size_t at = first_operand(words, 1, value_options);
  if (program == "yarn" && at + 2 < words.size() && words[at] == "workspace") at += 2;
  if (at >= words.size()) return made(CommandKind::unknown, program);
  const std::string& verb = words[at];
  if (list_has("test t tst", verb)) return made(CommandKind::test, program);
  if (list_has("run run-script rum", verb)) {
    at = first_operand(words, at + 1, value_options);
    return made(at < words.size() ? kind_of_goal(words[at]) : CommandKind::unknown, program);
  }
  constexpr std::string_view own_verbs =
      "install i ci add remove update upgrade publish pack link audit outdated init create cache config why info";
  if (program == "npm" || list_has(own_verbs, verb)) return made(CommandKind::unknown, program);
  return made(kind_of_goal(verb), program);
}

CommandClass classify_cmake(const Words& words) {
  const auto build = std::find(words.begin(), words.end(), "--build");
  if (build == words.end()) return made(CommandKind::unknown, "cmake");  // configuring compiles nothing
  CommandKind kind = CommandKind::build;
  for (auto word = build; word != words.end(); ++word) {
    if ((*word != "--target" && *word != "-t") || word + 1 == words.end()) continue;
    const CommandKind goal = kind_of_task(*(word + 1), "cmake");
    if (rank(goal) > rank(kind)) kind = goal;
  }
  return made(kind, "cmake");
}

/// A script or program of the project, judged by its name: ./run_tests.sh, build/unit_tests, test_parser.py.
CommandKind kind_of_script(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return kind_of_goal(dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot));
}

CommandClass classify_interpreter(const Words& words, std::string_view program) {
  const bool is_python = program.substr(0, 2) == "py";
  for (std::size_t at = 1; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (is_python && word == "-m" && at + 1 < words.size()) {
      const Words module(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
      if (const auto inner = unwrap(module); inner && !inner->is_shell) return classify_simple(inner->words);
      return module.front() == "build" ? made(CommandKind::build, "build") : classify_simple(module);
    }
    if (word == "--test" && (program == "node" || program == "nodejs" || program == "tsx"))
      return made(CommandKind::test, "node");
    if (list_has("-c -e --eval -p --print", word)) return made(CommandKind::unknown, program);
    if (list_has("-W -X -r --require --import --loader --env-file", word)) ++at;
    else if (!word.empty() && word.front() != '-') {
      const Words script(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
      const CommandClass known = classify_simple(script);
      return rank(known.kind) > 0 ? known : made(kind_of_script(program_name(word)), program);
    }
  }
  return made(CommandKind::unknown, program);
}

std::optional<CommandClass> classify_by_subcommand(const Words& words, std::string_view program) {
  const std::size_t at = first_operand(words, 1, "-C --manifest-path --config -Z --color --target-dir --cwd");
  bool known = false;
  for (const Subcommand& row : subcommands) {
    if (row.program != program) continue;
    known = true;
    if (at >= words.size() || !list_has(row.names, words[at])) continue;
    CommandKind kind = row.kind;
    if (kind == CommandKind::test && program == "cargo" && has_argument(words, "--no-run")) kind = CommandKind::build;
    if (kind == CommandKind::test && program == "go" && has_argument(words, "-c")) kind = CommandKind::build;
    const bool go_bench = std::any_of(words.begin(), words.end(),
                                      [](const std::string& word) { return word.rfind("-bench", 0) == 0; });
    if (kind == CommandKind::test && program == "go" && go_bench) kind = CommandKind::benchmark;
    return made(kind, program);
  }
  return known ? std::optional(made(CommandKind::unknown, program)) : std::nullopt;
}

std::optional<CommandKind> kind_of_single(std::string_view program) {
  for (const Single& row : singles)
    if (list_has(row.programs, program)) return row.kind;
  // Versioned compilers: gcc-12, clang++-14.
  const std::size_t dash = program.rfind('-');
  if (dash != std::string_view::npos && program.find_first_not_of("0123456789.", dash + 1) == std::string_view::npos &&
      list_has("gcc g++ clang clang++ clang-tidy clang-format", program.substr(0, dash)))
    return program.find("-t") != std::string_view::npos || program.find("-f") != std::string_view::npos
               ? CommandKind::lint
               : CommandKind::build;
  return std::nullopt;
}

/// Programs named by a path are the project's own: their name, or an exact goal as first argument, tells.
CommandClass classify_own_program(const Words& words) {
  const std::string_view program = program_name(words.front());
  if (has_argument(words, "--gtest_list_tests --list")) return made(CommandKind::unknown, program);
  CommandKind kind = kind_of_script(program);
  if (kind == CommandKind::unknown && words.size() > 1 && list_has("test tests check build lint bench", words[1]))
    kind = words[1] == "check" ? CommandKind::test : kind_of_goal(words[1]);
  return made(kind, program);
}

}  // namespace

bool list_has(std::string_view list, std::string_view name) noexcept {
  if (name.empty() || name.find(' ') != std::string_view::npos) return false;
  for (std::size_t at = list.find(name); at != std::string_view::npos; at = list.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || list[at - 1] == ' ') && (end == list.size() || list[end] == ' ')) return true;
  }
  return false;
}

std::string_view program_name(std::string_view word) noexcept {
  word.remove_prefix(word.rfind('/') == std::string_view::npos ? 0 : word.rfind('/') + 1);
  for (const std::string_view ending : {".exe", ".cmd", ".bat"})
    if (word.size() > ending.size() && word.substr(word.size() - ending.size()) == ending)
      word.remove_suffix(ending.size());
  return word;
}

int rank(CommandKind kind) noexcept {
  switch (kind) {
    case CommandKind::test: return 4;
    case CommandKind::benchmark: return 3;
    case CommandKind::build:
    case CommandKind::typecheck: return 2;
    case CommandKind::lint: return 1;
    case CommandKind::unknown: break;
  }
  return 0;
}

CommandKind kind_of_goal(std::string_view name) {
  std::vector<std::string> words;
  for (const std::string_view word : base::split_identifier(name)) words.push_back(base::to_lower_ascii(word));
  const auto has = [&words](std::string_view list) {
    return std::any_of(words.begin(), words.end(), [list](const std::string& word) { return list_has(list, word); });
  };
  if (words.empty() || has("clean watch dev serve start install setup")) return CommandKind::unknown;
  if (has("lint eslint fmt format prettier style stylelint clippy tidy ruff")) return CommandKind::lint;
  if (has("typecheck types tsc mypy pyright")) return CommandKind::typecheck;
  if (has("type") && has("check")) return CommandKind::typecheck;
  if (has("bench benchmark benchmarks perf")) return CommandKind::benchmark;
  constexpr std::string_view build_words = "build compile assemble bundle all";
  if (list_has(build_words, words.front())) return CommandKind::build;
  if (has("test tests testing spec specs e2e unittest unittests pytest jest vitest ctest rspec runtests verify"))
    return CommandKind::test;
  return has(build_words) ? CommandKind::build : CommandKind::unknown;
}

bool builds_before_testing(std::string_view tool) noexcept { return list_has(self_building, tool); }

CommandClass classify_simple(const Words& words) {
  if (words.empty()) return {};
  const std::string_view program = program_name(words.front());
  if (is_idle(words, program)) return made(CommandKind::unknown, program);
  if (list_has("npm pnpm yarn", program)) return classify_node_packager(words, program);
  if (program == "bun" && words.size() > 1 && words[1] == "run") return classify_node_packager(words, program);
  if (program == "cmake") return classify_cmake(words);
  if (const auto kind = kind_of_single(program)) return made(*kind, program);
  if (auto by_subcommand = classify_by_subcommand(words, program)) return *by_subcommand;
  for (const GoalRunner& runner : goal_runners)
    if (runner.program == program) return made(strongest_goal(words, runner), program);
  const std::size_t version = program.find_first_of("0123456789");
  const bool python = program.substr(0, 6) == "python" && version == 6;  // python3.11
  if (python || list_has(interpreters, program)) return classify_interpreter(words, python ? "python" : program);
  if (words.front().find('/') != std::string::npos) return classify_own_program(words);
  return {};
}

}  // namespace autodev::evidence
