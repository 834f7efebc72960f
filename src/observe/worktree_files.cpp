// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A folder without git: a manifest with the contents of its source files in one compressed pack per state.
//
// Unchanged size and time mean unchanged content, except for files written so shortly before the last
// observation that their clock may not have ticked since ("racily clean", as git calls it); those are read again.
//
// Pack, after decompression: "AUTODEV-FILES/1" | observed_ns u64 | count varint | per file, sorted by path:
// path bytes | size varint | modified_ns u64 | content bytes.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/compress.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/wire.h"
#include "observe/paths.h"
#include "observe/worktree_parts.h"

namespace autodev::observe {
namespace {

constexpr std::string_view magic = "AUTODEV-FILES/1";
constexpr std::uint64_t max_source_bytes = std::uint64_t{256} << 10;
constexpr std::size_t max_total_bytes = std::size_t{64} << 20;
constexpr std::size_t max_files = 50'000;
constexpr std::size_t max_folder_depth = 40;
constexpr std::int64_t racy_ns = 2'000'000'000;  // FAT stores times in steps of two seconds; nothing is coarser

struct StoredFile {
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::string content;

  bool operator==(const StoredFile&) const = default;
};

struct Manifest {
  std::int64_t observed_ns = 0;
  std::map<std::string, StoredFile> files;
};

std::string encode(const Manifest& manifest) {
  std::string bytes(magic);
  base::WireWriter writer(bytes);
  writer.u64(static_cast<std::uint64_t>(manifest.observed_ns));
  writer.varint(manifest.files.size());
  for (const auto& [path, file] : manifest.files) {
    writer.bytes(path);
    writer.varint(file.size);
    writer.u64(static_cast<std::uint64_t>(file.modified_ns));
    writer.bytes(file.content);
  }
  return bytes;
}

std::optional<Manifest> decode(std::string_view bytes) {
  if (bytes.substr(0, magic.size()) != magic) return std::nullopt;
  base::WireReader reader(bytes.substr(magic.size()));
  Manifest manifest;
  manifest.observed_ns = static_cast<std::int64_t>(reader.u64());
  const std::uint64_t count = reader.varint();
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    std::string path(reader.bytes());
    StoredFile file;
    file.size = reader.varint();
    file.modified_ns = static_cast<std::int64_t>(reader.u64());
    file.content = reader.bytes();
    manifest.files.emplace(std::move(path), std::move(file));
  }
  return reader.ok() && reader.at_end() ? std::optional(std::move(manifest)) : std::nullopt;
}

/// Names and contents alone, so that touching a file changes nothing.
std::string digest_of(const Manifest& manifest) {
  std::string bytes;
  base::WireWriter writer(bytes);
  for (const auto& [path, file] : manifest.files) {
    writer.bytes(path);
    writer.digest(base::hash128(file.content));
  }
  return base::hash128(bytes).hex();
}

class FolderScan {
 public:
  FolderScan(base::Env& env, std::string root, const Manifest& before)
      : env_(env), root_(std::move(root)), before_(before) {}

  Result<Manifest> scan() {
    now_.observed_ns = std::chrono::nanoseconds(env_.now().time_since_epoch()).count();
    std::vector<std::pair<std::string, std::size_t>> folders{{"", 0}};
    while (!folders.empty()) {
      const auto [folder, depth] = std::move(folders.back());
      folders.pop_back();
      const auto entries = env_.list(folder.empty() ? root_ : root_ + "/" + folder);
      if (!entries) {
        if (folder.empty()) return tl::make_unexpected(entries.error());
        continue;  // unreadable: as if it were not there
      }
      for (const auto& entry : *entries) {
        std::string path = folder.empty() ? entry.name : fmt::format("{}/{}", folder, entry.name);
        if (entry.type == base::FileType::directory && !is_skipped_folder(entry.name) && depth < max_folder_depth)
          folders.emplace_back(std::move(path), depth + 1);
        else if (entry.type == base::FileType::file && (language_from_path(entry.name) != Language::unknown || is_build_file(entry.name)))
          take(path);
      }
    }
    return std::move(now_);
  }

 private:
  void take(const std::string& path) {
    if (now_.files.size() >= max_files) return;
    const std::string full = fmt::format("{}/{}", root_, path);
    const auto status = env_.status(full);
    if (!status || !*status || (*status)->type != base::FileType::file || (*status)->size > max_source_bytes) return;
    StoredFile file{(*status)->size, (*status)->modified_ns, {}};
    const auto known = before_.files.find(path);
    const bool unchanged = known != before_.files.end() && known->second.size == file.size &&
                           known->second.modified_ns == file.modified_ns &&
                           file.modified_ns + racy_ns < before_.observed_ns;
    if (unchanged) {
      file.content = known->second.content;
    } else {
      auto content = env_.read_file(full, max_source_bytes);
      if (!content || base::looks_binary(*content)) return;
      file.content = std::move(*content);
    }
    if (total_ + file.content.size() > max_total_bytes) return;
    total_ += file.content.size();
    now_.files.emplace(path, std::move(file));
  }

  base::Env& env_;
  std::string root_;
  const Manifest& before_;
  Manifest now_;
  std::size_t total_ = 0;
};

void compare(const Manifest& before, const Manifest& now, WorktreeChange& change) {
  const auto differs = [&](std::string path, const StoredFile* old, const StoredFile* current) {
    ++change.files_changed;
    FileChange file;
    file.path = base::repair_utf8(path);
    if (old != nullptr) file.before = old->content;
    if (current != nullptr) file.after = current->content;
    add_file_change(change, std::move(file));
  };
  auto old = before.files.begin();
  auto current = now.files.begin();
  while (old != before.files.end() || current != now.files.end()) {
    if (current == now.files.end() || (old != before.files.end() && old->first < current->first)) {
      differs(old->first, &old->second, nullptr);
      ++old;
    } else if (old == before.files.end() || current->first < old->first) {
      differs(current->first, nullptr, &current->second);
      ++current;
    } else {
      if (old->second.content != current->second.content) differs(old->first, &old->second, &current->second);
      ++old;
      ++current;
    }
  }
}

}  // namespace

Result<WorktreeChange> observe_plain_folder(base::Env& env, const std::string& root, const WorktreeMemory& memory) {
  AUTODEV_TRY_ASSIGN(const auto status, env.status(root));
  if (!status || status->type != base::FileType::directory)
    return fail(ErrorCode::no_input, fmt::format("no such folder: {}", root));
  AUTODEV_TRY_ASSIGN(const auto last, remembered(env, memory, "files:"));
  std::optional<Manifest> before;
  if (last) {
    const auto packed = env.read_file(memory.pack(*last));
    const auto bytes = packed ? base::decompress(*packed, 2 * max_total_bytes) : Result<std::string>("");
    if (bytes) before = decode(*bytes);  // a damaged pack is no state: begin again
  }
  const Manifest nothing;
  AUTODEV_TRY_ASSIGN(const Manifest now, FolderScan(env, root, before ? *before : nothing).scan());
  WorktreeChange change;
  change.first = !before;
  const std::string digest = digest_of(now);
  change.state.id = "files:" + digest;
  if (before) compare(*before, now, change);
  const bool is_stored = before && digest == *last && now.files == before->files;
  if (!is_stored) AUTODEV_TRY(env.write_file_atomically(memory.pack(digest), base::compress(encode(now))));
  return change;
}

}  // namespace autodev::observe
