// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Contents of files: reading, replacing, appending, mapping, locking.
//
// Files are made with mode 0600, and every descriptor is close-on-exec. A replaced file keeps the mode it
// had. Locks are flock(2) locks: they belong to the open file, so they also exclude threads of one process,
// and they vanish with the process.
#include "base/real_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <thread>

#include "base/system_error.h"

namespace autodev::base::real {
namespace {

constexpr mode_t private_file = 0600;

Result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = uninterrupted([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (written < 0) return system_failure("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// Opens for reading without ever waiting for the other end of a pipe, then reads block as usual.
Result<Descriptor> open_to_read(const std::string& path) {
  Descriptor file(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
  if (!file) return system_failure("open", path);
  const int flags = ::fcntl(file.get(), F_GETFL);
  if (flags < 0 || ::fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK) < 0) return system_failure("open", path);
  return file;
}

Result<struct stat> status_of(const Descriptor& file, const std::string& path) {
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return system_failure("inspect", path);
  if (S_ISDIR(info.st_mode)) return fail(ErrorCode::bad_data, fmt::format("cannot read {}: it is a folder", path));
  return info;
}

tl::unexpected<Error> too_large(const std::string& path, std::uint64_t max_bytes) {
  return fail(ErrorCode::bad_data, fmt::format("{} is larger than the {} bytes allowed", path, max_bytes));
}

/// Reads until the end, because the size of pipes and of /proc files is not known before.
Result<std::string> read_to_end(const Descriptor& file, std::size_t expected, std::uint64_t max_bytes,
                                const std::string& path) {
  std::string bytes;
  std::size_t used = 0;
  while (true) {
    if (used == bytes.size()) bytes.resize(std::max<std::size_t>(expected + 1, used + used / 2 + 4096));
    const ssize_t got = uninterrupted([&] { return ::read(file.get(), bytes.data() + used, bytes.size() - used); });
    if (got < 0) return system_failure("read", path);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    if (used > max_bytes) return too_large(path, max_bytes);
  }
  bytes.resize(used);
  return bytes;
}

class RealAppendFile final : public AppendFile {
 public:
  RealAppendFile(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  Result<void> append(std::string_view bytes) override { return write_all(file_.get(), bytes, path_); }
  Result<void> sync() override {
    if (uninterrupted([&] { return ::fdatasync(file_.get()); }) != 0) return system_failure("sync", path_);
    return {};
  }
  Result<void> truncate(std::uint64_t size) override {
    if (uninterrupted([&] { return ::ftruncate(file_.get(), static_cast<off_t>(size)); }) != 0)
      return system_failure("truncate", path_);
    return {};
  }
  [[nodiscard]] Result<std::uint64_t> size() const override {
    AUTODEV_TRY_ASSIGN(const struct stat info, status_of(file_, path_));
    return static_cast<std::uint64_t>(info.st_size);
  }

 private:
  Descriptor file_;
  std::string path_;
};

class CopiedFile final : public MappedFile {
 public:
  explicit CopiedFile(std::string bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] std::string_view bytes() const noexcept override { return bytes_; }

 private:
  std::string bytes_;
};

class RealMappedFile final : public MappedFile {
 public:
  RealMappedFile(void* address, std::size_t size) : address_(address), size_(size) {}
  RealMappedFile(const RealMappedFile&) = delete;
  RealMappedFile& operator=(const RealMappedFile&) = delete;
  ~RealMappedFile() override { ::munmap(address_, size_); }
  [[nodiscard]] std::string_view bytes() const noexcept override { return {static_cast<const char*>(address_), size_}; }

 private:
  void* address_;
  std::size_t size_;
};

class RealFileLock final : public FileLock {
 public:
  explicit RealFileLock(Descriptor file) : file_(std::move(file)) {}

 private:
  Descriptor file_;  // closing it releases the lock
};

/// A new file next to `path` under a name nobody else has. Sets `name`.
Result<Descriptor> create_temporary(const std::string& path, std::string& name) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::uint64_t chance = 0;
    if (::getrandom(&chance, sizeof chance, 0) != static_cast<ssize_t>(sizeof chance))
      return system_failure("create a temporary file for", path);
    name = fmt::format("{}.{:016x}.tmp", path, chance);
    Descriptor file(
        uninterrupted([&] { return ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, private_file); }));
    if (file) return file;
    if (errno != EEXIST) return creation_failure("create", path);
  }
  return fail(ErrorCode::cannot_create, fmt::format("cannot create a temporary file for {}", path));
}

/// A file that replaces another keeps the other's permissions.
void copy_mode(const Descriptor& file, const std::string& path) {
  struct stat old {};
  if (::lstat(path.c_str(), &old) == 0 && S_ISREG(old.st_mode) && (old.st_mode & 0777) != private_file)
    static_cast<void>(::fchmod(file.get(), old.st_mode & 0777));
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> fill_and_rename(Descriptor file, const std::string& temporary, const std::string& path,
                             std::string_view bytes, bool durable) {
  copy_mode(file, path);
  AUTODEV_TRY(write_all(file.get(), bytes, path));
  if (durable && uninterrupted([&] { return ::fsync(file.get()); }) != 0) return system_failure("sync", path);
  if (::close(file.release()) != 0 && errno != EINTR) return system_failure("write", path);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return system_failure("replace", path);
  return {};
}

/// True when `file` is still what `path` names: the file may have been deleted while we waited.
bool still_names(const std::string& path, const Descriptor& file) {
  struct stat here {
  }, there{};
  return ::fstat(file.get(), &here) == 0 && ::stat(path.c_str(), &there) == 0 && here.st_dev == there.st_dev &&
         here.st_ino == there.st_ino;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes) {
  AUTODEV_TRY_ASSIGN(const Descriptor file, open_to_read(path));
  AUTODEV_TRY_ASSIGN(const struct stat info, status_of(file, path));
  const std::uint64_t expected = S_ISREG(info.st_mode) ? static_cast<std::uint64_t>(info.st_size) : 0;
  if (expected > max_bytes) return too_large(path, max_bytes);
  try {
    return read_to_end(file, static_cast<std::size_t>(expected), max_bytes, path);
  } catch (const std::exception&) {  // the size is foreign: a sparse file may claim more than there is memory
    return fail(ErrorCode::unavailable, fmt::format("cannot read {}: not enough memory", path));
  }
}

Result<void> write_file_atomically(const std::string& path, std::string_view bytes, bool durable) {
  std::string temporary;
  AUTODEV_TRY_ASSIGN(Descriptor file, create_temporary(path, temporary));
  if (auto written = fill_and_rename(std::move(file), temporary, path, bytes, durable); !written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return durable ? sync_directory(folder_of(path)) : Result<void>();
}

Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) {
  Descriptor file(uninterrupted(
      [&] { return ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, private_file); }));
  if (!file) return creation_failure("open", path);
  AUTODEV_TRY(status_of(file, path));
  return std::make_unique<RealAppendFile>(std::move(file), path);
}

Result<std::unique_ptr<MappedFile>> map_file(const std::string& path) {
  AUTODEV_TRY_ASSIGN(const Descriptor file, open_to_read(path));
  AUTODEV_TRY_ASSIGN(const struct stat info, status_of(file, path));
  const auto size = static_cast<std::size_t>(info.st_size);
  void* address = MAP_FAILED;
  if (S_ISREG(info.st_mode) && size > 0) address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (address != MAP_FAILED) return std::make_unique<RealMappedFile>(address, size);
  AUTODEV_TRY_ASSIGN(std::string bytes, read_file(path, UINT64_MAX));
  return std::make_unique<CopiedFile>(std::move(bytes));
}

Result<std::unique_ptr<FileLock>> lock_file(const std::string& path, std::chrono::milliseconds timeout) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + timeout;
  // From one millisecond (a typical hold is one append) to twenty (the wait a person does not notice).
  std::chrono::milliseconds pause(1);
  while (true) {
    Descriptor file(
        uninterrupted([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, private_file); }));
    if (!file) return creation_failure("create the lock", path);
    if (uninterrupted([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }) == 0) {
      if (still_names(path, file)) return std::make_unique<RealFileLock>(std::move(file));
      continue;
    }
    if (errno != EWOULDBLOCK) return system_failure("lock", path);
    const auto left = deadline - Clock::now();
    if (left <= Clock::duration::zero())
      return fail(ErrorCode::busy, fmt::format("{} is locked by another process", path),
                  "wait until the other command has finished, then try again");
    std::this_thread::sleep_for(std::min<Clock::duration>(pause, left));
    pause = std::min(pause * 2, std::chrono::milliseconds(20));
  }
}

}  // namespace autodev::base::real
