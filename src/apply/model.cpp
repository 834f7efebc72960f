// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Choosing a model, the replay file, and recording one.
//
// A replay file is JSON Lines {"prompt": digest, "reply": text, "tokens_in": n, "tokens_out": n, "cost": x}. The digest is
// XXH3-128 of the prompt, so the same task with the same memory finds its reply and anything else does not.
#include "apply/model.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <utility>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_replay_bytes = std::size_t{64} << 20;
constexpr std::array<std::pair<ModelKind, std::string_view>, 4> kinds{{{ModelKind::none, "none"},
                                                                       {ModelKind::command, "command"},
                                                                       {ModelKind::openai, "openai"},
                                                                       {ModelKind::replay, "replay"}}};

class ReplayModel final : public CodeModel {
 public:
  explicit ReplayModel(std::map<std::string, ModelReply> replies, std::string file)
      : replies_(std::move(replies)), file_(std::move(file)) {}

  Result<ModelReply> complete(const std::string& prompt) override {
    const auto digest = base::hash128(prompt).hex();
    const auto found = replies_.find(digest);
    if (found != replies_.end()) return found->second;
    return fail(ErrorCode::no_input, fmt::format("{} has no reply to the prompt {}", file_, digest),
                "record one with --model command|openai --model-record FILE");
  }

 private:
  std::map<std::string, ModelReply> replies_;
  std::string file_;
};

class RecordingModel final : public CodeModel {
 public:
  RecordingModel(base::Env& env, std::unique_ptr<CodeModel> inner, std::string file)
      : env_(env), inner_(std::move(inner)), file_(std::move(file)) {}

  Result<ModelReply> complete(const std::string& prompt) override {
    AUTODEV_TRY_ASSIGN(ModelReply reply, inner_->complete(prompt));
    base::Json line{{"prompt", base::hash128(prompt).hex()}, {"reply", base::repair_utf8(reply.text)}};
    if (reply.tokens_in) line["tokens_in"] = *reply.tokens_in;
    if (reply.tokens_out) line["tokens_out"] = *reply.tokens_out;
    if (reply.cost) line["cost"] = *reply.cost;
    AUTODEV_TRY_ASSIGN(const auto file, env_.open_append(file_));
    AUTODEV_TRY(file->append(base::dump_json(line) + "\n"));
    AUTODEV_TRY(file->sync());
    return reply;
  }

 private:
  base::Env& env_;
  std::unique_ptr<CodeModel> inner_;
  std::string file_;
};

std::optional<std::uint64_t> whole(const base::Json& line, const char* key) {
  const auto found = line.find(key);
  if (found == line.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

Result<std::unique_ptr<CodeModel>> make_kind(base::Env& env, const ModelSettings& settings) {
  switch (settings.kind) {
    case ModelKind::command: return make_command_model(env, settings);
    case ModelKind::openai: return make_openai_model(env, settings);
    case ModelKind::replay: return make_replay_model(env, settings);
    case ModelKind::none: break;
  }
  return std::unique_ptr<CodeModel>();
}

}  // namespace

std::optional<ModelKind> model_kind_from_name(std::string_view name) noexcept {
  for (const auto& [kind, text] : kinds)
    if (text == name) return kind;
  return std::nullopt;
}

std::string_view to_string(ModelKind kind) noexcept {
  for (const auto& [value, text] : kinds)
    if (value == kind) return text;
  return "none";
}

std::string describe_model(const ModelSettings& settings) {
  switch (settings.kind) {
    case ModelKind::command: return "command " + base::join(settings.command, " ");
    case ModelKind::openai:
      return fmt::format("openai {} ({}), {}", settings.url, settings.name.empty() ? "no model named" : settings.name,
                         settings.key_variable.empty() ? "no key" : "key from " + settings.key_variable);
    case ModelKind::replay: return "replay of " + settings.replay_file;
    case ModelKind::none: break;
  }
  return "none: only what was learned is used";
}

Result<std::unique_ptr<CodeModel>> make_replay_model(base::Env& env, const ModelSettings& settings) {
  if (settings.replay_file.empty())
    return fail(ErrorCode::config, "the model 'replay' needs a file", "set learn.model.replay_file, or give --model-replay FILE");
  AUTODEV_TRY_ASSIGN(const std::string text, env.read_file(settings.replay_file, max_replay_bytes));
  std::map<std::string, ModelReply> replies;
  std::size_t number = 0;
  for (const std::string_view line : base::split_lines(text)) {
    ++number;
    if (base::trim(line).empty()) continue;
    const std::string what = fmt::format("{}:{}", settings.replay_file, number);
    AUTODEV_TRY_ASSIGN(const base::Json entry, base::parse_json(line, what));
    if (!entry.is_object() || !entry.contains("prompt") || !entry["prompt"].is_string() || !entry.contains("reply") ||
        !entry["reply"].is_string())
      return fail(ErrorCode::bad_data, what + ": expected {\"prompt\": digest, \"reply\": text}");
    ModelReply reply{entry["reply"].get<std::string>(), whole(entry, "tokens_in"), whole(entry, "tokens_out"), {}, 0};
    if (const auto cost = entry.find("cost"); cost != entry.end() && cost->is_number()) reply.cost = cost->get<double>();
    replies[entry["prompt"].get<std::string>()] = std::move(reply);
  }
  return std::make_unique<ReplayModel>(std::move(replies), settings.replay_file);
}

Result<std::unique_ptr<CodeModel>> make_model(base::Env& env, const ModelSettings& settings) {
  AUTODEV_TRY_ASSIGN(auto model, make_kind(env, settings));
  if (model && !settings.record_file.empty())
    model = std::make_unique<RecordingModel>(env, std::move(model), settings.record_file);
  return model;
}

}  // namespace autodev::apply
