// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The sandbox: files travel over standard input into a bounded folder in memory, the command runs there, and the
// end of bubblewrap is the end of everything it started. Nothing foreign ever touches the host's disk.
#include "apply/sandbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <optional>

#include "apply/confinement.h"
#include "apply/precompiled.h"
#include "apply/toolchain.h"
#include "base/hash.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_cached = 50'000;
constexpr std::string_view unsafe_prefix = "autodev-unsafe-";  ///< then the process id, then chance
constexpr int compile_failed_code = 125;
/// On top of the test's own time: a cold C++ compile with <bits/stdc++.h> took 4 s on a loaded 2-core machine.
constexpr std::chrono::seconds compile_allowance(60);
/// User ids that no account owns and that systemd reserves for transient services.
constexpr std::uint32_t first_transient_user = 61'184;
constexpr std::uint32_t transient_users = 4'336;
/// A cold Go build writes the compiled standard library first.
constexpr std::uint64_t compiler_disk_bytes = 512u << 20;

/// Unpacks `count` files from standard input by name and size, then becomes the command. The kernel is told to
/// prefer this process when memory runs out.
constexpr const char* unpack_and_run =
    "echo 1000 > /proc/self/oom_score_adj\n"
    "n=$1; shift\n"
    "while [ \"$n\" -gt 0 ]; do\n"
    "  case \"$1\" in */*) mkdir -p -- \"${1%/*}\" || exit 126;; esac\n"
    "  head -c \"$2\" > \"$1\" || exit 126\n"
    "  shift 2; n=$((n-1))\n"
    "done\n"
    "exec \"$@\" < /dev/null\n";

/// The last bytes of two streams as they arrived.
class Tail {
 public:
  explicit Tail(std::size_t kept) : kept_(kept) {}
  void add(std::string_view bytes) {
    text_.append(bytes);
    if (text_.size() > 4 * kept_) text_.erase(0, text_.size() - kept_);
  }
  [[nodiscard]] std::string take() {
    if (text_.size() > kept_) text_.erase(0, text_.size() - kept_);
    return base::repair_utf8(text_);
  }

 private:
  std::size_t kept_;
  std::string text_;
};

bool is_plain_relative(const std::string& name) {
  if (name.empty() || name.front() == '/' || name.find('\0') != std::string::npos) return false;
  const auto parts = base::split(name, '/');
  return std::none_of(parts.begin(), parts.end(), [](std::string_view p) { return p.empty() || p == ".." || p == "."; });
}

std::string quoted(const std::string& word) {
  std::string out(1, '\'');
  for (const char c : word) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  out += '\'';
  return out;
}

std::string command_line(const std::vector<std::string>& arguments) {
  std::vector<std::string> words;
  for (const auto& argument : arguments) words.push_back(quoted(argument));
  return base::join(words, " ");
}

/// SIGINT or SIGTERM, or a wrapper's exit code for them.
bool ended_by_user(const base::ProcessResult& ended) {
  return ended.signal == 2 || ended.signal == 15 || ended.exit_code == 130 || ended.exit_code == 143;
}

class BubblewrapSandbox final : public Sandbox {
 public:
  BubblewrapSandbox(base::Env& env, Options options, Confinement machine)
      : env_(env), options_(options), machine_(std::move(machine)) {}

  Result<SandboxRun> run(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& files,
                         const SandboxLimits& limits) override {
    return execute(arguments, files, limits, nullptr);
  }

  Result<SandboxRun> run_program(Language language, const std::string& source, double timeout_s) override {
    const auto key = base::hash128(
        fmt::format("{}\n{}\n{}\n{}", to_string(language), timeout_s, options_.limits.memory_bytes, source));
    if (const auto known = cached(key)) return *known;
    AUTODEV_TRY_ASSIGN(const Toolchain chain, toolchain(language));
    AUTODEV_TRY_ASSIGN(SandboxRun result, run_with(language, chain, source, timeout_s));
    remember(key, result);
    return result;
  }

  Result<SandboxRun> run_script(Language language, std::map<std::string, std::string> files, const std::string& script,
                                const SandboxLimits& limits) override {
    AUTODEV_TRY_ASSIGN(const Toolchain chain, toolchain(language));
    files[chain.file] = script;
    return execute(chain.run, files, limits, &chain);
  }

  Result<SandboxRun> run_in_toolchain(Language language, const std::vector<std::string>& arguments,
                                      const std::map<std::string, std::string>& files,
                                      const SandboxLimits& limits) override {
    if (language == Language::unknown) return execute(arguments, files, limits, nullptr);
    const auto chain = toolchain(language);
    return execute(arguments, files, limits, chain ? &*chain : nullptr);
  }

  Result<void> require_toolchain(Language language) override {
    AUTODEV_TRY(toolchain(language));
    return {};
  }

  std::string prepared_header(Language language, const std::vector<std::string>& headers) override {
    if (language != Language::cpp) return {};
    const auto chain = toolchain(language);
    if (!chain || chain->headers.empty()) return {};
    const std::lock_guard lock(headers_mutex_);
    if (!headers_) {
      auto command = chain->compile;  // up to the source: what follows does not decide what fits
      command.erase(std::find(command.begin(), command.end(), chain->file), command.end());
      headers_.emplace(env_, chain->headers, std::move(command));
    }
    const auto header = headers_->header_for(headers);
    if (header.empty()) return {};
    const auto [known, fresh] = readable_.try_emplace(header, false);
    if (fresh) {  // a header that runs cannot see would fail every program
      const auto seen = execute({"test", "-r", header, "-a", "-r", header + ".gch"}, {}, options_.limits, &*chain);
      known->second = seen && seen->passed;
    }
    return known->second ? header : std::string();
  }

  [[nodiscard]] SandboxStatistics statistics() const override {
    const std::lock_guard lock(mutex_);
    return statistics_;
  }

  /// Tries the smallest possible run; what it prints explains a refusal.
  Result<void> try_out() {
    auto limits = options_.limits;
    limits.wall = std::chrono::seconds(20);
    AUTODEV_TRY_ASSIGN(const SandboxRun result, execute({"sh", "-c", "true & wait; true"}, {}, limits, nullptr));
    if (result.passed) return {};
    return fail(ErrorCode::unavailable,
                fmt::format("bubblewrap does not work here: {}", base::clip_utf8(base::trim(result.output), 300)));
  }

  void without_namespace_lock() { machine_.disable_namespaces = false; }

 private:
  std::optional<SandboxRun> cached(const Digest& key) {
    const std::lock_guard lock(mutex_);
    const auto found = cache_.find(key);
    if (found == cache_.end()) return std::nullopt;
    ++statistics_.cached;
    return found->second;
  }

  void remember(const Digest& key, const SandboxRun& result) {
    const std::lock_guard lock(mutex_);
    if (cache_.size() >= max_cached) cache_.clear();
    cache_.emplace(key, result);
  }

  Result<Toolchain> toolchain(Language language) {
    const std::lock_guard lock(toolchain_mutex_);
    const auto known = toolchains_.find(language);
    if (known != toolchains_.end()) return known->second;
    auto found = find_toolchain(env_, language);
    toolchains_.emplace(language, found);
    return found;
  }

  Result<SandboxRun> run_with(Language language, const Toolchain& chain, std::string source, double timeout_s) {
    SandboxLimits limits = options_.limits;
    const auto test_time = std::chrono::milliseconds(static_cast<std::int64_t>(timeout_s * 1000));
    limits.wall = test_time;
    if (chain.compile.empty()) return execute(chain.run, {{chain.file, source}}, limits, &chain);
    limits.wall += compile_allowance;
    limits.disk_bytes = std::max(limits.disk_bytes, compiler_disk_bytes);
    auto compile = chain.compile;
    if (language == Language::cpp) {
      auto block = leading_headers(source);
      if (const auto header = prepared_header(language, block.headers); !header.empty()) {
        compile.insert(compile.begin() + 1, {"-include", header});
        source = std::move(block.rest);
      }
    }
    const auto script = fmt::format("{} || exit {}\nexec timeout -s KILL {:.3f} {}\n", command_line(compile),
                                    compile_failed_code, timeout_s, command_line(chain.run));
    AUTODEV_TRY_ASSIGN(SandboxRun result, execute({"sh", "-c", script}, {{chain.file, source}}, limits, &chain));
    result.compile_failed = result.exit_code == compile_failed_code;
    result.timed_out = result.timed_out || (result.exit_code == 137 && result.duration >= test_time);
    return result;
  }

  Result<SandboxRun> execute(const std::vector<std::string>& arguments,
                             const std::map<std::string, std::string>& files, const SandboxLimits& limits,
                             const Toolchain* chain) {
    std::vector<std::string> command{"sh", "-c", unpack_and_run, "sh", std::to_string(files.size())};
    base::ProcessOptions process;
    for (const auto& [name, text] : files) {
      if (!is_plain_relative(name))
        return fail(ErrorCode::usage, fmt::format("'{}' is no relative file name for a sandbox", name));
      command.push_back(name);
      command.push_back(std::to_string(text.size()));
      process.input += text;
    }
    command.insert(command.end(), arguments.begin(), arguments.end());
    return options_.unsafe ? start_bare(command, limits, chain, std::move(process))
                           : start(confined(machine_, chain, limits, transient_user(), command), limits,
                                   std::move(process));
  }

  std::uint32_t transient_user() {
    return first_transient_user + static_cast<std::uint32_t>(env_.random_u64() % transient_users);
  }

  Result<SandboxRun> start(std::vector<std::string> arguments, const SandboxLimits& limits,
                           base::ProcessOptions process) {
    Tail tail(limits.output_bytes);
    process.arguments = std::move(arguments);
    process.timeout = limits.wall;
    process.forward_signals = options_.forward_signals;
    process.max_output_bytes = 0;
    process.on_output = [&](int, std::string_view bytes) { tail.add(bytes); };
    AUTODEV_TRY_ASSIGN(const base::ProcessResult ended, env_.run(process));
    SandboxRun result;
    result.exit_code = ended.exit_code;
    result.timed_out = ended.timed_out;
    result.interrupted = options_.forward_signals && !ended.timed_out && ended_by_user(ended);
    result.passed = ended.exit_code == 0 && !ended.timed_out;
    result.output = tail.take();
    result.duration = ended.duration;
    const std::lock_guard lock(mutex_);
    ++statistics_.runs;
    statistics_.total += ended.duration;
    return result;
  }

  /// Our process id in this process's namespace; 0 without /proc.
  std::uint64_t own_process() {
    const auto stat = env_.read_file("/proc/self/stat", 4'096);
    return stat ? std::strtoull(stat->c_str(), nullptr, 10) : 0;
  }

  /// Folders of processes that are gone: they were killed before they could clean up.
  Result<void> remove_stale(const std::string& parent) {
    if (looked_for_stale_.exchange(true)) return {};
    AUTODEV_TRY_ASSIGN(const auto entries, env_.list(parent));
    for (const auto& entry : entries) {
      if (entry.type != base::FileType::directory || !entry.name.starts_with(unsafe_prefix)) continue;
      const auto owner = std::strtoull(entry.name.c_str() + unsafe_prefix.size(), nullptr, 10);
      if (owner == 0) continue;
      AUTODEV_TRY_ASSIGN(const auto alive, env_.status(fmt::format("/proc/{}", owner)));
      if (!alive) (void)env_.remove_tree(fmt::format("{}/{}", parent, entry.name));  // another user's stays
    }
    return {};
  }

  /// Without bubblewrap: limits, a clean environment and a folder that is removed afterwards; nothing more.
  Result<SandboxRun> start_bare(const std::vector<std::string>& command, const SandboxLimits& limits,
                                const Toolchain* chain, base::ProcessOptions process) {
    const auto parent = env_.variable("TMPDIR").value_or("/tmp");
    AUTODEV_TRY(remove_stale(parent));
    process.directory = fmt::format("{}/{}{}-{:016x}", parent, unsafe_prefix, own_process(), env_.random_u64());
    AUTODEV_TRY(env_.create_directories(process.directory));
    process.clear_environment = true;
    if (chain != nullptr) process.environment = chain->environment;
    process.environment.emplace_back("PATH", search_path(chain));
    process.environment.emplace_back("HOME", process.directory);
    process.environment.emplace_back("LANG", "C.UTF-8");
    const auto folder = process.directory;
    auto result = start(limited(limits, chain != nullptr && chain->reserves_address_space, 0, command), limits,
                        std::move(process));
    AUTODEV_TRY(env_.remove_tree(folder));
    return result;
  }

  base::Env& env_;
  Options options_;
  Confinement machine_;
  mutable std::mutex mutex_;  ///< guards cache_ and statistics_
  std::map<Digest, SandboxRun> cache_;
  SandboxStatistics statistics_;
  std::atomic<bool> looked_for_stale_ = false;  ///< unsafe mode only
  std::mutex headers_mutex_;  ///< guards headers_ and readable_
  std::map<std::string, bool> readable_;  ///< headers: from inside
  std::optional<PrecompiledHeaders> headers_;
  std::mutex toolchain_mutex_;  ///< guards toolchains_
  std::map<Language, Result<Toolchain>> toolchains_;
};

Error without_sandbox(std::string message) {
  return Error{ErrorCode::unavailable, std::move(message),
               "install bubblewrap and util-linux (apt install bubblewrap util-linux) where user namespaces are "
               "allowed, or accept the risk with --unsafe-no-sandbox"};
}

}  // namespace

Result<std::unique_ptr<Sandbox>> Sandbox::open(base::Env& env, Options options) {
  if (options.unsafe) return std::make_unique<BubblewrapSandbox>(env, options, Confinement{});
  for (const char* needed : {"bwrap", "prlimit", "setpriv"})
    if (find_program(env, needed).empty())
      return tl::make_unexpected(without_sandbox(fmt::format("foreign code cannot be run safely: no {}", needed)));
  AUTODEV_TRY_ASSIGN(Confinement machine, inspect_machine(env));
  auto sandbox = std::make_unique<BubblewrapSandbox>(env, options, std::move(machine));
  auto tried = sandbox->try_out();
  if (!tried) {  // bubblewrap before 0.8 does not know --disable-userns
    sandbox->without_namespace_lock();
    tried = sandbox->try_out();
  }
  if (!tried) return tl::make_unexpected(without_sandbox(tried.error().message));
  return sandbox;
}

}  // namespace autodev::apply
