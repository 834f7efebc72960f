// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Token edits: what a fix did to a row of tokens, learned by counting and ranked by a small log-linear model.
//
// Code without a grammar at hand (abstracted methods, languages not known) is a row of tokens; some are placeholders: a
// class and a number that only tells them apart. One edit replaces one span. It is remembered under its span with
// several widths of context, placeholders numbered by first appearance in that window; a name that appears only in the
// replacement is the next new one of its class. How often a window was edited, and how often it stood there without
// being edited, in failed and in fixed code, are the evidence. A candidate fix gathers the evidence of all windows that
// propose it; the weights of that evidence are learned on the training pairs, each seen without its own counts.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace autodev::mine {

/// One token: a text, or a placeholder of a class. Numbers are interned by the caller.
struct EditToken {
  std::uint32_t text = 0;    ///< the text, or the class of a placeholder
  std::uint32_t number = 0;  ///< 0: a text; else the placeholder's number

  auto operator<=>(const EditToken&) const = default;
};
using TokenRow = std::vector<EditToken>;

struct TokenPair {
  TokenRow failed, fixed;
};

struct TokenProposal {
  TokenRow row;
  double score = 0;
};

class TokenEdits {
 public:
  /// Learns all pairs; a pair whose edit is beyond the bounds only counts as context. Deterministic.
  void learn(const std::vector<TokenPair>& pairs);
  /// Possible fixes, best first, at most `limit`.
  [[nodiscard]] std::vector<TokenProposal> propose(const TokenRow& failed, std::size_t limit) const;
  [[nodiscard]] std::size_t windows() const noexcept { return windows_.size(); }

 private:
  struct Replacement {
    TokenRow row;  ///< placeholders by number in the window; new ones follow
    std::uint32_t support = 0;
  };
  struct Window {
    std::uint32_t failed = 0, fixed = 0;  ///< rows in which the window stands
    std::vector<Replacement> replacements;
  };
  struct Candidate {
    TokenRow row;
    std::vector<float> features;
  };

  template <typename Visit>
  void for_each_window(const TokenRow& row, const Visit& visit) const;
  template <typename Visit>
  void for_each_shape(const TokenRow& row, const Visit& visit) const;
  void remember_deletion(const TokenRow& failed, std::size_t start, std::size_t end);
  void count_grams(const TokenRow& row, bool fixed);
  void add_gram_features(const TokenRow& failed, const TokenPair* own, std::vector<Candidate>& list) const;
  void remember(const TokenPair& pair);
  void count(const TokenRow& row, bool fixed);
  [[nodiscard]] std::vector<Candidate> candidates(const TokenRow& failed, const TokenPair* own) const;
  void train(const std::vector<TokenPair>& pairs);
  [[nodiscard]] double score(const std::vector<float>& features) const;

  std::unordered_map<std::uint64_t, Window> windows_;
  std::unordered_map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> grams_;  ///< rows that hold it: failed, fixed
  std::vector<double> weights_;
};

}  // namespace autodev::mine
