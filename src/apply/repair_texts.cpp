// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Texts: strings and characters become others of the program or of the expected outputs, change case, white space, digits and the
// conversions of a format.
#include <algorithm>
#include <cctype>

#include "apply/repair_candidate.h"

namespace autodev::apply {
namespace {

std::string with_case(std::string text, int (*change)(int)) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' || text[i] == '%') {
      ++i;
      continue;
    }
    text[i] = static_cast<char>(change(static_cast<unsigned char>(text[i])));
  }
  return text;
}

void formats(CandidateList& list, std::uint32_t node, const std::string& inside, const std::string& quote) {
  const auto put = [&](const std::string& text, const std::string& detail) { list.replace("format", detail, node, quote + text + quote); };
  std::string all = inside;
  bool wide = false;
  for (std::size_t p = all.find("%d"); p != std::string::npos; p = all.find("%d", p + 4)) all.replace(p, 2, "%lld"), wide = true;
  if (wide) put(all, "all %d to %lld");
  all = inside;
  for (std::size_t p = all.find("%d"); p != std::string::npos; p = all.find("%d", p + 4)) all.replace(p, 2, "%02d");
  put(all, "all %d to %02d");
  std::string bare;  // conversions and white space only
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const auto end = inside[i] == '%' ? inside.find_first_of("diuxcsfgeEGnop%", i + 1) : std::string::npos;
    if (end != std::string::npos) {
      bare += (bare.ends_with(' ') || bare.empty() || i == 0 || inside[i - 1] != ' ' ? "" : " ") + inside.substr(i, end + 1 - i);
      i = end;
    } else if (inside[i] == '\\' && i + 1 < inside.size()) {
      bare += inside.substr(i++, 2);
    }
  }
  put(bare, "conversions only");
  for (std::size_t p = inside.find('%'); p != std::string::npos; p = inside.find('%', p + 1)) {
    auto end = inside.find_first_of("diuxcsfgeEGnop%", p + 1);
    if (end == std::string::npos || end - p > 8) continue;
    const std::string old = inside.substr(p, end + 1 - p);
    for (const char* other : {"%d", "%lld", "%ld", "%u", "%llu", "%f", "%lf", "%c", " %c", "%s", "%.0f", "%.0lf", "%.1f", "%.2f", "%.6f", "%.9f", "%.10f", "%.12f", "%02d"})
      if (other != old) put(inside.substr(0, p) + other + inside.substr(end + 1), old + " to " + other);
  }
}

void text_at(CandidateList& list, std::uint32_t node, const RepairIngredients& ingredients) {
  const auto& program = list.program();
  const std::string written(program.text(node));
  const auto open = written.find_first_of("\"'`");
  if (open == std::string::npos || written.size() < open + 2 || written.starts_with("\"\"\"") || written.starts_with("'''")) return;
  const std::string quote(1, written[open]), inside = written.substr(open + 1, written.size() - open - 2);
  const auto put = [&](const std::string& text, const std::string& detail) { list.replace("string", detail, node, quote + text + quote); };
  for (const auto& other : program.strings()) list.replace("string", "of the program", node, other);
  if (inside.find('%') != std::string::npos && program.c_like()) formats(list, node, inside, quote);
  put(with_case(inside, std::toupper), "upper case");
  put(with_case(inside, std::tolower), "lower case");
  if (!inside.empty()) {
    std::string first = with_case(inside, std::tolower);
    first[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(first[0])));
    put(first, "first upper");
  }
  if (inside.ends_with("\\n")) put(inside.substr(0, inside.size() - 2), "drop line end");
  else put(inside + "\\n", "add line end");
  put("\\n" + inside, "line end first");
  put(inside + " ", "add blank");
  put(" " + inside, "blank first");
  std::string squeezed = inside;
  squeezed.erase(std::remove(squeezed.begin(), squeezed.end(), ' '), squeezed.end());
  put(squeezed, "drop blanks");
  for (std::size_t i = 0; i < inside.size(); ++i)
    if (inside[i] >= '0' && inside[i] <= '9' && (i == 0 || inside[i - 1] != '.'))
      for (const char digit : {'0', '1', '2', '3', '4'}) {
        std::string changed = inside;
        changed[i] = digit;
        put(changed, std::string("digit to ") + digit);
      }
  const bool prints = program.role_of(node).starts_with("argument printf") || program.role_of(node).starts_with("argument puts") || !program.c_like();
  const std::string tail = inside.ends_with("\\n") ? "\\n" : "";
  if (prints)
    for (const auto& word : ingredients.words) put(word + tail, "expected word");
  if (prints && inside.find('%') == std::string::npos && inside.size() > 1)
    for (std::size_t i = 0; i < inside.size() && i < 40; ++i)
      if (inside[i] != '\\' && (i == 0 || inside[i - 1] != '\\')) put(inside.substr(0, i) + inside.substr(i + 1), "drop character");
}

void character_at(CandidateList& list, std::uint32_t node) {
  const auto& program = list.program();
  const std::string old(program.text(node));
  const auto put = [&](const std::string& text, const std::string& detail) { list.replace("character", detail, node, text); };
  for (const auto& other : program.characters()) put(other, "of the program");
  for (const char* usual : {"'0'", "'1'", "'9'", "'a'", "'z'", "'A'", "'Z'", "' '", "'\\n'", "'\\0'"}) put(usual, "usual");
  if (old.size() == 3) {
    const char c = old[1];
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      put(std::string("'") + static_cast<char>(c + 1) + "'", "next");
      put(std::string("'") + static_cast<char>(c - 1) + "'", "previous");
      if (std::isalpha(static_cast<unsigned char>(c)) != 0) put(std::string("'") + static_cast<char>(c ^ 32) + "'", "case");
    }
  }
  for (const char* number : {"0", "1"}) put(number, "to number");
  for (const char* step : {"+1", "-1"}) put(bracketed(program, node, old + step, "+"), step);
}

}  // namespace

void text_candidates(CandidateList& list, const RepairIngredients& ingredients) {
  const auto& program = list.program();
  for (std::uint32_t i = 0; i < program.tree().nodes.size() && !list.full(); ++i) {
    if (!program.usable(i) || !program.tree().nodes[i].named) continue;
    if (program.is_string(i)) text_at(list, i, ingredients);
    if (program.tree().nodes[i].type == "char_literal" || program.tree().nodes[i].type == "character_literal") character_at(list, i);
    const std::string_view type = program.tree().nodes[i].type;
    if (type == "true" || type == "True") list.replace("truth", "to false", i, program.python() ? "False" : "false");
    if (type == "false" || type == "False") list.replace("truth", "to true", i, program.python() ? "True" : "true");
  }
}

}  // namespace autodev::apply
