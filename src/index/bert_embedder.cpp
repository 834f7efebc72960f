// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A BERT model's folder as an embedder: text -> pieces -> vector of unit length. Everything happens in this process.
#include <cmath>

#include "index/bert_encoder.h"
#include "index/folder_embedder.h"

namespace autodev::index {
namespace {

/// Of longer texts only the beginning is split into pieces; 512 pieces are rarely more than 3 kB.
constexpr std::size_t max_text_bytes = std::size_t{64} << 10;

class BertEmbedder final : public ExternalEmbedder {
 public:
  explicit BertEmbedder(bert::BertFolder folder) : folder_(std::move(folder)), name_("bert/1 " + folder_.digest) {}

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] std::uint32_t dimensions() const noexcept override { return folder_.model.settings.hidden; }

  [[nodiscard]] Result<Vector> embed(std::string_view text) const override {
    AUTODEV_TRY_ASSIGN(auto vectors, embed_all({std::string(text)}));
    return std::move(vectors.front());
  }

  [[nodiscard]] Result<std::vector<Vector>> embed_all(const std::vector<std::string>& texts) const override {
    std::vector<bert::Pieces> pieces;
    for (const std::string& text : texts)
      pieces.push_back(folder_.tokenizer->encode(std::string_view(text).substr(0, max_text_bytes), folder_.model.settings.max_tokens));
    auto vectors = bert::encode(folder_.model, pieces, bert::fastest_kernels());
    for (Vector& vector : vectors) AUTODEV_TRY(to_unit_length(vector));
    return vectors;
  }

 private:
  static Result<void> to_unit_length(Vector& vector) {
    double square = 0;
    for (const float value : vector) square += double{value} * double{value};
    if (!std::isfinite(square) || !(square > 1e-20))
      return fail(ErrorCode::bad_data, "the model of learn.embedder.folder gives no vectors: its weights are damaged",
                  "download the model's folder again");
    const double scale = 1 / std::sqrt(square);
    for (float& value : vector) value = static_cast<float>(double{value} * scale);
    return {};
  }

  bert::BertFolder folder_;
  std::string name_;
};

}  // namespace

Result<std::unique_ptr<ExternalEmbedder>> make_folder_embedder(base::Env& env, const std::string& folder) {
  AUTODEV_TRY_ASSIGN(bert::BertFolder read, bert::read_bert_folder(env, folder));
  return std::make_unique<BertEmbedder>(std::move(read));
}

}  // namespace autodev::index
