// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/repair_probes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "apply/input_shape.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_input_bytes = 4'000;
/// Digits and letters changed here and there: what can be done without a layout.
std::string with_other_characters(std::string input, std::uint64_t seed) {
  std::uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
  const auto next = [&](std::uint64_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below == 0 ? 0 : state % below;
  };
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < input.size(); ++i)
    if (std::isalnum(static_cast<unsigned char>(input[i])) != 0) places.push_back(i);
  const std::uint64_t changes = 1 + next(3);
  for (std::uint64_t c = 0; c < changes && !places.empty(); ++c) {
    char& at = input[places[next(places.size())]];
    if (at >= '0' && at <= '9')
      at = static_cast<char>(at == '0' ? '1' : at == '9' ? '8' : next(2) == 0 ? at + 1 : at - 1);
    else
      at = input[places[next(places.size())]];
  }
  return input;
}

/// Digest of what a candidate did on a probe; marks for no output in time and for a crash.
std::uint64_t behaviour(const RepairAnswer& answer, std::size_t probe) {
  return answer.timed_out[probe] ? 1 : answer.crashed[probe] ? 2 : answer.outputs[probe];
}

std::optional<double> share_changed(const std::vector<RepairProbe>& probes, const RepairAnswer& before,
                                    const RepairAnswer& after, const std::vector<bool>& failed, bool near_failed) {
  std::size_t all = 0, changed = 0;
  for (std::size_t p = 0; p < probes.size(); ++p) {
    if (!probes[p].near || *probes[p].near >= failed.size() || failed[*probes[p].near] != near_failed) continue;
    ++all;
    changed += behaviour(before, p) != behaviour(after, p);
  }
  if (all == 0) return std::nullopt;
  return static_cast<double>(changed) / static_cast<double>(all);
}

}  // namespace

std::vector<RepairProbe> probe_inputs(const std::vector<RepairTest>& tests, std::uint64_t seed, std::size_t near,
                                      std::size_t fresh) {
  std::vector<std::string_view> inputs;
  std::vector<std::size_t> numbers;  // of the tests
  std::set<std::string> known;
  for (std::size_t t = 0; t < tests.size(); ++t) {
    if (!tests[t].code.empty() || tests[t].input.empty() || tests[t].input.size() > max_input_bytes) continue;
    inputs.push_back(tests[t].input);
    numbers.push_back(t);
    known.insert(tests[t].input);
  }
  std::vector<RepairProbe> probes;
  if (inputs.empty()) return probes;
  const auto shape = InputShape::infer(inputs);
  const std::size_t sources = shape ? shape->examples().size() : inputs.size();
  const auto add = [&](std::optional<std::string> text, std::optional<std::size_t> test) {
    if (text && known.insert(*text).second) probes.push_back({{std::move(*text), {}, {}}, test});
  };
  for (std::size_t k = 0; k < near; ++k) {
    const std::size_t source = k % sources;
    add(shape ? shape->near(source, seed * 1'000 + k)
              : with_other_characters(std::string(inputs[source]), seed * 1'000 + k),
        numbers[source]);
  }
  for (std::size_t k = 0; k < fresh && shape; ++k) add(shape->fresh(seed * 1'000 + near + k, false), std::nullopt);
  return probes;
}

std::vector<ProbeVerdict> compare_on_probes(const std::vector<RepairProbe>& probes,
                                            const std::vector<RepairAnswer>& answers, const std::vector<bool>& failed) {
  std::vector<ProbeVerdict> verdicts(answers.empty() ? 0 : answers.size() - 1);
  if (probes.empty() || answers.empty()) return verdicts;
  const auto ran = [&](std::size_t candidate) {
    return answers[candidate + 1].ran && answers[candidate + 1].outputs.size() == probes.size();
  };
  std::vector<std::map<std::uint64_t, std::size_t>> counts(probes.size());
  std::size_t probed = 0;
  std::vector<std::vector<std::uint64_t>> behaviours(verdicts.size());
  for (std::size_t c = 0; c < verdicts.size(); ++c) {
    if (!ran(c)) continue;
    ++probed;
    for (std::size_t p = 0; p < probes.size(); ++p) behaviours[c].push_back(behaviour(answers[c + 1], p));
    for (std::size_t p = 0; p < probes.size(); ++p) ++counts[p][behaviours[c][p]];
  }
  const bool before = answers[0].ran && answers[0].outputs.size() == probes.size();
  for (std::size_t c = 0; c < verdicts.size(); ++c) {
    if (!ran(c)) continue;
    auto& verdict = verdicts[c];
    verdict.probed = true;
    if (probed > 1) {
      double same = 0;
      for (std::size_t p = 0; p < probes.size(); ++p) same += static_cast<double>(counts[p][behaviours[c][p]] - 1);
      verdict.agreement = same / static_cast<double>((probed - 1) * probes.size());
    }
    if (!before) continue;
    verdict.changed_passed = share_changed(probes, answers[0], answers[c + 1], failed, false);
    verdict.changed_failed = share_changed(probes, answers[0], answers[c + 1], failed, true);
  }
  return verdicts;
}

}  // namespace autodev::apply
