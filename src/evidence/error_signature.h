// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Error signatures: what stays of an error when everything is taken away that differs between two occurrences of the same one.
//
// Paths, lines, addresses, numbers, durations, ids, temporary names and quoted names of the user become place holders; names
// of the language (int, NoneType, String) and punctuation in quotes stay, because they tell one error from another. Equal
// signatures on two machines mean the same kind of error, so a fix that was verified for one is worth showing for the other.
//
//   a.c:4:18: error: ‘coutn’ undeclared (first use in this function)   ->  <name> undeclared (first use in this function)
//   AttributeError: 'NoneType' object has no attribute 'items'         ->  AttributeError: 'NoneType' object has no attribute <name>
//   test_total: assert 4 == 3                                          ->  test_total: assert <n> == <n>
//   t: t.c:9: main: Assertion `max(v, 3) == 7' failed.                 ->  ... Assertion 'max(v, <n>) == <n>' failed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autodev/event.h"
#include "evidence/error_cause.h"

namespace autodev::evidence {

/// The text of a message with everything particular replaced. At most 240 bytes.
[[nodiscard]] std::string normalise_message(std::string_view message);

struct ErrorSignature {
  std::string text;   ///< the normalised form, with the code or the test in front where these belong to it
  Digest id;          ///< of `text`
  CauseRule cause;
  CheckFailure failure;  ///< what it was made from
};

[[nodiscard]] ErrorSignature signature_of(const CheckFailure& failure);

/// Of all failures, each signature once, in their order; at most `limit`.
[[nodiscard]] std::vector<ErrorSignature> signatures_of(const std::vector<CheckFailure>& failures, std::size_t limit = 16);

/// True when there are failures and each one is the fault of the machine: they say nothing about the code.
[[nodiscard]] bool only_environment(const std::vector<CheckFailure>& failures);

}  // namespace autodev::evidence
