// SPDX-License-Identifier: MIT OR Apache-2.0
//
// JournalCursor: the records of all replicas behind a position, merged into canonical order.
//
// Each replica's files are one stream that is sorted already (sequence and time only grow; a record that
// breaks this is damage), so the merge looks at one record per replica at a time.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "knowledge/journal.h"

namespace autodev::knowledge {

/// A record in place: `payload` is valid until the cursor moves on.
struct RecordView {
  RecordKey key;
  RecordKind kind = RecordKind::event;
  std::string_view payload;
  RecordLocation location;
};

class JournalCursor {
 public:
  /// Opens what lies behind `from`; files without news are not opened.
  [[nodiscard]] static Result<JournalCursor> open(base::Env& env, const Journal& journal, const JournalPosition& from);
  ~JournalCursor();
  JournalCursor(JournalCursor&&) noexcept;
  JournalCursor& operator=(JournalCursor&&) noexcept;

  /// The next record in canonical order; absent at the end.
  [[nodiscard]] Result<std::optional<RecordView>> next();
  /// Nothing is left.
  [[nodiscard]] bool at_end() const noexcept { return streams_.empty(); }
  /// Behind the last record that next() returned.
  [[nodiscard]] const JournalPosition& position() const noexcept { return position_; }
  /// Damage seen so far.
  [[nodiscard]] const std::vector<DamagedRecord>& damaged() const noexcept { return damaged_; }

 private:
  class Stream;
  JournalCursor();
  Result<void> step(Stream& stream);

  std::vector<std::unique_ptr<Stream>> streams_;
  Stream* current_ = nullptr;
  JournalPosition position_;
  std::vector<DamagedRecord> damaged_;
};

}  // namespace autodev::knowledge
