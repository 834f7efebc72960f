// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/tree_tests.h"

#include <algorithm>

#include "base/hash.h"

namespace autodev::apply {
namespace {

constexpr const char* archive_name = ".auto-dev-tree.tar";
constexpr std::uint64_t room_for_builds = std::uint64_t{512} << 20;
constexpr std::uint64_t processes = 256;  // parallel builds and test runners

/// Unpacks, goes to the folder and becomes the command. PYTHONDONTWRITEBYTECODE: caches of a tree that is thrown away.
constexpr const char* unpack_and_run =
    "tar xf .auto-dev-tree.tar && rm .auto-dev-tree.tar && cd -- \"$1\" || exit 126\n"
    "export PYTHONDONTWRITEBYTECODE=1\n"
    "exec sh -c \"$2\"\n";

}  // namespace

TreeTests::TreeTests(Sandbox& sandbox, std::vector<TreeFile> tree, TreeTestOptions options)
    : sandbox_(sandbox), tree_(std::move(tree)), options_(std::move(options)) {
  for (const TreeFile& file : tree_) bytes_ += file.text.size() + 1'024;
}

Result<SandboxRun> TreeTests::run(const std::string& command, const std::map<std::string, std::string>& changed) {
  std::string identity = command;
  for (const auto& [path, text] : changed) identity += '\0' + path + '\0' + text;
  const Digest key = base::hash128(identity);
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  std::vector<TreeFile> files;
  for (const TreeFile& file : tree_)
    if (!changed.contains(file.path)) files.push_back(file);
  for (const auto& [path, text] : changed) {
    const auto old = std::find_if(tree_.begin(), tree_.end(), [&path = path](const TreeFile& f) { return f.path == path; });
    files.push_back({path, text, old != tree_.end() && old->executable, {}});
  }
  SandboxLimits limits;
  limits.wall = options_.timeout;
  limits.memory_bytes = options_.memory_bytes;
  limits.disk_bytes = 2 * bytes_ + room_for_builds;
  limits.processes = processes;
  const std::string folder = options_.folder.empty() ? "." : options_.folder;
  AUTODEV_TRY_ASSIGN(SandboxRun result,
                     sandbox_.run_in_toolchain(options_.language, {"sh", "-c", unpack_and_run, "sh", folder, command},
                                               {{archive_name, make_tar(files)}}, limits));
  ++runs_;
  if (!result.interrupted && !result.timed_out) known_.emplace(key, result);
  return result;
}

}  // namespace autodev::apply
