// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The tree-sitter grammars by language, and one parse with a deadline.
//
// The clock is read in the progress callback only, which tree-sitter calls every hundred operations. It is the
// monotonic clock of the process and decides nothing but "give up".
#include "syntax/grammar.h"

#include <fmt/format.h>

extern "C" {
const TSLanguage* tree_sitter_c(void);
const TSLanguage* tree_sitter_cpp(void);
const TSLanguage* tree_sitter_python(void);
const TSLanguage* tree_sitter_rust(void);
const TSLanguage* tree_sitter_javascript(void);
const TSLanguage* tree_sitter_typescript(void);
const TSLanguage* tree_sitter_tsx(void);
const TSLanguage* tree_sitter_go(void);
const TSLanguage* tree_sitter_java(void);
const TSLanguage* tree_sitter_c_sharp(void);
const TSLanguage* tree_sitter_ruby(void);
const TSLanguage* tree_sitter_php(void);
const TSLanguage* tree_sitter_bash(void);
}

namespace autodev::syntax {
namespace {

using Clock = std::chrono::steady_clock;

struct Source {
  std::string_view text;
};

const char* read_source(void* payload, std::uint32_t offset, TSPoint, std::uint32_t* length) {
  const auto text = static_cast<const Source*>(payload)->text;
  if (offset >= text.size()) {
    *length = 0;
    return "";
  }
  *length = static_cast<std::uint32_t>(text.size() - offset);
  return text.data() + offset;
}

bool past_deadline(TSParseState* state) {
  return Clock::now() >= *static_cast<const Clock::time_point*>(state->payload);
}

struct ParserDeleter {
  void operator()(TSParser* parser) const noexcept { ts_parser_delete(parser); }
};

}  // namespace

const TSLanguage* grammar_of(Language language) noexcept {
  switch (language) {
    case Language::c:
      return tree_sitter_c();
    case Language::cpp:
      return tree_sitter_cpp();
    case Language::python:
      return tree_sitter_python();
    case Language::rust:
      return tree_sitter_rust();
    case Language::javascript:
      return tree_sitter_javascript();
    case Language::typescript:
      return tree_sitter_typescript();
    case Language::tsx:
      return tree_sitter_tsx();
    case Language::go:
      return tree_sitter_go();
    case Language::java:
      return tree_sitter_java();
    case Language::csharp:
      return tree_sitter_c_sharp();
    case Language::ruby:
      return tree_sitter_ruby();
    case Language::php:
      return tree_sitter_php();
    case Language::bash:
      return tree_sitter_bash();
    case Language::unknown:
      break;
  }
  return nullptr;
}

Result<TreePointer> parse_source(std::string_view source, Language language, std::chrono::milliseconds deadline) {
  const std::unique_ptr<TSParser, ParserDeleter> parser(ts_parser_new());
  const TSLanguage* grammar = grammar_of(language);
  if (grammar == nullptr || !ts_parser_set_language(parser.get(), grammar))
    return fail(ErrorCode::internal, fmt::format("the {} grammar cannot be used", to_string(language)));
  Source payload{source};
  auto limit = Clock::now() + deadline;
  TSInput input{};
  input.payload = &payload;
  input.read = read_source;
  input.encoding = TSInputEncodingUTF8;
  TSParseOptions options{};
  options.payload = &limit;
  options.progress_callback = past_deadline;
  TreePointer tree(ts_parser_parse_with_options(parser.get(), nullptr, input, options));
  if (!tree)
    return fail(ErrorCode::bad_data, fmt::format("parsing did not end within {} ms", deadline.count()),
                "the file is skipped; raise the parse deadline if it is genuine");
  return tree;
}

}  // namespace autodev::syntax
