// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The small JSON files of a model's folder. Most are optional, and each says only a few things that count here.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "index/bert_model.h"
#include "index/bit_scan.h"

namespace autodev::index::bert {
namespace {

constexpr std::size_t max_json_bytes = std::size_t{1} << 20;
constexpr std::uint32_t max_layers = 48, max_inner = 16384, max_positions = 8192;  // twice the largest BERT and more
/// Attention grows with the square of a text's length. Models for sentences read 128 to 512.
constexpr std::uint32_t most_tokens = 512;

std::string shown(const base::Json& value) { return base::strip_controls(std::string(base::clip_utf8(base::dump_json(value), 80))); }

tl::unexpected<Error> not_supported(const std::string& what) {
  return fail(ErrorCode::config, "this model cannot be run here: " + what,
              "BERT encoders with absolute positions, mean or cls pooling run here; serve others with learn.embedder.kind endpoint");
}

/// Null when there is no such file.
Result<base::Json> optional_json(base::Env& env, const std::string& folder, const std::string& name) {
  auto text = env.read_file(folder + "/" + name, max_json_bytes);
  if (!text && text.error().code == ErrorCode::no_input) return base::Json();
  if (!text) return tl::make_unexpected(std::move(text).error());
  AUTODEV_TRY_ASSIGN(base::Json json, base::parse_json(*text, folder + "/" + name, {.max_bytes = max_json_bytes, .max_depth = 16}));
  if (!json.is_object() && !json.is_array()) return fail(ErrorCode::bad_data, fmt::format("{}/{} is no JSON object", folder, name));
  return json;
}

Result<std::uint32_t> count_of(const base::Json& config, const char* key, std::uint32_t most) {
  const auto value = config.find(key);
  if (value == config.end() || !value->is_number_unsigned() || value->get<std::uint64_t>() == 0 || value->get<std::uint64_t>() > most)
    return fail(ErrorCode::bad_data, fmt::format("config.json: {} is {}, not a number from 1 to {}", key,
                                                 value == config.end() ? "absent" : shown(*value), most),
                "download the model's folder again");
  return static_cast<std::uint32_t>(value->get<std::uint64_t>());
}

Result<Activation> activation_of(const base::Json& config) {
  const std::string name = config.contains("hidden_act") ? shown(config["hidden_act"]) : "\"gelu\"";
  if (name == "\"gelu\"") return Activation::gelu;
  if (name == "\"gelu_new\"" || name == "\"gelu_pytorch_tanh\"") return Activation::gelu_tanh;
  if (name == "\"relu\"") return Activation::relu;
  return not_supported("its hidden_act is " + name + "; gelu, gelu_new and relu are");
}

Result<ModelSettings> read_config(const base::Json& config) {
  const std::string type = config.contains("model_type") ? shown(config["model_type"]) : "absent";
  if (type != "\"bert\"") return not_supported("its model_type is " + type + ", not \"bert\"");
  if (config.contains("position_embedding_type") && config["position_embedding_type"] != "absolute")
    return not_supported("its position_embedding_type is " + shown(config["position_embedding_type"]));
  ModelSettings settings;
  AUTODEV_TRY_ASSIGN(settings.layers, count_of(config, "num_hidden_layers", max_layers));
  AUTODEV_TRY_ASSIGN(settings.hidden, count_of(config, "hidden_size", max_dimensions));
  AUTODEV_TRY_ASSIGN(settings.heads, count_of(config, "num_attention_heads", settings.hidden));
  AUTODEV_TRY_ASSIGN(settings.inner, count_of(config, "intermediate_size", max_inner));
  AUTODEV_TRY_ASSIGN(settings.positions, count_of(config, "max_position_embeddings", max_positions));
  AUTODEV_TRY_ASSIGN(settings.activation, activation_of(config));
  if (settings.hidden % settings.heads != 0)
    return fail(ErrorCode::bad_data, fmt::format("config.json: {} dimensions cannot be shared by {} heads", settings.hidden, settings.heads));
  if (const auto epsilon = config.find("layer_norm_eps"); epsilon != config.end()) {
    const double value = epsilon->is_number() ? epsilon->get<double>() : -1;
    if (!(value >= 0 && value <= 0.1)) return fail(ErrorCode::bad_data, "config.json: layer_norm_eps is " + shown(*epsilon));
    settings.epsilon = static_cast<float>(value);
  }
  return settings;
}

Result<void> check_modules(const base::Json& modules) {
  if (modules.is_null()) return {};
  if (!modules.is_array()) return fail(ErrorCode::bad_data, "modules.json is no list");
  for (const base::Json& module : modules) {
    const std::string type = module.is_object() && module.contains("type") && module["type"].is_string() ? module["type"].get<std::string>() : "";
    const std::string name = type.substr(type.rfind('.') == std::string::npos ? 0 : type.rfind('.') + 1);
    if (name != "Transformer" && name != "Pooling" && name != "Normalize") return not_supported("it has a module " + shown(module));
  }
  return {};
}

Result<Pooling> pooling_of(const base::Json& config) {
  if (!config.is_object()) return Pooling::mean;
  std::optional<Pooling> pooling;
  for (const auto& [key, value] : config.items()) {
    if (!key.starts_with("pooling_mode_") || value != true) continue;
    const bool mean = key == "pooling_mode_mean_tokens", first = key == "pooling_mode_cls_token";
    if ((!mean && !first) || pooling) return not_supported("its pooling is " + shown(config));
    pooling = mean ? Pooling::mean : Pooling::first;
  }
  return pooling.value_or(Pooling::mean);
}

/// Numbers that are no limit ("1e30" of some tokenizers) count as none.
std::uint32_t limit_in(const base::Json& config, const char* key, std::uint32_t otherwise) {
  if (!config.is_object() || !config.contains(key) || !config[key].is_number_unsigned()) return otherwise;
  const auto value = config[key].get<std::uint64_t>();
  return value == 0 ? otherwise : static_cast<std::uint32_t>(std::min<std::uint64_t>(value, otherwise));
}

}  // namespace

Result<ModelSettings> read_model_settings(base::Env& env, const std::string& folder) {
  AUTODEV_TRY_ASSIGN(const base::Json config, optional_json(env, folder, "config.json"));
  if (!config.is_object())
    return fail(ErrorCode::no_input, fmt::format("{} has no config.json", folder),
                "learn.embedder.folder names the folder with config.json, model.safetensors and tokenizer.json of a model");
  AUTODEV_TRY_ASSIGN(ModelSettings settings, read_config(config));
  AUTODEV_TRY_ASSIGN(const base::Json modules, optional_json(env, folder, "modules.json"));
  AUTODEV_TRY(check_modules(modules));
  AUTODEV_TRY_ASSIGN(const base::Json pooling, optional_json(env, folder, "1_Pooling/config.json"));
  AUTODEV_TRY_ASSIGN(settings.pooling, pooling_of(pooling));
  AUTODEV_TRY_ASSIGN(const base::Json sentence, optional_json(env, folder, "sentence_bert_config.json"));
  AUTODEV_TRY_ASSIGN(const base::Json tokenizer, optional_json(env, folder, "tokenizer_config.json"));
  const std::uint32_t most = std::min(settings.positions, most_tokens);
  settings.max_tokens = limit_in(sentence, "max_seq_length", limit_in(tokenizer, "model_max_length", most));
  settings.max_tokens = std::min(settings.max_tokens, most);
  settings.lower_first = sentence.is_object() && sentence.contains("do_lower_case") && sentence["do_lower_case"] == true;
  return settings;
}

}  // namespace autodev::index::bert
