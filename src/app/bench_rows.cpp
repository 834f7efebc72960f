// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/bench_rows.h"

#include <fmt/format.h>

#include <cctype>
#include <utility>

#include "base/text.h"

namespace autodev::app {

Result<void> for_each_row(std::string_view file, std::string_view name, std::initializer_list<const char*> texts,
                          const std::function<Result<void>(const base::Json& row, const std::string& where)>& visit) {
  std::size_t number = 0;
  for (const std::string_view line : base::split_lines(file)) {
    ++number;
    if (base::trim(line).empty()) continue;
    const std::string where = fmt::format("{}:{}", name, number);
    AUTODEV_TRY_ASSIGN(const base::Json row, base::parse_json(line, where));
    for (const char* member : texts)
      if (!row.is_object() || !row.contains(member) || !row[member].is_string())
        return fail(ErrorCode::bad_data, where + ": member \"" + member + "\" is missing or no text",
                    fmt::format("each line is an object with the texts {}", fmt::join(texts, ", ")));
    AUTODEV_TRY(visit(row, where));
  }
  return {};
}

std::string text_or(const base::Json& row, const char* member, std::string otherwise) {
  const auto found = row.find(member);
  return found != row.end() && found->is_string() ? found->get<std::string>() : std::move(otherwise);
}

std::map<std::string, double> bag_of_words(const std::string& source) {
  std::map<std::string, double> bag;
  std::string word;
  for (const char c : source + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      word += c;
      continue;
    }
    if (!word.empty()) ++bag[std::exchange(word, {})];
    if (std::isspace(static_cast<unsigned char>(c)) == 0) ++bag[std::string(1, c)];
  }
  return bag;
}

}  // namespace autodev::app
