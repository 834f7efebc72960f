// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Treatment: what codes do with a parameter of a type, learned from all earlier solutions.
//
// Families treat parameters by kind: a list is joined, an optional one is left out when it is missing, an object is
// serialised. Visible tests often miss it (they pass a plain value), so a candidate that treats a list like a string
// passes and is wrong. Two uses: how *familiar* a candidate's treatment is enters its probability, and statements that
// treat a parameter of the same type elsewhere are *borrowed* for a new parameter.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "apply/adapt.h"

namespace autodev::apply {

/// What surrounds every mention of `name` behind byte `body`: callee, operator, key or value, as a canonical text.
/// The grouping of entries and statements does not count.
[[nodiscard]] std::string treatment_of(std::string_view code, Language language, std::size_t body,
                                       std::string_view name);

/// The same for several names at once, in their order.
[[nodiscard]] std::vector<std::string> treatments_of(std::string_view code, Language language, std::size_t body,
                                                     const std::vector<std::string>& names);

class Treatments {
 public:
  void add(const Learned& learned);
  /// Share of the earlier parameters like this one (same name, same type) that were treated so; 0 when none is known.
  [[nodiscard]] double familiarity(Language language, const Parameter& parameter, const std::string& treatment) const;
  /// The least familiar parameter of a solution: 1 - familiarity; 0 without parameters.
  [[nodiscard]] double strangeness(const std::string& code, Language language, const SignatureShape& shape) const;
  /// Statements that treat parameters of the same type in the commonest and latest way, at most `limit`.
  [[nodiscard]] std::vector<Loan> loans(Language language, const Parameter& parameter, std::size_t limit) const;

 private:
  struct Seen {
    std::uint32_t count = 0;
    std::size_t last = 0;  ///< order of arrival
    Loan loan;             ///< of the latest; no statements when they cannot be separated
  };
  using ByTreatment = std::map<std::string, Seen>;

  std::map<std::string, ByTreatment> by_type_, by_name_;
  std::size_t arrived_ = 0;
};

}  // namespace autodev::apply
