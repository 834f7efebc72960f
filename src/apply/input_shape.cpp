// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Finding the shape: a depth-first search over blocks, the same for all inputs at once, with the fewest unexplained
// counts; then what the values of each place have in common.
#include "apply/input_shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "base/text.h"

namespace autodev::apply {

namespace {

constexpr std::size_t max_bytes = 4'000, max_lines = 400, max_inputs = 8;
constexpr std::size_t max_blocks = 12, max_steps = 4'000, max_headers = 24;
constexpr std::size_t max_work = 100'000;  ///< lines looked at in one search: hostile inputs end here
constexpr std::size_t widest_header = 10;
constexpr std::size_t max_seen = 64;
constexpr std::size_t enough_pairs = 3;     ///< neighbours that must be in order before the order is believed
constexpr std::size_t enough_distinct = 5;  ///< values that must differ before that is believed

using Tokens = std::vector<std::string_view>;

Tokens tokens_of_line(std::string_view line) {
  Tokens tokens;
  for (std::size_t i = 0; i < line.size();) {
    while (i < line.size() && (line[i] == ' ' || line[i] == '\t' || line[i] == '\r')) ++i;
    const std::size_t start = i;
    while (i < line.size() && line[i] != ' ' && line[i] != '\t' && line[i] != '\r') ++i;
    if (i > start) tokens.push_back(line.substr(start, i - start));
  }
  return tokens;
}

bool decimal(std::string_view token) {
  std::size_t digits = 0, dots = 0;
  for (std::size_t i = token.starts_with('-') ? 1 : 0; i < token.size(); ++i) {
    digits += token[i] >= '0' && token[i] <= '9';
    dots += token[i] == '.';
  }
  return digits > 0 && dots <= 1 && digits + dots + (token.starts_with('-') ? 1 : 0) == token.size() &&
         token.size() < 18;
}

/// A line of one input with the integers that stood before it in its repetition of the block.
struct Instance {
  std::size_t input = 0;
  const Tokens* tokens = nullptr;
  std::vector<long long> before;
};

}  // namespace

std::optional<long long> input_integer(std::string_view token) {
  const bool negative = token.starts_with('-');
  const auto digits = token.substr(negative ? 1 : 0);
  if (digits.empty() || digits.size() > 18 || (digits.size() > 1 && digits[0] == '0') || (negative && digits == "0"))
    return std::nullopt;
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  long long value = 0;
  std::from_chars(token.data(), token.data() + token.size(), value);
  return value;
}

const InputPlace& InputLine::place_of(std::size_t token) const {
  if (width.by == InputCount::By::constant) return places[token];
  return places[width.by == InputCount::By::leading && token > 0 ? 1 : 0];
}
InputPlace& InputLine::place_of(std::size_t token) {
  return const_cast<InputPlace&>(std::as_const(*this).place_of(token));
}

class ShapeInference {
 public:
  std::optional<InputShape> run(const std::vector<std::string_view>& inputs) {
    if (inputs.empty()) return std::nullopt;
    for (const auto text : inputs) {
      if (lines_.size() == max_inputs) break;
      if (text.size() > max_bytes) return std::nullopt;
      std::vector<Tokens> lines;
      for (const auto line : base::split(text, '\n')) lines.push_back(tokens_of_line(line));
      while (!lines.empty() && lines.back().empty()) lines.pop_back();
      if (lines.empty() || lines.size() > max_lines) return std::nullopt;
      lines_.push_back(std::move(lines));
    }
    for (int unexplained = 0; unexplained < 2; ++unexplained) {
      steps_ = work_ = 0;
      if (!match(std::vector<std::size_t>(lines_.size(), 0), unexplained)) continue;
      finish();
      return std::move(shape_);
    }
    return std::nullopt;
  }

 private:
  using By = InputCount::By;

  bool match(const std::vector<std::size_t>& at, int unexplained) {
    bool all = true, any = false;
    for (std::size_t t = 0; t < at.size(); ++t) (at[t] == lines_[t].size() ? any : all) = at[t] == lines_[t].size();
    if (all) return true;
    if (shape_.blocks_.size() >= max_blocks || ++steps_ > max_steps) return false;
    for (std::size_t v = values_.size(); v-- > 0;)
      for (const int plus : {0, -1, 1})
        for (std::size_t lines = 1; lines <= 3; ++lines)
          if (counted(at, {By::header, v, plus}, lines, unexplained)) return true;
    if (!any && counted(at, {By::constant, 1, 0}, 1, unexplained)) return true;
    return unexplained > 0 && !any && counted(at, {By::unexplained, 0, 0}, 1, unexplained - 1);
  }

  /// Tries a block of `lines` lines that comes `times`, and everything behind it.
  bool counted(const std::vector<std::size_t>& at, const InputCount& times, std::size_t lines, int unexplained) {
    std::vector<std::size_t> next = at, repeats(at.size(), 1);
    std::size_t most = 0;
    for (std::size_t t = 0; t < at.size(); ++t) {
      const std::size_t rest = lines_[t].size() - at[t];
      if (times.by == By::unexplained) repeats[t] = rest;
      if (times.by == By::header) {
        const long long wanted = values_[times.value][t] + times.plus;
        if (wanted < 0 || wanted > static_cast<long long>(rest / lines)) return false;
        repeats[t] = static_cast<std::size_t>(wanted);
      }
      if (repeats[t] * lines > rest) return false;
      most = std::max(most, repeats[t]);
      work_ += repeats[t] * lines;
      next[t] += repeats[t] * lines;
    }
    if ((times.by != By::constant && most < 2) || work_ > max_work) return false;
    InputBlock block{times, {}};
    for (std::size_t j = 0; j < lines; ++j) {
      const auto width = width_of(instances(at, repeats, lines, j, block), block, unexplained);
      if (!width) return false;
      block.lines.push_back({*width, {}, {}});
    }
    const std::size_t values = values_.size();
    shape_.blocks_.push_back(std::move(block));
    if (times.by == By::constant) add_headers(at);
    if (match(next, unexplained)) return true;
    shape_.blocks_.pop_back();
    values_.resize(values);
    shape_.headers_.resize(values);
    return false;
  }

  std::vector<Instance> instances(const std::vector<std::size_t>& at, const std::vector<std::size_t>& repeats,
                                  std::size_t lines, std::size_t j, const InputBlock& block) const {
    std::vector<Instance> all;
    for (std::size_t t = 0; t < at.size(); ++t)
      for (std::size_t r = 0; r < repeats[t]; ++r) {
        Instance one{t, &lines_[t][at[t] + r * lines + j], {}};
        for (std::size_t k = 0; k < j; ++k)
          if (block.lines[k].width.by == By::constant)
            for (const auto token : lines_[t][at[t] + r * lines + k])
              one.before.push_back(input_integer(token).value_or(-1));
        all.push_back(std::move(one));
      }
    return all;
  }

  bool equals_header(const std::vector<Instance>& all, std::size_t v, int plus) const {
    return std::all_of(all.begin(), all.end(), [&](const Instance& i) {
      return static_cast<long long>(i.tokens->size()) == values_[v][i.input] + plus;
    });
  }

  /// How many tokens the line has, explained by what is simplest; with `unexplained` left, that is an answer too.
  std::optional<InputCount> width_of(const std::vector<Instance>& all, const InputBlock& block,
                                     int& unexplained) const {
    const std::size_t first = all.front().tokens->size();
    const bool constant =
        std::all_of(all.begin(), all.end(), [&](const Instance& i) { return i.tokens->size() == first; });
    if (!constant || first > 1)
      for (std::size_t v = values_.size(); v-- > 0;)
        if (equals_header(all, v, 0)) return InputCount{By::header, v, 0};
    if (constant) return InputCount{By::constant, first, 0};
    if (!block.lines.empty())
      for (std::size_t b = 0; b < all.front().before.size(); ++b)
        if (std::all_of(all.begin(), all.end(),
                        [&](const Instance& i) { return static_cast<long long>(i.tokens->size()) == i.before[b]; }))
          return InputCount{By::block, b, 0};
    if (std::all_of(all.begin(), all.end(), [](const Instance& i) {
          return !i.tokens->empty() && input_integer((*i.tokens)[0]) == static_cast<long long>(i.tokens->size()) - 1;
        }))
      return InputCount{By::leading, 0, 0};
    for (std::size_t v = values_.size(); v-- > 0;)
      for (const int plus : {-1, 1})
        if (equals_header(all, v, plus)) return InputCount{By::header, v, plus};
    if (unexplained == 0) return std::nullopt;
    --unexplained;
    return InputCount{By::unexplained, 0, 0};
  }

  void add_headers(const std::vector<std::size_t>& at) {
    const std::size_t block = shape_.blocks_.size() - 1;
    const auto& width = shape_.blocks_[block].lines[0].width;
    if (width.by != By::constant || width.value > widest_header) return;
    for (std::size_t token = 0; token < width.value && values_.size() < max_headers; ++token) {
      std::vector<long long> values;
      for (std::size_t t = 0; t < at.size(); ++t)
        if (const auto value = input_integer(lines_[t][at[t]][token])) values.push_back(*value);
      if (values.size() != at.size()) continue;
      values_.push_back(std::move(values));
      shape_.headers_.push_back({block, 0, token, false});
    }
  }

  void finish() {
    read_examples();
    for (auto& block : shape_.blocks_) {
      mark(block.times);
      for (auto& line : block.lines) mark(line.width);
    }
    for (std::size_t b = 0; b < shape_.blocks_.size(); ++b)
      for (std::size_t l = 0; l < shape_.blocks_[b].lines.size(); ++l) describe_line(b, l);
    if (lines_.size() < 2) return;
    for (std::size_t i = 0; i < values_.size(); ++i)
      for (std::size_t j = 0; j < values_.size(); ++j) {
        long long gap = 1;
        for (std::size_t t = 0; t < lines_.size() && i != j; ++t) gap = std::min(gap, values_[j][t] - values_[i][t]);
        if (i != j && gap >= 0) shape_.orders_.push_back({i, j, gap});
      }
  }

  void mark(const InputCount& count) {
    if (count.by == By::header) shape_.headers_[count.value].counts = true;
  }

  void read_examples() {
    for (std::size_t t = 0; t < lines_.size(); ++t) {
      InputValues values;
      std::size_t at = 0;
      for (const auto& block : shape_.blocks_) {
        std::size_t repeats = 1;
        if (block.times.by == By::header)
          repeats = static_cast<std::size_t>(values_[block.times.value][t] + block.times.plus);
        if (block.times.by == By::unexplained) repeats = lines_[t].size() - at;
        values.emplace_back();
        for (std::size_t r = 0; r < repeats; ++r) {
          values.back().emplace_back();
          for (std::size_t j = 0; j < block.lines.size(); ++j, ++at)
            values.back().back().emplace_back(lines_[t][at].begin(), lines_[t][at].end());
        }
      }
      shape_.examples_.push_back(std::move(values));
    }
  }

  void describe_line(std::size_t b, std::size_t l) {
    auto& line = shape_.blocks_[b].lines[l];
    line.places.resize(line.width.by == By::constant ? line.width.value : line.width.by == By::leading ? 2 : 1);
    for (std::size_t p = 0; p < line.places.size(); ++p) {
      std::vector<std::pair<std::size_t, std::string_view>> tokens;  // input, token
      std::vector<std::size_t> starts;  // of sequences: a line's tokens, or a column of a block
      for (std::size_t t = 0; t < lines_.size(); ++t)
        for (std::size_t r = 0; r < shape_.examples_[t][b].size(); ++r) {
          const auto& values = shape_.examples_[t][b][r][l];
          if (line.width.by != By::constant || r == 0) starts.push_back(tokens.size());
          for (std::size_t k = 0; k < values.size(); ++k)
            if (&line.place_of(k) == &line.places[p]) tokens.emplace_back(t, values[k]);
        }
      describe_place(line.places[p], tokens, starts);
    }
    if (line.width.by == By::constant && shape_.blocks_[b].times.by != By::constant) order_line(b, l);
  }

  /// Which tokens of a row are never above which other ones.
  void order_line(std::size_t b, std::size_t l) {
    auto& line = shape_.blocks_[b].lines[l];
    for (std::size_t i = 0; i < line.width.value; ++i)
      for (std::size_t j = 0; j < line.width.value; ++j) {
        if (i == j || line.width.value > widest_header) continue;
        long long gap = 1;
        std::size_t rows = 0;
        for (const auto& example : shape_.examples_)
          for (const auto& repetition : example[b]) {
            const auto lower = input_integer(repetition[l][i]), upper = input_integer(repetition[l][j]);
            gap = lower && upper ? std::min(gap, *upper - *lower) : -1;
            ++rows;
          }
        if (gap >= 0 && rows >= enough_pairs) line.orders.push_back({i, j, gap});
      }
  }

  void describe_place(InputPlace& place, const std::vector<std::pair<std::size_t, std::string_view>>& tokens,
                      const std::vector<std::size_t>& starts) const {
    bool integers = true, decimals = true;
    std::set<char> letters;
    std::set<std::string_view> seen;
    place.shortest = tokens.empty() ? 0 : tokens[0].second.size();
    for (const auto& [input, token] : tokens) {
      integers = integers && input_integer(token).has_value();
      decimals = decimals && decimal(token);
      letters.insert(token.begin(), token.end());
      place.shortest = std::min(place.shortest, token.size());
      place.longest = std::max(place.longest, token.size());
      if (seen.insert(token).second && place.seen.size() < max_seen) place.seen.emplace_back(token);
    }
    place.letters.assign(letters.begin(), letters.end());
    place.length = {By::unexplained, 0, 0};
    for (std::size_t v = values_.size(); v-- > 0 && place.length.by != By::header && place.longest > 2;)
      if (std::all_of(tokens.begin(), tokens.end(), [&](const auto& token) {
            return static_cast<long long>(token.second.size()) == values_[v][token.first];
          }))
        place.length = {By::header, v, 0};
    const bool governed = place.length.by == By::header;
    if (!governed && place.shortest == place.longest && tokens.size() > 2)
      place.length = {By::constant, place.shortest, 0};
    place.kind = integers && !governed   ? InputPlace::Kind::integer
                 : decimals && !governed ? InputPlace::Kind::decimal
                                         : InputPlace::Kind::word;
    if (place.kind == InputPlace::Kind::integer && !tokens.empty()) describe_integers(place, tokens, starts);
  }

  void describe_integers(InputPlace& place, const std::vector<std::pair<std::size_t, std::string_view>>& tokens,
                         const std::vector<std::size_t>& starts) const {
    std::vector<long long> values;
    for (const auto& token : tokens) values.push_back(*input_integer(token.second));
    place.least = *std::min_element(values.begin(), values.end());
    place.most = *std::max_element(values.begin(), values.end());
    std::size_t pairs = 0;
    bool ascending = true, distinct = true;
    for (std::size_t s = 0; s < starts.size(); ++s) {
      const auto begin = values.begin() + static_cast<std::ptrdiff_t>(starts[s]);
      const auto end =
          s + 1 < starts.size() ? values.begin() + static_cast<std::ptrdiff_t>(starts[s + 1]) : values.end();
      if (begin == end) continue;
      pairs += static_cast<std::size_t>(end - begin) - 1;
      ascending = ascending && std::is_sorted(begin, end);
      std::vector<long long> sorted(begin, end);
      std::sort(sorted.begin(), sorted.end());
      distinct = distinct && std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
    }
    place.ascending = ascending && pairs >= enough_pairs;
    place.distinct = distinct && pairs >= enough_distinct;
    if (pairs == 0 || lines_.size() < 2) return;
    for (std::size_t v = values_.size(); v-- > 0 && !place.bound;) {
      bool holds = true, reached = false;
      for (std::size_t k = 0; k < values.size() && holds; ++k) {
        holds = values[k] <= values_[v][tokens[k].first];
        reached = reached || values[k] == values_[v][tokens[k].first];
      }
      if (holds && reached) place.bound = v;
    }
  }

  std::vector<std::vector<Tokens>> lines_;      ///< by input
  std::vector<std::vector<long long>> values_;  ///< of headers, by input
  InputShape shape_;
  std::size_t steps_ = 0, work_ = 0;
};

std::optional<InputShape> InputShape::infer(const std::vector<std::string_view>& inputs) {
  ShapeInference inference;
  return inference.run(inputs);
}

std::string InputShape::describe() const {
  const auto count = [](const InputCount& c) -> std::string {
    switch (c.by) {
      case InputCount::By::constant:
        return fmt::format("{}", c.value);
      case InputCount::By::header:
        return c.plus == 0 ? fmt::format("#{}", c.value) : fmt::format("#{}{:+}", c.value, c.plus);
      case InputCount::By::block:
        return fmt::format("block #{}", c.value);
      case InputCount::By::leading:
        return "1 + first";
      case InputCount::By::unexplained:
        break;
    }
    return "some";
  };
  std::string text;
  for (const auto& block : blocks_) {
    text += text.empty() ? "" : "; ";
    if (block.times != InputCount{InputCount::By::constant, 1, 0}) text += count(block.times) + " times ";
    for (std::size_t l = 0; l < block.lines.size(); ++l) {
      text += (l > 0 ? " / " : "") + count(block.lines[l].width);
      if (block.lines[l].places.empty()) continue;  // a blank line
      const auto& place = block.lines[l].places.back();
      text += place.kind == InputPlace::Kind::integer ? fmt::format(" integer {}..{}", place.least, place.most)
              : place.kind == InputPlace::Kind::word  ? " word"
                                                      : " decimal";
      if (place.kind == InputPlace::Kind::word && place.length.by != InputCount::By::unexplained)
        text += " of length " + count(place.length);
      if (place.ascending) text += " ascending";
      if (place.distinct) text += " distinct";
      if (place.bound) text += fmt::format(" up to #{}", *place.bound);
    }
  }
  return text;
}

}  // namespace autodev::apply
