// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rows of the files that benches read: JSON Lines, one object a line.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "autodev/error.h"
#include "base/json.h"

namespace autodev::app {

/// Calls `visit(row, "FILE:LINE")` for each line that is not blank. `bad_data` for a line that is no object, or in which one of the
/// `texts` is missing or no text.
Result<void> for_each_row(std::string_view file, std::string_view name, std::initializer_list<const char*> texts,
                          const std::function<Result<void>(const base::Json& row, const std::string& where)>& visit);

/// The member where it is a text; else `otherwise`.
[[nodiscard]] std::string text_or(const base::Json& row, const char* member, std::string otherwise);

/// Words and signs of source code with how often each stands there.
[[nodiscard]] std::map<std::string, double> bag_of_words(const std::string& source);

}  // namespace autodev::app
