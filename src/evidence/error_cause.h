// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Causes of failures: twelve classes, decided by the first rule of a table that fits, and the rule is named.
#pragma once

#include <cstdint>
#include <string_view>

#include "autodev/event.h"

namespace autodev::evidence {

enum class Cause : std::uint8_t {
  unknown, syntax, type, missing_symbol, api_misuse, assertion, exception, timeout, resource, environment, performance, security,
};

/// "unknown", "syntax", "type", "missing_symbol", ...
[[nodiscard]] std::string_view to_string(Cause cause) noexcept;

struct CauseRule {
  Cause cause = Cause::unknown;
  std::string_view rule = "no-rule";  ///< name of the rule that decided; docs/evidence.md lists them
};

[[nodiscard]] CauseRule cause_of(const CheckFailure& failure);

}  // namespace autodev::evidence
