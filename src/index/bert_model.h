// SPDX-License-Identifier: MIT OR Apache-2.0
//
// BertModel: what the folder of a BERT model says, checked: its settings, its weights (read in place), its tokenizer.
//
// A folder as sentence-transformers writes it: config.json, model.safetensors, tokenizer.json or vocab.txt, and, where they are
// there, modules.json, 1_Pooling/config.json, sentence_bert_config.json, tokenizer_config.json. What would change the vectors and
// is not known here is refused with its name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "base/env.h"
#include "index/wordpiece.h"

namespace autodev::index::bert {

enum class Activation : std::uint8_t { gelu, gelu_tanh, relu };
enum class Pooling : std::uint8_t { mean, first };

struct ModelSettings {
  std::uint32_t layers = 0, hidden = 0, heads = 0, inner = 0, positions = 0;
  std::uint32_t max_tokens = 0;  ///< of a text, those around it included
  float epsilon = 1e-12F;
  Activation activation = Activation::gelu;
  Pooling pooling = Pooling::mean;
  bool lower_first = false;  ///< the text is to be in lower case whatever the tokenizer says
};

struct Linear {
  const float* weights = nullptr;  ///< [out][in]
  const float* bias = nullptr;     ///< [out]
  std::uint32_t in = 0, out = 0;
};
struct LayerNorm {
  const float* scale = nullptr;
  const float* shift = nullptr;
};
struct Layer {
  Linear query, key, value, output, up, down;
  LayerNorm after_attention, after_inner;
};

struct BertModel {
  ModelSettings settings;
  const float* words = nullptr;      ///< [vocabulary][hidden]
  const float* positions = nullptr;  ///< [positions][hidden]
  const float* type = nullptr;       ///< [hidden], of the only sequence
  LayerNorm after_embedding;
  std::vector<Layer> layers;
  std::unique_ptr<base::MappedFile> file;
  std::vector<std::vector<float>> converted;
};

struct BertFolder {
  BertModel model;
  std::unique_ptr<WordPiece> tokenizer;
  std::string digest;  ///< of all that the vectors follow from
};

/// The settings of the folder. Errors: `no_input`, `bad_data`, `config`.
[[nodiscard]] Result<ModelSettings> read_model_settings(base::Env& env, const std::string& folder);
/// Finds the weights in the bytes of a model.safetensors. `vocabulary`: rows that the table of words needs at least.
[[nodiscard]] Result<BertModel> read_weights(const ModelSettings& settings, std::string_view bytes, std::uint32_t vocabulary);
/// All of a folder. Errors: `no_input`, `bad_data`, `config`, each with the file that it is about.
[[nodiscard]] Result<BertFolder> read_bert_folder(base::Env& env, const std::string& folder);

}  // namespace autodev::index::bert
