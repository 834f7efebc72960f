// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/model_settings.h"

#include <fmt/format.h>

namespace autodev::app {
namespace {

/// The helper lies beside the program.
std::string transport_of(const std::string& program) {
  const auto slash = program.rfind('/');
  const std::string folder = slash == std::string::npos ? std::string(AUTODEV_LIBEXEC) : program;
  return folder.substr(0, folder.rfind('/')) + "/auto-dev-model";
}

}  // namespace

Result<apply::ModelSettings> model_settings(CommandContext& context, const Config& config) {
  apply::ModelSettings settings;
  const std::string kind = context.arguments.text("model").value_or(config.text("learn.model.kind"));
  const auto known = apply::model_kind_from_name(kind);
  if (!known) return fail(ErrorCode::usage, fmt::format("there is no model kind '{}'", kind), "kinds: none, command, openai, replay");
  settings.kind = *known;
  settings.command = config.words("learn.model.command");
  settings.url = config.text("learn.model.url");
  settings.name = config.text("learn.model.name");
  settings.key_variable = config.text("learn.model.key_variable");
  settings.allow_remote = config.boolean("learn.model.allow_remote");
  settings.timeout = std::chrono::seconds(config.number("learn.model.timeout_s"));
  settings.retries = static_cast<std::uint32_t>(config.number("learn.model.retries"));
  settings.max_tokens = static_cast<std::uint32_t>(config.number("learn.model.max_tokens"));
  settings.cost_in = config.real("learn.model.input_cost");
  settings.cost_out = config.real("learn.model.output_cost");
  settings.replay_file = context.arguments.text("model-replay").value_or(config.text("learn.model.replay_file"));
  settings.record_file = context.arguments.text("model-record").value_or("");
  settings.transport = transport_of(context.program);
  return settings;
}

}  // namespace autodev::app
