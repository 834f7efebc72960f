// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Decision log: past decisions to measure on, in time order.
//
// JSON Lines, one object a line:
//   full information  {"id", "type", "context": {...}, "outcomes": {option: reward}, "cost": {option: number}}
//   logged bandit     {"id", "type", "context": {...}, "action", "reward", "propensity", "options": [...]}
// CSV with a header: one column each for action, reward and propensity (their names can be given), every other column is
// a member of the context. Rewards lie in [0, 1]; true and false count as 1 and 0. docs/decision-model.md has examples.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vote/decider.h"

namespace autodev::vote {

struct LogRow {
  Question question;             ///< with costs where there are any
  std::vector<double> rewards;   ///< by option: full information; empty for logged data
  std::size_t action = 0;        ///< logged
  double reward = 0;
  double propensity = 1;
};

struct DecisionLog {
  std::vector<LogRow> rows;
  bool full_information = false;
  bool has_costs = false;
};

struct LogColumns {
  std::string action = "action", reward = "reward", propensity = "propensity";
  std::vector<std::string> ignore;  ///< columns that are no context, e.g. a time
};

/// CSV when the first line is no JSON object. Errors: `bad_data` with the line, for anything that is not one of the two kinds, for
/// rewards and propensities outside [0, 1], more than 64 options, or a mixture of kinds.
[[nodiscard]] Result<DecisionLog> read_log(std::string_view text, std::string_view name, const LogColumns& columns = {});

}  // namespace autodev::vote
