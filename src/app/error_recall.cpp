// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/error_recall.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "evidence/output.h"

namespace autodev::app {
namespace {

/// Words in common over all words (Jaccard). Two thirds is where different errors of one compiler begin to meet:
/// "cannot find value <name> in this scope" and "cannot find type <name> in this scope" share 0.75 and are worth
/// seeing.
constexpr double similar_enough = 0.6;

std::set<std::string> words_of(std::string_view signature) {
  std::set<std::string> words;
  std::string word;
  for (const char c : std::string(signature) + " ") {
    const bool part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                      static_cast<unsigned char>(c) >= 0x80;
    if (part)
      word += c;
    else if (!word.empty())
      words.insert(base::to_lower_ascii(std::exchange(word, {})));
  }
  return words;
}

/// One line may be a message in any words; several lines are only when the first one speaks of a failure.
bool is_a_message(const std::string& text) {
  if (text.empty() || text.size() > 2'000) return false;
  const auto end = text.find('\n');
  if (end == std::string::npos) return true;
  static constexpr auto failing = std::to_array<std::string_view>(
      {"error", "exception", "fail", "fatal", "panic", "abort", "cannot", "can't", "could not", "undefined", "undeclared", "unresolved",
       "not found", "no such", "invalid", "denied", "refused", "expected", "unexpected", "missing", "violation", "overflow"});
  const std::string line = base::to_lower_ascii(text.substr(0, end));
  return std::any_of(failing.begin(), failing.end(), [&](std::string_view word) { return line.find(word) != std::string::npos; });
}

double similarity(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::size_t common = 0;
  for (const std::string& word : a) common += b.contains(word) ? 1 : 0;
  const std::size_t all = a.size() + b.size() - common;
  return all == 0 ? 0 : static_cast<double>(common) / static_cast<double>(all);
}

Result<void> find_similar(knowledge::KnowledgeStore& store, RecalledError& wanted) {
  const auto words = words_of(wanted.asked.text);
  if (words.size() < 3) return {};
  return store.for_each_error([&](const knowledge::KnownError& known) {
    const double share =
        known.cause == to_string(wanted.asked.cause.cause) ? similarity(words, words_of(known.signature)) : 0.0;
    // Of equally near ones, the one that was repaired.
    const bool nearer = share > wanted.similarity || (share == wanted.similarity && wanted.known &&
                                                      wanted.known->repairs.empty() && !known.repairs.empty());
    if (share >= similar_enough && nearer) {
      wanted.similarity = share;
      wanted.known = known;
    }
    return true;
  });
}

}  // namespace

Result<std::vector<RecalledError>> recall_errors(knowledge::KnowledgeStore& store, std::string_view output,
                                                 std::size_t limit) {
  const evidence::OutputFindings findings = evidence::read_output(output);
  std::vector<CheckFailure> failures = findings.failures();
  // A message alone, without what a tool prints around it.
  if (failures.empty() && !findings.tests)
    if (const std::string text(base::trim(base::strip_controls(output))); is_a_message(text)) failures.push_back({"", "", 0, text});
  std::vector<RecalledError> recalled;
  for (auto& signature : evidence::signatures_of(failures, limit)) {
    RecalledError one;
    AUTODEV_TRY_ASSIGN(one.known, store.error(signature.id));
    one.asked = std::move(signature);
    one.identical = one.known.has_value();
    if (one.identical) {
      one.similarity = 1;
      const auto same = [&one](const knowledge::ErrorRepair& repair) {
        return repair.message == base::clip_utf8(one.asked.failure.message, 500);
      };
      auto& repairs = one.known->repairs;
      const auto first = std::find_if(repairs.begin(), repairs.end(), same);
      one.same_message = first != repairs.end();
      if (one.same_message) std::rotate(repairs.begin(), first, first + 1);
    } else {
      AUTODEV_TRY(find_similar(store, one));
    }
    recalled.push_back(std::move(one));
  }
  return recalled;
}

}  // namespace autodev::app
