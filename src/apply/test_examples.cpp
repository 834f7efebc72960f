// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/test_examples.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "apply/code_tokens.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t most_examples = 32;
constexpr std::size_t most_items = 64;     // of a list
constexpr std::size_t longest_prefix = 16;  // tokens in front of a literal: std::vector<int>, &vec!, []float64, String::from

class Reader {
 public:
  Reader(std::string_view tests, Language language, std::string_view entry)
      : tests_(tests), language_(language), entry_(entry), tokens_(tokens_of(tests, language)) {
    std::erase_if(tokens_, [](const CodeToken& token) { return token.kind == CodeTokenKind::comment; });
  }

  std::vector<TestExample> read() {
    std::vector<TestExample> examples;
    for (std::size_t i = 0; i + 1 < tokens_.size() && examples.size() < most_examples; ++i)
      if (tokens_[i].kind == CodeTokenKind::identifier && text(i) == entry_ && is(i + 1, "("))
        if (auto example = example_at(i)) examples.push_back(std::move(*example));
    return examples;
  }

 private:
  [[nodiscard]] std::string_view text(std::size_t i) const { return i < tokens_.size() ? text_of(tests_, tokens_[i]) : std::string_view(); }
  [[nodiscard]] bool is(std::size_t i, std::string_view sign) const { return text(i) == sign; }

  std::optional<TestExample> example_at(std::size_t call) {
    TestExample example;
    std::size_t at = call + 2;
    while (!is(at, ")")) {
      auto value = literal(at);
      if (!value || (!is(at, ",") && !is(at, ")"))) return std::nullopt;
      example.arguments.push_back(std::move(*value));
      if (is(at, ",")) ++at;
    }
    auto result = result_of(call, at + 1);
    if (!result) return std::nullopt;
    example.result = std::move(*result);
    return example;
  }

  /// What the call at `call`, closed before `at`, is compared with.
  std::optional<TypedValue> result_of(std::size_t call, std::size_t at) {
    if (is(at, ";") && at + 1 < tokens_.size() && tokens_[at + 1].kind == CodeTokenKind::identifier) at += 2;  // if got := f(2); got != 4
    if ((is(at, "=") || is(at, "!")) && is(at + 1, "=")) {
      at += is(at + 2, "=") ? 3 : 2;
      return ended(at);
    }
    if (is(at, ",") && call > 0 && is(call - 1, "(")) return ended(++at);
    if (is(at, "-") && call > 0 && is(call - 1, "(")) {  // std::fabs(f(2) - 0.5) < 1e-9
      auto value = literal(++at);
      return value && is(at, ")") ? value : std::nullopt;
    }
    return is(at, ")") ? truth_of(call) : std::nullopt;
  }

  /// A literal that is not part of a larger expression.
  std::optional<TypedValue> ended(std::size_t at) {
    auto value = literal(at);
    static constexpr std::string_view ends[] = {")", ",", ";", "{", "&", "|", "?", ""};
    return value && std::find(std::begin(ends), std::end(ends), text(at)) != std::end(ends) ? value : std::nullopt;
  }

  /// `assert(f(1))` wants true and `assert(!f(1))` false; what `if (f(1))` wants is not said.
  std::optional<TypedValue> truth_of(std::size_t call) const {
    const bool negated = call > 0 && is(call - 1, "!");
    const std::size_t open = call - (negated ? 2 : 1);
    if (call < (negated ? 3u : 2u) || !is(open, "(")) return std::nullopt;
    const std::size_t name = is(open - 1, "!") && open >= 2 ? open - 2 : open - 1;  // assert!(
    const auto said = base::to_lower_ascii(text(name));
    const bool asserts = said.find("assert") != std::string::npos || said.find("check") != std::string::npos || said.find("expect_true") != std::string::npos;
    return asserts ? std::optional<TypedValue>(!negated) : std::nullopt;
  }

  std::optional<TypedValue> literal(std::size_t& at) {
    std::size_t steps = 0;
    while (steps++ < longest_prefix && at < tokens_.size()) {
      const auto& token = tokens_[at];
      const auto said = text(at);
      if (token.kind == CodeTokenKind::number || (said == "-" && at + 1 < tokens_.size() && tokens_[at + 1].kind == CodeTokenKind::number)) return number(at);
      if (token.kind == CodeTokenKind::string) return words(at);
      if (said == "true" || said == "false") return ++at, TypedValue(said == "true");
      if (said == "[" && is(at + 1, "]")) {  // Go's []int{1, 2}; elsewhere the empty list
        if (language_ != Language::go) return at += 2, TypedValue(std::vector<double>{});
        at += 2;
      } else if (said == "[" || said == "{") {
        return list(at);
      } else if (said == "(" && steps > 1) {  // String::from("a")
        auto value = literal_inside(++at);
        return value;
      } else if (token.kind == CodeTokenKind::identifier || said == ":" || said == "<" || said == ">" || said == "&" || said == "!") {
        ++at;
      } else {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  std::optional<TypedValue> literal_inside(std::size_t& at) {
    if (at >= tokens_.size() || tokens_[at].kind != CodeTokenKind::string) return std::nullopt;
    auto value = words(at);
    if (!is(at, ")")) return std::nullopt;
    ++at;
    return value;
  }

  std::optional<TypedValue> number(std::size_t& at) {
    const bool negative = is(at, "-");
    if (negative) ++at;
    std::string digits(text(at++));
    std::erase(digits, '_');
    if (digits.starts_with("0x") || digits.starts_with("0b") || (digits.size() > 1 && digits[0] == '0' && digits[1] != '.')) return std::nullopt;
    char* end = nullptr;
    const double real = std::strtod(digits.c_str(), &end);
    const bool whole = digits.find_first_of(".eE") == std::string::npos;
    if (end == digits.c_str() || !(real < 1e15)) return std::nullopt;
    if (!whole || language_ == Language::javascript || language_ == Language::typescript) return TypedValue(negative ? -real : real);
    const auto integer = static_cast<std::int64_t>(real);
    return TypedValue(negative ? -integer : integer);
  }

  std::optional<TypedValue> words(std::size_t& at) {
    const auto said = string_contents(text(at));
    const bool character = text(at).starts_with('\'') && language_ != Language::javascript && language_ != Language::typescript;
    if (character || said.find('\\') != std::string_view::npos || said.size() > 200) return std::nullopt;
    ++at;
    if (is(at, ".") && (is(at + 1, "to_string") || is(at + 1, "into") || is(at + 1, "to_owned")) && is(at + 2, "(") && is(at + 3, ")")) at += 4;
    return TypedValue(std::string(said));
  }

  /// Numbers alone.
  std::optional<TypedValue> list(std::size_t& at) {
    const std::string_view close = is(at, "[") ? "]" : "}";
    std::vector<double> reals;
    bool whole = true;
    for (++at; !is(at, close);) {
      if (at >= tokens_.size() || reals.size() >= most_items || (!is(at, "-") && tokens_[at].kind != CodeTokenKind::number)) return std::nullopt;
      if (is(at, "-") && (at + 1 >= tokens_.size() || tokens_[at + 1].kind != CodeTokenKind::number)) return std::nullopt;
      const auto item = number(at);
      if (!item || (!is(at, ",") && !is(at, close))) return std::nullopt;
      whole = whole && std::holds_alternative<std::int64_t>(*item);
      reals.push_back(whole ? static_cast<double>(std::get<std::int64_t>(*item))
                            : std::holds_alternative<double>(*item) ? std::get<double>(*item) : static_cast<double>(std::get<std::int64_t>(*item)));
      if (is(at, ",")) ++at;
    }
    ++at;
    if (!whole || reals.empty()) return TypedValue(std::move(reals));
    return TypedValue(std::vector<std::int64_t>(reals.begin(), reals.end()));
  }

  std::string_view tests_;
  Language language_;
  std::string_view entry_;
  std::vector<CodeToken> tokens_;
};

}  // namespace

std::vector<TestExample> examples_of(std::string_view tests, Language language, std::string_view entry) {
  if (entry.empty()) return {};
  return Reader(tests, language, entry).read();
}

}  // namespace autodev::apply
