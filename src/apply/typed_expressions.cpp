// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One table of operations with their text in each language; an empty text is an operation that the language lacks as an expression.
#include "apply/typed_expressions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t largest = 7;           // leaves and operations
constexpr std::size_t longest_text = 160;    // choices repeat their operands
constexpr std::size_t least_truths = 4;      // examples of a yes or no: each is one bit, and two tell next to nothing
constexpr double largest_number = 1e12;      // what grows beyond is no small answer, and int would have overflowed

enum class Kind : std::uint8_t { integer, real, boolean, text, integers, reals };

Kind kind_of(const TypedValue& value) { return static_cast<Kind>(value.index()); }

enum class Step : std::uint8_t { add, subtract, multiply, divide, remainder, least, greatest, absolute, negate, floor, less, at_most, equal, both, either, invert,
                                 length, join, upper, lower, sum, highest, lowest, first, last };

/// `{0}`, `{1}`: operands; `{2}`: the integer type of the result.
struct Operation {
  Step step;
  std::string_view operands;  ///< i, r, b, t, I, R; one letter each, n: both i or both r, l: I or R
  char result;                ///< n: as the operands, e: item of the list
  const char *c, *cpp, *go, *javascript, *rust;
};

constexpr auto operations = std::to_array<Operation>({
    {Step::add, "nn", 'n', "({0} + {1})", "({0} + {1})", "({0} + {1})", "({0} + {1})", "({0} + {1})"},
    {Step::subtract, "nn", 'n', "({0} - {1})", "({0} - {1})", "({0} - {1})", "({0} - {1})", "({0} - {1})"},
    {Step::multiply, "nn", 'n', "({0} * {1})", "({0} * {1})", "({0} * {1})", "({0} * {1})", "({0} * {1})"},
    {Step::divide, "nn", 'n', "({0} / {1})", "({0} / {1})", "({0} / {1})", "({0} / {1})", "({0} / {1})"},
    {Step::remainder, "ii", 'i', "({0} % {1})", "({0} % {1})", "({0} % {1})", "", "({0} % {1})"},
    {Step::remainder, "rr", 'r', "", "", "", "({0} % {1})", "({0} % {1})"},
    {Step::least, "nn", 'n', "({0} < {1} ? {0} : {1})", "({0} < {1} ? {0} : {1})", "min({0}, {1})", "Math.min({0}, {1})", "({0}).min({1})"},
    {Step::greatest, "nn", 'n', "({0} > {1} ? {0} : {1})", "({0} > {1} ? {0} : {1})", "max({0}, {1})", "Math.max({0}, {1})", "({0}).max({1})"},
    {Step::absolute, "n", 'n', "({0} < 0 ? -{0} : {0})", "({0} < 0 ? -{0} : {0})", "max({0}, -{0})", "Math.abs({0})", "({0}).abs()"},
    {Step::negate, "n", 'n', "(-{0})", "(-{0})", "(-{0})", "(-{0})", "(-{0})"},
    {Step::floor, "r", 'r', "", "", "", "Math.floor({0})", "({0}).floor()"},
    {Step::less, "nn", 'b', "({0} < {1})", "({0} < {1})", "({0} < {1})", "({0} < {1})", "({0} < {1})"},
    {Step::at_most, "nn", 'b', "({0} <= {1})", "({0} <= {1})", "({0} <= {1})", "({0} <= {1})", "({0} <= {1})"},
    {Step::equal, "nn", 'b', "({0} == {1})", "({0} == {1})", "({0} == {1})", "({0} === {1})", "({0} == {1})"},
    {Step::equal, "tt", 'b', "", "({0} == {1})", "({0} == {1})", "({0} === {1})", "({0} == {1})"},
    {Step::both, "bb", 'b', "({0} && {1})", "({0} && {1})", "({0} && {1})", "({0} && {1})", "({0} && {1})"},
    {Step::either, "bb", 'b', "({0} || {1})", "({0} || {1})", "({0} || {1})", "({0} || {1})", "({0} || {1})"},
    {Step::invert, "b", 'b', "!{0}", "!{0}", "!{0}", "!{0}", "!{0}"},
    {Step::length, "t", 'i', "", "static_cast<{2}>({0}.size())", "{2}(len({0}))", "", "({0}.len() as {2})"},
    {Step::length, "t", 'r', "", "", "", "{0}.length", ""},
    {Step::join, "tt", 't', "", "({0} + {1})", "({0} + {1})", "({0} + {1})", "format!(\"{{}}{{}}\", {0}, {1})"},
    {Step::upper, "t", 't', "", "", "", "{0}.toUpperCase()", "{0}.to_uppercase()"},
    {Step::lower, "t", 't', "", "", "", "{0}.toLowerCase()", "{0}.to_lowercase()"},
    {Step::length, "l", 'i', "", "static_cast<{2}>({0}.size())", "{2}(len({0}))", "", "({0}.len() as {2})"},
    {Step::length, "R", 'r', "", "", "", "{0}.length", ""},
    {Step::sum, "I", 'i', "", "std::accumulate({0}.begin(), {0}.end(), {2}(0))", "", "", "{0}.iter().sum::<{2}>()"},
    {Step::sum, "R", 'r', "", "std::accumulate({0}.begin(), {0}.end(), 0.0)", "", "{0}.reduce((a, b) => a + b, 0)", "{0}.iter().sum::<f64>()"},
    {Step::highest, "l", 'e', "", "*std::max_element({0}.begin(), {0}.end())", "", "Math.max(...{0})", ""},
    {Step::lowest, "l", 'e', "", "*std::min_element({0}.begin(), {0}.end())", "", "Math.min(...{0})", ""},
    {Step::highest, "I", 'i', "", "", "", "", "*{0}.iter().max().unwrap()"},
    {Step::lowest, "I", 'i', "", "", "", "", "*{0}.iter().min().unwrap()"},
    {Step::first, "l", 'e', "", "{0}.front()", "{0}[0]", "{0}[0]", "{0}[0]"},
    {Step::last, "l", 'e', "", "{0}.back()", "{0}[len({0})-1]", "{0}[{0}.length - 1]", "{0}[{0}.len() - 1]"},
});

const char* text_in(const Operation& operation, Language language) {
  switch (language) {
    case Language::c: return operation.c;
    case Language::cpp: return operation.cpp;
    case Language::go: return operation.go;
    case Language::javascript:
    case Language::typescript: return operation.javascript;
    case Language::rust: return operation.rust;
    default: return "";
  }
}

bool fits(char letter, Kind kind) {
  switch (letter) {
    case 'i': return kind == Kind::integer;
    case 'r': return kind == Kind::real;
    case 'n': return kind == Kind::integer || kind == Kind::real;
    case 'b': return kind == Kind::boolean;
    case 't': return kind == Kind::text;
    case 'I': return kind == Kind::integers;
    case 'R': return kind == Kind::reals;
    case 'l': return kind == Kind::integers || kind == Kind::reals;
    default: return false;
  }
}

std::optional<TypedValue> whole(std::int64_t value) {
  return std::abs(static_cast<double>(value)) > largest_number ? std::nullopt : std::optional<TypedValue>(value);
}

std::optional<TypedValue> product(std::int64_t a, std::int64_t b) {
  return std::abs(static_cast<double>(a) * static_cast<double>(b)) > largest_number ? std::nullopt : whole(a * b);
}

std::optional<TypedValue> of_integers(Step step, std::int64_t a, std::int64_t b) {
  switch (step) {
    case Step::add: return whole(a + b);
    case Step::subtract: return whole(a - b);
    case Step::multiply: return product(a, b);
    case Step::divide: return b == 0 ? std::nullopt : whole(a / b);
    case Step::remainder: return b == 0 ? std::nullopt : whole(a % b);
    case Step::least: return std::min(a, b);
    case Step::greatest: return std::max(a, b);
    case Step::absolute: return std::abs(a);
    case Step::negate: return -a;
    case Step::less: return a < b;
    case Step::at_most: return a <= b;
    case Step::equal: return a == b;
    default: return std::nullopt;
  }
}

std::optional<TypedValue> finite(double value) {
  return std::isfinite(value) && std::abs(value) <= largest_number ? std::optional<TypedValue>(value) : std::nullopt;
}

std::optional<TypedValue> of_reals(Step step, double a, double b) {
  switch (step) {
    case Step::add: return finite(a + b);
    case Step::subtract: return finite(a - b);
    case Step::multiply: return finite(a * b);
    case Step::divide: return finite(a / b);
    case Step::remainder: return finite(std::fmod(a, b));
    case Step::least: return finite(std::min(a, b));
    case Step::greatest: return finite(std::max(a, b));
    case Step::absolute: return finite(std::abs(a));
    case Step::negate: return finite(-a);
    case Step::floor: return finite(std::floor(a));
    case Step::less: return a < b;
    case Step::at_most: return a <= b;
    case Step::equal: return a == b;
    default: return std::nullopt;
  }
}

/// Letters of other alphabets have other rules.
std::optional<TypedValue> in_case(const std::string& text, bool upper) {
  std::string out = text;
  for (char& c : out) {
    if (static_cast<unsigned char>(c) >= 128) return std::nullopt;
    if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return TypedValue(std::move(out));
}

std::optional<TypedValue> of_texts(Step step, const std::string& a, const std::string& b, bool counts_real) {
  switch (step) {
    case Step::length: return counts_real ? TypedValue(static_cast<double>(a.size())) : TypedValue(static_cast<std::int64_t>(a.size()));
    case Step::join: return a.size() + b.size() > 200 ? std::nullopt : std::optional<TypedValue>(a + b);
    case Step::equal: return a == b;
    case Step::upper: return in_case(a, true);
    case Step::lower: return in_case(a, false);
    default: return std::nullopt;
  }
}

template <class Number>
std::optional<TypedValue> of_list(Step step, const std::vector<Number>& list, bool counts_real) {
  if (step == Step::length) return counts_real ? TypedValue(static_cast<double>(list.size())) : TypedValue(static_cast<std::int64_t>(list.size()));
  Number sum = 0;
  for (const Number item : list) sum += item;
  if (step == Step::sum) return TypedValue(sum);
  if (list.empty()) return std::nullopt;
  switch (step) {
    case Step::highest: return TypedValue(*std::max_element(list.begin(), list.end()));
    case Step::lowest: return TypedValue(*std::min_element(list.begin(), list.end()));
    case Step::first: return TypedValue(list.front());
    case Step::last: return TypedValue(list.back());
    default: return std::nullopt;
  }
}

std::optional<TypedValue> evaluate(const Operation& operation, const TypedValue& a, const TypedValue& b) {
  const bool counts_real = operation.result == 'r';
  switch (kind_of(a)) {
    case Kind::integer: return of_integers(operation.step, std::get<std::int64_t>(a), std::get<std::int64_t>(b));
    case Kind::real: return of_reals(operation.step, std::get<double>(a), std::get<double>(b));
    case Kind::text: return of_texts(operation.step, std::get<std::string>(a), std::get<std::string>(b), counts_real);
    case Kind::integers: return of_list(operation.step, std::get<std::vector<std::int64_t>>(a), counts_real);
    case Kind::reals: return of_list(operation.step, std::get<std::vector<double>>(a), counts_real);
    case Kind::boolean: {
      const bool x = std::get<bool>(a), y = std::get<bool>(b);
      if (operation.step == Step::invert) return !x;
      return operation.step == Step::both ? x && y : x || y;
    }
  }
  return std::nullopt;
}

std::string key_of(const std::vector<TypedValue>& values) {
  std::string key;
  for (const auto& value : values) {
    key += static_cast<char>('0' + value.index());
    std::visit([&key](const auto& v) {
      if constexpr (requires { v.size(); typename std::decay_t<decltype(v)>::value_type; }) {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>) key += fmt::format("{}:{}", v.size(), v);
        else for (const auto item : v) key += fmt::format("{:a},", static_cast<double>(item));
      } else {
        key += fmt::format("{},", v);
      }
    }, value);
    key += ';';
  }
  return key;
}

bool equal_results(const TypedValue& a, const TypedValue& b) {
  if (a.index() != b.index()) return false;
  if (const auto* x = std::get_if<double>(&a)) return std::abs(*x - std::get<double>(b)) <= 1e-9 * std::max(1.0, std::abs(*x));
  return a == b;
}

/// What a parameter of this type is; absent where the type is not known here.
std::optional<Kind> kind_of_type(std::string type) {
  type = base::to_lower_ascii(type);
  std::erase(type, '&');
  for (const std::string_view word : {"const", "std::", "'static", "mut"})
    for (auto at = type.find(word); at != std::string::npos; at = type.find(word)) type.erase(at, word.size());
  const auto holds = [&type](std::string_view word) { return type.find(word) != std::string::npos; };
  const bool list = holds("vector<") || holds("vec<") || holds("[");
  if (list && (holds("str") || holds("bool") || holds("vec<vec") || holds("vector<vector") || holds("[]["))) return std::nullopt;
  const bool real = holds("double") || holds("float") || holds("f64") || holds("f32") || holds("number");
  static const std::set<std::string_view> integers{"int", "long", "longlong", "short", "unsigned", "unsignedint", "size_t", "int32_t", "int64_t", "uint32_t",
                                                   "uint64_t", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "usize", "isize", "int32", "int64", "uint"};
  if (list) return real ? Kind::reals : holds("int") || holds("long") || holds("i32") || holds("i64") ? std::optional<Kind>(Kind::integers) : std::nullopt;
  if (type == "bool" || type == "boolean") return Kind::boolean;
  if (type == "string" || type == "str" || type == "string_view") return Kind::text;
  if (integers.contains(type)) return Kind::integer;
  return real ? std::optional<Kind>(Kind::real) : std::nullopt;
}

/// `value` as a `kind`: whole literals may stand for decimals, an empty list for either.
std::optional<TypedValue> as_kind(const TypedValue& value, Kind kind) {
  if (kind_of(value) == kind) return value;
  if (const auto* whole_number = std::get_if<std::int64_t>(&value); whole_number != nullptr && kind == Kind::real) return static_cast<double>(*whole_number);
  if (const auto* list = std::get_if<std::vector<std::int64_t>>(&value); list != nullptr && kind == Kind::reals) return std::vector<double>(list->begin(), list->end());
  if (const auto* list = std::get_if<std::vector<double>>(&value); list != nullptr && list->empty() && kind == Kind::integers) return std::vector<std::int64_t>{};
  return std::nullopt;
}

struct Expression {
  std::string text;
  std::vector<TypedValue> values;  ///< by example
  bool uses_parameter = false;
};

class Enumeration {
 public:
  Enumeration(const ExpressionTask& task, std::size_t limit, std::size_t evaluations)
      : task_(task), limit_(limit), evaluations_(evaluations) {}

  ExpressionSearch run() {
    if (task_.examples.size() < 2 || !has_expressions(task_.language) || task_.shape.parameters.empty() || !leaves()) return std::move(search_);
    for (std::size_t size = 2; size <= largest && !over(); ++size)
      for (const Operation& operation : operations) {
        const std::string_view text = text_in(operation, task_.language);
        if (text.empty()) continue;
        if (operation.operands.size() == 1) of_one(operation, text, size);
        else of_two(operation, text, size);
        if (over()) break;
      }
    search_.distinct = seen_.size();
    return std::move(search_);
  }

 private:
  [[nodiscard]] bool over() const { return search_.evaluated >= evaluations_ || search_.found.size() >= limit_; }

  /// Parameters and constants; false where an example does not fit the signature.
  bool leaves() {
    const auto& parameters = task_.shape.parameters;
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      if (parameters[p].variadic) return false;
      const auto kind = parameters[p].type.empty() ? std::optional<Kind>() : kind_of_type(parameters[p].type);
      if (!kind && !parameters[p].type.empty()) return false;
      Expression leaf{parameters[p].name, {}, true};
      for (const auto& example : task_.examples) {
        if (example.arguments.size() != parameters.size()) return false;
        const auto value = as_kind(example.arguments[p], kind.value_or(kind_of(task_.examples[0].arguments[p])));
        if (!value) return false;
        leaf.values.push_back(*value);
      }
      offer(1, std::move(leaf));
    }
    const bool untyped = task_.language == Language::javascript || task_.shape.returns.empty();
    const auto result = untyped ? std::optional<Kind>(kind_of(task_.examples[0].result)) : kind_of_type(task_.shape.returns);
    if (!result) return false;
    for (const auto& example : task_.examples) {
      const auto value = as_kind(example.result, *result);
      if (!value) return false;
      wanted_.push_back(*value);
    }
    if (*result == Kind::boolean && wanted_.size() < least_truths) return false;
    for (const auto& number : task_.numbers) constants(number);
    return true;
  }

  /// As a whole number, a decimal one, or both, where parameters or the result are such.
  void constants(const std::string& number) {
    const double real = std::strtod(number.c_str(), nullptr);
    const bool decimal = number.find('.') != std::string::npos;
    const bool counts = task_.language != Language::javascript && task_.language != Language::typescript;
    if (counts && !decimal) offer(1, {number, std::vector<TypedValue>(wanted_.size(), static_cast<std::int64_t>(real)), false});
    offer(1, {counts && !decimal ? number + ".0" : number, std::vector<TypedValue>(wanted_.size(), real), false});
  }

  void offer(std::size_t size, Expression expression) {
    if (!seen_.insert(key_of(expression.values)).second) return;
    const bool right = size > 1 && expression.uses_parameter && std::equal(wanted_.begin(), wanted_.end(), expression.values.begin(), equal_results);
    if (right) search_.found.push_back(expression.text);
    bank_[size].push_back(std::move(expression));
  }

  void combine(const Operation& operation, std::string_view text, std::size_t size, const Expression& a, const Expression& b) {
    const Kind left = kind_of(a.values[0]), right = kind_of(b.values[0]);
    if (!fits(operation.operands[0], left)) return;
    if (operation.operands.size() == 2 && (!fits(operation.operands[1], right) || left != right)) return;
    if (over()) return;
    ++search_.evaluated;
    Expression made;
    made.uses_parameter = a.uses_parameter || b.uses_parameter;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
      auto value = evaluate(operation, a.values[i], b.values[i]);
      if (!value) return;
      made.values.push_back(std::move(*value));
    }
    made.text = fmt::format(fmt::runtime(text), a.text, b.text, integer_type());
    if (made.text.size() <= longest_text) offer(size, std::move(made));
  }

  [[nodiscard]] std::string integer_type() const {
    if (kind_of(wanted_[0]) == Kind::integer && !task_.shape.returns.empty()) return task_.shape.returns;
    return task_.language == Language::rust ? "i32" : "int";
  }

  void of_one(const Operation& operation, std::string_view text, std::size_t size) {
    const auto& operands = bank_[size - 1];
    for (std::size_t i = 0; i < operands.size() && !over(); ++i) combine(operation, text, size, operands[i], operands[i]);
  }

  void of_two(const Operation& operation, std::string_view text, std::size_t size) {
    for (std::size_t left = 1; left + 1 < size; ++left) {
      const auto &a = bank_[left], &b = bank_[size - 1 - left];
      for (std::size_t i = 0; i < a.size() && !over(); ++i)
        for (std::size_t j = 0; j < b.size() && !over(); ++j) combine(operation, text, size, a[i], b[j]);
    }
  }

  const ExpressionTask& task_;
  std::size_t limit_, evaluations_;
  std::vector<TypedValue> wanted_;
  std::array<std::vector<Expression>, largest + 1> bank_;
  std::set<std::string> seen_;
  ExpressionSearch search_;
};

}  // namespace

bool has_expressions(Language language) noexcept {
  return language == Language::c || language == Language::cpp || language == Language::go || language == Language::javascript ||
         language == Language::typescript || language == Language::rust;
}

ExpressionSearch find_expressions(const ExpressionTask& task, std::size_t limit, std::size_t evaluations) {
  return Enumeration(task, limit, evaluations).run();
}

}  // namespace autodev::apply
