// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/json_views.h"
#include "app/pattern_text.h"
#include "app/standard_input.h"
#include "app/store_location.h"
#include "base/text.h"
#include "index/agreement.h"

namespace autodev::app::commands {
namespace {

constexpr std::uint64_t max_code_bytes = std::uint64_t{1} << 20;

/// The file that --code names, or standard input.
Result<std::optional<FileChange>> given_code(CommandContext& context) {
  const auto file = context.arguments.text("code");
  if (!file) return std::nullopt;
  const std::string path = context.arguments.text("path").value_or(*file == "-" ? "" : *file);
  if (*file != "-") {
    AUTODEV_TRY_ASSIGN(std::string text, context.env.read_file(*file, max_code_bytes));
    return FileChange{path, std::nullopt, std::move(text)};
  }
  if (language_from_path(path) == Language::unknown)
    return fail(ErrorCode::usage, "--code -: the language is not known", "say --path NAME with the file's ending");
  AUTODEV_TRY_ASSIGN(std::string text, read_standard_input(max_code_bytes));
  return FileChange{path, std::nullopt, std::move(text)};
}

Result<SearchConditions> conditions_of(CommandContext& context, const Config& config) {
  SearchConditions conditions;
  if (const auto name = context.arguments.text("language")) {
    conditions.language = language_from_name(*name);
    if (!conditions.language)
      return fail(ErrorCode::usage, fmt::format("--language {}: unknown language", *name),
                  "known: c, cpp, python, rust, javascript, typescript, tsx, go, java, csharp, ruby, php, bash");
  }
  if (const auto name = context.arguments.text("kind")) {
    conditions.kind = unit_kind_from_name(*name);
    if (!conditions.kind) conditions.pattern = pattern_kind_from_name(*name);
    if (!conditions.kind && !conditions.pattern)
      return fail(ErrorCode::usage, fmt::format("--kind {}: unknown kind", *name),
                  "known: function, method, type, block; structural, behavioural, idiom, window");
  }
  conditions.framework = context.arguments.text("framework").value_or("");
  AUTODEV_TRY_ASSIGN(const auto limit, context.arguments.number("limit", 1, 100));
  conditions.limit = static_cast<std::size_t>(limit.value_or(config.number("search.limit")));
  conditions.explain = context.arguments.flag("explain");
  conditions.even_if_unlikely = context.arguments.flag("all");
  AUTODEV_TRY_ASSIGN(conditions.like, given_code(context));
  return conditions;
}

double times_hundred_of_half(double part) { return 200 * part; }

/// "1 of 1 executed uses passed, 2 said it helped"
std::string uses_of(const PatternEvidence& evidence) {
  const std::uint32_t passed = evidence.verified_passes + evidence.applied_passed;
  std::string text = fmt::format("{} of {} executed uses passed", passed, passed + evidence.failures);
  if (evidence.helped > 0) text += fmt::format(", helped {} times", evidence.helped);
  if (evidence.irrelevant + evidence.wrong > 0) text += fmt::format(", rejected {} times", evidence.irrelevant + evidence.wrong);
  return text;
}

/// Every term of the score.
void print_terms(Output& out, const SimilarPattern& hit) {
  out.line(fmt::format("   score {:.3f} = {} {:.3f}{} x success {:.3f} ({}) x source {:.2f}{}", hit.score, hit.structure ? "(text" : "text", hit.text,
                       hit.structure ? fmt::format(" + structure {:.3f}) / 2", *hit.structure) : "", hit.success_factor, uses_of(hit.pattern.evidence),
                       hit.source_factor, hit.gone.empty() ? "" : " (gone: " + hit.gone + ")"));
  out.line(fmt::format("   text {:.3f} = half words ({:.2f}, {:.0f} % of the best) + half vectors ({:.3f}, {:.0f} % of the best); coverage {:.0f} %",
                       hit.text, hit.lexical, times_hundred_of_half(hit.lexical_part), hit.dense, times_hundred_of_half(hit.dense_part),
                       hit.coverage * 100));
  std::string words, vectors;
  for (const auto& [word, share] : hit.words) words += fmt::format("{}{} {:.2f}", words.empty() ? "" : ", ", word, share);
  if (!words.empty()) out.line("   words: " + words);
  for (const VectorShare& share : hit.vectors)
    vectors += fmt::format("{}{} {:+.3f} (most by {})", vectors.empty() ? "" : ", ", share.word, share.share, share.nearest);
  if (!vectors.empty()) out.line("   vectors: " + vectors);
  out.line("   evidence: " + evidence_sentence(hit.pattern));
  if (!hit.pattern.events.empty()) out.line("   newest event: " + hit.pattern.events.front().hex());
}

void print_code(Output& out, std::string_view code, std::size_t lines) {
  const std::string shown = base::strip_controls(clip_lines(base::moved_to_margin(code), lines));
  for (const std::string_view line : base::split_lines(shown)) out.line(fmt::format("     {}", line));
}

/// What your code and the pattern have in common, and what all instances of the pattern have besides.
void print_common(Output& out, const SimilarPattern& hit) {
  constexpr std::size_t common_lines = 8, advised = 5;
  if (hit.overlap.empty()) return;
  out.line(fmt::format("   in common with your code ({:.0f} % of what both tell):", 100 * *hit.common));
  print_code(out, hit.overlap, common_lines);
  if (hit.missing.empty()) return;
  out.line(fmt::format("   all {} of it also have, and your code has not:", hit.pattern.evidence.instances));
  for (std::size_t i = 0; i < std::min(advised, hit.missing.size()); ++i) print_code(out, hit.missing[i], 3);
  if (hit.missing.size() > advised) out.line(fmt::format("     and {} more statements (--json)", hit.missing.size() - advised));
}

/// "function", or what it is of one: "idiom", "usage of an object".
std::string kind_of(const Pattern& pattern) {
  if (pattern.kind == PatternKind::structural) return std::string(to_string(pattern.context.kind));
  return pattern.kind == PatternKind::behavioural ? "usage" : std::string(to_string(pattern.kind));
}

/// What its documentation says; where there is none, what its structure tells.
std::string_view sentence_of(const Pattern& pattern) {
  const bool undocumented = pattern.description.starts_with(fmt::format("{} in {}: ", to_string(pattern.context.kind), to_string(pattern.context.language)));
  return undocumented && !pattern.summary.empty() ? pattern.summary : pattern.description;
}

void print_hit(Output& out, const SimilarPattern& hit, std::size_t rank, bool explain, std::string_view query) {
  const Pattern& pattern = hit.pattern;
  out.line(fmt::format("{}. {}  {}", rank, out.style(pattern.name, base::Style::bold),
                       out.style(fmt::format("{} {} · {} · {}", to_string(pattern.context.language),
                                             kind_of(pattern), to_string(pattern.status),
                                             pattern.id.hex().substr(0, 12)),
                                 base::Style::dim)));
  if (const std::string_view said = sentence_of(pattern); !said.empty()) out.line("   " + std::string(said));
  if (!pattern.examples.empty())
    out.line(fmt::format("   seen in {}:{}", pattern.examples.front().path, pattern.examples.front().first_line));
  if (const auto differs = index::disagreement(query, {pattern.name, pattern.description, pattern.implementation}))
    out.line(fmt::format("   something else: {} ({})", differs->sentence(), index::to_string(differs->kind)));
  if (!hit.gone.empty() && !explain) out.line(fmt::format("   no longer there: {}", hit.gone));
  if (!hit.forms.empty())
    out.line(fmt::format("   forms of it that are not shown: {}{}", hit.forms.front().hex().substr(0, 12),
                         hit.forms.size() > 1 ? fmt::format(" and {} more", hit.forms.size() - 1) : ""));
  if (explain) print_terms(out, hit);
  if (pattern.unkept.starts_with("trivial")) out.line("   says little: " + pattern.unkept);
  if (hit.common) print_common(out, hit);
  print_code(out, pattern.implementation, explain ? 40 : 12);
  out.line();
}

base::Json learned_json(const index::LearnedOfQuery& learned) {
  base::Json words = base::Json::array();
  for (const index::LearnedStem& word : learned.stems) words.push_back({{"word", word.stem}, {"texts", word.pairs}, {"moved", word.strength}});
  return {{"words", words}, {"vectors_share", learned.share.dense()}, {"answers", learned.share.outcomes()}};
}

void print_learned(Output& out, const index::LearnedOfQuery& learned) {
  for (const index::LearnedStem& word : learned.stems)
    out.line(fmt::format("learned of '{}': {} texts, moved by {:.0f} % of its length", word.stem, word.pairs, word.strength * 100));
  if (learned.share.outcomes() > 0)
    out.line(fmt::format("learned of {} answers: vectors count {:.1f} %, words the rest", learned.share.outcomes(), learned.share.dense() * 100));
}

Result<int> find(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(SearchConditions conditions, conditions_of(context, opened.config));
  // An experiment is a record: only then is the store opened for writing.
  if (const double holdout = opened.config.real("learn.experiment.holdout"); holdout > 0 && opened.config.boolean("learn.enabled") && opened.location.exists) {
    opened.system.reset();
    AUTODEV_TRY_ASSIGN(opened, open_store(context, Access::write));
    conditions.holdout = holdout;
  }
  std::string query;
  for (const std::string& word : context.arguments.positionals) query += (query.empty() ? "" : " ") + word;
  if (query.empty() && !conditions.like)
    return fail(ErrorCode::usage, "nothing to look for: neither QUERY nor --code", "auto-dev learn find-similar \"parse a url\"");
  Specification wanted;
  wanted.text = query;
  AUTODEV_TRY_ASSIGN(const SimilarPatterns found, opened.system->knowledge().find_similar_patterns(wanted, conditions));
  base::Json hits = base::Json::array();
  for (const SimilarPattern& hit : found) hits.push_back(to_json(hit));
  const bool explain = context.arguments.flag("explain");
  AUTODEV_TRY_ASSIGN(const auto learned, explain ? opened.store().learned_of(query) : index::LearnedOfQuery());
  context.output.object({{"query", query}, {"learned", explain ? learned_json(learned) : base::Json(nullptr)}, {"hits", hits}, {"confidence", found.confidence}, {"reason", found.reason},
                         {"searched", found.searched},
                         {"experiment", found.experiment.empty() ? base::Json(nullptr) : base::Json(found.experiment.hex())},
                         {"held_back", found.held_back}});
  Output& out = context.output;
  if (!found.embedder_problem.empty()) out.warning(found.embedder_problem);
  std::size_t rank = 0;
  for (const SimilarPattern& hit : found) print_hit(out, hit, ++rank, explain, query);
  if (!found.experiment.empty())
    out.message(fmt::format("experiment {}: the first pattern was {} by chance (learn.experiment.holdout)",
                            found.experiment.hex().substr(0, 12), found.held_back ? "held back" : "shown"));
  if (!found.hits.empty() && !found.left_out.empty() && !explain) out.line("left out: " + found.left_out);
  if (found.held_back && found.hits.empty()) return 1;
  if (found.hits.empty()) {
    out.line(fmt::format("nothing fits: {}", found.reason));
    const bool filtered = conditions.language || conditions.kind || conditions.pattern || !conditions.framework.empty();
    if (found.searched == 0 && !filtered)
      out.message("no patterns to search: `auto-dev learn from-git .` learns from the history of this repository");
    return 1;
  }
  if (explain)
    out.line(fmt::format("searched {} patterns; confidence {:.0f} %: {}", base::with_thousands(found.searched),
                         found.confidence * 100, found.reason));
  if (explain) print_learned(out, learned);
  return 0;
}

}  // namespace

Command find_similar() {
  Command command;
  command.path = "learn find-similar";
  command.summary = "patterns that fit a request in plain words";
  command.details =
      "Ranks by words (BM25F over name, description, signature, code and the specifications behind it) and by vectors, with --code\n"
      "also by structure, and says so when nothing fits. What came of a pattern, and whether its source is still there, counts a little.\n"
      "Then each hit says what your code and it have in common, and which statements all of its instances have and\n"
      "your code has not. Forms of one thing are shown once. A pattern that is near but does something else (opposite, other unit, other format, other\n"
      "direction) is left out and named; --all shows it. Patterns on probation are shown and marked; they have no executed test behind them yet.";
  command.positionals = {{"QUERY", "what is wanted, in words", 0, SIZE_MAX}};
  command.options = {{"language", OptionKind::text, "NAME", "only patterns of this language"},
                     {"framework", OptionKind::text, "NAME", "only patterns whose files import this module"},
                     {"kind", OptionKind::text, "KIND", "only function, method, type or block; or only structural or behavioural patterns, idioms or windows"},
                     {"code", OptionKind::text, "FILE", "patterns built like the largest function of this file, or like its statements; its ending names the language; - is standard input"},
                     {"path", OptionKind::text, "NAME", "with --code: the file that the code is meant for; its ending names the language"},
                     {"limit", OptionKind::whole_number, "N", "how many, 1 to 100 (default: search.limit)"},
                     {"all", OptionKind::flag, "", "show the nearest even when nothing really fits or something else is meant"},
                     {"explain", OptionKind::flag, "", "show every term of the score and the evidence"}};
  command.examples = {"auto-dev learn find-similar \"implement authentication\"",
                      "auto-dev learn find-similar \"parse command line flags\" --language cpp --explain"};
  command.exit_codes = "0 found, 1 nothing fits";
  command.run = find;
  return command;
}

}  // namespace autodev::app::commands
