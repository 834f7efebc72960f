// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Pieces: any text, a name or a sentence, as words with the separators between them.
//
// "conversations.declineSharedInvite" is the words conversations, decline, Shared, Invite with ".", "", "" between. Seen
// this way, one substitution rewrites users_list, usersList, UsersList, users.list and "users list" alike, because a rule
// compares words and carries separators and letter case over from the place where it fires.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autodev::apply {

/// One word of a text: a run of letters of one hump, or a number ("30.0" is one word).
struct Piece {
  std::string_view text;    ///< view into the text
  std::string_view before;  ///< what stands between the previous word (or the start) and this one
  std::string lower;        ///< lower case; numbers in shortest form, "30.0" -> "30"
  bool number = false;
};

/// Words of `text` in order, at most 20,000. `text` must outlive the pieces.
[[nodiscard]] std::vector<Piece> pieces_of(std::string_view text);

/// Common words that carry no intent ("the", "of", "given", "returns", "function", ...).
[[nodiscard]] bool is_filler_word(std::string_view lower_word) noexcept;

/// Lower-case word without its usual English inflection: "users" -> "user", "returns" -> "return".
[[nodiscard]] std::string base_form(std::string_view lower_word);

}  // namespace autodev::apply
