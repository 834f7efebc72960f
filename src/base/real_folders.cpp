// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Folders and names: status, listing, creation, removal, renaming.
//
// remove_tree neither recurses nor keeps one descriptor per level, however deep a foreign tree is: folders
// found inside a folder are moved up into the root of the removal, until the root holds only files.
// Everything is reached relative to open folders and without following links, so a folder swapped for
// a link in between leads nowhere.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <fstream>

#include "base/real_files.h"
#include "base/system_error.h"

namespace autodev::base::real {
namespace {

constexpr mode_t private_folder = 0700;

FileType type_of(mode_t mode) noexcept {
  if (S_ISREG(mode)) return FileType::file;
  if (S_ISDIR(mode)) return FileType::directory;
  return S_ISLNK(mode) ? FileType::symlink : FileType::other;
}

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

bool is_folder_at(int folder, const char* name) noexcept {
  struct stat info {};
  return ::fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
}

/// Opens a folder without following a link, making it accessible first if it is ours but closed.
Folder open_folder(int parent, const char* name) {
  const auto open_it = [&] {
    return uninterrupted([&] { return ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); });
  };
  int fd = open_it();
  if (fd < 0 && errno == EACCES && is_folder_at(parent, name) && ::fchmodat(parent, name, private_folder, 0) == 0)
    fd = open_it();
  if (fd < 0) return nullptr;
  Folder folder(::fdopendir(fd));
  if (!folder) ::close(fd);
  return folder;
}

FileType entry_type(int folder, const dirent& entry) noexcept {
  switch (entry.d_type) {
    case DT_REG:
      return FileType::file;
    case DT_DIR:
      return FileType::directory;
    case DT_LNK:
      return FileType::symlink;
    case DT_UNKNOWN:
      break;
    default:
      return FileType::other;
  }
  struct stat info {};
  return ::fstatat(folder, entry.d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 ? type_of(info.st_mode) : FileType::other;
}

/// The entries of an open folder, in the order of the file system.
Result<std::vector<DirectoryEntry>> entries_of(DIR* folder, const std::string& path) {
  std::vector<DirectoryEntry> entries;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(folder);
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({std::string(name), entry_type(::dirfd(folder), *entry)});
  }
  if (errno != 0) return system_failure("list", path);
  return entries;
}

/// One removal: `root_` shrinks until it is empty.
class TreeRemoval {
 public:
  TreeRemoval(int root, const std::string& path) : root_(root), path_(path) {}

  Result<void> empty(std::vector<DirectoryEntry> entries) {
    for (const DirectoryEntry& entry : entries) pending_.push_back(entry);
    while (!pending_.empty()) {
      const DirectoryEntry entry = std::move(pending_.back());
      pending_.pop_back();
      AUTODEV_TRY(remove(entry));
    }
    return {};
  }

 private:
  Result<void> remove(const DirectoryEntry& entry) {
    const char* name = entry.name.c_str();
    if (entry.type == FileType::directory) {
      AUTODEV_TRY(lift_contents(name));
      if (::unlinkat(root_, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return {};
    } else if (::unlinkat(root_, name, 0) == 0 || errno == ENOENT) {
      return {};
    }
    return system_failure("remove", path_ + "/" + entry.name);
  }

  /// Deletes the files of the folder `name` and moves its folders into the root.
  Result<void> lift_contents(const char* name) {
    const Folder folder = open_folder(root_, name);
    if (!folder) {
      if (errno == ENOENT) return {};
      return system_failure("remove", path_ + "/" + name);
    }
    const int fd = ::dirfd(folder.get());
    static_cast<void>(::fchmod(fd, private_folder));
    AUTODEV_TRY_ASSIGN(const auto entries, entries_of(folder.get(), path_));
    for (const DirectoryEntry& entry : entries) AUTODEV_TRY(lift(fd, entry));
    return {};
  }

  Result<void> lift(int from, const DirectoryEntry& entry) {
    const char* name = entry.name.c_str();
    if (entry.type != FileType::directory) {
      if (::unlinkat(from, name, 0) == 0 || errno == ENOENT) return {};
      return system_failure("remove", path_ + "/.../" + entry.name);
    }
    if (::unlinkat(from, name, AT_REMOVEDIR) == 0) return {};
    if (const Folder closed = open_folder(from, name)) ::fchmod(::dirfd(closed.get()), private_folder);
    while (true) {
      std::string lifted = fmt::format(".removing-{}-{}", ::getpid(), counter_++);
      if (::renameat(from, name, root_, lifted.c_str()) == 0) {
        pending_.push_back({std::move(lifted), FileType::directory});
        return {};
      }
      if (errno == ENOENT) return {};
      const bool name_is_taken = errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR;
      if (!name_is_taken) return system_failure("remove", path_ + "/.../" + entry.name);
    }
  }

  int root_;
  const std::string& path_;
  std::vector<DirectoryEntry> pending_;
  std::uint64_t counter_ = 0;
};

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), private_folder) == 0) return {};
  const int number = errno;
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
  errno = number;
  return creation_failure("create the folder", path);
}

}  // namespace

Result<std::optional<FileStatus>> status(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    return system_failure("inspect", path);
  }
  FileStatus found;
  found.type = type_of(info.st_mode);
  found.size = static_cast<std::uint64_t>(info.st_size);
  found.modified_ns = std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
  found.executable = (info.st_mode & S_IXUSR) != 0;
  return found;
}

Result<std::string> read_link(const std::string& path) {
  std::array<char, PATH_MAX> text{};
  const ssize_t length = ::readlink(path.c_str(), text.data(), text.size());
  if (length < 0 && (errno == ENOENT || errno == EINVAL || errno == ENOTDIR)) return fail(ErrorCode::no_input, path + ": no symbolic link");
  if (length < 0) return system_failure("read the link", path);
  return std::string(text.data(), static_cast<std::size_t>(length));
}

Result<void> share_file(const std::string& path) {
  // The umask can only be read by setting it, unless the kernel tells.
  mode_t mask = 022;
  if (std::ifstream status("/proc/self/status"); status) {
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("Umask:")) mask = static_cast<mode_t>(std::strtoul(line.c_str() + 6, nullptr, 8)) & 0777;
  }
  if (::chmod(path.c_str(), 0666 & ~mask) != 0) return system_failure("change the permissions of", path);
  return {};
}

Result<std::vector<DirectoryEntry>> list(const std::string& path) {
  const Folder folder(::opendir(path.c_str()));
  if (!folder) {
    if (errno == ENOENT) return std::vector<DirectoryEntry>();
    return system_failure("list", path);
  }
  AUTODEV_TRY_ASSIGN(std::vector<DirectoryEntry> entries, entries_of(folder.get(), path));
  std::sort(entries.begin(), entries.end(),
            [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
  return entries;
}

Result<void> create_directories(const std::string& path) {
  if (path.empty()) return fail(ErrorCode::usage, "cannot create a folder without a name");
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
  for (std::size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1))
    AUTODEV_TRY(make_folder(path.substr(0, end)));
  return path.back() == '/' ? Result<void>() : make_folder(path);
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return {};
  return system_failure("remove", path);
}

Result<void> remove_tree(const std::string& path) {
  {
    const Folder root = open_folder(AT_FDCWD, path.c_str());
    if (!root) {
      if (errno == ENOENT) return {};
      if (errno == ENOTDIR || errno == ELOOP) return remove_file(path);  // a file or a link
      return system_failure("remove", path);
    }
    static_cast<void>(::fchmod(::dirfd(root.get()), private_folder));
    AUTODEV_TRY_ASSIGN(auto entries, entries_of(root.get(), path));
    AUTODEV_TRY(TreeRemoval(::dirfd(root.get()), path).empty(std::move(entries)));
  }
  if (::rmdir(path.c_str()) == 0 || errno == ENOENT) return {};
  return system_failure("remove", path);
}

Result<void> rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return {};
  return system_failure("rename", from + " to " + to);
}

Result<void> sync_directory(const std::string& path) {
  const Descriptor folder(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!folder) return system_failure("sync the folder", path);
  // EINVAL: the file system has nothing to sync for folders.
  if (uninterrupted([&] { return ::fsync(folder.get()); }) != 0 && errno != EINVAL)
    return system_failure("sync the folder", path);
  return {};
}

}  // namespace autodev::base::real
