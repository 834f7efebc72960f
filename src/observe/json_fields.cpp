// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Typed access with complaints. Values quoted in complaints are clipped and freed of control characters:
// they are foreign and go to a terminal.
#include "observe/json_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace autodev::observe {
namespace {

using base::Json;

constexpr std::size_t max_complaints = 50;  // more do not help a reader; they are still counted
constexpr std::size_t quoted_bytes = 40;

std::string in_quotes(std::string_view text) {
  const std::string_view clipped = base::clip_utf8(text, quoted_bytes);
  return fmt::format("\"{}{}\"", base::strip_controls(base::fold_whitespace(clipped)),
                     clipped.size() < text.size() ? "..." : "");
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

/// Edit distance with transpositions (optimal string alignment), both at most a few dozen bytes.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::exchange(last, row);
  }
  return last[b.size()];
}

}  // namespace

void Complaints::add(std::string_view path, std::string_view what) {
  if (lines_.size() < max_complaints)
    lines_.push_back(fmt::format("{}: {}", path, what));
  else
    ++more_;
}

Error Complaints::as_error(std::string_view document) const {
  std::string message;
  if (lines_.size() == 1) {
    message = fmt::format("{}: {}", document, lines_.front());
  } else {
    message = fmt::format("{}: {} problems", document, lines_.size() + more_);
    for (const std::string& line : lines_) message += "\n  " + line;
    if (more_ > 0) message += fmt::format("\n  and {} more", more_);
  }
  return Error{ErrorCode::bad_data, std::move(message), "every member is described in docs/event-format.md"};
}

std::string describe(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::object: return "an object";
    case Json::value_t::array: return "an array";
    case Json::value_t::string: return "string " + in_quotes(value.get_ref<const std::string&>());
    case Json::value_t::boolean: return value.get<bool>() ? "true" : "false";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float: return "number " + value.dump();
    case Json::value_t::binary:
    case Json::value_t::discarded: break;
  }
  return "something else";
}

std::string nearest_name(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest_word = 64;
  if (word.size() > longest_word) return {};
  const std::string folded = base::to_lower_ascii(word);
  std::string nearest;
  // A third of the letters may be wrong, at least one and at most three: "exitcode", "verdit", "tests_pased".
  std::size_t best = std::clamp<std::size_t>(word.size() / 3, 1, 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(folded, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

ObjectReader::ObjectReader(const Json& value, std::string path, Complaints& complaints)
    : value_(value.is_object() ? &value : nullptr), path_(std::move(path)), complaints_(&complaints) {
  if (value_ == nullptr) complaints.add(path_, "expected an object, got " + describe(value));
}

std::string ObjectReader::path_of(std::string_view name) const {
  return is_plain_name(name) ? fmt::format("{}.{}", path_, name) : fmt::format("{}[{}]", path_, in_quotes(name));
}

const Json* ObjectReader::find(std::string_view name) {
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.emplace_back(name);
  if (value_ == nullptr) return nullptr;
  const auto member = value_->find(std::string(name));
  return member == value_->end() || member->is_null() ? nullptr : &*member;
}

void ObjectReader::require(std::string_view name) {
  if (find(name) == nullptr && value_ != nullptr) complain(name, "is required");
}

std::optional<std::string> ObjectReader::text(std::string_view name, std::size_t max_bytes) {
  const Json* member = find(name);
  if (member == nullptr) return std::nullopt;
  if (!member->is_string()) {
    complain(name, "expected a string, got " + describe(*member));
    return std::nullopt;
  }
  const auto& text = member->get_ref<const std::string&>();
  if (text.size() > max_bytes) {
    complain(name, fmt::format("has {} bytes, more than the {} allowed", text.size(), max_bytes));
    return std::nullopt;
  }
  return text;
}

std::optional<bool> ObjectReader::boolean(std::string_view name) {
  const Json* member = find(name);
  if (member == nullptr) return std::nullopt;
  if (member->is_boolean()) return member->get<bool>();
  complain(name, "expected true or false, got " + describe(*member));
  return std::nullopt;
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name, std::int64_t low, std::int64_t high) {
  const Json* member = find(name);
  if (member == nullptr) return std::nullopt;
  if (!member->is_number_integer()) {
    complain(name, "expected an integer, got " + describe(*member));
    return std::nullopt;
  }
  const bool too_large = member->is_number_unsigned() && member->get<std::uint64_t>() > INT64_MAX;
  const std::int64_t value = too_large ? INT64_MAX : member->get<std::int64_t>();
  if (!too_large && value >= low && value <= high) return value;
  complain(name, fmt::format("{} is outside {} to {}", member->dump(), low, high));
  return std::nullopt;
}

std::optional<std::uint32_t> ObjectReader::count(std::string_view name) {
  const auto value = integer(name, 0, UINT32_MAX);
  return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
}

std::optional<double> ObjectReader::number(std::string_view name, double low, double high) {
  const Json* member = find(name);
  if (member == nullptr) return std::nullopt;
  if (!member->is_number()) {
    complain(name, "expected a number, got " + describe(*member));
    return std::nullopt;
  }
  const double value = member->get<double>();
  if (std::isfinite(value) && value >= low && value <= high) return value;
  complain(name, fmt::format("{} is outside {} to {}", member->dump(), low, high));
  return std::nullopt;
}

std::optional<ObjectReader> ObjectReader::object(std::string_view name) {
  const Json* member = find(name);
  if (member == nullptr) return std::nullopt;
  return ObjectReader(*member, path_of(name), *complaints_);
}

void ObjectReader::each(std::string_view name, std::size_t max_count,
                        const std::function<void(const Json&, const std::string&)>& visit) {
  const Json* member = find(name);
  if (member == nullptr) return;
  if (!member->is_array()) return complain(name, "expected an array, got " + describe(*member));
  if (member->size() > max_count)
    return complain(name, fmt::format("has {} elements, more than the {} allowed", member->size(), max_count));
  for (std::size_t i = 0; i < member->size(); ++i) visit((*member)[i], fmt::format("{}[{}]", path_of(name), i));
}

void ObjectReader::finish() {
  if (value_ == nullptr) return;
  for (const auto& [name, member] : value_->items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::string nearest = nearest_name(name, known_);
    complain(name, nearest.empty() ? "is not a member of this object"
                                   : fmt::format("is not a member of this object; did you mean \"{}\"?", nearest));
  }
}

}  // namespace autodev::observe
