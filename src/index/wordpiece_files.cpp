// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Tokenizer files. Whatever would make other numbers than the file means is refused, not ignored.
#include <fmt/format.h>

#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "index/wordpiece.h"

namespace autodev::index::bert {
namespace {

constexpr std::size_t max_file_bytes = std::size_t{16} << 20;  // the vocabulary of 100 languages takes 3 MB
constexpr std::size_t max_vocabulary = 1'000'000;
constexpr std::size_t max_around = 16;
constexpr std::size_t max_special = 1'000;
constexpr std::size_t max_word_characters = 1'000;

std::string shown(const base::Json& value) { return base::strip_controls(std::string(base::clip_utf8(base::dump_json(value), 80))); }

Error damaged(const std::string& what) {
  return {ErrorCode::bad_data, "the tokenizer is not usable: " + what, "download the model's folder again"};
}

Error not_supported(const std::string& what) {
  return {ErrorCode::config, "this tokenizer is not supported: " + what,
          "models with BertNormalizer, BertPreTokenizer and WordPiece run here; serve others with learn.embedder.kind endpoint"};
}

const base::Json& member(const base::Json& object, const char* key) {
  static const base::Json none;
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found == object.end() ? none : *found;
}

std::string text_or(const base::Json& object, const char* key, const std::string& otherwise) {
  const base::Json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : otherwise;
}

bool flag_or(const base::Json& object, const char* key, bool otherwise) {
  const base::Json& value = member(object, key);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

Result<std::uint32_t> number_of(const base::Json& value, const char* what) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > max_vocabulary)
    return tl::make_unexpected(damaged(fmt::format("{} is {}, not a number below a million", what, shown(value))));
  return static_cast<std::uint32_t>(value.get<std::uint64_t>());
}

Result<void> read_vocabulary(const base::Json& model, TokenizerRules& rules) {
  if (const std::string type = text_or(model, "type", "WordPiece"); type != "WordPiece")
    return tl::make_unexpected(not_supported("its model is " + shown(type)));
  const base::Json& vocabulary = member(model, "vocab");
  if (!vocabulary.is_object() || vocabulary.empty() || vocabulary.size() > max_vocabulary)
    return tl::make_unexpected(damaged("it has no vocabulary"));
  rules.vocabulary.reserve(vocabulary.size());
  for (const auto& [piece, number] : vocabulary.items()) {
    AUTODEV_TRY_ASSIGN(rules.vocabulary[piece], number_of(number, "the number of a piece"));
  }
  const auto unknown = rules.vocabulary.find(text_or(model, "unk_token", "[UNK]"));
  if (unknown == rules.vocabulary.end()) return tl::make_unexpected(damaged("its vocabulary has no unknown piece"));
  rules.unknown = unknown->second;
  rules.continuation = text_or(model, "continuing_subword_prefix", "##");
  if (const base::Json& longest = member(model, "max_input_chars_per_word"); !longest.is_null()) {
    AUTODEV_TRY_ASSIGN(rules.max_word, number_of(longest, "max_input_chars_per_word"));
    rules.max_word = std::min(rules.max_word, max_word_characters);
  }
  return {};
}

Result<void> read_normalizer(const base::Json& file, TokenizerRules& rules) {
  const base::Json& normalizer = member(file, "normalizer");
  if (text_or(normalizer, "type", "") != "BertNormalizer")
    return tl::make_unexpected(not_supported("its normalizer is " + shown(member(normalizer, "type"))));
  if (text_or(member(file, "pre_tokenizer"), "type", "") != "BertPreTokenizer")
    return tl::make_unexpected(not_supported("its pre_tokenizer is " + shown(member(member(file, "pre_tokenizer"), "type"))));
  rules.clean = flag_or(normalizer, "clean_text", true);
  rules.ideographs = flag_or(normalizer, "handle_chinese_chars", true);
  rules.lower = flag_or(normalizer, "lowercase", true);
  rules.strip_accents = flag_or(normalizer, "strip_accents", rules.lower);
  return {};
}

Result<void> read_special(const base::Json& tokens, TokenizerRules& rules) {
  if (tokens.is_null()) return {};
  if (!tokens.is_array() || tokens.size() > max_special) return tl::make_unexpected(damaged("added_tokens is no short list"));
  for (const base::Json& token : tokens) {
    const std::string content = text_or(token, "content", "");
    if (content.empty()) return tl::make_unexpected(damaged("an added token without text"));
    // Blanks around a token that is a word of its own change nothing; these two do.
    if (flag_or(token, "single_word", false) || flag_or(token, "normalized", false))
      return tl::make_unexpected(not_supported("the added token " + shown(content) + " is looked for in normalised text or whole words"));
    AUTODEV_TRY_ASSIGN(const std::uint32_t number, number_of(member(token, "id"), "the number of an added token"));
    rules.special.emplace_back(content, number);
  }
  return {};
}

Result<void> read_template(const base::Json& processor, TokenizerRules& rules) {
  const base::Json& parts = member(processor, "single");
  if (!parts.is_array() || parts.size() > max_around) return tl::make_unexpected(damaged("its template has no short list of parts"));
  bool seen = false;
  for (const base::Json& part : parts) {
    const bool sequence = part.is_object() && part.contains("Sequence");
    const base::Json& body = member(part, sequence ? "Sequence" : "SpecialToken");
    const base::Json& type = member(body, "type_id");
    if (!body.is_object() || !(type.is_null() || type == 0) || (sequence && seen))
      return tl::make_unexpected(not_supported("a part of its template is " + shown(part)));
    seen = seen || sequence;
    if (sequence) continue;
    const base::Json& ids = member(member(member(processor, "special_tokens"), text_or(body, "id", "").c_str()), "ids");
    if (!ids.is_array() || ids.empty() || ids.size() > max_around) return tl::make_unexpected(damaged("a part of its template has no number"));
    for (const base::Json& id : ids) {
      AUTODEV_TRY_ASSIGN(const std::uint32_t number, number_of(id, "a part of the template"));
      (seen ? rules.after : rules.before).push_back(number);
    }
  }
  if (!seen) return tl::make_unexpected(damaged("its template has no place for the text"));
  return {};
}

Result<void> read_processor(const base::Json& processor, TokenizerRules& rules) {
  const std::string type = text_or(processor, "type", "");
  if (type == "TemplateProcessing") return read_template(processor, rules);
  if (type != "BertProcessing") return tl::make_unexpected(not_supported("its post_processor is " + shown(member(processor, "type"))));
  for (const auto& [key, list] : {std::pair("cls", &rules.before), std::pair("sep", &rules.after)}) {
    const base::Json& pair = member(processor, key);
    if (!pair.is_array() || pair.size() != 2) return tl::make_unexpected(damaged(fmt::format("{} is no pair", key)));
    AUTODEV_TRY_ASSIGN(const std::uint32_t number, number_of(pair[1], key));
    list->push_back(number);
  }
  return {};
}

}  // namespace

Result<WordPiece> read_tokenizer_json(std::string_view bytes) {
  AUTODEV_TRY_ASSIGN(const base::Json file, base::parse_json(bytes, "tokenizer.json", {.max_bytes = max_file_bytes, .max_depth = 16}));
  if (!file.is_object()) return tl::make_unexpected(damaged("it is no JSON object"));
  TokenizerRules rules;
  AUTODEV_TRY(read_vocabulary(member(file, "model"), rules));
  AUTODEV_TRY(read_normalizer(file, rules));
  AUTODEV_TRY(read_special(member(file, "added_tokens"), rules));
  AUTODEV_TRY(read_processor(member(file, "post_processor"), rules));
  return WordPiece(std::move(rules));
}

Result<WordPiece> read_vocabulary_text(std::string_view vocabulary, std::string_view config) {
  TokenizerRules rules;
  if (vocabulary.size() > max_file_bytes) return tl::make_unexpected(damaged("vocab.txt is too large"));
  std::uint32_t number = 0;
  for (const std::string_view line : base::split_lines(vocabulary)) {
    if (number == max_vocabulary) return tl::make_unexpected(damaged("vocab.txt has more than a million lines"));
    rules.vocabulary[base::repair_utf8(line)] = number++;
  }
  if (!config.empty()) {
    AUTODEV_TRY_ASSIGN(const base::Json settings, base::parse_json(config, "tokenizer_config.json", {.max_bytes = max_file_bytes, .max_depth = 16}));
    rules.lower = flag_or(settings, "do_lower_case", true);
    rules.ideographs = flag_or(settings, "tokenize_chinese_chars", true);
    rules.strip_accents = flag_or(settings, "strip_accents", rules.lower);
  }
  const auto piece = [&](const char* text) -> Result<std::uint32_t> {
    const auto found = rules.vocabulary.find(std::string_view(text));
    if (found == rules.vocabulary.end()) return tl::make_unexpected(damaged(fmt::format("vocab.txt has no {}", text)));
    rules.special.emplace_back(text, found->second);
    return found->second;
  };
  AUTODEV_TRY_ASSIGN(rules.unknown, piece("[UNK]"));
  AUTODEV_TRY_ASSIGN(const std::uint32_t first, piece("[CLS]"));
  AUTODEV_TRY_ASSIGN(const std::uint32_t last, piece("[SEP]"));
  for (const char* optional : {"[PAD]", "[MASK]"})
    if (rules.vocabulary.contains(std::string_view(optional))) AUTODEV_TRY(piece(optional));
  rules.before = {first};
  rules.after = {last};
  return WordPiece(std::move(rules));
}

}  // namespace autodev::index::bert
