// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The state of a git work tree as a tree object of our own.
//
//   read-tree -m HEAD      private index = HEAD, keeping what is known about unchanged files
//   update-index --refresh   ... and learning it
//   ls-files               which files differ or are new (ignored ones are not named)
//   update-index --stdin   those go into the private index, their contents into private objects
//   write-tree             the state
//   diff-tree              against the remembered state
//
// `git add` is not used: it would copy large data files, stop at nested repositories, and run clean filters.
// Filters named by the repository's configuration are switched off, so contents are those on the disk.
// The user's repository keeps every byte; git only renews the time of an object it finds there already.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "observe/git_log.h"
#include "observe/git_objects.h"
#include "observe/paths.h"
#include "observe/worktree_parts.h"

namespace autodev::observe {
namespace {

/// Loose private objects in one of the 256 folders beyond which all are packed; git's own rule (gc.auto 6700).
constexpr std::size_t loose_objects_sampled = 27;
constexpr std::size_t blobs_per_request = 256;

/// GIT_ALTERNATE_OBJECT_DIRECTORIES separates by ':' and takes C-style quotes.
std::string alternate(const std::string& path) {
  if (path.find(':') == std::string::npos && path.find('"') == std::string::npos) return path;
  std::string quoted = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

/// Overrides for every clean filter the repository defines. As variables, because a filter's name may hold '='.
Result<Variables> without_filters(const Git& git) {
  AUTODEV_TRY_ASSIGN(const Variables settings, git.settings());
  std::set<std::string> drivers;
  for (const auto& [name, value] : settings) {
    const std::size_t dot = name.rfind('.');
    if (name.rfind("filter.", 0) == 0 && dot > 7) drivers.insert(name.substr(0, dot));
  }
  Variables variables;
  std::size_t count = 0;
  const auto override_with = [&](const std::string& name, const char* value) {
    variables.emplace_back(fmt::format("GIT_CONFIG_KEY_{}", count), name);
    variables.emplace_back(fmt::format("GIT_CONFIG_VALUE_{}", count), value);
    ++count;
  };
  for (const std::string& driver : drivers) {
    override_with(driver + ".clean", "");
    override_with(driver + ".process", "");
    override_with(driver + ".required", "false");
  }
  variables.emplace_back("GIT_CONFIG_COUNT", std::to_string(count));
  return variables;
}

class GitTreeObserver {
 public:
  GitTreeObserver(Git git, const WorktreeMemory& memory) : git_(std::move(git)), memory_(memory), env_(git_.env()) {}

  Result<WorktreeChange> observe() {
    AUTODEV_TRY(use_private_folders());
    AUTODEV_TRY_ASSIGN(const auto head, git_.line({"rev-parse", "--verify", "--quiet", "HEAD^{tree}"}));
    AUTODEV_TRY_ASSIGN(const auto last, remembered(env_, memory_, "git:"));
    AUTODEV_TRY(start_from(head));
    AUTODEV_TRY(take_in_changes());
    AUTODEV_TRY_ASSIGN(std::string now, git_.output({"write-tree", "--missing-ok"}, "write the tree"));
    now = std::string(base::trim(now));
    WorktreeChange change;
    change.state.id = "git:" + now;
    AUTODEV_TRY_ASSIGN(const std::string before, state_before(last, head, change.first));
    AUTODEV_TRY(compare(before, now, change));
    AUTODEV_TRY(pack_if_many(now, before));
    return change;
  }

 private:
  Result<void> use_private_folders() {
    AUTODEV_TRY(env_.create_directories(memory_.objects));
    AUTODEV_TRY_ASSIGN(const std::string objects, git_.output({"rev-parse", "--path-format=absolute", "--git-path",
                                                               "objects"}, "find its objects"));
    AUTODEV_TRY_ASSIGN(Variables variables, without_filters(git_));
    variables.emplace_back("GIT_INDEX_FILE", memory_.index);
    variables.emplace_back("GIT_OBJECT_DIRECTORY", memory_.objects);
    variables.emplace_back("GIT_ALTERNATE_OBJECT_DIRECTORIES", alternate(std::string(base::trim(objects))));
    git_.set_variables(std::move(variables));
    return {};
  }

  Result<void> start_from(const std::optional<std::string>& head) {
    if (!head) return {};
    AUTODEV_TRY_ASSIGN(const auto merged, git_.run({"read-tree", "-m", *head}));
    if (merged.exit_code != 0) {
      AUTODEV_TRY(env_.remove_file(memory_.index));  // damaged, or left by another version of git
      AUTODEV_TRY(git_.output({"read-tree", *head}, "read HEAD"));
    }
    // Sizes and times of unchanged files are noted, or every observation would read all files again.
    AUTODEV_TRY(git_.run({"update-index", "-q", "--refresh"}));
    return {};
  }

  /// Regular files of a size worth reading, and files that are gone.
  [[nodiscard]] bool is_taken(const std::string& path) const {
    if (path.empty() || path.back() == '/' || path.rfind(".auto-dev/", 0) == 0) return false;
    const auto status = env_.status(fmt::format("{}/{}", git_.folder(), path));
    if (!status) return false;
    return !*status || ((*status)->type == base::FileType::file && (*status)->size <= max_file_bytes);
  }

  Result<void> take_in_changes() {
    AUTODEV_TRY_ASSIGN(const std::string listing,
                       git_.output({"ls-files", "-z", "--modified", "--others", "--exclude-standard"}, "list changed files"));
    std::set<std::string> paths;
    for (const std::string_view path : base::split(listing, '\0'))
      if (is_taken(std::string(path))) paths.emplace(path);
    return add_to_index({paths.begin(), paths.end()});
  }

  /// A file that cannot be read makes git give up without having done anything: halves are tried until it is alone.
  Result<void> add_to_index(const std::vector<std::string>& paths) {
    std::vector<std::pair<std::size_t, std::size_t>> ranges{{0, paths.size()}};
    while (!ranges.empty()) {
      const auto [from, to] = ranges.back();
      ranges.pop_back();
      if (from == to) continue;
      std::string input;
      for (std::size_t i = from; i < to; ++i) input += paths[i] + '\0';
      AUTODEV_TRY_ASSIGN(const auto done,
                         git_.run({"update-index", "-z", "--add", "--remove", "--stdin"}, std::move(input)));
      if (done.exit_code == 0 || to - from == 1) continue;
      const std::size_t middle = from + (to - from) / 2;
      ranges.emplace_back(middle, to);
      ranges.emplace_back(from, middle);
    }
    return {};
  }

  Result<std::string> state_before(const std::optional<std::string>& last, const std::optional<std::string>& head,
                                   bool& first) {
    if (last) {
      // It may be gone: trees equal to one of the user's are not kept twice, and the user may have collected it.
      AUTODEV_TRY_ASSIGN(const auto found, git_.run({"cat-file", "-e", *last + "^{tree}"}));
      if (found.exit_code == 0) return *last;
    }
    first = true;
    if (head) return *head;
    AUTODEV_TRY_ASSIGN(const std::string empty, git_.output({"mktree"}, "write an empty tree"));
    return std::string(base::trim(empty));
  }

  Result<void> compare(const std::string& before, const std::string& now, WorktreeChange& change) {
    AUTODEV_TRY_ASSIGN(const std::string listing,
                       git_.output({"diff-tree", "-r", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff",
                                    "--no-textconv", "--relative", before, now, "--"},
                                   "compare the trees"));
    std::vector<RawChange> wanted;
    for (const std::string_view line : base::split_lines(listing)) {
      auto raw = parse_raw_line(line);
      if (!raw || raw->old_id == raw->new_id) continue;
      ++change.files_changed;
      const bool regular = is_regular_mode(raw->old_mode) || is_regular_mode(raw->new_mode);
      if (regular && wanted.size() < max_event_files && !is_vendored_path(raw->path) &&
          (language_from_path(raw->path) != Language::unknown || is_build_file(raw->path)))
        wanted.push_back(std::move(*raw));
    }
    return read_contents(wanted, change);
  }

  Result<void> read_contents(const std::vector<RawChange>& wanted, WorktreeChange& change) {
    AUTODEV_TRY_ASSIGN(GitObjects objects, GitObjects::start(git_, max_file_bytes));
    for (std::size_t from = 0; from < wanted.size(); from += blobs_per_request / 2) {
      const std::size_t to = std::min(from + blobs_per_request / 2, wanted.size());
      std::vector<std::string> ids;
      for (std::size_t i = from; i < to; ++i) {
        if (is_regular_mode(wanted[i].old_mode)) ids.push_back(wanted[i].old_id);
        if (is_regular_mode(wanted[i].new_mode)) ids.push_back(wanted[i].new_id);
      }
      AUTODEV_TRY_ASSIGN(const std::vector<Blob> blobs, objects.read(ids));
      std::size_t next = 0;
      for (std::size_t i = from; i < to; ++i) {
        const bool had = is_regular_mode(wanted[i].old_mode), has = is_regular_mode(wanted[i].new_mode);
        const Blob before = had ? blobs[next++] : nullptr;
        const Blob after = has ? blobs[next++] : nullptr;
        if ((had && !before) || (has && !after)) continue;  // too large
        FileChange file;
        file.path = base::repair_utf8(wanted[i].path);
        if (before) file.before = *before;
        if (after) file.after = *after;
        add_file_change(change, std::move(file));
      }
    }
    return {};
  }

  /// Private objects grow by what changes; now and then only those of the two states in use are kept, packed.
  Result<void> pack_if_many(const std::string& now, const std::string& before) {
    AUTODEV_TRY_ASSIGN(const auto sample, env_.list(memory_.objects + "/17"));
    if (sample.size() <= loose_objects_sampled) return {};
    AUTODEV_TRY_ASSIGN(const std::string name,
                       git_.output({"pack-objects", "--revs", "--local", "--quiet", memory_.objects + "/pack/pack"},
                                   "pack private objects", now + "\n" + before + "\n"));
    const std::string kept = "pack-" + std::string(base::trim(name)) + ".";
    AUTODEV_TRY_ASSIGN(const auto packs, env_.list(memory_.objects + "/pack"));
    for (const auto& entry : packs)
      if (entry.name.rfind(kept, 0) != 0) AUTODEV_TRY(env_.remove_file(memory_.objects + "/pack/" + entry.name));
    AUTODEV_TRY_ASSIGN(const auto folders, env_.list(memory_.objects));
    for (const auto& entry : folders)
      if (entry.name.size() == 2) AUTODEV_TRY(env_.remove_tree(memory_.objects + "/" + entry.name));
    return {};
  }

  Git git_;
  const WorktreeMemory& memory_;
  base::Env& env_;
};

}  // namespace

Result<WorktreeChange> observe_git_tree(Git git, const WorktreeMemory& memory) {
  return GitTreeObserver(std::move(git), memory).observe();
}

}  // namespace autodev::observe
