// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Source text -> units, in this process: check, mask (C and C++), parse, lower, cut.
//
// A `.h` file may be C or C++: both are tried when the first leaves errors, and the reading with fewer bytes under
// error nodes wins.
#include "syntax/extract.h"

#include <fmt/format.h>

#include <ctime>

#include "base/text.h"
#include "syntax/grammar.h"
#include "syntax/lower.h"
#include "syntax/mask.h"
#include "syntax/units.h"

namespace autodev::syntax {
namespace {

bool is_c_family(Language language) noexcept {
  return language == Language::c || language == Language::cpp;
}

/// Adds the processor time from construction to destruction.
class StageTimer {
 public:
  explicit StageTimer(double& total) : total_(total), start_(std::clock()) {}
  ~StageTimer() { total_ += static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC; }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

 private:
  double& total_;
  std::clock_t start_;
};

struct Job {
  std::string_view source;
  std::string_view path;
  const ExtractOptions& options;
  ExtractTimes& times;
};

Result<TreePointer> timed_parse(std::string_view text, Language language, const Job& job) {
  const StageTimer timer(job.times.parse);
  return parse_source(text, language, job.options.deadline);
}

LoweredFile timed_lower(const TSTree& tree, std::string_view text, Language language, const Job& job) {
  const StageTimer timer(job.times.lower);
  return lower(tree, text, language);
}

/// `text`: what is parsed; its offsets agree with the job's source.
Result<FileUnits> extract_as(std::string_view text, Language language, const Job& job) {
  AUTODEV_TRY_ASSIGN(const TreePointer tree, timed_parse(text, language, job));
  const auto file = timed_lower(*tree, text, language, job);
  const StageTimer timer(job.times.cut);
  return cut_units(file, job.source, language, job.path, job.options);
}

std::pair<std::uint64_t, std::uint32_t> faults(const FileUnits& file) {
  return {file.error_bytes, file.units_with_errors};
}

std::string timed_mask(const Job& job) {
  const StageTimer timer(job.times.mask);
  return mask_preprocessor(job.source);
}

Result<FileUnits> extract_c_family(Language language, const Job& job) {
  const std::string masked = timed_mask(job);
  auto first = extract_as(masked, language, job);
  const bool clean = first && first->error_bytes == 0 && first->units_with_errors == 0;
  if (clean || !job.path.ends_with(".h")) return first;
  const auto other = language == Language::c ? Language::cpp : Language::c;
  auto second = extract_as(masked, other, job);
  if (!second) return first;
  if (!first || faults(*second) < faults(*first)) return second;
  return first;
}

}  // namespace

std::size_t max_source_bytes(Language language) noexcept {
  return language == Language::csharp ? std::size_t{256} << 10 : std::size_t{1} << 20;
}

Result<FileUnits> extract_units_timed(std::string_view source, Language language, std::string_view path,
                                      const ExtractOptions& options, ExtractTimes& times) {
  if (language == Language::unknown)
    return fail(ErrorCode::bad_data, fmt::format("{}: no grammar for this language", path), "the file is skipped");
  if (source.size() > max_source_bytes(language))
    return fail(ErrorCode::bad_data,
                fmt::format("{}: {} bytes are more than the {} that are parsed", path, source.size(),
                            max_source_bytes(language)),
                "the file is skipped");
  if (base::looks_binary(source))
    return fail(ErrorCode::bad_data, fmt::format("{}: looks like a binary file", path), "the file is skipped");
  const Job job{source, path, options, times};
  auto units = is_c_family(language) ? extract_c_family(language, job) : extract_as(source, language, job);
  if (!units) units.error().message = fmt::format("{}: {}", path, units.error().message);
  return units;
}

Result<FileUnits> extract_units(std::string_view source, Language language, std::string_view path,
                                const ExtractOptions& options) {
  ExtractTimes times;
  return extract_units_timed(source, language, path, options, times);
}

}  // namespace autodev::syntax
