// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/placement.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace autodev::app {
namespace {

constexpr std::size_t context_lines = 3;  // what diff and git show

std::string indentation_of(std::string_view line) { return std::string(line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()))); }

/// Without empty lines around, and with `indentation` before every line that has text.
std::string shifted(const std::string& code, const std::string& indentation) {
  auto lines = base::split_lines(code);
  while (!lines.empty() && base::trim(lines.front()).empty()) lines.erase(lines.begin());
  while (!lines.empty() && base::trim(lines.back()).empty()) lines.pop_back();
  const std::string own = lines.empty() ? std::string() : indentation_of(lines.front());
  std::string result;
  for (const std::string_view line : lines) {
    const bool blank = base::trim(line).empty();
    const auto text = line.starts_with(own) ? line.substr(own.size()) : line;
    if (!blank) result += indentation;
    if (!blank) result += text;
    result += '\n';
  }
  return result;
}

std::string joined(const std::vector<std::string_view>& lines, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) {
    text += lines[i];
    text += '\n';
  }
  return text;
}

std::string appended(const std::string& file, const std::string& code, Language language) {
  std::string text = file;
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  if (!base::trim(text).empty()) text += language == Language::python ? "\n\n" : "\n";
  return text + shifted(code, "");
}

/// Python's methods say so by their first parameter; Java and C# have no other functions.
bool is_method(const PlacedUnit& unit, Language language) {
  if (language == Language::java || language == Language::csharp) return unit.scope.empty();
  const auto open = unit.signature.find('(');
  if (language != Language::python || open == std::string::npos) return false;
  const std::string rest(base::trim(std::string_view(unit.signature).substr(open + 1)));
  return rest.starts_with("self") || rest.starts_with("cls");
}

/// Behind the last method of the file, indented like it; absent when there is none.
std::optional<std::string> after_last_method(const std::string& file, const std::vector<PlacedUnit>& units, const std::string& code) {
  const auto last = std::find_if(units.rbegin(), units.rend(), [](const PlacedUnit& unit) { return !unit.scope.empty(); });
  const auto lines = base::split_lines(file);
  if (last == units.rend() || last->last_line > lines.size()) return std::nullopt;
  return joined(lines, 0, last->last_line) + "\n" + shifted(code, indentation_of(lines[last->first_line - 1])) +
         joined(lines, last->last_line, lines.size());
}

void print_side(std::string& out, char mark, const std::vector<std::string_view>& lines, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) out += fmt::format("{}{}\n", mark, lines[i]);
}

}  // namespace

std::vector<PlacedUnit> functions_of(Parts& parts, const std::string& text, Language language, const std::string& path) {
  LearningEvent probe;
  std::vector<std::string> notes;
  probe.implementation.files = {{path, std::nullopt, text}};
  extract_into(parts, probe, notes);
  std::vector<PlacedUnit> functions;
  for (const UnitChange& change : probe.implementation.units) {
    if (!change.after || change.after->language != language) continue;
    if (change.after->kind != UnitKind::function && change.after->kind != UnitKind::method) continue;
    const CodeUnit& unit = *change.after;
    const bool inner = std::any_of(functions.begin(), functions.end(), [&](const PlacedUnit& outer) {
      return outer.first_line <= unit.first_line && unit.last_line <= outer.last_line;
    });
    if (!inner) functions.push_back({unit.name, unit.scope, unit.signature, unit.text, unit.first_line, unit.last_line});
  }
  return functions;
}

Result<std::string> place_code(Parts& parts, const std::optional<std::string>& file, const std::string& code,
                               const std::string& entry, Language language, const std::string& path) {
  const auto written = functions_of(parts, shifted(code, ""), language, path);
  if (written.empty()) return fail(ErrorCode::bad_data, "the code holds no function that parses");
  const std::string name = entry.empty() ? written.front().name : entry;
  if (std::none_of(written.begin(), written.end(), [&](const PlacedUnit& unit) { return unit.name == name; }))
    return fail(ErrorCode::bad_data, fmt::format("the code does not define '{}'", name));
  if (!file) return shifted(code, "");
  const auto units = functions_of(parts, *file, language, path);
  std::vector<PlacedUnit> same;
  for (const PlacedUnit& unit : units)
    if (unit.name == name) same.push_back(unit);
  if (same.empty() && is_method(written.front(), language))
    if (auto text = after_last_method(*file, units, code)) return *text;
  if (same.empty()) return appended(*file, code, language);
  if (same.size() > 1)
    return fail(ErrorCode::usage, fmt::format("{} has {} functions named '{}'", path, same.size(), name), "rename, or name another file");
  const auto lines = base::split_lines(*file);
  const std::size_t from = same[0].first_line - 1;
  if (from >= lines.size() || same[0].last_line > lines.size()) return fail(ErrorCode::internal, "a function lies beyond its file");
  std::string text = joined(lines, 0, from) + shifted(code, indentation_of(lines[from])) + joined(lines, same[0].last_line, lines.size());
  if (!file->ends_with('\n') && same[0].last_line == lines.size()) text.pop_back();
  return text;
}

std::string one_hunk_diff(const std::string& before, const std::string& after, const std::string& path, bool is_new) {
  if (before == after && !is_new) return {};
  const auto a = base::split_lines(before);
  const auto b = base::split_lines(after);
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const std::size_t from = head - std::min(head, context_lines);
  const std::size_t after_lines = std::min(tail, context_lines);
  const std::size_t a_end = a.size() - tail + after_lines;
  const std::size_t b_end = b.size() - tail + after_lines;
  std::string out = fmt::format("--- {}\n+++ b/{}\n@@ -{},{} +{},{} @@\n", is_new ? "/dev/null" : "a/" + path, path,
                                a_end > from ? from + 1 : from, a_end - from, b_end > from ? from + 1 : from, b_end - from);
  print_side(out, ' ', a, from, head);
  print_side(out, '-', a, head, a.size() - tail);
  print_side(out, '+', b, head, b.size() - tail);
  print_side(out, ' ', a, a.size() - tail, a_end);
  return out;
}

}  // namespace autodev::app
