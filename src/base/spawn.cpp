// SPDX-License-Identifier: MIT OR Apache-2.0
//
// vfork and exec, with everything prepared before.
//
// fork copies page tables: 249 ms in a process of 2 GB, against 0.6 ms for vfork, which lends the address space
// to the child until it executes. posix_spawn does the same but cannot set resource limits. Between vfork
// and execve the child therefore makes only system calls on data made ready beforehand, with all signals
// blocked and every handler reset, and reports a failure through a close-on-exec pipe.
#include "base/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <ctime>

#include "base/text.h"

extern char** environ;  // NOLINT: POSIX

namespace autodev::base::real {
namespace {

/// The step at which the child failed, sent through the pipe with its errno.
enum class Step : int { none, group, descriptors, directory, limits, execute };

struct ChildFailure {
  Step step;
  int number;
};

struct Limit {
  int resource;
  rlim_t value;
};

/// Everything the child touches.
struct Plan {
  const char* program;
  char* const* arguments;
  char* const* environment;
  const char* directory;       ///< null = inherited
  std::array<int, 3> streams;  ///< descriptors for 0, 1, 2, all above 2; -1 = inherited
  const Limit* limits;
  std::size_t limit_count;
  int report;
  bool own_group;     ///< wrapped commands share ours, or the terminal would stop them
  bool close_others;  ///< captured programs get no descriptors but the three; wrapped ones may need ours
  sigset_t mask;      ///< the signal mask the program starts with
};

Step prepare_child(const Plan& plan) noexcept {
  if (plan.own_group && ::setpgid(0, 0) != 0) return Step::group;
  for (int target = 0; target < 3; ++target) {
    const int source = plan.streams[static_cast<std::size_t>(target)];
    if (source >= 0 && ::dup2(source, target) < 0) return Step::descriptors;
  }
  // Where the kernel lacks it (before 5.11), the program merely sees what others left open for it.
  if (plan.close_others) static_cast<void>(::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC));
  if (plan.directory != nullptr && ::chdir(plan.directory) != 0) return Step::directory;
  for (std::size_t i = 0; i < plan.limit_count; ++i) {
    const Limit& limit = plan.limits[i];
    rlimit now{};
    const auto resource = static_cast<__rlimit_resource>(limit.resource);
    if (::getrlimit(resource, &now) != 0) return Step::limits;
    const rlim_t value = limit.value < now.rlim_max ? limit.value : now.rlim_max;
    const rlimit wanted{value, value};
    if (::setrlimit(resource, &wanted) != 0) return Step::limits;
  }
  return Step::none;
}

[[noreturn]] void run_child(const Plan& plan) noexcept {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) static_cast<void>(::sigaction(number, &standard, nullptr));
  Step failed = prepare_child(plan);
  if (failed == Step::none) {
    static_cast<void>(::sigprocmask(SIG_SETMASK, &plan.mask, nullptr));
    ::execve(plan.program, plan.arguments, plan.environment);
    failed = Step::execute;
  }
  const ChildFailure failure{failed, errno};
  static_cast<void>(!::write(plan.report, &failure, sizeof failure));
  ::_exit(127);
}

/// Alone in its function: nothing of it may live across the second return of vfork.
[[gnu::noinline]] pid_t vfork_and_run(const Plan& plan) noexcept {
  const pid_t pid = ::vfork();
  if (pid == 0) run_child(plan);
  return pid;
}

/// Like vfork_and_run, with all signals blocked around it so that no handler of ours runs in the child.
pid_t start_child(Plan& plan) {
  sigset_t all;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &plan.mask);
  const sigset_t before = plan.mask;
  // The program must get SIGPIPE even if we hold it back while writing.
  sigdelset(&plan.mask, SIGPIPE);
  const pid_t pid = vfork_and_run(plan);
  const int number = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = number;
  return pid;
}

std::vector<std::string> merged_environment(const ProcessOptions& options) {
  std::vector<std::string> merged;
  const auto is_replaced = [&](std::string_view entry) {
    const std::string_view name = entry.substr(0, entry.find('='));
    for (const auto& added : options.environment)
      if (added.first == name) return true;
    return false;
  };
  if (!options.clear_environment)
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
      if (!is_replaced(*entry)) merged.emplace_back(*entry);
  for (std::size_t i = 0; i < options.environment.size(); ++i) {
    const auto& [name, value] = options.environment[i];
    bool last = true;
    for (std::size_t k = i + 1; k < options.environment.size(); ++k)
      last = last && options.environment[k].first != name;
    if (last) merged.push_back(name + "=" + value);
  }
  return merged;
}

bool is_executable(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

/// The child's own PATH counts; without one, ours. Relative entries are passed over: a program must not
/// depend on the folder we happen to be in.
std::string search_path(const std::vector<std::string>& environment) {
  for (const std::string& entry : environment)
    if (entry.rfind("PATH=", 0) == 0) return entry.substr(5);
  const char* ours = std::getenv("PATH");
  return ours != nullptr ? ours : "/usr/local/bin:/usr/bin:/bin";
}

Result<std::string> find_program(const std::string& name, const std::vector<std::string>& environment) {
  if (name.find('/') != std::string::npos) return name;
  const std::string path = search_path(environment);
  for (const std::string_view folder : split(path, ':')) {
    if (folder.empty() || folder.front() != '/') continue;
    std::string candidate = std::string(folder) + "/" + name;
    if (is_executable(candidate)) return candidate;
  }
  return fail(ErrorCode::unavailable, fmt::format("cannot run '{}': not found in PATH", name),
              fmt::format("install {} or add its folder to PATH", name));
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<Limit> limits_of(const ProcessLimits& limits) {
  std::vector<Limit> list;
  const auto add = [&](auto resource, const std::optional<std::uint64_t>& value) {
    if (value) list.push_back({static_cast<int>(resource), static_cast<rlim_t>(*value)});
  };
  add(RLIMIT_AS, limits.address_space_bytes);
  add(RLIMIT_CPU, limits.cpu_seconds);
  add(RLIMIT_FSIZE, limits.file_size_bytes);
  add(RLIMIT_NPROC, limits.processes);
  add(RLIMIT_NOFILE, limits.open_files);
  return list;
}

/// Descriptors 0 to 2 must stay free for dup2 also when our own standard streams are closed.
Result<Descriptor> above_standard(Descriptor fd) {
  if (!fd) return system_failure("open a pipe to", "a child process");
  if (fd.get() > 2) return fd;
  Descriptor moved(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
  if (!moved) return system_failure("open a pipe to", "a child process");
  return moved;
}

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("open a pipe to", "a child process");
  Descriptor read_end(ends[0]);
  Descriptor write_end(ends[1]);
  Pipe pipe;
  AUTODEV_TRY_ASSIGN(pipe.read, above_standard(std::move(read_end)));
  AUTODEV_TRY_ASSIGN(pipe.write, above_standard(std::move(write_end)));
  return pipe;
}

/// Makes one stream; returns the child's end (empty = inherited) and puts ours into `ours`.
Result<Descriptor> make_stream(StreamKind kind, bool child_reads, Descriptor& ours) {
  if (kind == StreamKind::inherit) return Descriptor();
  if (kind == StreamKind::null)
    return above_standard(Descriptor(::open("/dev/null", (child_reads ? O_RDONLY : O_WRONLY) | O_CLOEXEC)));
  AUTODEV_TRY_ASSIGN(Pipe pipe, make_pipe());
  ours = std::move(child_reads ? pipe.write : pipe.read);
  if (::fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0) return system_failure("open a pipe to", "a child process");
  return std::move(child_reads ? pipe.read : pipe.write);
}

tl::unexpected<Error> child_failure(const ChildFailure& failure, const ProcessOptions& options) {
  const std::string& name = options.arguments.front();
  Error error = system_error(failure.number, "run", name);
  switch (failure.step) {
    case Step::directory:
      return tl::make_unexpected(system_error(failure.number, "enter the folder", options.directory));
    case Step::execute:
      if (failure.number == ENOENT) error.message = fmt::format("cannot run '{}': no such program", name);
      error.code = ErrorCode::unavailable;
      error.hint = "check that the program, and the interpreter its first line names, are installed and executable";
      break;
    default:
      error.message += " (while preparing the process)";
      break;
  }
  return tl::make_unexpected(std::move(error));
}

}  // namespace

Result<Spawned> spawn(const ProcessOptions& options, const StreamKinds& kinds) {
  if (options.arguments.empty() || options.arguments.front().empty())
    return fail(ErrorCode::usage, "cannot run an empty command");
  std::vector<std::string> environment = merged_environment(options);
  AUTODEV_TRY_ASSIGN(const std::string program, find_program(options.arguments.front(), environment));
  std::vector<std::string> arguments = options.arguments;
  const std::vector<char*> argument_list = pointers_to(arguments);
  const std::vector<char*> environment_list = pointers_to(environment);
  const std::vector<Limit> limits = limits_of(options.limits);

  Spawned child;
  AUTODEV_TRY_ASSIGN(const Descriptor input, make_stream(kinds.input, true, child.streams.input));
  AUTODEV_TRY_ASSIGN(const Descriptor output, make_stream(kinds.output, false, child.streams.output));
  const bool joined = kinds.error == StreamKind::same_as_output;
  AUTODEV_TRY_ASSIGN(const Descriptor error, joined ? Result<Descriptor>(Descriptor()) : make_stream(kinds.error, false, child.streams.error));
  AUTODEV_TRY_ASSIGN(Pipe report, make_pipe());

  Plan plan{program.c_str(),
            argument_list.data(),
            environment_list.data(),
            options.directory.empty() ? nullptr : options.directory.c_str(),
            {input.get(), output.get(), joined ? output.get() : error.get()},
            limits.data(),
            limits.size(),
            report.write.get(),
            kinds.input != StreamKind::inherit,
            !options.inherit_output,
            {}};
  child.pid = start_child(plan);
  if (child.pid < 0) return system_failure("run", options.arguments.front());
  report.write.reset();
  ChildFailure failure{};
  const ssize_t got = uninterrupted([&] { return ::read(report.read.get(), &failure, sizeof failure); });
  if (got == static_cast<ssize_t>(sizeof failure)) {
    uninterrupted([&] { return ::waitpid(child.pid, nullptr, 0); });
    return child_failure(failure, options);
  }
  return child;
}

std::pair<int, int> decode_status(int status) noexcept {
  if (WIFSIGNALED(status)) return {128 + WTERMSIG(status), WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

SigpipeBlocked::SigpipeBlocked() noexcept {
  sigset_t pending;
  sigemptyset(&pending);
  ::sigpending(&pending);
  was_pending_ = sigismember(&pending, SIGPIPE) == 1;
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &pipe, &before);
  was_blocked_ = sigismember(&before, SIGPIPE) == 1;
}

SigpipeBlocked::~SigpipeBlocked() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  const timespec at_once{};
  // A SIGPIPE raised by our own write is taken before it could be delivered.
  if (!was_pending_) uninterrupted([&] { return ::sigtimedwait(&pipe, nullptr, &at_once); });
  if (!was_blocked_) ::pthread_sigmask(SIG_UNBLOCK, &pipe, nullptr);
}

}  // namespace autodev::base::real
