// SPDX-License-Identifier: MIT OR Apache-2.0
//
// BM25F over posting blocks. k1 and b: grid on the CoSQA development set (k1 0.8 .. 2.0, b 0.5 .. 0.9), where the
// optimum is flat: 1.6 / 0.85 gives NDCG@10 44.3, the textbook 1.2 / 0.75 43.5.
//
// Scores are sums of floats in the order of the query's terms, whichever way they are computed: equal to the last bit.
#include "index/lexical.h"

#include <algorithm>
#include <array>

namespace autodev::index {
namespace {

constexpr double k1 = 1.6;
constexpr double b = 0.85;
/// Bounds are sums in another order than scores: rounding must not make them too small.
constexpr float rounding_room = 1.0001F;
/// Sums are compared sixteen at a time; most sixteens have nothing.
constexpr std::uint32_t strip = 16;

float part_of(float weight, float frequency, float length_part) noexcept {
  return weight * frequency / (frequency + length_part);
}

float weight_of(const QueryTerm& term) noexcept {
  return static_cast<float>(term.rarity * (k1 + 1));
}

}  // namespace

/// The best documents so far. They come in ascending order, so of equal scores the earlier one stays.
class LexicalScores::Best {
 public:
  explicit Best(std::size_t count) : count_(count) {}
  /// Only more than this is wanted.
  [[nodiscard]] float threshold() const noexcept { return threshold_; }
  void add(std::uint32_t document, float score) {
    if (heap_.size() == count_) {
      std::pop_heap(heap_.begin(), heap_.end(), better);
      heap_.pop_back();
    }
    heap_.push_back({document, double{score}});
    std::push_heap(heap_.begin(), heap_.end(), better);
    if (heap_.size() == count_) threshold_ = static_cast<float>(heap_.front().score);
  }
  [[nodiscard]] std::vector<ScoredDocument> take() {
    std::sort_heap(heap_.begin(), heap_.end(), better);
    return std::move(heap_);
  }

 private:
  std::size_t count_;
  float threshold_ = 0;
  std::vector<ScoredDocument> heap_;  ///< the worst on top
};

Result<LexicalScores> LexicalScores::compute(const base::KvRead& state, const Head& head, const Query& query) {
  LexicalScores result;
  result.query_ = &query;
  result.documents_ = head.next_number;
  result.constant_ = static_cast<float>(k1 * (1 - b));
  result.per_length_ = static_cast<float>(k1 * b / std::max(1.0, head.average_length()));
  Result<void> checked;
  AUTODEV_TRY(state.scan(length_table, {}, {}, [&](std::string_view key, std::string_view value) {
    const auto block = static_cast<std::uint32_t>(result.lengths_.size());
    if (key != number_key(block) || !is_sealed(value, block)) checked = damaged("the block of lengths", block);
    result.lengths_.push_back(sealed_part(value));
    return checked.has_value();
  }));
  AUTODEV_TRY(checked);
  if (std::uint64_t{head.next_number} > std::uint64_t{result.lengths_.size()} * block_documents)
    return damaged("the block of lengths", result.lengths_.size());
  return result;
}

inline float LexicalScores::length_part_at(const char* length) const noexcept {
  return constant_ + per_length_ * static_cast<float>(static_cast<std::uint8_t>(length[0]) |
                                                      static_cast<std::uint8_t>(length[1]) << 8);
}

inline float LexicalScores::length_part(std::uint32_t document) const noexcept {
  const std::size_t block = document / block_documents;
  const std::size_t offset = std::size_t{document % block_documents} * 2;
  if (block >= lengths_.size() || lengths_[block].size() < offset + 2) return static_cast<float>(k1);
  return length_part_at(lengths_[block].data() + offset);
}

double LexicalScores::score(std::uint32_t document) const noexcept {
  if (document >= documents_) return 0;
  const float length = length_part(document);
  float sum = 0;
  for (const QueryTerm& term : query_->terms)
    if (const auto frequency = term.postings.frequency(document))
      sum += part_of(weight_of(term), static_cast<float>(*frequency), length);
  return double{sum};
}

float LexicalScores::sum_of(const std::vector<Part>& parts, std::uint32_t document) const noexcept {
  const float length = length_part(document);
  float sum = 0;
  for (const Part& part : parts)
    if (const auto frequency = part.postings->frequency(document))
      sum += part_of(part.weight, static_cast<float>(*frequency), length);
  return sum;
}

void LexicalScores::add_up(std::uint32_t block, const std::vector<Part>& parts, std::vector<float>& sums) const {
  std::fill(sums.begin(), sums.end(), 0.0F);
  const std::string_view lengths = lengths_[block];
  const auto known = static_cast<std::uint32_t>(lengths.size() / 2);
  for (const Part& part : parts) {
    if (part.left_out) continue;
    std::array<float, step_count> frequencies, weighted;
    for (std::uint8_t step = 0; step < step_count; ++step) {
      frequencies[step] = static_cast<float>(step_frequency(step));
      weighted[step] = part.weight * frequencies[step];
    }
    // Postings behind the last length can only be in a damaged block.
    part.postings->for_each([&, out = sums.data(), from = lengths.data()](std::uint32_t offset, std::uint8_t step) {
      if (offset < known)
        out[offset] += weighted[step] / (frequencies[step] + length_part_at(from + std::size_t{2} * offset));
    });
  }
}

bool LexicalScores::may_reach(std::uint32_t document, float sum, const std::vector<Part>& others, float together,
                              float threshold) const noexcept {
  const float length = length_part(document);
  for (const Part& part : others) {
    if ((sum + together) * rounding_room <= threshold) return false;
    together -= part.weight;
    if (const auto frequency = part.postings->frequency(document))
      sum += part_of(part.weight, static_cast<float>(*frequency), length);
  }
  return sum * rounding_room > threshold;
}

void LexicalScores::search_block(std::uint32_t block, std::vector<Part>& parts, const Bitmap* allowed, Best& best,
                                 std::vector<float>& sums) const {
  // The lightest parts that cannot lift a document above the threshold by themselves are left out.
  std::vector<Part> others = parts;
  std::stable_sort(others.begin(), others.end(), [](const Part& x, const Part& y) { return x.weight < y.weight; });
  float together = 0;  // a part is always below its weight
  std::size_t count = 0;
  while (count < others.size() && (together + others[count].weight) * rounding_room <= best.threshold())
    together += others[count++].weight;
  if (count == others.size()) return;  // not even all parts together
  const float heaviest_out = count == 0 ? -1.0F : others[count - 1].weight;
  std::size_t equal = 0;  // of several parts of the same weight some may be out
  for (std::size_t i = 0; i < count; ++i) equal += others[i].weight == heaviest_out ? 1 : 0;
  for (Part& part : parts) {
    part.left_out = part.weight < heaviest_out || (part.weight == heaviest_out && equal > 0);
    if (part.left_out && part.weight == heaviest_out) --equal;
  }
  others.resize(count);
  std::reverse(others.begin(), others.end());

  add_up(block, parts, sums);
  const std::uint32_t first = block * block_documents;
  for (std::uint32_t start = 0; start < block_documents; start += strip) {
    const float needed = std::max(0.0F, best.threshold() / rounding_room - together * rounding_room);
    int some = 0;
    for (std::uint32_t i = 0; i < strip; ++i) some |= sums[start + i] > needed ? 1 : 0;
    if (some == 0) continue;
    for (std::uint32_t i = start; i < start + strip; ++i) {
      const std::uint32_t document = first + i;
      if (!(sums[i] > needed) || document >= documents_) continue;
      if (allowed != nullptr && !allowed->test(document)) continue;
      if (!others.empty() && !may_reach(document, sums[i], others, together, best.threshold())) continue;
      const float sum = others.empty() ? sums[i] : sum_of(parts, document);
      if (sum > best.threshold()) best.add(document, sum);
    }
  }
}

std::vector<ScoredDocument> LexicalScores::best(const Bitmap* allowed, std::size_t count) const {
  if (count == 0) return {};
  Best found(count);
  const auto& terms = query_->terms;
  std::vector<std::size_t> next(terms.size());  // of each term: its first block not worked on yet
  std::vector<float> sums(block_documents);
  std::vector<Part> parts;
  for (std::uint32_t block = 0; block < lengths_.size(); ++block) {
    parts.clear();
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const auto& blocks = terms[i].postings.blocks();
      if (next[i] == blocks.size() || blocks[next[i]].first_document() != block * block_documents) continue;
      parts.push_back({&blocks[next[i]++], weight_of(terms[i]), false});
    }
    if (!parts.empty()) search_block(block, parts, allowed, found, sums);
  }
  return found.take();
}

double LexicalScores::share(const QueryTerm& term, std::uint32_t document) const noexcept {
  const auto frequency = term.postings.frequency(document);
  return frequency ? double{part_of(weight_of(term), static_cast<float>(*frequency), length_part(document))} : 0.0;
}

}  // namespace autodev::index
