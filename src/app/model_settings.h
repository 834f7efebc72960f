// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Model settings: from the knob table and the command line to what makes a model.
#pragma once

#include <string>

#include "app/command.h"
#include "apply/model.h"

namespace autodev::app {

/// Options --model, --model-record and --model-replay win over the settings. `usage` for an unknown kind.
[[nodiscard]] Result<apply::ModelSettings> model_settings(CommandContext& context, const Config& config);

}  // namespace autodev::app
