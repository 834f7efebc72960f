// SPDX-License-Identifier: MIT OR Apache-2.0
//
// ExternalEmbedder: a source of vectors that is not part of the program, and may be away.
//
// The built-in embedder always makes the vectors that the journal's fold keeps. Vectors of an external one lie beside them in
// tables of their own (external_vectors.h) and are used when all are there; so the folded state never depends on a server.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "base/env.h"
#include "index/embedder.h"

namespace autodev::index {

class ExternalEmbedder : public Embedder {
 public:
  /// Vectors of unit length, one a text, in order. Errors: `unavailable` when the source cannot be asked now, `bad_data` when
  /// what it said is no vector of its space (number of values, not finite, all zeros).
  [[nodiscard]] virtual Result<std::vector<Vector>> embed_all(const std::vector<std::string>& texts) const = 0;
  /// 0 until something was embedded.
  [[nodiscard]] std::uint32_t dimensions() const noexcept override = 0;
};

struct EndpointEmbedderSettings {
  std::string url, model, key_variable;
  std::string transport;  ///< the helper program `auto-dev-model`, which alone opens sockets
  bool allow_remote = false;
  std::chrono::milliseconds timeout{60'000};
};

/// Any endpoint with `POST <url>/embeddings` as OpenAI has it (Ollama, llama.cpp, LM Studio, vLLM). Its space is named by
/// address and model. Errors: `config`, `permission`, `unavailable` for settings that cannot work; nothing is sent yet.
[[nodiscard]] Result<std::unique_ptr<ExternalEmbedder>> make_endpoint_embedder(base::Env& env,
                                                                               EndpointEmbedderSettings settings);

/// Reads the answer to a request for `count` texts; `dimensions` 0: any. Unit length. For foreign input of any shape.
[[nodiscard]] Result<std::vector<Vector>> parse_embeddings(std::string_view body, std::size_t count,
                                                           std::uint32_t dimensions);

}  // namespace autodev::index
