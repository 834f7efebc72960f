// SPDX-License-Identifier: MIT OR Apache-2.0
#include "observe/worktree_copy.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "base/text.h"
#include "observe/git_objects.h"
#include "observe/git_program.h"

namespace autodev::observe {
namespace {

constexpr std::size_t max_files = 100'000;
constexpr std::size_t blobs_per_request = 256;

bool is_ours(std::string_view path) { return path == ".auto-dev" || path.starts_with(".auto-dev/"); }

/// A link at `path` that says `target` stays within the folder; the folders of neither name are followed.
bool stays_inside(const std::string& path, const std::string& target) {
  const std::filesystem::path said(target);
  if (target.empty() || said.is_absolute()) return false;
  const std::string reached = (std::filesystem::path(path).parent_path() / said).lexically_normal().string();
  return reached != ".." && !reached.starts_with("../") && !is_ours(reached) && reached != ".git" && !reached.starts_with(".git/");
}


Error too_large(const std::string& root, std::uint64_t max_bytes) {
  return {ErrorCode::unavailable,
          fmt::format("{} has more than {} or {} files: too much for a scratch copy", root, base::format_bytes(max_bytes), max_files),
          "raise implement.tree_mb, or let git ignore what tests do not need"};
}

/// Names of all files below `root`, without git.
Result<std::vector<std::string>> walk_folder(base::Env& env, const std::string& root) {
  std::vector<std::string> found;
  std::vector<std::string> folders{""};
  while (!folders.empty()) {
    const std::string folder = folders.back();
    folders.pop_back();
    AUTODEV_TRY_ASSIGN(const auto entries, env.list(root + "/" + folder));
    for (const auto& entry : entries) {
      const std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
      if (entry.type == base::FileType::directory && entry.name != ".git" && entry.name != ".auto-dev") folders.push_back(path);
      if (entry.type == base::FileType::file) found.push_back(path);
    }
    if (found.size() > max_files) return found;
  }
  return found;
}

Result<std::vector<std::string>> names_in(base::Env& env, const std::string& root) {
  auto git = Git::open(env, root);
  if (!git && git.error().code != ErrorCode::no_input) return tl::make_unexpected(std::move(git).error());
  if (!git) return walk_folder(env, root);
  AUTODEV_TRY_ASSIGN(const std::string listing,
                     git->output({"ls-files", "-z", "--cached", "--others", "--exclude-standard"}, "list its files"));
  std::vector<std::string> names;
  for (const std::string_view name : base::split(listing, '\0'))
    if (!name.empty() && !name.ends_with('/')) names.emplace_back(name);
  return names;
}

}  // namespace

Result<WorktreeCopy> copy_worktree(base::Env& env, const std::string& root, std::uint64_t max_bytes) {
  AUTODEV_TRY_ASSIGN(const auto listed, names_in(env, root));
  const std::set<std::string> names(listed.begin(), listed.end());
  if (names.size() > max_files) return tl::make_unexpected(too_large(root, max_bytes));
  WorktreeCopy copy;
  std::uint64_t bytes = 0;
  for (const std::string& name : names) {
    if (is_ours(name)) continue;
    const std::string path = fmt::format("{}/{}", root, name);
    AUTODEV_TRY_ASSIGN(const auto status, env.status(path));
    if (!status) continue;  // tracked, but deleted
    if (status->type == base::FileType::symlink) {
      const auto link = env.read_link(path);
      if (link && stays_inside(name, *link)) copy.files.push_back({name, {}, false, *link});
      else ++copy.left_out;
      continue;
    }
    if (status->type != base::FileType::file) {
      ++copy.left_out;
      continue;
    }
    bytes += status->size;
    if (bytes > max_bytes) return tl::make_unexpected(too_large(root, max_bytes));
    auto text = env.read_file(path, max_bytes);
    if (!text) {
      ++copy.left_out;
      continue;
    }
    copy.files.push_back({name, std::move(*text), status->executable, {}});
  }
  return copy;
}

Result<WorktreeCopy> copy_commit(base::Env& env, const std::string& repository, const std::string& revision,
                                 std::uint64_t max_bytes) {
  AUTODEV_TRY_ASSIGN(const Git git, Git::open(env, repository));
  AUTODEV_TRY_ASSIGN(const std::string listing,
                     git.output({"ls-tree", "-r", "-z", "--full-tree", revision}, "list a commit's files"));
  WorktreeCopy copy;
  std::vector<std::string> ids;
  for (const std::string_view line : base::split(listing, '\0')) {
    const auto tab = line.find('\t');  // "100644 blob <id>\t<path>"
    const auto head = base::split(line.substr(0, std::min(tab, line.size())), ' ');
    if (tab == std::string_view::npos || head.size() != 3) continue;
    if (!head[0].starts_with("100") && head[0] != "120000") {
      ++copy.left_out;
      continue;
    }
    copy.files.push_back({std::string(line.substr(tab + 1)), {}, head[0] == "100755", head[0] == "120000" ? "?" : ""});
    ids.emplace_back(head[2]);
  }
  if (ids.size() > max_files) return tl::make_unexpected(too_large(repository, max_bytes));
  AUTODEV_TRY_ASSIGN(GitObjects objects, GitObjects::start(git, max_bytes));
  std::uint64_t bytes = 0;
  for (std::size_t from = 0; from < ids.size(); from += blobs_per_request) {
    const auto to = std::min(ids.size(), from + blobs_per_request);
    AUTODEV_TRY_ASSIGN(const auto blobs, objects.read({ids.begin() + static_cast<std::ptrdiff_t>(from),
                                                       ids.begin() + static_cast<std::ptrdiff_t>(to)}));
    for (std::size_t i = 0; i < blobs.size(); ++i) {
      if (blobs[i]) copy.files[from + i].text = *blobs[i];
      else ++copy.left_out;
      bytes += copy.files[from + i].text.size();
    }
    if (bytes > max_bytes) return tl::make_unexpected(too_large(repository, max_bytes));
  }
  // Of a link the blob is what it says.
  for (CopiedFile& file : copy.files)
    if (!file.link.empty()) file.link = std::exchange(file.text, {});
  const auto leads_out = [](const CopiedFile& file) { return !file.link.empty() && !stays_inside(file.path, file.link); };
  copy.left_out += std::erase_if(copy.files, leads_out);
  return copy;
}

}  // namespace autodev::observe
