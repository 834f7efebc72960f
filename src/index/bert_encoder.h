// SPDX-License-Identifier: MIT OR Apache-2.0
//
// BertEncoder: numbers of pieces -> one vector a text (Devlin et al. 2018; pooled as Reimers & Gurevych 2019).
//
// Several short texts go through the weights together, which then come from memory once for all of them. Every text has panels of
// its own, so none sees another one and nothing is masked.
#pragma once

#include <vector>

#include "index/bert_kernels.h"
#include "index/bert_model.h"
#include "index/embedder.h"

namespace autodev::index::bert {

using Pieces = std::vector<std::uint32_t>;

/// One vector a text, as the pooling gives it: not of unit length, and not finite where the weights are not. Every text has 1 to
/// `max_tokens` pieces, each below the rows of the model's table of words.
[[nodiscard]] std::vector<Vector> encode(const BertModel& model, const std::vector<Pieces>& texts, CpuPath path);

}  // namespace autodev::index::bert
