// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/commands/list.h"
#include "index/request_bench.h"

namespace autodev::app::commands {
namespace {

constexpr std::uint64_t max_file_bytes = std::uint64_t{64} << 20;
constexpr std::size_t max_subjects = 400;

Result<std::string> named_file(CommandContext& context, const char* option) {
  const auto file = context.arguments.text(option);
  if (!file) return std::string();
  return context.env.read_file(*file, max_file_bytes);
}

Result<index::RequestTexts> read_texts(CommandContext& context) {
  index::RequestTexts texts;
  AUTODEV_TRY_ASSIGN(const std::string words, named_file(context, "words"));
  AUTODEV_TRY_ASSIGN(const std::string templates, named_file(context, "templates"));
  AUTODEV_TRY_ASSIGN(const std::string paraphrases, named_file(context, "paraphrases"));
  AUTODEV_TRY_ASSIGN(const std::string subjects, named_file(context, "subjects"));
  AUTODEV_TRY_ASSIGN(const std::string foreign, named_file(context, "foreign"));
  AUTODEV_TRY_ASSIGN(texts.pairs, index::make_request_pairs(words, templates));
  AUTODEV_TRY_ASSIGN(texts.paraphrases, index::read_pairs(paraphrases, "paraphrases"));
  texts.subjects = index::read_lines(subjects);
  if (texts.subjects.size() > max_subjects) texts.subjects.resize(max_subjects);
  texts.foreign = index::read_lines(foreign);
  if (texts.pairs.empty() && texts.paraphrases.empty() && texts.subjects.empty() && texts.foreign.empty())
    return fail(ErrorCode::usage, "bench requests: nothing to measure", "name at least --templates with --words, or --paraphrases");
  return texts;
}

}  // namespace

Command bench_requests() {
  Command command;
  command.path = "learn bench requests";
  command.summary = "requests that read alike but want something else; paraphrases; requests of other fields";
  command.details =
      "Words: sections [verb] [property] [unit] [name] of lines \"one | other\"; templates: sentences with a hole {} by the same\n"
      "sections, [direction] with two holes, [direction-pairs], [negation] as pairs. Every pair is stored one way and asked for\n"
      "the other way round; a false hit is the stored one among the hits shown. See bench/corpus/requests.";
  command.options = {{"words", OptionKind::text, "FILE", "pairs of words that exclude each other"},
                     {"templates", OptionKind::text, "FILE", "sentences to put them into"},
                     {"paraphrases", OptionKind::text, "FILE", "pairs of requests that want the same"},
                     {"subjects", OptionKind::text, "FILE", "commit subjects, one a line; the first 400 count"},
                     {"foreign", OptionKind::text, "FILE", "requests that nothing in a library of code answers"}};
  command.run = [](CommandContext& context) -> Result<int> {
    AUTODEV_TRY_ASSIGN(const index::RequestTexts texts, read_texts(context));
    AUTODEV_TRY_ASSIGN(const index::RequestReport report, index::run_request_bench(texts));
    if (context.output.json) context.output.raw(report.json_line() + "\n");
    else context.output.raw(report.text());
    return 0;
  };
  return command;
}

}  // namespace autodev::app::commands
