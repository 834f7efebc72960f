// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Signature shape: entry point and parameters of a required signature, read without a grammar.
//
// Task signatures are often fragments ("def area(r: float) -> float:", "int add(int a, int b)", "func (s *Set) Add(x int)")
// that no parser accepts alone, so this is a small reader by bracket depth, tolerant of what it does not know.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"

namespace autodev::apply {

struct Parameter {
  std::string name;           ///< without "*", "&", "$", "..."
  std::string type;           ///< annotation with white space removed; empty when there is none
  std::string default_value;  ///< empty when there is none
  bool variadic = false;      ///< *args, **kwargs, ...rest: takes whatever comes

  bool operator==(const Parameter&) const = default;
};

struct SignatureShape {
  std::string entry;                  ///< name to be called; empty when none was found
  std::vector<Parameter> parameters;  ///< without self, cls and markers such as "*" and "/"
  std::string returns;                ///< return type without white space, may be empty
  bool complete = false;              ///< the parameter list is closed: the text can replace a header
};

[[nodiscard]] SignatureShape parse_signature(std::string_view signature, Language language);

/// [0, 1]: how alike two signatures are by parameter names, types, count and return type. Two without parameters and
/// with equal return types: 1.
[[nodiscard]] double shape_similarity(const SignatureShape& a, const SignatureShape& b);

}  // namespace autodev::apply
