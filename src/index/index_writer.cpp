// SPDX-License-Identifier: MIT OR Apache-2.0
//
// IndexWriter: collects the changes of many documents and writes each touched block once.
//
// Numbers, postings, lengths and vectors wait in memory until flush(). What is written depends on document numbers
// only, so flushing earlier or later changes nothing.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "index/adapted_query.h"
#include "index/document_table.h"
#include "index/document_terms.h"
#include "index/external_vectors.h"
#include "index/fusion_share.h"
#include "index/index_format.h"
#include "index/postings.h"
#include "index/query_learner.h"
#include "index/search_index.h"
#include "index/vectors.h"
#include "index/word_memo.h"

namespace autodev::index {
namespace {

/// Flush on our own at this many waiting postings: 16 bytes each, so about 64 MB.
constexpr std::size_t max_pending = 4u << 20;

Result<Vector> vector_of(const Embedder& embedder, const Document& document, const DocumentWords& words) {
  if (auto vector = embedder.embed_stems(embedding_stems(words))) return std::move(*vector);
  return embedder.embed(embedding_text(document));
}

}  // namespace

struct IndexWriter::Pending {
  Pending(base::KvWrite& store, const Embedder& embedder)
      : state(store), documents(store), vectors(store, embedder.dimensions()), learner(store, embedder) {}

  /// Reads the counters once per writer; an index that does not exist yet gets fresh ones.
  Result<void> open(const Embedder& embedder) {
    if (opened) return {};
    AUTODEV_TRY_ASSIGN(auto stored, read_head_for(state, embedder.name(), embedder.dimensions()));
    if (stored)
      head = std::move(*stored);
    else
      head = {0, 0, 0, embedder.dimensions(), std::string(words_scheme), std::string(embedder.name())};
    AUTODEV_TRY_ASSIGN(const auto external_head, read_external_head(state));
    if (external_head) external.emplace(state, external_head->dimensions, external_vectors);
    opened = true;
    return {};
  }

  /// Returns the length before.
  Result<std::uint32_t> set_length(std::uint32_t document, std::uint32_t length) {
    const std::uint32_t block = document / block_documents;
    const std::size_t offset = std::size_t{document % block_documents} * 2;
    auto found = lengths.find(block);
    if (found == lengths.end()) {
      AUTODEV_TRY_ASSIGN(const auto stored, state.get(length_table, number_key(block)));
      found = lengths.emplace(block, std::string(sealed_part(stored.value_or(std::string_view())))).first;
    }
    std::string& bytes = found->second;
    if (bytes.size() < offset + 2) bytes.resize(offset + 2, '\0');
    const auto before = static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[offset]) |
                                                   static_cast<std::uint8_t>(bytes[offset + 1]) << 8);
    bytes[offset] = static_cast<char>(static_cast<std::uint8_t>(length));
    bytes[offset + 1] = static_cast<char>(static_cast<std::uint8_t>(length >> 8));
    return before;
  }

  /// Takes the document out of postings and counters; its number stays.
  Result<void> withdraw(std::uint32_t document) {
    postings.forget(document);
    AUTODEV_TRY_ASSIGN(const std::uint32_t length, set_length(document, 0));
    head.documents -= std::min<std::uint64_t>(1, head.documents);
    head.total_length -= std::min<std::uint64_t>(length, head.total_length);
    changed = true;
    return {};
  }

  Result<void> write_all() {
    AUTODEV_TRY(documents.apply());
    AUTODEV_TRY(postings.apply(state));
    AUTODEV_TRY(vectors.apply());
    AUTODEV_TRY(learner.flush());
    if (external) AUTODEV_TRY(external->apply());
    for (auto& [block, bytes] : lengths) {
      seal(bytes, block);
      AUTODEV_TRY(state.put(length_table, number_key(block), bytes));
    }
    lengths.clear();
    if (changed) AUTODEV_TRY(write_head(state, head));
    changed = false;
    return {};
  }

  base::KvWrite& state;
  Head head;
  bool opened = false;
  bool changed = false;
  DocumentTable documents;
  PostingChanges postings;
  VectorChanges vectors;
  QueryLearner learner;
  WordMemo memo;
  std::optional<VectorChanges> external;         ///< where vectors of an external embedder are kept too
  std::map<std::uint32_t, std::string> lengths;  ///< touched blocks of the length table
};

IndexWriter::IndexWriter(base::KvWrite& state, const Embedder& embedder)
    : state_(state), embedder_(embedder), pending_(std::make_unique<Pending>(state, embedder)) {}

IndexWriter::~IndexWriter() = default;

Result<void> IndexWriter::put(const Document& document, const std::vector<Said>& said) {
  AUTODEV_TRY(pending_->open(embedder_));
  AUTODEV_TRY_ASSIGN(const auto stored, pending_->documents.find(document.id));
  DocumentEntry entry{0, document.id, fingerprint(document)};
  if (stored && stored->fingerprint == entry.fingerprint) return {};
  const DocumentWords words(document, pending_->memo);
  AUTODEV_TRY_ASSIGN(const Vector vector, vector_of(embedder_, document, words));
  const DocumentTerms terms = document_terms(document, words);

  Head& head = pending_->head;
  if (!stored && head.next_number == UINT32_MAX)
    return fail(ErrorCode::internal, "the search index has run out of document numbers", "rebuild the derived state");
  entry.number = stored ? stored->number : head.next_number;
  AUTODEV_TRY(pending_->vectors.set(entry.number, vector));
  if (stored)
    AUTODEV_TRY(pending_->withdraw(entry.number));
  else
    head.next_number += 1;
  for (const auto& [key, frequency] : terms.terms) pending_->postings.set(key, entry.number, frequency);
  head.documents += 1;
  head.total_length += terms.length;
  pending_->changed = true;
  AUTODEV_TRY(pending_->set_length(entry.number, terms.length));
  AUTODEV_TRY(pending_->documents.set(entry));
  if (pending_->external) AUTODEV_TRY(await_external(state_, entry.number, entry.fingerprint));
  for (const Said& one : said) AUTODEV_TRY(pending_->learner.learn(one, document.id, vector));
  return pending_->postings.size() >= max_pending ? flush() : Result<void>{};
}

Result<void> IndexWriter::note_use(const Document& document, const Said& said) {
  AUTODEV_TRY_ASSIGN(const Vector vector, vector_of(embedder_, document, DocumentWords(document, pending_->memo)));
  return pending_->learner.learn(said, document.id, vector);
}

Result<void> IndexWriter::note_answer(const Document& document, std::string_view query, bool accepted) {
  AUTODEV_TRY(flush());
  AUTODEV_TRY_ASSIGN(FusionShare share, read_fusion_share(state_));
  AUTODEV_TRY_ASSIGN(const SearchResult found,
                     search(state_, AdaptedEmbedder(embedder_, state_), query, {}, answers_ranked));
  share.learn(found.hits, document.id, accepted);
  AUTODEV_TRY(write_fusion_share(state_, share));
  AUTODEV_TRY_ASSIGN(const Vector vector, vector_of(embedder_, document, DocumentWords(document, pending_->memo)));
  return pending_->learner.judge(query, vector, accepted);
}

Result<void> IndexWriter::erase(PatternId id) {
  AUTODEV_TRY(pending_->open(embedder_));
  AUTODEV_TRY_ASSIGN(const auto stored, pending_->documents.find(id));
  if (!stored) return {};
  AUTODEV_TRY(pending_->withdraw(stored->number));
  AUTODEV_TRY(pending_->vectors.remove(stored->number));
  if (pending_->external) {
    AUTODEV_TRY(pending_->external->remove(stored->number));
    AUTODEV_TRY(state_.erase(external_todo_table, number_key(stored->number)));
  }
  return pending_->documents.remove(*stored);
}

Result<void> IndexWriter::flush() {
  return pending_->write_all();
}

}  // namespace autodev::index
