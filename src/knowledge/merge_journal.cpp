// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Merging is a union of files: a segment is taken over when it is new here or continues what is here. What is taken is
// cut behind its last good record, so a torn tail does not travel. A file that contradicts the one here (two copies that
// wrote as one replica) is left out and reported.
#include <fmt/format.h>

#include <algorithm>

#include "knowledge/exchange.h"
#include "knowledge/journal_files.h"
#include "knowledge/replica.h"

namespace autodev::knowledge {
namespace {

struct SegmentContent {
  std::string bytes;           ///< up to the last good record
  std::uint64_t records = 0;
};

Result<SegmentContent> read_segment(base::Env& env, const std::string& path, const SegmentName& name) {
  AUTODEV_TRY_ASSIGN(const auto file, env.map_file(path));
  const std::string_view all = file->bytes();
  switch (check_header(name, all)) {
    case HeaderState::newer: return newer_segment(path);
    case HeaderState::torn: return SegmentContent{};
    case HeaderState::damaged: return fail(ErrorCode::bad_data, path + ": the header is damaged or of another segment");
    case HeaderState::good: break;
  }
  SegmentContent content;
  SegmentScanner scanner(name, all.substr(segment_header_bytes), segment_header_bytes);
  while (scanner.next()) ++content.records;
  content.bytes = all.substr(0, static_cast<std::size_t>(scanner.good_end()));
  if (!scanner.damaged().empty() && content.records == 0) return fail(ErrorCode::bad_data, path + ": no record is readable");
  return content;
}

Result<std::string> journal_in(base::Env& env, const std::string& folder) {
  for (const std::string& candidate : {folder + "/journal", folder + "/knowledge/journal", folder}) {
    AUTODEV_TRY_ASSIGN(const auto replicas, list_replicas(env, candidate));
    if (!replicas.empty()) return candidate;
  }
  return fail(ErrorCode::no_input, folder + " has no journal", "name a .auto-dev folder, or its knowledge folder");
}

/// Writes `theirs` where it adds to what is here; the number of records added.
Result<std::uint64_t> take_over(base::Env& env, const std::string& target, const SegmentName& name, const SegmentContent& theirs) {
  AUTODEV_TRY_ASSIGN(const auto present, env.status(target));
  SegmentContent ours;
  if (present) {
    AUTODEV_TRY_ASSIGN(ours, read_segment(env, target, name));
  }
  if (theirs.bytes.size() <= ours.bytes.size()) {
    if (ours.bytes.starts_with(theirs.bytes)) return 0;
  } else if (theirs.bytes.starts_with(ours.bytes)) {
    // Replaced as a whole: readers that have the old file mapped keep it.
    AUTODEV_TRY(env.write_file_atomically(target, theirs.bytes, true));
    return theirs.records - ours.records;
  }
  return fail(ErrorCode::bad_data, target + ": the two copies differ; both have written as the same replica");
}

}  // namespace

Result<MergeResult> merge_journal(base::Env& env, const std::string& folder, const std::string& other) {
  AUTODEV_TRY_ASSIGN(const std::string source, journal_in(env, other));
  AUTODEV_TRY_ASSIGN(const auto theirs, list_journal(env, source));
  const std::string journal = folder + "/journal";
  MergeResult result;
  for (const auto& [replica, segments] : theirs) {
    const std::string target_folder = journal + "/" + replica.hex();
    AUTODEV_TRY(env.create_directories(target_folder));
    // Also our own segments may come back, from a backup: no writer of ours must be at work.
    AUTODEV_TRY_ASSIGN(const auto lock, env.lock_file(target_folder + "/lock", std::chrono::seconds(30)));
    const std::uint64_t before = result.segments;
    for (const SegmentFile& segment : segments) {
      const SegmentName name{replica, segment.number};
      auto content = read_segment(env, segment.path, name);
      auto added = content ? take_over(env, segment_path(target_folder, segment.number), name, *content)
                           : Result<std::uint64_t>(tl::make_unexpected(content.error()));
      if (!added) {
        if (added.error().code != ErrorCode::bad_data) return tl::make_unexpected(std::move(added).error());
        result.problems.push_back(std::move(added).error().message);
        break;  // later segments of this replica build on this one
      }
      if (*added > 0) ++result.segments;
      result.records += *added;
    }
    if (result.segments > before) ++result.replicas;
  }
  return result;
}

}  // namespace autodev::knowledge
