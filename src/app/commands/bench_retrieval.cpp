// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/commands/bench_io.h"
#include "app/commands/list.h"
#include "index/embedder.h"
#include "index/folder_embedder.h"
#include "index/request_pairs.h"
#include "index/retrieval_bench.h"
#include "index/retrieval_task.h"

namespace autodev::app::commands {
namespace {

Result<int> run_bench(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const std::string corpus, named_file(context, "corpus"));
  AUTODEV_TRY_ASSIGN(const std::string queries, named_file(context, "queries"));
  AUTODEV_TRY_ASSIGN(const std::string qrels, named_file(context, "qrels"));
  std::string table;
  std::unique_ptr<index::Embedder> other;
  if (context.arguments.text("table")) {
    AUTODEV_TRY_ASSIGN(table, named_file(context, "table"));
    AUTODEV_TRY_ASSIGN(other, index::make_static_embedder(table, "static-code/measured"));
  }
  AUTODEV_TRY_ASSIGN(index::RetrievalTask task, index::read_retrieval_task(corpus, queries, qrels));
  if (context.arguments.text("foreign")) {
    AUTODEV_TRY_ASSIGN(const std::string foreign, named_file(context, "foreign"));
    task.foreign = index::read_lines(foreign);
  }
  std::unique_ptr<index::ExternalEmbedder> external;
  if (const auto folder = context.arguments.text("embedder-folder")) {
    AUTODEV_TRY_ASSIGN(external, index::make_folder_embedder(context.env, *folder));
  }
  AUTODEV_TRY_ASSIGN(const index::RetrievalReport report,
                     index::run_retrieval_bench(task, other ? *other : index::built_in_embedder(), {}, external.get()));
  if (const auto file = context.arguments.text("judged")) AUTODEV_TRY(context.env.write_file_atomically(*file, report.judged_lines()));
  context.output.raw(context.output.json ? report.json_line() + "\n" : report.text());
  return 0;
}

}  // namespace

Command bench_retrieval() {
  Command command;
  command.path = "learn bench retrieval";
  command.summary = "ranking quality on judged queries, beside a plain BM25";
  command.details =
      "Corpus: JSON Lines {id, language, code, description}; queries: {id, text}; judgements: query-id TAB doc-id TAB grade.\n"
      "Arms in one run: fused, lexical, dense, bm25_stems, bm25_whitespace. Ends with one JSON line under --json.";
  command.options = {{"corpus", OptionKind::text, "FILE", "documents"},
                     {"queries", OptionKind::text, "FILE", "queries"},
                     {"qrels", OptionKind::text, "FILE", "judgements"},
                     {"foreign", OptionKind::text, "FILE", "requests that nothing in the corpus answers, one a line: how many are refused"},
                     {"judged", OptionKind::text, "FILE", "write what each request was judged by, one JSON line each"},
                     {"table", OptionKind::text, "FILE", "measure with this table of `learn embed train` instead of the built-in one"},
                     {"embedder-folder", OptionKind::text, "FOLDER", "ask in the space of the BERT model in this folder (docs/embedder.md)"}};
  command.run = run_bench;
  return command;
}

}  // namespace autodev::app::commands
