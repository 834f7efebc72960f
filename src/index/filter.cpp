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
  if (filter.pattern) conditions.push_back(term_key(TermSort::pattern, to_string(*filter.pattern)));
  if (!filter.framework.empty()) conditions.push_back(framework_key(filter.framework));
  std::optional<Bitmap> allowed;
  if (conditions.empty()) return allowed;
  AUTODEV_TRY_ASSIGN(const auto lists, read_postings(state, head.next_number, conditions));
  for (const PostingList& list : lists) {
    Bitmap documents(head.next_number);
    for (const PostingBlock& block : list.blocks())
      block.for_each([&](std::uint32_t offset, std::uint8_t) { documents.set(block.first_document() + offset); });
    if (allowed)
      allowed->intersect(documents);
    else
      allowed = std::move(documents);
  }
  return allowed;
}

}  // namespace autodev::index
