// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/unit_patch.h"

#include <fmt/format.h>

#include <algorithm>

namespace autodev::report {
namespace {

/// Lines with their line breaks.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

std::string marked(char mark, std::string_view line) {
  std::string text = mark + std::string(line);
  if (!line.ends_with('\n')) text += "\n\\ No newline at end of file\n";
  return text;
}

}  // namespace

std::string apply_fixes(std::string_view source, std::vector<UnitFix> fixes) {
  std::stable_sort(fixes.begin(), fixes.end(), [](const UnitFix& a, const UnitFix& b) { return a.start < b.start; });
  std::string fixed;
  std::size_t written = 0;
  for (const UnitFix& fix : fixes) {
    if (fix.start < written || fix.end < fix.start || fix.end > source.size()) continue;
    fixed.append(source.substr(written, fix.start - written)).append(fix.text);
    written = fix.end;
  }
  return fixed.append(source.substr(written));
}

std::string unified_patch(const std::string& path, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const auto old_lines = lines_of(before);
  const auto new_lines = lines_of(after);
  std::size_t front = 0, back = 0;
  const std::size_t shorter = std::min(old_lines.size(), new_lines.size());
  while (front < shorter && old_lines[front] == new_lines[front]) ++front;
  while (back < shorter - front && old_lines[old_lines.size() - 1 - back] == new_lines[new_lines.size() - 1 - back]) ++back;
  constexpr std::size_t context = 3;
  const std::size_t start = front > context ? front - context : 0;
  const std::size_t tail = std::min(back, context);
  const std::size_t old_end = old_lines.size() - back;
  const std::size_t new_end = new_lines.size() - back;
  std::string patch = fmt::format("--- a/{}\n+++ b/{}\n@@ -{},{} +{},{} @@\n", path, path, start + 1, old_end + tail - start,
                                  start + 1, new_end + tail - start);
  for (std::size_t i = start; i < front; ++i) patch += marked(' ', old_lines[i]);
  for (std::size_t i = front; i < old_end; ++i) patch += marked('-', old_lines[i]);
  for (std::size_t i = front; i < new_end; ++i) patch += marked('+', new_lines[i]);
  for (std::size_t i = old_end; i < old_end + tail; ++i) patch += marked(' ', old_lines[i]);
  return patch;
}

}  // namespace autodev::report
