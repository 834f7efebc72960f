// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The randomised hold-out: does showing a pattern help? Whether the first hit is shown is left to chance and recorded as a
// decision with its propensity. The outcome is that of the next executed attempt of the same cycle (project and
// specification), or what `learn outcome` says. Off unless asked for.
#include "app/parts.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/wire.h"

namespace autodev::app {

Result<void> run_experiment(Parts& parts, const Specification& wanted, double holdout, SimilarPatterns& found) {
  if (!(holdout > 0 && holdout <= 0.5)) return fail(ErrorCode::usage, "the hold-out is not a number from 0 to 0.5");
  if (parts.options.read_only) return {};
  const double chance = static_cast<double>(parts.env.random_u64() >> 11) * 0x1.0p-53;
  found.held_back = chance < holdout;
  knowledge::DecisionMade made;
  made.type = knowledge::experiment_type;
  made.options = {std::string(knowledge::shown_option), std::string(knowledge::held_back_option)};
  made.chosen = made.options[found.held_back ? 1 : 0];
  made.probabilities = {1 - holdout, holdout};
  made.propensity = made.probabilities[found.held_back ? 1 : 0];
  made.context = base::dump_json({{"pattern", found.hits.front().pattern.id.hex()}});
  made.project = parts.options.project;
  made.cycle = knowledge::cycle_id(parts.options.project, wanted.text);
  std::string bytes = made.context;
  base::WireWriter writer(bytes);
  writer.digest(made.cycle.digest);
  writer.u64(static_cast<std::uint64_t>(parts.env.now().time_since_epoch().count()));
  writer.u64(parts.env.random_u64());
  found.experiment = made.id = {base::hash128(bytes)};
  AUTODEV_TRY(parts.store->append({std::move(made)}));
  AUTODEV_TRY_ASSIGN(const auto folded, parts.store->refresh());
  AUTODEV_TRY(write_decision_files(parts, folded));
  if (found.held_back) found.hits.erase(found.hits.begin());
  return {};
}

}  // namespace autodev::app
