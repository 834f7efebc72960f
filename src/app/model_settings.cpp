// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/model_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "index/folder_embedder.h"

namespace autodev::app {
namespace {

/// The helper lies beside the program.
std::string transport_of(const std::string& program) {
  const auto slash = program.rfind('/');
  const std::string folder = slash == std::string::npos ? std::string(AUTODEV_LIBEXEC) : program;
  return folder.substr(0, folder.rfind('/')) + "/auto-dev-model";
}

ModelChoice with_name(apply::ModelSettings settings, const std::string& name, double cost) {
  settings.name = name;
  for (std::string& argument : settings.command)
    if (argument == "{model}") argument = name;
  return {std::move(settings), cost};
}

Result<ModelChoice> tier_of(const apply::ModelSettings& settings, const std::string& tier) {
  const auto equals = tier.rfind('=');
  const std::string number = equals == std::string::npos ? std::string() : tier.substr(equals + 1);
  char* end = nullptr;
  const double cost = std::strtod(number.c_str(), &end);
  if (equals == 0 || number.empty() || *end != '\0' || !(cost > 0) || !std::isfinite(cost))
    return fail(ErrorCode::config, fmt::format("learn.model.tiers: '{}' is not NAME=COST with a cost above 0", base::clip_utf8(tier, 80)),
                "e.g. [\"small=1\", \"large=20\"]");
  return with_name(settings, tier.substr(0, equals), cost);
}

/// The folder is named from its root: commands are run in many folders.
Result<std::shared_ptr<const index::ExternalEmbedder>> folder_embedder(base::Env& env, std::string folder) {
  if (folder.starts_with("~/")) folder = env.variable("HOME").value_or("") + folder.substr(1);
  if (!folder.starts_with('/'))
    return fail(ErrorCode::config,
                folder.empty() ? "learn.embedder.kind is folder, but learn.embedder.folder is not set"
                               : fmt::format("learn.embedder.folder = {}: not a path from the root", base::strip_controls(base::clip_utf8(folder, 200))),
                "auto-dev learn config set learn.embedder.folder /path/of/all-MiniLM-L6-v2");
  AUTODEV_TRY_ASSIGN(auto made, index::make_folder_embedder(env, folder));
  return std::shared_ptr<const index::ExternalEmbedder>(std::move(made));
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

Result<std::shared_ptr<const index::ExternalEmbedder>> external_embedder(CommandContext& context, const Config& config) {
  const std::string kind = config.text("learn.embedder.kind");
  if (kind == "built-in") return nullptr;
  if (kind == "folder") return folder_embedder(context.env, config.text("learn.embedder.folder"));
  if (kind != "endpoint")
    return fail(ErrorCode::config, fmt::format("learn.embedder.kind = {}: there is no such embedder",
                                               base::strip_controls(base::clip_utf8(kind, 80))),
                "kinds: built-in, folder, endpoint");
  index::EndpointEmbedderSettings settings;
  settings.url = config.text("learn.embedder.url");
  settings.model = config.text("learn.embedder.name");
  settings.key_variable = config.text("learn.embedder.key_variable");
  settings.allow_remote = config.boolean("learn.embedder.allow_remote");
  settings.timeout = std::chrono::seconds(config.number("learn.embedder.timeout_s"));
  settings.transport = transport_of(context.program);
  AUTODEV_TRY_ASSIGN(auto made, index::make_endpoint_embedder(context.env, std::move(settings)));
  return std::shared_ptr<const index::ExternalEmbedder>(std::move(made));
}

Result<std::vector<ModelChoice>> model_choices(const apply::ModelSettings& settings, const Config& config) {
  std::vector<ModelChoice> choices;
  if (settings.kind == apply::ModelKind::none) return choices;
  for (const std::string& tier : config.words("learn.model.tiers")) {
    AUTODEV_TRY_ASSIGN(ModelChoice choice, tier_of(settings, tier));
    for (const ModelChoice& other : choices)
      if (other.settings.name == choice.settings.name)
        return fail(ErrorCode::config, fmt::format("learn.model.tiers names '{}' twice", choice.settings.name));
    choices.push_back(std::move(choice));
  }
  if (choices.empty()) choices.push_back(with_name(settings, settings.name, 1));
  std::stable_sort(choices.begin(), choices.end(), [](const ModelChoice& a, const ModelChoice& b) { return a.cost < b.cost; });
  return choices;
}

}  // namespace autodev::app
