// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A model's folder as a whole: files are found (through links, as download caches lay them out), bounded, read and named by digest.
#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "base/hash.h"
#include "index/bert_model.h"

namespace autodev::index::bert {
namespace {

constexpr std::uint64_t max_weight_bytes = std::uint64_t{4} << 30;  // three times the largest BERT
constexpr std::uint64_t max_tokenizer_bytes = std::uint64_t{16} << 20;
constexpr int max_links = 8;

/// The size of a regular file, through links; absent when there is none.
Result<std::optional<std::uint64_t>> size_of_file(base::Env& env, std::string path) {
  for (int links = 0; links <= max_links; ++links) {
    AUTODEV_TRY_ASSIGN(const auto status, env.status(path));
    if (!status) return std::nullopt;
    if (status->type == base::FileType::file) return status->size;
    if (status->type != base::FileType::symlink) return fail(ErrorCode::bad_data, fmt::format("{} is no file", path));
    AUTODEV_TRY_ASSIGN(const std::string target, env.read_link(path));
    path = (std::filesystem::path(path).parent_path() / target).string();  // an absolute target replaces the folder
  }
  return fail(ErrorCode::bad_data, fmt::format("{} is behind too many links", path));
}

Result<std::unique_ptr<base::MappedFile>> map_weights(base::Env& env, const std::string& folder) {
  const std::string path = folder + "/model.safetensors";
  AUTODEV_TRY_ASSIGN(const auto size, size_of_file(env, path));
  if (!size)
    return fail(ErrorCode::no_input, fmt::format("{} has no model.safetensors", folder),
                "weights in other formats or in several files are not read: convert them to one model.safetensors");
  if (*size > max_weight_bytes) return fail(ErrorCode::bad_data, fmt::format("{} is larger than 4 GB", path));
  return env.map_file(path);
}

struct TokenizerFile {
  std::unique_ptr<WordPiece> tokenizer;
  std::string bytes;
};

Result<TokenizerFile> read_tokenizer(base::Env& env, const std::string& folder) {
  const auto read = [&](const char* name) -> Result<std::optional<std::string>> {
    AUTODEV_TRY_ASSIGN(const auto size, size_of_file(env, folder + "/" + name));
    if (!size) return std::nullopt;
    AUTODEV_TRY_ASSIGN(std::string bytes, env.read_file(folder + "/" + name, max_tokenizer_bytes));
    return bytes;
  };
  AUTODEV_TRY_ASSIGN(auto json, read("tokenizer.json"));
  if (json) {
    AUTODEV_TRY_ASSIGN(WordPiece tokenizer, read_tokenizer_json(*json));
    return TokenizerFile{std::make_unique<WordPiece>(std::move(tokenizer)), std::move(*json)};
  }
  AUTODEV_TRY_ASSIGN(const auto vocabulary, read("vocab.txt"));
  if (!vocabulary)
    return fail(ErrorCode::no_input, fmt::format("{} has neither tokenizer.json nor vocab.txt", folder), "download the model's folder again");
  AUTODEV_TRY_ASSIGN(const auto config, read("tokenizer_config.json"));
  AUTODEV_TRY_ASSIGN(WordPiece tokenizer, read_vocabulary_text(*vocabulary, config.value_or("")));
  return TokenizerFile{std::make_unique<WordPiece>(std::move(tokenizer)), *vocabulary + '\0' + config.value_or("")};
}

std::string digest_of(const ModelSettings& settings, std::string_view weights, std::string_view tokenizer) {
  const std::string all = fmt::format(
      "{} {} {} {} {} {} {} {} {}", settings.heads, settings.epsilon, static_cast<int>(settings.activation), static_cast<int>(settings.pooling),
      settings.max_tokens, settings.layers, settings.inner, base::hash128(weights).hex(), base::hash128(tokenizer).hex());
  return base::hash128(all).hex();
}

}  // namespace

Result<BertFolder> read_bert_folder(base::Env& env, const std::string& folder) {
  AUTODEV_TRY_ASSIGN(const ModelSettings settings, read_model_settings(env, folder));
  AUTODEV_TRY_ASSIGN(TokenizerFile tokenizer, read_tokenizer(env, folder));
  if (settings.lower_first && !tokenizer.tokenizer->rules().lower)
    return fail(ErrorCode::config, folder + ": sentence_bert_config.json asks for lower case, its tokenizer keeps capitals",
                "serve this model with learn.embedder.kind endpoint");
  const TokenizerRules& rules = tokenizer.tokenizer->rules();
  if (rules.before.size() + rules.after.size() == 0 || rules.before.size() + rules.after.size() >= settings.max_tokens)
    return fail(ErrorCode::config, fmt::format("{}: no room for a text in {} tokens with {} around it", folder, settings.max_tokens,
                                               rules.before.size() + rules.after.size()),
                "its tokenizer has to put [CLS] and [SEP] around a text");
  AUTODEV_TRY_ASSIGN(auto file, map_weights(env, folder));
  AUTODEV_TRY_ASSIGN(BertModel model, read_weights(settings, file->bytes(), tokenizer.tokenizer->largest() + 1));
  std::string digest = digest_of(settings, file->bytes(), tokenizer.bytes);
  model.file = std::move(file);
  return BertFolder{std::move(model), std::move(tokenizer.tokenizer), std::move(digest)};
}

}  // namespace autodev::index::bert
