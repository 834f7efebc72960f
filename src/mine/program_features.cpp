// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Features of failed programs, from tokens: names are one class unless they are called, numbers count by value, and
// every token counts alone and with its neighbours.
#include <algorithm>
#include <cctype>
#include <map>

#include "base/hash.h"
#include "mine/defect_model.h"

namespace autodev::mine {
namespace {

constexpr std::string_view two_letter_operators = "== != <= >= && || ++ -- += -= *= /= %= << >> -> ::";

bool is_word(char c) noexcept { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

struct Token {
  std::string text;
  bool name = false, called = false;
};

std::vector<Token> tokens_of(std::string_view line) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < line.size();) {
    const char c = line[i];
    std::size_t end = i + 1;
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      i = end;
      continue;
    }
    if (c == '/' && i + 1 < line.size() && line[i + 1] == '/') break;
    Token token;
    if (is_word(c)) {
      while (end < line.size() && (is_word(line[end]) || (std::isdigit(static_cast<unsigned char>(c)) != 0 && line[end] == '.'))) ++end;
      token.name = std::isdigit(static_cast<unsigned char>(c)) == 0;
    } else if (c == '"' || c == '\'') {
      while (end < line.size() && line[end] != c) end += line[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, line.size());
    } else if (i + 1 < line.size() && two_letter_operators.find(line.substr(i, 2)) != std::string_view::npos && line[i + 1] != ' ') {
      end = i + 2;
    }
    token.text = line.substr(i, end - i);
    if (token.text == "(" && !tokens.empty() && tokens.back().name) tokens.back().called = true;
    tokens.push_back(std::move(token));
    i = end;
  }
  return tokens;
}

class ProgramDescriber {
 public:
  FailedProgram run(std::string_view source, const std::vector<std::string>& facts) {
    while (!source.empty()) {
      const auto end = std::min(source.find('\n'), source.size());
      lines_.push_back(tokens_of(source.substr(0, end)));
      source.remove_prefix(std::min(end + 1, source.size()));
    }
    for (const auto& line : lines_)
      for (const Token& token : line) ++uses_[token.text];
    FailedProgram program;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      features_.clear();
      if (!lines_[i].empty()) describe_line(i, facts);
      program.lines.push_back(unique());
    }
    features_.clear();
    for (const std::string& fact : facts) add("fact", fact);
    add("size", std::to_string(std::min<std::size_t>(lines_.size() / 12, 8)));
    for (const auto& [text, count] : uses_) {
      const std::string word = class_of(text, true);
      if (word != "name") add("has", word);
    }
    add("any", "");
    program.whole = unique();
    return program;
  }

 private:
  void add(std::string_view family, std::string_view value) {
    features_.push_back(static_cast<std::uint32_t>(base::mix64(base::hash64(family), base::hash64(value)) % feature_space));
  }
  std::vector<std::uint32_t> unique() {
    std::sort(features_.begin(), features_.end());
    features_.erase(std::unique(features_.begin(), features_.end()), features_.end());
    return features_;
  }

  /// A name that is used in several programs alike (a keyword, a library function) keeps its text.
  static std::string class_of(const std::string& text, bool called) {
    static const std::vector<std::string_view> kept = {
        "if", "else", "for", "while", "do", "switch", "case", "default", "break", "continue", "return", "int", "long", "char",
        "float", "double", "unsigned", "short", "void", "struct", "const", "static", "def", "in", "not", "and", "or", "None",
        "True", "False", "null", "true", "false", "new", "try", "catch", "except", "raise", "throw", "import", "include", "define",
        "EOF", "sizeof", "goto"};
    if (text.empty() || !is_word(text[0])) return text[0] == '"' || text[0] == '\'' ? (text.size() <= 12 ? text : "text") : text;
    if (std::isdigit(static_cast<unsigned char>(text[0])) != 0) return text.size() <= 2 ? text : text.find('.') != std::string::npos ? "decimal" : "number" + std::to_string(std::min<std::size_t>(text.size(), 10));
    if (std::find(kept.begin(), kept.end(), text) != kept.end()) return text;
    return called && text.size() > 2 ? text : "name";
  }

  std::string use_class(const std::string& text) const {
    const std::size_t count = uses_.at(text);
    return count <= 1 ? "once" : count <= 2 ? "twice" : count <= 5 ? "some" : "often";
  }

  void describe_line(std::size_t i, const std::vector<std::string>& facts) {
    const auto& line = lines_[i];
    std::vector<std::string> words = {"^"};
    for (const Token& token : line) {
      words.push_back(class_of(token.text, token.called));
      if (token.name && words.back() == "name") add("used", use_class(token.text));
    }
    words.emplace_back("$");
    for (std::size_t k = 1; k + 1 < words.size(); ++k) {
      add("1", words[k]);
      add("2", words[k - 1] + " " + words[k]);
      if (k >= 2) add("3", words[k - 2] + " " + words[k - 1] + " " + words[k]);
    }
    add("2", words[words.size() - 2] + " $");
    const std::string first = words[1];
    add("first", first);
    add("length", std::to_string(std::min<std::size_t>(line.size() / 4, 8)));
    add("depth", std::to_string(std::min(depth_, 5)));
    add("depth first", std::to_string(std::min(depth_, 5)) + first);
    add("place", std::to_string(10 * i / lines_.size()));
    add("place first", std::to_string(5 * i / lines_.size()) + first);
    add("before", neighbour(i, -1));
    add("after", neighbour(i, 1));
    add("around", neighbour(i, -1) + " " + first + " " + neighbour(i, 1));
    for (const std::string& fact : facts) add("fact first", fact + first);
    for (const std::string& word : words)
      if (word == "<" || word == "<=" || word == ">" || word == ">=" || word == "==" || word == "!=") add("compares", first);
    for (const Token& token : line) depth_ += (token.text == "{") - (token.text == "}");
    add("any", "");
  }

  std::string neighbour(std::size_t i, int step) const {
    for (auto k = static_cast<std::ptrdiff_t>(i) + step; k >= 0 && k < static_cast<std::ptrdiff_t>(lines_.size()); k += step) {
      const auto& line = lines_[static_cast<std::size_t>(k)];
      if (!line.empty() && line[0].text != "{" && line[0].text != "}") return class_of(line[0].text, line[0].called);
    }
    return "none";
  }

  std::vector<std::vector<Token>> lines_;
  std::map<std::string, std::size_t> uses_;
  std::vector<std::uint32_t> features_;
  int depth_ = 0;
};

}  // namespace

FailedProgram describe_program(std::string_view source, const std::vector<std::string>& facts) {
  return ProgramDescriber().run(source, facts);
}

}  // namespace autodev::mine
