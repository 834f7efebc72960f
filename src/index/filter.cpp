// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Each condition is one posting list; the bitmaps of all are intersected.
#include "index/filter.h"

#include <vector>

#include "index/document_terms.h"
#include "index/postings.h"

namespace autodev::index {

Result<std::optional<Bitmap>> allowed_documents(const base::KvRead& state, const Head& head, const Filter& filter) {
  std::vector<TermKey> conditions;
  if (filter.language) conditions.push_back(term_key(TermSort::language, to_string(*filter.language)));
  if (filter.kind) conditions.push_back(term_key(TermSort::kind, to_string(*filter.kind)));
  if (!filter.framework.empty()) conditions.push_back(framework_key(filter.framework));
  std::optional<Bitmap> allowed;
  for (const TermKey condition : conditions) {
    AUTODEV_TRY_ASSIGN(const PostingList list, PostingList::read(state, condition));
    Bitmap documents(head.next_number);
    for (const PostingBlock& block : list.blocks())
      for (std::size_t i = 0; i < block.size(); ++i) documents.set(block.document(i));
    if (allowed)
      allowed->intersect(documents);
    else
      allowed = std::move(documents);
  }
  return allowed;
}

}  // namespace autodev::index
