// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Contexts of mentions, and counts of them by language and type, and by language and name.
#include "apply/treatment.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "apply/code_tokens.h"
#include "apply/fragments.h"
#include "apply/header.h"

namespace autodev::apply {
namespace {

bool is_grouping(std::string_view t) {
  return t == "(" || t == ")" || t == "[" || t == "]" || t == "{" || t == "}" || t == "," || t == ";";
}

std::string key_of(Language language, std::string_view kind) {
  return fmt::format("{}:{}", to_string(language), kind);
}

/// What stands before token `i`: the callee when it is an argument, nothing when it is one of several entries.
std::string before(std::string_view code, const std::vector<CodeToken>& tokens, std::size_t first, std::size_t i) {
  if (i == first) return {};
  const auto t = text_of(code, tokens[i - 1]);
  if (t == "(" && i >= first + 2 && tokens[i - 2].kind == CodeTokenKind::identifier)
    return std::string(text_of(code, tokens[i - 2])) + "(";
  return is_grouping(t) ? std::string() : std::string(t);
}

std::string behind(std::string_view code, const std::vector<CodeToken>& tokens, std::size_t i) {
  if (i + 1 >= tokens.size()) return {};
  const auto t = text_of(code, tokens[i + 1]);
  const bool next_line =
      code.substr(tokens[i].end, tokens[i + 1].start - tokens[i].end).find('\n') != std::string_view::npos;
  return is_grouping(t) || next_line ? std::string() : std::string(t);
}

std::vector<std::string> named(const SignatureShape& shape) {
  std::vector<std::string> names;
  for (const auto& p : shape.parameters)
    if (!p.variadic) names.push_back(p.name);
  return names;
}

}  // namespace

std::vector<std::string> treatments_of(std::string_view code, Language language, std::size_t body,
                                       const std::vector<std::string>& names) {
  const auto tokens = tokens_of(code, language);
  std::map<std::string_view, std::size_t> which;
  for (std::size_t n = 0; n < names.size(); ++n) which.emplace(names[n], n);
  std::size_t first = 0;
  while (first < tokens.size() && tokens[first].start < body) ++first;
  std::vector<std::set<std::string>> contexts(names.size());
  for (std::size_t i = first; i < tokens.size(); ++i) {
    const bool string = tokens[i].kind == CodeTokenKind::string;
    if (!string && tokens[i].kind != CodeTokenKind::identifier) continue;
    const auto text = text_of(code, tokens[i]);
    const auto found = which.find(string ? string_contents(text) : text);
    if (found == which.end()) continue;
    contexts[found->second].insert(
        fmt::format("{} {} {}", before(code, tokens, first, i), string ? "'@'" : "@", behind(code, tokens, i)));
  }
  std::vector<std::string> all(names.size());
  for (std::size_t n = 0; n < names.size(); ++n)
    for (const auto& context : contexts[which.at(names[n])]) all[n] += context + "\n";
  return all;
}

std::string treatment_of(std::string_view code, Language language, std::size_t body, std::string_view name) {
  return treatments_of(code, language, body, {std::string(name)})[0];
}

void Treatments::add(const Learned& learned) {
  const auto language = learned.task.language;
  const auto header = find_header(learned.code, language, learned.shape.entry);
  if (!header) return;
  ++arrived_;
  const auto names = named(learned.shape);
  const auto all = treatments_of(learned.code, language, header->end, names);
  std::size_t next = 0;
  for (const auto& p : learned.shape.parameters) {
    if (p.variadic) continue;
    const auto& treatment = all[next++];
    Loan loan{p.name, own_statements(learned.code, language, header->end, p.name, names)};
    for (auto* seen :
         {&by_type_[key_of(language, p.type)][treatment], &by_name_[key_of(language, p.name)][treatment]}) {
      ++seen->count;
      seen->last = arrived_;
      if (!loan.statements.empty()) seen->loan = loan;
    }
  }
}

double Treatments::familiarity(Language language, const Parameter& parameter, const std::string& treatment) const {
  double so = 0;
  double all = 1;  // one imagined parameter that was treated otherwise
  const auto count = [&](const std::map<std::string, ByTreatment>& table, const std::string& key, double weight) {
    const auto found = table.find(key);
    if (found == table.end()) return;
    for (const auto& [other, seen] : found->second) {
      all += weight * seen.count;
      if (other == treatment) so += weight * seen.count;
    }
  };
  if (!parameter.type.empty()) count(by_type_, key_of(language, parameter.type), 1);
  count(by_name_, key_of(language, parameter.name), 2);  // the same name says more than the same type
  return so / all;
}

double Treatments::strangeness(const std::string& code, Language language, const SignatureShape& shape) const {
  const auto header = find_header(code, language, shape.entry);
  const auto all = treatments_of(code, language, header ? header->end : 0, named(shape));
  double worst = 0;
  std::size_t next = 0;
  for (const auto& p : shape.parameters)
    if (!p.variadic) worst = std::max(worst, 1 - familiarity(language, p, all[next++]));
  return worst;
}

std::vector<Loan> Treatments::loans(Language language, const Parameter& parameter, std::size_t limit) const {
  std::vector<const Seen*> all;
  const auto collect = [&](const std::map<std::string, ByTreatment>& table, const std::string& key) {
    const auto found = table.find(key);
    if (found == table.end()) return;
    std::vector<const Seen*> here;
    for (const auto& [treatment, seen] : found->second)
      if (!seen.loan.statements.empty()) here.push_back(&seen);
    std::sort(here.begin(), here.end(), [](const Seen* a, const Seen* b) {
      return a->count != b->count ? a->count > b->count : a->last > b->last;
    });
    all.insert(all.end(), here.begin(), here.end());
  };
  collect(by_name_, key_of(language, parameter.name));
  if (!parameter.type.empty()) collect(by_type_, key_of(language, parameter.type));
  std::vector<Loan> out;
  for (const Seen* seen : all) {
    if (out.size() >= limit) break;
    if (std::none_of(out.begin(), out.end(), [&](const Loan& l) { return l.statements == seen->loan.statements; }))
      out.push_back(seen->loan);
  }
  return out;
}

}  // namespace autodev::apply
