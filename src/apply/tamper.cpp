// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/tamper.h"

#include <array>
#include <optional>
#include <vector>

#include "apply/code_tokens.h"
#include "base/hash.h"

namespace autodev::apply {
namespace {

struct Swap {
  std::string_view from, to;
};

constexpr std::array<Swap, 14> swaps{{{"<", ">"},
                                      {">", "<"},
                                      {"+", "-"},
                                      {"-", "+"},
                                      {"*", "+"},
                                      {"/", "*"},
                                      {"True", "False"},
                                      {"False", "True"},
                                      {"true", "false"},
                                      {"false", "true"},
                                      {"and", "or"},
                                      {"or", "and"},
                                      {"min", "max"},
                                      {"max", "min"}}};

/// What a token becomes; absent when it stays.
std::optional<std::string> changed(std::string_view token, CodeTokenKind kind) {
  for (const auto& swap : swaps)
    if (token == swap.from) return std::string(swap.to);
  if (kind == CodeTokenKind::number && token.find_first_not_of("0123456789") == std::string_view::npos)
    return std::string(token) + "1";
  const auto inner = string_contents(token);
  if (kind == CodeTokenKind::string && !inner.empty()) {
    std::string out(token);
    out.insert(static_cast<std::size_t>(inner.data() - token.data()) + inner.size(), "x");
    return out;
  }
  return std::nullopt;
}

}  // namespace

std::string rename_identifier(const std::string& code, Language language, const std::string& from,
                              const std::string& to) {
  if (from.empty() || to.empty() || from == to) return code;
  std::string out;
  std::size_t done = 0;
  for (const auto& token : tokens_of(code, language)) {
    if (token.kind != CodeTokenKind::identifier || text_of(code, token) != from) continue;
    out.append(code, done, token.start - done);
    out += to;
    done = token.end;
  }
  return out.append(code, done, std::string::npos);
}

std::string poisoned(const std::string& code, Language language, std::size_t body, std::uint64_t seed) {
  const auto tokens = tokens_of(code, language);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto text = text_of(code, tokens[i]);
    if (tokens[i].start < body || !changed(text, tokens[i].kind)) continue;
    // half of a longer operator (<=, ->, +=, **) is no operator of its own
    const auto touches = [&](std::size_t a, std::size_t b) {
      return b < tokens.size() && tokens[a].end == tokens[b].start && tokens[a].kind == CodeTokenKind::punctuation &&
             tokens[b].kind == CodeTokenKind::punctuation;
    };
    if (tokens[i].kind == CodeTokenKind::punctuation && (touches(i, i + 1) || (i > 0 && touches(i - 1, i)))) continue;
    places.push_back(i);
  }
  if (places.empty()) return code;
  const auto& token = tokens[places[base::mix64(seed, places.size()) % places.size()]];
  std::string out = code.substr(0, token.start);
  out += *changed(text_of(code, token), token.kind);
  return out.append(code, token.end, std::string::npos);
}

}  // namespace autodev::apply
