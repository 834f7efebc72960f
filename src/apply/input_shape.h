// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Input shape: how the inputs of a program are laid out, read off a few examples, and new inputs laid out alike.
//
// An input is lines of tokens. A shape is a sequence of blocks of lines that explains all examples at once: how often a
// block comes and how many tokens a line has is constant, or a number that stood earlier (a count), or the first token
// of the line. What the values of a place have in common in all examples (range, letters, ascending, distinct, not
// above a count, not above another value) is kept by new inputs, so most of them are valid without a word about the
// format. The idea of format inference from examples: Caballero et al., CCS 2007, and Lin & Zhang, FSE 2008, who had
// traces; here there are only the inputs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autodev::apply {

/// How many: a constant, a value that stood earlier, the first token of the line, or not explained.
struct InputCount {
  enum class By : std::uint8_t { constant, header, block, leading, unexplained };
  By by = By::constant;
  std::size_t value = 0;  ///< constant: how many; header, block: which value
  int plus = 0;           ///< added to the value: -1, 0 or 1

  bool operator==(const InputCount&) const = default;
};

/// What the tokens of one place have in common.
struct InputPlace {
  enum class Kind : std::uint8_t { integer, decimal, word };
  Kind kind = Kind::integer;
  long long least = 0, most = 0;          ///< integers
  std::string letters;                    ///< words: characters seen, sorted
  std::size_t shortest = 0, longest = 0;  ///< words
  InputCount length;                      ///< words: constant, header or unexplained (between shortest and longest)
  std::vector<std::string> seen;          ///< distinct tokens in order of appearance, at most 64
  bool ascending = false, distinct = false;
  std::optional<std::size_t> bound;  ///< header value that none of them exceeds
};

/// Value `lower` plus `gap` never exceeds value `upper`, in all examples.
struct InputOrder {
  std::size_t lower = 0, upper = 0;
  long long gap = 0;
};

struct InputLine {
  InputCount width;
  std::vector<InputOrder> orders;  ///< among the tokens of a line of constant width in a repeated block
  /// Constant width: one place for each token. Otherwise one for all, behind one for the count where the width is
  /// leading.
  std::vector<InputPlace> places;
  [[nodiscard]] const InputPlace& place_of(std::size_t token) const;
  InputPlace& place_of(std::size_t token);
};

struct InputBlock {
  InputCount times;
  std::vector<InputLine> lines;
};

/// Values of one input, by block, repetition, line and token.
using InputLineValues = std::vector<std::string>;
using InputValues = std::vector<std::vector<std::vector<InputLineValues>>>;

class InputShape {
 public:
  /// Absent when nothing explains all inputs (at most one count may stay unexplained) or they are larger than 4,000
  /// bytes, 400 lines. Cost: at most 4,000 steps that look at 100,000 lines together.
  [[nodiscard]] static std::optional<InputShape> infer(const std::vector<std::string_view>& inputs);

  /// Example `which` with one to three values changed; absent when no such input was found. Deterministic in `seed`.
  [[nodiscard]] std::optional<std::string> near(std::size_t which, std::uint64_t seed) const;
  /// New values everywhere, within what was seen; with `edge` also smaller counts, 1, and twice the largest.
  [[nodiscard]] std::optional<std::string> fresh(std::uint64_t seed, bool edge) const;
  /// "2 values; #0 times 1 word" for people and tests.
  [[nodiscard]] std::string describe() const;

  /// A value of a line that comes once: where it stands.
  struct Header {
    std::size_t block = 0, line = 0, token = 0;
    bool counts = false;  ///< says how many of something there are
  };
  [[nodiscard]] const std::vector<InputBlock>& blocks() const noexcept { return blocks_; }
  [[nodiscard]] const std::vector<Header>& headers() const noexcept { return headers_; }
  [[nodiscard]] const std::vector<InputOrder>& orders() const noexcept { return orders_; }  ///< among headers
  [[nodiscard]] const std::vector<InputValues>& examples() const noexcept { return examples_; }

 private:
  friend class ShapeInference;
  std::vector<InputBlock> blocks_;
  std::vector<Header> headers_;
  std::vector<InputOrder> orders_;
  std::vector<InputValues> examples_;
};

/// A plain integer of at most 18 digits, without a leading zero.
[[nodiscard]] std::optional<long long> input_integer(std::string_view token);

}  // namespace autodev::apply
