// SPDX-License-Identifier: MIT OR Apache-2.0
#include "learn/attribution.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "base/text.h"

namespace autodev::learn {
namespace {

constexpr std::size_t max_failures = 64, max_units = 256;

std::string cause_of(const CheckFailure& failure) {
  return failure.id.empty() ? failure.message : failure.message.empty() ? failure.id : failure.id + ": " + failure.message;
}

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool names(std::string_view text, std::string_view name) {
  if (name.empty()) return false;
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

std::set<std::string> words_of(std::string_view name) {
  std::set<std::string> words;
  for (const std::string_view word : base::split_identifier(name)) words.insert(base::to_lower_ascii(word));
  return words;
}

struct Suspect {
  std::size_t change = 0;
  const CodeUnit* unit = nullptr;
  std::set<std::string> words;
  std::optional<std::string> cause;
};

bool is_about(const CheckFailure& failure, const std::set<std::string>& test_words, const Suspect& suspect) {
  const CodeUnit& unit = *suspect.unit;
  if (failure.line >= unit.first_line && failure.line <= unit.last_line && failure.line > 0 && base::paths_agree(failure.file, unit.path))
    return true;
  if (names(failure.message, unit.name) || names(failure.id, unit.name)) return true;
  return !suspect.words.empty() && std::includes(test_words.begin(), test_words.end(), suspect.words.begin(), suspect.words.end());
}

/// What a suspect uses among the others is suspect for the same cause.
void spread(std::vector<Suspect>& suspects) {
  std::vector<std::size_t> pending;
  for (std::size_t i = 0; i < suspects.size(); ++i)
    if (suspects[i].cause) pending.push_back(i);
  for (std::size_t next = 0; next < pending.size(); ++next)
    for (std::size_t i = 0; i < suspects.size(); ++i)
      if (!suspects[i].cause && names(suspects[pending[next]].unit->text, suspects[i].unit->name)) {
        suspects[i].cause = suspects[pending[next]].cause;
        pending.push_back(i);
      }
}

/// False: some failure is about nothing that changed.
bool point(std::vector<Suspect>& suspects, const std::vector<CheckFailure>& failures) {
  bool all_are_about_something = !failures.empty() && failures.size() <= max_failures;
  for (std::size_t i = 0; i < std::min(failures.size(), max_failures); ++i) {
    const std::set<std::string> test_words = words_of(failures[i].id);
    bool about = false;
    for (Suspect& suspect : suspects) {
      if (!is_about(failures[i], test_words, suspect)) continue;
      about = true;
      if (!suspect.cause) suspect.cause = cause_of(failures[i]);
    }
    all_are_about_something = all_are_about_something && about;
  }
  return all_are_about_something;
}

}  // namespace

std::string first_cause(const Outcome& outcome) {
  if (!outcome.failures.empty()) return cause_of(outcome.failures.front());
  if (outcome.exit_code) return (outcome.tool.empty() ? "command" : outcome.tool) + " exited with " + std::to_string(*outcome.exit_code);
  return "failed";
}

bool can_be_blamed(const CodeUnit& unit) noexcept { return unit.kind == UnitKind::function || unit.kind == UnitKind::method; }

std::vector<BlamedUnit> blamed_units(const LearningEvent& event) {
  std::vector<Suspect> suspects;
  for (std::size_t i = 0; i < event.implementation.units.size(); ++i) {
    const auto& after = event.implementation.units[i].after;
    if (after && can_be_blamed(*after)) suspects.push_back({i, &*after, words_of(after->name), std::nullopt});
  }
  const bool known = suspects.size() <= max_units && point(suspects, event.outcome.failures);
  if (known) spread(suspects);
  std::vector<BlamedUnit> blamed;
  for (Suspect& suspect : suspects)
    if (suspect.cause || !known) blamed.push_back({suspect.change, suspect.cause ? std::move(*suspect.cause) : first_cause(event.outcome)});
  return blamed;
}

}  // namespace autodev::learn
