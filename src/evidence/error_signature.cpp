// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One pass over the message: quoted stretches, then words. Nothing is looked up but the tables below.
#include "evidence/error_signature.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "evidence/tally.h"

namespace autodev::evidence {
namespace {

constexpr std::size_t max_signature_bytes = 240;
constexpr std::size_t max_read_bytes = 2'000;  // of a message: its first lines say what is wrong
constexpr std::size_t max_quoted_bytes = 300;

/// Names that belong to languages and not to the user: they stay.
constexpr std::string_view language_names =
    " int char void bool float double long short unsigned signed auto const size_t string str bytes list dict tuple "
    "set object function class "
    "NoneType None type module generator number boolean undefined null String Object Array Map Option Result Vec Box "
    "self this any never unknown "
    "i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 usize isize error nil interface byte rune std Integer Double Boolean return "
    "else if for while end ";

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Is every word in it one of a language's, or are there none at all? "char *", ";", "&str".
bool is_of_language(std::string_view quoted) {
  std::string word;
  for (std::size_t i = 0; i <= quoted.size(); ++i) {
    if (i < quoted.size() && is_word(quoted[i])) {
      word += quoted[i];
    } else if (!word.empty()) {
      if (language_names.find(" " + word + " ") == std::string_view::npos) return false;
      word.clear();
    }
  }
  return quoted.size() <= 40;
}

struct Quotes {
  std::string_view open, close;
};
constexpr std::array<Quotes, 5> quotes{{{"‘", "’"}, {"“", "”"}, {"`", "'`"}, {"'", "'"}, {"\"", "\""}}};

/// A quoted stretch at `at`: its content, and where the text goes on. A quote opens behind a character that is no part
/// of a word, so that apostrophes do not.
std::optional<std::string_view> quoted_at(std::string_view text, std::size_t at, std::size_t& next) {
  for (const Quotes& pair : quotes) {
    if (!text.substr(at).starts_with(pair.open)) continue;
    if (pair.open.size() == 1 && at > 0 && is_word(text[at - 1])) continue;
    const std::size_t begin = at + pair.open.size();
    const std::size_t end = pair.open == "`" ? text.find_first_of(pair.close, begin) : text.find(pair.close, begin);
    if (end == std::string_view::npos || end - begin > max_quoted_bytes || end == begin) continue;
    next = end + (pair.open == "`" ? 1 : pair.close.size());
    return text.substr(begin, end - begin);
  }
  return std::nullopt;
}

bool looks_like_path(std::string_view word) {
  const std::size_t slash = word.find_first_of("/\\");
  if (slash != std::string_view::npos && word.size() > 1 && word != "//" &&
      word.find_first_of("=|") == std::string_view::npos) {
    return std::any_of(word.begin(), word.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  }
  constexpr std::string_view endings =
      " c h cc cpp cxx hpp hh py js mjs cjs ts tsx jsx rs go java rb php cs sh o so a json toml txt ";
  const std::size_t dot = word.rfind('.');
  const std::string_view ending =
      dot == std::string_view::npos ? std::string_view() : word.substr(dot + 1, word.find(':', dot) - dot - 1);
  return !ending.empty() && dot > 0 && endings.find(" " + std::string(ending) + " ") != std::string_view::npos;
}

bool is_identifier_of_things(std::string_view word) {  // hashes, UUIDs, commit names
  std::size_t hex = 0, digits = 0;
  for (const char c : word) {
    if (!is_hex(c) && c != '-') return false;
    hex += is_hex(c) ? 1 : 0;
    digits += is_digit(c) ? 1 : 0;
  }
  return hex >= 8 && digits > 0 && digits < hex;
}

/// What stands for a word; empty: the word itself.
std::string_view holder_of(std::string_view word) {
  if (word.starts_with("0x") || word.starts_with("0X")) return "<addr>";
  if (is_identifier_of_things(word)) return "<id>";
  const std::string lower = base::to_lower_ascii(word);
  if (looks_like_path(word)) return "<path>";
  if (is_digit(word.front())) return "<n>";
  if ((lower.starts_with("tmp") || lower.starts_with("temp_")) && std::any_of(word.begin(), word.end(), is_digit))
    return "<tmp>";
  return {};
}

/// Where tools name the user's things without quotes: the phrase, and whether the name stands behind it.
struct Bare {
  std::string_view phrase;
  bool behind;
};
constexpr std::array bare_names{Bare{"undefined: ", true},
                                Bare{" is not a function", false},
                                Bare{" is not a constructor", false},
                                Bare{" is not defined", false},
                                Bare{" is not iterable", false},
                                Bare{"No module named ", true},
                                Bare{" declared and not used", false},
                                Bare{"declared and not used: ", true},
                                Bare{"imported and not used: ", true},
                                Bare{" redeclared", false},
                                Bare{"cannot find -l", true},
                                Bare{"multiple definition of ", true}};

/// The extent of a name with dots, calls and brackets: "a.b", "carts[0].total".
bool is_of_name(char c) noexcept {
  return is_word(c) || c == '.' || c == '$' || c == '[' || c == ']' || c == ':';
}

std::string without_bare_names(std::string_view message) {
  std::string text(message);
  for (const Bare& bare : bare_names) {
    const std::size_t at = text.find(bare.phrase);
    if (at == std::string::npos) continue;
    std::size_t from = at, to = at;
    if (bare.behind) {
      from = to = at + bare.phrase.size();
      while (to < text.size() && is_of_name(text[to])) ++to;
    } else {
      while (from > 0 && is_of_name(text[from - 1])) --from;
      if (from < to && text[to - 1] == ':') continue;  // "TypeError: is not a function"
    }
    if (to > from) text.replace(from, to - from, "<name>");
  }
  return text;
}

/// The line or lines that say what is wrong.
std::string telling_lines(std::string_view message) {
  std::string text;
  for (const std::string_view raw : base::split_lines(message)) {
    const std::string_view line = base::trim(raw);
    if (line.empty()) continue;
    if (!text.empty() && (line.starts_with("at ") || line.starts_with("+  where") || line.starts_with("note:"))) break;
    text += (text.empty() ? "" : " ") + std::string(line);
    // A first line that ends open ("Expected equality of these values:") needs what follows.
    if (!line.ends_with(':') && !line.ends_with("failed") && text.size() > 12) break;
  }
  std::string_view shown = text;
  // What a compiler suggests depends on what else is in the file.
  for (const std::string_view suggestion : {"; did you mean", ". Did you mean", "? Did you mean", "; use "})
    if (const std::size_t at = shown.find(suggestion); at != std::string_view::npos && at > 8)
      shown = shown.substr(0, at);
  take_prefix(shown, "failed on setup with \"");
  if (take_prefix(shown, "AssertionError: ") && !shown.starts_with("assert "))
    return "AssertionError: " + std::string(shown);
  return std::string(shown);
}

/// A claim without its values.
std::string without_numbers(std::string_view claim) {
  std::string text;
  for (std::size_t i = 0; i < claim.size();) {
    const bool inside_word = i > 0 && is_word(claim[i - 1]);
    if (inside_word || !is_digit(claim[i])) {
      text += claim[i++];
      continue;
    }
    text += "<n>";
    while (i < claim.size() && (is_word(claim[i]) || claim[i] == '.')) ++i;
  }
  return text;
}

std::string_view last_name(std::string_view id) {
  for (const std::string_view separator : {"::", " > ", " › ", "."})
    if (const std::size_t at = id.rfind(separator); at != std::string_view::npos && at + separator.size() < id.size())
      id = id.substr(at + separator.size());
  return id;
}

}  // namespace

std::string normalise_message(std::string_view message) {
  const std::string text =
      without_bare_names(telling_lines(base::strip_controls(base::repair_utf8(message.substr(0, max_read_bytes)))));
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t next = i;
    if (const auto inside = quoted_at(text, i, next)) {
      if (result.ends_with("ssertion "))  // of assert(...): what was claimed tells one assertion from another
        result += "'" + without_numbers(*inside) + "'";
      else
        result += is_of_language(*inside) ? "'" + std::string(*inside) + "'" : std::string("<name>");
      i = next;
      continue;
    }
    if (text.compare(i, 6, "<name>") == 0) {
      result += "<name>";
      i += 6;
      continue;
    }
    const auto joined = [](char c) { return is_word(c) || c == '/' || c == '.' || c == '\\' || c == '-' || c == ':'; };
    while (next < text.size() && joined(text[next]) && text.compare(next, 3, "‘") != 0 &&
           text.compare(next, 3, "’") != 0 && text.compare(next, 3, "“") != 0 && text.compare(next, 3, "”") != 0)
      ++next;
    std::string_view word = std::string_view(text).substr(i, next - i);
    std::string_view tail = word;
    while (!word.empty() && (word.back() == '.' || word.back() == ':' || word.back() == '-')) word.remove_suffix(1);
    tail.remove_prefix(word.size());
    if (word.empty()) {
      result += next > i ? std::string(tail) : std::string(1, text[i]);
      i = std::max(next, i + 1);
      continue;
    }
    const std::string_view holder = holder_of(word);
    result += holder.empty() ? word : holder;
    result += tail;
    i = next;
  }
  return std::string(base::clip_utf8(base::fold_whitespace(base::repair_utf8(result)), max_signature_bytes));
}

ErrorSignature signature_of(const CheckFailure& failure) {
  ErrorSignature signature;
  signature.failure = failure;
  signature.cause = cause_of(failure);
  signature.text = normalise_message(failure.message.empty() ? failure.id : failure.message);
  // What an assertion says is the same in a thousand tests: the test belongs to it. Of a diagnostic, its code does.
  const bool general = signature.cause.cause == Cause::assertion || signature.text.size() < 8;
  const bool code = !failure.id.empty() && failure.id.size() <= 32 &&
                    failure.id.find_first_of(" :/.") == std::string::npos && failure.line > 0 &&
                    std::any_of(failure.id.begin(), failure.id.end(), [](char c) { return is_digit(c) || c == '-'; }) &&
                    !failure.id.starts_with("test");
  std::string_view front;
  if (general && failure.id != "assert" && failure.id != "AssertionError")
    front = last_name(failure.id);
  else if (code)
    front = failure.id;
  if (!front.empty() && !signature.text.starts_with(front)) signature.text = std::string(front) + ": " + signature.text;
  signature.id = base::hash128(signature.text);
  return signature;
}

std::vector<ErrorSignature> signatures_of(const std::vector<CheckFailure>& failures, std::size_t limit) {
  std::vector<ErrorSignature> all;
  std::set<Digest> seen;
  for (const CheckFailure& failure : failures) {
    if (all.size() >= limit) break;
    if (failure.message.empty() && failure.id.empty()) continue;
    ErrorSignature one = signature_of(failure);
    if (seen.insert(one.id).second) all.push_back(std::move(one));
  }
  return all;
}

bool only_environment(const std::vector<CheckFailure>& failures) {
  return !failures.empty() && std::all_of(failures.begin(), failures.end(), [](const CheckFailure& failure) {
    return cause_of(failure).cause == Cause::environment;
  });
}

}  // namespace autodev::evidence
