// SPDX-License-Identifier: MIT OR Apache-2.0
//
// JSON object -> features. Members are visited with a list of open places, not by recursion.
#include "vote/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <utility>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"

namespace autodev::vote {
namespace {

using base::Json;

constexpr std::size_t max_categories = 16;
constexpr std::size_t max_measures = 24;
/// Words beyond this tell little more about which case is alike, and fill the sketch.
constexpr std::size_t max_words = 40;
/// A string up to this long and of at most three words is a name, not a text.
constexpr std::size_t longest_category = 40;
constexpr std::size_t most_words_of_category = 3;

double scaled(double value) { return std::copysign(std::log1p(std::abs(value)), value); }

class Reader {
 public:
  Result<Context> read(const Json& root) {
    std::vector<std::pair<std::string, const Json*>> open = {{"", &root}};
    while (!open.empty()) {
      auto [name, value] = std::move(open.back());
      open.pop_back();
      if (++members_ > max_context_members)
        return fail(ErrorCode::usage, fmt::format("the context has more than {} members", max_context_members),
                    "name only what the decision depends on");
      if (value->is_object()) {
        for (const auto& [key, inner] : value->items()) open.emplace_back(name.empty() ? key : name + "." + key, &inner);
      } else if (value->is_array()) {
        for (const Json& inner : *value) open.emplace_back(name, &inner);
      } else if (auto problem = take(name, *value); !problem) {
        return tl::make_unexpected(std::move(problem).error());
      }
    }
    return finish();
  }

 private:
  Result<void> take(const std::string& name, const Json& value) {
    if (value.is_boolean()) return category(name, value.get<bool>() ? "true" : "false"), Result<void>();
    if (value.is_string()) return text(name, value.get_ref<const std::string&>()), Result<void>();
    if (!value.is_number()) return {};  // null: not known
    const double number = value.get<double>();
    if (!std::isfinite(number)) return fail(ErrorCode::usage, fmt::format("context member '{}' is not a finite number", name));
    measure(name, scaled(number));
    magnitude(name, number);
    return {};
  }

  void bit(std::uint64_t hash) {
    const std::uint64_t place = base::mix64(0x5e7c4, hash) & 255;
    context_.sketch[place >> 6] |= std::uint64_t{1} << (place & 63);
  }

  void category(const std::string& name, std::string_view value) {
    const std::string whole = name + "=" + std::string(value);
    const std::uint64_t hash = base::hash64(whole);
    bit(hash);
    context_.categories.push_back({hash, std::string(base::clip_utf8(whole, 80))});
  }

  void measure(const std::string& name, double value) { context_.measures.push_back({base::hash64(name), value}); }

  /// Numbers are alike when they are of one magnitude.
  void magnitude(const std::string& name, double number) {
    bit(base::hash64(fmt::format("{}#{}", name, std::lround(2 * scaled(number)))));
  }

  void text(const std::string& name, const std::string& value) {
    const auto spaces = std::count(value.begin(), value.end(), ' ');
    if (value.size() <= longest_category && static_cast<std::size_t>(spaces) < most_words_of_category)
      return category(name, value);
    surface(name, value);
  }

  /// The surface of a text: what can be counted without knowing its language.
  void surface(const std::string& name, const std::string& value) {
    std::size_t figures = 0, upper = 0, marks = 0, commas = 0, letters = 0, ends = 0, lines = 0;
    double largest = 0, current = 0;
    bool in_figure = false;
    for (const char raw : value) {
      const auto c = static_cast<unsigned char>(raw);
      if (std::isdigit(c) != 0) {
        figures += in_figure ? 0 : 1;
        current = std::min(1e15, (in_figure ? current : 0) * 10 + (c - '0'));
        largest = std::max(largest, current);
        in_figure = true;
        continue;
      }
      in_figure = in_figure && c == ',';
      upper += std::isupper(c) != 0 ? 1 : 0;
      letters += std::isalpha(c) != 0 ? 1 : 0;
      commas += c == ',' ? 1 : 0;
      ends += c == '.' || c == '?' || c == '!' ? 1 : 0;
      lines += c == '\n' ? 1 : 0;
      marks += std::ispunct(c) != 0 ? 1 : 0;
    }
    std::vector<std::uint64_t> words;
    std::size_t count = 0;
    const std::string lower = base::to_lower_ascii(value);
    for (std::size_t i = 0; i < lower.size();) {
      const auto word_end = [&](std::size_t from) {
        while (from < lower.size() && (std::isalpha(static_cast<unsigned char>(lower[from])) != 0)) ++from;
        return from;
      };
      const std::size_t end = word_end(i);
      if (end > i) {
        ++count;
        words.push_back(base::hash64(std::string_view(lower).substr(i, end - i)));
      }
      i = std::max(end, i + 1);
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    const auto number = [](std::size_t n) { return static_cast<double>(n); };
    const double per_word = 1.0 / std::max(1.0, number(count));
    measure(name + ".length", scaled(number(value.size())));
    measure(name + ".words", scaled(number(count)));
    measure(name + ".distinct", scaled(number(words.size())));
    measure(name + ".repetition", number(words.size()) * per_word);
    measure(name + ".word_length", number(letters) * per_word);
    measure(name + ".figures", scaled(number(figures)));
    measure(name + ".largest", scaled(largest));
    measure(name + ".commas", scaled(number(commas)));
    measure(name + ".marks", scaled(number(marks)));
    measure(name + ".sentences", scaled(number(ends)));
    measure(name + ".sentence_length", scaled(number(count) / std::max(1.0, number(ends))));
    measure(name + ".upper", number(upper) / std::max(1.0, number(value.size())));
    measure(name + ".lines", scaled(number(lines)));
    magnitude(name + ".length", number(value.size()));
    for (std::size_t i = 0; i < std::min(words.size(), max_words); ++i) bit(words[i]);
  }

  Context finish() {
    auto& categories = context_.categories;
    std::sort(categories.begin(), categories.end(), [](const Category& a, const Category& b) { return a.hash < b.hash; });
    categories.erase(std::unique(categories.begin(), categories.end()), categories.end());
    if (categories.size() > max_categories) categories.resize(max_categories);
    auto& measures = context_.measures;
    std::sort(measures.begin(), measures.end(), [](const Measure& a, const Measure& b) {
      return a.name != b.name ? a.name < b.name : a.value < b.value;
    });
    const auto same = [](const Measure& a, const Measure& b) { return a.name == b.name; };
    measures.erase(std::unique(measures.begin(), measures.end(), same), measures.end());
    if (measures.size() > max_measures) measures.resize(max_measures);
    for (const Category& one : categories) context_.key = base::mix64(context_.key, one.hash);
    return std::move(context_);
  }

  Context context_;
  std::size_t members_ = 0;
};

}  // namespace

Result<Context> read_context(std::string_view json) {
  if (json.empty()) return Context{};
  auto parsed = base::parse_json(json, "context", {max_context_bytes, max_context_depth});
  if (!parsed) return fail(ErrorCode::usage, parsed.error().message, "a context is one JSON object, e.g. {\"language\": \"python\"}");
  if (!parsed->is_object())
    return fail(ErrorCode::usage, "the context is not a JSON object", "e.g. {\"language\": \"python\", \"files\": 3}");
  return Reader().read(*parsed);
}

double similarity(const Sketch& a, const Sketch& b) noexcept {
  int both = 0;
  int either = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += std::popcount(a[i] & b[i]);
    either += std::popcount(a[i] | b[i]);
  }
  return either == 0 ? 1.0 : static_cast<double>(both) / either;
}

}  // namespace autodev::vote
