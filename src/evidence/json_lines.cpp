// SPDX-License-Identifier: MIT OR Apache-2.0
#include "evidence/json_lines.h"

#include <cmath>
#include <limits>

#include "base/text.h"

namespace autodev::evidence {
namespace {

constexpr int max_depth = 32;
constexpr std::size_t max_line_bytes = std::size_t{4} << 20;

}  // namespace

Result<base::Json> parse_document(std::string_view text, std::string_view what) {
  return base::parse_json(text, what, {max_report_bytes, max_depth});
}

const base::Json& member(const base::Json& object, const char* name) {
  static const base::Json null;
  if (!object.is_object()) return null;
  const auto found = object.find(name);
  return found == object.end() ? null : *found;
}

std::string text_of(const base::Json& object, const char* name, std::size_t max_bytes) {
  const base::Json& value = member(object, name);
  return value.is_string() ? cleaned(value.get_ref<const std::string&>(), max_bytes) : std::string();
}

std::uint32_t count_of(const base::Json& object, const char* name) {
  const base::Json& value = member(object, name);
  if (value.is_string()) return number_of(value.get_ref<const std::string&>());
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, std::numeric_limits<std::uint32_t>::max()));
  }
  return 0;
}

std::optional<double> real_of(const base::Json& object, const char* name) {
  const base::Json& value = member(object, name);
  if (!value.is_number()) return std::nullopt;
  const auto number = value.get<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::size_t for_each_json_line(std::string_view text, const std::function<void(const base::Json&)>& visit) {
  std::size_t seen = 0;
  for (std::string_view line : base::split_lines(text)) {
    line = base::trim(line);
    if (line.size() < 2 || line.front() != '{' || line.back() != '}') continue;
    const auto document = base::parse_json(line, "line", {max_line_bytes, max_depth});
    if (!document || !document->is_object()) continue;
    ++seen;
    visit(*document);
  }
  return seen;
}

}  // namespace autodev::evidence
