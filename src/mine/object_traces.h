// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Object traces: an event graph seen from one object, as the sequence of steps it goes through.
//
// A step is one word: "=open" the object was made by open(), "=new Reader" or constructed, "with open" made by a statement that
// ends it, ".read" called on, "(fclose" given as an argument. Traces of equal types are what protocols are mined from (typestate,
// Strom and Yemini 1986); steps that repeat at once are one step.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mine/event_graph.h"

namespace autodev::mine {

/// Longer traces and more objects are generated code or tables.
inline constexpr std::size_t max_trace_steps = 32;
inline constexpr std::size_t max_traces = 64;

struct TraceStep {
  std::string name;
  std::uint32_t event = 0;
};

struct ObjectTrace {
  std::uint32_t object = 0;
  std::string type;  ///< never empty
  std::vector<TraceStep> steps;

  /// Two different steps at least: something that can be a protocol.
  [[nodiscard]] bool tells() const;
};

/// Traces of all objects whose type is known, in order of their first step. Cost: O(uses).
[[nodiscard]] std::vector<ObjectTrace> object_traces(const EventGraph& graph);

/// The steps' names alone.
[[nodiscard]] std::vector<std::string> step_names(const ObjectTrace& trace);

}  // namespace autodev::mine
