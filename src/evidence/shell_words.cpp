// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One pass over the characters; nested substitutions are skipped by counting brackets, not by recursion.
#include "evidence/shell_words.h"

#include <algorithm>
#include <array>

namespace autodev::evidence {
namespace {

constexpr std::size_t max_command_bytes = 64u << 10;  // no one types more; scripts belong into files

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text.substr(0, max_command_bytes)) {}

  std::vector<ShellToken> split() {
    while (at_ < text_.size()) step();
    end_word();
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void step() {
    const char c = peek();
    if (c == '\\') return escape();
    if (c == '\'') return single_quotes();
    if (c == '"') return double_quotes();
    if (c == '`') return backquotes();
    if (c == '$' && (peek(1) == '(' || peek(1) == '{')) return substitution();
    if (c == '#' && !in_word_) return comment();
    if (c == ' ' || c == '\t' || c == '\r') return end_word(), void(++at_);
    if (c == '\n') return newline();
    if (c == '<' || c == '>' || (c == '&' && peek(1) == '>')) return redirection();
    if (c == '|' || c == '&' || c == ';' || c == '(' || c == ')') return operators();
    add(c);
    ++at_;
  }

  void add(char c) {
    word_.push_back(c);
    in_word_ = true;
  }

  void end_word() {
    if (in_word_ && !drop_next_word_) tokens_.push_back({false, word_});
    if (in_word_) {
      if (wants_delimiter_) delimiters_.push_back(word_);
      drop_next_word_ = wants_delimiter_ = false;
    }
    word_.clear();
    in_word_ = false;
  }

  void put_operator(std::string_view text) {
    end_word();
    drop_next_word_ = wants_delimiter_ = false;
    tokens_.push_back({true, std::string(text)});
  }

  void escape() {
    if (peek(1) == '\n') {  // a continued line
      at_ += 2;
      return;
    }
    if (at_ + 1 < text_.size()) add(peek(1));
    at_ += 2;
  }

  void single_quotes() {
    in_word_ = true;
    for (++at_; at_ < text_.size() && peek() != '\''; ++at_) add(peek());
    ++at_;
  }

  void double_quotes() {
    in_word_ = true;
    ++at_;
    while (at_ < text_.size() && peek() != '"') {
      const char next = peek(1);
      if (peek() == '$' && next == '(') {
        substitution();
        continue;
      }
      if (peek() == '\\' && (next == '"' || next == '\\' || next == '$' || next == '`')) ++at_;
      add(peek());
      ++at_;
    }
    ++at_;
  }

  void backquotes() {
    add('`');
    for (++at_; at_ < text_.size() && peek() != '`'; ++at_) add(peek());
    if (at_ < text_.size()) add('`');
    ++at_;
  }

  /// "$(...)" and "${...}" up to the bracket that closes them, quotes respected.
  void substitution() {
    add('$');
    ++at_;
    brackets();
  }

  void brackets() {
    int depth = 0;
    char quote = '\0';
    for (; at_ < text_.size(); ++at_) {
      const char c = peek();
      add(c);
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(' || c == '{') {
        ++depth;
      } else if ((c == ')' || c == '}') && --depth == 0) {
        ++at_;
        return;
      }
    }
  }

  void comment() {
    while (at_ < text_.size() && peek() != '\n') ++at_;
  }

  void newline() {
    put_operator(";");
    ++at_;
    for (const std::string& delimiter : delimiters_) skip_here_document(delimiter);
    delimiters_.clear();
  }

  void skip_here_document(std::string_view delimiter) {
    while (at_ < text_.size()) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = text_.substr(at_, end - at_);
      line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      at_ = end < text_.size() ? end + 1 : end;
      if (line == delimiter) return;
    }
  }

  void redirection() {
    // A number directly before it names the descriptor: "2>&1".
    if (in_word_ && word_.find_first_not_of("0123456789") == std::string::npos) {
      word_.clear();
      in_word_ = false;
    }
    end_word();
    const bool here = peek() == '<' && peek(1) == '<' && peek(2) != '<';
    while (peek() == '<' || peek() == '>' || peek() == '&' || (peek() == '|' && text_[at_ - 1] == '>')) ++at_;
    if (here && peek() == '-') ++at_;
    if (peek() == '(') return brackets();  // "<(...)": a process substitution is a word
    drop_next_word_ = true;
    wants_delimiter_ = here;
  }

  void operators() {
    static constexpr std::array<std::string_view, 5> doubles{"||", "&&", ";;", "|&", ";&"};
    for (const std::string_view pair : doubles) {
      if (text_.substr(at_, 2) != pair) continue;
      put_operator(pair == "|&" ? "|" : pair[0] == ';' ? ";" : pair);
      at_ += 2;
      return;
    }
    put_operator(text_.substr(at_, 1));
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_;
  bool in_word_ = false;
  bool drop_next_word_ = false;   ///< the target of a redirection
  bool wants_delimiter_ = false;  ///< ... which ends a here-document
  std::vector<std::string> delimiters_;
  std::vector<ShellToken> tokens_;
};

}  // namespace

std::vector<ShellToken> split_shell(std::string_view command) { return Splitter(command).split(); }

}  // namespace autodev::evidence
