// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Documentation of a unit: the run of comments that ends right above it, or a Python docstring.
//
// Between the comment and the unit only white space with at most one line break may stand, apart from modifiers
// on the way (`export`, attributes), which lie on the unit's own line or were parsed as part of it.
#include <algorithm>

#include "base/text.h"
#include "syntax/units.h"

namespace autodev::syntax {
namespace {

constexpr std::size_t max_doc_bytes = 2048;
constexpr std::size_t max_comment_lines = 64;

/// Nothing but white space and one line break, a word such as `export` on the unit's line, or Rust attributes.
bool adjoins(std::string_view between) {
  const auto rest = base::trim(between);
  if (rest.starts_with("#[") && rest.ends_with(']')) return rest.find("\n\n") == std::string_view::npos;
  const auto breaks = std::count(between.begin(), between.end(), '\n');
  if (breaks > 1) return false;
  return rest.empty() || rest == "export" || rest == "export default" || rest == "declare" || rest == "typedef";
}

std::string_view strip_markers(std::string_view line) {
  line = base::trim(line);
  for (const std::string_view marker : {"/**", "/*!", "/*", "///<", "///", "//!", "//", "#"})
    if (line.starts_with(marker)) {
      line.remove_prefix(marker.size());
      break;
    }
  if (line.ends_with("*/")) line.remove_suffix(2);
  line = base::trim(line);
  while (line.starts_with('*')) line.remove_prefix(1);
  return base::trim(line);
}

void append_lines(std::string& out, std::string_view text, bool markers) {
  for (const auto raw : base::split_lines(text)) {
    const auto line = markers ? strip_markers(raw) : base::trim(raw);
    if (line.empty() && (out.empty() || out.ends_with("\n"))) continue;
    if (!out.empty()) out += '\n';
    out += line;
    if (out.size() > max_doc_bytes) return;
  }
}

std::string finish(const std::string& text) {
  return base::repair_utf8(base::clip_utf8(base::trim(text), max_doc_bytes));
}

std::string from_docstring(std::string_view text) {
  const auto quote = text.find_first_of("\"'");
  if (quote == std::string_view::npos) return {};
  text.remove_prefix(quote);
  const std::size_t width = text.starts_with("\"\"\"") || text.starts_with("'''") ? 3 : 1;
  if (text.size() < 2 * width) return {};
  text = text.substr(width, text.size() - 2 * width);
  std::string out;
  append_lines(out, text, false);
  return finish(out);
}

}  // namespace

std::string doc_comment(const LoweredFile& file, std::string_view source, std::uint32_t start, ByteRange docstring) {
  if (docstring.end > docstring.start)
    return from_docstring(source.substr(docstring.start, docstring.end - docstring.start));
  const auto after = std::upper_bound(file.comments.begin(), file.comments.end(), start,
                                      [](std::uint32_t at, const ByteRange& comment) { return at < comment.end; });
  auto first = after;
  auto below = start;
  while (first != file.comments.begin() && after - first < static_cast<std::ptrdiff_t>(max_comment_lines)) {
    const auto& comment = *(first - 1);
    // A Rust doc comment takes its line break with it.
    const auto end = source[comment.end - 1] == '\n' ? comment.end - 1 : comment.end;
    if (comment.end > below || !adjoins(source.substr(end, below - end))) break;
    const auto line = source.rfind('\n', comment.start);
    const auto head = source.substr(line == std::string_view::npos ? 0 : line + 1,
                                    comment.start - (line == std::string_view::npos ? 0 : line + 1));
    if (!base::trim(head).empty()) break;                // a remark behind other code
    if (source.substr(comment.start, 2) == "#!") break;  // the interpreter line of a script
    below = comment.start;
    --first;
  }
  std::string out;
  for (; first != after; ++first) append_lines(out, source.substr(first->start, first->end - first->start), true);
  return finish(out);
}

}  // namespace autodev::syntax
