// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Bounded parsing: the nesting is checked before the library sees the text, because its output and
// destruction recurse; errors are turned into line and column.
#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace autodev::base {
namespace {

/// Deepest nesting of brackets outside strings. O(bytes).
int nesting_of(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      else if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

/// Deepest nesting our own records need is below 20; the library recurses once per level.
constexpr std::size_t deepest_cbor = 256;

/// Whether `bytes` are well-formed CBOR in the form to_cbor writes (definite lengths, no tags) that nests no
/// deeper than allowed. Iterative, O(bytes).
bool is_bounded_cbor(std::string_view bytes) {
  std::vector<std::uint64_t> open{1};  // items still to come, per level
  std::size_t at = 0;
  while (true) {
    while (open.back() == 0) {
      open.pop_back();
      if (open.empty()) return at == bytes.size();
    }
    --open.back();
    if (at >= bytes.size()) return false;
    const auto head = static_cast<unsigned char>(bytes[at++]);
    const unsigned kind = head >> 5;
    std::uint64_t argument = head & 31;
    if (argument >= 24) {
      if (argument > 27) return false;
      const std::size_t width = std::size_t{1} << (argument - 24);
      if (bytes.size() - at < width) return false;
      argument = 0;
      for (std::size_t i = 0; i < width; ++i) argument = (argument << 8) | static_cast<unsigned char>(bytes[at++]);
    }
    if (kind == 6) return false;
    if ((kind >= 2 && kind <= 5) && argument > bytes.size() - at) return false;  // each item takes a byte
    if (kind == 2 || kind == 3) at += static_cast<std::size_t>(argument);
    if (kind == 4 || kind == 5) open.push_back(kind == 4 ? argument : 2 * argument);
    if (open.size() > deepest_cbor) return false;
  }
}

std::string position_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n');
  const std::size_t column = before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1);
  return fmt::format("line {}, column {}", line, std::max<std::size_t>(column, 1));
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view what, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes)
    return fail(ErrorCode::bad_data,
                fmt::format("{}: {} bytes of JSON, more than the {} allowed", what, text.size(), limits.max_bytes));
  if (nesting_of(text) > limits.max_depth)
    return fail(ErrorCode::bad_data, fmt::format("{}: JSON is nested more than {} deep", what, limits.max_depth));
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const bool ended = error.byte > text.size();
    return fail(ErrorCode::bad_data, fmt::format("{}: not valid JSON at {}{}", what, position_of(text, error.byte),
                                                 ended ? ": the text ends too early" : ""));
  } catch (const Json::exception& error) {
    return fail(ErrorCode::bad_data, fmt::format("{}: not valid JSON: {}", what, error.what()));
  }
}

std::string dump_json(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string dump_json_pretty(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_cbor(const Json& value) {
  std::string bytes;
  Json::to_cbor(value, bytes);
  return bytes;
}

Result<Json> from_cbor(std::string_view bytes, std::string_view what) {
  if (!is_bounded_cbor(bytes))
    return fail(ErrorCode::bad_data, fmt::format("{}: damaged record: not well-formed CBOR", what));
  try {
    return Json::from_cbor(bytes.begin(), bytes.end());
  } catch (const Json::exception& error) {
    return fail(ErrorCode::bad_data, fmt::format("{}: damaged record: {}", what, error.what()));
  }
}

}  // namespace autodev::base
