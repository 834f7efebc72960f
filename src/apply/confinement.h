// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Confinement: the command line that runs a command with nothing to break.
//
// Bubblewrap gives namespaces (no network, own processes, own mounts), an empty root that shows /usr read-only, and one
// bounded folder in memory to work in; prlimit sets the limits. Two forms, because of fork bombs:
//
//   ordinary user   a user namespace of our own: since Linux 5.14 RLIMIT_NPROC counts per namespace, from zero
//   root            RLIMIT_NPROC is ignored for user id 0 whatever the namespace, so the command runs under a
//                   user id of its own from the transient range, with the count to itself
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "apply/sandbox.h"
#include "apply/toolchain.h"
#include "base/env.h"

namespace autodev::apply {

/// What was found out about this machine, once.
struct Confinement {
  bool root = false;                   ///< our effective user id is 0
  bool disable_namespaces = true;      ///< bwrap knows --disable-userns (0.8); ordinary user only
  std::uint64_t process_offset = 0;    ///< added to the process limit where the count is shared (Linux < 5.14)
  std::vector<std::string> system;     ///< bwrap arguments that show /usr and its aliases
};

/// Looks at the system folders, the kernel version and our user id. Does not try anything yet.
[[nodiscard]] Result<Confinement> inspect_machine(base::Env& env);

/// PATH inside a sandbox: the toolchain's own folders, then the system's.
[[nodiscard]] std::string search_path(const Toolchain* toolchain);

/// Folder the command starts in, inside the sandbox.
inline constexpr const char* work_folder = "/tmp/work";

/// Full argument vector for `command`. `user` is the transient user id (root only).
[[nodiscard]] std::vector<std::string> confined(const Confinement& machine, const Toolchain* toolchain,
                                                const SandboxLimits& limits, std::uint32_t user,
                                                const std::vector<std::string>& command);

/// `prlimit` with all limits but the sandbox; `processes` 0 = no process limit (unsafe mode).
[[nodiscard]] std::vector<std::string> limited(const SandboxLimits& limits, bool reserves_address_space,
                                               std::uint64_t processes, const std::vector<std::string>& command);

}  // namespace autodev::apply
