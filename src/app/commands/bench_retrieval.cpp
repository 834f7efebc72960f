// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/commands/list.h"
#include "index/retrieval_bench.h"
#include "index/retrieval_task.h"

namespace autodev::app::commands {
namespace {

constexpr std::uint64_t max_file_bytes = std::uint64_t{1} << 30;

Result<std::string> named_file(CommandContext& context, const char* option) {
  const auto file = context.arguments.text(option);
  if (!file) return fail(ErrorCode::usage, std::string("bench retrieval: --") + option + " FILE is missing");
  return context.env.read_file(*file, max_file_bytes);
}

}  // namespace

Command bench_retrieval() {
  Command command;
  command.path = "learn bench retrieval";
  command.summary = "ranking quality on judged queries, beside a plain BM25";
  command.details =
      "Corpus: JSON Lines {id, language, code, description}; queries: {id, text}; judgements: query-id TAB doc-id TAB grade.\n"
      "Arms in one run: fused, lexical, dense, bm25_whitespace. Ends with one JSON line under --json.";
  command.options = {{"corpus", OptionKind::text, "FILE", "documents"},
                     {"queries", OptionKind::text, "FILE", "queries"},
                     {"qrels", OptionKind::text, "FILE", "judgements"}};
  command.run = [](CommandContext& context) -> Result<int> {
    AUTODEV_TRY_ASSIGN(const std::string corpus, named_file(context, "corpus"));
    AUTODEV_TRY_ASSIGN(const std::string queries, named_file(context, "queries"));
    AUTODEV_TRY_ASSIGN(const std::string qrels, named_file(context, "qrels"));
    AUTODEV_TRY_ASSIGN(const index::RetrievalTask task, index::read_retrieval_task(corpus, queries, qrels));
    AUTODEV_TRY_ASSIGN(const index::RetrievalReport report, index::run_retrieval_bench(task));
    if (context.output.json) context.output.raw(report.json_line() + "\n");
    else context.output.raw(report.text());
    return 0;
  };
  return command;
}

}  // namespace autodev::app::commands
