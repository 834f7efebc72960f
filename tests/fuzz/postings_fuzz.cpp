// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fuzz target: hostile buckets of postings whose check is right. Whatever is walked stays within the bytes, and lists are looked up,
// merged with a change and cleared of a document without reading or writing beyond them.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/kv.h"
#include "index/posting_buckets.h"

using namespace autodev;
using namespace autodev::index;

namespace {

/// A block whose first bucket holds the bytes.
std::string block_with(std::string_view bucket) {
  std::string block(directory_bytes, '\0');
  for (std::uint32_t i = 0; i < bucket_count; ++i) {
    put_u32(block.data() + i * 4, static_cast<std::uint32_t>(bucket.size()));
    put_u32(block.data() + directory_bytes / 2 + i * 4, check_of_bucket(i == 0 ? bucket : std::string_view(), 0, i));
  }
  return block.append(bucket);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bucket(reinterpret_cast<const char*>(data), size);
  std::vector<TermKey> terms;
  std::size_t walked = 0;
  for (BucketWalk walk(bucket); !walk.at_end() && terms.size() < 100; walk.next()) {
    walked += walk->all.size();
    terms.push_back(walk->remainder);
  }
  if (walked > size) std::abort();
  const auto store = base::open_memory_kv();
  const auto txn = store->begin_write();
  if (!txn || !(*txn)->put(posting_table, number_key(0), block_with(bucket))) std::abort();
  terms.push_back(7);
  if (!read_postings(**txn, block_documents, terms)) std::abort();
  PostingChanges changes;
  changes.forget(3);
  for (const TermKey term : terms) changes.set(term, 5, 2);
  if (!changes.apply(**txn)) std::abort();
  const auto lists = read_postings(**txn, block_documents, terms);
  if (!lists || lists->back().frequency(5) != 2.0) std::abort();
  return 0;
}
