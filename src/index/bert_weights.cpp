// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Weights by name, as BERT's implementations call them, with the shapes that the settings ask for.
#include <fmt/format.h>

#include <optional>

#include "base/text.h"
#include "index/bert_model.h"
#include "index/safetensors.h"

namespace autodev::index::bert {
namespace {

class Weights {
 public:
  Weights(const Tensors& tensors, BertModel& model) : tensors_(tensors), model_(model) {
    if (!tensors.contains("embeddings.word_embeddings.weight")) prefix_ = "bert.";
  }

  /// At least `rows` rows of exactly `columns` (0: a plain list of `rows` numbers).
  Result<const float*> table(const std::string& name, std::uint64_t rows, std::uint64_t columns, bool more_rows = false) {
    const auto found = tensors_.find(prefix_ + name);
    if (found == tensors_.end())
      return fail(ErrorCode::bad_data, fmt::format("model.safetensors has no {}", prefix_ + name),
                  "it has to hold the weights of a BERT encoder in one file, as its config.json describes it");
    const Tensor& tensor = found->second;
    const bool right = columns == 0 ? tensor.shape.size() == 1 && tensor.shape[0] == rows
                                    : tensor.shape.size() == 2 && tensor.shape[1] == columns &&
                                          (tensor.shape[0] == rows || (more_rows && tensor.shape[0] > rows));
    if (!right)
      return fail(ErrorCode::bad_data, fmt::format("model.safetensors: {} is {}, config.json and the tokenizer need {}", found->first,
                                                   fmt::format("[{}]", fmt::join(tensor.shape, ", ")),
                                                   columns == 0 ? fmt::format("[{}]", rows) : fmt::format("[{}, {}]", rows, columns)),
                  "the files of the folder belong to different models: download it again");
    return floats_of(tensor, found->first, model_.converted);
  }

  Result<Linear> linear(const std::string& name, std::uint32_t in, std::uint32_t out) {
    Linear linear{nullptr, nullptr, in, out};
    AUTODEV_TRY_ASSIGN(linear.weights, table(name + ".weight", out, in));
    AUTODEV_TRY_ASSIGN(linear.bias, table(name + ".bias", out, 0));
    return linear;
  }

  /// Files made by TensorFlow call the two gamma and beta.
  Result<LayerNorm> norm(const std::string& name) {
    const bool old = !tensors_.contains(prefix_ + name + ".weight") && tensors_.contains(prefix_ + name + ".gamma");
    LayerNorm norm;
    AUTODEV_TRY_ASSIGN(norm.scale, table(name + (old ? ".gamma" : ".weight"), model_.settings.hidden, 0));
    AUTODEV_TRY_ASSIGN(norm.shift, table(name + (old ? ".beta" : ".bias"), model_.settings.hidden, 0));
    return norm;
  }

 private:
  const Tensors& tensors_;
  BertModel& model_;
  std::string prefix_;
};

Result<Layer> read_layer(Weights& weights, const ModelSettings& settings, std::uint32_t number) {
  const std::string name = fmt::format("encoder.layer.{}.", number);
  const std::uint32_t hidden = settings.hidden;
  Layer layer;
  AUTODEV_TRY_ASSIGN(layer.query, weights.linear(name + "attention.self.query", hidden, hidden));
  AUTODEV_TRY_ASSIGN(layer.key, weights.linear(name + "attention.self.key", hidden, hidden));
  AUTODEV_TRY_ASSIGN(layer.value, weights.linear(name + "attention.self.value", hidden, hidden));
  AUTODEV_TRY_ASSIGN(layer.output, weights.linear(name + "attention.output.dense", hidden, hidden));
  AUTODEV_TRY_ASSIGN(layer.after_attention, weights.norm(name + "attention.output.LayerNorm"));
  AUTODEV_TRY_ASSIGN(layer.up, weights.linear(name + "intermediate.dense", hidden, settings.inner));
  AUTODEV_TRY_ASSIGN(layer.down, weights.linear(name + "output.dense", settings.inner, hidden));
  AUTODEV_TRY_ASSIGN(layer.after_inner, weights.norm(name + "output.LayerNorm"));
  return layer;
}

}  // namespace

Result<BertModel> read_weights(const ModelSettings& settings, std::string_view bytes, std::uint32_t vocabulary) {
  AUTODEV_TRY_ASSIGN(const Tensors tensors, read_safetensors(bytes));
  BertModel model;
  model.settings = settings;
  Weights weights(tensors, model);
  AUTODEV_TRY_ASSIGN(model.words, weights.table("embeddings.word_embeddings.weight", vocabulary, settings.hidden, true));
  AUTODEV_TRY_ASSIGN(model.positions, weights.table("embeddings.position_embeddings.weight", settings.positions, settings.hidden));
  AUTODEV_TRY_ASSIGN(model.type, weights.table("embeddings.token_type_embeddings.weight", 1, settings.hidden, true));
  AUTODEV_TRY_ASSIGN(model.after_embedding, weights.norm("embeddings.LayerNorm"));
  for (std::uint32_t i = 0; i < settings.layers; ++i) {
    AUTODEV_TRY_ASSIGN(Layer layer, read_layer(weights, settings, i));
    model.layers.push_back(layer);
  }
  return model;
}

}  // namespace autodev::index::bert
