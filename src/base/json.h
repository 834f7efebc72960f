// SPDX-License-Identifier: MIT OR Apache-2.0
//
// JSON: the only place that includes the JSON library.
//
// `Json` keeps object keys sorted, so equal values have equal bytes. Parsing foreign text goes through
// parse_json, which bounds size and nesting and reports line and column instead of throwing.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "autodev/error.h"

namespace autodev::base {

using Json = nlohmann::json;

struct JsonLimits {
  std::size_t max_bytes = 64u << 20;
  int max_depth = 64;
};

/// Parses one JSON document. Errors are `bad_data` and name `what` (a file or argument), line and column.
[[nodiscard]] Result<Json> parse_json(std::string_view text, std::string_view what,
                                      const JsonLimits& limits = {});
/// One line, sorted keys, invalid UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string dump_json(const Json& value);
/// Two-space indentation and a final newline; stable bytes.
[[nodiscard]] std::string dump_json_pretty(const Json& value);

/// Binary form (CBOR, RFC 8949); byte strings carry trees and digests.
[[nodiscard]] std::string to_cbor(const Json& value);
[[nodiscard]] Result<Json> from_cbor(std::string_view bytes, std::string_view what);

}  // namespace autodev::base
