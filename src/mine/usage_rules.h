// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Usage rules: what always holds between two steps of one object, with support and violations counted online.
//
//   precedes    B only after A          (flush after open)
//   eventually  after A, B on all paths (close after open)
//   guarded     A only under a condition C on the object (next only if hasNext was asked)
//   excludes    A and B never both
//
// The counters belong to one type of object in one language. A function adds to them once per object; nothing is read again, so an
// update costs O(steps^2) of its trace, at most 32 steps. Rarity alone is never a violation worth a word (the systematic study of
// misuse detectors, Amann et al., TSE 2018, names it as their main error): see is_advice().
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mine/event_graph.h"
#include "mine/object_traces.h"

namespace autodev::mine {

/// Bounds of the counters of one type.
inline constexpr std::size_t max_rule_steps = 48;
inline constexpr std::size_t max_rule_pairs = 512;
inline constexpr std::size_t max_rule_guards = 96;

enum class RuleShape : std::uint8_t { precedes, eventually, guarded, excludes };
[[nodiscard]] std::string_view to_string(RuleShape shape) noexcept;

struct UsageRule {
  RuleShape shape = RuleShape::precedes;
  std::string a, b;  ///< steps; `b` of `guarded` is the condition
  std::uint32_t support = 0, violations = 0;
  std::uint32_t projects = 0;  ///< lower bound of the distinct projects behind the support; exact up to about eight
};

/// Violated in less than 2 % of the cases, with a support of at least 50 in at least 5 projects: worth an advice.
[[nodiscard]] bool is_advice(const UsageRule& rule) noexcept;

struct UsageCounters {
  /// A number of objects, and one bit per project by its hash.
  struct Count {
    std::uint32_t objects = 0, projects = 0;
    bool operator==(const Count&) const = default;
  };
  struct Step {
    std::string name;
    std::uint32_t seen = 0;  ///< objects that take it
    std::uint32_t born = 0;  ///< of those, made in the function: what came before is known
    std::uint32_t kept = 0;  ///< of those, that do not leave the function: what comes after is known
    bool operator==(const Step&) const = default;
  };
  struct Pair {
    Count before;      ///< born objects on which the first step stands before the second's first
    Count after;       ///< kept objects on which the second follows the first on all paths
    std::uint32_t maybe = 0;  ///< kept objects on which it follows on some
    std::uint32_t both = 0;   ///< objects that take both
    bool operator==(const Pair&) const = default;
  };

  std::vector<Step> steps;  ///< in order of first appearance
  std::map<std::pair<std::uint32_t, std::uint32_t>, Pair> pairs;           ///< (first, second)
  std::map<std::pair<std::uint32_t, std::string>, Count> guards;           ///< (step, condition)
  std::uint32_t objects = 0;

  /// Counts one object. `project`: a hash of the project's name.
  void add(const EventGraph& graph, const ObjectTrace& trace, std::uint64_t project);

  /// Rules with at least `min_support` and fewer violations than supports, in a fixed order.
  [[nodiscard]] std::vector<UsageRule> rules(std::uint32_t min_support) const;

  bool operator==(const UsageCounters&) const = default;
};

/// Does the object keep the rule? `not_applicable`: the function does not show enough of the object's life.
enum class RuleOutcome : std::uint8_t { not_applicable, kept, violated };
[[nodiscard]] RuleOutcome judge(const UsageRule& rule, const EventGraph& graph, const ObjectTrace& trace);

}  // namespace autodev::mine
