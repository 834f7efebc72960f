// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See event_objects.h.
#include "mine/event_objects.h"

#include <algorithm>
#include <array>

namespace autodev::mine {

using syntax::NodeKind;

namespace {

/// A name of one or two letters says nothing about what it names.
constexpr std::size_t min_telling_name = 3;
/// What a return statement is searched for objects.
constexpr std::uint32_t max_searched_nodes = 64;
constexpr std::size_t max_named_in = 8;

bool is_capital(std::string_view name) noexcept { return !name.empty() && name[0] >= 'A' && name[0] <= 'Z'; }

bool is_c_family(Language language) noexcept { return language == Language::c || language == Language::cpp; }

/// Where functions begin with a small letter, a capital one that is called makes an object.
bool makes_by_name(Language language, std::string_view name) noexcept {
  return language != Language::go && language != Language::csharp && is_capital(name);
}

/// Types whose values are passed around everywhere: what is done to them is no protocol.
bool is_plain_value(std::string_view type) noexcept {
  constexpr std::array<std::string_view, 20> types = {
      "string", "String", "str", "int", "Integer", "Long", "long", "bool", "Boolean", "float",
      "Object", "object", "any", "error", "byte", "bytes", "std::string", "number", "double", "size_t"};
  return std::find(types.begin(), types.end(), type) != types.end();
}

/// In these languages a lower-case name that is not bound is a field or a global variable, not a module.
bool has_implicit_fields(Language language) noexcept {
  return language == Language::java || language == Language::csharp || is_c_family(language) || language == Language::php;
}

/// `std` of `std::getline(…)`: a qualifier, and in C++ no object unless it is a type by its capital letter.
bool is_namespace(const syntax::Nast& tree, std::uint32_t node) {
  const bool qualifies = node > 0 && tree.nodes[node - 1].kind == NodeKind::member && tree.symbol(node - 1) == "::";
  return tree.language == Language::cpp && qualifies && tree.nodes[node].kind == NodeKind::identifier && !is_capital(tree.symbol(node));
}

}  // namespace

ObjectTable::ObjectTable(const syntax::Nast& tree, EventGraph& graph)
    : tree_(tree), graph_(graph), current_(tree.symbols.size() + 1, no_object), error_of_(tree.symbols.size() + 1, no_object),
      types_(tree.symbols.size() + 1) {
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    if (tree.nodes[i].kind != NodeKind::parameter) continue;
    const std::string type = declared_type(i);
    for (const std::uint32_t child : child_nodes(tree, i)) {
      // C declares `T* p` as a declarator around the name.
      std::uint32_t name = child;
      while (tree.nodes[name].kind == NodeKind::other && tree.nodes[name].size > 1) ++name;
      const bool binds = tree.nodes[name].kind == NodeKind::identifier && (tree.nodes[name].flags & syntax::flag_type_name) == 0;
      if (binds && !type.empty()) types_[tree.nodes[name].symbol] = type;
    }
  }
}

std::uint32_t ObjectTable::make(std::string name, std::string type) {
  if (graph_.objects.size() >= max_graph_objects) return no_object;
  UsedObject object;
  object.name = std::move(name);
  if (!is_plain_value(type)) object.type = std::move(type);
  graph_.objects.push_back(std::move(object));
  return static_cast<std::uint32_t>(graph_.objects.size() - 1);
}

void ObjectTable::use(std::uint32_t object, std::uint32_t event, UseRole role) {
  if (object == no_object) return;
  auto& uses = graph_.objects[object].uses;
  if (uses.size() < max_object_uses && (uses.empty() || uses.back().event != event)) uses.push_back({event, role});
}

std::uint32_t ObjectTable::named_object(std::uint32_t node, bool argument) {
  const auto& name = tree_.nodes[node];
  if (name.symbol == 0) return no_object;
  if (current_[name.symbol] != no_object) return current_[name.symbol];
  const std::string text(tree_.symbol(node));
  std::string type = types_[name.symbol];
  if (type.empty()) {
    const bool global = !syntax::is_local_name(name);
    // A module or class that is handed on is not used.
    if (global && argument && !is_c_family(tree_.language)) return no_object;
    const bool scope = node > 0 && tree_.symbol(node - 1) == "::";
    const bool field = !scope && has_implicit_fields(tree_.language) && !is_capital(text);
    if (global && !argument && !field) type = text;
    else if (text.size() >= min_telling_name) type = "~" + text;
  }
  return current_[name.symbol] = make(text, std::move(type));
}

std::uint32_t ObjectTable::object_at(std::uint32_t expression, bool argument) {
  const std::uint32_t node = unwrapped(tree_, expression);
  const NodeKind kind = tree_.nodes[node].kind;
  if (is_namespace(tree_, node)) return no_object;
  if (kind == NodeKind::identifier && !is_self(tree_, node)) return named_object(node, argument);
  if (kind == NodeKind::call || kind == NodeKind::construct) {
    const auto event = event_at_.find(node);
    return event == event_at_.end() ? no_object : made_by(event->second);
  }
  if (kind != NodeKind::member) return no_object;
  std::uint32_t root = 0;
  const std::string path = path_of(tree_, node, root);
  if (path.empty()) return no_object;
  if (const auto known = paths_.find(path); known != paths_.end()) return known->second;
  std::string type;
  if (is_self(tree_, root) || syntax::is_local_name(tree_.nodes[root])) {
    const std::string last = path.substr(path.rfind('.') + 1);
    if (last.size() >= min_telling_name) type = "~" + last;
  } else {
    if (argument) return no_object;
    type = path;
  }
  return paths_[path] = make(path, std::move(type));
}

std::uint32_t ObjectTable::made_by(std::uint32_t event) {
  if (const auto known = made_.find(event); known != made_.end()) return known->second;
  const Event& maker = graph_.events[event];
  std::string type = maker.module.empty() ? maker.name : maker.module + "." + maker.name;
  if (const std::uint32_t on = receiver_of(event); on != no_object && maker.module.empty()) {
    // What `get` makes depends on whose `get` it is.
    const std::string& owner = graph_.objects[on].type;
    const bool known = !owner.empty() && owner.front() != '~' && !owner.ends_with(')');
    type = known ? owner + "." + maker.name : std::string();
  }
  if (type.empty()) {
    // Known by its name, if it gets one.
  } else if (maker.type == EventType::call && !makes_by_name(tree_.language, maker.name)) type += "()";
  const std::uint32_t object = make({}, std::move(type));
  made_[event] = object;
  if (object != no_object) graph_.objects[object].born = true;
  use(object, event, UseRole::definition);
  return object;
}

std::uint32_t ObjectTable::emit(EventType type, std::uint32_t node, std::uint32_t region, bool always, std::string name) {
  if (graph_.events.size() >= max_graph_events) {
    graph_.cut = true;
    return no_object;
  }
  Event event;
  event.type = type;
  event.name = std::move(name);
  event.node = node;
  event.region = region;
  event.always = always;
  graph_.events.push_back(std::move(event));
  const auto number = static_cast<std::uint32_t>(graph_.events.size() - 1);
  event_at_[node] = number;
  return number;
}

void ObjectTable::called(std::uint32_t node, std::uint32_t region, bool always) {
  const Callee callee = callee_of(tree_, node);
  if (callee.name.empty() || hands_on(tree_, callee) || (callee.receiver == no_node && callee.name == "super")) return;
  const bool constructs = tree_.nodes[node].kind == NodeKind::construct;
  std::uint32_t receiver = no_object;
  if (callee.receiver != no_node && !is_self(tree_, callee.receiver)) receiver = object_at(callee.receiver, false);
  const std::uint32_t event = emit(constructs ? EventType::construct : EventType::call, node, region, always, callee.name);
  if (event == no_object) return;
  if (receiver != no_object) {
    const UsedObject& object = graph_.objects[receiver];
    if (!object.born && object.type == object.name) graph_.events[event].module = object.name;
    receivers_[event] = receiver;
    use(receiver, event, UseRole::receiver);
  }
  for (std::uint32_t argument : callee.arguments) {
    if (tree_.nodes[argument].kind == NodeKind::argument && tree_.nodes[argument].size > 1) ++argument;
    if (tree_.nodes[argument].kind == NodeKind::pair && tree_.nodes[argument].size > 2) argument = child_nodes(tree_, argument).back();
    const NodeKind given = tree_.nodes[unwrapped(tree_, argument)].kind;
    if (given == NodeKind::call || given == NodeKind::construct) continue;
    const std::uint32_t object = object_at(argument, true);
    use(object, event, UseRole::argument);
    // What a constructor is given, the new object keeps.
    if (object != no_object && (constructs || makes_by_name(tree_.language, callee.name))) graph_.objects[object].escapes = true;
  }
}

void ObjectTable::bind(std::uint32_t target, std::uint32_t value) {
  const std::uint32_t source = unwrapped(tree_, value);
  const NodeKind made_from = tree_.nodes[source].kind;
  const bool makes = made_from == NodeKind::call || made_from == NodeKind::construct;
  const bool known = makes || made_from == NodeKind::identifier || made_from == NodeKind::member;
  std::uint32_t object = known ? object_at(source, true) : no_object;
  if (tree_.nodes[target].kind == NodeKind::identifier && syntax::is_local_name(tree_.nodes[target])) {
    const std::uint32_t symbol = tree_.nodes[target].symbol;
    if (made_from == NodeKind::member) object = no_object;  // a field that is read is not followed
    current_[symbol] = object;
    error_of_[symbol] = no_object;
    if (!makes || object == no_object) return;
    graph_.objects[object].name = tree_.symbol(target);
    if (graph_.objects[object].type.empty() && tree_.symbol(target).size() >= min_telling_name)
      graph_.objects[object].type = "~" + std::string(tree_.symbol(target));
    if (!types_[symbol].empty()) graph_.objects[object].type = is_plain_value(types_[symbol]) ? std::string() : types_[symbol];
    return;
  }
  if (object == no_object || made_from == NodeKind::member) return;
  graph_.objects[object].escapes = true;
  std::uint32_t root = 0;
  if (const std::string path = path_of(tree_, target, root); !path.empty()) {
    paths_[path] = object;
    if (makes) graph_.objects[object].name = path;
  }
}

std::string ObjectTable::declared_type(std::uint32_t node) const {
  for (const std::uint32_t child : child_nodes(tree_, node)) {
    const auto& part = tree_.nodes[child];
    const bool named = part.kind == NodeKind::identifier && (part.flags & syntax::flag_type_name) != 0;
    const bool qualified = part.kind == NodeKind::member && is_c_family(tree_.language);
    if (part.kind == NodeKind::type || named || qualified) return type_name(tree_, child);
  }
  return {};
}

void ObjectTable::declare(std::uint32_t node, const std::string& type, std::uint32_t region, bool always) {
  // One declarator, with or without a value: `x`, `*x = y`, `x: T = y`, Go's `a, err := y`.
  std::vector<std::uint32_t> names;
  std::uint32_t value = no_node;
  bool pointer = false;
  const auto parts = tree_.nodes[node].kind == NodeKind::identifier ? std::vector<std::uint32_t>{node} : child_nodes(tree_, node);
  for (const std::uint32_t part : parts) {
    std::uint32_t name = part;
    while (tree_.nodes[name].kind == NodeKind::other && tree_.nodes[name].size > 1) {
      pointer = true;
      ++name;
    }
    if (tree_.nodes[name].kind == NodeKind::identifier && (tree_.nodes[name].flags & syntax::flag_binder) != 0) names.push_back(name);
    else if (tree_.nodes[part].kind != NodeKind::type && tree_.nodes[part].kind != NodeKind::keyword &&
             (tree_.nodes[part].flags & syntax::flag_type_name) == 0)
      value = part;
  }
  if (names.empty()) return;
  const std::uint32_t symbol = tree_.nodes[names[0]].symbol;
  types_[symbol] = type;
  if (value != no_node && tree_.nodes[value].kind != NodeKind::parameters) {
    bind(names[0], value);
    const std::uint32_t made = current_[symbol];
    if (names.size() > 1 && made != no_object) error_of_[tree_.nodes[names.back()].symbol] = made;
    return;
  }
  current_[symbol] = no_object;
  if (tree_.language != Language::cpp || pointer || type.empty()) return;
  const std::uint32_t event = emit(EventType::construct, names[0], region, always, type);
  if (event == no_object) return;
  current_[symbol] = made_by(event);
  if (current_[symbol] != no_object) graph_.objects[current_[symbol]].name = tree_.symbol(names[0]);
}

void ObjectTable::bound(std::uint32_t node, std::uint32_t region, bool always) {
  const auto parts = child_nodes(tree_, node);
  if (tree_.nodes[node].kind == NodeKind::assignment) {
    if (parts.size() < 2) return;
    if (tree_.symbol(node) != "=" && tree_.symbol(node) != ":=" && !tree_.symbol(node).empty()) return;
    const std::uint32_t target = tree_.nodes[parts[0]].symbol;
    if (const std::string type = declared_type(node); !type.empty() && target != 0) types_[target] = type;
    return bind(parts[0], parts.back());
  }
  const std::string type = declared_type(node);
  bool nested = false;
  for (const std::uint32_t part : parts) {
    if (tree_.nodes[part].kind == NodeKind::declaration) {
      nested = true;
      // Inner declarations were bound when they were left; what they lack is the type.
      const std::uint32_t end = part + std::min(tree_.nodes[part].size, max_searched_nodes);
      for (std::uint32_t name = part + 1; name < end && !type.empty(); ++name) {
        if ((tree_.nodes[name].flags & syntax::flag_binder) == 0 || tree_.nodes[name].kind != NodeKind::identifier) continue;
        types_[tree_.nodes[name].symbol] = type;
        const std::uint32_t object = current_[tree_.nodes[name].symbol];
        if (object != no_object && graph_.objects[object].born) graph_.objects[object].type = is_plain_value(type) ? std::string() : type;
        break;
      }
    }
  }
  if (!nested) declare(node, type, region, always);
}

void ObjectTable::handed_out(std::uint32_t node) {
  const std::uint32_t end = std::min(node + tree_.nodes[node].size, node + max_searched_nodes);
  for (std::uint32_t i = node + 1; i < end; ++i) {
    const auto& part = tree_.nodes[i];
    const NodeKind before = tree_.nodes[i - 1].kind;
    if (part.kind == NodeKind::call || part.kind == NodeKind::construct) {
      const auto event = event_at_.find(i);
      const auto made = event == event_at_.end() ? made_.end() : made_.find(event->second);
      if (made != made_.end() && made->second != no_object) graph_.objects[made->second].escapes = true;
    }
    if (part.kind != NodeKind::identifier || !syntax::is_local_name(part) || part.symbol == 0) continue;
    if (before == NodeKind::member || before == NodeKind::call) continue;  // called on, not handed out
    if (const std::uint32_t object = current_[part.symbol]; object != no_object) graph_.objects[object].escapes = true;
  }
}

void ObjectTable::manage(std::uint32_t value) {
  const auto event = event_at_.find(unwrapped(tree_, value));
  if (event != event_at_.end()) graph_.events[event->second].managed = true;
}

void ObjectTable::opened(std::uint32_t node) {
  for (const std::uint32_t part : child_nodes(tree_, node))
    if (tree_.nodes[part].kind == NodeKind::declaration && tree_.nodes[part].size > 1) manage(child_nodes(tree_, part).back());
}

void ObjectTable::other(std::uint32_t node) {
  const std::string_view what = tree_.symbol(node);
  const auto parts = child_nodes(tree_, node);
  if (parts.empty()) return;
  if (what.starts_with("as_pattern") && parts.size() == 2) {
    bind(parts[1], parts[0]);
  } else if (what == "with_item") {
    const bool named = tree_.symbol(parts[0]).starts_with("as_pattern") && tree_.nodes[parts[0]].size > 1;
    manage(named ? parts[0] + 1 : parts[0]);
  } else if (what == "resource_specification") {
    for (const std::uint32_t part : parts)
      if (tree_.nodes[part].kind == NodeKind::declaration && tree_.nodes[part].size > 1) manage(child_nodes(tree_, part).back());
  }
}

std::uint32_t ObjectTable::receiver_of(std::uint32_t event) const {
  const auto found = receivers_.find(event);
  return found == receivers_.end() ? no_object : found->second;
}

std::vector<std::pair<std::uint32_t, bool>> ObjectTable::named_in(std::uint32_t first, std::uint32_t last) const {
  std::vector<std::pair<std::uint32_t, bool>> found;
  for (std::uint32_t i = first; i < last && found.size() < max_named_in; ++i) {
    if (tree_.nodes[i].kind != NodeKind::identifier || tree_.nodes[i].symbol == 0) continue;
    const bool called_on = i > first && (tree_.nodes[i - 1].kind == NodeKind::member || tree_.nodes[i - 1].kind == NodeKind::call);
    if (called_on) continue;
    const std::uint32_t symbol = tree_.nodes[i].symbol;
    if (error_of_[symbol] != no_object) found.push_back({error_of_[symbol], true});
    else if (current_[symbol] != no_object) found.push_back({current_[symbol], false});
  }
  return found;
}

}  // namespace autodev::mine
