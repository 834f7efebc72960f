// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/check_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "autodev/code.h"
#include "base/text.h"
#include "observe/git_program.h"
#include "syntax/extract.h"

namespace autodev::app {
namespace {

namespace fs = std::filesystem;

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

/// Absent: there is none, or it is too large to parse.
Result<std::optional<std::string>> blob(const observe::Git& git, const std::string& name, Language language) {
  AUTODEV_TRY_ASSIGN(const auto result, git.run({"cat-file", "blob", name}));
  if (result.exit_code != 0 || result.output_truncated || result.output.size() > syntax::max_source_bytes(language))
    return std::nullopt;
  return std::optional<std::string>(result.output);
}

std::string too_large(const std::string& path, Language language) {
  return fmt::format("{}: larger than {} KiB, not checked", path, syntax::max_source_bytes(language) >> 10);
}

/// Source files below a folder, as `folder/...`.
Result<std::vector<std::string>> files_below(base::Env& env, const std::string& folder) {
  std::vector<std::string> files;
  if (const auto git = observe::Git::open(env, folder); git && git->work_tree()) {
    AUTODEV_TRY_ASSIGN(const std::string listed, git->output({"ls-files", "-z", "--cached", "--others", "--exclude-standard"}, "list files"));
    for (const std::string& path : split_at_nul(listed)) files.push_back((fs::path(folder) / path).lexically_normal().string());
  } else {
    std::vector<fs::path> pending = {folder};
    while (!pending.empty()) {
      const fs::path current = std::move(pending.back());
      pending.pop_back();
      AUTODEV_TRY_ASSIGN(const auto entries, env.list(current.string()));
      for (const base::DirectoryEntry& entry : entries) {
        if (entry.name.starts_with(".")) continue;
        if (entry.type == base::FileType::directory) pending.push_back(current / entry.name);
        if (entry.type == base::FileType::file) files.push_back((current / entry.name).lexically_normal().string());
      }
    }
  }
  std::erase_if(files, [](const std::string& path) { return !is_source(path); });
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

Result<void> add_folder(base::Env& env, const std::string& folder, CheckedSources& sources) {
  AUTODEV_TRY_ASSIGN(const auto files, files_below(env, folder));
  for (const std::string& file : files) {
    const Language language = language_from_path(file);
    AUTODEV_TRY_ASSIGN(const auto status, env.status(file));
    if (!status || status->type != base::FileType::file) continue;  // deleted, not yet committed; or a link
    if (status->size > syntax::max_source_bytes(language)) {
      sources.notes.push_back(too_large(file, language));
      continue;
    }
    AUTODEV_TRY_ASSIGN(std::string text, env.read_file(file, syntax::max_source_bytes(language)));
    if (!base::looks_binary(text)) sources.list.push_back({file, file, std::move(text), std::nullopt});
  }
  return {};
}

Result<void> add_named(base::Env& env, const std::string& name, CheckedSources& sources) {
  if (name.empty()) return fail(ErrorCode::usage, "check: an empty FILE", "name a source file or a folder");
  AUTODEV_TRY_ASSIGN(const auto status, env.status(name));
  if (!status) return fail(ErrorCode::no_input, name + ": no such file", "check the path");
  if (const auto inside = env.status(name + "/."); inside && *inside) return add_folder(env, name, sources);  // also behind a link
  const Language language = language_from_path(name);
  if (language == Language::unknown)
    return fail(ErrorCode::usage, name + ": no grammar for this kind of file", "name source files of known languages");
  AUTODEV_TRY_ASSIGN(std::string text, env.read_file(name, syntax::max_source_bytes(language)));
  sources.list.push_back({name, name, std::move(text), std::nullopt});
  return {};
}

/// A file of the work tree or of the index, with its committed version; nothing for binary ones.
Result<void> add_changed(base::Env& env, const observe::Git& git, const std::string& base, const std::string& path, bool staged,
                         CheckedSources& sources) {
  const Language language = language_from_path(path);
  CheckedSource source;
  source.path = fs::path(*git.work_tree() + "/" + path).lexically_relative(env.current_directory()).string();
  if (staged) {
    AUTODEV_TRY_ASSIGN(auto text, blob(git, ":" + path, language));
    if (!text) return sources.notes.push_back(too_large(source.path, language)), Result<void>();
    source.text = std::move(*text);
  } else {
    source.file = *git.work_tree() + "/" + path;
    AUTODEV_TRY_ASSIGN(const auto status, env.status(source.file));
    if (!status || status->type != base::FileType::file) return {};  // gone, or a link
    if (status->size > syntax::max_source_bytes(language))
      return sources.notes.push_back(too_large(source.path, language)), Result<void>();
    AUTODEV_TRY_ASSIGN(source.text, env.read_file(source.file, syntax::max_source_bytes(language)));
  }
  AUTODEV_TRY_ASSIGN(source.before, blob(git, base + ":" + path, language));
  if (!base::looks_binary(source.text)) sources.list.push_back(std::move(source));
  return {};
}

/// Paths from the root of the work tree, in order.
Result<std::set<std::string>> changed_paths(const observe::Git& git, const std::string& base, bool staged) {
  std::vector<std::string> listing = {"diff-index", "--name-only", "-z", "--no-renames", "--diff-filter=d"};
  if (staged) listing.emplace_back("--cached");
  listing.push_back(base);
  AUTODEV_TRY_ASSIGN(const std::string listed, git.output(listing, "list what changed"));
  std::set<std::string> paths;
  for (std::string& path : split_at_nul(listed)) paths.insert(std::move(path));
  if (staged) return paths;
  AUTODEV_TRY_ASSIGN(const std::string fresh, git.output({"ls-files", "-z", "--others", "--exclude-standard", "--full-name", ":/"},
                                                         "list new files"));
  for (std::string& path : split_at_nul(fresh)) paths.insert(std::move(path));
  return paths;
}

}  // namespace

CheckedSources named_sources(base::Env& env, const std::vector<std::string>& names) {
  CheckedSources sources;
  for (const std::string& name : names)
    if (auto added = add_named(env, name, sources); !added) sources.unreadable.push_back(std::move(added.error()));
  return sources;
}

Result<CheckedSources> changed_sources(base::Env& env, bool staged) {
  AUTODEV_TRY_ASSIGN(observe::Git git, observe::Git::open(env, env.current_directory()));
  if (!git.work_tree()) return fail(ErrorCode::no_input, "there is no work tree here to compare with its last commit");
  if (staged) use_index_of_hook(env, git);
  AUTODEV_TRY_ASSIGN(const auto head, git.line({"rev-parse", "--verify", "--quiet", "HEAD"}));
  // The empty tree stands for "before the first commit".
  AUTODEV_TRY_ASSIGN(const std::string empty_tree, git.output({"hash-object", "-t", "tree", "--stdin"}, "name the empty tree"));
  const std::string base = head ? *head : std::string(base::trim(empty_tree));
  AUTODEV_TRY_ASSIGN(const auto paths, changed_paths(git, base, staged));
  CheckedSources sources;
  for (const std::string& path : paths)
    if (is_source(path)) AUTODEV_TRY(add_changed(env, git, base, path, staged, sources));
  return sources;
}

}  // namespace autodev::app
