// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Hole: the kinds of holes, what fits into them, and which text they stand for.
//
// Kinds form a small lattice: identifier lies below type, literal and type below expression, expression below
// statement. A hole accepts a node when joining the node's kind changes nothing; names fit where types do,
// because not every parser can tell them apart. A sequence hole stands for siblings *with the separator that
// ties them to the list*:
//
//   after a sibling            f(a, b)         hole after a       text ", b"
//   only before one, open      f(b, c)         hole before c      text "b, "
//   only before one, closed    @x def f()      hole before f      text "@x def "
//   alone in the list          f(a, b)         the whole list     text "a, b"
//
// so that putting an instance's text back into the hole gives valid code again, empty or not. Fillers of several
// lines are moved to the indentation of the leading instance.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mine/template.h"

namespace autodev::mine {

/// Values are persisted in encoded templates: append, never renumber.
enum class HoleKind : std::uint8_t { identifier, literal, type, expression, statement, sequence };

[[nodiscard]] std::string_view to_string(HoleKind kind) noexcept;
[[nodiscard]] std::optional<HoleKind> hole_kind_from_name(std::string_view name) noexcept;
/// The kind of hole that one subtree asks for.
[[nodiscard]] HoleKind hole_kind_of(const syntax::NastNode& node) noexcept;
[[nodiscard]] HoleKind join(HoleKind a, HoleKind b) noexcept;
[[nodiscard]] bool accepts(HoleKind hole, const syntax::NastNode& node) noexcept;

/// Counts `text` `times` more; keeps order (count, then text) and the caps of thresholds.h.
void add_filler(TemplateHole& hole, std::string_view text, std::uint32_t times);

struct TextSpan {
  std::uint32_t start = 0, end = 0;
};

/// Siblings [first, last) of `parent`, as node indices, together with whether the *template* has a sibling
/// before and after them.
struct SiblingRun {
  std::uint32_t parent = 0, first = 0, last = 0;
  bool has_previous = false, has_next = false;
};

/// The bytes a sequence hole stands for, see above. Cost: O(children of parent).
[[nodiscard]] TextSpan sequence_span(const syntax::Nast& tree, std::string_view text, const SiblingRun& run) noexcept;

/// A byte on whose line the run's indentation can be read: the sibling before it, after it, or the list.
[[nodiscard]] std::uint32_t sequence_anchor(const syntax::Nast& tree, const SiblingRun& run) noexcept;

/// A source text and a byte of it whose line gives the indentation.
struct Anchor {
  std::string_view text;
  std::uint32_t position = 0;
};

/// The text of `span`. Lines that start with the indentation at `here` get the one at `leader` instead, except
/// inside string literals; unchanged when an anchor stands on the first line, whose indentation is not known.
[[nodiscard]] std::string filler_text(const syntax::Nast& tree, TextSpan span, const Anchor& here,
                                      const Anchor& leader);

/// text[start, end), clamped to what is there.
[[nodiscard]] std::string_view slice(std::string_view text, TextSpan span) noexcept;

}  // namespace autodev::mine
