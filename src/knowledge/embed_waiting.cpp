// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/embed_waiting.h"

#include "index/external_vectors.h"
#include "knowledge/pattern_view.h"

namespace autodev::knowledge {
namespace {

constexpr std::size_t batch_documents = 32;  // one call of some 40 kB; a second or so on a slow model
constexpr std::string_view probe_text = "read a text file and count how often each word occurs";
/// The same model gives the same vector up to rounding (other hardware, other batch): 0.9999 and more.
constexpr double same_model = 0.999;

/// What is embedded of a pattern; empty: there is no such pattern.
Result<std::string> text_of(const base::KvRead& view, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto document, view_document(view, id));
  if (!document) return std::string();
  return index::external_text(*document);
}

struct Batch {
  std::vector<index::WaitingDocument> documents, gone;
  std::vector<std::string> texts;
};

Result<Batch> next_batch(base::Kv& kv) {
  Batch batch;
  AUTODEV_TRY_ASSIGN(const auto view, kv.begin_read());
  AUTODEV_TRY_ASSIGN(const auto waiting, index::waiting_documents(*view, batch_documents));
  for (const index::WaitingDocument& document : waiting) {
    AUTODEV_TRY_ASSIGN(std::string text, text_of(*view, document.id));
    (text.empty() ? batch.gone : batch.documents).push_back(document);
    if (!text.empty()) batch.texts.push_back(std::move(text));
  }
  return batch;
}

Result<void> keep(base::Kv& kv, const index::ExternalHead& head, const Batch& batch, std::vector<index::Vector> vectors) {
  std::vector<std::pair<index::WaitingDocument, index::Vector>> done;
  for (std::size_t i = 0; i < batch.documents.size(); ++i) done.emplace_back(batch.documents[i], std::move(vectors[i]));
  for (const index::WaitingDocument& document : batch.gone) done.emplace_back(document, index::Vector());
  AUTODEV_TRY_ASSIGN(const auto txn, kv.begin_write());
  AUTODEV_TRY(index::put_external(*txn, head, done));
  return txn->commit();
}

Result<std::uint64_t> count_waiting(base::Kv& kv) {
  AUTODEV_TRY_ASSIGN(const auto view, kv.begin_read());
  return view->count(index::external_todo_table);
}

/// Can another model answer under the same name? A folder's name has the digest of its files.
bool may_change(const index::ExternalEmbedder& embedder) { return embedder.name().starts_with("endpoint"); }

bool is_model_of(const index::ExternalHead& stored, const index::Vector& probe) {
  return stored.dimensions == probe.size() && index::cosine(stored.probe, probe) >= same_model;
}

/// The stored head if it is of this embedder and its model; else a fresh start. `probe` is what the embedder says now.
Result<index::ExternalHead> head_for(base::Kv& kv, const index::ExternalEmbedder& embedder, const index::Vector& probe) {
  AUTODEV_TRY_ASSIGN(const auto txn, kv.begin_write());
  AUTODEV_TRY_ASSIGN(auto stored, index::read_external_head(*txn));
  if (stored && stored->embedder == embedder.name() && is_model_of(*stored, probe)) return std::move(*stored);
  index::ExternalHead head{std::string(embedder.name()), static_cast<std::uint32_t>(probe.size()), probe};
  AUTODEV_TRY(index::start_external(*txn, head));
  AUTODEV_TRY(txn->commit());
  return head;
}

/// Is there nothing to do, as nearly always?
Result<bool> is_complete(base::Kv& kv, const index::ExternalEmbedder& embedder) {
  AUTODEV_TRY_ASSIGN(const auto view, kv.begin_read());
  AUTODEV_TRY_ASSIGN(const auto head, index::read_external_head(*view));
  if (!head || head->embedder != embedder.name()) return false;
  AUTODEV_TRY_ASSIGN(const auto waiting, index::waiting_documents(*view, 1));
  return waiting.empty();
}

}  // namespace

Result<EmbedReport> embed_waiting(base::Kv& kv, const index::ExternalEmbedder& embedder,
                                  const std::function<void(std::uint64_t, std::uint64_t)>& on_progress) {
  EmbedReport report;
  AUTODEV_TRY_ASSIGN(const bool complete, is_complete(kv, embedder));
  if (complete) return report;
  const auto probe = embedder.embed(probe_text);
  if (!probe) {
    report.problem = probe.error().message;
    AUTODEV_TRY_ASSIGN(report.waiting, count_waiting(kv));
    return report;
  }
  AUTODEV_TRY_ASSIGN(const index::ExternalHead head, head_for(kv, embedder, *probe));
  AUTODEV_TRY_ASSIGN(const std::uint64_t total, count_waiting(kv));
  while (true) {
    AUTODEV_TRY_ASSIGN(const Batch batch, next_batch(kv));
    if (batch.documents.empty() && batch.gone.empty()) return report;
    auto vectors = embedder.embed_all(batch.texts);
    if (!vectors) {
      report.problem = vectors.error().message;
      AUTODEV_TRY_ASSIGN(report.waiting, count_waiting(kv));
      return report;
    }
    AUTODEV_TRY(keep(kv, head, batch, std::move(*vectors)));
    report.embedded += batch.documents.size();
    if (on_progress) on_progress(report.embedded, total);
  }
}

Result<index::Vector> ProbedEmbedder::embed(std::string_view text) const {
  probe_.clear();
  if (!may_change(asked_)) return asked_.embed(text);
  AUTODEV_TRY_ASSIGN(std::vector<index::Vector> vectors, asked_.embed_all({std::string(text), std::string(probe_text)}));
  if (vectors.size() != 2) return fail(ErrorCode::bad_data, "the embedder did not answer both texts");
  probe_ = std::move(vectors[1]);
  return std::move(vectors[0]);
}

Result<bool> ProbedEmbedder::is_another(const base::KvRead& state) const {
  if (probe_.empty()) return false;
  AUTODEV_TRY_ASSIGN(const auto stored, index::read_external_head(state));
  return stored && stored->embedder == name() && !is_model_of(*stored, probe_);
}

Result<void> drop_external(base::Kv& kv) {
  {
    AUTODEV_TRY_ASSIGN(const auto view, kv.begin_read());
    AUTODEV_TRY_ASSIGN(const auto entries, view->count(index::external_head_table));
    if (entries == 0) return {};
  }
  AUTODEV_TRY_ASSIGN(const auto txn, kv.begin_write());
  AUTODEV_TRY(index::clear_external(*txn));
  return txn->commit();
}

}  // namespace autodev::knowledge
