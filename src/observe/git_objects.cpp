// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The batch protocol of git-cat-file(1): "<id>\n" -> "<id> <type> <size>\n<bytes>\n" or "<id> missing\n".
#include "observe/git_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace autodev::observe {
namespace {

/// Objects come from local packs; a minute of silence means the disk or git is gone.
constexpr std::chrono::minutes answer_time(1);
constexpr std::size_t max_header_bytes = 4'096;
constexpr std::uint64_t skip_step = std::uint64_t{1} << 20;
/// What an entry costs besides its content.
constexpr std::size_t entry_overhead = 256;

std::uint64_t parse_size(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

Result<GitObjects> GitObjects::start(const Git& git, std::size_t max_blob_bytes, std::size_t max_cache_bytes) {
  AUTODEV_TRY_ASSIGN(auto child, git.start({"cat-file", "--batch"}));
  return GitObjects(std::move(child), max_blob_bytes, max_cache_bytes);
}

Result<void> GitObjects::skip(std::uint64_t bytes) {
  while (bytes > 0) {
    const std::uint64_t step = std::min(bytes, skip_step);
    AUTODEV_TRY(child_->read_exactly(static_cast<std::size_t>(step), answer_time));
    bytes -= step;
  }
  return {};
}

Result<Blob> GitObjects::read_answer(const std::string& id) {
  AUTODEV_TRY_ASSIGN(const std::string header, child_->read_line(max_header_bytes, answer_time));
  const auto fields = base::split(base::trim(header), ' ');
  if (fields.size() < 3) return Blob();  // "<id> missing"
  if (fields[0] != id) return fail(ErrorCode::bad_data, fmt::format("git answered for {} when asked for {}", fields[0], id));
  const std::uint64_t size = parse_size(fields[2]);
  if (fields[1] != "blob" || size > max_blob_bytes_) {
    AUTODEV_TRY(skip(size));
    AUTODEV_TRY(skip(1));
    return Blob();
  }
  AUTODEV_TRY_ASSIGN(std::string bytes, child_->read_exactly(static_cast<std::size_t>(size) + 1, answer_time));
  bytes.pop_back();
  return std::make_shared<const std::string>(std::move(bytes));
}

void GitObjects::remember(const std::string& id, Blob blob) {
  cached_bytes_ += entry_overhead + (blob ? blob->size() : 0);
  recent_.push_front({id, std::move(blob)});
  by_id_[id] = recent_.begin();
  while (cached_bytes_ > max_cache_bytes_ && recent_.size() > 1) {
    const Entry& oldest = recent_.back();
    cached_bytes_ -= entry_overhead + (oldest.blob ? oldest.blob->size() : 0);
    by_id_.erase(oldest.id);
    recent_.pop_back();
  }
}

Result<std::vector<Blob>> GitObjects::read(const std::vector<std::string>& ids) {
  std::vector<Blob> blobs(ids.size());
  std::vector<std::size_t> asked;
  std::string request;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (const auto known = by_id_.find(ids[i]); known != by_id_.end()) {
      recent_.splice(recent_.begin(), recent_, known->second);
      blobs[i] = known->second->blob;
    } else {
      asked.push_back(i);
      request += ids[i] + "\n";
    }
  }
  if (asked.empty()) return blobs;
  AUTODEV_TRY(child_->write(request));
  for (const std::size_t i : asked) {
    ++requests_;
    AUTODEV_TRY_ASSIGN(blobs[i], read_answer(ids[i]));
    if (!by_id_.contains(ids[i])) remember(ids[i], blobs[i]);
  }
  return blobs;
}

}  // namespace autodev::observe
