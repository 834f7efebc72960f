// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See object_traces.h.
#include "mine/object_traces.h"

#include <algorithm>
#include <array>

namespace autodev::mine {

namespace {

/// Names beyond are generated.
constexpr std::size_t max_step_bytes = 96;

std::string step_of(const Event& event, UseRole role) {
  const std::string full = event.module.empty() ? event.name : event.module + "." + event.name;
  if (role == UseRole::receiver) return "." + event.name;
  if (role == UseRole::argument) return "(" + full;
  if (event.managed) return "with " + full;
  return event.type == EventType::construct ? "=new " + full : "=" + full;
}

/// Functions that take any value, and containers that it is put into: they say nothing of what it is.
bool takes_anything(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 44> names = {
      "len", "isinstance", "enumerate", "type", "print", "println", "printf", "str", "repr", "range", "list", "tuple", "set", "dict", "sorted",
      "zip", "map", "filter", "getattr", "setattr", "hasattr", "min", "max", "sum", "int", "float", "bool", "iter", "append", "push", "push_back",
      "add", "put", "extend", "insert", "emplace_back", "panic", "equals", "format", "log", "sizeof", "assert", "cap", "any"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A step's name without its role.
std::string_view plain(std::string_view step) {
  const std::size_t name = step.starts_with("=new ") || step.starts_with("with ") ? 5 : 1;
  step.remove_prefix(std::min(step.size(), name));
  return step;
}

bool runs_later(const EventGraph& graph, const Event& event) {
  if (event.always && graph.language == Language::go) return true;
  return graph.regions[event.region].type == RegionType::closure;
}

bool is_c_family(Language language) noexcept { return language == Language::c || language == Language::cpp; }

}  // namespace

bool ObjectTrace::tells() const {
  return std::any_of(steps.begin(), steps.end(), [&](const TraceStep& step) { return step.name != steps.front().name; });
}

std::vector<ObjectTrace> object_traces(const EventGraph& graph) {
  std::vector<ObjectTrace> traces;
  for (std::uint32_t number = 0; number < graph.objects.size(); ++number) {
    const UsedObject& object = graph.objects[number];
    if (object.type.empty() || object.type.size() > max_step_bytes) continue;
    // That a name was given to some function tells nothing when nothing is known of it but its name.
    const bool by_name = object.type.front() == '~' && !is_c_family(graph.language);
    ObjectTrace trace{number, object.type, {}};
    // Deferred calls and closures run after what follows them in the text.
    std::vector<ObjectUse> uses = object.uses;
    std::stable_partition(uses.begin(), uses.end(), [&](const ObjectUse& use) { return !runs_later(graph, graph.events[use.event]); });
    for (const ObjectUse& use : uses) {
      if (trace.steps.size() == max_trace_steps) break;
      if (use.role == UseRole::argument && (by_name || takes_anything(graph.events[use.event].name))) continue;
      std::string name = step_of(graph.events[use.event], use.role);
      // a.append(b).append(c) repeats, whoever the receiver is.
      if (name.size() > max_step_bytes || (!trace.steps.empty() && plain(trace.steps.back().name) == plain(name))) continue;
      trace.steps.push_back({std::move(name), use.event});
    }
    if (!trace.steps.empty()) traces.push_back(std::move(trace));
  }
  std::stable_sort(traces.begin(), traces.end(),
                   [](const ObjectTrace& a, const ObjectTrace& b) { return a.steps.front().event < b.steps.front().event; });
  if (traces.size() > max_traces) traces.resize(max_traces);
  return traces;
}

std::vector<std::string> step_names(const ObjectTrace& trace) {
  std::vector<std::string> names;
  names.reserve(trace.steps.size());
  for (const TraceStep& step : trace.steps) names.push_back(step.name);
  return names;
}

}  // namespace autodev::mine
