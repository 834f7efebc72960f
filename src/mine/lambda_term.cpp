// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reading, writing and rebuilding of terms. All walks keep their own stack: nesting comes from foreign files.
#include "mine/lambda_term.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace autodev::mine {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Terms below `term` in which something changes, rebuilt bottom up. `unchanged(term, depth)` ends the descent;
/// `leaf(node, depth)` gives the new term of a leaf; `depth` counts the lambdas passed.
template <typename Unchanged, typename Leaf>
TermId rebuilt(TermBank& bank, TermId term, const Unchanged& unchanged, const Leaf& leaf) {
  struct Visit {
    TermId term;
    std::uint32_t depth;
  };
  const auto key = [](TermId t, std::uint32_t depth) { return (std::uint64_t{t} << 8) | depth; };
  std::unordered_map<std::uint64_t, TermId> made;
  std::vector<Visit> stack{{term, 0}};
  while (!stack.empty()) {
    const Visit at = stack.back();
    const TermNode node = bank.node(at.term);
    const auto done = [&](TermId result) {
      made[key(at.term, at.depth)] = result;
      stack.pop_back();
    };
    const auto part = [&](TermId child, std::uint32_t depth) -> std::optional<TermId> {
      if (const auto found = made.find(key(child, depth)); found != made.end()) return found->second;
      stack.push_back({child, depth});
      return std::nullopt;
    };
    if (unchanged(at.term, at.depth)) {
      done(at.term);
    } else if (node.kind == TermKind::application) {
      const auto function = part(node.first, at.depth);
      if (!function) continue;
      if (const auto argument = part(node.second, at.depth)) done(bank.application(*function, *argument));
    } else if (node.kind == TermKind::lambda) {
      if (const auto body = part(node.first, at.depth + 1)) done(bank.lambda(*body));
    } else {
      done(leaf(node, at.depth));
    }
  }
  return made.at(key(term, 0));
}

}  // namespace

std::size_t TermBank::NodeHash::operator()(const TermNode& node) const noexcept {
  std::uint64_t hash = (std::uint64_t{node.first} << 32 | node.second) * 0x9E3779B97F4A7C15ull;
  hash = (hash ^ (hash >> 29) ^ static_cast<std::uint64_t>(node.kind)) * 0xBF58476D1CE4E5B9ull;
  return static_cast<std::size_t>(hash ^ (hash >> 32));
}

TermId TermBank::add(TermNode node) {
  const auto [found, is_new] = ids_.emplace(node, static_cast<TermId>(nodes_.size()));
  if (!is_new) return found->second;
  nodes_.push_back(node);
  switch (node.kind) {
    case TermKind::application:
      costs_.push_back(node_cost + costs_[node.first] + costs_[node.second]);
      free_.push_back(free_[node.first] | free_[node.second]);
      break;
    case TermKind::lambda:
      costs_.push_back(node_cost + costs_[node.first]);
      free_.push_back(free_[node.first] >> 1);
      break;
    case TermKind::variable:
      costs_.push_back(leaf_cost);
      free_.push_back(std::uint64_t{1} << std::min(node.first, max_binders));
      break;
    case TermKind::primitive:
    case TermKind::parameter:
      costs_.push_back(leaf_cost);
      free_.push_back(0);
      break;
  }
  return found->second;
}

TermId TermBank::application(TermId function, TermId argument) {
  return add({TermKind::application, function, argument});
}
TermId TermBank::lambda(TermId body) {
  return add({TermKind::lambda, body, 0});
}
TermId TermBank::variable(std::uint32_t index) {
  return add({TermKind::variable, index, 0});
}
TermId TermBank::parameter(std::uint32_t index) {
  return add({TermKind::parameter, index, 0});
}

TermId TermBank::primitive(std::string_view name) {
  const auto [found, is_new] = name_ids_.emplace(std::string(name), static_cast<std::uint32_t>(names_.size()));
  if (is_new) names_.emplace_back(name);
  return add({TermKind::primitive, found->second, 0});
}

Result<TermId> TermBank::atom(std::string_view word, bool is_body) {
  if (word[0] != '$' && word[0] != '#') return primitive(word);
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(word.data() + 1, word.data() + word.size(), index);
  const bool number = word.size() > 1 && error == std::errc() && end == word.data() + word.size();
  if (word[0] == '#' && !number) return primitive(word);
  if (!number || index >= max_binders || (word[0] == '#' && !is_body))
    return fail(ErrorCode::bad_data, "not a variable: " + std::string(word.substr(0, 40)), "$0 to $62 are variables");
  return word[0] == '$' ? variable(index) : parameter(index);
}

Result<void> TermBank::append(List& list, TermId term) {
  if (list.complete) return fail(ErrorCode::bad_data, "(lam ...) has more than one body");
  if (list.is_lambda) {
    list.complete = true;
    list.term = term;
  } else {
    list.term = list.has_term ? application(list.term, term) : term;
  }
  list.has_term = true;
  if (nodes_.size() > max_terms)
    return fail(ErrorCode::bad_data, "the programs have more different parts than can be held");
  return {};
}

Result<TermId> TermBank::close(const List& list) {
  if (!list.has_term) return fail(ErrorCode::bad_data, "an empty list or a (lam) without a body");
  return list.is_lambda ? lambda(list.term) : list.term;
}

Result<TermId> TermBank::parse(std::string_view text) {
  return read(text, false);
}
Result<TermId> TermBank::parse_body(std::string_view text) {
  return read(text, true);
}

Result<TermId> TermBank::read(std::string_view text, bool is_body) {
  std::vector<List> open(1);
  std::uint32_t binders = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (is_blank(text[i])) {
      ++i;
    } else if (text[i] == '(') {
      open.emplace_back();
      ++i;
    } else if (text[i] == ')') {
      if (open.size() == 1) return fail(ErrorCode::bad_data, "a closing parenthesis too many");
      AUTODEV_TRY_ASSIGN(const TermId term, close(open.back()));
      if (open.back().is_lambda) --binders;
      open.pop_back();
      AUTODEV_TRY(append(open.back(), term));
      ++i;
    } else {
      const std::size_t start = i;
      while (i < text.size() && !is_blank(text[i]) && text[i] != '(' && text[i] != ')') ++i;
      const std::string_view word = text.substr(start, i - start);
      if (word == "lam" || word == "lambda") {
        List& list = open.back();
        if (list.has_term || list.is_lambda)
          return fail(ErrorCode::bad_data, "lam stands only at the beginning of a list");
        list.is_lambda = true;
        if (++binders > max_binders) return fail(ErrorCode::bad_data, "lambdas are nested too deeply");
        continue;
      }
      AUTODEV_TRY_ASSIGN(const TermId term, atom(word, is_body));
      AUTODEV_TRY(append(open.back(), term));
    }
  }
  if (open.size() != 1) return fail(ErrorCode::bad_data, "a closing parenthesis is missing");
  return close(open.back());
}

std::string TermBank::text(TermId term) const {
  struct Piece {
    TermId term;
    bool in_function_place;
    char literal;  ///< ')' or ' ' instead of a term
  };
  std::string out;
  std::vector<Piece> stack{{term, false, 0}};
  while (!stack.empty()) {
    const Piece piece = stack.back();
    stack.pop_back();
    if (piece.literal != 0) {
      out += piece.literal;
      continue;
    }
    const TermNode& at = nodes_[piece.term];
    switch (at.kind) {
      case TermKind::application:
        if (!piece.in_function_place) {
          out += '(';
          stack.push_back({0, false, ')'});
        }
        stack.push_back({at.second, false, 0});
        stack.push_back({0, false, ' '});
        stack.push_back({at.first, true, 0});
        break;
      case TermKind::lambda:
        out += "(lam ";
        stack.push_back({0, false, ')'});
        stack.push_back({at.first, false, 0});
        break;
      case TermKind::variable:
        out += '$' + std::to_string(at.first);
        break;
      case TermKind::parameter:
        out += '#' + std::to_string(at.first);
        break;
      case TermKind::primitive:
        out += names_[at.first];
        break;
    }
  }
  return out;
}

TermId TermBank::moved(TermId term, std::int64_t by) {
  return rebuilt(
      *this, term, [&](TermId at, std::uint32_t depth) { return (free_[at] >> depth) == 0; },
      [&](const TermNode& leaf, std::uint32_t) {
        return variable(static_cast<std::uint32_t>(static_cast<std::int64_t>(leaf.first) + by));
      });
}

TermId TermBank::lowered(TermId term, std::uint32_t levels) {
  if (levels == 0 || free_[term] == 0) return term;
  const std::uint64_t key = (std::uint64_t{term} << 8) | levels;
  if (const auto found = lowered_.find(key); found != lowered_.end()) return found->second;
  const TermId result = moved(term, -static_cast<std::int64_t>(levels));
  lowered_.emplace(key, result);
  return result;
}

TermId TermBank::instantiated(TermId term, const std::vector<TermId>& arguments) {
  return rebuilt(
      *this, term, [](TermId, std::uint32_t) { return false; },
      [&](const TermNode& leaf, std::uint32_t depth) {
        return leaf.kind == TermKind::parameter ? moved(arguments.at(leaf.first), depth) : add(leaf);
      });
}

TermBank TermBank::compacted(std::vector<TermId>& roots) const {
  std::vector<bool> used(nodes_.size(), false);
  for (const TermId root : roots) used[root] = true;
  for (std::size_t i = nodes_.size(); i-- > 0;) {
    if (!used[i]) continue;
    const TermNode& at = nodes_[i];
    if (at.kind == TermKind::application) used[at.second] = true;
    if (at.kind == TermKind::application || at.kind == TermKind::lambda) used[at.first] = true;
  }
  TermBank bank;
  bank.names_ = names_;
  bank.name_ids_ = name_ids_;
  std::vector<TermId> moved_to(nodes_.size(), 0);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!used[i]) continue;
    TermNode at = nodes_[i];
    if (at.kind == TermKind::application) at.second = moved_to[at.second];
    if (at.kind == TermKind::application || at.kind == TermKind::lambda) at.first = moved_to[at.first];
    moved_to[i] = bank.add(at);
  }
  for (TermId& root : roots) root = moved_to[root];
  return bank;
}

}  // namespace autodev::mine
