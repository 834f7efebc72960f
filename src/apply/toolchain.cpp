// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One table of languages: the program to look for, the question that makes it tell its real place, and the commands.
#include "apply/toolchain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "apply/precompiled.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::chrono::seconds question_limit(20);  // cold JVMs and shims under load took up to 3 s

/// Runs a question and returns its output lines.
Result<std::vector<std::string>> ask(base::Env& env, std::vector<std::string> arguments) {
  base::ProcessOptions options;
  options.arguments = std::move(arguments);
  options.timeout = question_limit;
  options.max_output_bytes = 64u << 10;
  AUTODEV_TRY_ASSIGN(const base::ProcessResult result, env.run(options));
  if (result.exit_code != 0)
    return fail(ErrorCode::unavailable, fmt::format("{} does not work: {}", options.arguments[0],
                                                    base::clip_utf8(base::trim(result.error), 200)));
  std::vector<std::string> lines;
  for (const auto line : base::split_lines(result.output)) lines.emplace_back(base::trim(line));
  return lines;
}

bool in_system_folder(std::string_view path) {
  static constexpr std::array<std::string_view, 5> system{"/usr/", "/bin/", "/lib/", "/lib64/", "/sbin/"};
  return std::any_of(system.begin(), system.end(), [&](std::string_view prefix) { return path.starts_with(prefix); });
}

/// "/a/b/bin/java" -> "/a/b".
std::string prefix_of(const std::string& executable) {
  const auto bin = executable.rfind('/');
  const auto prefix = bin == std::string::npos ? bin : executable.rfind('/', bin - 1);
  return prefix == std::string::npos ? std::string() : executable.substr(0, prefix);
}

Result<std::string> real_path(base::Env& env, const std::string& path) {
  AUTODEV_TRY_ASSIGN(const auto lines, ask(env, {"readlink", "-f", path}));
  return lines.empty() ? path : lines[0];
}

/// Real executable of a language and the folder that holds its installation.
struct Place {
  std::string executable, prefix;
};

Result<Place> place_of(base::Env& env, Language language, const std::string& found) {
  switch (language) {
    case Language::python: {
      AUTODEV_TRY_ASSIGN(const auto lines,
                         ask(env, {found, "-I", "-c",
                                   "import os, sys\n"
                                   "print(os.path.realpath(getattr(sys, '_base_executable', sys.executable)))\n"
                                   "print(os.path.realpath(sys.base_prefix))"}));
      if (lines.size() >= 2) return Place{lines[0], lines[1]};
      break;
    }
    case Language::javascript: {
      AUTODEV_TRY_ASSIGN(const auto lines, ask(env, {found, "-p", "process.execPath"}));
      if (!lines.empty()) return Place{lines[0], prefix_of(lines[0])};
      break;
    }
    case Language::rust: {
      AUTODEV_TRY_ASSIGN(const auto lines, ask(env, {found, "--print", "sysroot"}));
      if (!lines.empty()) return Place{lines[0] + "/bin/rustc", lines[0]};
      break;
    }
    case Language::go: {
      AUTODEV_TRY_ASSIGN(const auto lines, ask(env, {found, "env", "GOROOT"}));
      if (!lines.empty()) return Place{lines[0] + "/bin/go", lines[0]};
      break;
    }
    default: {
      AUTODEV_TRY_ASSIGN(const auto executable, real_path(env, found));
      return Place{executable, prefix_of(executable)};
    }
  }
  return fail(ErrorCode::unavailable, fmt::format("{} does not say where it is installed", found));
}

std::string program_of(Language language) {
  switch (language) {
    case Language::python: return "python3";
    case Language::cpp: return "g++";
    case Language::c: return "gcc";
    case Language::javascript: return "node";
    case Language::rust: return "rustc";
    case Language::go: return "go";
    case Language::java: return "java";
    case Language::ruby: return "ruby";
    case Language::php: return "php";
    case Language::bash: return "bash";
    default: return {};
  }
}

/// Fills in the commands for `executable`.
void set_commands(Language language, const std::string& executable, Toolchain& chain) {
  switch (language) {
    case Language::cpp:
      chain.file = "main.cpp";
      chain.compile = {executable, "-std=c++17", "-O0", "-w", "main.cpp", "-o", "main"};
      chain.run = {"./main"};
      return;
    case Language::c:
      chain.file = "main.c";
      chain.compile = {executable, "-std=c99", "-O0", "-w", "main.c", "-o", "main", "-lm"};
      chain.run = {"./main"};
      return;
    case Language::rust:
      chain.file = "main.rs";
      chain.compile = {executable, "--edition", "2021", "-A", "warnings", "main.rs", "-o", "main"};
      chain.run = {"./main"};
      chain.reserves_address_space = true;
      return;
    case Language::go:
      chain.file = "main.go";
      chain.compile = {executable, "build", "-o", "main", "main.go"};
      chain.run = {"./main"};
      chain.environment = {{"GOCACHE", "/tmp/go-cache"}, {"GOTOOLCHAIN", "local"}, {"CGO_ENABLED", "0"},
                           {"GOFLAGS", "-p=2"},          {"GO111MODULE", "off"}};  // GOCACHE stays first
      chain.reserves_address_space = true;
      return;
    case Language::java:
      chain.file = "Main.java";
      chain.run = {executable, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx512m", "Main.java"};
      chain.reserves_address_space = true;
      return;
    case Language::javascript:
      chain.file = "main.js";
      chain.run = {executable, "main.js"};
      chain.environment = {{"OPENSSL_CONF", "/dev/null"}};
      chain.reserves_address_space = true;
      return;
    case Language::python:
      chain.file = "main.py";
      chain.run = {executable, "-I", "-B", "main.py"};
      return;
    default:
      chain.file = "main";
      chain.run = {executable, "main"};
      return;
  }
}

/// Packages that small programs use: compiled once instead of in every run.
constexpr const char* warming_program =
    "package main\n\nimport (\n\t_ \"bufio\"\n\t_ \"bytes\"\n\t_ \"container/heap\"\n\t_ \"encoding/json\"\n"
    "\t_ \"errors\"\n\t\"fmt\"\n\t_ \"math\"\n\t_ \"math/rand\"\n\t_ \"os\"\n\t_ \"reflect\"\n\t_ \"regexp\"\n"
    "\t_ \"sort\"\n\t_ \"strconv\"\n\t_ \"strings\"\n\t_ \"sync\"\n\t_ \"time\"\n\t_ \"unicode\"\n)\n\n"
    "func main() { fmt.Println() }\n";

/// Folder with Go's standard library compiled by this Go, made on first use; empty when that is not possible, and then
/// every run compiles it anew. Runs see it read-only, which Go accepts.
std::string warm_go_cache(base::Env& env, const std::string& go) {
  const auto version = ask(env, {go, "env", "GOVERSION"});
  const auto home = env.variable("HOME").value_or("");
  const auto base = env.variable("XDG_CACHE_HOME").value_or(home.empty() ? "" : home + "/.cache");
  if (!version || version->empty() || !base.starts_with('/')) return {};
  const auto parent = fmt::format("{}/auto-dev/go-{}", base, version->front());
  const auto folder = parent + "/build";
  const auto ready = env.status(parent + "/ready");
  if (ready && *ready) return folder;
  if (!env.create_directories(parent) || !env.write_file_atomically(parent + "/main.go", warming_program)) return {};
  base::ProcessOptions options;
  options.arguments = {go, "build", "-p=2", "-o", parent + "/main", parent + "/main.go"};
  options.environment = {{"GOCACHE", folder}, {"GOTOOLCHAIN", "local"}, {"CGO_ENABLED", "0"}, {"GO111MODULE", "off"}};
  options.timeout = std::chrono::minutes(5);
  const auto built = env.run(options);
  if (!built || built->exit_code != 0) return {};
  return env.write_file_atomically(parent + "/ready", "") ? folder : std::string();
}

}  // namespace

std::string find_program(base::Env& env, const std::string& program) {
  const auto path = env.variable("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  for (const auto folder : base::split(path, ':')) {
    if (!folder.starts_with('/')) continue;  // a relative entry would pick programs from foreign folders
    const auto candidate = fmt::format("{}/{}", folder, program);
    const auto status = env.status(candidate);
    if (status && *status && (*status)->type != base::FileType::directory) return candidate;
  }
  return {};
}

bool may_show_folder(const std::string& folder, const std::string& home) {
  if (!folder.starts_with('/') || folder.find("/..") != std::string::npos || folder.ends_with('/')) return false;
  static constexpr std::array<std::string_view, 12> never{"/root", "/home", "/etc", "/var",  "/tmp",  "/opt",
                                                          "/srv",  "/mnt",  "/run", "/proc", "/dev", "/sys"};
  if (std::find(never.begin(), never.end(), folder) != never.end()) return false;
  if (std::count(folder.begin(), folder.end(), '/') < 2) return false;
  if (home.empty()) return true;
  if (home == folder || home.starts_with(folder + "/")) return false;
  return folder != home + "/.local" && folder != home + "/.config" && folder != home + "/.cache";
}

Result<Toolchain> find_toolchain(base::Env& env, Language language) {
  const auto program = program_of(language);
  if (program.empty())
    return fail(ErrorCode::unavailable, fmt::format("programs in {} cannot be run", to_string(language)));
  const auto found = find_program(env, program);
  if (found.empty())
    return fail(ErrorCode::unavailable, fmt::format("no {} in PATH: programs in {} cannot be run", program,
                                                    to_string(language)),
                fmt::format("install {}", program));
  AUTODEV_TRY_ASSIGN(const Place place, place_of(env, language, found));
  Toolchain chain;
  set_commands(language, place.executable, chain);
  if (!in_system_folder(place.executable) || !in_system_folder(place.prefix + "/")) {
    if (!may_show_folder(place.prefix, env.variable("HOME").value_or("")))
      return fail(ErrorCode::unavailable,
                  fmt::format("{} lives in {}, which cannot be shown to foreign code", program, place.prefix),
                  fmt::format("install {} into a folder of its own", program));
    chain.folders.push_back(place.prefix);
  }
  if (language == Language::go) {
    if (const auto cache = warm_go_cache(env, place.executable); !cache.empty()) {
      chain.folders.push_back(cache);
      chain.environment[0].second = cache;
    }
  }
  if (language == Language::cpp) {
    chain.headers = precompiled_folder(env, place.executable);
    if (!chain.headers.empty()) chain.folders.push_back(chain.headers);
  }
  return chain;
}

}  // namespace autodev::apply
