// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Diagnostics as JSON: GCC 9 to 14 (-fdiagnostics-format=json), rustc and cargo (--message-format=json), eslint (-f
// json).
#include <fmt/format.h>

#include "base/text.h"
#include "evidence/json_lines.h"
#include "evidence/report.h"

namespace autodev::evidence {
namespace {

void read_gcc(const base::Json& entry, Diagnostics& found) {
  const std::string kind = text_of(entry, "kind", 32);
  if (kind != "error" && kind != "warning" && kind != "fatal error") return;
  Diagnostic one;
  one.severity = kind == "warning" ? Severity::warning : Severity::error;
  one.code = text_of(entry, "option", 64);
  one.message = text_of(entry, "message", max_message_bytes);
  const base::Json& places = member(entry, "locations");
  if (places.is_array() && !places.empty()) {
    const base::Json& caret = member(places.front(), "caret");
    one.file = text_of(caret, "file", max_path_bytes);
    one.line = count_of(caret, "line");
  }
  found.add(std::move(one));
}

void read_rustc(const base::Json& message, Diagnostics& found) {
  const std::string level = text_of(message, "level", 32);
  if (!level.starts_with("error") && level != "warning") return;
  Diagnostic one;
  one.severity = level == "warning" ? Severity::warning : Severity::error;
  one.code = text_of(member(message, "code"), "code", 64);
  one.message = text_of(message, "message", max_message_bytes);
  const base::Json& spans = member(message, "spans");
  // "aborting due to 2 previous errors", "1 warning emitted": about the others.
  if (!spans.is_array() || (spans.empty() && one.code.empty() && found.errors + found.warnings > 0)) return;
  for (const base::Json& span : spans) {
    if (member(span, "is_primary") != base::Json(true)) continue;
    one.file = text_of(span, "file_name", max_path_bytes);
    one.line = count_of(span, "line_start");
    break;
  }
  found.add(std::move(one));
}

}  // namespace

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++errors;
  if (diagnostic.severity == Severity::warning) ++warnings;
  if (diagnostic.security) ++security;
  if (list.size() < max_failures && diagnostic.severity != Severity::note) list.push_back(std::move(diagnostic));
}

Result<Diagnostics> parse_gcc_json(std::string_view text, std::string_view what) {
  // One array per compiled file; make prints several, each on a line of its own, between other things.
  Diagnostics found{"gcc", 0, 0, 0, {}, false};
  bool any = false;
  for (const std::string_view line : base::split_lines(text)) {
    if (!line.starts_with("[")) continue;
    const auto list = parse_document(line, what);
    if (!list || !list->is_array()) continue;
    any = true;
    for (const base::Json& entry : *list) read_gcc(entry, found);
  }
  if (!any) return fail(ErrorCode::bad_data, fmt::format("{}: not diagnostics of GCC in JSON", what));
  return found;
}

Result<Diagnostics> parse_rustc_json(std::string_view text, std::string_view what) {
  if (text.size() > max_report_bytes) return fail(ErrorCode::bad_data, fmt::format("{}: larger than 64 MiB", what));
  Diagnostics found{"rustc", 0, 0, 0, {}, false};
  bool any = false;
  for_each_json_line(text, [&](const base::Json& entry) {
    const bool from_cargo = entry.contains("reason");
    const base::Json& message = from_cargo ? member(entry, "message") : entry;
    any = any || from_cargo || entry.contains("$message_type");
    if (message.is_object()) read_rustc(message, found);
  });
  if (!any) return fail(ErrorCode::bad_data, fmt::format("{}: not messages of rustc or cargo", what));
  return found;
}

Result<Diagnostics> parse_eslint_json(std::string_view text, std::string_view what) {
  AUTODEV_TRY_ASSIGN(const base::Json root, parse_document(text, what));
  if (!root.is_array()) return fail(ErrorCode::bad_data, fmt::format("{}: not an eslint report", what));
  Diagnostics found{"eslint", 0, 0, 0, {}, false};
  for (const base::Json& file : root) {
    const base::Json& messages = member(file, "messages");
    if (!messages.is_array())
      return fail(ErrorCode::bad_data, fmt::format("{}: not an eslint report: no \"messages\"", what));
    for (const base::Json& message : messages) {
      Diagnostic one;
      one.severity = count_of(message, "severity") >= 2 ? Severity::error : Severity::warning;
      one.code = text_of(message, "ruleId", 128);
      one.file = text_of(file, "filePath", max_path_bytes);
      one.line = count_of(message, "line");
      one.message = text_of(message, "message", max_message_bytes);
      one.security = one.code.starts_with("security/");
      found.checks_security = found.checks_security || one.security;
      found.add(std::move(one));
    }
  }
  return found;
}

}  // namespace autodev::evidence
