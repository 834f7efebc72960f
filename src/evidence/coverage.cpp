// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Coverage: lcov .info, cobertura XML, and the JSON of `llvm-cov export` and of coverage.py. Only lines are read:
// branches and functions are counted differently by every tool. A line that any record says was executed was executed.
#include <fmt/format.h>

#include "base/text.h"
#include "evidence/json_lines.h"
#include "evidence/report.h"
#include "evidence/xml_reader.h"

namespace autodev::evidence {
namespace {

/// Lines kept over all files: a project of ten million lines is above what any tool reports at once.
constexpr std::size_t max_lines = 10'000'000;
constexpr std::size_t max_region_lines = 100'000;

class CoverageTally {
 public:
  void line(const std::string& file, std::uint32_t number, bool executed) {
    if (number == 0 || lines_ >= max_lines) return;
    const auto [entry, added] = coverage_.files[file].try_emplace(number, executed);
    if (added) ++lines_;
    entry->second = entry->second || executed;
  }
  Coverage take() {
    for (const auto& [file, lines] : coverage_.files)
      for (const auto& [number, executed] : lines) ++coverage_.lines, coverage_.covered += executed ? 1 : 0;
    return std::move(coverage_);
  }

 private:
  Coverage coverage_;
  std::size_t lines_ = 0;
};

struct Segment {
  std::uint64_t line = 0, count = 0;
  bool counted = false, entry = false;
};

Segment segment_of(const base::Json& value) {
  Segment segment;
  if (!value.is_array() || value.size() < 5 || !value[0].is_number_unsigned() || !value[2].is_number_unsigned())
    return segment;
  segment.line = value[0].get<std::uint64_t>();
  segment.count = value[2].get<std::uint64_t>();
  segment.counted = value[3] == base::Json(true);
  segment.entry = value[4] == base::Json(true) && !(value.size() > 5 && value[5] == base::Json(true));
  return segment;
}

/// One file of `llvm-cov export`: segments [line, column, count, has_count, is_entry, is_gap] that hold up to the next
/// one. As llvm-cov itself does, a line has the highest count of the regions that begin on it, else that of the one
/// around it.
void read_segments(const base::Json& segments, const std::string& file, CoverageTally& tally) {
  if (!segments.is_array()) return;
  Segment around;
  for (std::size_t i = 0; i < segments.size();) {
    const std::uint64_t line = segment_of(segments[i]).line;
    const bool near =
        around.counted && line > around.line && line - around.line <= max_region_lines && line <= UINT32_MAX;
    for (std::uint64_t wrapped = around.line + 1; near && wrapped < line; ++wrapped)
      tally.line(file, static_cast<std::uint32_t>(wrapped), around.count > 0);
    bool entered = false, executed = false;
    Segment last;
    for (; i < segments.size() && segment_of(segments[i]).line == line; ++i) {
      last = segment_of(segments[i]);
      if (last.counted && last.entry) entered = true, executed = executed || last.count > 0;
    }
    if (line > 0 && line <= UINT32_MAX && (entered || around.counted))
      tally.line(file, static_cast<std::uint32_t>(line), entered ? executed : around.count > 0);
    around = last;
  }
}

void read_line_list(const base::Json& list, const std::string& file, bool executed, CoverageTally& tally) {
  if (!list.is_array()) return;
  for (const base::Json& line : list)
    if (line.is_number_unsigned() && line.get<std::uint64_t>() <= UINT32_MAX)
      tally.line(file, line.get<std::uint32_t>(), executed);
}

}  // namespace

Result<Coverage> parse_lcov(std::string_view text, std::string_view what) {
  if (text.size() > max_report_bytes) return fail(ErrorCode::bad_data, fmt::format("{}: larger than 64 MiB", what));
  CoverageTally tally;
  std::string file;
  bool any = false;
  for (std::string_view line : base::split_lines(text)) {
    if (take_prefix(line, "SF:")) {
      file = cleaned(line, max_path_bytes);
      any = true;
    } else if (take_prefix(line, "DA:") && !file.empty()) {
      const std::uint32_t number = number_of(take_digits(line));
      if (!take_prefix(line, ",")) continue;
      // Counts may be negative or have an exponent in files that tools have merged.
      const std::string_view count = line.substr(0, line.find(','));
      tally.line(file, number, count.find_first_of("123456789") != std::string_view::npos && !count.starts_with('-'));
    } else if (line == "end_of_record") {
      file.clear();
    }
  }
  if (!any) return fail(ErrorCode::bad_data, fmt::format("{}: not a trace file of lcov: no \"SF:\"", what));
  return tally.take();
}

Result<Coverage> parse_cobertura(std::string_view xml, std::string_view what) {
  // gcovr names a document type without saying anything in it: that one is passed over, all others are refused.
  if (const std::size_t type = xml.substr(0, 4'096).find("<!DOCTYPE coverage"); type != std::string_view::npos) {
    const std::size_t end = xml.find('>', type);
    if (end != std::string_view::npos && xml.substr(type, end - type).find('[') == std::string_view::npos)
      xml.remove_prefix(end + 1);
  }
  XmlLimits limits;
  limits.max_bytes = max_report_bytes;
  XmlReader reader(xml, what, limits);
  CoverageTally tally;
  std::string file;
  while (true) {
    AUTODEV_TRY_ASSIGN(const XmlReader::Event event, reader.next());
    if (event == XmlReader::Event::end_of_document) break;
    if (event != XmlReader::Event::start) continue;
    if (reader.depth() == 1 && reader.name() != "coverage")
      return fail(ErrorCode::bad_data, fmt::format("{}: not a cobertura report: the root element is <{}>", what,
                                                   cleaned(reader.name(), 64)));
    if (reader.name() == "class") file = cleaned(reader.attribute("filename").value_or(""), max_path_bytes);
    if (reader.name() != "line" || file.empty()) continue;
    const std::string_view hits = reader.attribute("hits").value_or("0");
    tally.line(file, number_of(reader.attribute("number").value_or("")), number_of(hits) > 0);
  }
  return tally.take();
}

Result<Coverage> parse_coverage_json(std::string_view text, std::string_view what) {
  AUTODEV_TRY_ASSIGN(const base::Json root, parse_document(text, what));
  CoverageTally tally;
  const base::Json& data = member(root, "data");
  const base::Json& files = member(root, "files");
  if (data.is_array()) {  // llvm-cov
    for (const base::Json& unit : data) {
      const base::Json& list = member(unit, "files");
      if (!list.is_array()) continue;
      for (const base::Json& file : list)
        read_segments(member(file, "segments"), text_of(file, "filename", max_path_bytes), tally);
    }
  } else if (files.is_object()) {  // coverage.py
    for (const auto& [name, file] : files.items()) {
      const std::string path = cleaned(name, max_path_bytes);
      read_line_list(member(file, "executed_lines"), path, true, tally);
      read_line_list(member(file, "missing_lines"), path, false, tally);
    }
  } else {
    return fail(ErrorCode::bad_data, fmt::format("{}: neither coverage of llvm-cov nor of coverage.py", what));
  }
  return tally.take();
}

}  // namespace autodev::evidence
