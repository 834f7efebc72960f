// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The library in one page: learn from two implementations that passed their tests and one that failed, then
// ask for help with the next task.
//
//   learn_and_ask FOLDER      keeps its knowledge in FOLDER
#include <iostream>

#include "autodev/learning_system.h"

namespace {

constexpr const char* users = R"(def list_users(client, limit=100):
    """List the users of the workspace."""
    if limit < 1:
        raise ValueError("limit must be positive")
    return client.get("/users", params={"limit": limit})
)";
constexpr const char* groups = R"(def list_groups(client, limit=50):
    """List the groups of the workspace."""
    if limit < 1:
        raise ValueError("limit must be positive")
    return client.get("/groups", params={"limit": limit})
)";
constexpr const char* unguarded = R"(def list_files(client, limit=50):
    """List the files of the workspace."""
    return client.get("/files", params={"limit": limit - 1})
)";

autodev::LearningEvent event(const char* task, const char* path, const char* code, autodev::Verdict verdict) {
  const bool passed = verdict == autodev::Verdict::passed;
  autodev::LearningEvent made;
  made.event_type = passed ? autodev::LearningEventType::test_passed : autodev::LearningEventType::test_failed;
  made.source = "example";
  made.specification.text = task;
  made.implementation.files.push_back({path, std::nullopt, code});
  made.outcome.verdict = verdict;
  made.outcome.strength = autodev::EvidenceStrength::exit_code;
  made.outcome.exit_code = passed ? 0 : 1;
  made.outcome.tests_passed = passed ? 3 : 2;
  made.outcome.tests_failed = passed ? 0 : 1;
  made.success.llm_calls_used = 1;
  return made;
}

int complain(const autodev::Error& error) {
  std::cerr << error.message << "\n" << error.hint << "\n";
  return static_cast<int>(error.code);
}

}  // namespace

int main(int argc, char** argv) {
  autodev::LearningOptions options;
  options.folder = argc > 1 ? argv[1] : ".auto-dev";
  auto system = autodev::LearningSystem::open(options);
  if (!system) return complain(system.error());

  (*system)->on_learned([](const autodev::LearningEvent& learned, const autodev::LearnReport& report) {
    std::cout << "learned from: " << learned.specification.text << " (" << report.units << " units)\n";
  });
  for (const auto& lesson : {event("list the users", "users.py", users, autodev::Verdict::passed),
                             event("list the groups", "groups.py", groups, autodev::Verdict::passed),
                             event("list the files", "files.py", unguarded, autodev::Verdict::failed)})
    if (auto learned = (*system)->learn(lesson); !learned) return complain(learned.error());

  autodev::Specification wanted;
  wanted.text = "list the channels of the workspace with a limit";
  auto found = (*system)->knowledge().find_similar_patterns(wanted);
  if (!found) return complain(found.error());
  std::cout << found->hits.size() << " pattern(s) fit: " << found->reason << "\n";
  for (const auto& hit : *found) std::cout << hit.pattern.name << "\n" << hit.pattern.implementation << "\n";

  auto repeated = (*system)->failure_analyzer().repeated_failures({{"again.py", std::nullopt, unguarded}});
  if (!repeated) return complain(repeated.error());
  for (const auto& failure : *repeated)
    std::cout << "this code failed before: " << failure.name << " (" << failure.cause << ")\n";
  return found->hits.empty() || repeated->empty() ? 1 : 0;
}
