// SPDX-License-Identifier: MIT OR Apache-2.0
//
// RetrievalTask: a corpus, queries and judgements, as read from the three files of the retrieval benchmark.
//
//   corpus   JSON Lines {"id", "language", "code", "description"}
//   queries  JSON Lines {"id", "text"}
//   qrels    query-id <TAB> document-id <TAB> grade
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "index/evaluate.h"
#include "index/search_index.h"

namespace autodev::index {

struct CorpusEntry {
  std::string id, language, code, description;
};

struct RetrievalQuery {
  std::string id, text;
};

struct RetrievalTask {
  std::vector<CorpusEntry> corpus;           ///< ids are unique
  std::vector<RetrievalQuery> queries;       ///< ids are unique
  std::map<std::string, Grades> judgements;  ///< by query
  std::vector<std::string> foreign;          ///< requests that nothing in the corpus answers
};

/// Parses the contents of the three files. Errors: `bad_data` with file and line for a malformed line, a repeated id,
/// or a judgement that names an unknown query or document.
[[nodiscard]] Result<RetrievalTask> read_retrieval_task(std::string_view corpus, std::string_view queries,
                                                        std::string_view judgements);

/// The document of a corpus entry, by its layout alone (no parser): signature = first line that is neither comment
/// nor decorator, name = identifier before its first bracket, description = the given one or else the leading
/// comment or documentation string.
[[nodiscard]] Document document_of(const CorpusEntry& entry);

}  // namespace autodev::index
