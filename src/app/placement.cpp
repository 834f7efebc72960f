// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "apply/code_layout.h"
#include "apply/indentation.h"
#include "base/text.h"

namespace autodev::app {
namespace {

constexpr std::size_t context_lines = 3;  // what diff and git show

std::string indentation_of(std::string_view line) { return std::string(line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()))); }

/// Where each line of a text begins, and the end of the text.
std::vector<std::size_t> line_starts(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n' && i + 1 < text.size()) starts.push_back(i + 1);
  starts.push_back(text.size());
  return starts;
}

std::string appended(const std::string& file, const std::string& code, Language language) {
  std::string text = file;
  if (!text.empty() && !text.ends_with('\n')) text += apply::with_line_ends_of("\n", file);
  const std::string gap = base::trim(text).empty() ? "" : language == Language::python ? "\n\n" : "\n";
  return text + apply::with_line_ends_of(gap + apply::indented_as(code, language, "", apply::indentation_step(file)), file);
}

/// What the code is when it stands alone, or in a class where it cannot.
struct Written {
  std::vector<PlacedUnit> units;
  bool in_class = false;  ///< parses in a class only
};

Written parse_written(Parts& parts, const std::string& code, Language language, const std::string& path) {
  const std::string_view start = language == Language::php ? "<?php\n" : "";
  const std::string plain = apply::indented_as(code, language, "", "");
  Written written{functions_of(parts, fmt::format("{}{}", start, plain), language, path), false};
  if (!written.units.empty() || language == Language::python) return written;
  const std::string_view end = language == Language::cpp ? "};\n" : "}\n";
  written.units = functions_of(parts, fmt::format("{}class Place {{\n{}{}", start, plain, end), language, path);
  written.in_class = !written.units.empty();
  return written;
}

/// Some methods say what they are: by their first parameter, by what only stands in a class, or because the language has nothing
/// else. In C++ and Ruby a plain function is taken for one where the file has no other functions.
bool is_method(const Written& written, const std::vector<PlacedUnit>& units, Language language) {
  if (written.in_class || language == Language::java || language == Language::csharp) return true;
  const std::string& signature = written.units.front().signature;
  const auto open = signature.find('(');
  if (open == std::string::npos) return false;
  const auto first = base::trim(std::string_view(signature).substr(open + 1));
  if (language == Language::python) return first.starts_with("self") || first.starts_with("cls");
  if (language == Language::rust) return first.starts_with("self") || first.starts_with("&self") || first.starts_with("mut self") || first.starts_with("&mut self");
  const bool others = !units.empty() && std::all_of(units.begin(), units.end(), [](const PlacedUnit& unit) { return unit.method; });
  if (language == Language::ruby) return others;
  if (language != Language::cpp || signature.substr(0, open).find("::") != std::string::npos) return false;
  const auto close = signature.rfind(')');
  const bool qualified = close != std::string::npos && signature.find("const", close) != std::string::npos;
  return qualified || others;
}

/// `name` stands in the text as a word of its own.
bool names_type(std::string_view text, std::string_view name) {
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !letter(text[at - 1])) && (end == text.size() || !letter(text[end]))) return true;
  }
  return false;
}

bool within(std::string_view scope, std::string_view outer) {
  return scope.starts_with(outer) && (scope.size() == outer.size() || scope.substr(outer.size()).starts_with("::"));
}

/// The type that gets a new method: one that `wanted` names, else the one with most methods, those of types inside included; of equal
/// ones the outer, then the later. Empty when there is none.
std::string home_of_method(const std::vector<PlacedUnit>& units, std::string_view wanted) {
  std::string best;
  std::pair<bool, std::size_t> most;
  for (const PlacedUnit& unit : units) {
    if (!unit.method || unit.scope.empty()) continue;
    const auto name = unit.scope.substr(unit.scope.rfind(':') + 1);
    const auto count = static_cast<std::size_t>(std::count_if(units.begin(), units.end(), [&](const PlacedUnit& other) {
      return other.method && within(other.scope, unit.scope);
    }));
    const std::pair<bool, std::size_t> weight{names_type(wanted, name), count};
    if (weight < most || (weight == most && within(unit.scope, best) && unit.scope != best)) continue;
    most = weight;
    best = unit.scope;
  }
  return best;
}

/// Behind the last method of its type, indented like it; absent when there is none.
std::optional<std::string> after_last_method(const std::string& file, const std::vector<PlacedUnit>& units, const std::string& code,
                                             Language language, std::string_view wanted) {
  const std::string home = home_of_method(units, wanted);
  const auto last = std::find_if(units.rbegin(), units.rend(), [&](const PlacedUnit& unit) { return unit.method && unit.scope == home; });
  const auto starts = line_starts(file);
  if (home.empty() || last == units.rend() || last->last_line >= starts.size()) return std::nullopt;
  const auto at = starts[last->last_line];
  const std::string margin = indentation_of(std::string_view(file).substr(starts[last->first_line - 1]));
  const std::string_view missing = file.substr(0, at).ends_with('\n') ? "" : "\n";
  const std::string method = apply::indented_as(code, language, margin, apply::indentation_step(file));
  return file.substr(0, at) + apply::with_line_ends_of(fmt::format("{}\n{}", missing, method), file) + file.substr(at);
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
    if (!inner) functions.push_back({unit.name, unit.scope, unit.signature, unit.text, unit.first_line, unit.last_line, unit.kind == UnitKind::method});
  }
  return functions;
}

Result<std::string> place_code(Parts& parts, const std::optional<std::string>& file, const std::string& code, const Wanted& wanted) {
  const auto& [entry, spec, language, path] = wanted;
  const Written written = parse_written(parts, code, language, path);
  if (written.units.empty()) return fail(ErrorCode::bad_data, "the code holds no function that parses");
  const std::string name = entry.empty() ? written.units.front().name : entry;
  if (std::none_of(written.units.begin(), written.units.end(), [&](const PlacedUnit& unit) { return unit.name == name; }))
    return fail(ErrorCode::bad_data, fmt::format("the code does not define '{}'", name));
  if (!file) return apply::indented_as(code, language, "", "");
  const auto units = functions_of(parts, *file, language, path);
  std::vector<PlacedUnit> same;
  for (const PlacedUnit& unit : units)
    if (unit.name == name) same.push_back(unit);
  if (same.empty() && is_method(written, units, language))
    if (auto text = after_last_method(*file, units, code, language, spec)) return *text;
  if (same.empty()) return appended(*file, code, language);
  if (same.size() > 1)
    return fail(ErrorCode::usage, fmt::format("{} has {} functions named '{}'", path, same.size(), name), "rename, or name another file");
  const auto starts = line_starts(*file);
  if (same[0].first_line == 0 || same[0].last_line >= starts.size()) return fail(ErrorCode::internal, "a function lies beyond its file");
  const std::size_t from = starts[same[0].first_line - 1], to = starts[same[0].last_line];
  const std::string margin = indentation_of(std::string_view(*file).substr(from));
  std::string function = apply::with_line_ends_of(apply::indented_as(code, language, margin, apply::indentation_step(*file)), *file);
  if (to == file->size() && !file->ends_with('\n')) function.erase(function.find_last_not_of("\r\n") + 1);
  return file->substr(0, from) + function + file->substr(to);
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
