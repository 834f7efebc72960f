// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Benchmarks as JSON: google-benchmark, hyperfine (--export-json), pytest-benchmark (--benchmark-json) and criterion's
// estimates.json. Of several repetitions the median counts, else the mean, because single slow runs are the machine's.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "evidence/json_lines.h"
#include "evidence/report.h"

namespace autodev::evidence {
namespace {

constexpr std::size_t max_benchmarks = 4'096;

void add(Benchmarks& found, std::string name, std::optional<double> milliseconds) {
  if (milliseconds && *milliseconds > 0 && found.list.size() < max_benchmarks)
    found.list.push_back({std::move(name), *milliseconds});
}

double milliseconds_per(const std::string& unit) {
  constexpr std::array<std::pair<std::string_view, double>, 4> units{
      {{"ns", 1e-6}, {"us", 1e-3}, {"ms", 1.0}, {"s", 1e3}}};
  for (const auto& [name, factor] : units)
    if (unit == name) return factor;
  return 1e-6;  // google-benchmark's default
}

void read_google(const base::Json& list, Benchmarks& found) {
  bool has_medians = false;
  for (const base::Json& entry : list) has_medians = has_medians || text_of(entry, "aggregate_name", 32) == "median";
  for (const base::Json& entry : list) {
    const std::string aggregate = text_of(entry, "aggregate_name", 32);
    if (has_medians ? aggregate != "median" : !aggregate.empty()) continue;
    if (member(entry, "error_occurred") == base::Json(true)) continue;
    std::string name = text_of(entry, "run_name", max_id_bytes);
    if (name.empty()) name = text_of(entry, "name", max_id_bytes);
    const auto time = real_of(entry, "real_time");
    if (time) add(found, std::move(name), *time * milliseconds_per(text_of(entry, "time_unit", 8)));
  }
}

void read_seconds(const base::Json& list, const char* name, bool nested, Benchmarks& found) {
  for (const base::Json& entry : list) {
    const base::Json& numbers = nested ? member(entry, "stats") : entry;
    auto seconds = real_of(numbers, "median");
    if (!seconds) seconds = real_of(numbers, "mean");
    if (seconds) add(found, text_of(entry, name, max_id_bytes), *seconds * 1e3);
  }
}

}  // namespace

Result<Benchmarks> parse_benchmarks(std::string_view text, std::string_view what) {
  AUTODEV_TRY_ASSIGN(const base::Json root, parse_document(text, what));
  Benchmarks found;
  const base::Json& list = member(root, "benchmarks");
  const base::Json& results = member(root, "results");
  if (list.is_array()) {
    const bool pytest =
        root.contains("machine_info") || (!list.empty() && list.front().is_object() && list.front().contains("stats"));
    found.tool = pytest ? "pytest-benchmark" : "google-benchmark";
    if (pytest)
      read_seconds(list, "fullname", true, found);
    else
      read_google(list, found);
  } else if (results.is_array()) {
    found.tool = "hyperfine";
    read_seconds(results, "command", false, found);
  } else if (member(root, "median").is_object() || member(root, "mean").is_object()) {
    found.tool = "criterion";
    const base::Json& estimate = member(root, "median").is_object() ? member(root, "median") : member(root, "mean");
    if (const auto nanoseconds = real_of(estimate, "point_estimate")) add(found, "criterion", *nanoseconds * 1e-6);
  } else {
    return fail(ErrorCode::bad_data, fmt::format("{}: not a benchmark report", what),
                "known: google-benchmark, hyperfine, pytest-benchmark, criterion's estimates.json");
  }
  if (found.list.empty()) return fail(ErrorCode::bad_data, fmt::format("{}: holds no measured benchmark", what));
  return found;
}

}  // namespace autodev::evidence
