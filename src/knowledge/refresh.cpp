// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/refresh.h"

#include <fmt/format.h>

#include "index/words.h"
#include "knowledge/fold.h"
#include "knowledge/journal_files.h"

namespace autodev::knowledge {
namespace {

/// Records per transaction: some 50 ms of work, so that other writers wait little and a sync is well used.
constexpr std::size_t batch_records = 500;
/// Each new start means that another process has appended something that changes the past meanwhile.
constexpr int max_starts = 8;

constexpr std::string_view head_key = "head";
constexpr std::string_view forget_prefix = "forget";

std::string forget_key(const RecordKey& key) { return std::string(forget_prefix) + order_key('/', key); }

/// Beyond an as-of view's end?
bool is_beyond(const std::optional<JournalPosition>& end, const RecordKey& key) {
  if (!end) return false;
  const auto replica = end->find(key.replica);
  return replica == end->end() || key.sequence > replica->second.sequence;
}

std::uint64_t records_up_to(const JournalPosition& position) {
  std::uint64_t records = 0;
  for (const auto& [replica, last] : position) records += last.sequence;
  return records;
}

/// A record with the file it came from in the error.
tl::unexpected<Error> at(Error error, const Journal& journal, const RecordView& record) {
  error.message = fmt::format("{}, byte {}: {}", segment_path(journal.folder() + "/" + record.key.replica.hex(), record.location.segment),
                              record.location.offset, error.message);
  return tl::make_unexpected(std::move(error));
}

}  // namespace

Result<std::optional<FoldHead>> load_head(const base::KvRead& state) {
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::meta, head_key));
  if (!bytes) return std::nullopt;
  auto head = decode_row<FoldHead>(*bytes);
  return head ? std::optional<FoldHead>(std::move(*head)) : std::nullopt;
}

Result<std::optional<LearningEvent>> Refresh::read_event(const EventRow& row) {
  auto record = journal_.read_at(row.summary.key.replica, row.location);
  if (!record) {
    // Damage is reported where the journal is read from its beginning.
    if (record.error().code == ErrorCode::no_input || record.error().code == ErrorCode::bad_data) return std::nullopt;
    return tl::make_unexpected(std::move(record).error());
  }
  AUTODEV_TRY_ASSIGN(Payload payload, decode_payload(record->kind, record->payload));
  auto* event = std::get_if<LearningEvent>(&payload);
  return event == nullptr ? std::nullopt : std::optional<LearningEvent>(std::move(*event));
}

FoldHead Refresh::fresh_head() const {
  FoldHead head;
  head.learner = options_.learner;
  head.words = index::words_scheme;
  head.embedder = embedder_.name();
  return head;
}

Result<std::string> Refresh::reason_to_start_over(const std::optional<FoldHead>& head) {
  if (!head) return std::string("there is no state yet");
  const FoldHead fresh = fresh_head();
  if (head->version != fresh.version)
    return fmt::format("the state was folded by version {} of the fold, this is {}", head->version, fresh.version);
  if (head->learner != fresh.learner) return fmt::format("the state was made by {}, this is {}", head->learner, fresh.learner);
  if (head->words != fresh.words || head->embedder != fresh.embedder)
    return fmt::format("the search index was made with {} and {}, this is {} and {}", head->words, head->embedder,
                       fresh.words, fresh.embedder);
  AUTODEV_TRY_ASSIGN(const bool holds, journal_.holds(head->position));
  return std::string(holds ? "" : "journal files were replaced or removed");
}

void Refresh::start_over(std::string reason) {
  from_scratch_ = true;
  report_.reason = std::move(reason);
  cursor_.reset();
}

Result<void> Refresh::collect_forgets() {
  forgets_.clear();
  AUTODEV_TRY_ASSIGN(auto cursor, JournalCursor::open(env_, journal_, {}));
  while (true) {
    AUTODEV_TRY_ASSIGN(const auto record, cursor.next());
    if (!record) break;
    if (record->kind != RecordKind::forget) continue;
    auto payload = decode_payload(record->kind, record->payload);
    if (!payload) {
      if (payload.error().code == ErrorCode::config) return at(payload.error(), journal_, *record);
      continue;  // reported when it is folded
    }
    Forget forget = std::get<Forget>(std::move(*payload));
    // A view of the past knows later wishes to forget, but is not changed by going back later.
    if (is_beyond(options_.as_of, record->key)) forget.restore = false;
    forgets_.emplace_back(record->key, std::move(forget));
  }
  return {};
}

Result<void> Refresh::clear_all(base::KvWrite& txn) {
  AUTODEV_TRY_ASSIGN(const auto tables, txn.tables());
  for (const std::string& name : tables) AUTODEV_TRY(txn.clear(name));
  for (const auto& [key, forget] : forgets_) AUTODEV_TRY(txn.put(table::meta, forget_key(key), encode_payload(forget)));
  return txn.put(table::meta, head_key, encode_row(fresh_head()));
}

Result<void> Refresh::load_forgets(const base::KvRead& txn) {
  std::vector<std::pair<RecordKey, Forget>> records;
  Result<void> outcome;
  AUTODEV_TRY(txn.scan(table::meta, forget_prefix, {}, [&](std::string_view key, std::string_view value) {
    auto payload = decode_payload(RecordKind::forget, value);
    const auto record = decode_order_key(key.substr(forget_prefix.size()));
    if (payload && record) records.emplace_back(*record, std::get<Forget>(std::move(*payload)));
    else outcome = fail(ErrorCode::bad_data, "a forget record of the derived state is damaged");
    return outcome.has_value();
  }));
  forgetting_ = Forgetting(std::move(records));
  return outcome;
}

void Refresh::note_damage() {
  if (!cursor_) return;
  for (const DamagedRecord& damaged : cursor_->damaged()) report_.damaged.push_back(damaged);
}

Result<Refresh::Step> Refresh::fold_batch() {
  AUTODEV_TRY_ASSIGN(const auto txn, kv_.begin_write());
  if (from_scratch_) {
    AUTODEV_TRY(clear_all(*txn));
    report_.records = 0;
    report_.damaged.clear();
  }
  AUTODEV_TRY_ASSIGN(auto head, load_head(*txn));
  if (!head) return start_over("there is no state yet"), Step::start_over;
  const bool reopen = !cursor_ || cursor_->position() != head->position;
  if (reopen) {
    note_damage();
    AUTODEV_TRY_ASSIGN(cursor_, JournalCursor::open(env_, journal_, head->position));
  }
  if (reopen || !forgetting_) AUTODEV_TRY(load_forgets(*txn));
  Fold fold(*txn, embedder_, study_, earlier_);
  std::size_t folded = 0;
  for (; folded < batch_records; ++folded) {
    AUTODEV_TRY_ASSIGN(const auto record, cursor_->next());
    if (!record) break;
    if (record->key < head->last) return start_over("records of another copy arrived that are older than what was folded"), Step::start_over;
    if (record->kind == RecordKind::forget && !forgetting_->knows(record->key))
      return start_over("something was forgotten or restored"), Step::start_over;
    head->last = record->key;
    ++head->records;
    if (forgetting_->drops(record->key) || is_beyond(options_.as_of, record->key)) continue;
    auto payload = decode_payload(record->kind, record->payload);
    if (!payload) {
      if (payload.error().code == ErrorCode::config) return at(payload.error(), journal_, *record);
      report_.damaged.push_back({segment_path(journal_.folder() + "/" + record->key.replica.hex(), record->location.segment),
                                 record->location.offset, payload.error().message});
      continue;
    }
    if (auto* event = std::get_if<LearningEvent>(&*payload)) {
      if (event->id.empty()) event->id = event_id(*event);
      if (forgetting_->drops(record->key, *event)) continue;
    }
    if (const auto* made = std::get_if<DecisionMade>(&*payload); made != nullptr && forgetting_->drops(record->key, made->id, made->project))
      continue;
    // The outcome of a forgotten decision finds none; it must not even be counted.
    if (const auto* outcome = std::get_if<DecisionOutcome>(&*payload); outcome != nullptr && forgetting_->drops(record->key, outcome->id, {}))
      continue;
    AUTODEV_TRY(fold.apply(*record, *payload));
  }
  if (folded == 0 && !from_scratch_) return Step::done;
  AUTODEV_TRY(fold.finish());
  head->position = cursor_->position();
  AUTODEV_TRY(txn->put(table::meta, head_key, encode_row(*head)));
  AUTODEV_TRY(txn->commit());
  from_scratch_ = false;
  report_.records += folded;
  changed_.insert(fold.state().changed.begin(), fold.state().changed.end());
  changed_decisions_.insert(fold.state().changed_decisions.begin(), fold.state().changed_decisions.end());
  changed_anti_.insert(fold.state().changed_anti.begin(), fold.state().changed_anti.end());
  const bool more = folded == batch_records;
  if (options_.on_progress && (more || total_ > 0)) AUTODEV_TRY(show_progress(head->position));
  return more ? Step::more : Step::done;
}

/// Only for work of several batches: finding the journal's end reads more than a short fold does.
Result<void> Refresh::show_progress(const JournalPosition& reached) {
  if (total_ == 0) {
    AUTODEV_TRY_ASSIGN(const JournalPosition end, journal_.end());
    total_ = report_.records + records_up_to(end) - std::min(records_up_to(end), records_up_to(reached));
  }
  options_.on_progress(report_.records, std::max(report_.records, total_));
  return {};
}

Result<RefreshReport> Refresh::run() {
  std::optional<FoldHead> head;
  {
    AUTODEV_TRY_ASSIGN(const auto view, kv_.begin_read());
    AUTODEV_TRY_ASSIGN(head, load_head(*view));
    AUTODEV_TRY_ASSIGN(std::string reason, reason_to_start_over(head));
    report_.rebuilt = head.has_value() && !reason.empty();
    if (!reason.empty()) start_over(std::move(reason));
  }
  if (!from_scratch_) {
    // The usual case, nothing new, must not wait for a writer.
    AUTODEV_TRY_ASSIGN(cursor_, JournalCursor::open(env_, journal_, head->position));
    if (cursor_->at_end()) return note_damage(), std::move(report_);
  }
  for (int starts = 0; starts < max_starts; ++starts) {
    if (from_scratch_) AUTODEV_TRY(collect_forgets());
    Step step = Step::more;
    while (step == Step::more) {
      AUTODEV_TRY_ASSIGN(step, fold_batch());
    }
    if (step == Step::start_over) {
      report_.rebuilt = report_.rebuilt || head.has_value();
      continue;
    }
    note_damage();
    if (!report_.rebuilt) report_.reason.clear();
    report_.changed.assign(changed_.begin(), changed_.end());
    report_.changed_decisions.assign(changed_decisions_.begin(), changed_decisions_.end());
    report_.changed_anti.assign(changed_anti_.begin(), changed_anti_.end());
    return std::move(report_);
  }
  return fail(ErrorCode::busy, "the journal keeps changing while it is folded", "try again");
}

}  // namespace autodev::knowledge
