// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Context: what a decision depends on, as features that every voter can use.
//
// A context is one JSON object. Nothing is known about its keys: a short string or a boolean becomes a category
// ("language=python"), a number becomes a number, a longer string becomes the numbers of its surface (length, words,
// figures, ...) plus its words. Nested objects get dotted names. So a decision about a prompt, a file or a test run
// needs no code of its own.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"

namespace autodev::vote {

/// Limits of foreign contexts. Deeper or larger ones are `usage` errors that name the limit.
inline constexpr std::size_t max_context_bytes = std::size_t{64} << 10;
inline constexpr int max_context_depth = 8;
inline constexpr std::size_t max_context_members = 256;

/// A feature by name; numbers are on a signed logarithmic scale, so that 10 and 20 differ as 1000 and 2000 do.
struct Measure {
  std::uint64_t name = 0;  ///< hash
  double value = 0;
  bool operator==(const Measure&) const = default;
};
struct Category {
  std::uint64_t hash = 0;  ///< of "name=value"
  std::string text;        ///< "name=value", for people; clipped to 80 bytes
  bool operator==(const Category&) const = default;
};

/// One bit per token (category, word, magnitude of a number): overlap of two sketches is similarity.
using Sketch = std::array<std::uint64_t, 4>;

struct Context {
  std::vector<Category> categories;  ///< sorted by hash, at most 16
  std::vector<Measure> measures;     ///< sorted by name, at most 24
  Sketch sketch{};
  std::uint64_t key = 0;  ///< of all categories; 0 when there is none: contexts with equal categories are one place
  bool operator==(const Context&) const = default;
};

/// Reads a context; an empty text is an empty context. Errors: `usage` for anything but a JSON object within the limits.
[[nodiscard]] Result<Context> read_context(std::string_view json);

/// Share of tokens in common, [0, 1]; 1 for two empty sketches.
[[nodiscard]] double similarity(const Sketch& a, const Sketch& b) noexcept;

}  // namespace autodev::vote
