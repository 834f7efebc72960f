// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See usage_text.h.
#include "mine/usage_text.h"

#include <fmt/format.h>

#include "base/text.h"
#include "mine/naming.h"

namespace autodev::mine {

namespace {

/// A step without the mark of its role.
std::string_view plain(std::string_view step) {
  for (const std::string_view mark : {"=new ", "with ", "=", ".", "("})
    if (step.starts_with(mark)) return step.substr(mark.size());
  return step;
}

std::string_view plain_type(std::string_view type) { return type.starts_with("~") ? type.substr(1) : type; }

bool ends_statements(Language language) noexcept {
  return language != Language::python && language != Language::ruby && language != Language::go && language != Language::bash;
}

/// What the object is called in the snippet: its module or its conventional name where the type is one, x otherwise.
std::string object_name(std::string_view type, const std::vector<std::string>& steps) {
  const bool made = !steps.empty() && (steps.front().starts_with("=") || steps.front().starts_with("with "));
  if (type.starts_with("~")) return std::string(type.substr(1));
  const bool declared = type.find_first_of("() ") != std::string_view::npos || made;
  const bool module = !declared && !type.empty() && (type[0] < 'A' || type[0] > 'Z');
  return module ? std::string(type) : "x";
}

std::string constructor(Language language, std::string_view type) {
  if (language == Language::python) return fmt::format("{}(", type);
  if (language == Language::go || language == Language::rust) return fmt::format("{}{{", type);
  return fmt::format("new {}(", type);
}

std::string binding(Language language, std::string_view object) {
  switch (language) {
    case Language::python: case Language::ruby: case Language::bash: return fmt::format("{} = ", object);
    case Language::php: return fmt::format("${} = ", object);
    case Language::go: return fmt::format("{} := ", object);
    case Language::rust: return fmt::format("let {} = ", object);
    case Language::javascript: case Language::typescript: case Language::tsx: return fmt::format("const {} = ", object);
    case Language::java: case Language::csharp: return fmt::format("var {} = ", object);
    default: return fmt::format("auto {} = ", object);
  }
}

std::string line_of(Language language, std::string_view step, std::string_view object, int number) {
  const std::string_view name = plain(step);
  if (step.starts_with("with ")) {
    if (language == Language::python) return fmt::format("with {}(${}) as {}:", name, number, object);
    return fmt::format("{} (var {} = {}(${}))", language == Language::csharp ? "using" : "try", object, name, number);
  }
  const std::string close = ends_statements(language) ? ";" : "";
  if (step.starts_with("=new ")) {
    const std::string open = constructor(language, name);
    return fmt::format("{}{}${}{}{}", binding(language, object), open, number, open.back() == '{' ? "}" : ")", close);
  }
  if (step.starts_with("=")) return fmt::format("{}{}(${}){}", binding(language, object), name, number, close);
  const bool arrow = language == Language::php;
  if (step.starts_with(".")) return fmt::format("{}{}{}{}(…){}", arrow ? "$" : "", object, arrow ? "->" : ".", name, close);
  if (step.starts_with("(")) return fmt::format("{}(… {}{} …){}", name, arrow ? "$" : "", object, close);
  return fmt::format("{}(…){}", name, close);
}

}  // namespace

std::string usage_name(const std::string& type, const std::vector<std::string>& steps) {
  std::vector<std::string> words;
  for (const std::string& step : steps) words.emplace_back(plain(step));
  return fmt::format("{}: {}", plain_type(type), base::join(words, ", "));
}

std::string usage_sentence(Language language, const std::string& type, const std::vector<std::string>& steps, std::uint32_t support,
                           std::uint32_t files, const std::vector<UsageRule>& rules) {
  std::vector<std::string> words;
  for (const std::string& step : steps) words.emplace_back(plain(step));
  const std::string what = type.starts_with("~") ? fmt::format("what is called {}", plain_type(type)) : type;
  std::string sentence = fmt::format("How {} is used in {}: {}; in {} functions of {} files", what, language_title(language), base::join(words, ", then "),
                                     support, files);
  for (const UsageRule& rule : rules) sentence += "; " + rule_sentence(rule);
  return sentence + ".";
}

std::string usage_snippet(Language language, const std::string& type, const std::vector<std::string>& steps) {
  const std::string object = object_name(type, steps);
  std::string text, indent;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i > 0) text += indent + "…\n";
    text += indent + line_of(language, steps[i], object, static_cast<int>(i + 1)) + "\n";
    if (steps[i].starts_with("with ")) indent = "    ";
  }
  return text;
}

std::uint32_t usage_nodes(const std::vector<std::string>& steps) noexcept {
  constexpr std::uint32_t nodes_of_a_call = 4;
  return nodes_of_a_call * static_cast<std::uint32_t>(steps.size());
}

std::size_t usage_holes(const std::vector<std::string>& steps) noexcept {
  std::size_t holes = 0;
  for (const std::string& step : steps) holes += step.starts_with("=") || step.starts_with("with ") ? 1 : 0;
  return holes;
}

std::string rule_sentence(const UsageRule& rule) {
  const std::uint64_t cases = std::uint64_t{rule.support} + rule.violations;
  const std::string_view a = plain(rule.a), b = rule.shape == RuleShape::guarded ? std::string_view(rule.b) : plain(rule.b);
  switch (rule.shape) {
    case RuleShape::precedes: return fmt::format("{} only after {} ({} of {})", b, a, rule.support, cases);
    case RuleShape::eventually: return fmt::format("after {}, {} on all paths ({} of {})", a, b, rule.support, cases);
    case RuleShape::guarded: return fmt::format("{} only where {} was asked ({} of {})", a, b, rule.support, cases);
    case RuleShape::excludes: return fmt::format("{} and {} exclude each other ({} of {})", a, b, rule.support, cases);
  }
  return {};
}

}  // namespace autodev::mine
