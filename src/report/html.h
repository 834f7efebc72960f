// SPDX-License-Identifier: MIT OR Apache-2.0
//
// HTML: what the pages of reports share: one self-contained page without scripts, fonts or links to anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autodev::report {

/// For text and attributes.
[[nodiscard]] std::string escaped(std::string_view text);
/// A whole page; `title` is escaped, `body` is not.
[[nodiscard]] std::string page(std::string_view title, std::string_view body);
/// Shares in [0, 1] over equal windows as one curve, or several; the caption is not escaped.
struct Curve {
  std::vector<double> shares;
  std::string_view colour;
};
[[nodiscard]] std::string share_chart(const std::vector<Curve>& curves, std::string_view caption);

}  // namespace autodev::report
