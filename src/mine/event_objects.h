// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Objects of an event graph while it is made: which name stands for which object at this point of the function.
//
// A name that is bound to what a call made stands for a new object from then on; `b = a` makes b another name of a's object;
// branches are read one after the other. A name that was never bound is an object of its own: a parameter, a field
// ("self.conn"), a module ("json").
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mine/callee.h"
#include "mine/event_graph.h"

namespace autodev::mine {

class ObjectTable {
 public:
  ObjectTable(const syntax::Nast& tree, EventGraph& graph);

  /// A call or construction: its event, what it is called on and what it is given.
  void called(std::uint32_t node, std::uint32_t region, bool always);
  /// An assignment or declaration was read to its end.
  void bound(std::uint32_t node, std::uint32_t region, bool always);
  /// What a return or yield hands out escapes.
  void handed_out(std::uint32_t node);
  /// A with or using statement: what its head opens is managed.
  void opened(std::uint32_t node);
  /// `as` patterns and lists of resources, which have no kind of their own.
  void other(std::uint32_t node);

  /// The object an event was called on; no_object: none.
  [[nodiscard]] std::uint32_t receiver_of(std::uint32_t event) const;
  /// Objects whose plain names stand in [first, last), each with whether it is asked through the error that came with it.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, bool>> named_in(std::uint32_t first, std::uint32_t last) const;

 private:
  [[nodiscard]] std::uint32_t make(std::string name, std::string type);
  void use(std::uint32_t object, std::uint32_t event, UseRole role);
  /// The object that an expression stands for; no_object when none can be told. `argument`: not what is called on.
  [[nodiscard]] std::uint32_t object_at(std::uint32_t node, bool argument);
  [[nodiscard]] std::uint32_t named_object(std::uint32_t node, bool argument);
  [[nodiscard]] std::uint32_t made_by(std::uint32_t event);
  void bind(std::uint32_t target, std::uint32_t value);
  void declare(std::uint32_t node, const std::string& type, std::uint32_t region, bool always);
  void manage(std::uint32_t value);
  [[nodiscard]] std::string declared_type(std::uint32_t node) const;
  std::uint32_t emit(EventType type, std::uint32_t node, std::uint32_t region, bool always, std::string name);

  const syntax::Nast& tree_;
  EventGraph& graph_;
  std::vector<std::uint32_t> current_;   ///< by symbol: the object that the name stands for now
  std::vector<std::uint32_t> error_of_;  ///< by symbol: the object whose error it holds
  std::vector<std::string> types_;       ///< by symbol: the declared type
  std::map<std::string, std::uint32_t, std::less<>> paths_;        ///< "self.conn" -> object
  std::unordered_map<std::uint32_t, std::uint32_t> event_at_;      ///< node -> event
  std::unordered_map<std::uint32_t, std::uint32_t> made_;          ///< event -> what it made
  std::unordered_map<std::uint32_t, std::uint32_t> receivers_;     ///< event -> object
};

}  // namespace autodev::mine
