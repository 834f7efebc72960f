// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See usage_rules.h. Counting and judging share the same four questions about a trace, so a rule is judged as it was learned.
#include "mine/usage_rules.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace autodev::mine {

namespace {

/// Two steps that are independent would meet this often at least before their never meeting says something.
constexpr std::uint64_t min_expected_meetings = 5;

/// A step of a trace: where it stands first and last.
struct Stand {
  std::string_view name;
  std::size_t first = 0, last = 0;
};

std::vector<Stand> stands_of(const ObjectTrace& trace) {
  std::vector<Stand> stands;
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    const auto known = std::find_if(stands.begin(), stands.end(), [&](const Stand& stand) { return stand.name == trace.steps[i].name; });
    if (known != stands.end()) known->last = i;
    else stands.push_back({trace.steps[i].name, i, i});
  }
  return stands;
}

enum class Follows : std::uint8_t { no, maybe, always };

/// A trace in its function: the conditions on the object, and where the function is left on paths on which the object exists. Both
/// are cut, so that what a pair of steps costs does not grow with the function.
struct Surroundings {
  const EventGraph& graph;
  const ObjectTrace& trace;
  std::vector<const Guard*> guards;
  std::vector<std::uint32_t> exits;

  Surroundings(const EventGraph& in, const ObjectTrace& of) : graph(in), trace(of) {
    constexpr std::size_t max_guards = 64, max_exits = 32;
    for (const Guard& guard : graph.guards)
      if (guard.object == trace.object && guards.size() < max_guards) guards.push_back(&guard);
    if (trace.steps.empty()) return;
    for (std::uint32_t e = trace.steps.front().event + 1; e < graph.events.size() && exits.size() < max_exits; ++e) {
      const Event& event = graph.events[e];
      if (event.type != EventType::leave && event.type != EventType::raise) continue;
      const RegionType around = graph.regions[event.region].type;
      if (around == RegionType::handler || around == RegionType::closure) continue;
      const bool has_no_object = std::any_of(guards.begin(), guards.end(), [&](const Guard* guard) {
        return guard->fails && e >= guard->first && graph.within(event.region, guard->region);
      });
      if (!has_no_object) exits.push_back(e);
    }
  }
};

/// Can the function be left between the two events?
bool may_leave_between(const Surroundings& in, std::uint32_t from, std::uint32_t to) {
  const std::uint32_t start = in.graph.events[from].region;
  return std::any_of(in.exits.begin(), in.exits.end(), [&](std::uint32_t exit) {
    const std::uint32_t region = in.graph.events[exit].region;
    return exit > from && exit < to && (in.graph.within(region, start) || in.graph.within(start, region));  // not in another branch
  });
}

Follows follows(const Surroundings& in, const Stand& a, const Stand& b) {
  const EventGraph& graph = in.graph;
  const ObjectTrace& trace = in.trace;
  if (b.last < a.first) return Follows::no;
  const std::uint32_t from = trace.steps[a.last].event;
  bool some = false;
  for (std::size_t i = a.first + 1; i < trace.steps.size(); ++i) {
    if (trace.steps[i].name != b.name) continue;
    some = true;
    const std::uint32_t to = trace.steps[i].event;
    const Event& event = graph.events[to];
    if (event.always || (to > from && graph.within(graph.events[from].region, event.region) && !may_leave_between(in, from, to)))
      return Follows::always;
  }
  return some ? Follows::maybe : Follows::no;
}

/// Conditions on the object that hold where the step stands first.
std::vector<std::string_view> conditions_at(const Surroundings& in, const Stand& stand) {
  std::vector<std::string_view> found;
  const std::uint32_t event = in.trace.steps[stand.first].event;
  for (const Guard* guard : in.guards) {
    if (guard->fails || event < guard->first || !in.graph.within(in.graph.events[event].region, guard->region)) continue;
    if (std::find(found.begin(), found.end(), guard->condition) == found.end()) found.push_back(guard->condition);
  }
  return found;
}

void note(UsageCounters::Count& count, std::uint64_t project) {
  ++count.objects;
  count.projects |= std::uint32_t{1} << (project % 32);
}

std::uint32_t projects_of(std::uint32_t bits) noexcept { return static_cast<std::uint32_t>(std::popcount(bits)); }

bool is_definition(std::string_view step) noexcept { return step.starts_with("=") || step.starts_with("with "); }

}  // namespace

std::string_view to_string(RuleShape shape) noexcept {
  switch (shape) {
    case RuleShape::precedes: return "precedes";
    case RuleShape::eventually: return "eventually";
    case RuleShape::guarded: return "guarded";
    case RuleShape::excludes: return "excludes";
  }
  return "unknown";
}

bool is_advice(const UsageRule& rule) noexcept {
  // The rule of the design: 2 % of 50 is one violation.
  const std::uint64_t cases = std::uint64_t{rule.support} + rule.violations;
  return rule.support >= 50 && rule.projects >= 5 && std::uint64_t{rule.violations} * 50 < cases;
}

void UsageCounters::add(const EventGraph& graph, const ObjectTrace& trace, std::uint64_t project) {
  const UsedObject& object = graph.objects[trace.object];
  const bool kept = object.born && !object.escapes && !graph.cut;
  ++objects;
  const Surroundings in(graph, trace);
  const std::vector<Stand> stands = stands_of(trace);
  std::vector<std::uint32_t> numbers;
  for (const Stand& stand : stands) {
    auto step = std::find_if(steps.begin(), steps.end(), [&](const Step& one) { return one.name == stand.name; });
    if (step == steps.end() && steps.size() < max_rule_steps) step = steps.insert(steps.end(), {std::string(stand.name), 0, 0, 0});
    if (step == steps.end()) {
      numbers.push_back(max_rule_steps);
      continue;
    }
    ++step->seen;
    step->born += object.born ? 1 : 0;
    step->kept += kept ? 1 : 0;
    numbers.push_back(static_cast<std::uint32_t>(step - steps.begin()));
    for (const std::string_view condition : conditions_at(in, stand)) {
      const std::pair key{numbers.back(), std::string(condition)};
      if (guards.size() < max_rule_guards || guards.contains(key)) note(guards[key], project);
    }
  }
  for (std::size_t a = 0; a < stands.size(); ++a)
    for (std::size_t b = 0; b < stands.size(); ++b) {
      if (a == b || numbers[a] == max_rule_steps || numbers[b] == max_rule_steps) continue;
      const std::pair key{numbers[a], numbers[b]};
      if (pairs.size() >= max_rule_pairs && !pairs.contains(key)) continue;
      Pair& pair = pairs[key];
      ++pair.both;
      if (object.born && stands[a].first < stands[b].first) note(pair.before, project);
      if (!kept) continue;
      const Follows order = follows(in, stands[a], stands[b]);
      if (order == Follows::always) note(pair.after, project);
      if (order == Follows::maybe) ++pair.maybe;
    }
}

std::vector<UsageRule> UsageCounters::rules(std::uint32_t min_support) const {
  std::vector<UsageRule> found;
  const auto keep = [&](RuleShape shape, const std::string& a, const std::string& b, const Count& support, std::uint32_t violations) {
    if (support.objects < min_support || support.objects <= violations) return;
    found.push_back({shape, a, b, support.objects, violations, projects_of(support.projects)});
  };
  for (const auto& [key, pair] : pairs) {
    const Step &a = steps[key.first], &b = steps[key.second];
    // That the call which makes an object comes first is no rule but what making means.
    if (!is_definition(a.name) && !is_definition(b.name))
      keep(RuleShape::precedes, a.name, b.name, pair.before, b.born - std::min(b.born, pair.before.objects));
    if (!is_definition(b.name)) {
      const std::uint32_t fine = pair.after.objects + pair.maybe;
      keep(RuleShape::eventually, a.name, b.name, pair.after, a.kept - std::min(a.kept, fine));
    }
  }
  for (const auto& [key, count] : guards) {
    const Step& step = steps[key.first];
    if (step.name != "." + key.second) keep(RuleShape::guarded, step.name, key.second, count, step.seen - std::min(step.seen, count.objects));
  }
  for (std::uint32_t a = 0; a < steps.size(); ++a)
    for (std::uint32_t b = a + 1; b < steps.size(); ++b) {
      const auto pair = pairs.find({a, b});
      const std::uint32_t both = pair == pairs.end() ? 0 : pair->second.both;
      const std::uint64_t expected = objects == 0 ? 0 : std::uint64_t{steps[a].seen} * steps[b].seen / objects;
      if (pairs.size() >= max_rule_pairs || expected < min_expected_meetings || both * 50 >= expected) continue;
      const std::uint32_t fewer = std::min(steps[a].seen, steps[b].seen);
      keep(RuleShape::excludes, steps[a].name, steps[b].name, {fewer - both, 0}, both);
    }
  std::sort(found.begin(), found.end(), [](const UsageRule& x, const UsageRule& y) {
    if (x.support != y.support) return x.support > y.support;
    return std::tie(x.shape, x.a, x.b) < std::tie(y.shape, y.a, y.b);
  });
  return found;
}

RuleOutcome judge(const UsageRule& rule, const EventGraph& graph, const ObjectTrace& trace) {
  const UsedObject& object = graph.objects[trace.object];
  const Surroundings in(graph, trace);
  const std::vector<Stand> stands = stands_of(trace);
  const auto find = [&](const std::string& name) { return std::find_if(stands.begin(), stands.end(), [&](const Stand& one) { return one.name == name; }); };
  const auto a = find(rule.a), b = find(rule.b);
  const bool has_a = a != stands.end(), has_b = b != stands.end();
  switch (rule.shape) {
    case RuleShape::precedes:
      if (!object.born || !has_b) return RuleOutcome::not_applicable;
      return has_a && a->first < b->first ? RuleOutcome::kept : RuleOutcome::violated;
    case RuleShape::eventually: {
      if (!object.born || object.escapes || graph.cut || !has_a) return RuleOutcome::not_applicable;
      const Follows order = has_b ? follows(in, *a, *b) : Follows::no;
      if (order == Follows::maybe) return RuleOutcome::not_applicable;
      return order == Follows::always ? RuleOutcome::kept : RuleOutcome::violated;
    }
    case RuleShape::guarded: {
      if (!has_a) return RuleOutcome::not_applicable;
      const auto conditions = conditions_at(in, *a);
      return std::find(conditions.begin(), conditions.end(), rule.b) != conditions.end() ? RuleOutcome::kept : RuleOutcome::violated;
    }
    case RuleShape::excludes:
      if (!has_a && !has_b) return RuleOutcome::not_applicable;
      return has_a && has_b ? RuleOutcome::violated : RuleOutcome::kept;
  }
  return RuleOutcome::not_applicable;
}

}  // namespace autodev::mine
