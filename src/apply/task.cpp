// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The task stream parser: one JSON object a line, checked field by field. A message names the line and the
// JSON path of what is wrong, because these files are written by hand and by foreign scripts.
#include "apply/task.h"

#include <fmt/format.h>

#include <optional>
#include <set>

#include "base/json.h"
#include "base/text.h"

namespace autodev::embedded {
extern const char* const builtin_tasks;
extern const std::size_t builtin_tasks_size;
}  // namespace autodev::embedded

namespace autodev::apply {
namespace {

constexpr std::size_t max_line_bytes = 1u << 20;
constexpr std::size_t max_tasks = 100'000;
constexpr double max_timeout_s = 600;

using base::Json;

/// One line under examination; remembers where it is for messages.
class Fields {
 public:
  Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {}

  [[nodiscard]] Error wrong(std::string_view path, std::string_view problem) const {
    return Error{ErrorCode::bad_data, fmt::format("{}: $.{}: {}", where_, path, problem),
                 "the format is described in docs/evaluation.md"};
  }

  /// `required`: must be there; with `empty_allowed` it may be empty text.
  Result<std::string> text(const char* key, bool required, bool empty_allowed = false) const {
    const auto found = object_.find(key);
    if (found == object_.end() || found->is_null()) {
      if (required) return tl::make_unexpected(wrong(key, "is missing"));
      return std::string();
    }
    if (!found->is_string())
      return tl::make_unexpected(wrong(key, fmt::format("must be a string, not {}", found->type_name())));
    auto value = found->get<std::string>();
    if (required && !empty_allowed && base::trim(value).empty()) return tl::make_unexpected(wrong(key, "must not be empty"));
    return value;
  }

  Result<double> seconds(const char* key, double absent) const {
    const auto found = object_.find(key);
    if (found == object_.end() || found->is_null()) return absent;
    if (!found->is_number()) return tl::make_unexpected(wrong(key, "must be a number of seconds"));
    const double value = found->get<double>();
    if (!(value > 0 && value <= max_timeout_s))
      return tl::make_unexpected(wrong(key, fmt::format("must be above 0 and at most {}", max_timeout_s)));
    return value;
  }

 private:
  const Json& object_;
  std::string where_;
};

std::optional<Judge> judge_from_name(std::string_view name) {
  if (name.empty() || name == "tests") return Judge::tests;
  if (name == "equal") return Judge::equal;
  if (name == "alpha_equal") return Judge::alpha_equal;
  return std::nullopt;
}

/// The enumerated fields: language, stratum, judge.
Result<void> read_choices(const Fields& fields, Task& task) {
  AUTODEV_TRY_ASSIGN(const auto language, fields.text("language", true));
  const auto known = language_from_name(language);
  if (!known || *known == Language::unknown)
    return tl::make_unexpected(fields.wrong("language", fmt::format("'{}' is not a known language", language)));
  task.visible.language = *known;

  AUTODEV_TRY_ASSIGN(task.visible.stratum, fields.text("stratum", true));
  const auto& stratum = task.visible.stratum;
  if (stratum != "R" && stratum != "M" && stratum != "N")
    return tl::make_unexpected(fields.wrong("stratum", "must be \"R\", \"M\" or \"N\""));

  AUTODEV_TRY_ASSIGN(const auto judge_name, fields.text("judge", false));
  const auto judge = judge_from_name(judge_name);
  if (!judge)
    return tl::make_unexpected(fields.wrong("judge", "must be \"tests\", \"equal\" or \"alpha_equal\""));
  task.judge = *judge;
  return {};
}

Result<Task> read_task(const Json& object, const std::string& where) {
  const Fields fields(object, where);
  if (!object.is_object())
    return fail(ErrorCode::bad_data, fmt::format("{}: $: must be an object, not {}", where, object.type_name()),
                "the format is described in docs/evaluation.md");
  Task task;
  AUTODEV_TRY_ASSIGN(task.visible.id, fields.text("id", true));
  AUTODEV_TRY_ASSIGN(task.visible.stream, fields.text("stream", true));
  AUTODEV_TRY_ASSIGN(task.visible.spec, fields.text("spec", true, true));
  AUTODEV_TRY(read_choices(fields, task));
  AUTODEV_TRY_ASSIGN(task.visible.signature, fields.text("signature", false));
  AUTODEV_TRY_ASSIGN(task.visible.context, fields.text("context", false));
  AUTODEV_TRY_ASSIGN(task.reference, fields.text("reference", true));
  AUTODEV_TRY_ASSIGN(task.visible.tests, fields.text("tests", false));
  AUTODEV_TRY_ASSIGN(task.hidden_tests, fields.text("hidden_tests", false));
  AUTODEV_TRY_ASSIGN(task.visible.timeout_s, fields.seconds("timeout_s", 10));
  if (task.judge == Judge::tests && task.visible.tests.empty() && task.hidden_tests.empty())
    return tl::make_unexpected(fields.wrong("tests", "is missing, and so is hidden_tests: nothing could judge it"));
  return task;
}

}  // namespace

Result<std::vector<Task>> parse_tasks(std::string_view text, std::string_view what) {
  std::vector<Task> tasks;
  std::set<std::string> ids;
  const base::JsonLimits limits{max_line_bytes, 16};
  const auto lines = base::split(text, '\n');
  for (std::size_t number = 1; number <= lines.size(); ++number) {
    const auto line = base::trim(lines[number - 1]);
    if (line.empty()) continue;
    const auto where = fmt::format("{}:{}", what, number);
    if (line.size() > max_line_bytes)
      return fail(ErrorCode::bad_data, fmt::format("{}: the line has {} bytes, more than the {} allowed", where,
                                                   line.size(), max_line_bytes));
    if (tasks.size() == max_tasks)
      return fail(ErrorCode::bad_data, fmt::format("{}: more than {} tasks", where, max_tasks),
                  "split the file into several streams");
    AUTODEV_TRY_ASSIGN(const Json object, base::parse_json(line, where, limits));
    AUTODEV_TRY_ASSIGN(Task task, read_task(object, where));
    if (!ids.insert(task.visible.id).second)
      return fail(ErrorCode::bad_data, fmt::format("{}: $.id: '{}' is used twice", where, task.visible.id),
                  "every task needs an id of its own");
    tasks.push_back(std::move(task));
  }
  return tasks;
}

std::string_view builtin_tasks() { return {embedded::builtin_tasks, embedded::builtin_tasks_size}; }

}  // namespace autodev::apply
