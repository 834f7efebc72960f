// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fragments: the parts of a body that exist because of one parameter.
//
// In families of like functions each parameter brings its own entry or statement: `"limit": limit`, or
// `if cursor is not None: query["cursor"] = cursor`. A fragment is the largest list element or statement that mentions
// one parameter and no other. With that, a parameter can be dropped (its fragments go) or added (the fragments
// of a like parameter are repeated under the new name).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"

namespace autodev::apply {

/// `code` without what belongs to parameter `name`. `body` is where the header ends. Absent when some mention lies in
/// an expression shared with others, or in a return: then the parameter cannot be told apart from the rest.
[[nodiscard]] std::optional<std::string> drop_parameter(std::string_view code, Language language, std::size_t body,
                                                        const std::string& name,
                                                        const std::vector<std::string>& all_names);

/// `code` with the fragments of `model` repeated for `name`, right behind the originals. Absent when `model` has none.
[[nodiscard]] std::optional<std::string> repeat_parameter(std::string_view code, Language language, std::size_t body,
                                                          const std::string& model, const std::string& name,
                                                          const std::vector<std::string>& all_names);

/// Byte range [start, end).
struct TextRange {
  std::size_t start = 0, end = 0;
};

/// The statements of the body that begins at byte `body`, outermost level, each with its whole lines.
[[nodiscard]] std::vector<TextRange> top_statements(std::string_view code, Language language, std::size_t body);

/// The whole statements that belong to parameter `name` alone, with their layout; empty when it has none or when some
/// mention lies elsewhere.
[[nodiscard]] std::vector<std::string> own_statements(std::string_view code, Language language, std::size_t body,
                                                      const std::string& name,
                                                      const std::vector<std::string>& all_names);

/// `code` with `statements`, in which `from` is renamed to `to`, put before the last statement of the body. Absent
/// without a body.
[[nodiscard]] std::optional<std::string> insert_statements(std::string_view code, Language language, std::size_t body,
                                                           const std::vector<std::string>& statements,
                                                           const std::string& from, const std::string& to);

}  // namespace autodev::apply
