// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Indentation: a function of one place, indented as the place that it goes to.
//
// A function that was cut out of a class often begins without the indentation that its other lines still have, and its
// file may indent by other steps. So what counts is not how far a line stands from the margin but how many steps it is
// deeper than the function's own header. Lines that begin inside of a text stay as they are: there, white space is part
// of a value.
#pragma once

#include <string>
#include <string_view>

#include "autodev/code.h"

namespace autodev::apply {

/// One step of indentation of `text`: the commonest difference between a line and a deeper one behind it (of equal ones
/// the smaller), a tab or blanks; empty when no line is deeper than the one before. Cost: linear.
[[nodiscard]] std::string indentation_step(std::string_view text);

/// `code`, one function, with `margin` before its header and each deeper line by steps of `step` (empty: by its own).
/// Empty lines around it are dropped, every line ends with "\n". Cost: linear.
[[nodiscard]] std::string indented_as(std::string_view code, Language language, std::string_view margin,
                                      std::string_view step);

}  // namespace autodev::apply
