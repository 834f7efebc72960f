// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/store_location.h"

namespace autodev::app::commands {

Command init() {
  Command command;
  command.path = "learn init";
  command.summary = "create .auto-dev here, with commented settings and its own .gitignore";
  command.details =
      "Not required: the first command that learns creates the folder by itself. An existing folder is left as it is.";
  command.examples = {"auto-dev learn init"};
  command.run = [](CommandContext& context) -> Result<int> {
    AUTODEV_TRY_ASSIGN(const StoreLocation location, locate_store(context.env, context.store_option));
    AUTODEV_TRY(initialise_store(context.env, location.folder));
    context.output.object({{"folder", location.folder}, {"created", !location.exists}});
    context.output.line(fmt::format("{} {}", location.exists ? "already there:" : "created", location.folder));
    context.output.line("remove it with: rm -r " + location.folder);
    return 0;
  };
  return command;
}

}  // namespace autodev::app::commands
