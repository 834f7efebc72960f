// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "app/commands/list.h"
#include "app/json_views.h"
#include "app/pattern_text.h"
#include "app/store_location.h"
#include "base/text.h"

namespace autodev::app::commands {
namespace {

Result<int> print_status(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const LearningMetrics metrics, opened.system->calculate_metrics());
  AUTODEV_TRY_ASSIGN(const auto last, opened.store().latest_event());
  const bool enabled = opened.config.boolean("learn.enabled");
  base::Json value = to_json(metrics);
  value["folder"] = opened.location.folder;
  value["exists"] = opened.location.exists;
  value["learning"] = enabled;
  value["project"] = opened.parts().options.project;
  value["last_event"] = last ? base::Json(last->id.hex()) : base::Json();
  context.output.object(value);
  Output& out = context.output;
  out.line(fmt::format("knowledge      {} ({})", opened.location.folder,
                       opened.location.exists ? opened.location.reason : "not created yet"));
  out.line(fmt::format("project        {}", opened.parts().options.project));
  out.line(fmt::format("learning       {}", enabled ? "on" : "off (learn.enabled = false)"));
  out.line(fmt::format("events         {} in {} cycles", base::with_thousands(metrics.events),
                       base::with_thousands(metrics.cycles)));
  out.line(fmt::format("patterns       {} learned: {}", base::with_thousands(metrics.patterns_learned), kinds_sentence(metrics.patterns_by_kind)));
  out.line(fmt::format("               {} active; {} with an executed test behind them, {} without", base::with_thousands(metrics.patterns_active),
                       base::with_thousands(metrics.patterns_tested), base::with_thousands(metrics.patterns_learned - std::min(metrics.patterns_learned, metrics.patterns_tested))));
  out.line(fmt::format("anti-patterns  {}", base::with_thousands(metrics.anti_patterns_identified)));
  out.line(fmt::format("size           {}", base::format_bytes(metrics.knowledge_base_size)));
  if (last)
    out.line(fmt::format("last event     {} {} {}", base::format_timestamp(last->timestamp),
                         last->id.hex().substr(0, 12),
                         base::fold_whitespace(base::clip_utf8(last->specification, 60))));
  else
    out.message("nothing learned yet: `auto-dev learn from-git .` learns from the history of this repository");
  return 0;
}

}  // namespace

Command status() {
  Command command;
  command.path = "learn status";
  command.summary = "what is known here, and where it is kept";
  command.examples = {"auto-dev learn status", "auto-dev learn status --json"};
  command.run = print_status;
  return command;
}

}  // namespace autodev::app::commands
