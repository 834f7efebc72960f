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

std::string construction(Language language, std::string_view type) {
  if (language == Language::python) return fmt::format("{}(…)", type);
  if (language == Language::go || language == Language::rust) return fmt::format("{}{{…}}", type);
  return fmt::format("new {}(…)", type);
}

/// The step tells the name of the call alone. Whether it was made on another object shows in the type: that of an object made by
/// `connection.cursor()` ends in ".cursor()" or is only known by its name. Declared types do not tell; in Java and C# a call without a
/// receiver would be one of the own class.
bool has_receiver(Language language, std::string_view type, std::string_view name) {
  if (language == Language::c || name.find('.') != std::string_view::npos) return false;
  if (type.ends_with("()")) type.remove_suffix(2);
  if (type == name) return false;
  const bool declared = language == Language::java || language == Language::csharp;
  return declared || type.starts_with("~") || type.ends_with("." + std::string(name));
}

/// The call that made the object.
std::string call(Language language, std::string_view type, std::string_view name) {
  const std::string_view arrow = language == Language::php ? "->" : ".";
  return fmt::format("{}{}(…)", has_receiver(language, type, name) ? fmt::format("…{}", arrow) : "", name);
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

std::string line_of(Language language, std::string_view type, std::string_view step, std::string_view object) {
  const std::string_view name = plain(step);
  if (step.starts_with("with ")) {
    if (language == Language::python) return fmt::format("with {} as {}:", call(language, type, name), object);
    const std::string made = type == name ? construction(language, name) : call(language, type, name);
    return fmt::format("{} (var {} = {})", language == Language::csharp ? "using" : "try", object, made);
  }
  const std::string close = ends_statements(language) ? ";" : "";
  if (step.starts_with("=new ") && language == Language::cpp) return fmt::format("{} {}(…);", name, object);
  if (step.starts_with("=new ")) return fmt::format("{}{}{}", binding(language, object), construction(language, name), close);
  if (step.starts_with("=")) return fmt::format("{}{}{}", binding(language, object), call(language, type, name), close);
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
    text += indent + line_of(language, type, steps[i], object) + "\n";
    if (steps[i].starts_with("with ")) indent = "    ";
  }
  return text;
}

std::uint32_t usage_nodes(const std::vector<std::string>& steps) noexcept {
  constexpr std::uint32_t nodes_of_a_call = 4;
  return nodes_of_a_call * static_cast<std::uint32_t>(steps.size());
}

std::size_t usage_holes(const std::vector<std::string>&) noexcept { return 0; }

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
