// SPDX-License-Identifier: MIT OR Apache-2.0
#include "vote/decision_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/json.h"
#include "base/text.h"

namespace autodev::vote {
namespace {

using base::Json;

constexpr std::size_t max_rows = 2'000'000;
constexpr std::size_t max_options = 64;

tl::unexpected<Error> bad(std::string_view name, std::size_t line, std::string problem) {
  return fail(ErrorCode::bad_data, fmt::format("{}:{}: {}", name, line, problem), "docs/decision-model.md describes the format");
}

std::optional<double> share_of(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? 1.0 : 0.0;
  if (!value.is_number()) return std::nullopt;
  const double number = value.get<double>();
  return number >= 0 && number <= 1 ? std::optional<double>(number) : std::nullopt;
}

std::string text_or(const Json& object, const char* key, std::string_view otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string(otherwise);
}

Result<void> read_costs(const Json& object, LogRow& row) {
  const auto cost = object.find("cost");
  if (cost == object.end()) return {};
  if (!cost->is_object()) return fail(ErrorCode::bad_data, "cost is not an object");
  row.question.facts.resize(row.question.options.size());
  for (std::size_t i = 0; i < row.question.options.size(); ++i) {
    const auto one = cost->find(row.question.options[i]);
    if (one == cost->end()) continue;
    if (!one->is_number() || !(one->get<double>() >= 0)) return fail(ErrorCode::bad_data, "a cost is not a number from 0");
    row.question.facts[i].cost = one->get<double>();
  }
  return {};
}

Result<LogRow> read_object(const Json& object) {
  LogRow row;
  row.question.type = text_or(object, "type", "decision");
  if (const auto context = object.find("context"); context != object.end()) {
    AUTODEV_TRY_ASSIGN(row.question.context, read_context(base::dump_json(*context)));
  }
  if (const auto outcomes = object.find("outcomes"); outcomes != object.end()) {
    if (!outcomes->is_object() || outcomes->empty()) return fail(ErrorCode::bad_data, "outcomes is not an object of rewards");
    for (const auto& [option, value] : outcomes->items()) {
      const auto reward = share_of(value);
      if (!reward) return fail(ErrorCode::bad_data, fmt::format("the reward of '{}' is not a number from 0 to 1", option));
      row.question.options.push_back(option);
      row.rewards.push_back(*reward);
    }
  } else {
    const auto reward = object.contains("reward") ? share_of(object["reward"]) : std::nullopt;
    const auto propensity = object.contains("propensity") ? share_of(object["propensity"]) : std::optional<double>(1.0);
    const std::string action = text_or(object, "action", "");
    if (action.empty() || !reward) return fail(ErrorCode::bad_data, "neither outcomes, nor an action with a reward from 0 to 1");
    if (!propensity || *propensity <= 0) return fail(ErrorCode::bad_data, "the propensity is not above 0 and at most 1");
    row.reward = *reward;
    row.propensity = *propensity;
    if (const auto options = object.find("options"); options != object.end() && options->is_array())
      for (const Json& option : *options)
        if (option.is_string()) row.question.options.push_back(option.get<std::string>());
    if (std::find(row.question.options.begin(), row.question.options.end(), action) == row.question.options.end())
      row.question.options.push_back(action);
    row.action = static_cast<std::size_t>(std::find(row.question.options.begin(), row.question.options.end(), action) - row.question.options.begin());
  }
  if (row.question.options.size() > max_options) return fail(ErrorCode::bad_data, fmt::format("more than {} options", max_options));
  AUTODEV_TRY(read_costs(object, row));
  return row;
}

std::vector<std::string> csv_cells(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') cells.back().push_back(line[++i]);
    else if (c == '"') quoted = !quoted;
    else if (c == ',' && !quoted) cells.emplace_back();
    else cells.back().push_back(c);
  }
  return cells;
}

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// A row of CSV as the object that JSON Lines would have. Whole numbers in columns of context are names (codes), not amounts.
Result<Json> object_of(const std::vector<std::string>& header, const std::vector<std::string>& cells, const LogColumns& columns) {
  if (cells.size() != header.size()) return fail(ErrorCode::bad_data, fmt::format("{} cells under {} columns", cells.size(), header.size()));
  Json object = {{"context", Json::object()}};
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string& column = header[i];
    if (column == columns.action) object["action"] = cells[i];
    else if (column == columns.reward || column == columns.propensity) {
      const auto value = number_in(cells[i]);
      if (!value) return fail(ErrorCode::bad_data, fmt::format("{}: '{}' is not a number", column, cells[i]));
      object[column == columns.reward ? "reward" : "propensity"] = *value;
    } else if (column == "id" || column == "type") object[column] = cells[i];
    else if (std::find(columns.ignore.begin(), columns.ignore.end(), column) == columns.ignore.end()) {
      const auto value = number_in(cells[i]);
      if (value && *value != std::floor(*value)) object["context"][column] = *value;
      else object["context"][column] = cells[i];
    }
  }
  return object;
}

/// Logged rows name one option each; all options of their type could have been chosen.
void complete_options(std::vector<LogRow>& rows) {
  std::map<std::string, std::set<std::string>> options;
  for (const LogRow& row : rows) options[row.question.type].insert(row.question.options.begin(), row.question.options.end());
  for (LogRow& row : rows) {
    if (row.question.options.size() > 1) continue;
    const std::string action = row.question.options[row.action];
    const auto& all = options[row.question.type];
    row.question.options.assign(all.begin(), all.end());
    row.action = static_cast<std::size_t>(std::distance(all.begin(), all.find(action)));
  }
}

}  // namespace

Result<DecisionLog> read_log(std::string_view text, std::string_view name, const LogColumns& columns) {
  DecisionLog log;
  const std::vector<std::string_view> lines = base::split_lines(text);
  std::vector<std::string> header;
  std::size_t full = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = base::trim(lines[i]);
    if (line.empty()) continue;
    if (header.empty() && log.rows.empty() && line.front() != '{') {
      header = csv_cells(line);
      for (const std::string& needed : {columns.action, columns.reward})
        if (std::find(header.begin(), header.end(), needed) == header.end())
          return bad(name, i + 1, fmt::format("the header has no column '{}'", needed));
      continue;
    }
    auto object = header.empty() ? base::parse_json(line, name, {max_context_bytes * 4, max_context_depth + 2})
                                 : object_of(header, csv_cells(line), columns);
    if (!object) return bad(name, i + 1, object.error().message);
    if (!object->is_object()) return bad(name, i + 1, "not a JSON object");
    auto row = read_object(*object);
    if (!row) return bad(name, i + 1, row.error().message);
    full += row->rewards.empty() ? 0 : 1;
    log.has_costs = log.has_costs || !row->question.facts.empty();
    log.rows.push_back(std::move(*row));
    if (full != 0 && full != log.rows.size()) return bad(name, i + 1, "outcomes of all options and of one option in one file");
    if (log.rows.size() > max_rows) return bad(name, i + 1, fmt::format("more than {} decisions", max_rows));
  }
  if (log.rows.empty()) return fail(ErrorCode::bad_data, fmt::format("{}: no decisions", name));
  log.full_information = full > 0;
  if (!log.full_information) complete_options(log.rows);
  for (const LogRow& row : log.rows)
    if (row.question.options.size() > max_options)
      return fail(ErrorCode::bad_data, fmt::format("{}: more than {} options for '{}'", name, max_options, row.question.type));
  return log;
}

}  // namespace autodev::vote
