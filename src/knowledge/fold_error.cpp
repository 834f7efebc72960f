// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Errors, by the digest of their signature, and the repairs that a later pass has verified.
//
// Each cycle has a list of open errors. An attempt that fails in another way than the one before leaves its change with
// those that are gone; the pass that ends the cycle makes repairs of all of them. A pass speaks for an error when it is
// the same command that showed it (its options aside), or when it ran tests and the error stopped something weaker (a
// build, a check).
#include <algorithm>

#include "base/text.h"
#include "knowledge/fold.h"

namespace autodev::knowledge {
namespace {

constexpr std::size_t max_open = 64;
constexpr std::size_t max_repairs = 4;  // known_error.h
constexpr std::size_t max_diff_bytes = std::size_t{8} << 10;
constexpr std::size_t max_message_bytes = 500;

/// Sections of a diff, one per file; those of the file that the error names come first.
std::string preferring(std::string_view diff, std::string_view file) {
  std::vector<std::string_view> sections;
  for (std::size_t at = diff.starts_with("--- ") ? 0 : diff.find("\n--- "); at != std::string_view::npos;) {
    const std::size_t begin = at == 0 ? 0 : at + 1;
    at = diff.find("\n--- a/", begin);
    sections.push_back(diff.substr(begin, at == std::string_view::npos ? at : at + 1 - begin));
  }
  std::stable_partition(sections.begin(), sections.end(), [file](std::string_view section) {
    const std::string_view title = section.substr(0, section.find('\n'));
    return title.starts_with("--- a/") && base::paths_agree(title.substr(6), file);
  });
  std::string text;
  for (const std::string_view section : sections)
    if (text.size() + section.size() <= max_diff_bytes) text += section;
  return text.empty() ? std::string(base::clip_utf8(diff, max_diff_bytes)) : text;
}

/// A command without its options: what it works on, not how it reports. "pytest -q tests" and "pytest --junitxml=r.xml
/// tests".
std::string without_options(std::string_view command) {
  std::string words;
  for (const std::string_view word : base::split(command, ' '))
    if (!word.empty() && word.front() != '-') words.append(word).append(" ");
  return words;
}

bool same_work(std::string_view a, std::string_view b) {
  return a == b || without_options(a) == without_options(b);
}

bool speaks_for(const ErrorFixed& pass, const OpenError& open) {
  return same_work(pass.command, open.command) || (pass.tests && !open.tests);
}

Result<void> repair(FoldState& fold, const EventContext& context, const ErrorFixed& pass, const OpenError& open) {
  const std::string diff = preferring(open.repair.empty() ? pass.diff : open.repair, open.file);
  if (diff.empty()) return {};  // nothing was changed that could be shown: no repair
  AUTODEV_TRY_ASSIGN(auto row, load<KnownError>(fold.kv, table::error, key_of(open.error)));
  if (!row) return fail(ErrorCode::bad_data, "the derived state names an error that it does not have");
  ++row->repaired;
  const auto known = std::find_if(row->repairs.begin(), row->repairs.end(),
                                  [&diff](const ErrorRepair& one) { return one.diff == diff; });
  ErrorRepair made{diff,
                   std::string(base::clip_utf8(pass.command, max_message_bytes)),
                   open.event,
                   context.event.id,
                   open.message,
                   1,
                   context.event.timestamp};
  if (known != row->repairs.end()) {
    made.times = known->times + 1;
    row->repairs.erase(known);
  }
  row->repairs.insert(row->repairs.begin(), std::move(made));
  if (row->repairs.size() > max_repairs) row->repairs.resize(max_repairs);
  return store(fold, table::error, key_of(open.error), *row);
}

Result<void> keep_open(FoldState& fold, const CycleId& cycle, const OpenErrors& open) {
  if (open.list.empty()) return fold.kv.erase(table::open_error, key_of(cycle));
  return store(fold, table::open_error, key_of(cycle), open);
}

}  // namespace

Result<void> fold_error_seen(FoldState& fold, const EventContext& context, const ErrorSeen& seen) {
  const LearningEvent& event = context.event;
  AUTODEV_TRY_ASSIGN(auto row, load<KnownError>(fold.kv, table::error, key_of(seen.error)));
  if (!row) {
    row.emplace();
    row->id = seen.error;
    row->signature = seen.signature;
    row->first = row->last = event.timestamp;
    AUTODEV_TRY(count(fold, "errors"));
  }
  row->cause = seen.cause;
  row->rule = seen.rule;
  row->check = seen.check;
  row->message = base::clip_utf8(seen.message, max_message_bytes);
  row->file = seen.file;
  ++row->seen;
  note_event(row->events, event.id);
  row->first = std::min(row->first, event.timestamp);
  row->last = std::max(row->last, event.timestamp);
  return store(fold, table::error, key_of(seen.error), *row);
}

Result<void> fold_error_fixed(FoldState& fold, const EventContext& context, const ErrorFixed& fixed) {
  AUTODEV_TRY_ASSIGN(auto stored, load<OpenErrors>(fold.kv, table::open_error, key_of(fixed.cycle)));
  OpenErrors open = stored ? std::move(*stored) : OpenErrors{};
  OpenErrors left;
  for (OpenError& one : open.list) {
    if (fixed.passed) {
      if (!speaks_for(fixed, one))
        left.list.push_back(std::move(one));
      else
        AUTODEV_TRY(repair(fold, context, fixed, one));
      continue;
    }
    const bool again = std::find(fixed.still.begin(), fixed.still.end(), one.error) != fixed.still.end();
    if (again) continue;  // it is added below, as of this attempt
    // A compiler that stops says nothing about what would have gone wrong later.
    const bool would_show = same_work(one.command, fixed.command) && (fixed.got_to_run || !one.ran);
    if (one.repair.empty() && would_show) one.repair = fixed.diff;
    left.list.push_back(std::move(one));
  }
  for (const Digest& error : fixed.still) {
    AUTODEV_TRY_ASSIGN(const auto row, load<KnownError>(fold.kv, table::error, key_of(error)));
    if (!row || left.list.size() >= max_open) continue;
    left.list.push_back(
        {error, context.event.id, fixed.command, row->file, row->message, fixed.tests, fixed.got_to_run, {}});
  }
  if (!stored && left.list.empty()) return {};
  return keep_open(fold, fixed.cycle, left);
}

}  // namespace autodev::knowledge
