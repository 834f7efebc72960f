// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Classifying whole commands: which part of a shell list tells most, and whether the exit code of the list is
// the exit code of that part.
//
//   pytest && echo ok      0 exactly when pytest passed          shown
//   pytest | tail -5       tail's code                           hidden, unless pipefail
//   pytest || true         always 0                              hidden
//   pytest; echo done      echo's code                           hidden, unless errexit
//   ! pytest, pytest &     negated, not waited for               hidden
//   if pytest; then ...    compound commands                     hidden: too clever to judge
#include <algorithm>

#include "evidence/evidence.h"
#include "evidence/shell_words.h"
#include "evidence/tools.h"

namespace autodev::evidence {
namespace {

constexpr int max_depth = 12;  // wrappers in wrappers, groups in groups; real commands stay below 5
constexpr std::size_t max_words = 256;  // what a command is shows in its first words

struct ShellOptions {
  bool errexit = false;
  bool pipefail = false;
};

CommandClass classify_text(std::string_view text, ShellOptions options, int depth);

CommandClass classify_words(Words words, int depth) {
  if (words.size() > max_words) words.resize(max_words);
  while (depth++ < max_depth) {
    auto inner = unwrap(words);
    if (!inner) return classify_simple(words);
    if (inner->is_shell) return classify_text(inner->shell_text, {inner->errexit, inner->pipefail}, depth);
    // A script given to a shell is named like a path: "bash run_tests.sh".
    const bool was_shell = list_has("sh bash dash zsh ksh ash", program_name(words.front()));
    words = std::move(inner->words);
    if (was_shell && !words.empty() && words.front().find('/') == std::string::npos) words.front().insert(0, "./");
  }
  return {CommandKind::unknown, "", true};
}

/// One command of a list together with the operator behind it.
struct Element {
  CommandClass what;
  std::string operator_after;  ///< "", "&&", "||", ";", "&"
  Words words;                 ///< of a simple command; empty for groups and pipelines
  ShellOptions options;        ///< in force when it runs
};

class ListClassifier {
 public:
  ListClassifier(std::vector<ShellToken> tokens, ShellOptions options, int depth)
      : tokens_(std::move(tokens)), options_(options), depth_(depth) {}

  /// Reads until `)` or the end.
  CommandClass classify() {
    std::vector<Element> elements;
    while (at_ < tokens_.size() && !is_operator(")")) {
      Element element = read_pipeline();
      if (at_ < tokens_.size() && tokens_[at_].is_operator && !is_operator(")"))
        element.operator_after = tokens_[at_++].text;
      const bool runs_something = !element.words.empty() || was_group_;
      if (runs_something)
        elements.push_back(std::move(element));
      else if (!elements.empty() && !element.operator_after.empty())  // "}" and "fi": the list ends with them
        elements.back().operator_after = element.operator_after;
    }
    return judge(elements);
  }

 private:
  [[nodiscard]] bool is_operator(std::string_view text) const {
    return at_ < tokens_.size() && tokens_[at_].is_operator && tokens_[at_].text == text;
  }

  Element read_pipeline() {
    Element pipeline = read_command();
    while (is_operator("|")) {
      ++at_;
      Element next = read_command();
      const bool shows_first = options_.pipefail;
      if (rank(pipeline.what.kind) >= rank(next.what.kind) && (rank(pipeline.what.kind) > 0 || next.what.tool.empty()))
        pipeline.what.hides_exit_code = pipeline.what.hides_exit_code || !shows_first;
      else
        pipeline.what = std::move(next.what);
      pipeline.words = {"|"};
    }
    return pipeline;
  }

  Element read_command() {
    Element element;
    element.options = options_;
    was_group_ = false;
    bool negated = false;
    while (at_ < tokens_.size() && !tokens_[at_].is_operator && tokens_[at_].text == "!") negated = true, ++at_;
    if (is_operator("(")) {
      element.what = read_group();
    } else {
      while (at_ < tokens_.size() && !tokens_[at_].is_operator) element.words.push_back(tokens_[at_++].text);
      element.what = classify_parsed(element.words);
    }
    element.what.hides_exit_code = element.what.hides_exit_code || negated;
    return element;
  }

  CommandClass read_group() {
    ++at_;
    std::size_t end = at_;
    for (int open = 1; end < tokens_.size(); ++end) {
      if (!tokens_[end].is_operator) continue;
      if (tokens_[end].text == "(") ++open;
      if (tokens_[end].text == ")" && --open == 0) break;
    }
    std::vector<ShellToken> inside(tokens_.begin() + static_cast<std::ptrdiff_t>(at_),
                                   tokens_.begin() + static_cast<std::ptrdiff_t>(end));
    at_ = std::min(end + 1, tokens_.size());
    was_group_ = true;
    if (depth_ >= max_depth) return {CommandKind::unknown, "", true};
    return ListClassifier(std::move(inside), options_, depth_ + 1).classify();
  }

  /// Removes shell keywords; notes `set -e`. `words` is empty afterwards when there is no command left.
  CommandClass classify_parsed(Words& words) {
    constexpr std::string_view opening = "if while until for case select";
    constexpr std::string_view closing = "fi done esac";
    constexpr std::string_view between = "then else elif do { } ! if while until";
    bool negated = false;
    while (!words.empty()) {
      const std::string word = words.front();
      if (list_has(opening, word)) ++compounds_;
      if (list_has(closing, word)) compounds_ = std::max(compounds_ - 1, 0);
      negated = negated || word == "!";
      if (list_has("for case select function", word)) words.clear();
      else if (list_has(closing, word) || list_has(between, word)) words.erase(words.begin());
      else break;
    }
    if (words.empty() || list_has("[[ [ test", words.front())) return {};
    if (words.front() == "set") note_options(words);
    CommandClass what = classify_words(words, depth_);
    what.hides_exit_code = what.hides_exit_code || negated || compounds_ > 0;
    return what;
  }

  void note_options(const Words& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      const bool on = words[i].rfind('-', 0) == 0;
      if (!on && words[i].rfind('+', 0) != 0) continue;
      if (words[i].find('e') != std::string::npos) options_.errexit = on;
      if (words[i].back() == 'o' && i + 1 < words.size()) {
        if (words[i + 1] == "pipefail") options_.pipefail = on;
        if (words[i + 1] == "errexit") options_.errexit = on;
        ++i;
      }
    }
  }

  /// `exit 1`, `exit`, `false`, `return 1`: keeps a failure a failure.
  static bool fails(const Element& element) {
    if (element.words.empty()) return false;
    const std::string& name = element.words.front();
    if (name == "false") return true;
    if (name != "exit" && name != "return") return false;
    return element.words.size() < 2 || (element.words[1] != "0" && !element.words[1].empty());
  }

  static bool returns_last_code(const Element& element) {
    return element.words.size() == 2 && element.words[0] == "exit" && element.words[1] == "$?";
  }

  static CommandClass judge(const std::vector<Element>& elements) {
    if (elements.empty()) return {};
    std::size_t chosen = 0;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const bool telling = rank(elements[i].what.kind) > 0 || rank(elements[chosen].what.kind) == 0;
      if (telling && rank(elements[i].what.kind) >= rank(elements[chosen].what.kind)) chosen = i;
    }
    CommandClass result = elements[chosen].what;
    if (chosen > 0 && elements[chosen - 1].operator_after == "||") result.hides_exit_code = true;
    bool directly = true;  // nothing ran between the chosen command and this operator
    for (std::size_t i = chosen; i < elements.size(); ++i) {
      const std::string& next = elements[i].operator_after;
      const Element* follower = i + 1 < elements.size() ? &elements[i + 1] : nullptr;
      if (next == "&") result.hides_exit_code = true;
      if (next == "||" && (follower == nullptr || !fails(*follower))) result.hides_exit_code = true;
      if (next == ";" && follower != nullptr) {
        if (directly && (elements[i].options.errexit || returns_last_code(*follower))) break;
        result.hides_exit_code = true;
      }
      directly = false;
    }
    return result;
  }

  std::vector<ShellToken> tokens_;
  ShellOptions options_;
  int depth_;
  std::size_t at_ = 0;
  bool was_group_ = false;
  int compounds_ = 0;  ///< if, while, for, ... that are open
};

CommandClass classify_text(std::string_view text, ShellOptions options, int depth) {
  if (depth >= max_depth) return {CommandKind::unknown, "", true};
  return ListClassifier(split_shell(text), options, depth).classify();
}

}  // namespace

std::string_view to_string(CommandKind kind) noexcept {
  switch (kind) {
    case CommandKind::unknown: break;
    case CommandKind::build: return "build";
    case CommandKind::test: return "test";
    case CommandKind::lint: return "lint";
    case CommandKind::typecheck: return "typecheck";
    case CommandKind::benchmark: return "benchmark";
  }
  return "unknown";
}

CommandClass classify_command(const std::vector<std::string>& arguments) { return classify_words(arguments, 0); }

CommandClass classify_shell(std::string_view command) { return classify_text(command, {}, 0); }

}  // namespace autodev::evidence
