// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The measurement: one library per direction of the pairs, so that a request never meets its own copy.
#include "index/request_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "base/hash.h"
#include "base/json.h"
#include "base/kv.h"
#include "index/agreement.h"
#include "index/search_index.h"
#include "index/word_scan.h"

namespace autodev::index {
namespace {

constexpr std::size_t shown_hits = 10;  // as `find-similar` shows
constexpr std::size_t spare_hits = 10;
constexpr double near_cosine = 0.9;
constexpr std::size_t max_examples = 40;

PatternId id_of(const std::string& text) { return PatternId{base::hash128(text)}; }

/// A request as a stored pattern would have it: the sentence, and a name made of its words.
Document document_of(const std::string& text) {
  Document document;
  document.id = id_of(text);
  document.language = Language::python;
  document.description = text;
  WordScanner scanner(text);
  for (std::size_t words = 0; words < 6 && scanner.next(); ++words)
    document.name += (document.name.empty() ? "" : "_") + std::string(scanner.joined());
  document.signature = "def " + document.name + "(values)";
  document.code = document.signature + ":\n    return process(values)\n";
  return document;
}

/// Requests that are stored, and what is shown for others.
class Library {
 public:
  static Result<std::unique_ptr<Library>> of(const std::set<std::string>& texts) {
    auto library = std::make_unique<Library>();
    library->store_ = base::open_memory_kv();
    {
      AUTODEV_TRY_ASSIGN(const auto txn, library->store_->begin_write());
      IndexWriter writer(*txn, built_in_embedder());
      for (const std::string& text : texts) {
        const Document document = document_of(text);
        library->wordings_[document.id] = {document.name, document.description, document.code};
        AUTODEV_TRY(writer.put(document));
      }
      AUTODEV_TRY(writer.flush());
      AUTODEV_TRY(txn->commit());
    }
    AUTODEV_TRY_ASSIGN(library->view_, library->store_->begin_read());
    return library;
  }

  /// What is shown for a request, with and without the comparison.
  struct Shown {
    std::set<PatternId> gated, ungated;
    bool fits = false;
  };
  Result<Shown> ask(const std::string& request) const {
    AUTODEV_TRY_ASSIGN(SearchResult found, search(*view_, request, {}, shown_hits + spare_hits));
    Shown shown;
    if (judge(found, request).fits) shown.ungated = first_of(found);
    AUTODEV_TRY_ASSIGN(const auto left_out, leave_out_disagreeing(found, request, [this](const PatternId& id) -> Result<std::optional<Wording>> {
      const auto place = wordings_.find(id);
      return place == wordings_.end() ? std::nullopt : std::optional(place->second);
    }));
    shown.fits = judge_remaining(found, left_out, request).fits;
    if (shown.fits) shown.gated = first_of(found);
    return shown;
  }

 private:
  static std::set<PatternId> first_of(const SearchResult& found) {
    std::set<PatternId> ids;
    for (std::size_t i = 0; i < std::min(shown_hits, found.hits.size()); ++i) ids.insert(found.hits[i].id);
    return ids;
  }

  std::unique_ptr<base::Kv> store_;
  std::unique_ptr<base::KvRead> view_;
  std::map<PatternId, Wording> wordings_;
};

void note(RequestReport& report, std::string example) {
  if (report.examples.size() < max_examples) report.examples.push_back(std::move(example));
}

/// Pairs come both ways round, one after the other: the even ones and the odd ones make a library each.
Result<void> measure_pairs(const RequestTexts& texts, RequestReport& report) {
  for (const std::size_t first : {0u, 1u}) {
    std::set<std::string> stored;
    for (std::size_t i = first; i < texts.pairs.size(); i += 2) stored.insert(texts.pairs[i].stored);
    AUTODEV_TRY_ASSIGN(const auto library, Library::of(stored));
    for (std::size_t i = first; i < texts.pairs.size(); i += 2) {
      const RequestPair& pair = texts.pairs[i];
      AUTODEV_TRY_ASSIGN(const auto shown, library->ask(pair.asked));
      PairCounts& counts = report.by_kind[pair.kind + (pair.listed ? "" : ", not in the tables")];
      ++counts.pairs;
      if (shown.ungated.contains(id_of(pair.stored))) ++counts.shown_ungated;
      if (!shown.gated.contains(id_of(pair.stored))) continue;
      ++counts.shown;
      note(report, fmt::format("false hit: \"{}\" for \"{}\"", pair.stored, pair.asked));
    }
  }
  return {};
}

Result<void> measure_paraphrases(const RequestTexts& texts, RequestReport& report) {
  std::set<std::string> stored;
  for (std::size_t i = 0; i < texts.pairs.size(); i += 2) stored.insert(texts.pairs[i].stored);
  for (const RequestPair& pair : texts.paraphrases) stored.insert(pair.asked);
  AUTODEV_TRY_ASSIGN(const auto library, Library::of(stored));
  for (const RequestPair& pair : texts.paraphrases) {
    AUTODEV_TRY_ASSIGN(const auto shown, library->ask(pair.stored));
    ++report.paraphrases;
    if (shown.ungated.contains(id_of(pair.asked))) ++report.found_ungated;
    if (shown.gated.contains(id_of(pair.asked))) {
      ++report.found;
      continue;
    }
    const auto because = disagreement(pair.stored, {"", pair.asked, ""});
    note(report, fmt::format("not found: \"{}\" for \"{}\"{}", pair.asked, pair.stored,
                             because ? ": " + because->sentence() : std::string()));
  }
  for (const std::string& request : texts.foreign) {
    AUTODEV_TRY_ASSIGN(const auto shown, library->ask(request));
    ++report.foreign;
    if (!shown.fits) ++report.refused;
    else note(report, fmt::format("not refused: \"{}\"", request));
  }
  return {};
}

Result<void> measure_subjects(const RequestTexts& texts, RequestReport& report) {
  const std::set<std::string> distinct(texts.subjects.begin(), texts.subjects.end());
  const std::vector<std::string> subjects(distinct.begin(), distinct.end());
  std::vector<Vector> vectors;
  for (const std::string& subject : subjects) {
    AUTODEV_TRY_ASSIGN(Vector vector, built_in_embedder().embed(subject));
    vectors.push_back(std::move(vector));
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    for (std::size_t j = 0; j < subjects.size(); ++j) {
      if (i == j) continue;
      ++report.subject_pairs;
      if (cosine(vectors[i], vectors[j]) >= near_cosine) ++report.subjects_near;
      if (!same_request(subjects[i], subjects[j])) continue;
      ++report.subjects_same;
      note(report, fmt::format("taken for one request: \"{}\" and \"{}\"", subjects[i], subjects[j]));
    }
  }
  return {};
}

}  // namespace

Result<RequestReport> run_request_bench(const RequestTexts& texts) {
  RequestReport report;
  AUTODEV_TRY(measure_pairs(texts, report));
  AUTODEV_TRY(measure_paraphrases(texts, report));
  AUTODEV_TRY(measure_subjects(texts, report));
  return report;
}

std::string RequestReport::text() const {
  std::string out = fmt::format("{:<32}{:>8}{:>12}{:>18}\n", "requests that want something else", "pairs", "false hits", "without the gate");
  for (const auto& [kind, counts] : by_kind)
    out += fmt::format("{:<32}{:>9}{:>12}{:>18}\n", kind, counts.pairs, counts.shown, counts.shown_ungated);
  out += fmt::format("paraphrases found: {} of {} ({} without the gate)\n", found, paraphrases, found_ungated);
  out += fmt::format("commit subjects taken for one request: {} of {} pairs ({} have a cosine of 0.9 or more)\n", subjects_same,
                     subject_pairs, subjects_near);
  out += fmt::format("requests of other fields refused: {} of {}\n", refused, foreign);
  for (const std::string& example : examples) out += "  " + example + "\n";
  return out;
}

std::string RequestReport::json_line() const {
  base::Json line = {{"bench", "requests"}, {"paraphrases", paraphrases}, {"found", found}, {"found_ungated", found_ungated},
                     {"subject_pairs", subject_pairs}, {"subjects_same", subjects_same}, {"subjects_near", subjects_near},
                     {"foreign", foreign}, {"refused", refused}};
  std::uint64_t pairs = 0, shown = 0, ungated = 0;
  for (const auto& [kind, counts] : by_kind) {
    line["by_kind"][kind] = {{"pairs", counts.pairs}, {"false_hits", counts.shown}, {"false_hits_ungated", counts.shown_ungated}};
    pairs += counts.pairs;
    shown += counts.shown;
    ungated += counts.shown_ungated;
  }
  line["pairs"] = pairs;
  line["false_hits"] = shown;
  line["false_hits_ungated"] = ungated;
  return base::dump_json(line);
}

}  // namespace autodev::index
