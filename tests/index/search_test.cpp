// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Searching, replacing and erasing as a user of the index sees them.
#include "index/search_index.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

TEST(Search, FindsNothingInAnEmptyLibraryAndReportsNoError) {
  const auto store = base::open_memory_kv();
  const auto view = value_of(store->begin_read());
  const SearchResult found = value_of(search(*view, "remove a directory", {}, 10));
  EXPECT_TRUE(found.hits.empty());
  EXPECT_EQ(found.documents, 0u);
  EXPECT_EQ(found.unknown_terms, (std::vector<std::string>{"remove", "directory"}));
}

}  // namespace
}  // namespace autodev::index
