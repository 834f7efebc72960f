// SPDX-License-Identifier: MIT OR Apache-2.0
//
// bench compression: how far a library of abstractions shrinks corpora of s-expressions, and at what cost.
#include <fmt/format.h>

#include <ctime>

#include "app/commands/bench_io.h"
#include "app/commands/list.h"
#include "base/text.h"
#include "mine/compression.h"

namespace autodev::app::commands {
namespace {

constexpr std::size_t shown_body = 400;  // bytes; --json has all of it
constexpr std::uint64_t max_corpus_bytes = std::uint64_t{64} << 20;

std::string name_of(const std::string& file) {
  const std::string name = file.substr(file.rfind('/') + 1);
  return name.substr(0, name.rfind(".json"));
}

Result<std::vector<std::string>> programs_of(base::Env& env, const std::string& file) {
  AUTODEV_TRY_ASSIGN(const std::string text, env.read_file(file, max_corpus_bytes));
  AUTODEV_TRY_ASSIGN(const base::Json json, base::parse_json(text, file));
  const auto not_programs = [&] { return fail(ErrorCode::bad_data, file + " is not a JSON array of s-expressions"); };
  if (!json.is_array()) return not_programs();
  std::vector<std::string> programs;
  for (const base::Json& program : json) {
    if (!program.is_string()) return not_programs();
    programs.push_back(program.get<std::string>());
  }
  return programs;
}

/// Peak of resident memory since the process began, in MB; absent where the system does not say.
std::optional<double> peak_memory_mb(base::Env& env) {
  const auto status = env.read_file("/proc/self/status", 1 << 16);
  if (!status) return std::nullopt;
  const auto at = status->find("VmHWM:");
  if (at == std::string::npos) return std::nullopt;
  return std::strtod(status->c_str() + at + 6, nullptr) / 1024;
}

base::Json measured(base::Env& env, const std::string& file, const mine::CompressionReport& report, double seconds) {
  base::Json one = {{"corpus", name_of(file)},
                    {"programs", report.rewritten.size()},
                    {"original_cost", report.original_cost},
                    {"final_cost", report.final_cost},
                    {"ratio", report.ratio()},
                    {"seconds", seconds},
                    {"faithful", report.faithful},
                    {"optimal", report.optimal},
                    {"abstractions", base::Json::array()}};
  if (const auto peak = peak_memory_mb(env)) one["peak_rss_mb"] = *peak;
  std::uint64_t steps = 0;
  for (const mine::LearnedAbstraction& learned : report.abstractions) {
    steps += learned.steps;
    one["abstractions"].push_back({{"name", learned.name},
                                   {"body", learned.body},
                                   {"arity", learned.arity},
                                   {"utility", learned.utility},
                                   {"calls", learned.calls},
                                   {"cost_after", learned.cost_after},
                                   {"optimal", learned.optimal}});
  }
  one["steps"] = steps;
  return one;
}

void print(Output& out, const base::Json& one) {
  out.line(fmt::format("{:<14} ratio {:>7.4f}  {:>8.2f} s  {:>6.1f} MB  cost {} -> {}{}{}",
                       one["corpus"].get<std::string>(), one["ratio"].get<double>(), one["seconds"].get<double>(),
                       one.value("peak_rss_mb", 0.0), one["original_cost"].get<std::int64_t>(),
                       one["final_cost"].get<std::int64_t>(), one["faithful"].get<bool>() ? "" : "  NOT FAITHFUL", one["optimal"].get<bool>() ? "" : "  search cut short"));
  for (const base::Json& learned : one["abstractions"])
    out.line(fmt::format(
        "  {} of {} used {} times, saves {}{}: {}", learned["name"].get<std::string>(),
        learned["arity"].get<unsigned>(), learned["calls"].get<std::int64_t>(), learned["utility"].get<std::int64_t>(),
        learned["optimal"].get<bool>() ? "" : " (search cut short)", base::clip_utf8(learned["body"].get<std::string>(), shown_body)));
}

Result<int> run_bench(CommandContext& context) {
  mine::CompressionOptions options;
  AUTODEV_TRY_ASSIGN(const auto arity, context.arguments.number("arity", 0, 8));
  AUTODEV_TRY_ASSIGN(const auto iterations, context.arguments.number("iterations", 1, 1000));
  AUTODEV_TRY_ASSIGN(const auto steps, context.arguments.number("steps", 1, UINT64_MAX / 2));
  options.max_arity = static_cast<unsigned>(arity.value_or(3));
  options.iterations = static_cast<unsigned>(iterations.value_or(10));
  options.max_steps = steps.value_or(options.max_steps);
  base::Json corpora = base::Json::array();
  for (const std::string& file : context.arguments.positionals) {
    AUTODEV_TRY_ASSIGN(const std::vector<std::string> programs, programs_of(context.env, file));
    const std::clock_t start = std::clock();
    auto report = mine::compress(programs, options);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    if (!report) return fail(report.error().code, file + ": " + report.error().message, report.error().hint);
    corpora.push_back(measured(context.env, file, *report, seconds));
    if (!context.output.json) print(context.output, corpora.back());
  }
  if (context.output.json) context.output.raw(base::dump_json({{"bench", "compression"}, {"corpora", corpora}}) + "\n");
  return 0;
}

}  // namespace

Command bench_compression() {
  Command command;
  command.path = "learn bench compression";
  command.summary = "how far learned abstractions compress corpora of s-expressions";
  command.details =
      "File: a JSON array of s-expressions with (lam ...), $i as de Bruijn variables and curried application. Ratio: "
      "cost of the corpus before\n"
      "and after, bodies of abstractions not counted; seconds of processor time for reading, searching, rewriting and "
      "checking; the peak of\n"
      "memory is that of the process so far. Each rewritten program is expanded again and compared with the original "
      "(docs/mining.md).";
  command.positionals = {{"FILE", "corpora", 1, SIZE_MAX}};
  command.options = {{"arity", OptionKind::whole_number, "N", "parameters of an abstraction at most (default 3)"},
                     {"iterations", OptionKind::whole_number, "N", "abstractions at most (default 10)"},
                     {"steps", OptionKind::whole_number, "N",
                      "partial abstractions tried for each at most (default: until it is the best)"}};
  command.run = run_bench;
  return command;
}

}  // namespace autodev::app::commands
