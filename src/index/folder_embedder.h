// SPDX-License-Identifier: MIT OR Apache-2.0
//
// An embedder out of a folder: a BERT model, run in this process.
#pragma once

#include <memory>
#include <string>

#include "index/external_embedder.h"

namespace autodev::index {

/// What is supported: bert_model.h. The space is named by a digest of weights, tokenizer and settings, so another model in the same
/// folder is another space. Vectors of different processors agree to about 1e-6, not to the bit.
/// Errors: `no_input`, `bad_data`, `config` for a folder that has no such model.
[[nodiscard]] Result<std::unique_ptr<ExternalEmbedder>> make_folder_embedder(base::Env& env, const std::string& folder);

}  // namespace autodev::index
