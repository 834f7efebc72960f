// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Works off what waits for vectors of an external embedder, in small pieces that are each kept at once: whoever is
// interrupted goes on where it stopped. No transaction is open while the embedder is asked.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/kv.h"
#include "index/external_embedder.h"

namespace autodev::knowledge {

struct EmbedReport {
  std::uint64_t embedded = 0, waiting = 0;
  std::string problem;  ///< why documents still wait; empty when none does
};

/// Another embedder, or another model behind the same name, starts all over; vectors of two spaces are never beside each
/// other. An embedder that is away is no error: the report says so. Errors: the store's.
[[nodiscard]] Result<EmbedReport> embed_waiting(base::Kv& kv, const index::ExternalEmbedder& embedder,
                                                const std::function<void(std::uint64_t, std::uint64_t)>& on_progress);
/// Asks for the probe text along with the query, in one call, where another model may answer under the same name.
class ProbedEmbedder final : public index::Embedder {
 public:
  explicit ProbedEmbedder(const index::ExternalEmbedder& asked) : asked_(asked) {}
  [[nodiscard]] std::string_view name() const noexcept override { return asked_.name(); }
  [[nodiscard]] std::uint32_t dimensions() const noexcept override { return asked_.dimensions(); }
  [[nodiscard]] Result<double> dense_share() const override { return asked_.dense_share(); }
  [[nodiscard]] Result<index::Vector> embed(std::string_view text) const override;
  /// Did the last answer come from another model than the stored vectors?
  [[nodiscard]] Result<bool> is_another(const base::KvRead& state) const;

 private:
  const index::ExternalEmbedder& asked_;
  mutable index::Vector probe_;
};

/// Drops external vectors where there are some: the embedder is built in again.
[[nodiscard]] Result<void> drop_external(base::Kv& kv);

}  // namespace autodev::knowledge
