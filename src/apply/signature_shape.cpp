// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reading of signatures by bracket depth. Four ways to write a parameter cover the languages: "name: type = default",
// "type name", "name type" and "$name".
#include "apply/signature_shape.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/text.h"

namespace autodev::apply {
namespace {

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 128;
}
bool is_name(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

bool has_angle_types(Language language) {
  return language == Language::cpp || language == Language::java || language == Language::rust ||
         language == Language::typescript || language == Language::tsx || language == Language::csharp;
}

/// Position of the bracket that closes the one at `open`; npos when it stays open.
std::size_t closing(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '[' || text[i] == '{') ++depth;
    if (text[i] == ')' || text[i] == ']' || text[i] == '}')
      if (--depth == 0) return i;
  }
  return std::string_view::npos;
}

/// Splits at commas outside brackets (and outside angle brackets where types use them).
std::vector<std::string_view> split_parameters(std::string_view text, bool angles) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool arrow = c == '>' && i > 0 && (text[i - 1] == '-' || text[i - 1] == '=');
    if (c == '(' || c == '[' || c == '{' || (angles && c == '<')) ++depth;
    if (c == ')' || c == ']' || c == '}' || (angles && c == '>' && !arrow)) --depth;
    if (c == ',' && depth <= 0) {
      parts.push_back(base::trim(text.substr(start, i - start)));
      start = i + 1;
    }
  }
  parts.push_back(base::trim(text.substr(std::min(start, text.size()))));
  return parts;
}

std::string without_spaces(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') out += c;
  return out;
}

/// First '=' outside brackets that is no comparison.
std::size_t default_at(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '[' || text[i] == '{') ++depth;
    if (text[i] == ')' || text[i] == ']' || text[i] == '}') --depth;
    if (text[i] == '=' && depth == 0) return i;
  }
  return std::string_view::npos;
}

std::string_view first_name(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && !is_name_start(text[i])) ++i;
  std::size_t end = i;
  while (end < text.size() && is_name(text[end])) ++end;
  return text.substr(i, end - i);
}

std::string_view last_name(std::string_view text) {
  std::size_t end = text.size();
  while (end > 0 && !is_name(text[end - 1])) --end;
  std::size_t start = end;
  while (start > 0 && is_name(text[start - 1])) --start;
  return text.substr(start, end - start);
}

Parameter read_parameter(std::string_view text, Language language) {
  Parameter parameter;
  parameter.variadic = text.starts_with('*') || text.find("...") != std::string_view::npos;
  if (const auto at = default_at(text); at != std::string_view::npos) {
    parameter.default_value = base::trim(text.substr(at + 1));
    text = base::trim(text.substr(0, at));
  }
  const auto colon = text.find(':');
  const bool double_colon = colon != std::string_view::npos && colon + 1 < text.size() && text[colon + 1] == ':';
  if (colon != std::string_view::npos && !double_colon) {  // name: type
    parameter.name = last_name(text.substr(0, colon));
    parameter.type = without_spaces(text.substr(colon + 1));
  } else if (language == Language::c || language == Language::cpp || language == Language::java ||
             language == Language::csharp || language == Language::php) {  // type name
    const auto array = text.find('[');
    const auto name = last_name(array == std::string_view::npos ? text : text.substr(0, array));
    parameter.name = name;
    parameter.type = without_spaces(text.substr(0, text.size() - name.size()));
  } else if (language == Language::go) {  // name type
    const auto name = first_name(text);
    parameter.name = name;
    parameter.type = without_spaces(text.substr(static_cast<std::size_t>(name.data() - text.data()) + name.size()));
  } else {
    parameter.name = language == Language::rust ? last_name(text) : first_name(text);  // &mut self
  }
  while (parameter.name.starts_with('$')) parameter.name.erase(0, 1);
  return parameter;
}

bool is_receiver(const Parameter& parameter) {
  return parameter.name.empty() || parameter.name == "self" || parameter.name == "cls" || parameter.name == "this" ||
         parameter.name == "void";
}

/// Where the parameter list opens and the name in front of it.
struct Head {
  std::string_view entry;
  std::size_t open = std::string_view::npos;
};

Head find_head(std::string_view text) {
  static const std::set<std::string_view> never{"func", "function", "def", "fn", "if", "while", "for", "async", "return",
                                                "decltype", "noexcept", "__attribute__"};
  for (auto open = text.find('('); open != std::string_view::npos; open = text.find('(', open + 1)) {
    auto before = base::trim(text.substr(0, open));
    if (before.ends_with('>')) before = base::trim(before.substr(0, before.rfind('<')));  // generic parameters
    const auto name = last_name(before);
    if (!name.empty() && name.data() + name.size() == before.data() + before.size() && !never.contains(name))
      return {name, open};
    if (before.ends_with('=') || name == "async") {  // const name = (a, b) => ...
      const auto equals = before.rfind('=');
      if (equals != std::string_view::npos) return {last_name(before.substr(0, equals)), open};
    }
    const auto close = closing(text, open);  // a receiver, as in func (s *Set) Add(x int)
    if (close == std::string_view::npos) return {};
    open = close;
  }
  return {};
}

/// "class Stack:" and the like: the name behind the keyword.
std::string declared_name(std::string_view text) {
  static constexpr std::array<std::string_view, 9> keywords{"class", "struct", "def", "function", "fn",
                                                            "func",  "trait",  "enum", "interface"};
  for (const auto keyword : keywords) {
    const auto at = text.find(keyword);
    if (at == std::string_view::npos || (at > 0 && is_name(text[at - 1]))) continue;
    const auto rest = text.substr(at + keyword.size());
    if (!rest.empty() && !is_name(rest[0])) return std::string(first_name(rest));
  }
  return {};
}

/// Share of `a`'s entries that `b` has, both ways (Dice).
double overlap(const std::multiset<std::string>& a, const std::multiset<std::string>& b) {
  if (a.empty() && b.empty()) return 1;
  std::vector<std::string> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
  return 2.0 * static_cast<double>(common.size()) / static_cast<double>(a.size() + b.size());
}

}  // namespace

SignatureShape parse_signature(std::string_view signature, Language language) {
  SignatureShape shape;
  const auto text = base::trim(signature);
  const Head head = find_head(text);
  if (head.open == std::string_view::npos) {
    shape.entry = declared_name(text);
    return shape;
  }
  shape.entry = head.entry;
  const auto close = closing(text, head.open);
  if (close == std::string_view::npos) return shape;
  shape.complete = true;
  for (const auto part : split_parameters(text.substr(head.open + 1, close - head.open - 1), has_angle_types(language))) {
    Parameter parameter = read_parameter(part, language);
    if (!is_receiver(parameter)) shape.parameters.push_back(std::move(parameter));
  }
  auto rest = text.substr(close + 1);
  while (!rest.empty() && (rest.back() == ':' || rest.back() == '{' || rest.back() == ';' || rest.back() == ' '))
    rest.remove_suffix(1);
  if (const auto arrow = rest.find("->"); arrow != std::string_view::npos) rest = rest.substr(arrow + 2);
  shape.returns = without_spaces(rest);
  if (shape.returns.empty() && head.entry.data() > text.data())  // int add(...)
    shape.returns = without_spaces(text.substr(0, static_cast<std::size_t>(head.entry.data() - text.data())));
  return shape;
}

double shape_similarity(const SignatureShape& a, const SignatureShape& b) {
  std::multiset<std::string> names_a, names_b, types_a, types_b;
  for (const auto& p : a.parameters) {
    names_a.insert(p.name);
    types_a.insert(p.type + (p.default_value.empty() ? "" : "="));
  }
  for (const auto& p : b.parameters) {
    names_b.insert(p.name);
    types_b.insert(p.type + (p.default_value.empty() ? "" : "="));
  }
  const double returns = a.returns == b.returns ? 1 : 0;
  return 0.4 * overlap(names_a, names_b) + 0.4 * overlap(types_a, types_b) + 0.2 * returns;
}

}  // namespace autodev::apply
