// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/mutation_check.h"

#include <fmt/format.h>

#include "app/tree_files.h"
#include "apply/tree_tests.h"
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/line_diff.h"
#include "evidence/mutants.h"
#include "observe/paths.h"
#include "observe/worktree_copy.h"

namespace autodev::app {
namespace {

struct PlacedMutant {
  std::string path;
  evidence::Mutant mutant;
};

/// The same share of mutants for every changed file, at least one.
std::vector<PlacedMutant> mutants_in(const observe::WorktreeChange& change, std::size_t count, Language& language) {
  std::vector<const FileChange*> files;
  for (const FileChange& file : change.files)
    if (file.after && !observe::is_test_path(file.path)) files.push_back(&file);
  std::vector<PlacedMutant> all;
  for (std::size_t i = 0; i < files.size() && all.size() < count; ++i) {
    const std::size_t share = std::max<std::size_t>(1, (count - all.size()) / (files.size() - i));
    const Language of_file = language_from_path(files[i]->path);
    const auto lines = evidence::changed_lines(files[i]->before.value_or(""), *files[i]->after);
    for (auto& mutant : evidence::mutants_of(*files[i]->after, of_file, lines, share)) {
      language = of_file;
      all.push_back({files[i]->path, std::move(mutant)});
    }
  }
  return all;
}

}  // namespace

Result<MutationResult> check_by_mutants(base::Env& env, apply::Sandbox& sandbox, const observe::WorktreeChange& change,
                                        const MutationOptions& options) {
  Language language = Language::unknown;
  const std::vector<PlacedMutant> mutants = mutants_in(change, options.mutants, language);
  if (mutants.empty())
    return fail(ErrorCode::unavailable, "nothing that changed can be mutated",
                "the mutation check knows C, C++, Python, Rust, JavaScript, TypeScript, Go, Java and C#");
  AUTODEV_TRY_ASSIGN(auto copy, observe::copy_worktree(env, options.root, options.tree_bytes));
  apply::TreeTests tests(sandbox, tree_files(std::move(copy)), {options.folder, language, options.timeout, options.memory_bytes});
  const std::string command = evidence::printable_command(options.command);
  AUTODEV_TRY_ASSIGN(const auto unchanged, tests.run(command, {}));
  if (!unchanged.passed)
    return fail(ErrorCode::unavailable,
                fmt::format("the command does not pass on a copy of the project (exit code {}): no mutation check",
                            unchanged.exit_code),
                fmt::format("the copy holds what git does not ignore, and the sandbox has no network: {}",
                            base::clip_utf8(base::fold_whitespace(base::strip_controls(unchanged.output)), 200)));
  MutationResult result;
  for (std::size_t i = 0; i < mutants.size(); ++i) {
    if (options.on_step)
      options.on_step(fmt::format("mutant {} of {}: {}:{}, {}", i + 1, mutants.size(), mutants[i].path,
                                  mutants[i].mutant.line, mutants[i].mutant.what));
    AUTODEV_TRY_ASSIGN(const auto run, tests.run(command, {{mutants[i].path, mutants[i].mutant.text}}));
    if (run.interrupted) return fail(ErrorCode::unavailable, "the mutation check was interrupted");
    if (run.passed) {
      ++result.survived;
      result.survivors.push_back(
          fmt::format("{}:{}: {}", mutants[i].path, mutants[i].mutant.line, mutants[i].mutant.what));
    } else {
      ++result.killed;
    }
  }
  return result;
}

}  // namespace autodev::app
