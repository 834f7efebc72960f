// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Spawning: one child in its own process group, with limits, folder and descriptors set before it runs.
#pragma once

#include <sys/types.h>

#include "base/process.h"
#include "base/system_error.h"

namespace autodev::base::real {

/// Our ends of the child's standard streams; absent where the stream is not a pipe.
struct ChildStreams {
  Descriptor input;   ///< we write, the child reads
  Descriptor output;  ///< the child writes, we read
  Descriptor error;
};

/// What becomes of a standard stream of the child.
enum class StreamKind : std::uint8_t { pipe, null, inherit, same_as_output };

struct StreamKinds {
  StreamKind input = StreamKind::null;
  StreamKind output = StreamKind::pipe;
  StreamKind error = StreamKind::pipe;
};

/// A child that runs. The process group has the same number as the process. Move only by pointer: exactly
/// one owner must reap it.
struct Spawned {
  pid_t pid = -1;
  ChildStreams streams;
};

/// Starts options.arguments. `unavailable` when the program cannot be found or executed, `usage` without
/// arguments, `no_input` when the folder is absent. Our ends of pipes are non-blocking and close-on-exec.
[[nodiscard]] Result<Spawned> spawn(const ProcessOptions& options, const StreamKinds& kinds);

/// Exit status of waitpid as (exit code, signal) in the form of ProcessResult.
[[nodiscard]] std::pair<int, int> decode_status(int status) noexcept;

/// Keeps SIGPIPE from the calling thread for its lifetime: writing to a child that has gone must only fail.
class SigpipeBlocked {
 public:
  SigpipeBlocked() noexcept;
  ~SigpipeBlocked();
  SigpipeBlocked(const SigpipeBlocked&) = delete;
  SigpipeBlocked& operator=(const SigpipeBlocked&) = delete;

 private:
  bool was_blocked_ = false;
  bool was_pending_ = false;
};

}  // namespace autodev::base::real
