// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/repair_candidate.h"

#include <algorithm>

#include "base/hash.h"

namespace autodev::apply {
namespace {

/// Equal for edits that give equal texts: what both sides share at the ends is dropped, and a pure insertion or deletion stands as
/// far right as it can.
std::uint64_t canonical(std::string_view source, std::size_t start, std::size_t end, std::string text) {
  std::size_t same = 0;
  while (start + same < end && same < text.size() && source[start + same] == text[same]) ++same;
  start += same;
  text.erase(0, same);
  while (end > start && !text.empty() && source[end - 1] == text.back()) {
    --end;
    text.pop_back();
  }
  if (text.empty())
    while (end < source.size() && source[start] == source[end]) ++start, ++end;
  if (start == end && !text.empty()) {
    std::size_t turn = 0;
    while (end < source.size() && turn < 2'000 && source[end] == text[turn % text.size()]) ++end, ++turn;
    std::rotate(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(turn % text.size()), text.end());
    start = end;
  }
  return base::hash64(text) ^ ((start * 0x9e3779b97f4a7c15u) + (end * 0xc2b2ae3d27d4eb4fu));
}

}  // namespace

using syntax::no_code_node;

std::string apply_edits(std::string_view source, const std::vector<RepairEdit>& edits) {
  std::string text;
  std::size_t at = 0;
  for (const auto& edit : edits) {
    text.append(source.substr(at, edit.start - at));
    text += edit.text;
    at = edit.end;
  }
  text.append(source.substr(at));
  return text;
}

void CandidateList::add(std::string kind, std::string detail, std::uint32_t node, std::size_t start, std::size_t end,
                        std::string text, std::vector<std::string> names) {
  if (full() || program_.source().compare(start, end - start, text) == 0) return;
  if (!seen_.insert(canonical(program_.source(), start, end, text)).second) return;
  RepairCandidate candidate;
  candidate.edits.push_back({start, end, std::move(text)});
  candidate.kind = std::move(kind);
  candidate.detail = std::move(detail);
  candidate.node = node;
  candidate.names = std::move(names);
  list_.push_back(std::move(candidate));
}

void CandidateList::replace(std::string kind, std::string detail, std::uint32_t node, std::string text, std::vector<std::string> names) {
  const auto& at = program_.tree().nodes[node];
  add(std::move(kind), std::move(detail), node, at.start, at.end, std::move(text), std::move(names));
}

void CandidateList::add_all(std::string kind, std::string detail, std::uint32_t node, std::vector<RepairEdit> edits) {
  if (full() || edits.empty()) return;
  std::sort(edits.begin(), edits.end(), [](const RepairEdit& a, const RepairEdit& b) { return a.start < b.start; });
  std::erase_if(edits, [&](const RepairEdit& e) { return program_.source().compare(e.start, e.end - e.start, e.text) == 0; });
  if (edits.empty()) return;
  std::uint64_t key = edits.size() == 1 ? 0 : edits.size();
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (i > 0 && edits[i].start < edits[i - 1].end) return;
    key = key * 0x100000001b3u + canonical(program_.source(), edits[i].start, edits[i].end, edits[i].text);
  }
  if (!seen_.insert(key).second) return;
  RepairCandidate candidate;
  candidate.edits = std::move(edits);
  candidate.kind = std::move(kind);
  candidate.detail = std::move(detail);
  candidate.node = node;
  list_.push_back(std::move(candidate));
}

int precedence(std::string_view operation) noexcept {
  if (operation == "*" || operation == "/" || operation == "%" || operation == "//" || operation == "**") return 10;
  if (operation == "+" || operation == "-") return 9;
  if (operation == "<<" || operation == ">>") return 8;
  if (operation == "<" || operation == ">" || operation == "<=" || operation == ">=") return 7;
  if (operation == "==" || operation == "!=") return 6;
  if (operation == "&" || operation == "^" || operation == "|") return 5;
  if (operation == "&&" || operation == "and") return 4;
  if (operation == "||" || operation == "or") return 3;
  if (operation == "?") return 2;
  return 0;
}

std::string bracketed(const RepairProgram& program, std::uint32_t node, std::string text, std::string_view operation) {
  const auto& nodes = program.tree().nodes;
  const auto parent = nodes[node].parent;
  if (parent == no_code_node) return text;
  const std::string_view above = nodes[parent].type;
  const bool tight = above.starts_with("unary") || above.starts_with("pointer_e") || above == "cast_expression" || above == "not_operator" ||
                     (above.starts_with("subscript") && parent + 1 == node) || above == "attribute" || above == "field_expression";
  if (tight) return "(" + text + ")";
  if (program.node_class(parent) != NodeClass::expression) return text;
  const auto op = program.operator_of(parent);
  if (op == no_code_node || above.find("assignment") != std::string_view::npos) return text;
  const std::string_view outer = program.text(op);
  const int ours = precedence(operation), theirs = precedence(outer);
  const bool right = nodes[node].field == "right" || node > op;
  const bool associative = (outer == "+" && ours == 9) || (outer == "*" && operation == "*") || outer == operation;
  if (ours < theirs || ours == 0) return "(" + text + ")";
  if (ours == theirs && right && !(associative && (outer == "+" || outer == "*" || outer == "&&" || outer == "||"))) return "(" + text + ")";
  return text;
}

std::vector<RepairCandidate> repair_candidates(const RepairProgram& program, const RepairIngredients& ingredients, std::size_t limit) {
  CandidateList list(program, limit);
  operator_candidates(list);
  text_candidates(list, ingredients);
  type_candidates(list);
  statement_candidates(list);
  value_candidates(list, ingredients);
  condition_candidates(list);
  insertion_candidates(list);
  return std::move(list.list());
}

}  // namespace autodev::apply
