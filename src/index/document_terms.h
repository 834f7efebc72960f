// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What is indexed of a document: its weighted terms, its length, and the text of its vector.
//
// Simple BM25F (Robertson, Zaragoza & Taylor 2004): the frequencies of all fields are added with the fields' weights
// before they saturate, and so are the lengths. The language's name and the frameworks are words of the document too
// (without adding to its length): "python" in a query then weighs what it tells apart, nothing at all
// in a library of Python alone.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "index/document_table.h"
#include "index/embedder.h"
#include "index/index_format.h"
#include "index/search_index.h"
#include "index/word_memo.h"
#include "index/words.h"

namespace autodev::index {

struct DocumentTerms {
  std::vector<std::pair<TermKey, std::uint32_t>> terms;  ///< weighted frequencies, sorted by key
  std::uint32_t length = 0;                              ///< weighted words, <= 65,535
};

/// A document's fields, split once for all who need their words.
struct DocumentWords {
  explicit DocumentWords(const Document& document);
  DocumentWords(const Document& document, WordMemo& memo);
  std::vector<Term> name, description, signature, specification, code, language;
};

[[nodiscard]] DocumentTerms document_terms(const Document& document, const DocumentWords& words);
/// The stems of embedding_text(); they point into `words`.
[[nodiscard]] std::vector<CountedStem> embedding_stems(const DocumentWords& words);
/// The text that is embedded: name and description count twice.
[[nodiscard]] std::string embedding_text(const Document& document);
/// Over every indexed field.
[[nodiscard]] Fingerprint fingerprint(const Document& document);
/// The keys a framework is found under: its full name and its first part ("google.cloud" -> google), lower case.
[[nodiscard]] std::vector<TermKey> framework_keys(std::string_view framework);
/// The key that a framework filter looks for.
[[nodiscard]] TermKey framework_key(std::string_view framework);

}  // namespace autodev::index
