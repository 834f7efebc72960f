// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reading side of the journal; appending is in journal_append.cpp.
#include "knowledge/journal.h"

#include "knowledge/journal_cursor.h"
#include "knowledge/journal_files.h"
#include "knowledge/replica.h"

namespace autodev::knowledge {

Journal::Journal(base::Env& env, std::string folder, JournalOptions options)
    : env_(env), folder_(std::move(folder)), options_(options) {}

Result<std::optional<ReplicaId>> Journal::replica() const { return find_replica(env_, folder_); }

Result<JournalPosition> Journal::read(const JournalPosition& from, const std::function<bool(const Record&)>& visit,
                                      std::vector<DamagedRecord>* damaged) {
  AUTODEV_TRY_ASSIGN(auto cursor, JournalCursor::open(env_, *this, from));
  while (true) {
    AUTODEV_TRY_ASSIGN(const auto view, cursor.next());
    if (!view || !visit(Record{view->key, view->kind, std::string(view->payload), view->location})) break;
  }
  if (damaged != nullptr) damaged->insert(damaged->end(), cursor.damaged().begin(), cursor.damaged().end());
  return cursor.position();
}

Result<Record> Journal::read_at(const ReplicaId& replica, const RecordLocation& location) {
  const std::string path = segment_path(folder_ + "/" + replica.hex(), location.segment);
  // Acknowledged records are never cut off, so no guard is needed here.
  AUTODEV_TRY_ASSIGN(const auto file, env_.map_file(path));
  const std::string_view bytes = file->bytes();
  if (location.offset < location.end && location.end <= bytes.size()) {
    const auto frame = last_frame({replica, location.segment}, bytes.substr(location.offset, location.end - location.offset),
                                  location.offset);
    if (frame && frame->checksum == location.checksum)
      return Record{{Timestamp(Milliseconds(frame->time_ms)), replica, frame->sequence},
                    static_cast<RecordKind>(frame->kind),
                    std::string(frame->payload),
                    location};
  }
  return fail(ErrorCode::no_input, path + ": the record at byte " + std::to_string(location.offset) + " is not there any more");
}

Result<JournalPosition> Journal::end() {
  JournalPosition position;
  AUTODEV_TRY_ASSIGN(const auto own, replica());
  AUTODEV_TRY_ASSIGN(const auto replicas, list_replicas(env_, folder_));
  for (const ReplicaId& id : replicas) {
    AUTODEV_TRY_ASSIGN(const auto tail, find_tail(env_, folder_, id, own == id, options_.lock_timeout));
    if (tail.position.sequence != 0) position.emplace(id, tail.position);
  }
  return position;
}

Result<bool> Journal::holds(const JournalPosition& position) {
  for (const auto& [replica, last] : position) {
    const std::string path = segment_path(folder_ + "/" + replica.hex(), last.segment);
    AUTODEV_TRY_ASSIGN(const auto status, env_.status(path));
    if (!status || status->size < last.offset) return false;
    AUTODEV_TRY_ASSIGN(const auto file, env_.map_file(path));
    if (file->bytes().size() < last.offset) return false;
    const auto frame = last_frame({replica, last.segment}, file->bytes().substr(0, last.offset));
    if (!frame || frame->checksum != last.checksum || frame->sequence != last.sequence) return false;
  }
  return true;
}

}  // namespace autodev::knowledge
