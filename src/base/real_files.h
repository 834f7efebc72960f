// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The file functions of the operating system behind RealEnv; their contracts are those of Env.
#pragma once

#include "base/env.h"

namespace autodev::base::real {

Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes);
Result<void> write_file_atomically(const std::string& path, std::string_view bytes, bool durable);
Result<std::unique_ptr<AppendFile>> open_append(const std::string& path);
Result<std::unique_ptr<MappedFile>> map_file(const std::string& path);
Result<std::unique_ptr<FileLock>> lock_file(const std::string& path, std::chrono::milliseconds timeout);

Result<std::optional<FileStatus>> status(const std::string& path);
Result<std::string> read_link(const std::string& path);
Result<void> share_file(const std::string& path);
Result<std::vector<DirectoryEntry>> list(const std::string& path);
Result<void> create_directories(const std::string& path);
Result<void> remove_file(const std::string& path);
Result<void> remove_tree(const std::string& path);
Result<void> rename(const std::string& from, const std::string& to);
Result<void> sync_directory(const std::string& path);

}  // namespace autodev::base::real
