// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A report left behind by an earlier run would prove the wrong thing, so its size, time and content before and
// after are compared: unchanged in all three means that this run did not write it.
#include "observe/command_run.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace autodev::observe {
namespace {

constexpr std::uint64_t max_report_bytes = std::uint64_t{64} << 20;  // the report parser's own limit

std::string path_of_report(const CommandRunOptions& options) {
  if (options.report_path.empty() || options.report_path.front() == '/' || options.directory.empty())
    return options.report_path;
  return fmt::format("{}/{}", options.directory, options.report_path);
}

/// Size, time and content of a file, as far as it is there.
struct FileTrace {
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  Digest content;

  bool operator==(const FileTrace&) const = default;
};

std::optional<FileTrace> trace_of(base::Env& env, const std::string& path) {
  if (path.empty()) return std::nullopt;
  const auto status = env.status(path);
  if (!status || !*status) return std::nullopt;
  FileTrace trace{(*status)->size, (*status)->modified_ns, {}};
  if (const auto bytes = env.read_file(path, max_report_bytes)) trace.content = base::hash128(*bytes);
  return trace;
}

void take_report(base::Env& env, const std::string& path, const std::optional<FileTrace>& before, CommandRun& run) {
  auto bytes = env.read_file(path, max_report_bytes);
  if (!bytes) {
    run.report_note = bytes.error().code == ErrorCode::no_input ? fmt::format("the command did not write {}", path)
                                                                : bytes.error().message;
    return;
  }
  if (before && before == trace_of(env, path)) {
    run.report_note = fmt::format("{} is older than this run", path);
    return;
  }
  run.report = std::move(*bytes);
}

}  // namespace

Result<CommandRun> run_command(base::Env& env, const CommandRunOptions& options) {
  const std::string report_path = path_of_report(options);
  const auto before = trace_of(env, report_path);
  base::ProcessOptions process;
  process.arguments = options.arguments;
  process.directory = options.directory;
  process.inherit_input = true;
  process.inherit_output = true;
  process.forward_signals = true;
  CommandRun run;
  run.started = env.now();
  AUTODEV_TRY_ASSIGN(const base::ProcessResult result, env.run(process));
  run.exit_code = result.exit_code;
  run.signal = result.signal;
  run.duration = result.duration;
  if (!report_path.empty()) take_report(env, report_path, before, run);
  return run;
}

}  // namespace autodev::observe
