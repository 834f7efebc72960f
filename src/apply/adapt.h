// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Adapt: an earlier solution, fitted to a new task, in a few variants.
//
// Steps: parameters that went are dropped with their fragments, new ones get the fragments of a like parameter, the
// header is replaced by the required signature, names and specification words are rewritten. Each variant says
// what it left unexplained; it is never believed without verification.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "apply/gate.h"
#include "apply/learned_rewrites.h"
#include "apply/signature_shape.h"
#include "apply/task.h"

namespace autodev::apply {

/// An earlier task and the code that ended it.
struct Learned {
  VisibleTask task;
  SignatureShape shape;
  std::string code;
};

struct Candidate {
  std::string code;
  std::vector<std::size_t> sources;  ///< numbers of the earlier tasks that lead to this very code
  double spec_residue = 1;  ///< share of the specification's meaning that changed without the code changing, [0, 1]
  double name_residue = 1;  ///< the same for the entry-point name
  double shape = 0;         ///< shape similarity of the signatures
  double text = 0;          ///< retrieval share
  bool same_stream = false;
  std::size_t splices = 0;           ///< pieces taken over from other candidates
  std::size_t fills = 0;             ///< 1: holes were filled
  std::size_t support = 1;           ///< pairs of candidates that lead to the same splice
  bool stretched = false;            ///< a parameter was treated like one of another type
  bool polarity = false;             ///< passes the gate only if the visible tests reject the unchanged copy
  std::vector<std::string> learned;  ///< learned rewrites that made it, for people
  std::string unchanged;             ///< the copy with only the header replaced, for that check
  double score = 0;                  ///< order of trial
};

/// Statements that treat a parameter, lent by an earlier solution to a new one.
struct Loan {
  std::string parameter;                ///< its name there
  std::vector<std::string> statements;  ///< whole lines
};
using Lender = std::function<std::vector<Loan>(const Parameter& parameter)>;

/// What is known from all earlier solutions. Each may be absent.
struct Experience {
  /// Rarity of a base-form word, as the weight of residues; absent: all words weigh alike.
  std::function<double(std::string_view word)> rarity;
  /// Statements for parameters that a template cannot treat.
  Lender lender;
  /// Share of the earlier parameters like this one that were treated so (treatment.h).
  std::function<double(const Parameter& parameter, const std::string& treatment)> familiarity;
  /// Changes of code that changes of words asked for before.
  std::function<std::vector<LearnedRewrite>(const TextDifference& difference)> rewrites;
};

/// Variants of `earlier` for `now`, best first, at most 16; none when the gate forbids reuse. `source`, `text`:
/// number and retrieval share of the earlier task.
[[nodiscard]] std::vector<Candidate> adapt(const Learned& earlier, const VisibleTask& now, const SignatureShape& shape,
                                           std::size_t source, double text, const Experience& experience);

}  // namespace autodev::apply
