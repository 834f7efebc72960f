// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Model settings: from the knob table and the command line to what makes a model.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/command.h"
#include "apply/model.h"
#include "index/external_embedder.h"

namespace autodev::app {

/// Options --model, --model-record and --model-replay win over the settings. `usage` for an unknown kind.
[[nodiscard]] Result<apply::ModelSettings> model_settings(CommandContext& context, const Config& config);

/// The models to choose from, cheapest first: one per entry NAME=COST of `learn.model.tiers`, else the one of the settings;
/// none for the kind `none`. An argument "{model}" of a program becomes the name. Errors: `config`.
struct ModelChoice {
  apply::ModelSettings settings;
  double cost = 1;
};
/// The embedder of `learn.embedder.*`; null: the built-in one. Errors: `config` and those of making it.
[[nodiscard]] Result<std::shared_ptr<const index::ExternalEmbedder>> external_embedder(CommandContext& context,
                                                                                       const Config& config);

[[nodiscard]] Result<std::vector<ModelChoice>> model_choices(const apply::ModelSettings& settings, const Config& config);

}  // namespace autodev::app
