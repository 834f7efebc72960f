// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The settings below were collected from git-config(1): everything that names a program git would run while
// reading, writing a private index, or comparing trees.
#include "observe/git_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace autodev::observe {
namespace {

using base::ProcessOptions;
using base::ProcessResult;

/// A history of a million commits is counted in seconds; what takes longer hangs.
constexpr std::chrono::minutes longest_command(10);
/// Listings of changed files: 256 MiB are some million paths.
constexpr std::size_t max_listing_bytes = std::size_t{256} << 20;

constexpr std::array overridden{
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat",        "core.sshCommand=false",
    "core.askPass=false",   "core.quotePath=true",      "core.splitIndex=false", "log.showSignature=false",
    "log.showRoot=true",    "diff.external=",           "diff.orderFile=/dev/null",       "credential.helper=",
    "protocol.allow=never", "gc.auto=0",                "maintenance.auto=false",
};

constexpr std::array<std::pair<const char*, const char*>, 9> fixed_variables{{
    {"LC_ALL", "C"},
    {"GIT_CONFIG_NOSYSTEM", "1"},
    {"GIT_CONFIG_GLOBAL", "/dev/null"},
    {"GIT_TERMINAL_PROMPT", "0"},
    {"GIT_OPTIONAL_LOCKS", "0"},
    {"GIT_NO_LAZY_FETCH", "1"},
    {"GIT_NO_REPLACE_OBJECTS", "1"},
    {"GIT_ALLOW_PROTOCOL", ""},
    {"GIT_ATTR_NOSYSTEM", "1"},
}};

constexpr std::array passed_on{"PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "LD_LIBRARY_PATH", "GIT_EXEC_PATH"};

std::string_view first_line(std::string_view text) { return text.substr(0, std::min(text.find('\n'), text.size())); }

std::string without_newline(std::string text) {
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// The path in "detected dubious ownership in repository at '/x'"; empty when the text says something else.
std::string refused_path(std::string_view error) {
  constexpr std::string_view before = "dubious ownership in repository at '";
  const std::size_t start = error.find(before);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = error.substr(start + before.size());
  return std::string(rest.substr(0, rest.find("'\n")));
}

}  // namespace

std::string absolute_path(base::Env& env, const std::string& path) {
  if (!path.empty() && path.front() == '/') return path;
  if (path.empty() || path == ".") return env.current_directory();
  return fmt::format("{}/{}", env.current_directory(), path);
}

ProcessOptions Git::options(const std::vector<std::string>& arguments) const {
  ProcessOptions options;
  const auto add = [&options](std::string_view word) { options.arguments.emplace_back(word); };
  for (const std::string_view word : {std::string_view("git"), std::string_view("-C"), std::string_view(folder_),
                                      std::string_view("--no-pager")})
    add(word);
  for (const char* setting : overridden) add("-c"), add(setting);
  if (!safe_directory_.empty()) add("-c"), add(fmt::format("safe.directory={}", safe_directory_));
  for (const std::string& argument : arguments) add(argument);
  options.clear_environment = true;
  for (const char* name : passed_on)
    if (auto value = env_->variable(name)) options.environment.emplace_back(name, std::move(*value));
  for (const auto& [name, value] : fixed_variables) options.environment.emplace_back(name, value);
  options.environment.insert(options.environment.end(), variables_.begin(), variables_.end());
  return options;
}

Result<ProcessResult> Git::run(const std::vector<std::string>& arguments, std::string input) const {
  ProcessOptions run_options = options(arguments);
  run_options.input = std::move(input);
  run_options.timeout = longest_command;
  run_options.max_output_bytes = max_listing_bytes;
  auto result = env_->run(run_options);
  if (!result && result.error().code == ErrorCode::unavailable)
    return fail(ErrorCode::unavailable, "the program `git` is not installed", "install git, for example: apt install git");
  if (result && result->timed_out)
    return fail(ErrorCode::busy, fmt::format("git did not finish in {}", base::format_duration(longest_command)));
  if (result && result->output_truncated)
    return fail(ErrorCode::bad_data, fmt::format("git listed more than {}", base::format_bytes(max_listing_bytes)));
  return result;
}

Result<std::string> Git::output(const std::vector<std::string>& arguments, std::string_view doing, std::string input) const {
  AUTODEV_TRY_ASSIGN(ProcessResult result, run(arguments, std::move(input)));
  if (result.exit_code != 0) return tl::make_unexpected(failure(result, doing));
  return std::move(result.output);
}

Result<std::optional<std::string>> Git::line(const std::vector<std::string>& arguments) const {
  AUTODEV_TRY_ASSIGN(const ProcessResult result, run(arguments));
  if (result.exit_code != 0) return std::optional<std::string>();
  return std::optional(std::string(first_line(result.output)));
}

Result<std::unique_ptr<base::ChildProcess>> Git::start(const std::vector<std::string>& arguments) const {
  return env_->start(options(arguments));
}

Error Git::failure(const ProcessResult& result, std::string_view doing) const {
  const std::string_view said = result.error;
  const auto says = [said](std::string_view words) { return said.find(words) != std::string_view::npos; };
  if (says("dubious ownership") || says("unsafe repository")) {
    const std::string path = refused_path(said);
    return {ErrorCode::permission, fmt::format("{} belongs to another user, and git refuses to read it", folder_),
            fmt::format("if you trust it: git config --global --add safe.directory '{}'", path.empty() ? folder_ : path)};
  }
  if (says("not a git repository"))
    return {ErrorCode::no_input, fmt::format("{} is not in a git repository", folder_), "name a folder of a repository"};
  if (says("cannot change to"))
    return {ErrorCode::no_input, fmt::format("no such folder: {}", folder_), ""};
  return {ErrorCode::bad_data,
          fmt::format("git could not {} in {}: {}", doing, folder_,
                      base::strip_controls(base::repair_utf8(first_line(said)))),
          "check the repository with: git fsck"};
}

/// The user's and the system's own safe.directory entries, read as git reads them: an empty one forgets those
/// before it, "*" allows everything, "x/*" everything below x.
Result<bool> Git::user_allows(std::string_view path) const {
  ProcessOptions query;
  query.arguments = {"git", "config", "-z", "--type=path", "--get-all", "safe.directory"};
  query.environment = {{"GIT_DIR", "/dev/null/none"}, {"LC_ALL", "C"}};  // no repository's own configuration
  query.directory = std::string("/");
  query.timeout = longest_command;
  AUTODEV_TRY_ASSIGN(const ProcessResult result, env_->run(query));
  bool allowed = false;
  for (const std::string_view entry : base::split(result.output, '\0')) {
    if (entry.empty() && entry.data() == result.output.data() + result.output.size()) break;  // behind the last NUL
    if (entry.empty()) allowed = false;
    const bool below = entry.size() > 2 && entry.substr(entry.size() - 2) == "/*" &&
                       path.substr(0, entry.size() - 1) == entry.substr(0, entry.size() - 1);
    if (entry == "*" || entry == path || below) allowed = true;
  }
  return allowed;
}

Result<void> Git::find_repository() {
  const std::vector<std::string> question{"rev-parse", "--is-inside-work-tree", "--absolute-git-dir"};
  AUTODEV_TRY_ASSIGN(ProcessResult result, run(question));
  if (result.exit_code != 0) {
    const std::string path = refused_path(result.error);
    if (!path.empty()) {
      AUTODEV_TRY_ASSIGN(const bool allowed, user_allows(path));
      if (allowed) {
        safe_directory_ = path;
        AUTODEV_TRY_ASSIGN(result, run(question));
      }
    }
  }
  if (result.exit_code != 0) return tl::make_unexpected(failure(result, "find the repository"));
  const std::size_t newline = result.output.find('\n');
  if (newline == std::string::npos) return tl::make_unexpected(failure(result, "find the repository"));
  git_folder_ = without_newline(result.output.substr(newline + 1));
  if (result.output.substr(0, newline) != "true") return {};
  AUTODEV_TRY_ASSIGN(std::string root, output({"rev-parse", "--show-toplevel"}, "find the work tree"));
  work_tree_ = without_newline(std::move(root));
  return {};
}

Result<Git> Git::open(base::Env& env, const std::string& path) {
  Git git(env, absolute_path(env, path));
  AUTODEV_TRY(git.find_repository());
  return git;
}

std::string Git::project_name() const {
  std::string_view path = work_tree_ ? *work_tree_ : git_folder_;
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  if (!work_tree_ && path.size() > 5 && path.substr(path.size() - 5) == "/.git") path.remove_suffix(5);
  std::string_view name = path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
  if (name.size() > 4 && name.substr(name.size() - 4) == ".git") name.remove_suffix(4);
  return base::repair_utf8(name);
}

Result<Variables> Git::settings() const {
  AUTODEV_TRY_ASSIGN(const std::string listing, output({"config", "-z", "--list"}, "read the configuration"));
  Variables settings;
  for (const std::string_view entry : base::split(listing, '\0')) {
    const std::size_t newline = std::min(entry.find('\n'), entry.size());
    if (!entry.empty())
      settings.emplace_back(entry.substr(0, newline), entry.substr(std::min(newline + 1, entry.size())));
  }
  return settings;
}

Result<bool> Git::is_partial_clone() const {
  AUTODEV_TRY_ASSIGN(const Variables all, settings());
  return std::any_of(all.begin(), all.end(), [](const auto& setting) {
    const std::string& name = setting.first;
    constexpr std::string_view ending = ".promisor";
    const bool promisor = name.rfind("remote.", 0) == 0 && name.size() > ending.size() &&
                          name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
    return name == "extensions.partialclone" || (promisor && setting.second != "false");
  });
}

}  // namespace autodev::observe
