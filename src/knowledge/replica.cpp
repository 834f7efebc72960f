// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The file is three lines: format, id, fingerprint. Creation is serialised by a lock; reading needs none, because
// the file is replaced as a whole.
#include "knowledge/replica.h"

#include <filesystem>
#include <vector>

#include "base/hash.h"
#include "base/text.h"
#include "base/wire.h"

namespace autodev::knowledge {
namespace {

constexpr std::string_view replica_format = "auto-dev.replica/1";

std::filesystem::path absolute(base::Env& env, const std::string& folder) {
  const std::filesystem::path path(folder);
  return (path.is_absolute() ? path : std::filesystem::path(env.current_directory()) / path).lexically_normal();
}

std::string replica_file(const std::string& journal_folder) {
  return (std::filesystem::path(journal_folder) / ".." / "replica").lexically_normal().string();
}

Digest fingerprint_of(base::Env& env, const std::string& journal_folder) {
  // Absent in some containers; then the path alone has to tell copies apart.
  const auto machine = env.read_file("/etc/machine-id", 4096);
  return base::hash128(std::string(machine ? base::trim(*machine) : std::string_view()) + '\0' +
                       absolute(env, journal_folder).string());
}

ReplicaId random_replica(base::Env& env) {
  std::string bytes;
  base::WireWriter writer(bytes);
  writer.u64(env.random_u64());
  writer.u64(env.random_u64());
  return {base::WireReader(bytes).digest()};
}

}  // namespace

Result<std::optional<ReplicaId>> find_replica(base::Env& env, const std::string& journal_folder) {
  const std::string file = replica_file(journal_folder);
  auto text = env.read_file(file, 4096);
  if (!text) {
    if (text.error().code == ErrorCode::no_input) return std::nullopt;
    return tl::make_unexpected(text.error());
  }
  const auto lines = base::split_lines(*text);
  if (lines.size() < 3 || lines[0] != replica_format) {
    if (!lines.empty() && lines[0].starts_with("auto-dev.replica/"))
      return fail(ErrorCode::config, file + " was written by a newer version of auto-dev", "use that version");
    return std::nullopt;  // not ours or damaged: a new identity costs nothing
  }
  const auto id = ReplicaId::parse(lines[1]);
  if (!id || lines[2] != fingerprint_of(env, journal_folder).hex()) return std::nullopt;
  return id;
}

Result<ReplicaId> find_or_create_replica(base::Env& env, const std::string& journal_folder) {
  AUTODEV_TRY_ASSIGN(auto found, find_replica(env, journal_folder));
  if (found) return *found;
  AUTODEV_TRY(env.create_directories(journal_folder));
  AUTODEV_TRY_ASSIGN(const auto lock, env.lock_file(journal_folder + "/lock", std::chrono::seconds(30)));
  AUTODEV_TRY_ASSIGN(found, find_replica(env, journal_folder));  // another process may have been faster
  if (found) return *found;
  const ReplicaId id = random_replica(env);
  const std::string text =
      std::string(replica_format) + "\n" + id.hex() + "\n" + fingerprint_of(env, journal_folder).hex() + "\n";
  AUTODEV_TRY(env.write_file_atomically(replica_file(journal_folder), text, true));
  return id;
}

}  // namespace autodev::knowledge
