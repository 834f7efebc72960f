// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A partial abstraction of the search: holes, parameters, and one value per matching place of each.
//
// Columns are parallel: row r of every column speaks of the place `places[r]`. They lie in the arena of the walk.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "mine/column_arena.h"
#include "mine/lambda_term.h"

namespace autodev::mine {

/// What a hole may still become once no new parameter is allowed.
enum class HoleMode : std::uint8_t {
  any,
  constant,  ///< the same term everywhere
  reuse,     ///< a parameter stands in it
};

struct AbstractionHole {
  std::uint32_t slot = 0;     ///< its node in the skeleton
  std::uint32_t binders = 0;  ///< lambdas of the body around it
  HoleMode mode = HoleMode::any;
  const TermId* parts = nullptr;  ///< what stands there, per row
};

struct AbstractionParameter {
  std::uint32_t binders = 0;       ///< lambdas around its first hole
  const TermId* values = nullptr;  ///< per row, as seen from outside of the abstraction
  const TermId* parts = nullptr;   ///< per row, as it stands in the corpus
};

struct PartialAbstraction {
  std::size_t rows = 0;
  const TermId* places = nullptr;
  /// Per row, over all occurrences of the place: its cost less what a call is known to cost. Positive.
  const std::int64_t* gains = nullptr;
  std::span<AbstractionHole> holes;
  std::span<AbstractionParameter> parameters;
  std::int64_t body = 0;  ///< cost of what is fixed
};

/// One way to fill a hole, with the rows where it fits and an upper bound of the utility of everything below it.
struct AbstractionBranch {
  enum class Kind : std::uint8_t { head, constant, reuse, fresh };
  Kind kind = Kind::head;
  std::uint32_t value = 0;  ///< head: label; constant: term; reuse: parameter
  std::span<const std::uint32_t> rows;
  std::int64_t bound = 0;
  HoleMode first = HoleMode::any, second = HoleMode::any;  ///< head: of the parts
};

/// Groups keyed by small dense numbers, cleared in O(1).
template <typename Group>
class GroupTable {
 public:
  void resize(std::size_t keys) { slots_.assign(keys, {}); }
  void clear() {
    groups_.clear();
    ++epoch_;
  }
  /// The group of the key, made where it is new.
  Group& at(std::uint32_t key) {
    Slot& slot = slots_[key];
    if (slot.epoch != epoch_) {
      slot = {epoch_, static_cast<std::uint32_t>(groups_.size())};
      groups_.emplace_back();
    }
    return groups_[slot.index];
  }
  [[nodiscard]] std::vector<Group>& all() { return groups_; }

 private:
  struct Slot {
    std::uint64_t epoch = 0;
    std::uint32_t index = 0;
  };
  std::vector<Slot> slots_;
  std::vector<Group> groups_;
  std::uint64_t epoch_ = 1;
};

/// Sums keyed by small dense numbers, cleared in O(1).
class SumTable {
 public:
  void resize(std::size_t keys) { slots_.assign(keys, {}); }
  void clear() { ++epoch_; }
  /// The sum of the key with `value` added.
  std::int64_t add(std::uint32_t key, std::int64_t value) {
    Slot& slot = slots_[key];
    if (slot.epoch != epoch_) slot = {epoch_, 0};
    return slot.sum += value;
  }

 private:
  struct Slot {
    std::uint64_t epoch = 0;
    std::int64_t sum = 0;
  };
  std::vector<Slot> slots_;
  std::uint64_t epoch_ = 1;
};

}  // namespace autodev::mine
