// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/history_steps.h"

#include <optional>
#include <utility>

#include "app/bench_rows.h"
#include "app/embed_pairs.h"
#include "app/parts.h"
#include "app/unit_cache.h"
#include "base/json.h"
#include "base/text.h"
#include "observe/git_history.h"
#include "syntax/extract.h"

namespace autodev::app {
namespace {

constexpr std::size_t min_code = 40;  // as of the pairs that the embedder learns from

/// Functions of the versions of files; the version after one commit is the one before the next.
class Functions {
 public:
  std::vector<CodeUnit> of(const std::optional<std::string>& source, const std::string& path) {
    if (!source || base::looks_binary(*source)) return {};
    if (const auto* known = recent_.find(path, *source)) return known->units;
    syntax::ExtractOptions options;
    options.blocks = options.types = false;
    auto units = syntax::extract_units(*source, language_from_path(path), path, options);
    if (!units) return {};
    recent_.put(path, *source, *units);
    return std::move(units->units);
  }

 private:
  UnitCache recent_{recent_units_bytes};
};

std::string key_of(const CodeUnit& unit) { return unit.path + "\n" + unit.scope + "\n" + unit.name; }

void add_changes(Functions& functions, const FileChange& file, HistoryStep& step) {
  auto before = functions.of(file.before, file.path);
  for (const UnitChange& change : changed_units(std::move(before), functions.of(file.after, file.path))) {
    if (!change.after) {
      step.removed.push_back(key_of(*change.before));
      continue;
    }
    const CodeUnit& unit = *change.after;
    StepFunction function{key_of(unit), unit.name, unit.signature, bare_code(unit), {}, unit.language, !change.before};
    if (function.code.size() < min_code) continue;
    if (const auto pair = pair_of(unit, {})) function.description = pair->description;
    step.functions.push_back(std::move(function));
  }
}

}  // namespace

Result<std::vector<HistoryStep>> read_history(base::Env& env, const std::string& repository, std::uint64_t most,
                                              const std::function<void(std::uint64_t done, std::uint64_t total)>& on_progress) {
  std::vector<HistoryStep> steps;
  Functions functions;
  observe::GitOptions walk;
  walk.max_commits = most;
  AUTODEV_TRY(observe::walk_git_history(env, repository, walk, [&](observe::GitCommitEvent&& commit) -> Result<bool> {
    HistoryStep step;
    step.revision = commit.event.revision;
    const std::string_view message = commit.event.specification.text;
    step.subject = base::fold_whitespace(message.substr(0, message.find('\n')));
    for (const FileChange& file : commit.event.implementation.files) add_changes(functions, file, step);
    if (!step.functions.empty() || !step.removed.empty()) steps.push_back(std::move(step));
    if (on_progress) on_progress(commit.number, commit.total);
    return true;
  }));
  return steps;
}

std::string to_json_line(const HistoryStep& step) {
  base::Json functions = base::Json::array();
  for (const StepFunction& function : step.functions)
    functions.push_back({{"key", function.key}, {"name", function.name}, {"signature", function.signature}, {"code", function.code},
                         {"description", function.description}, {"language", to_string(function.language)}, {"added", function.added}});
  return base::dump_json({{"revision", step.revision}, {"subject", step.subject}, {"functions", functions}, {"removed", step.removed}}) + "\n";
}

Result<std::vector<HistoryStep>> parse_steps(std::string_view text, std::string_view file) {
  std::vector<HistoryStep> steps;
  AUTODEV_TRY(for_each_row(text, file, {"revision", "subject"}, [&](const base::Json& row, const std::string& where) -> Result<void> {
    const auto bad = [&] { return fail(ErrorCode::bad_data, where + ": no step of a history", "make the file with `auto-dev learn embed history`"); };
    if (!row.contains("functions") || !row["functions"].is_array() || !row.contains("removed") || !row["removed"].is_array()) return bad();
    HistoryStep step{row["revision"].get<std::string>(), row["subject"].get<std::string>(), {}, {}};
    for (const base::Json& member : row["functions"]) {
      if (!member.is_object()) return bad();
      StepFunction function;
      function.key = text_or(member, "key", "");
      function.name = text_or(member, "name", "");
      function.signature = text_or(member, "signature", "");
      function.code = text_or(member, "code", "");
      function.description = text_or(member, "description", "");
      function.language = language_from_name(text_or(member, "language", "")).value_or(Language::unknown);
      function.added = member.contains("added") && member["added"] == true;
      if (function.key.empty() || function.code.empty()) return bad();
      step.functions.push_back(std::move(function));
    }
    for (const base::Json& key : row["removed"]) {
      if (!key.is_string()) return bad();
      step.removed.push_back(key.get<std::string>());
    }
    steps.push_back(std::move(step));
    return {};
  }));
  return steps;
}

}  // namespace autodev::app
