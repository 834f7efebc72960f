// SPDX-License-Identifier: MIT OR Apache-2.0
//
// snapshot create | list | diff | restore
#include "knowledge/snapshot.h"

#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/json_views.h"
#include "app/pattern_text.h"
#include "app/store_location.h"
#include "base/text.h"
#include "learn/learner.h"

namespace autodev::app::commands {
namespace {

using knowledge::Snapshot;
using knowledge::Snapshots;

Snapshots snapshots_of(const OpenStore& opened, CommandContext& context) {
  return {context.env, opened.parts().knowledge_folder(), learn::study, std::string(learn::learner_version)};
}

base::Json to_json(const Snapshot& snapshot) {
  return {{"name", snapshot.name}, {"created_at", base::format_timestamp(snapshot.created_at)}, {"digest", snapshot.digest}};
}

Result<int> create(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::change));
  AUTODEV_TRY_ASSIGN(const Snapshot snapshot,
                     snapshots_of(opened, context).create(opened.store(), context.arguments.positionals.front()));
  context.output.object(to_json(snapshot));
  context.output.line(fmt::format("snapshot {} of {}", snapshot.name, base::format_timestamp(snapshot.created_at)));
  return 0;
}

Result<int> list(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const auto all, snapshots_of(opened, context).list());
  base::Json values = base::Json::array();
  for (const Snapshot& snapshot : all) {
    values.push_back(to_json(snapshot));
    context.output.line(fmt::format("{:<24} {}", snapshot.name, base::format_timestamp(snapshot.created_at)));
  }
  context.output.object({{"snapshots", values}});
  return 0;
}

base::Json ids_json(const std::vector<knowledge::KnowledgeDifference::Item>& items) {
  base::Json list = base::Json::array();
  for (const auto& item : items) list.push_back(item.id.hex());
  return list;
}

void print_items(Output& out, std::string_view what, const std::vector<knowledge::KnowledgeDifference::Item>& items) {
  for (const auto& item : items) out.line(fmt::format("{:<8} {:<12} {}", what, item.kind, item.id.hex()));
}

Result<int> diff(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  Snapshots snapshots = snapshots_of(opened, context);
  const auto& words = context.arguments.positionals;
  AUTODEV_TRY_ASSIGN(const Snapshot from, snapshots.find(words[0]));
  AUTODEV_TRY_ASSIGN(const auto before, snapshots.open_as_of(from.position));
  std::unique_ptr<knowledge::KnowledgeStore> other;
  if (words.size() > 1) {
    AUTODEV_TRY_ASSIGN(const Snapshot to, snapshots.find(words[1]));
    AUTODEV_TRY_ASSIGN(other, snapshots.open_as_of(to.position));
  }
  AUTODEV_TRY_ASSIGN(const auto difference, knowledge::difference(*before, other ? *other : opened.store()));
  context.output.object({{"added", ids_json(difference.added)}, {"removed", ids_json(difference.removed)},
                         {"changed", ids_json(difference.changed)},
                         {"added_by_kind", by_kind_json(difference.added)}, {"removed_by_kind", by_kind_json(difference.removed)},
                         {"changed_by_kind", by_kind_json(difference.changed)}});
  print_items(context.output, "added", difference.added);
  print_items(context.output, "removed", difference.removed);
  print_items(context.output, "changed", difference.changed);
  context.output.message(fmt::format("{} added, {} removed, {} changed", by_kind_sentence(difference.added), by_kind_sentence(difference.removed),
                                     by_kind_sentence(difference.changed)));
  return difference.added.empty() && difference.removed.empty() && difference.changed.empty() ? 0 : 1;
}

Result<int> restore(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::change));
  const std::string& name = context.arguments.positionals.front();
  AUTODEV_TRY(snapshots_of(opened, context).restore(opened.store(), name));
  AUTODEV_TRY(opened.store().write_files({}));
  AUTODEV_TRY_ASSIGN(const LearningMetrics metrics, opened.system->calculate_metrics());
  context.output.object({{"restored", name}, {"events", metrics.events}, {"patterns", metrics.patterns_learned},
                         {"patterns_by_kind", app::to_json(metrics.patterns_by_kind)}});
  context.output.line(fmt::format("restored {}: {} patterns ({}) from {} events; what came later stays in the journal", name,
                                  metrics.patterns_learned, kinds_sentence(metrics.patterns_by_kind), metrics.events));
  return 0;
}

}  // namespace

Command snapshot_create() {
  Command command;
  command.path = "learn snapshot create";
  command.summary = "remember the knowledge as it is now under a name";
  command.positionals = {{"NAME", "letters, digits, dots, dashes, underscores", 1, 1}};
  command.run = create;
  return command;
}

Command snapshot_list() {
  Command command;
  command.path = "learn snapshot list";
  command.summary = "all snapshots, by name";
  command.run = list;
  return command;
}

Command snapshot_diff() {
  Command command;
  command.path = "learn snapshot diff";
  command.summary = "patterns that came, went or changed since a snapshot, or between two";
  command.positionals = {{"FROM", "snapshot", 1, 1}, {"TO", "snapshot; now when absent", 0, 1}};
  command.exit_codes = "0 no difference, 1 differences";
  command.run = diff;
  return command;
}

Command snapshot_restore() {
  Command command;
  command.path = "learn snapshot restore";
  command.summary = "take the knowledge back to a snapshot";
  command.details = "Appends a record; the journal keeps what came later, and a later restore to a newer snapshot brings it back.";
  command.positionals = {{"NAME", "snapshot", 1, 1}};
  command.run = restore;
  return command;
}

}  // namespace autodev::app::commands
