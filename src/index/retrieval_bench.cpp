// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The benchmark: index everything, ask everything, average.
#include "index/retrieval_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/json.h"
#include "base/kv.h"
#include "index/agreement.h"
#include "index/external_vectors.h"
#include "index/index_format.h"
#include "index/lexical.h"
#include "index/plain_bm25.h"
#include "index/query.h"
#include "index/vectors.h"

namespace autodev::index {
namespace {

constexpr std::size_t depth = 100;  // the deepest measure
constexpr std::size_t external_batch = 64;

using Ranking = std::vector<std::string>;

/// The indexed corpus and the four ways to ask it.
class Arms {
 public:
  explicit Arms(const Embedder& asked) : asked_(asked) {}

  static Result<std::unique_ptr<Arms>> build(const RetrievalTask& task, const Embedder& embedder,
                                             const std::function<Document(const CorpusEntry&)>& make_document,
                                             const ExternalEmbedder* external) {
    auto arms = std::make_unique<Arms>(external != nullptr ? *external : embedder);
    std::vector<std::string> texts;
    arms->store_ = base::open_memory_kv();
    {
      AUTODEV_TRY_ASSIGN(const auto txn, arms->store_->begin_write());
      IndexWriter writer(*txn, embedder);
      for (const CorpusEntry& entry : task.corpus) {
        const Document document = make_document ? make_document(entry) : document_of(entry);
        AUTODEV_TRY(writer.put(document));
        if (external != nullptr) texts.push_back(external_text(document));
        arms->names_.emplace(document.id, entry.id);
        arms->numbered_.push_back(entry.id);
        arms->wordings_[entry.id] = {document.name, document.description, document.code};
        for (PlainBm25* plain : {&arms->whitespace_, &arms->stems_}) plain->add(entry.description + "\n" + entry.code);
      }
      AUTODEV_TRY(writer.flush());
      if (external != nullptr) AUTODEV_TRY(put_vectors(*txn, *external, texts));
      AUTODEV_TRY(txn->commit());
    }
    if (arms->names_.size() != task.corpus.size())
      return fail(ErrorCode::internal, "two corpus entries have the same pattern id");
    AUTODEV_TRY_ASSIGN(arms->view_, arms->store_->begin_read());
    AUTODEV_TRY_ASSIGN(const auto head, read_head(*arms->view_));
    arms->head_ = head.value_or(Head{});
    return arms;
  }

  Result<std::pair<Ranking, SearchResult>> fused(std::string_view query) const {
    AUTODEV_TRY_ASSIGN(SearchResult found, search(*view_, asked_, query, {}, depth));
    Ranking ranking;
    for (const Hit& hit : found.hits) ranking.push_back(names_.at(hit.id));
    return std::pair(std::move(ranking), std::move(found));
  }

  /// Does a document, by its name in the corpus, agree with what the query names?
  [[nodiscard]] bool agrees(const std::string& name, std::string_view query) const {
    return !disagreement(query, wordings_.at(name));
  }

  Result<Ranking> lexical(std::string_view text) const {
    AUTODEV_TRY_ASSIGN(const Query query, read_query(*view_, head_, text));
    AUTODEV_TRY_ASSIGN(const LexicalScores scores, LexicalScores::compute(*view_, head_, query));
    return named(scores.best(nullptr, depth));
  }

  Result<Ranking> dense(std::string_view query) const {
    AUTODEV_TRY_ASSIGN(const Vector vector, asked_.embed(query));
    AUTODEV_TRY_ASSIGN(const Space space, space_of(*view_, head_, asked_));
    ScanOptions options;
    options.tables = space.tables;
    AUTODEV_TRY_ASSIGN(const auto near, open_vector_scan(*view_, space.dimensions, options)->nearest(vector, nullptr, depth));
    return named(near);
  }

  Ranking bm25_whitespace(std::string_view query) const { return plain(whitespace_, query); }
  Ranking bm25_stems(std::string_view query) const { return plain(stems_, query); }

 private:
  /// `texts` by document number.
  static Result<void> put_vectors(base::KvWrite& txn, const ExternalEmbedder& external, const std::vector<std::string>& texts) {
    AUTODEV_TRY_ASSIGN(const Vector probe, external.embed("probe"));
    const ExternalHead head{std::string(external.name()), static_cast<std::uint32_t>(probe.size()), probe};
    AUTODEV_TRY(start_external(txn, head));
    while (true) {
      AUTODEV_TRY_ASSIGN(const auto waiting, waiting_documents(txn, external_batch));
      if (waiting.empty()) return {};
      std::vector<std::string> batch;
      for (const WaitingDocument& document : waiting) batch.push_back(texts[document.number]);
      AUTODEV_TRY_ASSIGN(auto vectors, external.embed_all(batch));
      std::vector<std::pair<WaitingDocument, Vector>> done;
      for (std::size_t i = 0; i < waiting.size(); ++i) done.emplace_back(waiting[i], std::move(vectors[i]));
      AUTODEV_TRY(put_external(txn, head, done));
    }
  }

  Ranking plain(const PlainBm25& baseline, std::string_view query) const {
    Ranking ranking;
    for (const std::size_t i : baseline.best(query, depth)) ranking.push_back(numbered_[i]);
    return ranking;
  }

  Ranking named(const std::vector<ScoredDocument>& documents) const {
    Ranking ranking;
    for (const ScoredDocument& found : documents) ranking.push_back(numbered_.at(found.document));
    return ranking;
  }

  std::unique_ptr<base::Kv> store_;
  std::unique_ptr<base::KvRead> view_;
  const Embedder& asked_;
  Head head_;
  std::map<PatternId, std::string> names_;
  std::map<std::string, Wording> wordings_;
  std::vector<std::string> numbered_;  ///< by document number, which is the corpus order
  PlainBm25 whitespace_{PlainBm25::Tokens::whitespace}, stems_{PlainBm25::Tokens::stems};
};

/// What the comparison of meanings would take away from the first ten.
void count_left_out(const Arms& arms, const Ranking& ranking, const Grades& grades, std::string_view query, RetrievalReport& report) {
  bool relevant = false, kept = false;
  for (std::size_t i = 0; i < std::min<std::size_t>(10, ranking.size()); ++i) {
    const auto grade = grades.find(ranking[i]);
    if (grade == grades.end() || !(grade->second > 0)) continue;
    relevant = true;
    kept = kept || arms.agrees(ranking[i], query);
  }
  report.in_first_ten += relevant ? 1 : 0;
  report.left_out += relevant && !kept ? 1 : 0;
}

/// Says whether it fits, and keeps what that was judged by.
bool note_judgement(const SearchResult& found, std::string_view query, bool answerable, RetrievalReport& report) {
  const bool fits = judge(found, query).fits;
  if (!found.hits.empty()) report.judged.push_back({answerable, fits, confidence_terms(found)});
  return fits;
}

}  // namespace

Result<RetrievalReport> run_retrieval_bench(const RetrievalTask& task, const Embedder& embedder,
                                            const std::function<Document(const CorpusEntry&)>& make_document,
                                            const ExternalEmbedder* external) {
  AUTODEV_TRY_ASSIGN(const auto arms, Arms::build(task, embedder, make_document, external));
  RetrievalReport report;
  report.documents = task.corpus.size();
  for (const RetrievalQuery& query : task.queries) {
    const auto judged = task.judgements.find(query.id);
    if (judged == task.judgements.end() ||
        std::none_of(judged->second.begin(), judged->second.end(), [](const auto& pair) { return pair.second > 0; })) {
      ++report.unjudged;
      continue;
    }
    const Grades& grades = judged->second;
    AUTODEV_TRY_ASSIGN(const auto fused, arms->fused(query.text));
    AUTODEV_TRY_ASSIGN(const Ranking lexical, arms->lexical(query.text));
    AUTODEV_TRY_ASSIGN(const Ranking dense, arms->dense(query.text));
    report.arms["fused"] += score_ranking(fused.first, grades);
    report.arms["lexical"] += score_ranking(lexical, grades);
    report.arms["dense"] += score_ranking(dense, grades);
    report.arms["bm25_stems"] += score_ranking(arms->bm25_stems(query.text), grades);
    report.arms["bm25_whitespace"] += score_ranking(arms->bm25_whitespace(query.text), grades);
    report.fits += note_judgement(fused.second, query.text, true, report) ? 1 : 0;
    count_left_out(*arms, fused.first, grades, query.text, report);
    ++report.queries;
  }
  for (const std::string& request : task.foreign) {
    AUTODEV_TRY_ASSIGN(const auto fused, arms->fused(request));
    ++report.foreign;
    report.refused += note_judgement(fused.second, request, false, report) ? 0 : 1;
  }
  for (auto& [arm, scores] : report.arms) scores = scores.divided_by(static_cast<double>(report.queries));
  return report;
}

std::string RetrievalReport::judged_lines() const {
  std::string lines;
  for (const JudgedRequest& request : judged)
    lines += base::dump_json({{"answerable", request.answerable}, {"fits", request.fits}, {"coverage", request.terms.coverage},
                              {"cosine", request.terms.cosine}, {"known_words", request.terms.known_words},
                              {"documents", request.terms.documents}}) + "\n";
  return lines;
}

std::string RetrievalReport::text() const {
  std::string out =
      fmt::format("{} documents, {} queries ({} without a judgement left out)\n", documents, queries, unjudged);
  out += fmt::format("{:<18}{:>9}{:>9}{:>11}{:>12}\n", "", "nDCG@10", "MRR@10", "Recall@10", "Recall@100");
  for (const auto& [arm, scores] : arms)
    out += fmt::format("{:<18}{:>9.4f}{:>9.4f}{:>11.4f}{:>12.4f}\n", arm, scores.ndcg10, scores.mrr10, scores.recall10,
                       scores.recall100);
  if (queries > 0)
    out += fmt::format("judged to have something that fits: {:.1f} % of the queries\n",
                       100.0 * static_cast<double>(fits) / static_cast<double>(queries));
  out += fmt::format("relevant documents among the first ten that name something else: {} of {}\n", left_out, in_first_ten);
  if (foreign > 0) out += fmt::format("requests of other fields refused: {} of {}\n", refused, foreign);
  return out;
}

std::string RetrievalReport::json_line() const {
  base::Json line = {
      {"bench", "retrieval"}, {"documents", documents}, {"queries", queries}, {"unjudged", unjudged}, {"fits", fits},
      {"foreign", foreign}, {"refused", refused}, {"in_first_ten", in_first_ten}, {"left_out", left_out}};
  for (const auto& [arm, scores] : arms) {
    line["ndcg10"][arm] = scores.ndcg10;
    line["mrr10"][arm] = scores.mrr10;
    line["recall10"][arm] = scores.recall10;
    line["recall100"][arm] = scores.recall100;
  }
  return base::dump_json(line);
}

}  // namespace autodev::index
