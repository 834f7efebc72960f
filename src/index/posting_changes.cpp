// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Writing postings: the changes of a block are sorted, and the block is written anew. Buckets and lists that have no
// change and no forgotten document are copied as they are.
#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "index/posting_buckets.h"

namespace autodev::index {
namespace {

constexpr unsigned term_bits = 40;
using Changes = std::span<const PostingChanges::Change>;
/// Documents of a block whose postings go.
using Forgotten = std::array<std::uint64_t, block_documents / 64>;

std::uint32_t block_of(const PostingChanges::Change& change) noexcept {
  return static_cast<std::uint32_t>(change.key >> term_bits);
}
TermKey term_of(const PostingChanges::Change& change) noexcept {
  return change.key & ((std::uint64_t{1} << term_bits) - 1);
}

class BlockRewriter {
 public:
  BlockRewriter(std::uint32_t block, std::string_view old, Changes changes, const Forgotten* forgotten)
      : block_(block), old_(old), changes_(changes), forgotten_(forgotten) {}

  Result<std::string> run() {
    if (!old_.empty() && old_.size() < directory_bytes) return damaged("the block of postings", block_);
    new_.assign(directory_bytes, '\0');
    new_.reserve(directory_bytes + old_.size() + 8 * changes_.size());
    std::size_t next = 0;
    for (std::uint32_t bucket = 0; bucket < bucket_count; ++bucket) {
      const std::size_t first = next;
      while (next < changes_.size() && bucket_of_term(term_of(changes_[next])) == bucket) ++next;
      AUTODEV_TRY(write_bucket(bucket, changes_.subspan(first, next - first)));
    }
    return std::move(new_);
  }

 private:
  Result<void> write_bucket(std::uint32_t bucket, Changes changes) {
    const std::size_t start = new_.size();
    BucketPlace place;
    std::string_view old;
    if (!old_.empty()) {
      place = place_of_bucket(old_.data(), bucket);
      const std::string_view buckets = old_.substr(directory_bytes);
      if (place.start > place.end || place.end > buckets.size()) return damaged("the block of postings", block_);
      old = buckets.substr(place.start, place.end - place.start);
    }
    const bool read = !changes.empty() || forgotten_ != nullptr;
    if (read && !old_.empty() && check_of_bucket(old, block_, bucket) != place.check)
      return damaged("the block of postings", block_);
    if (changes.empty() && !old_.empty() && !bucket_meets_forgotten(old)) {
      new_ += old;  // where it was not read, a check that was wrong stays wrong
    } else {
      merge(old, changes);
      place.check = check_of_bucket(std::string_view(new_).substr(start), block_, bucket);
    }
    put_u32(new_.data() + bucket * sizeof(std::uint32_t), static_cast<std::uint32_t>(new_.size() - directory_bytes));
    put_u32(new_.data() + directory_bytes / 2 + bucket * sizeof(std::uint32_t), place.check);
    return {};
  }

  void merge(std::string_view old, Changes changes) {
    BucketWalk walk(old);
    std::size_t next = 0;
    while (!walk.at_end() || next < changes.size()) {
      const std::uint32_t changed = next < changes.size() ? remainder_of_term(term_of(changes[next])) : UINT32_MAX;
      const bool known = !walk.at_end() && walk->remainder <= changed;
      const std::uint32_t remainder = known ? walk->remainder : changed;
      const std::size_t first = next;
      while (next < changes.size() && remainder_of_term(term_of(changes[next])) == remainder) ++next;
      write_list(remainder, known ? &*walk : nullptr, changes.subspan(first, next - first));
      if (known) walk.next();
    }
  }

  void write_list(std::uint32_t remainder, const BucketList* old, Changes changes) {
    if (old != nullptr && changes.empty() && !meets_forgotten(*old)) {
      new_ += old->all;
      return;
    }
    postings_.clear();
    std::size_t next = 0;
    const auto add_changes_before = [&](std::uint32_t offset) {
      for (; next < changes.size() && changes[next].offset < offset; ++next)
        postings_.push_back(static_cast<std::uint16_t>(changes[next].offset << 4 | changes[next].step));
    };
    if (old != nullptr)
      PostingBlock(block_, old->size, old->postings).for_each([&](std::uint32_t offset, std::uint8_t step) {
        add_changes_before(offset);
        const bool changed = next < changes.size() && changes[next].offset == offset;
        if (!changed && !is_forgotten(offset)) postings_.push_back(static_cast<std::uint16_t>(offset << 4 | step));
      });
    add_changes_before(block_documents);
    if (!postings_.empty()) append_list(new_, remainder, postings_);
  }

  [[nodiscard]] bool is_forgotten(std::uint32_t offset) const noexcept {
    return forgotten_ != nullptr && (((*forgotten_)[offset / 64 % forgotten_->size()] >> (offset % 64)) & 1) != 0;
  }
  [[nodiscard]] bool bucket_meets_forgotten(std::string_view bucket) const {
    if (forgotten_ == nullptr) return false;
    for (BucketWalk walk(bucket); !walk.at_end(); walk.next())
      if (meets_forgotten(*walk)) return true;
    return false;
  }
  [[nodiscard]] bool meets_forgotten(const BucketList& list) const {
    if (forgotten_ == nullptr) return false;
    bool met = false;
    const PostingBlock postings(block_, list.size, list.postings);
    if (list.size >= PostingBlock::least_dense)
      for (std::uint32_t word = 0; word < forgotten_->size(); ++word)
        met |= ((*forgotten_)[word] & postings.bitmap_word(word)) != 0;
    else
      postings.for_each([&](std::uint32_t offset, std::uint8_t) { met |= is_forgotten(offset); });
    return met;
  }

  std::uint32_t block_;
  std::string_view old_;
  Changes changes_;
  const Forgotten* forgotten_;
  std::string new_;
  std::vector<std::uint16_t> postings_;
};

}  // namespace

void append_list(std::string& bucket, std::uint32_t remainder, const std::vector<std::uint16_t>& postings) {
  const auto size = static_cast<std::uint32_t>(postings.size());
  const std::size_t start = bucket.size(), head = size < 4 ? 4 : 6;
  bucket.resize(start + head + PostingBlock::bytes_of(size), '\0');
  char* out = bucket.data() + start;
  put_u32(out, remainder << 2 | (size < 4 ? size : 0));
  if (size >= 4) put_u16(out + 4, size);
  out += head;
  std::uint32_t ranked = 0;  // groups of documents whose count is written
  for (std::uint32_t i = 0; i < size; ++i) {
    const std::uint32_t posting = postings[i], offset = posting >> 4, step = posting & 15;
    if (size < PostingBlock::least_dense) {
      put_u16(out + std::size_t{2} * i, posting);
    } else {
      char& bits = out[offset / 8];
      bits = static_cast<char>(static_cast<std::uint8_t>(bits) | 1u << (offset % 8));
      for (; ranked <= offset / PostingBlock::rank_documents; ++ranked)
        put_u16(out + PostingBlock::bitmap_bytes + std::size_t{2} * ranked, i);
      char& steps = out[PostingBlock::steps_start + i / 2];
      steps = static_cast<char>(static_cast<std::uint8_t>(steps) | step << (4 * (i % 2)));
    }
  }
}

void PostingChanges::set(TermKey term, std::uint32_t document, std::uint32_t frequency) {
  changes_.push_back({std::uint64_t{document / block_documents} << term_bits | term,
                      static_cast<std::uint16_t>(document % block_documents), frequency_step(frequency)});
}

void PostingChanges::forget(std::uint32_t document) {
  forgotten_[document] = changes_.size();
}

void PostingChanges::drop_forgotten() {
  if (forgotten_.empty()) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const auto found = forgotten_.find(block_of(changes_[i]) * block_documents + changes_[i].offset);
    if (found == forgotten_.end() || i >= found->second) changes_[kept++] = changes_[i];
  }
  changes_.resize(kept);
}

Result<void> PostingChanges::apply(base::KvWrite& state) {
  drop_forgotten();
  std::sort(changes_.begin(), changes_.end(),
            [](const Change& a, const Change& b) { return a.key != b.key ? a.key < b.key : a.offset < b.offset; });
  auto next = changes_.begin();
  auto forgotten = forgotten_.begin();
  while (next != changes_.end() || forgotten != forgotten_.end()) {
    std::uint32_t block = next == changes_.end() ? UINT32_MAX : block_of(*next);
    if (forgotten != forgotten_.end()) block = std::min(block, forgotten->first / block_documents);
    const auto end =
        std::find_if(next, changes_.end(), [&](const Change& change) { return block_of(change) != block; });
    Forgotten documents{};
    const bool some = forgotten != forgotten_.end() && forgotten->first / block_documents == block;
    for (; forgotten != forgotten_.end() && forgotten->first / block_documents == block; ++forgotten)
      documents[forgotten->first % block_documents / 64] |= std::uint64_t{1} << (forgotten->first % 64);
    AUTODEV_TRY_ASSIGN(const auto stored, state.get(posting_table, number_key(block)));
    BlockRewriter rewriter(block, stored.value_or(std::string_view()), Changes(next, end), some ? &documents : nullptr);
    AUTODEV_TRY_ASSIGN(const std::string written, rewriter.run());
    AUTODEV_TRY(state.put(posting_table, number_key(block), written));
    next = end;
  }
  changes_.clear();
  forgotten_.clear();
  return {};
}

}  // namespace autodev::index
