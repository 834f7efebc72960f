// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Opposites: what words exclude each other, as tables written by hand.
//
// Words that name opposite things stand in the same sentences, so every measure of similarity draws them together
// ("enable" and "disable" reach a cosine of 0.99). What keeps them apart has to be known. Three kinds: pairs of
// opposites, axes whose two ends have several names each, and classes of which a text means one member (units, formats,
// products). Retrieval (agreement.h) reads all of them, the adaptation of code (apply/gate.h) the pairs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace autodev::index {

struct OppositePair {
  std::string_view one, other;
};

/// Verbs and adjectives of everyday programming in base form; a word may have several opposites.
[[nodiscard]] std::span<const OppositePair> opposite_pairs() noexcept;

/// Do the two stems exclude each other: by a pair, an axis, or a prefix that turns one into the other ("sorted" and
/// "unsorted")? Symmetric.
[[nodiscard]] bool are_opposites(std::string_view stem, std::string_view other);

/// Only the prefixes: "valid" and "invalid".
[[nodiscard]] bool is_turned(std::string_view stem, std::string_view other);

/// The number of the class whose member this stem is, 0 for none. Members of one class exclude each other unless they
/// are names of one thing.
struct ClassMember {
  std::uint16_t of = 0;      ///< the class
  std::uint16_t thing = 0;   ///< equal for names of one thing ("postgres", "postgresql")
  bool unit = false;
};
[[nodiscard]] ClassMember class_member(std::string_view stem);

/// not, never, without, ... (as a plain word, not a stem)
[[nodiscard]] bool is_negation(std::string_view word) noexcept;

/// Do the two stems name the same thing or action in a request ("delete" and "remove")? For leaving differences of
/// wording out of account, never for ranking.
[[nodiscard]] bool are_synonyms(std::string_view stem, std::string_view other);

}  // namespace autodev::index
