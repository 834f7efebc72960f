// SPDX-License-Identifier: MIT OR Apache-2.0
//
// embed pairs | train: how the built-in embedder's table is made (docs/embedder.md).
#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

#include "app/commands/list.h"
#include "app/embed_pairs.h"
#include "base/hash.h"
#include "base/terminal.h"
#include "base/text.h"
#include "index/document_terms.h"
#include "index/embed_train.h"
#include "index/retrieval_task.h"

namespace autodev::app::commands {
namespace {

constexpr std::uint64_t max_pairs_bytes = std::uint64_t{4} << 30;

Result<std::string> output_of(CommandContext& context) {
  const auto output = context.arguments.text("output");
  if (!output) return fail(ErrorCode::usage, "--output FILE is missing");
  return *output;
}

Result<int> run_pairs(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const std::string output, output_of(context));
  AUTODEV_TRY_ASSIGN(const auto most, context.arguments.number("most", 1, 1'000'000));
  std::string lines;
  base::Progress progress(context.env, "packages", 0, !context.output.quiet);
  AUTODEV_TRY_ASSIGN(const PairCounts counts, for_each_pair(context.env, context.arguments.positionals.front(), static_cast<std::size_t>(most.value_or(4'000)),
                                                            [&](const EmbedPair& pair) -> Result<void> {
                                                              lines += to_json_line(pair);
                                                              return {};
                                                            },
                                                            [&](const PairCounts& so_far) { progress.update(so_far.packages, fmt::format("{} pairs", so_far.pairs)); }));
  progress.finish();
  AUTODEV_TRY(context.env.write_file_atomically(output, lines));
  context.output.object({{"packages", counts.packages}, {"files", counts.files}, {"functions", counts.functions}, {"pairs", counts.pairs}, {"repeated", counts.repeated}, {"output", output}});
  context.output.line(fmt::format("{} pairs of {} functions in {} files of {} packages ({} were repeated)", counts.pairs, counts.functions, counts.files, counts.packages, counts.repeated));
  return counts.pairs > 0 ? 0 : 1;
}

/// Stems as the index embeds them, a stem that counts twice two times.
std::vector<std::string> stems_of(const index::Document& document) {
  const index::DocumentWords words(document);
  std::vector<std::string> stems;
  for (const index::CountedStem& stem : index::embedding_stems(words))
    for (int time = 0; time < static_cast<int>(stem.count); ++time) stems.emplace_back(stem.text);
  return stems;
}

index::TrainingPair training_pair(const EmbedPair& pair, std::map<std::string, std::uint32_t>& packages) {
  std::vector<std::string> description;
  for (index::Term& term : index::terms_of(pair.description))
    if (!term.whole) description.push_back(std::move(term.text));
  const auto package = packages.emplace(pair.package, static_cast<std::uint32_t>(packages.size())).first->second;
  return {std::move(description), stems_of(index::document_of({"", std::string(to_string(pair.language)), pair.code, ""})), package};
}

/// A description that many functions share tells none of them apart.
constexpr std::uint32_t max_of_one_description = 4;

/// What makes two pairs the same: the code without its white space, or name and description.
std::array<Digest, 2> marks_of(const EmbedPair& pair) {
  std::string code;
  for (const char c : pair.code)
    if (c != ' ' && (c < '\t' || c > '\r')) code += c;
  return {base::hash128(code), base::hash128(pair.name + "|" + base::to_lower_ascii(pair.description), 1)};
}

/// Pairs that must not be learned: those of tests.
Result<std::set<Digest>> excepted(CommandContext& context) {
  std::set<Digest> marks;
  for (const std::string& file : context.arguments.list("except")) {
    AUTODEV_TRY_ASSIGN(const std::string text, context.env.read_file(file, max_pairs_bytes));
    AUTODEV_TRY_ASSIGN(const auto pairs, parse_pairs(text, file));
    for (const EmbedPair& pair : pairs)
      for (const Digest& mark : marks_of(pair)) marks.insert(mark);
  }
  return marks;
}

Result<std::vector<index::TrainingPair>> training_pairs(CommandContext& context) {
  std::vector<index::TrainingPair> training;
  std::map<std::string, std::uint32_t> packages, descriptions;
  AUTODEV_TRY_ASSIGN(const std::set<Digest> left_out, excepted(context));
  if (context.arguments.list("pairs").empty()) return fail(ErrorCode::usage, "--pairs FILE is missing", "auto-dev learn embed pairs makes it");
  for (const std::string& file : context.arguments.list("pairs")) {
    AUTODEV_TRY_ASSIGN(const std::string text, context.env.read_file(file, max_pairs_bytes));
    AUTODEV_TRY_ASSIGN(const auto pairs, parse_pairs(text, file));
    for (const EmbedPair& pair : pairs) {
      const auto marks = marks_of(pair);
      if (left_out.contains(marks[0]) || left_out.contains(marks[1])) continue;
      if (++descriptions[base::to_lower_ascii(pair.description)] <= max_of_one_description) training.push_back(training_pair(pair, packages));
    }
  }
  return training;
}

Result<int> run_train(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const std::string output, output_of(context));
  index::TrainOptions options;
  AUTODEV_TRY_ASSIGN(const auto epochs, context.arguments.number("epochs", 1, 100));
  AUTODEV_TRY_ASSIGN(const auto batch, context.arguments.number("batch", 2, 8'192));
  AUTODEV_TRY_ASSIGN(const auto chunk, context.arguments.number("chunk", 1, 8'192));
  AUTODEV_TRY_ASSIGN(const auto stems, context.arguments.number("stems", 1, 1'000'000));
  AUTODEV_TRY_ASSIGN(const auto seed, context.arguments.number("seed", 0, UINT64_MAX));
  AUTODEV_TRY_ASSIGN(const auto rate, context.arguments.real("rate", 1e-6, 1));
  AUTODEV_TRY_ASSIGN(const auto temperature, context.arguments.real("temperature", 0.001, 10));
  AUTODEV_TRY_ASSIGN(const auto unknown, context.arguments.real("unknown-gain", 0, 1e5));
  options.epochs = static_cast<std::uint32_t>(epochs.value_or(options.epochs));
  options.batch = static_cast<std::uint32_t>(batch.value_or(options.batch));
  options.chunk = static_cast<std::uint32_t>(chunk.value_or(options.chunk));
  options.max_stems = static_cast<std::uint32_t>(stems.value_or(options.max_stems));
  options.seed = seed.value_or(options.seed);
  options.learning_rate = rate.value_or(options.learning_rate);
  options.temperature = temperature.value_or(options.temperature);
  AUTODEV_TRY_ASSIGN(const auto pairs, training_pairs(context));
  base::Progress progress(context.env, "pairs", 0, !context.output.quiet);
  double last = 0;
  options.on_progress = [&](std::uint32_t epoch, std::size_t done, std::size_t total, double loss) {
    last = loss;
    progress.update(epoch * total + done, fmt::format("epoch {}, loss {:.3f}", epoch + 1, loss));
  };
  const auto trained = index::train_embedder(pairs, options);
  progress.finish();
  if (trained.empty()) return fail(ErrorCode::bad_data, "these pairs have no word that is frequent enough", "train on more pairs");
  AUTODEV_TRY_ASSIGN(const std::string table, index::write_static_table(trained, static_cast<float>(unknown.value_or(index::default_unknown_gain))));
  AUTODEV_TRY(context.env.write_file_atomically(output, table));
  context.output.object({{"pairs", pairs.size()}, {"stems", trained.size()}, {"bytes", table.size()}, {"loss", last}, {"output", output}});
  context.output.line(fmt::format("{} stems from {} pairs, {:.2f} MB, last loss {:.3f}", trained.size(), pairs.size(), static_cast<double>(table.size()) / 1e6, last));
  return 0;
}

}  // namespace

Command embed_pairs() {
  Command command;
  command.path = "learn embed pairs";
  command.summary = "pairs of a description and its code from folders of packages";
  command.details = "FOLDER/<ecosystem>/<package>/... is what bench/embedder/fetch_corpus.py makes. One JSON line a pair; each pair once.";
  command.positionals = {{"FOLDER", "folder of packages", 1, 1}};
  command.options = {{"output", OptionKind::text, "FILE", "where the pairs go"}, {"most", OptionKind::whole_number, "N", "pairs of one package at most (default 4000)"}};
  command.exit_codes = "0 written, 1 there were none";
  command.run = run_pairs;
  return command;
}

Command embed_train() {
  Command command;
  command.path = "learn embed train";
  command.summary = "train the table of the built-in embedder on such pairs";
  command.details = "Contrastive training with in-batch negatives; deterministic. The table of this program and how to repeat it: docs/embedder.md.";
  command.options = {{"pairs", OptionKind::list, "FILE", "pairs; may be repeated"},
                     {"except", OptionKind::list, "FILE", "pairs that must not be learned, those of tests; may be repeated"},
                     {"output", OptionKind::text, "FILE", "where the table goes"},
                     {"epochs", OptionKind::whole_number, "N", "passes over the pairs"},
                     {"batch", OptionKind::whole_number, "N", "pairs of a batch"},
                     {"chunk", OptionKind::whole_number, "N", "pairs of one package that stay together in a batch"},
                     {"stems", OptionKind::whole_number, "N", "size of the vocabulary at most"},
                     {"rate", OptionKind::real_number, "R", "learning rate of vectors"},
                     {"temperature", OptionKind::real_number, "T", "what similarities are divided by"},
                     {"unknown-gain", OptionKind::real_number, "G", "weight of stems that are not in the table"},
                     {"seed", OptionKind::whole_number, "N", "seed of the start and of the order"}};
  command.run = run_train;
  return command;
}

}  // namespace autodev::app::commands
