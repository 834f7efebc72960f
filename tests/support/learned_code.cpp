// SPDX-License-Identifier: MIT OR Apache-2.0
#include "support/learned_code.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "support/support.h"
#include "syntax/extract.h"

namespace autodev::test {

std::vector<CodeUnit> python_units(const std::string& source, const std::string& path) {
  syntax::ExtractOptions options;
  options.min_block_nodes = 12;
  return value_of(syntax::extract_units(source, Language::python, path, options)).units;
}

std::string python_function(int family, int variant) {
  static const char* const nouns[] = {"order", "user", "invoice", "session", "ticket", "report", "basket", "refund"};
  const std::string noun = nouns[variant % 8];
  const int number = 2 + variant;
  switch (family % 6) {
    case 0:
      return fmt::format(
          "def load_{0}(client, key):\n    \"\"\"Loads one {0} by key.\"\"\"\n    response = client.get_{0}('/{0}/' + key, timeout={1})\n"
          "    if response.status != 200:\n        raise KeyError(key)\n    return response.json()['{0}']\n", noun, number);
    case 1:
      return fmt::format(
          "def total_of_{0}s(rows):\n    total = 0\n    for row in rows:\n        if row.kind == '{0}' and row.amount > {0}_limit({1}):\n"
          "            total += row.amount * row.count\n    return round(total, 2)\n", noun, number);
    case 2:
      return fmt::format(
          "def retry_{0}(action, attempts={1}):\n    for attempt in range(attempts):\n        try:\n            return action()\n"
          "        except OSError as error:\n            log.{0}('retry {0} %s', error)\n            sleep(2 ** attempt)\n    raise TimeoutError('{0}')\n", noun, number);
    case 3:
      return fmt::format(
          "def parse_{0}(line):\n    parts = line.strip().split(',')\n    if len(parts) != {1}:\n        return None\n{2}"
          "    return {{'name': parts[0], 'value': int(parts[1])}}\n", noun, number,
          variant % 3 == 0 ? "    log.debug(parts)\n" : "");
    case 4:
      return fmt::format(
          "class {0}Cache:\n    def __init__(self, size):\n        self.size = size\n        self.items = {{}}\n\n"
          "    def get(self, key):\n        if key not in self.items:\n            self.items[key] = self.load(key, {1})\n        return self.items[key]\n", noun, number);
    default:
      return fmt::format(
          "def merge_{0}(left, right):\n    result = []\n    while left and right:\n        if left[0] <= right[0]:\n"
          "            result.append(left.pop(0))\n        else:\n            result.append(right.pop(0))\n"
          "    result.extend(left)\n    result.extend(right)\n    return result[:{1}]\n", noun, number);
  }
}

LearningEvent event_with(const std::vector<CodeUnit>& units, Verdict verdict, EvidenceStrength strength, int number,
                         const std::string& project) {
  LearningEvent event;
  event.timestamp = Timestamp(Milliseconds(1'600'000'000'000 + 1000LL * number));
  event.event_type = verdict == Verdict::failed ? LearningEventType::implementation_failure : LearningEventType::implementation_success;
  event.source = strength == EvidenceStrength::history ? "git" : "run";
  event.project = project;
  event.specification.text = fmt::format("task {}: load the {} and retry", number, number % 2 == 0 ? "order" : "invoice");
  for (const CodeUnit& unit : units) event.implementation.units.push_back({std::nullopt, unit});
  event.outcome.verdict = verdict;
  event.outcome.strength = strength;
  if (strength == EvidenceStrength::report) event.outcome.tests_passed = 3;
  if (verdict == Verdict::failed) event.outcome.failures = {{"test_it", "", 0, "assertion failed"}};
  event.cycle = knowledge::cycle_id(event.project, event.specification.text);
  event.id = knowledge::event_id(event);
  return event;
}

namespace {

LearningEvent random_event(Chance& chance, int number) {
  std::string source;
  const int functions = 1 + static_cast<int>(chance.below(3));
  for (int i = 0; i < functions; ++i)
    source += python_function(static_cast<int>(chance.below(6)), static_cast<int>(chance.below(12))) + "\n";
  static const char* const projects[] = {"shop", "bank", "blog"};
  const Verdict verdict = chance.once_in(10) ? Verdict::unknown : chance.once_in(4) ? Verdict::failed : Verdict::passed;
  const auto strength = static_cast<EvidenceStrength>(1 + chance.below(3));
  LearningEvent event = event_with(python_units(source, fmt::format("m{}.py", chance.below(5))), verdict, strength, number,
                                   projects[chance.below(3)]);
  event.outcome.flaky = chance.once_in(15);
  if (chance.once_in(4)) {
    const auto earlier = python_units(python_function(static_cast<int>(chance.below(6)), static_cast<int>(chance.below(12))));
    event.patterns_used.push_back({earlier[0].alpha});
  }
  if (chance.once_in(5) && !event.implementation.units.empty()) {
    const auto before = python_units(python_function(static_cast<int>(chance.below(6)), static_cast<int>(chance.below(12))));
    event.implementation.units[0].before = before[0];
    event.previous_attempt = Verdict::failed;
  }
  event.id = {};
  event.id = knowledge::event_id(event);
  return event;
}

}  // namespace

std::vector<knowledge::Payload> random_payloads(std::uint64_t seed, std::size_t count) {
  Chance chance(seed);
  std::vector<knowledge::Payload> payloads;
  std::vector<DecisionId> decisions;
  for (int number = 0; payloads.size() < count; ++number) {
    const auto units = python_units(python_function(static_cast<int>(chance.below(6)), static_cast<int>(chance.below(12))));
    switch (chance.below(12)) {
      case 0:
        payloads.emplace_back(knowledge::Feedback{{units[0].alpha}, static_cast<knowledge::FeedbackVerdict>(chance.below(3)), "note"});
        break;
      case 1:
        decisions.push_back({base::hash128(fmt::format("{} {}", seed, number))});
        payloads.emplace_back(knowledge::DecisionMade{decisions.back(), "approach", "reuse", {"reuse", "generate"}, 0.5});
        break;
      case 2:
        if (!decisions.empty())
          payloads.emplace_back(knowledge::DecisionOutcome{decisions[chance.below(decisions.size())], chance.once_in(2), 1.0});
        break;
      case 3: payloads.emplace_back(knowledge::ImportedPattern{"other", units[0], "", "imported", chance.once_in(3), "cause"}); break;
      default: payloads.emplace_back(random_event(chance, number));
    }
  }
  return payloads;
}

}  // namespace autodev::test
