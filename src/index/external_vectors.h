// SPDX-License-Identifier: MIT OR Apache-2.0
//
// External vectors: those of an embedder that is not built in, beside the built-in ones.
//
//   ehead  "head"                  -> ExternalHead: name of the space, dimensions, vector of a probe text
//   etodo  number (4 bytes, BE)    -> fingerprint of a document that waits for its vector
//   ebit, evec                     -> the vectors, as vbit and vec (vector_blocks.h)
//
// The index writer notes what must be embedded (again); whoever has the embedder works the notes off, in as many pieces as
// it likes. The space is searched once nothing waits any more, so answers never mix spaces, nor miss documents.
// These tables do not belong to the folded state: clearing them costs only the embedding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "autodev/error.h"
#include "autodev/ids.h"
#include "base/kv.h"
#include "index/document_table.h"
#include "index/embedder.h"
#include "index/index_format.h"
#include "index/search_index.h"

namespace autodev::index {

inline constexpr base::Table external_head_table = "ehead";
inline constexpr base::Table external_todo_table = "etodo";
inline constexpr VectorTables external_vectors = {"ebit", "evec"};

[[nodiscard]] bool is_external_table(base::Table name) noexcept;

struct ExternalHead {
  std::string embedder;
  std::uint32_t dimensions = 0;
  Vector probe;  ///< of a fixed text: another model behind the same name gives another vector
};
/// Absent: no external vectors are kept.
[[nodiscard]] Result<std::optional<ExternalHead>> read_external_head(const base::KvRead& state);

/// Drops what is there and lets every document wait for its vector.
[[nodiscard]] Result<void> start_external(base::KvWrite& state, const ExternalHead& head);
[[nodiscard]] Result<void> clear_external(base::KvWrite& state);

/// What is embedded of a document: the most telling first, since models read only the beginning of long texts.
[[nodiscard]] std::string external_text(const Document& document);

struct WaitingDocument {
  std::uint32_t number = 0;
  PatternId id;
  Fingerprint fingerprint = 0;
};
[[nodiscard]] Result<void> await_external(base::KvWrite& state, std::uint32_t number, Fingerprint fingerprint);
/// The first ones, by number.
[[nodiscard]] Result<std::vector<WaitingDocument>> waiting_documents(const base::KvRead& state, std::size_t limit);
/// Keeps vectors; a document that has changed since it was read keeps waiting. An empty vector: there is no such document.
/// Errors: as VectorChanges; `config` when the space is not that of `head` any more.
[[nodiscard]] Result<void> put_external(base::KvWrite& state, const ExternalHead& head,
                                        const std::vector<std::pair<WaitingDocument, Vector>>& vectors);

/// Where the vectors of an embedder's space are.
struct Space {
  std::uint32_t dimensions = 0, documents = 0;
  VectorTables tables;
};
/// Errors: `config` when the index has no complete vectors of this embedder.
[[nodiscard]] Result<Space> space_of(const base::KvRead& state, const std::optional<Head>& head, const Embedder& embedder);

}  // namespace autodev::index
