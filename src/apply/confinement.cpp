// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Assembly of the bubblewrap command. Each option stands for one attack that a test makes.
#include "apply/confinement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::uint64_t shared_memory_bytes = 16u << 20;  // semaphores and small buffers, not a second disk
constexpr std::uint64_t open_files = 256;

void append(std::vector<std::string>& to, std::initializer_list<std::string> more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// First number at or after `position`.
std::uint64_t number_at(std::string_view text, std::size_t position) {
  std::uint64_t value = 0;
  while (position < text.size() && (text[position] < '0' || text[position] > '9')) ++position;
  std::from_chars(text.data() + std::min(position, text.size()), text.data() + text.size(), value);
  return value;
}

/// Linux 5.14 moved RLIMIT_NPROC to user namespaces.
bool counts_per_namespace(std::string_view release) {
  const auto major = number_at(release, 0);
  const auto dot = release.find('.');
  const auto minor = dot == std::string_view::npos ? 0 : number_at(release, dot);
  return major > 5 || (major == 5 && minor >= 14);
}

/// Tasks on the whole machine, from "0.5 0.4 0.3 2/345 6789".
std::uint64_t tasks_of(std::string_view load) {
  const auto slash = load.find('/');
  return slash == std::string_view::npos ? 4'096 : number_at(load, slash);
}

Result<void> show_system(base::Env& env, std::vector<std::string>& arguments) {
  append(arguments, {"--ro-bind", "/usr", "/usr"});
  static constexpr std::array<const char*, 5> aliases{"/bin", "/sbin", "/lib", "/lib32", "/lib64"};
  for (const std::string alias : aliases) {
    AUTODEV_TRY_ASSIGN(const auto status, env.status(alias));
    if (!status) continue;
    if (status->type == base::FileType::symlink)
      append(arguments, {"--symlink", "usr" + alias, alias});
    else
      append(arguments, {"--ro-bind", alias, alias});
  }
  append(arguments, {"--perms", "0755", "--dir", "/etc"});
  append(arguments, {"--ro-bind-try", "/etc/alternatives", "/etc/alternatives"});
  append(arguments, {"--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"});
  AUTODEV_TRY_ASSIGN(const auto entries, env.list("/etc"));
  for (const auto& entry : entries)  // Debian keeps the JVM's own configuration there
    if (entry.name.starts_with("java-") && entry.type == base::FileType::directory)
      append(arguments, {"--ro-bind", "/etc/" + entry.name, "/etc/" + entry.name});
  return {};
}

/// Shows `folder`. Its parents are made first and open to all: bubblewrap would copy the closed mode of a home
/// folder, and the transient user could not pass. Nothing else appears in them.
void show_folder(const std::string& folder, std::vector<std::string>& arguments) {
  for (auto slash = folder.find('/', 1); slash != std::string::npos; slash = folder.find('/', slash + 1)) {
    const auto parent = folder.substr(0, slash);
    if (parent != "/usr" && !parent.starts_with("/usr/")) append(arguments, {"--perms", "0755", "--dir", parent});
  }
  append(arguments, {"--ro-bind", folder, folder});
}

void set_environment(const Toolchain* toolchain, std::vector<std::string>& arguments) {
  append(arguments, {"--clearenv", "--setenv", "PATH", search_path(toolchain), "--setenv", "HOME", "/tmp", "--setenv",
                     "LANG", "C.UTF-8", "--setenv", "TMPDIR", "/tmp"});
  if (toolchain == nullptr) return;
  for (const auto& [name, value] : toolchain->environment) append(arguments, {"--setenv", name, value});
}

}  // namespace

std::string search_path(const Toolchain* toolchain) {
  std::string path;
  if (toolchain != nullptr) {
    for (const auto& folder : toolchain->folders) path += folder + "/bin:";
    const auto& executable = toolchain->compile.empty() ? toolchain->run[0] : toolchain->compile[0];
    if (executable.starts_with('/')) path += executable.substr(0, executable.rfind('/')) + ":";  // /usr/local/go/bin
  }
  return path + "/usr/local/bin:/usr/bin:/bin";
}

Result<Confinement> inspect_machine(base::Env& env) {
  Confinement machine;
  AUTODEV_TRY_ASSIGN(const auto status, env.read_file("/proc/self/status", 1u << 20));
  const auto line = status.find("\nUid:");
  if (line == std::string::npos)
    return fail(ErrorCode::unavailable, "/proc/self/status names no user id", "mount /proc");
  const auto real = status.find_first_of("0123456789", line);
  const auto effective = status.find_first_not_of("0123456789", real);
  machine.root = number_at(status, effective) == 0;
  AUTODEV_TRY_ASSIGN(const auto release, env.read_file("/proc/sys/kernel/osrelease", 4'096));
  if (!machine.root && !counts_per_namespace(release)) {
    AUTODEV_TRY_ASSIGN(const auto load, env.read_file("/proc/loadavg", 4'096));
    machine.process_offset = tasks_of(load);
  }
  AUTODEV_TRY(show_system(env, machine.system));
  return machine;
}

std::vector<std::string> limited(const SandboxLimits& limits, bool reserves_address_space, std::uint64_t processes,
                                 const std::vector<std::string>& command) {
  const auto cpu_seconds = std::chrono::ceil<std::chrono::seconds>(limits.wall).count() + 1;
  std::vector<std::string> arguments{"prlimit", "--core=0", fmt::format("--cpu={}", cpu_seconds),
                                     fmt::format("--nofile={}", open_files),
                                     fmt::format("--fsize={}", limits.disk_bytes),
                                     fmt::format("--data={}", limits.memory_bytes)};
  if (!reserves_address_space) arguments.push_back(fmt::format("--as={}", limits.memory_bytes));
  if (processes > 0) arguments.push_back(fmt::format("--nproc={}", processes));
  arguments.insert(arguments.end(), command.begin(), command.end());
  return arguments;
}

std::vector<std::string> confined(const Confinement& machine, const Toolchain* toolchain, const SandboxLimits& limits,
                                  std::uint32_t user, const std::vector<std::string>& command) {
  std::vector<std::string> arguments{"bwrap"};
  arguments.insert(arguments.end(), machine.system.begin(), machine.system.end());
  if (toolchain != nullptr)
    for (const auto& folder : toolchain->folders) show_folder(folder, arguments);
  append(arguments, {"--proc", "/proc", "--dev", "/dev"});
  append(arguments, {"--perms", "1777", "--size", std::to_string(limits.disk_bytes), "--tmpfs", "/tmp"});
  append(arguments, {"--perms", "1777", "--size", std::to_string(std::min(limits.disk_bytes, shared_memory_bytes)),
                     "--tmpfs", "/dev/shm"});
  append(arguments, {"--perms", "0777", "--dir", work_folder, "--remount-ro", "/dev", "--remount-ro", "/"});
  append(arguments, {"--chdir", work_folder, "--die-with-parent", "--new-session", "--unshare-ipc", "--unshare-pid",
                     "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--cap-drop", "ALL"});
  set_environment(toolchain, arguments);
  if (machine.root) {
    const auto id = std::to_string(user);
    append(arguments, {"--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--", "setpriv", "--reuid", id, "--regid",
                       id, "--clear-groups", "--inh-caps=-all"});
  } else {
    append(arguments, {"--unshare-user"});
    if (machine.disable_namespaces) append(arguments, {"--disable-userns"});
    append(arguments, {"--"});
  }
  const auto inner = limited(limits, toolchain != nullptr && toolchain->reserves_address_space,
                             limits.processes + machine.process_offset, command);
  arguments.insert(arguments.end(), inner.begin(), inner.end());
  return arguments;
}

}  // namespace autodev::apply
