// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Event graph: what one function does to which object, in which order and under which conditions.
//
// A function's normalised tree is read once, in the order in which its parts are evaluated. Nodes are calls, constructions,
// returns and raised errors. Edges: *order* (events are listed in it), *definition and use* (every object lists what is done to
// it), *control* (events stand in regions: branches, loops, handlers, closures; conditions guard regions). The idea is
// that of usage graphs (GrouMiner, Nguyen et al., ESEC/FSE 2009; MUDetect, Amann et al., MSR 2019) over the kinds of nodes that all
// languages share. It stays inside the function, treats loops as run once and sees no types but those that the text tells:
// declared ones, constructors, the call that made an object, the module that a name is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "syntax/nast.h"

namespace autodev::mine {

inline constexpr std::uint32_t no_object = 0xffffffffu;

/// Bounds of one function's graph. Functions of 134,702 Python files have a few dozen events; beyond is generated code.
inline constexpr std::size_t max_graph_events = 4096;
inline constexpr std::size_t max_graph_objects = 512;
inline constexpr std::size_t max_object_uses = 256;

enum class EventType : std::uint8_t { call, construct, leave, raise };

struct Event {
  EventType type = EventType::call;
  std::string name;          ///< "read", "open", "Reader"; empty for leave and raise
  std::string module;        ///< of a call on a name that the function does not bind: "json" of json.load(f); else empty
  std::uint32_t node = 0;    ///< in the function's tree
  std::uint32_t region = 0;
  bool always = false;       ///< in a finally block or deferred: runs whatever happened
  bool managed = false;      ///< opens a with or using statement, which will end it
};

enum class RegionType : std::uint8_t { function, branch, loop, handler, closure };

struct Region {
  RegionType type = RegionType::function;
  std::uint32_t parent = 0;  ///< the region around it; the function's own has itself
  std::uint32_t depth = 0;   ///< of nesting, at most 64
};

/// A condition on an object that holds for the events of a region from `first` on.
struct Guard {
  std::uint32_t object = 0, region = 0, first = 0;
  std::string condition;  ///< "null", "error", "compare", or the name of the call that was asked
  bool fails = false;     ///< guards the branch that is taken when there is no such object, and that leaves
};

enum class UseRole : std::uint8_t { definition, receiver, argument };

struct ObjectUse {
  std::uint32_t event = 0;
  UseRole role = UseRole::receiver;
};

struct UsedObject {
  std::string name;  ///< as written first; empty when the object has none
  std::string type;  ///< "FILE", "Reader", "open()", "json", "~conn" (by its name only); empty: not known
  bool born = false;     ///< made in this function
  bool escapes = false;  ///< returned, yielded or stored: its life goes on elsewhere
  std::vector<ObjectUse> uses;
};

struct EventGraph {
  Language language = Language::unknown;
  std::vector<Event> events;    ///< in the order of evaluation
  std::vector<Region> regions;  ///< the first is the function's own
  std::vector<UsedObject> objects;
  std::vector<Guard> guards;
  bool cut = false;  ///< a bound was reached: the rest of the function is not in it

  /// Is `inner` the region `outer` or inside of it? Cost: O(depth).
  [[nodiscard]] bool within(std::uint32_t inner, std::uint32_t outer) const;
};

/// The graph of a function's or method's tree. Bounded, never recursive. Cost: O(nodes log names).
[[nodiscard]] EventGraph event_graph(const syntax::Nast& tree);

}  // namespace autodev::mine
