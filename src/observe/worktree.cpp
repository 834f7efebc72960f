// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Which way applies, the lock around both, and the remembered id.
#include "observe/worktree.h"

#include <algorithm>

#include "base/text.h"
#include "observe/paths.h"
#include "observe/worktree_parts.h"

namespace autodev::observe {
namespace {

/// The first observation of a large work tree hashes all of it; later ones take milliseconds.
constexpr std::chrono::seconds lock_wait(30);
constexpr std::uint64_t max_id_bytes = 256;

}  // namespace

WorktreeMemory::WorktreeMemory(const std::string& memory_folder)
    : folder(memory_folder + "/worktree"),
      last(folder + "/last"),
      lock(folder + "/lock"),
      index(folder + "/index"),
      objects(folder + "/objects") {}

std::string WorktreeMemory::pack(std::string_view digest) const { return folder + "/" + std::string(digest) + ".pack"; }

Result<std::optional<std::string>> remembered(base::Env& env, const WorktreeMemory& memory, std::string_view prefix) {
  const auto text = env.read_file(memory.last, max_id_bytes);
  if (!text && text.error().code != ErrorCode::no_input && text.error().code != ErrorCode::bad_data)
    return tl::make_unexpected(text.error());
  const std::string_view id = text ? base::trim(*text) : std::string_view();
  const std::string_view digits = id.substr(std::min(prefix.size(), id.size()));
  const bool sound = id.substr(0, prefix.size()) == prefix && digits.size() >= 32 &&
                     digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return sound ? std::optional(std::string(digits)) : std::nullopt;
}

void add_file_change(WorktreeChange& change, FileChange file) {
  const auto unfit = [](const std::optional<std::string>& text) {
    return text && (text->size() > max_file_bytes || base::looks_binary(*text) || is_generated_source(*text));
  };
  if (change.files.size() >= max_event_files || is_vendored_path(file.path) || unfit(file.before) || unfit(file.after) ||
      (language_from_path(file.path) == Language::unknown && !is_build_file(file.path)))
    return;
  change.files.push_back(std::move(file));
}

Result<WorktreeChange> observe_worktree(base::Env& env, const std::string& root, const std::string& memory_folder) {
  const WorktreeMemory memory(absolute_path(env, memory_folder));
  AUTODEV_TRY(env.create_directories(memory.folder));
  AUTODEV_TRY_ASSIGN(const auto lock, env.lock_file(memory.lock, lock_wait));
  auto git = Git::open(env, root);
  if (git && git->work_tree()) return observe_git_tree(std::move(*git), memory);
  const bool no_repository = git || git.error().code == ErrorCode::no_input || git.error().code == ErrorCode::unavailable;
  if (!no_repository) return tl::make_unexpected(std::move(git).error());
  return observe_plain_folder(env, absolute_path(env, root), memory);
}

Result<void> remember_worktree(base::Env& env, const std::string& memory_folder, const WorktreeState& state) {
  const WorktreeMemory memory(memory_folder);
  AUTODEV_TRY(env.create_directories(memory.folder));
  AUTODEV_TRY(env.write_file_atomically(memory.last, state.id + "\n"));
  // Packs of states that are not the remembered one are of no use any more.
  AUTODEV_TRY_ASSIGN(const auto entries, env.list(memory.folder));
  for (const auto& entry : entries) {
    constexpr std::string_view ending = ".pack";
    const std::string_view name = entry.name;
    if (name.size() <= ending.size() || name.substr(name.size() - ending.size()) != ending) continue;
    if ("files:" + std::string(name.substr(0, name.size() - ending.size())) != state.id)
      AUTODEV_TRY(env.remove_file(memory.folder + "/" + entry.name));
  }
  return {};
}

}  // namespace autodev::observe
