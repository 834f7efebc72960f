// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Any tree that decode_nast accepts has a bounded event graph whose numbers are all in range, and whose traces can be counted and judged.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mine/object_traces.h"
#include "mine/usage_rules.h"
#include "syntax/nast.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev;
  const auto tree = syntax::decode_nast(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!tree) return 0;
  const mine::EventGraph graph = mine::event_graph(*tree);
  if (graph.events.size() > mine::max_graph_events || graph.objects.size() > mine::max_graph_objects) std::abort();
  for (const mine::Event& event : graph.events)
    if (event.region >= graph.regions.size()) std::abort();
  mine::UsageCounters counters;
  for (const mine::ObjectTrace& trace : mine::object_traces(graph)) {
    if (trace.steps.empty() || trace.steps.size() > mine::max_trace_steps) std::abort();
    counters.add(graph, trace, 1);
    for (const mine::UsageRule& rule : counters.rules(1)) (void)mine::judge(rule, graph, trace);
  }
  return 0;
}
