// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Where the knowledge of the current place lives, and opening it.
//
// Order: --store, AUTO_DEV_STORE, the nearest `.auto-dev` at or above the current folder (not above the work
// tree's root), the root of the git work tree (linked work trees share the store of the main one), the
// current folder.
#pragma once

#include <memory>
#include <string>

#include "app/command.h"
#include "app/config.h"
#include "app/parts.h"

namespace autodev::app {

struct StoreLocation {
  std::string folder;   ///< ".../.auto-dev", absolute
  bool exists = false;
  std::string reason;   ///< which rule found it
};

[[nodiscard]] Result<StoreLocation> locate_store(base::Env& env, const std::optional<std::string>& option);

/// An opened store with its settings.
struct OpenStore {
  StoreLocation location;
  Config config;
  std::unique_ptr<LearningSystem> system;

  [[nodiscard]] Parts& parts() const { return system->parts(); }
  [[nodiscard]] knowledge::KnowledgeStore& store() const { return *parts().store; }
};

enum class Access {
  read,    ///< an absent store is empty
  change,  ///< writes about what is there: `no_input` when there is no store
  write,   ///< creates the store
};

/// Writing and changing: `permission` when `learn.enabled` is false, because the user opted out.
[[nodiscard]] Result<OpenStore> open_store(CommandContext& context, Access access);
/// The same for a command whose access depends on the settings.
[[nodiscard]] Result<OpenStore> open_store(CommandContext& context, Access access, StoreLocation location, Config config);

/// Creates the folder with its own .gitignore and a commented config.toml; existing files are kept.
Result<void> initialise_store(base::Env& env, const std::string& folder);

/// The one thing whose id starts with `prefix` (at least 6 digits); `usage` when none or several do.
[[nodiscard]] Result<PatternId> resolve_pattern(knowledge::KnowledgeStore& store, const std::string& prefix);

/// The same for decisions.
[[nodiscard]] Result<DecisionId> resolve_decision(knowledge::KnowledgeStore& store, const std::string& prefix);

}  // namespace autodev::app
