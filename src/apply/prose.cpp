// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/prose.h"

#include <algorithm>
#include <set>
#include <vector>

#include "apply/code_tokens.h"
#include "apply/pieces.h"
#include "apply/rewrite.h"
#include "apply/signature_shape.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t shortest_word = 3;       // shorter ones are letters of formulas and particles
constexpr std::size_t longest_sentence = 160;  // a docstring's first line, not a specification

using Words = std::set<std::string>;

void add_words(std::string_view text, Words& words) {
  for (const auto& piece : pieces_of(text))
    if (!piece.number) words.insert(base_form(piece.lower));
}

/// Where the line of `at` begins.
std::size_t line_start(std::string_view code, std::size_t at) {
  const auto end = at == 0 ? std::string_view::npos : code.rfind('\n', at - 1);
  return end == std::string_view::npos ? 0 : end + 1;
}

bool begins_line(std::string_view code, std::size_t at) {
  return base::trim(code.substr(line_start(code, at), at - line_start(code, at))).empty();
}

/// A text that is a statement: the first thing behind the header's colon, or between statements.
bool is_docstring(std::string_view code, const CodeToken& token, Language language) {
  if (language != Language::python || token.kind != CodeTokenKind::string || !begins_line(code, token.start))
    return false;
  const auto rest = code.substr(token.end, std::min(code.find('\n', token.end), code.size()) - token.end);
  return base::trim(rest).empty() && text_of(code, token).ends_with("\"\"\"");
}

/// The first sentence of the specification as a docstring may hold it; empty when it cannot.
std::string sentence_of(std::string_view spec) {
  auto line = base::trim(spec.substr(0, spec.find('\n')));
  if (const auto stop = line.find(". "); stop != std::string_view::npos) line = line.substr(0, stop + 1);
  if (line.empty() || line.size() > longest_sentence || line.find_first_of("\\\"") != std::string_view::npos) return {};
  std::string sentence(line);
  if (sentence[0] >= 'a' && sentence[0] <= 'z') sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
  if (const char last = sentence.back(); last != '.' && last != '!' && last != '?') sentence += '.';
  return sentence;
}

class Renewal {
 public:
  Renewal(const std::string& code, const Learned& earlier, const VisibleTask& now, const CommonWord& common)
      : code_(code), now_(now), common_(common), tokens_(tokens_of(code, now.language)) {
    add_words(earlier.task.spec, earlier_);
    add_words(earlier.shape.entry, earlier_);
    add_words(now.spec, accounted_);
    add_words(now.signature, accounted_);
    for (const auto& token : tokens_)
      if (token.kind != CodeTokenKind::comment && !is_docstring(code_, token, now.language))
        add_words(text_of(code_, token), accounted_);
    const auto entry = parse_signature(now.signature, now.language).entry;
    for (auto difference : {compare_names(earlier.shape.entry, entry), compare_texts(earlier.task.spec, now.spec)})
      rules_.insert(rules_.end(), difference.rules.begin(), difference.rules.end());
  }

  Prose run() {
    for (const auto& token : tokens_) {
      if (token.kind == CodeTokenKind::comment)
        renew_comment(token);
      else if (is_docstring(code_, token, now_.language))
        renew_docstring(token);
    }
    prose_.code += code_.substr(done_);
    return std::move(prose_);
  }

 private:
  [[nodiscard]] bool stale(std::string_view text) const {
    Words words;
    add_words(text, words);
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return word.size() >= shortest_word && earlier_.contains(word) && !accounted_.contains(word) &&
             !is_filler_word(word) && !(common_ && common_(word));
    });
  }

  void put(std::size_t start, std::size_t end, std::string_view text) {
    prose_.code.append(code_, done_, start - done_);
    prose_.code += text;
    done_ = end;
  }

  void renew_comment(const CodeToken& token) {
    const auto text = text_of(code_, token);
    RewriteScope scope;
    scope.comments = true;
    const auto now = rewrite(text, now_.language, rules_, scope).code;
    if (!stale(now)) {
      if (now != text) put(token.start, token.end, now);
      return;
    }
    std::size_t start = token.start;
    while (start > done_ && (code_[start - 1] == ' ' || code_[start - 1] == '\t')) --start;
    const bool alone = begins_line(code_, token.start) && token.end < code_.size() && code_[token.end] == '\n';
    put(start, alone ? token.end + 1 : token.end, "");
  }

  void renew_docstring(const CodeToken& token) {
    const auto text = text_of(code_, token);
    if (!stale(text)) return;
    const auto sentence = sentence_of(now_.spec);
    prose_.docstring_changed = true;
    put(token.start, token.end, sentence.empty() ? "\"\"\"" + now_entry() + ".\"\"\"" : "\"\"\"" + sentence + "\"\"\"");
  }

  [[nodiscard]] std::string now_entry() const { return parse_signature(now_.signature, now_.language).entry; }

  const std::string& code_;
  const VisibleTask& now_;
  const CommonWord& common_;
  std::vector<CodeToken> tokens_;
  Words earlier_, accounted_;
  std::vector<Rule> rules_;
  std::size_t done_ = 0;
  Prose prose_;
};

}  // namespace

Prose renew_prose(const std::string& code, const Learned& earlier, const VisibleTask& now, const CommonWord& common) {
  return Renewal(code, earlier, now, common).run();
}

}  // namespace autodev::apply
