// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What kind of work a command is, and whether its exit code shows how that work went.
#include <gtest/gtest.h>

#include <vector>

#include "evidence/evidence.h"
#include "evidence/shell_words.h"

namespace autodev::evidence {

void PrintTo(const CommandClass& what, std::ostream* out) {
  *out << to_string(what.kind) << " by '" << what.tool << "'" << (what.hides_exit_code ? ", code hidden" : "");
}

namespace {

using Words = std::vector<std::string>;

CommandClass shown(CommandKind kind, std::string tool) { return {kind, std::move(tool), false}; }
CommandClass hidden(CommandKind kind, std::string tool) { return {kind, std::move(tool), true}; }
constexpr auto test = CommandKind::test;
constexpr auto build = CommandKind::build;
constexpr auto lint = CommandKind::lint;
constexpr auto unknown = CommandKind::unknown;

struct Sample {
  std::string command;
  CommandClass expected;
};

void expect_all(const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) EXPECT_EQ(classify_shell(sample.command), sample.expected) << sample.command;
}

TEST(ClassifyCommand, KnowsTestRunnersOfManyLanguages) {
  expect_all({{"pytest -q tests/test_a.py", shown(test, "pytest")},
              {"python3 -m pytest -x", shown(test, "pytest")},
              {"python3.11 -m unittest discover", shown(test, "unittest")},
              {"python manage.py test shop", shown(test, "manage.py")},
              {"coverage run -m pytest", shown(test, "pytest")},
              {"python -m coverage run --source src -m pytest", shown(test, "pytest")},
              {"ctest --test-dir build", shown(test, "ctest")},
              {"cargo +nightly test --workspace", shown(test, "cargo")},
              {"cargo nextest run", shown(test, "cargo")},
              {"go test ./...", shown(test, "go")},
              {"npm test", shown(test, "npm")},
              {"npm run test:unit -- --coverage", shown(test, "npm")},
              {"pnpm --filter web test", shown(test, "pnpm")},
              {"yarn workspace web test", shown(test, "yarn")},
              {"bun test", shown(test, "bun")},
              {"node --test", shown(test, "node")},
              {"node node_modules/.bin/jest", shown(test, "jest")},
              {"php vendor/bin/phpunit", shown(test, "phpunit")},
              {"./gradlew :app:testDebugUnitTest", shown(test, "gradlew")},
              {"mvn -q -pl core test", shown(test, "mvn")},
              {"dotnet test", shown(test, "dotnet")},
              {"make check", shown(test, "make")},
              {"make -j 4 test", shown(test, "make")},
              {"cmake --build build --target test", shown(test, "cmake")},
              {"bundle exec rspec", shown(test, "rspec")},
              {"./run_tests.sh", shown(test, "run_tests.sh")},
              {"bash scripts/test.sh", shown(test, "test.sh")},
              {"build/release/test_base --gtest_filter=Text.*", shown(test, "test_base")},
              {"./dev test", shown(test, "dev")}});
}

TEST(ClassifyCommand, TellsBuildLintTypecheckAndBenchmarkApart) {
  expect_all({{"cargo build --release", shown(build, "cargo")},
              {"cargo test --no-run", shown(build, "cargo")},
              {"go test -c ./pkg", shown(build, "go")},
              {"g++ -O2 a.cpp", shown(build, "g++")},
              {"clang++-14 -c a.cpp", shown(build, "clang++-14")},
              {"make", shown(build, "make")},
              {"ninja -C build test_observe", shown(build, "ninja")},
              {"cmake --build build -j2", shown(build, "cmake")},
              {"npm run build", shown(build, "npm")},
              {"gradle assemble", shown(build, "gradle")},
              {"cargo clippy -- -D warnings", shown(lint, "cargo")},
              {"ruff check .", shown(lint, "ruff")},
              {"npm run lint:tests", shown(lint, "npm")},
              {"clang-tidy-14 a.cpp", shown(lint, "clang-tidy-14")},
              {"npx tsc --noEmit", shown(CommandKind::typecheck, "tsc")},
              {"uv run mypy src", shown(CommandKind::typecheck, "mypy")},
              {"cargo check", shown(CommandKind::typecheck, "cargo")},
              {"yarn type-check", shown(CommandKind::typecheck, "yarn")},
              {"cargo bench", shown(CommandKind::benchmark, "cargo")},
              {"go test -bench=. ./...", shown(CommandKind::benchmark, "go")},
              {"hyperfine ./a", shown(CommandKind::benchmark, "hyperfine")}});
}

TEST(ClassifyCommand, WhatOnlyTalksOrListsIsNotATestRun) {
  expect_all({{"pytest --version", shown(unknown, "pytest")},
              {"pytest --collect-only", shown(unknown, "pytest")},
              {"ctest -N", shown(unknown, "ctest")},
              {"make -n test", shown(unknown, "make")},
              {"cargo --help", shown(unknown, "cargo")},
              {"jest --listTests", shown(unknown, "jest")},
              {"build/unit_tests --gtest_list_tests", shown(unknown, "unit_tests")},
              {"npm install", shown(unknown, "npm")},
              {"npm run test:watch", shown(unknown, "npm")},
              {"cmake -B build", shown(unknown, "cmake")},
              {"ls tests", shown(unknown, "")},
              {"cat test_output.txt", shown(unknown, "")},
              {"test -f pytest.ini", shown(unknown, "")},
              {"[ -d tests ]", shown(unknown, "")},
              {"git commit -m 'pytest passes'", shown(unknown, "")},
              {"echo pytest", shown(unknown, "")},
              {"python -c 'import pytest'", shown(unknown, "python")},
              {"./latest/contest", shown(unknown, "contest")},
              {"", shown(unknown, "")}});
}

TEST(ClassifyCommand, LooksThroughWrappers) {
  const CommandClass pytest = shown(test, "pytest");
  for (const char* command :
       {"env -u A B=1 pytest", "FOO=1 BAR='x y' pytest -q", "timeout -k 5 60 pytest", "sudo -u app -E pytest",
        "nice -n 10 pytest", "nohup pytest", "stdbuf -oL pytest", "time -p pytest", "exec pytest", "command pytest",
        "npx -y pytest", "uv run --with hypothesis pytest", "uvx pytest", "poetry run pytest", "pipenv run pytest",
        "pdm run pytest", "conda run -n ci pytest", "xvfb-run -a pytest", "docker run --rm -v .:/w img pytest",
        "docker compose run --rm web pytest", "/usr/bin/env pytest", "env -S 'A=1 pytest -q'",
        "auto-dev learn run --task x -- pytest", "nix develop -c pytest", "bash -c pytest", "bash -lc 'pytest -q'",
        "sh -ec 'cd api; pytest'", "sudo bash -c \"timeout 9 env A=1 pytest\"", "eval 'pytest -q'", "flock /tmp/l pytest",
        "pipx run pytest", "direnv exec . pytest", "python -m pytest", "cross-env CI=1 pytest"})
    EXPECT_EQ(classify_shell(command), pytest) << command;
}

TEST(ClassifyCommand, ArgumentVectorsAreNotInterpretedByAShell) {
  EXPECT_EQ(classify_command({"pytest", "-k", "a || true"}), shown(test, "pytest"));
  EXPECT_EQ(classify_command({"bash", "-c", "pytest || true"}), hidden(test, "pytest"));
  EXPECT_EQ(classify_command({}), shown(unknown, ""));
  EXPECT_EQ(classify_command({""}), shown(unknown, ""));
}

TEST(ClassifyCommand, AListShowsTheCodeOfItsMostTellingPart) {
  expect_all({{"cd api && pytest", shown(test, "pytest")},
              {"cd api; pytest", shown(test, "pytest")},
              {"cmake --build b && ctest --test-dir b", shown(test, "ctest")},
              {"pytest && echo ok", shown(test, "pytest")},
              {"npm run lint && npm test && npm run build", shown(test, "npm")},
              {"(cd api && pytest)", shown(test, "pytest")},
              {"{ cd api; pytest; }", shown(test, "pytest")},
              {"pytest > log.txt 2>&1", shown(test, "pytest")},
              {"pytest &> log.txt", shown(test, "pytest")},
              {"set -e; pytest; echo done", shown(test, "pytest")},
              {"set -euo pipefail\npytest | tee log", shown(test, "pytest")},
              {"bash -euo pipefail -c 'pytest | tee log'", shown(test, "pytest")},
              {"pytest; exit $?", shown(test, "pytest")},
              {"pytest || exit 1", shown(test, "pytest")},
              {"yes | make test", shown(test, "make")},
              {"pytest # | tail", shown(test, "pytest")},
              {"cat <<EOF > a.txt\npytest | tail\nEOF\nmake", shown(build, "make")},
              {"if [ -d x ]; then cd x; fi; pytest", shown(test, "pytest")},
              {"pytest -k \"$(cat names | head -1)\"", shown(test, "pytest")}});
}

TEST(ClassifyCommand, AHiddenExitCodeIsNoticed) {
  expect_all({{"pytest | tail -5", hidden(test, "pytest")},
              {"pytest 2>&1 | grep FAILED", hidden(test, "pytest")},
              {"pytest |& tee log", hidden(test, "pytest")},
              {"pytest || true", hidden(test, "pytest")},
              {"pytest && true || echo failed", hidden(test, "pytest")},
              {"pytest; echo done", hidden(test, "pytest")},
              {"pytest; echo $?", hidden(test, "pytest")},
              {"pytest\necho done", hidden(test, "pytest")},
              {"pytest &", hidden(test, "pytest")},
              {"! pytest", hidden(test, "pytest")},
              {"make || pytest", hidden(test, "pytest")},
              {"if pytest; then echo ok; fi", hidden(test, "pytest")},
              {"for t in a b; do pytest $t; done", hidden(test, "pytest")},
              {"while ! pytest; do sleep 1; done", hidden(test, "pytest")},
              {"(pytest | tail) && echo ok", hidden(test, "pytest")},
              {"{ pytest; } || true", hidden(test, "pytest")},
              {"(pytest) || true", hidden(test, "pytest")},
              {"set -e; pytest && echo a; echo b", hidden(test, "pytest")},
              {"set -e; set +e; pytest; echo b", hidden(test, "pytest")},
              {"bash -c 'pytest; exit 0'", hidden(test, "pytest")},
              {"pytest || exit 0", hidden(test, "pytest")}});
}

TEST(ClassifyCommand, HostileCommandsEndAtOnce) {
  std::string nested = "pytest";
  for (int i = 0; i < 200; ++i) nested = "(" + nested + ")";
  EXPECT_TRUE(classify_shell(nested).hides_exit_code);
  Words shells;
  for (int i = 0; i < 100'000; ++i) shells.insert(shells.end(), {"env", "python", "-m"});
  EXPECT_EQ(classify_command(shells).kind, unknown);
  std::string eval;
  for (int i = 0; i < 10'000; ++i) eval += "eval bash -c ";
  EXPECT_EQ(classify_shell(eval).kind, unknown);
  for (const char* broken : {"'", "\"", "`", "$(", "${", "((((", "))))", "|||", "&&&&", ";;;;", "<<", "<<<<", "a <<EOF",
                             "\\", "set -", "set ''", "!", "{ { {", "bash -c", "env -S", "timeout", "docker compose",
                             "pytest | | |", "for", "if", "fi", "done; done", ">(", "<(a", "2>", "a 2>&"})
    EXPECT_LE(classify_shell(broken).tool.size(), 16u) << broken;
}

TEST(SplitShell, DropsRedirectionsQuotesAndComments) {
  const auto words = [](std::string_view text) {
    std::string all;
    for (const ShellToken& token : split_shell(text)) all += (token.is_operator ? "<" + token.text + ">" : token.text) + "|";
    return all;
  };
  EXPECT_EQ(words("a 'b c' \"d $e\" f\\ g"), "a|b c|d $e|f g|");
  EXPECT_EQ(words("a >x 2>&1 <y &>>z b"), "a|b|");
  EXPECT_EQ(words("a&&b||c;d|e&"), "a|<&&>|b|<||>|c|<;>|d|<|>|e|<&>|");
  EXPECT_EQ(words("a \"$(b \"c d\" | e)\" f"), "a|$(b \"c d\" | e)|f|");
  EXPECT_EQ(words("a <<X b\nbody ; body\nX\nc"), "a|b|<;>|c|");
  EXPECT_EQ(words("a '' b"), "a||b|");
  EXPECT_EQ(words("a # c d\nb"), "a|<;>|b|");
}

TEST(PrintableCommand, QuotesWhatNeedsItAndHidesSecrets) {
  EXPECT_EQ(printable_command({"pytest", "-k", "a b"}), "pytest -k 'a b'");
  EXPECT_EQ(printable_command({"env", "GITHUB_TOKEN=abc123", "deploy"}), "env GITHUB_TOKEN=xxxxx deploy");
  EXPECT_EQ(printable_command({"curl", "--api-key", "abc123", "--verbose"}), "curl --api-key xxxxx --verbose");
  EXPECT_EQ(printable_command({"login", "--password=abc123"}), "login --password=xxxxx");
  EXPECT_EQ(printable_command({"a", "it's"}), "a 'it'\\''s'");
  EXPECT_LE(printable_command(Words(1, std::string(100'000, 'x'))).size(), 4'096u);
}

}  // namespace
}  // namespace autodev::evidence
