// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/check_sources.h"

#include <fmt/format.h>

#include <set>

#include "autodev/code.h"
#include "base/text.h"
#include "observe/git_program.h"
#include "syntax/extract.h"

namespace autodev::app {
namespace {

/// Binary files and languages without a grammar have nothing to check.
bool is_source(const std::string& path) { return language_from_path(path) != Language::unknown; }

std::vector<std::string> split_at_nul(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = text.find('\0');
    if (end > 0) parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

/// A commit of named files is prepared in an index of its own, which git names to its hooks.
void use_index_of_hook(base::Env& env, observe::Git& git) {
  const auto index = env.variable("GIT_INDEX_FILE");
  if (!index || index->empty()) return;
  const std::string absolute = observe::absolute_path(env, *index);
  if (absolute.starts_with(observe::absolute_path(env, git.git_folder()))) git.set_variables({{"GIT_INDEX_FILE", absolute}});
}

Result<std::optional<std::string>> blob(const observe::Git& git, const std::string& name, Language language) {
  AUTODEV_TRY_ASSIGN(const auto result, git.run({"cat-file", "blob", name}));
  if (result.exit_code != 0 || result.output_truncated || result.output.size() > syntax::max_source_bytes(language))
    return std::nullopt;
  return std::optional<std::string>(result.output);
}

}  // namespace

Result<std::vector<CheckedSource>> named_sources(base::Env& env, const std::vector<std::string>& files) {
  std::vector<CheckedSource> sources;
  for (const std::string& file : files) {
    const Language language = language_from_path(file);
    if (language == Language::unknown)
      return fail(ErrorCode::usage, file + ": no grammar for this kind of file", "name source files of known languages");
    AUTODEV_TRY_ASSIGN(std::string text, env.read_file(file, syntax::max_source_bytes(language)));
    sources.push_back({file, file, std::move(text), std::nullopt});
  }
  return sources;
}

Result<std::vector<CheckedSource>> changed_sources(base::Env& env, bool staged) {
  AUTODEV_TRY_ASSIGN(observe::Git git, observe::Git::open(env, env.current_directory()));
  if (!git.work_tree()) return fail(ErrorCode::no_input, "there is no work tree here to compare with its last commit");
  if (staged) use_index_of_hook(env, git);
  AUTODEV_TRY_ASSIGN(const auto head, git.line({"rev-parse", "--verify", "--quiet", "HEAD"}));
  // The empty tree stands for "before the first commit".
  AUTODEV_TRY_ASSIGN(const std::string empty_tree, git.output({"hash-object", "-t", "tree", "--stdin"}, "name the empty tree"));
  const std::string base = head ? *head : std::string(base::trim(empty_tree));
  std::vector<std::string> listing = {"diff-index", "--name-only", "-z", "--no-renames", "--diff-filter=d"};
  if (staged) listing.emplace_back("--cached");
  listing.push_back(base);
  AUTODEV_TRY_ASSIGN(const std::string listed, git.output(listing, "list what changed"));
  std::set<std::string> paths;
  for (std::string& path : split_at_nul(listed)) paths.insert(std::move(path));
  if (!staged) {
    AUTODEV_TRY_ASSIGN(const std::string fresh, git.output({"ls-files", "-z", "--others", "--exclude-standard", "--full-name", ":/"},
                                                           "list new files"));
    for (std::string& path : split_at_nul(fresh)) paths.insert(std::move(path));
  }
  std::vector<CheckedSource> sources;
  for (const std::string& path : paths) {
    if (!is_source(path)) continue;
    const Language language = language_from_path(path);
    CheckedSource source;
    source.path = path;
    if (staged) {
      AUTODEV_TRY_ASSIGN(auto text, blob(git, ":" + path, language));
      if (!text) continue;
      source.text = std::move(*text);
    } else {
      source.file = *git.work_tree() + "/" + path;
      auto text = env.read_file(source.file, syntax::max_source_bytes(language));
      if (!text) continue;  // gone, or too large to parse
      source.text = std::move(*text);
    }
    AUTODEV_TRY_ASSIGN(source.before, blob(git, base + ":" + path, language));
    if (!base::looks_binary(source.text)) sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace autodev::app
