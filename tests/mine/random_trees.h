// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Random trees in the notation of tree_builder.h, and random edits of them, for property tests. Small
// alphabets make equal and ambiguous subtrees frequent, which is what alignment and matching find hard.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace autodev::test {

class RandomTrees {
 public:
  explicit RandomTrees(std::uint32_t seed) : random_(seed) {}

  /// A function with a body of statements.
  std::string function() { return "(function " + name() + " (parameters" + list(3) + ") " + block(2) + ")"; }

  /// The notation with some groups dropped, doubled or replaced, some words replaced, and every other time all
  /// names consistently renamed.
  std::string edited(const std::string& notation) {
    std::string out;
    const std::size_t rotation = below(2) * below(5);
    for (std::size_t at = 0; at < notation.size();) {
      const std::size_t end = token_end(notation, at);
      std::string token = notation.substr(at, end - at);
      at = end;
      if (token.front() == '(' && out.size() > 12 && !is_fixed(token)) {
        const std::size_t close = group_end(notation, at - token.size());
        const std::string group = notation.substr(at - token.size(), close - (at - token.size()));
        const auto choice = below(24);
        if (choice == 0) {
          at = close;
          continue;
        }
        if (choice == 1) out += group + " ";
        if (choice == 2) {
          out += expression(1);
          at = close;
          continue;
        }
      } else if (is_name(token)) {
        token.front() = static_cast<char>('a' + (static_cast<std::size_t>(token.front() - 'a') + rotation) % 5);
        if (below(12) == 0) token.front() = name().front();
      } else if (token.front() >= '0' && token.front() <= '9' && below(4) == 0) {
        token = std::to_string(below(9));
      }
      out += token;
    }
    return out;
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  std::string name() { return std::string(1, static_cast<char>('a' + below(5))); }

  std::string expression(int depth) {
    switch (depth == 0 ? below(2) : below(6)) {
      case 0:
        return name();
      case 1:
        return std::to_string(below(3));
      case 2:
        return "(binary " + expression(depth - 1) + " " + expression(depth - 1) + ")";
      case 3:
        return "(list" + list(3) + ")";
      default:
        return "(call " + name() + "! (arguments" + list(3) + "))";
    }
  }

  std::string list(std::size_t longest) {
    std::string out;
    for (std::size_t left = below(longest + 1); left > 0; --left) out += " " + expression(1);
    return out;
  }

  std::string block(int depth) {
    std::string out = "(block";
    for (std::size_t left = below(5); left > 0; --left) out += " " + statement(depth);
    return out + ")";
  }

  std::string statement(int depth) {
    switch (depth == 0 ? below(3) : below(5)) {
      case 0:
        return "(return " + expression(2) + ")";
      case 1:
        return "(assignment " + name() + " " + expression(2) + ")";
      case 2:
        return expression(2);
      case 3:
        return "(loop " + expression(1) + " " + block(depth - 1) + ")";
      default:
        return "(if " + expression(1) + " " + block(depth - 1) + (below(2) ? " " + block(depth - 1) : "") + ")";
    }
  }

  /// "a", or "a!" for a callee.
  static bool is_name(const std::string& token) {
    return token.front() >= 'a' && token.front() <= 'e' && (token.size() == 1 || token.back() == '!');
  }

  /// Groups without which a function is none.
  static bool is_fixed(const std::string& token) { return token == "(function" || token == "(parameters"; }

  static std::size_t token_end(const std::string& text, std::size_t at) {
    if (text[at] == ' ' || text[at] == ')') return at + 1;
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != ' ' && text[end] != ')' && text[end] != '(') ++end;
    return end;
  }

  static std::size_t group_end(const std::string& text, std::size_t at) {
    int depth = 0;
    do {
      depth += text[at] == '(';
      depth -= text[at] == ')';
      ++at;
    } while (depth > 0);
    return at;
  }

  std::mt19937 random_;
};

}  // namespace autodev::test
