// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Finding, creating and opening the store.
#include "app/store_location.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/model_settings.h"
#include "base/terminal.h"
#include "base/text.h"

namespace autodev::app {
namespace {

namespace fs = std::filesystem;

std::string absolute(base::Env& env, const std::string& path) {
  const fs::path given(path);
  return (given.is_absolute() ? given : fs::path(env.current_directory()) / given).lexically_normal().string();
}

Result<bool> is_directory(base::Env& env, const std::string& path) {
  AUTODEV_TRY_ASSIGN(const auto status, env.status(path));
  return status && status->type == base::FileType::directory;
}

/// A linked work tree has a `.git` file "gitdir: /main/.git/worktrees/name": its main root is three up.
Result<std::string> main_worktree(base::Env& env, const std::string& root) {
  AUTODEV_TRY_ASSIGN(const auto status, env.status(root + "/.git"));
  if (!status || status->type != base::FileType::file) return root;
  AUTODEV_TRY_ASSIGN(const std::string text, env.read_file(root + "/.git", 4096));
  constexpr std::string_view marker = "gitdir: ";
  if (!text.starts_with(marker)) return root;
  const fs::path gitdir = absolute(env, std::string(base::trim(std::string_view(text).substr(marker.size()))));
  const fs::path worktrees = gitdir.parent_path();
  if (worktrees.filename() != "worktrees" || worktrees.parent_path().filename() != ".git") return root;
  return worktrees.parent_path().parent_path().string();
}

std::string config_template() {
  std::string text =
      "# Settings of auto-dev for this project. Every line shows its default; remove the # to change it.\n";
  std::string section;
  for (const Knob& knob : knobs()) {
    if (knob.user_only) continue;
    const auto dot = knob.key.rfind('.');
    if (knob.key.substr(0, dot) != section) {
      section = knob.key.substr(0, dot);
      text += fmt::format("\n[{}]\n", section);
    }
    const std::string value =
        knob.type == KnobType::text ? fmt::format("\"{}\"", knob.default_value) : knob.default_value;
    text += fmt::format("# {}\n# {} = {}\n", knob.help, knob.key.substr(dot + 1), value);
  }
  return text;
}

Result<void> write_if_absent(base::Env& env, const std::string& path, std::string_view text) {
  AUTODEV_TRY_ASSIGN(const auto status, env.status(path));
  if (status) return {};
  return env.write_file_atomically(path, text, true);
}

}  // namespace

Result<StoreLocation> locate_store(base::Env& env, const std::optional<std::string>& option) {
  const auto found = [&](const std::string& folder, std::string reason) -> Result<StoreLocation> {
    AUTODEV_TRY_ASSIGN(const bool exists, is_directory(env, folder));
    return StoreLocation{folder, exists, std::move(reason)};
  };
  if (option) return found(absolute(env, *option), "--store");
  if (const auto variable = env.variable("AUTO_DEV_STORE"); variable && !variable->empty())
    return found(absolute(env, *variable), "AUTO_DEV_STORE");
  for (fs::path folder = env.current_directory();; folder = folder.parent_path()) {
    const std::string candidate = (folder / ".auto-dev").string();
    AUTODEV_TRY_ASSIGN(const bool exists, is_directory(env, candidate));
    if (exists) return StoreLocation{candidate, true, "nearest .auto-dev"};
    AUTODEV_TRY_ASSIGN(const auto git, env.status((folder / ".git").string()));
    if (git) {
      AUTODEV_TRY_ASSIGN(const std::string root, main_worktree(env, folder.string()));
      return found(root + "/.auto-dev", "root of the git work tree");
    }
    if (folder == folder.parent_path()) break;
  }
  return found(absolute(env, ".auto-dev"), "current folder");
}

Result<void> initialise_store(base::Env& env, const std::string& folder) {
  AUTODEV_TRY(env.create_directories(folder + "/knowledge"));
  AUTODEV_TRY(write_if_absent(env, folder + "/.gitignore",
                              "# Knowledge stays on this machine unless you decide otherwise. To share the settings:\n"
                              "# git add -f .auto-dev/config.toml\n*\n"));
  return write_if_absent(env, folder + "/config.toml", config_template());
}

Result<OpenStore> open_store(CommandContext& context, Access access) {
  AUTODEV_TRY_ASSIGN(StoreLocation location, locate_store(context.env, context.store_option));
  AUTODEV_TRY_ASSIGN(Config config, Config::load(context.env, location.folder));
  return open_store(context, access, std::move(location), std::move(config));
}

Result<OpenStore> open_store(CommandContext& context, Access access, StoreLocation location, Config config) {
  OpenStore opened{std::move(location), std::move(config), nullptr};
  if (access == Access::change && !opened.location.exists)
    return fail(ErrorCode::no_input, "nothing was learned here yet: there is no " + opened.location.folder,
                "run this where the project is, or name its store with --store");
  if (access != Access::read) {
    if (!opened.config.boolean("learn.enabled"))
      return fail(ErrorCode::permission, "learning is switched off (learn.enabled = false): nothing was recorded",
                  "`auto-dev learn config set learn.enabled true` switches it on again");
    AUTODEV_TRY(initialise_store(context.env, opened.location.folder));
  }
  LearningOptions options;
  options.folder = opened.location.folder;
  options.project = opened.config.text("learn.project");
  options.read_only = access == Access::read && !opened.location.exists;
  options.parse_worker = context.program;
  auto progress = std::make_shared<base::Progress>(context.env, "folding the journal", 0, !context.output.quiet);
  auto embedding = std::make_shared<base::Progress>(context.env, "embedding the patterns", 0, !context.output.quiet);
  SystemSettings settings;
  settings.parser_memory_bytes = opened.config.number("learn.parser_memory_mb") << 20;
  settings.on_progress = [progress](std::uint64_t done, std::uint64_t) { progress->update(done); };
  settings.on_embedded = [embedding](std::uint64_t done, std::uint64_t) { embedding->update(done); };
  settings.adapt = opened.config.boolean("learn.embedder.adapt");
  settings.on_problem = [&context](const std::string& problem) { context.output.warning(problem); };
  auto embedder = external_embedder(context, opened.config);
  if (embedder) {
    settings.embedder = std::move(*embedder);
  } else {
    settings.embedder_is_away = true;
    context.output.warning("the built-in embedder is used: " + embedder.error().message);
  }
  const auto open = [&] { return open_system(context.env, options, settings); };
  auto system = open();
  if (!system && system.error().code == ErrorCode::permission && access == Access::read) {
    // A store that may not be written to (a read-only disk, another user's) still answers, as of its last fold.
    options.read_only = true;
    system = open();
  }
  if (!system) return tl::make_unexpected(std::move(system).error());
  opened.system = std::move(*system);
  progress->finish();
  embedding->finish();
  return opened;
}

Result<PatternId> resolve_pattern(knowledge::KnowledgeStore& store, const std::string& prefix) {
  if (const auto id = PatternId::parse(prefix)) return *id;
  if (prefix.size() < 6 || prefix.find_first_not_of("0123456789abcdef") != std::string::npos)
    return fail(ErrorCode::usage, fmt::format("'{}' is no pattern id", prefix),
                "give at least the first 6 hexadecimal digits; `auto-dev learn patterns list` shows ids");
  AUTODEV_TRY_ASSIGN(std::vector<PatternId> found, store.ids_starting_with(prefix, 2));
  AUTODEV_TRY_ASSIGN(const std::vector<PatternId> guards, store.guards_named(prefix, 2));
  found.insert(found.end(), guards.begin(), guards.end());
  if (found.empty())
    return fail(ErrorCode::no_input, fmt::format("no pattern or guard has an id that starts with {}", prefix),
                "`auto-dev learn patterns list` and `auto-dev learn guards list --all` show ids");
  if (found.size() > 1)
    return fail(ErrorCode::usage, fmt::format("several ids start with {}", prefix), "give more digits");
  return found.front();
}

Result<DecisionId> resolve_decision(knowledge::KnowledgeStore& store, const std::string& prefix) {
  if (prefix.size() < 6 || prefix.size() > 32 || prefix.find_first_not_of("0123456789abcdef") != std::string::npos)
    return fail(ErrorCode::usage, fmt::format("'{}' is no decision id", base::clip_utf8(prefix, 80)),
                "give at least the first 6 hexadecimal digits; `auto-dev learn decisions list` shows ids");
  AUTODEV_TRY_ASSIGN(const std::vector<DecisionId> found, store.decisions_named(prefix));
  if (found.empty())
    return fail(ErrorCode::no_input, fmt::format("no decision has an id that starts with {}", prefix),
                "`auto-dev learn decisions list` shows ids");
  if (found.size() > 1) return fail(ErrorCode::usage, fmt::format("several ids start with {}", prefix), "give more digits");
  return found.front();
}

}  // namespace autodev::app
