// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rows: everything that is remembered about decisions, in small independent pieces behind get and put.
//
// A decision reads a handful of rows, an outcome rewrites a handful, however many decisions were made before. All sums
// fade with the number of outcomes of their type ("clock"), lazily: a row holds its value as of its own clock.
//
//   T type              counts, clock, voters' losses, feature slots, the last change
//   O type, option      tallies, change detector, regression
//   P type, place       tallies by option for one category, or for all categories together; voters' losses there
//   C type, number      a chunk of the most recent cases
//   G option / all      tallies of an option over all types; voters' losses over all types
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "vote/context.h"
#include "vote/voter.h"

namespace autodev::vote {

/// Meaning of the rows; part of the fold's version.
inline constexpr std::uint32_t rows_version = 1;

class MemoryRead {
 public:
  virtual ~MemoryRead() = default;
  /// The bytes stay valid until the next put.
  [[nodiscard]] virtual Result<std::optional<std::string_view>> get(std::string_view key) const = 0;
};
class Memory : public MemoryRead {
 public:
  virtual Result<void> put(std::string_view key, std::string_view value) = 0;
};

/// Half-life of what is known, in outcomes of the type. Long enough that a stationary choice keeps 700 outcomes of
/// evidence, short enough that an option set aside is uncertain again after some hundred decisions.
inline constexpr double half_life = 1000;
/// Half-life of the recency voter, in outcomes of the option.
inline constexpr double recent_half_life = 6;

/// Faded successes and failures; a reward r counts as r successes and 1 - r failures.
struct Tally {
  double successes = 0, failures = 0;
  std::uint64_t clock = 0;   ///< of the type when last changed
  std::uint32_t epoch = 0;   ///< changes of the type seen
  [[nodiscard]] double total() const noexcept { return successes + failures; }
};
/// The tally as it counts now: faded, and after a change worth at most `kept` outcomes.
[[nodiscard]] Tally as_of(const Tally& tally, std::uint64_t clock, std::uint32_t epoch, double kept);

/// Cumulative losses of the voters; what their weights are made of (weights.h).
struct Losses {
  std::array<double, voter_count> decision{};  ///< importance-weighted loss of what they would have chosen
  std::array<double, voter_count> forecast{};  ///< squared error of what they foretold
  double rounds = 0;
};

/// Two one-sided cumulative sums of log-likelihood ratios (change.h).
struct Watch {
  double down = 0, up = 0;
  double down_successes = 0, down_failures = 0, up_successes = 0, up_failures = 0;  ///< since the sum left zero
};

struct ChangeSeen {
  std::string option;
  bool better = false;
  double before = 0, after = 0;    ///< success share foretold before, seen since
  std::uint32_t after_outcomes = 0;  ///< outcomes between the change and its notice
  std::uint64_t clock = 0;
  Digest decision;                 ///< whose outcome raised it
};

struct TypeRow {
  std::uint64_t decisions = 0;
  std::uint64_t clock = 0;  ///< outcomes
  std::uint32_t epoch = 0;  ///< changes noticed
  std::uint32_t cases = 0;  ///< cases ever stored
  Tally all;
  Losses losses;
  std::vector<std::uint64_t> slots;  ///< features of the regression, first come; at most ridge's limit
  std::optional<ChangeSeen> change;
};

/// Regression of the reward on the features: the sums, and their solution kept ready for deciding (ridge.h).
struct Ridge {
  std::uint32_t width = 0;        ///< features + 1
  std::vector<double> products;   ///< packed lower triangle of sum x x'
  std::vector<double> rewards;    ///< sum r x
  std::vector<float> mean, scale, slope, inverse;  ///< solution; inverse is packed
  std::uint64_t clock = 0;
};

struct OptionRow {
  std::string name;
  std::uint32_t chosen = 0, successes = 0, failures = 0;  ///< plain counts, for people
  std::uint64_t last_chosen = 0;  ///< number of the type's decision
  Tally all, recent;
  Watch watch;
  std::array<Digest, max_evidence> ids{};
  Ridge ridge;
};

struct PlaceOption {
  std::uint64_t option = 0;  ///< hash of its name
  Tally all;
  std::array<Digest, max_evidence> ids{};
};
struct PlaceRow {
  Losses losses;
  std::vector<PlaceOption> options;  ///< sorted by option; the 128 last changed
};

struct Case {
  Sketch sketch{};
  std::uint64_t option = 0;
  float reward = 0;
  std::uint32_t epoch = 0;
  Digest decision;
};
inline constexpr std::size_t cases_per_chunk = 32;
inline constexpr std::size_t case_chunks = 16;
struct CaseRow {
  std::vector<Case> cases;
};

struct GlobalRow {
  Tally all;
  Losses losses;
};

[[nodiscard]] std::uint64_t option_hash(std::string_view option) noexcept;
/// `letter` as in the head of this file.
[[nodiscard]] std::string row_key(std::string_view type, char letter, std::uint64_t rest = 0);
/// All rows of a type start so.
[[nodiscard]] std::string type_prefix(std::string_view type, char letter);

template <typename Row>
[[nodiscard]] std::string encode(const Row& row);
/// `bad_data` for anything encode does not write.
template <typename Row>
[[nodiscard]] Result<Row> decode(std::string_view bytes);
/// Without the sums of the regression, which deciding does not need.
[[nodiscard]] Result<OptionRow> decode_for_reading(std::string_view bytes);

/// The row, or a fresh one.
template <typename Row>
[[nodiscard]] Result<Row> load(const MemoryRead& memory, std::string_view key) {
  AUTODEV_TRY_ASSIGN(const auto bytes, memory.get(key));
  if (!bytes) return Row{};
  return decode<Row>(*bytes);
}
template <typename Row>
Result<void> save(Memory& memory, std::string_view key, const Row& row) {
  return memory.put(key, encode(row));
}

void note_id(std::array<Digest, max_evidence>& ids, const Digest& id) noexcept;

}  // namespace autodev::vote
