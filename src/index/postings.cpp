// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reading postings: of each block the directory, then the bucket of each term that is asked for.
#include "index/postings.h"

#include <algorithm>
#include <array>

#include "index/posting_buckets.h"

namespace autodev::index {
namespace {

/// Weighted frequencies of the 16 steps: exact where BM25 still tells them apart, then about a fifth apart;
/// with k1 = 1.6 everything above 48 is within 3 % of saturation.
constexpr std::array<std::uint32_t, 16> step_values = {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 25, 32, 48};
/// std::popcount is a call where the compiler may not assume the instruction.
std::uint32_t ones(std::uint64_t word) noexcept {
  word -= (word >> 1) & 0x5555'5555'5555'5555ULL;
  word = (word & 0x3333'3333'3333'3333ULL) + ((word >> 2) & 0x3333'3333'3333'3333ULL);
  return static_cast<std::uint32_t>((((word + (word >> 4)) & 0x0f0f'0f0f'0f0f'0f0fULL) * 0x0101'0101'0101'0101ULL) >>
                                    56);
}

constexpr std::size_t least_copy = 4096, most_copy = 256u << 10;  // what is allocated for copies, more each time

}  // namespace

std::uint8_t frequency_step(std::uint32_t frequency) noexcept {
  const auto above = std::upper_bound(step_values.begin(), step_values.end(), frequency);
  return static_cast<std::uint8_t>(above == step_values.begin() ? 0 : above - step_values.begin() - 1);
}

double step_frequency(std::uint8_t step) noexcept {
  return step_values[step & 15];
}

std::optional<double> PostingBlock::frequency(std::uint32_t document) const noexcept {
  const std::uint32_t offset = document - first_;
  if (offset >= block_documents) return std::nullopt;
  if (size_ >= least_dense) {
    const std::uint64_t bit = std::uint64_t{1} << (offset % 64), word = bitmap_word(offset / 64);
    if ((word & bit) == 0) return std::nullopt;
    std::uint32_t before = u16(bitmap_bytes + 2 * (offset / rank_documents)) + ones(word & (bit - 1));
    if (offset % rank_documents >= 64) before += ones(bitmap_word(offset / 64 - 1));
    return before < size_ ? std::optional(step_frequency(dense_step(before))) : std::nullopt;
  }
  std::uint32_t low = 0, high = size_;
  while (low < high) {
    const std::uint32_t middle = (low + high) / 2;
    if (raw(middle) >> 4 < offset)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == size_ || raw(low) >> 4 != offset) return std::nullopt;
  return step_frequency(static_cast<std::uint8_t>(raw(low) & 15));
}

std::optional<double> PostingList::frequency(std::uint32_t document) const noexcept {
  const auto block = std::partition_point(blocks_.begin(), blocks_.end(), [&](const PostingBlock& candidate) {
    return candidate.first_document() + (block_documents - 1) < document;
  });
  if (block == blocks_.end() || block->first_document() > document) return std::nullopt;
  return block->frequency(document);
}

/// Looks terms up block by block.
class PostingReader {
 public:
  PostingReader(const base::KvRead& state, const std::vector<TermKey>& terms)
      : state_(state), terms_(terms), lists_(terms.size()) {}

  Result<void> read(std::uint32_t block, std::string_view value) {
    if (value.size() < directory_bytes) return damaged("the block of postings", block);
    AUTODEV_TRY_ASSIGN(const std::string_view directory, state_.fetch(value.substr(0, directory_bytes), directory_));
    const std::string_view buckets = value.substr(directory_bytes);
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      const std::uint32_t bucket = bucket_of_term(terms_[i]);
      const BucketPlace place = place_of_bucket(directory.data(), bucket);
      if (place.start > place.end || place.end > buckets.size()) return damaged("the block of postings", block);
      const std::string_view stored = buckets.substr(place.start, place.end - place.start);
      AUTODEV_TRY_ASSIGN(const std::string_view bytes, state_.fetch(stored, bucket_));
      if (check_of_bucket(bytes, block, bucket) != place.check) return damaged("the block of postings", block);
      add(block, remainder_of_term(terms_[i]), bytes, bytes.data() == stored.data(), lists_[i]);
    }
    return {};
  }
  [[nodiscard]] std::vector<PostingList> take() { return std::move(lists_); }

 private:
  static void add(std::uint32_t block, std::uint32_t remainder, std::string_view bucket, bool stays,
                  PostingList& list) {
    BucketWalk walk(bucket);
    while (!walk.at_end() && walk->remainder < remainder) walk.next();
    if (walk.at_end() || walk->remainder != remainder) return;
    const char* const postings =
        stays ? walk->postings : keep({walk->postings, PostingBlock::bytes_of(walk->size)}, list);
    list.blocks_.emplace_back(block, walk->size, postings);
    list.documents_ += walk->size;
  }

  static const char* keep(std::string_view bytes, PostingList& list) {
    if (list.left_ < bytes.size()) {
      list.left_ =
          std::max(bytes.size(), std::min(least_copy << std::min<std::size_t>(list.copies_.size(), 8), most_copy));
      list.copies_.push_back(std::make_unique_for_overwrite<char[]>(list.left_));
      list.room_ = list.copies_.back().get();
    }
    char* const place = list.room_;
    std::copy(bytes.begin(), bytes.end(), place);
    list.room_ += bytes.size();
    list.left_ -= bytes.size();
    return place;
  }

  const base::KvRead& state_;
  const std::vector<TermKey>& terms_;
  std::vector<PostingList> lists_;
  std::string directory_, bucket_;
};

Result<std::vector<PostingList>> read_postings(const base::KvRead& state, std::uint32_t documents,
                                               const std::vector<TermKey>& terms) {
  PostingReader reader(state, terms);
  std::uint32_t block = 0;
  Result<void> result;
  AUTODEV_TRY(state.scan(posting_table, {}, {}, [&](std::string_view key, std::string_view value) {
    result = key == number_key(block) ? reader.read(block, value) : damaged("the block of postings", block);
    ++block;
    return result.has_value();
  }));
  AUTODEV_TRY(result);
  if (documents > std::uint64_t{block} * block_documents) return damaged("the block of postings", block);
  return reader.take();
}

}  // namespace autodev::index
