// SPDX-License-Identifier: MIT OR Apache-2.0
//
// New inputs of a shape: values are drawn or changed, counts settled, and what all examples have in common is restored;
// what cannot be restored is drawn again.
#include <algorithm>
#include <set>
#include <utility>

#include "apply/input_shape.h"
#include "base/hash.h"

namespace autodev::apply {
namespace {

using By = InputCount::By;
using Kind = InputPlace::Kind;

constexpr long long largest_count = 12;  ///< of new counts: small inputs show differences as well and are fast
constexpr std::size_t widest = 400;      ///< tokens of a line, lines of a block
constexpr int attempts = 12;
constexpr long long few = 1'000;  ///< wider ranges are drawn by their number of digits

class Sampler {
 public:
  Sampler(const InputShape& shape, std::uint64_t seed)
      : shape_(shape), state_(base::hash64("inputs") ^ (seed * 0x9e3779b97f4a7c15u)) {}

  std::optional<std::string> near(std::size_t which) {
    const std::string before = text_of(shape_.examples()[which]);
    for (int attempt = 0; attempt < attempts; ++attempt) {
      values_ = shape_.examples()[which];
      const auto changes = 1 + below(3);
      for (std::uint64_t c = 0; c < changes; ++c) change_one();
      if (!settle()) continue;
      if (auto text = text_of(values_); text != before) return text;
    }
    return std::nullopt;
  }

  std::optional<std::string> fresh(bool edge) {
    edge_ = edge;
    for (int attempt = 0; attempt < attempts; ++attempt) {
      values_ = shape_.examples()[below(shape_.examples().size())];
      for (std::size_t b = 0; b < values_.size(); ++b)
        for (auto& repetition : values_[b])
          for (std::size_t l = 0; l < repetition.size(); ++l)
            for (std::size_t k = 0; k < repetition[l].size(); ++k)
              repetition[l][k] = draw(shape_.blocks()[b].lines[l].place_of(k));
      for (std::size_t h = 0; h < shape_.headers().size(); ++h)
        if (shape_.headers()[h].counts) set_header(h, draw_count(h));
      if (settle()) return text_of(values_);
    }
    return std::nullopt;
  }

 private:
  std::uint64_t below(std::uint64_t bound) {
    state_ += 0x9e3779b97f4a7c15u;  // SplitMix64 (Steele, Lea & Flood)
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return bound == 0 ? 0 : z % bound;
  }

  const InputPlace& place(const InputShape::Header& header) const {
    return shape_.blocks()[header.block].lines[header.line].places[header.token];
  }
  std::string& header_text(std::size_t h) {
    const auto& header = shape_.headers()[h];
    return values_[header.block][0][header.line][header.token];
  }
  long long header_value(std::size_t h) { return input_integer(header_text(h)).value_or(0); }
  void set_header(std::size_t h, long long value) { header_text(h) = std::to_string(value); }

  long long least(const InputPlace& at) const { return edge_ && at.least > 1 ? 1 : at.least; }
  long long most(const InputPlace& at) const {
    return edge_ && at.most < 1'000'000'000 ? std::max(at.most * 2, at.most + 1) : at.most;
  }

  long long draw_integer(const InputPlace& at) {
    const long long low = least(at), high = most(at);
    const auto how = below(10);
    if (how == 0) return low;
    if (how == 1) return high;
    if (how < 4 && !at.seen.empty()) return input_integer(at.seen[below(at.seen.size())]).value_or(low);
    if (how == 4) return std::min(high, low + static_cast<long long>(below(3)));
    const auto range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    if (range < few) return low + static_cast<long long>(below(range + 1));
    std::uint64_t width = few;
    while (width < range && below(2) == 0) width = width > range / 10 ? range : width * 10;
    return low + static_cast<long long>(below(std::min(width, range) + 1));
  }

  long long draw_count(std::size_t h) {
    const auto& at = place(shape_.headers()[h]);
    const long long low = std::max(std::min(least(at), most(at)), at.least < 1 ? at.least : 1),
                    high = std::min(most(at), std::max(largest_count, low));
    if (high <= low) return low;
    return low + static_cast<long long>(
                     below(static_cast<std::uint64_t>(std::min(high - low, 5 + static_cast<long long>(below(4)))) + 1));
  }

  std::string draw_word(const InputPlace& at, std::size_t length) {
    std::string word(length, at.letters.empty() ? 'a' : at.letters[below(at.letters.size())]);
    const auto different = at.letters.empty() ? 0 : below(4);  // one in four is a single letter over and over
    const auto some = 1 + below(at.letters.size());
    for (std::size_t i = 0; i < length && different > 0; ++i)
      word[i] = at.letters[different == 1 ? below(std::min<std::size_t>(some, 2)) : below(at.letters.size())];
    return word;
  }

  std::string draw(const InputPlace& at) {
    if (at.kind == Kind::integer) return std::to_string(draw_integer(at));
    if (at.seen.empty()) return {};
    const std::string& known = at.seen[below(at.seen.size())];
    if (at.kind == Kind::word) {
      if (below(3) == 0) return known;
      const std::size_t low = edge_ ? std::min<std::size_t>(at.shortest, 1) : at.shortest;
      return draw_word(at, low + below(std::min<std::size_t>(at.longest - low, 30) + 1));
    }
    std::string text = known;
    for (char& c : text)
      if (c >= '1' && c <= '9' && below(2) == 0) c = static_cast<char>('1' + below(9));
    return text;
  }

  /// One value of the example becomes another: drawn anew, copied from its neighbour, a neighbour of itself, or
  /// exchanged.
  void change_one() {
    std::size_t total = 0;
    for (const auto& block : values_)
      for (const auto& repetition : block)
        for (const auto& line : repetition) total += line.size();
    // Headers are few beside the values they count, and as often what matters.
    if (!shape_.headers().empty() && below(3) == 0) return change_header(below(shape_.headers().size()));
    std::size_t chosen = below(std::max<std::size_t>(total, 1));
    for (std::size_t b = 0; b < values_.size(); ++b)
      for (auto& repetition : values_[b])
        for (std::size_t l = 0; l < repetition.size(); ++l) {
          if (chosen < repetition[l].size())
            return change_token(shape_.blocks()[b].lines[l].place_of(chosen), repetition[l], chosen);
          chosen -= repetition[l].size();
        }
  }

  void change_header(std::size_t h) {
    const auto& header = shape_.headers()[h];
    if (!header.counts) return change_token(place(header), values_[header.block][0][header.line], header.token);
    const long long now = header_value(h), low = place(header).least < 1 ? place(header).least : 1;
    const auto how = below(4);
    set_header(h, how == 0   ? draw_count(h)
                  : how == 1 ? std::max(low, now - 1)
                  : how == 2 ? std::max(low, now / 2)
                             : now + 1);
  }

  void change_token(const InputPlace& at, InputLineValues& line, std::size_t k) {
    std::string& token = line[k];
    if (at.kind == Kind::word && !token.empty() && !at.letters.empty() && below(3) > 0) {
      const auto i = below(token.size());
      if (below(2) == 0)
        token[i] = at.letters[below(at.letters.size())];
      else
        std::swap(token[i], token[below(token.size())]);
      return;
    }
    const auto how = below(5);
    if (how == 0 && k + 1 < line.size())
      std::swap(token, line[k + 1]);
    else if (how == 1 && k > 0)
      token = line[k - 1];
    else if (const auto value = input_integer(token); value && how < 4)
      token = std::to_string(std::clamp(*value + (how == 2 ? 1 : -1), at.least, at.most + 1));
    else
      token = draw(at);
  }

  /// Sizes as the counts say, then order, distinctness and bounds; false when that was not reached.
  bool settle() {
    if (!order_headers()) return false;
    for (std::size_t b = 0; b < values_.size(); ++b) {
      const auto& block = shape_.blocks()[b];
      if (block.times.by == By::header) {
        const auto times = wanted(block.times, {});
        if (!times) return false;
        if (values_[b].size() > *times) values_[b].resize(*times);
        while (values_[b].size() < *times) values_[b].push_back(new_repetition(b));
      }
      for (auto& repetition : values_[b])
        if (!settle_lines(block, repetition)) return false;
      if (block.times.by != By::constant && !settle_columns(block, values_[b])) return false;
    }
    return order_headers(true);
  }

  std::optional<std::size_t> wanted(const InputCount& count, const std::vector<long long>& before) {
    if (count.by == By::constant) return count.value;
    const long long value = count.by == By::block ? (count.value < before.size() ? before[count.value] : -1)
                                                  : header_value(count.value) + count.plus;
    if (value < 0 || value > static_cast<long long>(widest)) return std::nullopt;
    return static_cast<std::size_t>(value);
  }

  std::vector<InputLineValues> new_repetition(std::size_t b) {
    const auto& donor = shape_.examples()[below(shape_.examples().size())][b];
    if (!donor.empty()) return donor[below(donor.size())];
    std::vector<InputLineValues> lines(shape_.blocks()[b].lines.size());
    for (std::size_t l = 0; l < lines.size(); ++l)
      if (const auto& line = shape_.blocks()[b].lines[l]; line.width.by == By::constant)
        for (std::size_t k = 0; k < line.width.value; ++k) lines[l].push_back(draw(line.place_of(k)));
    return lines;
  }

  bool settle_lines(const InputBlock& block, std::vector<InputLineValues>& repetition) {
    std::vector<long long> before;
    for (std::size_t l = 0; l < repetition.size(); ++l) {
      const auto& line = block.lines[l];
      auto& tokens = repetition[l];
      if (line.width.by == By::leading) {
        if (tokens.empty()) return false;
        const auto count = std::min<std::size_t>(tokens.size() - 1, widest);
        tokens[0] = std::to_string(count);
      } else if (line.width.by != By::unexplained) {
        const auto width = wanted(line.width, before);
        if (!width) return false;
        if (tokens.size() > *width) tokens.resize(*width);
        while (tokens.size() < *width) tokens.push_back(draw(line.place_of(tokens.size())));
      }
      for (std::size_t k = 0; k < tokens.size(); ++k)
        if (!settle_length(line.place_of(k), tokens[k])) return false;
      if (!order_tokens(line, tokens)) return false;
      if (line.width.by == By::constant)
        for (const auto& token : tokens) before.push_back(input_integer(token).value_or(-1));
      else if (!settle_sequence(line.places.back(), tokens, line.width.by == By::leading ? 1 : 0))
        return false;
    }
    return true;
  }

  bool settle_length(const InputPlace& at, std::string& token) {
    if (at.kind != Kind::word || at.length.by == By::unexplained) return true;
    const auto length = wanted(at.length, {});
    if (!length || at.letters.empty()) return false;
    if (token.size() > *length) token.resize(*length);
    while (token.size() < *length) token += at.letters[below(at.letters.size())];
    return true;
  }

  bool order_tokens(const InputLine& line, InputLineValues& tokens) {
    for (int round = 0; round < 4; ++round) {
      bool fine = true;
      for (const auto& order : line.orders) {
        const auto lower = input_integer(tokens[order.lower]), upper = input_integer(tokens[order.upper]);
        if (!lower || !upper || *lower + order.gap <= *upper) continue;
        fine = false;
        tokens[order.upper] = std::to_string(*lower + order.gap);
      }
      if (fine) return true;
    }
    return false;
  }

  bool order_headers(bool only_look = false) {
    for (int round = 0; round < 5; ++round) {
      bool fine = true;
      for (const auto& order : shape_.orders()) {
        const long long lower = header_value(order.lower), upper = header_value(order.upper);
        if (lower + order.gap <= upper) continue;
        fine = false;
        if (only_look) return false;
        // The count stays, if one of them is a count.
        if (shape_.headers()[order.upper].counts && !shape_.headers()[order.lower].counts)
          set_header(order.lower, upper - order.gap);
        else
          set_header(order.upper, lower + order.gap);
      }
      if (fine) return true;
    }
    return false;
  }

  /// Values of one place in order of appearance get back what the examples have in common.
  bool settle_integers(const InputPlace& at, std::vector<long long>& values) {
    const long long bound = at.bound ? header_value(*at.bound) : 0;
    if (at.bound && bound < std::min<long long>(at.least, 1)) return false;
    for (auto& value : values)
      if (at.bound && value > bound)
        value = at.least <= bound
                    ? at.least + static_cast<long long>(below(static_cast<std::uint64_t>(bound - at.least) + 1))
                    : bound;
    if (at.distinct && !separate(at, bound, values)) return false;
    if (at.ascending) std::sort(values.begin(), values.end());
    return true;
  }

  bool separate(const InputPlace& at, long long bound, std::vector<long long>& values) {
    const long long low = std::min<long long>(at.least, at.bound ? 1 : at.least),
                    high = at.bound ? bound : std::max(at.most, low + static_cast<long long>(values.size()) * 2);
    if (static_cast<long long>(values.size()) > high - low + 1) return false;
    std::set<long long> taken;
    for (auto& value : values) {
      for (int attempt = 0; attempt < attempts && taken.contains(value); ++attempt)
        value = low + static_cast<long long>(below(static_cast<std::uint64_t>(high - low) + 1));
      while (taken.contains(value)) value = value >= high ? low : value + 1;
      taken.insert(value);
    }
    return true;
  }

  bool settle_sequence(const InputPlace& at, InputLineValues& tokens, std::size_t from) {
    if (at.kind != Kind::integer || (!at.ascending && !at.distinct && !at.bound)) return true;
    std::vector<long long> values;
    for (std::size_t k = from; k < tokens.size(); ++k) values.push_back(input_integer(tokens[k]).value_or(at.least));
    if (!settle_integers(at, values)) return false;
    for (std::size_t k = from; k < tokens.size(); ++k) tokens[k] = std::to_string(values[k - from]);
    return true;
  }

  /// The same for the columns of a repeated block; whole rows are sorted, by the first column that ascends.
  bool settle_columns(const InputBlock& block, std::vector<std::vector<InputLineValues>>& rows) {
    for (std::size_t l = 0; l < block.lines.size(); ++l) {
      const auto& line = block.lines[l];
      for (std::size_t k = 0; line.width.by == By::constant && k < line.width.value; ++k) {
        InputPlace at = line.places[k];
        if (at.kind != Kind::integer || (!at.ascending && !at.distinct && !at.bound)) continue;
        const bool ascending = std::exchange(at.ascending, false);
        std::vector<long long> values;
        for (const auto& row : rows) values.push_back(input_integer(row[l][k]).value_or(at.least));
        if (!settle_integers(at, values)) return false;
        for (std::size_t r = 0; r < rows.size(); ++r) rows[r][l][k] = std::to_string(values[r]);
        if (ascending)
          std::stable_sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
            return input_integer(a[l][k]).value_or(0) < input_integer(b[l][k]).value_or(0);
          });
      }
      for (auto& row : rows)
        if (!order_tokens(line, row[l])) return false;
    }
    return true;
  }

  static std::string text_of(const InputValues& values) {
    std::string text;
    for (const auto& block : values)
      for (const auto& repetition : block)
        for (const auto& line : repetition) {
          for (std::size_t k = 0; k < line.size(); ++k) text += (k > 0 ? " " : "") + line[k];
          text += '\n';
        }
    return text;
  }

  const InputShape& shape_;
  std::uint64_t state_;
  bool edge_ = false;
  InputValues values_;
};

}  // namespace

std::optional<std::string> InputShape::near(std::size_t which, std::uint64_t seed) const {
  if (which >= examples_.size()) return std::nullopt;
  return Sampler(*this, seed).near(which);
}

std::optional<std::string> InputShape::fresh(std::uint64_t seed, bool edge) const {
  return Sampler(*this, seed).fresh(edge);
}

}  // namespace autodev::apply
