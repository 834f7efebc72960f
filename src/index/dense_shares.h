// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Dense shares: why two texts have the cosine they have.
//
// The vectors of a static embedder are sums over stems, so their cosine is a sum over pairs of a query's and a document's stem. Added
// up over the document that is what a query's stem brings in; the largest pair says by what.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "index/embedder.h"
#include "index/search_index.h"

namespace autodev::index {

struct DenseShare {
  std::string stem;         ///< of the query
  double share = 0;         ///< its part of the cosine; may be negative
  std::string nearest;      ///< stem of the document with the largest pair
  double nearest_share = 0;
};

/// The largest `count` shares, largest first, of a query that `asked_with` embeds and a document that `stored_with` embedded. Empty for
/// embedders that read more than stems. Cost: some 50 ns for each pair of stems.
[[nodiscard]] std::vector<DenseShare> dense_shares(const Embedder& asked_with, std::string_view query, const Embedder& stored_with,
                                                   const Document& document, std::size_t count);

}  // namespace autodev::index
