// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The table of commit_message.h. Conventional types: conventionalcommits.org 1.0.0; trailers: git's
// interpret-trailers and the keys used by Gerrit, Phabricator and git-svn.
#include "observe/commit_message.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace autodev::observe {
namespace {

constexpr std::size_t max_text_bytes = std::size_t{64} << 10;  // Specification::text

using Names = std::string_view;

template <std::size_t N>
bool is_one_of(const std::array<Names, N>& names, std::string_view word) {
  return std::find(names.begin(), names.end(), word) != names.end();
}

constexpr std::array<Names, 11> conventional_types{"feat",  "fix",  "bugfix", "hotfix", "docs", "style",
                                                   "refactor", "perf", "test",   "build",  "chore"};
constexpr std::array<Names, 5> more_conventional_types{"ci", "revert", "feature", "deps", "doc"};
constexpr std::array<Names, 3> fixing_types{"fix", "bugfix", "hotfix"};

constexpr std::array<Names, 13> repair_words{"fix",   "fixes",  "fixed",   "fixing",  "bugfix",   "bugfixes", "hotfix",
                                             "hotfixes", "repair", "repairs", "repaired", "fixup", "unbreak"};
constexpr std::array<Names, 27> failure_words{
    "bug",       "bugs",     "crash",      "crashes", "crashing", "crashed",        "regression", "regressions", "segfault",
    "segfaults", "deadlock", "deadlocks",  "leak",    "leaks",    "use-after-free", "off-by-one", "overflow",    "broken",
    "panic",     "panics",   "corruption", "race",    "data-race", "infinite-loop", "hang",       "hangs",       "nullptr"};
constexpr std::array<Names, 24> building_words{
    "add",     "adds",   "added",  "implement", "implements", "introduce", "introduces", "support",
    "allow",   "create", "enable", "update",    "bump",       "document",  "improve",    "refactor",
    "rename",  "move",   "use",    "test",      "tests",      "detect",    "report",     "merge"};
constexpr std::array<Names, 42> harmless_words{
    "typo",       "typos",    "spelling",    "misspelling", "grammar", "wording",  "comment",   "comments",   "doc",
    "docs",       "documentation", "docstring", "docstrings", "readme", "changelog", "format",  "formatting", "lint",
    "linter",     "linting",  "clippy",      "eslint",      "flake8",  "pylint",   "mypy",      "style",      "whitespace",
    "indentation", "indent",  "warning",     "warnings",    "ci",      "workflow", "workflows", "travis",     "license",
    "copyright",  "link",     "links",       "nit",         "nits",    "readme.md"};
/// "fixed-point arithmetic", "fixed size buffers": no repair.
constexpr std::array<Names, 9> after_fixed{"point", "size", "sized", "width", "length", "position", "header", "layout", "seed"};

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

/// Lower-case words; "use-after-free" is one.
std::vector<std::string> words_of(std::string_view subject) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < subject.size()) {
    if (!is_word_byte(subject[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < subject.size() && is_word_byte(subject[end])) ++end;
    std::string word = base::to_lower_ascii(subject.substr(at, end - at));
    while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.pop_back();
    if (!word.empty()) words.push_back(std::move(word));
    at = end;
  }
  return words;
}

/// The type of "type(scope)!: description", lower-case; empty when the subject has no known type.
std::string conventional_type(std::string_view subject) {
  const std::size_t colon = subject.find(':');
  if (colon == std::string_view::npos || colon > 60) return {};
  std::string_view head = subject.substr(0, colon);
  if (!head.empty() && head.back() == '!') head.remove_suffix(1);
  if (const std::size_t scope = head.find('('); scope != std::string_view::npos) head = head.substr(0, scope);
  std::string type = base::to_lower_ascii(base::trim(head));
  return is_one_of(conventional_types, type) || is_one_of(more_conventional_types, type) ? type : std::string();
}

bool is_harmless(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_one_of(harmless_words, words[i])) return true;
    // "fix flaky test", "fixed the unit tests": within three words behind the repair.
    if (words[i] != "test" && words[i] != "tests" && words[i] != "testing") continue;
    for (std::size_t back = 1; back <= 4 && back <= i; ++back)
      if (is_one_of(repair_words, words[i - back])) return true;
  }
  return false;
}

bool repairs_something(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!is_one_of(repair_words, words[i])) continue;
    const bool an_adjective = words[i] == "fixed" && i + 1 < words.size() && is_one_of(after_fixed, words[i + 1]);
    if (!an_adjective) return true;
  }
  if (words.empty() || is_one_of(building_words, words.front())) return false;
  return std::any_of(words.begin(), words.end(), [](const std::string& word) { return is_one_of(failure_words, word); });
}

bool is_revert(std::string_view subject, std::string_view message) {
  if (starts_with(subject, "Revert \"Revert ") || starts_with(subject, "Reapply \"")) return false;
  if (starts_with(subject, "Revert \"")) return true;
  constexpr std::string_view phrase = "This reverts commit ";
  const std::size_t at = message.find(phrase);
  if (at == std::string_view::npos) return false;
  std::size_t digits = 0;
  for (std::size_t i = at + phrase.size(); i < message.size() && is_hex(message[i]); ++i) ++digits;
  return digits >= 7 && digits <= 64;
}

CommitKind kind_of(std::string_view subject, std::string_view message) {
  if (is_revert(subject, message)) return CommitKind::revert;
  const std::vector<std::string> words = words_of(subject);
  const std::string type = conventional_type(subject);
  const bool fixes = type.empty() ? repairs_something(words) : is_one_of(fixing_types, type);
  return fixes && !is_harmless(words) ? CommitKind::fix : CommitKind::change;
}

/// "Signed-off-by: A B", "Change-Id: I123", "(cherry picked from commit 123)".
bool is_trailer(std::string_view line) {
  constexpr std::array<Names, 14> keys{"change-id", "reviewed-on", "cc",  "git-svn-id", "differential revision", "pr-url",
                                       "bug",       "reviewers",   "test plan", "link", "refs", "subscribers",
                                       "originally-committed-as", "x-sent"};
  if (starts_with(line, "(cherry picked from commit ")) return true;
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon > 40) return false;
  const std::string key = base::to_lower_ascii(line.substr(0, colon));
  constexpr std::string_view by = "-by";
  const bool by_someone = key.size() > by.size() && key.compare(key.size() - by.size(), by.size(), by) == 0 &&
                          key.find(' ') == std::string::npos;
  return by_someone || is_one_of(keys, key);
}

bool is_mail_byte(char c) { return is_word_byte(c) || c == '+' || c == '%'; }

/// Removes "<a@b.c>" and "a@b.c".
std::string without_addresses(std::string_view line) {
  std::string text;
  std::size_t copied = 0;
  for (std::size_t at = line.find('@'); at != std::string_view::npos; at = line.find('@', at + 1)) {
    std::size_t start = at, end = at + 1;
    while (start > copied && is_mail_byte(line[start - 1])) --start;
    while (end < line.size() && is_mail_byte(line[end])) ++end;
    const std::string_view domain = line.substr(at + 1, end - at - 1);
    if (start == at || domain.find('.') == std::string_view::npos) continue;  // a decorator or a handle
    if (start > copied && line[start - 1] == '<' && end < line.size() && line[end] == '>') --start, ++end;
    text += line.substr(copied, start - copied);
    copied = end;
  }
  return text += line.substr(copied);
}

}  // namespace

CommitMessage read_commit_message(std::string_view message) {
  // Only what can be kept is looked at; the kind is decided by the first lines anyway.
  const std::string repaired = base::repair_utf8(message.substr(0, 2 * max_text_bytes));
  CommitMessage result;
  int blank_lines = 0;
  for (std::string_view line : base::split_lines(repaired)) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    if (result.subject.empty()) {
      if (!base::trim(line).empty()) result.text = result.subject = base::strip_controls(without_addresses(base::trim(line)));
      continue;
    }
    if (line.empty() || is_trailer(line)) {
      blank_lines += line.empty() ? 1 : 0;
      continue;
    }
    result.text += blank_lines > 0 ? "\n\n" : "\n";
    result.text += base::strip_controls(without_addresses(line));
    blank_lines = 0;
  }
  result.kind = kind_of(result.subject, repaired);
  result.text = std::string(base::clip_utf8(base::trim(result.text), max_text_bytes));
  return result;
}

}  // namespace autodev::observe
