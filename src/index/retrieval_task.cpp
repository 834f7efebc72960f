// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reading the benchmark's files, and making a document of a corpus entry.
#include "index/retrieval_task.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <set>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"

namespace autodev::index {
namespace {

constexpr std::size_t max_line_bytes = 16u << 20;
constexpr std::size_t max_description_bytes = 2048;  // as of the doc comment of a code unit

/// Calls `take(object, what)` for each non-empty line; `what` names file and line for messages.
template <typename Take>
Result<void> each_object(std::string_view text, std::string_view file, const Take& take) {
  std::size_t number = 0;
  for (const std::string_view line : base::split_lines(text)) {
    ++number;
    if (base::trim(line).empty()) continue;
    const std::string what = fmt::format("{} line {}", file, number);
    AUTODEV_TRY_ASSIGN(const base::Json object, base::parse_json(line, what, {max_line_bytes, 16}));
    if (!object.is_object()) return fail(ErrorCode::bad_data, fmt::format("{}: not a JSON object", what));
    AUTODEV_TRY(take(object, what));
  }
  return {};
}

Result<std::string> string_field(const base::Json& object, const char* name, const std::string& what, bool required) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) {
    if (!required) return std::string();
    return fail(ErrorCode::bad_data, fmt::format("{}: no field \"{}\"", what, name));
  }
  if (found->is_number_integer()) return found->dump();
  if (!found->is_string()) return fail(ErrorCode::bad_data, fmt::format("{}: \"{}\" is not a string", what, name));
  return found->get<std::string>();
}

Result<void> read_judgements(std::string_view text, const std::set<std::string>& queries,
                             const std::set<std::string>& documents, std::map<std::string, Grades>& out) {
  std::size_t number = 0;
  for (const std::string_view line : base::split_lines(text)) {
    ++number;
    if (base::trim(line).empty()) continue;
    const auto fields = base::split(line, '\t');
    if (fields.size() != 3)
      return fail(ErrorCode::bad_data, fmt::format("qrels line {}: {} fields instead of 3", number, fields.size()),
                  "the format is query-id<TAB>document-id<TAB>grade");
    const std::string grade_text(base::trim(fields[2]));
    char* end = nullptr;
    const double grade = std::strtod(grade_text.c_str(), &end);
    if (grade_text.empty() || *end != '\0' || !std::isfinite(grade))
      return fail(ErrorCode::bad_data, fmt::format("qrels line {}: \"{}\" is not a grade", number, grade_text));
    const std::string query(fields[0]), document(fields[1]);
    if (!queries.contains(query))
      return fail(ErrorCode::bad_data, fmt::format("qrels line {}: unknown query \"{}\"", number, query));
    if (!documents.contains(document))
      return fail(ErrorCode::bad_data, fmt::format("qrels line {}: unknown document \"{}\"", number, document));
    out[query][document] = grade;
  }
  return {};
}

bool introduces(std::string_view line) {
  return line.empty() || line.starts_with("#") || line.starts_with("//") || line.starts_with("/*") ||
         line.starts_with("*") || line.starts_with("@") || line.starts_with("[") || line.starts_with("\"\"\"");
}

/// The first line that declares something, or the first line at all.
std::string_view signature_line(std::string_view code) {
  const auto lines = base::split_lines(code);
  for (const std::string_view line : lines)
    if (!introduces(base::trim(line))) return base::trim(line);
  return lines.empty() ? std::string_view() : base::trim(lines.front());
}

std::string_view declared_name(std::string_view signature) {
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
  };
  std::size_t end = signature.find('(');
  if (end == std::string_view::npos) return {};
  while (end > 0 && !word(signature[end - 1])) --end;
  std::size_t start = end;
  while (start > 0 && word(signature[start - 1])) --start;
  return signature.substr(start, end - start);
}

/// The text between `open` and `close` when `open` comes within the first 600 bytes, about the longest signature.
std::string_view enclosed(std::string_view code, std::string_view open, std::string_view close) {
  const std::size_t start = code.substr(0, 600).find(open);
  if (start == std::string_view::npos) return {};
  const std::size_t inside = start + open.size();
  const std::size_t end = code.find(close, inside);
  return code.substr(inside, end == std::string_view::npos ? 0 : end - inside);
}

/// Lines at the start of the code that are comments to the end of the line.
std::string leading_comment(std::string_view code) {
  std::string text;
  for (const std::string_view line : base::split_lines(code)) {
    const std::string_view trimmed = base::trim(line);
    if (trimmed.starts_with("//") || trimmed.starts_with("#")) {
      text +=
          trimmed.substr(trimmed.find_first_not_of("/#!") == std::string_view::npos ? trimmed.size()
                                                                                    : trimmed.find_first_not_of("/#!"));
      text += '\n';
    } else if (!trimmed.empty()) {
      break;
    }
  }
  return text;
}

/// The first paragraph of the documentation that comes with the code.
std::string documentation(std::string_view code) {
  std::string found;
  for (const auto& [open, close] : {std::pair{"\"\"\"", "\"\"\""}, {"'''", "'''"}, {"/**", "*/"}, {"/*", "*/"}}) {
    found = enclosed(code, open, close);
    if (!found.empty()) break;
  }
  if (found.empty()) found = leading_comment(code);
  std::string paragraph;
  for (const std::string_view line : base::split_lines(found)) {
    std::string_view text = base::trim(line);
    while (!text.empty() && (text.front() == '*' || text.front() == ' ')) text.remove_prefix(1);
    const bool parameters = text.starts_with(":") || text.starts_with("@") || text.starts_with("\\");
    if (!paragraph.empty() && (text.empty() || parameters)) break;
    if (text.empty()) continue;
    paragraph += text;
    paragraph += '\n';
  }
  return std::string(base::clip_utf8(paragraph, max_description_bytes));
}

}  // namespace

Result<RetrievalTask> read_retrieval_task(std::string_view corpus, std::string_view queries,
                                          std::string_view judgements) {
  RetrievalTask task;
  std::set<std::string> documents, asked;
  AUTODEV_TRY(each_object(corpus, "corpus", [&](const base::Json& object, const std::string& what) -> Result<void> {
    CorpusEntry entry;
    AUTODEV_TRY_ASSIGN(entry.id, string_field(object, "id", what, true));
    AUTODEV_TRY_ASSIGN(entry.language, string_field(object, "language", what, false));
    AUTODEV_TRY_ASSIGN(entry.code, string_field(object, "code", what, true));
    AUTODEV_TRY_ASSIGN(entry.description, string_field(object, "description", what, false));
    if (!documents.insert(entry.id).second)
      return fail(ErrorCode::bad_data, fmt::format("{}: id \"{}\" is there twice", what, entry.id));
    task.corpus.push_back(std::move(entry));
    return {};
  }));
  AUTODEV_TRY(each_object(queries, "queries", [&](const base::Json& object, const std::string& what) -> Result<void> {
    RetrievalQuery query;
    AUTODEV_TRY_ASSIGN(query.id, string_field(object, "id", what, true));
    AUTODEV_TRY_ASSIGN(query.text, string_field(object, "text", what, true));
    if (!asked.insert(query.id).second)
      return fail(ErrorCode::bad_data, fmt::format("{}: id \"{}\" is there twice", what, query.id));
    task.queries.push_back(std::move(query));
    return {};
  }));
  AUTODEV_TRY(read_judgements(judgements, asked, documents, task.judgements));
  return task;
}

Document document_of(const CorpusEntry& entry) {
  Document document;
  document.id = PatternId{base::hash128(entry.id)};
  document.language = language_from_name(entry.language).value_or(Language::unknown);
  document.signature = signature_line(entry.code);
  document.name = declared_name(document.signature);
  document.description = entry.description.empty() ? documentation(entry.code) : entry.description;
  document.code = entry.code;
  return document;
}

}  // namespace autodev::index
