// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Hole text: which bytes of a source a hole stands for, so that they can be put back elsewhere.
//
// A sequence hole stands for siblings *with the separator that ties them to the list*:
//
//   after a sibling            f(a, b)         hole after a       text ", b"
//   only before one, open      f(b, c)         hole before c      text "b, "
//   only before one, closed    @x def f()      hole before f      text "@x def "
//   alone in the list          f(a, b)         the whole list     text "a, b"
//
// so that putting an instance's text back gives valid code again, empty or not. Trees have no nodes for
// parentheses around expressions: they belong to the text where the leading instance has none, or precedence
// would be lost. Texts of several lines are moved to the indentation of the leading instance.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "syntax/nast.h"

namespace autodev::mine {

/// A tree and the source its byte ranges point into.
struct SourceTree {
  const syntax::Nast& tree;
  std::string_view text;
};

struct TextSpan {
  std::uint32_t start = 0, end = 0;
};

/// text[start, end), clamped to what is there.
[[nodiscard]] std::string_view slice(std::string_view text, TextSpan span) noexcept;

/// Siblings [first, last) of `parent`, as node indices, together with whether the *template* has a sibling
/// before and after them.
struct SiblingRun {
  std::uint32_t parent = 0, first = 0, last = 0;
  bool has_previous = false, has_next = false;
};

/// The bytes a sequence hole stands for, see above. Cost: O(children of parent).
[[nodiscard]] TextSpan sequence_span(const SourceTree& source, const SiblingRun& run) noexcept;

/// What the siblings of an instance put into a sequence hole. `hole`: its place in the leading instance.
[[nodiscard]] std::string sequence_filler(const SourceTree& instance, const SiblingRun& run, const SourceTree& leader,
                                          const SiblingRun& hole);

/// What one subtree of an instance puts into a single hole. `hole`: the node in the leading instance's place.
[[nodiscard]] std::string single_filler(const SourceTree& instance, std::uint32_t node, const SourceTree& leader,
                                        std::uint32_t hole);

}  // namespace autodev::mine
