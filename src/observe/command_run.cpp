// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A report left behind by an earlier run would prove the wrong thing, so its size, time and content before and
// after are compared: unchanged in all three means that this run did not write it.
#include "observe/command_run.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace autodev::observe {
namespace {

constexpr std::size_t max_quiet_output = std::size_t{1} << 20;  // of each stream; more than is kept of a seen run
constexpr std::uint64_t max_report_bytes = std::uint64_t{64} << 20;  // the report parser's own limit

std::string path_of_report(const CommandRunOptions& options, const std::string& path) {
  if (path.empty() || path.front() == '/' || options.directory.empty()) return path;
  return fmt::format("{}/{}", options.directory, path);
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

std::optional<std::string> take_report(base::Env& env, const std::string& path, const std::optional<FileTrace>& before, std::string& note) {
  auto bytes = env.read_file(path, max_report_bytes);
  if (!bytes) {
    note = bytes.error().code == ErrorCode::no_input ? fmt::format("the command did not write {}", path) : bytes.error().message;
    return std::nullopt;
  }
  if (before && before == trace_of(env, path)) {
    note = fmt::format("{} is older than this run", path);
    return std::nullopt;
  }
  return std::move(*bytes);
}

}  // namespace

Result<CommandRun> run_command(base::Env& env, const CommandRunOptions& options) {
  const std::string report_path = path_of_report(options, options.report_path);
  const auto before = trace_of(env, report_path);
  std::vector<std::optional<FileTrace>> traces;
  for (const std::string& path : options.more_reports) traces.push_back(trace_of(env, path_of_report(options, path)));
  base::ProcessOptions process;
  process.arguments = options.arguments;
  process.directory = options.directory;
  process.inherit_input = !options.quiet;
  process.inherit_output = !options.quiet;
  process.keep_copy = !options.quiet;
  if (options.quiet) process.max_output_bytes = max_quiet_output;
  process.forward_signals = true;
  CommandRun run;
  run.started = env.now();
  AUTODEV_TRY_ASSIGN(base::ProcessResult result, env.run(process));
  run.output = options.quiet ? result.output + "\n" + result.error : std::move(result.output);
  run.exit_code = result.exit_code;
  run.signal = result.signal;
  run.duration = result.duration;
  if (!report_path.empty()) run.report = take_report(env, report_path, before, run.report_note);
  for (std::size_t i = 0; i < options.more_reports.size(); ++i) {
    std::string note;
    run.more_reports.push_back(take_report(env, path_of_report(options, options.more_reports[i]), traces[i], note));
    if (!note.empty()) run.notes.push_back(std::move(note));
  }
  return run;
}

}  // namespace autodev::observe
