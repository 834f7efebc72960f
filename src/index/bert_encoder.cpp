// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/bert_encoder.h"

#include <algorithm>
#include <cmath>

namespace autodev::index::bert {
namespace {

/// Panels that go through a layer together: 256 tokens, whose numbers fit into the second cache of a core (384 features: 0.4 MB).
constexpr std::size_t group_panels = 16;

struct Text {
  std::size_t first = 0, panels = 0, tokens = 0;
};

class Group {
 public:
  Group(const BertModel& model, const Pieces* begin, const Pieces* end, const Kernels& kernel)
      : model_(model), settings_(model.settings), kernel_(kernel), hidden_(settings_.hidden) {
    std::size_t longest = 0;
    for (const Pieces* text = begin; text != end; ++text) {
      const std::size_t panels = (text->size() + lanes - 1) / lanes;
      texts_.push_back({panels_, panels, text->size()});
      panels_ += panels;
      longest = std::max(longest, panels);
    }
    for (std::vector<float>* buffer : {&state_, &query_, &key_, &value_, &mixed_}) buffer->resize(panels_ * hidden_ * lanes);
    inner_.resize(panels_ * settings_.inner * lanes);
    scores_.resize(longest * lanes * lanes);
    for (std::size_t i = 0; i < texts_.size(); ++i) place(begin[i], texts_[i]);
  }

  std::vector<Vector> run() {
    normalise(state_, nullptr, model_.after_embedding);
    for (const Layer& layer : model_.layers) {
      apply(layer.query, state_, query_);
      apply(layer.key, state_, key_);
      apply(layer.value, state_, value_);
      for (const Text& text : texts_) attend(text);
      apply(layer.output, mixed_, query_);
      normalise(state_, query_.data(), layer.after_attention);
      apply(layer.up, state_, inner_);
      kernel_.activate(inner_.data(), inner_.size(), settings_.activation);
      apply(layer.down, inner_, query_);
      normalise(state_, query_.data(), layer.after_inner);
    }
    std::vector<Vector> vectors;
    for (const Text& text : texts_) vectors.push_back(pooled(text));
    return vectors;
  }

 private:
  /// The sum of the three embeddings of every token.
  void place(const Pieces& pieces, const Text& text) {
    for (std::size_t t = 0; t < pieces.size(); ++t) {
      const float* const word = model_.words + std::size_t{pieces[t]} * hidden_;
      const float* const position = model_.positions + t * hidden_;
      float* out = state_.data() + (text.first + t / lanes) * hidden_ * lanes + t % lanes;
      for (std::size_t f = 0; f < hidden_; ++f, out += lanes) *out = word[f] + position[f] + model_.type[f];
    }
  }

  void apply(const Linear& linear, const std::vector<float>& in, std::vector<float>& out) {
    kernel_.multiply({linear.weights, linear.in, 1, linear.out, linear.in, linear.bias, false, in.data(), out.data(),
                      linear.in * lanes, linear.out * lanes, panels_});
  }

  void normalise(std::vector<float>& state, const float* added, const LayerNorm& norm) {
    for (std::size_t p = 0; p < panels_; ++p) {
      const std::size_t start = p * hidden_ * lanes;
      kernel_.add_and_norm(state.data() + start, added == nullptr ? nullptr : added + start, hidden_, norm, settings_.epsilon);
    }
  }

  void attend(const Text& text) {
    const std::size_t size = hidden_ / settings_.heads;
    for (std::size_t p = text.first; p < text.first + text.panels; ++p)
      for (std::size_t head = 0; head < settings_.heads; ++head) attend(text, p, head * size, size);
  }

  /// 16 tokens, one head: scores of all tokens of the text, their shares, and the mixture of values.
  void attend(const Text& text, std::size_t panel, std::size_t feature, std::size_t size) {
    const auto at = [&](const std::vector<float>& buffer, std::size_t p) { return buffer.data() + (p * hidden_ + feature) * lanes; };
    for (std::size_t k = 0; k < text.panels; ++k)
      kernel_.multiply({at(key_, text.first + k), 1, lanes, std::min(lanes, text.tokens - k * lanes), size, nullptr, false,
                        at(query_, panel), scores_.data() + k * lanes * lanes, 0, 0, 1});
    kernel_.softmax(scores_.data(), text.tokens, 1 / std::sqrt(static_cast<float>(size)));
    for (std::size_t k = 0; k < text.panels; ++k)
      kernel_.multiply({at(value_, text.first + k), lanes, 1, size, std::min(lanes, text.tokens - k * lanes), nullptr, k > 0,
                        scores_.data() + k * lanes * lanes, mixed_.data() + (panel * hidden_ + feature) * lanes, 0, 0, 1});
  }

  Vector pooled(const Text& text) const {
    Vector vector(hidden_);
    const std::size_t tokens = settings_.pooling == Pooling::first ? 1 : text.tokens;
    for (std::size_t f = 0; f < hidden_; ++f) {
      double sum = 0;
      for (std::size_t t = 0; t < tokens; ++t)
        sum += double{state_[((text.first + t / lanes) * hidden_ + f) * lanes + t % lanes]};
      vector[f] = static_cast<float>(sum / static_cast<double>(tokens));
    }
    return vector;
  }

  const BertModel& model_;
  const ModelSettings& settings_;
  const Kernels& kernel_;
  std::size_t hidden_, panels_ = 0;
  std::vector<Text> texts_;
  std::vector<float> state_, query_, key_, value_, mixed_, inner_, scores_;
};

}  // namespace

std::vector<Vector> encode(const BertModel& model, const std::vector<Pieces>& texts, CpuPath path) {
  const Kernels kernel = kernels(path);
  std::vector<Vector> vectors;
  for (std::size_t first = 0; first < texts.size();) {
    std::size_t end = first, panels = 0;
    do panels += (texts[end++].size() + lanes - 1) / lanes;
    while (end < texts.size() && panels + (texts[end].size() + lanes - 1) / lanes <= group_panels);
    for (Vector& vector : Group(model, texts.data() + first, texts.data() + end, kernel).run()) vectors.push_back(std::move(vector));
    first = end;
  }
  return vectors;
}

}  // namespace autodev::index::bert
