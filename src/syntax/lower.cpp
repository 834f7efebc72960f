// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The walk from parse tree to normalised tree.
//
// One frame per open grammar node. A child's meaning (Role) comes from its parent and field, or is inherited
// through patterns (`a, (b, c) = ...` binds three names). Keywords and operators become part of the symbol of
// the node around them: "async def", "for in", "+=". Nodes are emitted in preorder; sizes are filled in when a
// frame closes.
#include "syntax/lower.h"

#include <algorithm>

#include "base/hash.h"

namespace autodev::syntax {
namespace {

constexpr TSSymbol error_symbol = 0xffff;
/// Longer leaf texts (data URLs, embedded tables) are represented by their hash.
constexpr std::size_t max_symbol_bytes = 512;
constexpr std::size_t max_joined_bytes = 128;

class Cursor {
 public:
  explicit Cursor(TSNode root) : cursor_(ts_tree_cursor_new(root)) {}
  ~Cursor() { ts_tree_cursor_delete(&cursor_); }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  [[nodiscard]] TSNode node() const { return ts_tree_cursor_current_node(&cursor_); }
  [[nodiscard]] TSFieldId field() const { return ts_tree_cursor_current_field_id(&cursor_); }
  bool first_child() { return ts_tree_cursor_goto_first_child(&cursor_); }
  bool next_sibling() { return ts_tree_cursor_goto_next_sibling(&cursor_); }
  void parent() { ts_tree_cursor_goto_parent(&cursor_); }

 private:
  TSTreeCursor cursor_;
};

struct Frame {
  const SymbolRule* rule;
  TSSymbol symbol;
  Role role = Role::none;  ///< inherited by children of patterns
  bool emitted = false;
  bool statements = false;
  bool adopted = false;  ///< a wrapper whose unit has been found
  bool holder_unit = false;
  std::uint32_t named_children = 0;  ///< of wrappers
  std::uint32_t node = no_index;     ///< nearest emitted node
  std::uint32_t unit = no_index;     ///< candidate that closes with this frame
  std::uint32_t body_of = no_index;  ///< candidate whose body is a child of this frame
};

bool is_literal(NodeKind kind) noexcept {
  return kind == NodeKind::string || kind == NodeKind::number || kind == NodeKind::boolean || kind == NodeKind::null;
}

/// Nodes below which a type position ends.
bool ends_type(NodeKind kind) noexcept {
  return kind == NodeKind::call || kind == NodeKind::lambda || kind == NodeKind::block || kind == NodeKind::function;
}

class Lowering {
 public:
  Lowering(const TSTree& tree, std::string_view source, Language language)
      : table_(lowering_of(language)), source_(source), language_(language), cursor_(ts_tree_root_node(&tree)) {
    has_error_ = ts_node_has_error(ts_tree_root_node(&tree));
    calls_import_ = language == Language::javascript || language == Language::typescript || language == Language::tsx ||
                    language == Language::ruby;
    require_ = file_.symbols.intern("require");
    require_relative_ = file_.symbols.intern("require_relative");
    token_symbols_.resize(table_.rules.size());
    file_.nodes.reserve(source.size() / 8);
    file_.roles.reserve(source.size() / 8);
  }

  LoweredFile run() {
    frames_.push_back({&outside_, 0});
    for (bool more = true; more;) {
      if (enter()) {
        if (cursor_.first_child()) continue;
        close(true);
      }
      while (!cursor_.next_sibling()) {
        if (frames_.size() <= 1) {
          more = false;
          break;
        }
        cursor_.parent();
        close(false);
        if (frames_.size() == 1) {
          more = false;
          break;
        }
      }
    }
    return std::move(file_);
  }

 private:
  bool enter();
  bool enter_error(TSNode node);
  [[nodiscard]] bool names_unit() const;
  void enter_node(TSNode node, TSSymbol symbol, const SymbolRule& rule, Role role, TSFieldId field);
  void open_unit(TSNode node, const SymbolRule& rule, Frame& frame, bool holder);
  [[nodiscard]] bool adopts(const Frame& wrapper, bool holder) const;
  [[nodiscard]] bool holds_function(TSNode node) const;
  [[nodiscard]] Role role_of_child(TSFieldId& field) const;
  void note_structure(TSNode node, const SymbolRule& rule, Role role);
  void leaf(TSNode node, const SymbolRule& rule, Role role, TSFieldId field);
  void set_leaf_role(std::uint32_t index, Role role);
  void take_name(std::uint32_t index);
  void capture_token(TSSymbol symbol, const SymbolRule& rule);
  std::uint32_t emit(NodeKind kind, std::uint8_t flags, TSSymbol grammar, TSNode node);
  void close(bool without_children);
  void close_string(NastNode& node);
  void note_required_module(std::uint32_t call);
  bool is_docstring(const Frame& frame) const;
  [[nodiscard]] std::uint8_t statement_flag(TSFieldId field) const;
  [[nodiscard]] std::string_view text(const NastNode& node) const {
    return source_.substr(node.start, node.end - node.start);
  }
  std::uint32_t intern_text(std::string_view text);

  const LoweringTable& table_;
  std::string_view source_;
  Language language_;
  Cursor cursor_;
  const SymbolRule outside_;
  const SymbolRule token_name_{NodeKind::identifier, Action::leaf};
  bool has_error_ = false;
  bool calls_import_ = false;
  std::uint32_t require_ = 0, require_relative_ = 0;
  std::uint32_t error_depth_ = 0;
  std::uint32_t current_ = no_index;  ///< innermost open candidate
  std::vector<Frame> frames_;
  std::vector<std::uint32_t> token_symbols_;
  LoweredFile file_;
};

std::uint32_t Lowering::intern_text(std::string_view text) {
  if (text.size() <= max_symbol_bytes) return file_.symbols.intern(text);
  std::string digest("#");
  digest += base::hash128(text).hex();
  return file_.symbols.intern_owned(std::move(digest));
}

std::uint8_t Lowering::statement_flag(TSFieldId field) const {
  const Frame& parent = frames_.back();
  if (!parent.statements) return 0;
  if (parent.rule->kind == NodeKind::switch_case && field != 0 && field == table_.value_field) return 0;
  return flag_statement;
}

std::uint32_t Lowering::emit(NodeKind kind, std::uint8_t flags, TSSymbol grammar, TSNode node) {
  NastNode made;
  made.kind = kind;
  made.flags = flags;
  made.grammar = grammar;
  made.start = ts_node_start_byte(node);
  made.end = ts_node_end_byte(node);
  file_.nodes.push_back(made);
  file_.roles.push_back(Role::none);
  return static_cast<std::uint32_t>(file_.nodes.size() - 1);
}

Role Lowering::role_of_child(TSFieldId& field) const {
  const Frame& parent = frames_.back();
  Role role = Role::none;
  if (parent.rule->has_fields) {
    field = cursor_.field();
    role = table_.role(parent.symbol, field);
  }
  if (role == Role::none) {
    const bool inherits =
        (parent.rule->traits & trait_pattern) != 0 || (parent.role == Role::type && !ends_type(parent.rule->kind));
    if (inherits) role = parent.role;
  } else if (role == Role::member && parent.role == Role::name) {
    role = Role::name;
  }
  // `struct node *push(...)`: the name of a type that is only mentioned is not the function's.
  if (role == Role::name && parent.body_of == no_index && parent.unit == no_index && parent.role != Role::name)
    role = parent.rule->kind == NodeKind::type_declaration ? Role::type : Role::plain;
  if (parent.holder_unit && role != Role::type && file_.candidates[parent.body_of].name_node == no_index &&
      field != table_.value_field && field != table_.right_field)
    role = Role::name;
  return role;
}

bool Lowering::enter() {
  const TSNode node = cursor_.node();
  const TSSymbol symbol = ts_node_symbol(node);
  if (symbol == error_symbol || (has_error_ && ts_node_is_missing(node))) return enter_error(node);
  const SymbolRule& rule = table_.rules[symbol];
  switch (rule.action) {
    case Action::token:
      if (rule.token == TokenClass::ignored) return false;
      if (names_unit())
        leaf(node, token_name_, Role::name, 0);
      else
        capture_token(symbol, rule);
      return false;
    case Action::drop:
      if ((rule.traits & trait_comment) != 0)
        file_.comments.push_back({ts_node_start_byte(node), ts_node_end_byte(node)});
      return false;
    case Action::leaf: {
      TSFieldId field = 0;
      const Role role = role_of_child(field);
      leaf(node, rule, role, field);
      return false;
    }
    case Action::node:
    case Action::fold: {
      TSFieldId field = 0;
      const Role role = role_of_child(field);
      enter_node(node, symbol, rule, role, field);
      return true;
    }
  }
  return false;
}

/// `operator +`: the token is the name.
bool Lowering::names_unit() const {
  const Frame& parent = frames_.back();
  return parent.body_of != no_index && (parent.rule->traits & trait_function) != 0 &&
         file_.candidates[parent.body_of].name_node == no_index &&
         table_.role(parent.symbol, cursor_.field()) == Role::name;
}

bool Lowering::enter_error(TSNode node) {
  const auto index = emit(NodeKind::error, statement_flag(0), 0, node);
  if (ts_node_is_missing(node)) return false;
  if (error_depth_++ == 0) file_.error_bytes += file_.nodes[index].end - file_.nodes[index].start;
  Frame frame{&outside_, error_symbol};
  frame.emitted = true;
  frame.statements = true;
  frame.node = index;
  frames_.push_back(frame);
  return true;
}

void Lowering::note_structure(TSNode node, const SymbolRule& rule, Role role) {
  const Frame& parent = frames_.back();
  if ((rule.traits & trait_import) != 0) file_.imports.push_back({ts_node_start_byte(node), ts_node_end_byte(node)});
  if (role == Role::body && parent.body_of != no_index) {
    auto& candidate = file_.candidates[parent.body_of];
    if (candidate.body_node == no_index) {
      candidate.body_node = static_cast<std::uint32_t>(file_.nodes.size());
      candidate.body_start = ts_node_start_byte(node);
    }
  }
  if (current_ == no_index) return;
  auto& candidate = file_.candidates[current_];
  if (role == Role::receiver) candidate.receiver_node = static_cast<std::uint32_t>(file_.nodes.size());
  if (role != Role::name || candidate.name_node != no_index) return;
  if ((rule.traits & trait_qualified) != 0 && candidate.qualifier_start == no_index)
    candidate.qualifier_start = ts_node_start_byte(node);
  if ((rule.traits & trait_prefixed_name) != 0) candidate.name_start = ts_node_start_byte(node);
}

bool Lowering::holds_function(TSNode node) const {
  for (const auto field : {table_.value_field, table_.right_field}) {
    if (field == 0) continue;
    const TSNode value = ts_node_child_by_field_id(node, field);
    if (ts_node_is_null(value)) continue;
    const auto symbol = ts_node_symbol(value);
    return symbol != error_symbol && (table_.rules[symbol].traits & trait_function_value) != 0;
  }
  return false;
}

bool Lowering::adopts(const Frame& wrapper, bool holder) const {
  if ((wrapper.rule->traits & trait_wrapper) == 0 || !wrapper.emitted || wrapper.adopted) return false;
  const bool declaration = wrapper.rule->kind == NodeKind::declaration;
  // `const a = () => 1, b = 2` declares two things: only a lone one may take over the statement.
  if (holder || (declaration && language_ == Language::go)) return wrapper.named_children == 1;
  return true;
}

void Lowering::open_unit(TSNode node, const SymbolRule& rule, Frame& frame, bool holder) {
  Frame& parent = frames_.back();
  Candidate candidate;
  candidate.type = holder || (rule.traits & trait_function) != 0 ? Candidate::Type::function
                   : (rule.traits & trait_type) != 0             ? Candidate::Type::type
                   : (rule.traits & trait_methods) != 0          ? Candidate::Type::implementation
                                                                 : Candidate::Type::scope;
  candidate.lasting =
      (rule.traits & trait_open_scope) != 0 && ts_node_is_null(ts_node_child_by_field_id(node, table_.body_field));
  if (candidate.lasting)
    while (current_ != no_index && file_.candidates[current_].lasting) current_ = file_.candidates[current_].parent;
  candidate.parent = current_;
  const auto number = static_cast<std::uint32_t>(file_.candidates.size());
  const NodeKind kind = holder ? NodeKind::function : rule.kind;
  if (adopts(parent, holder)) {
    candidate.node = parent.node;
    if (file_.nodes[parent.node].kind == NodeKind::other) file_.nodes[parent.node].symbol = 0;
    file_.nodes[parent.node].kind = kind;
    parent.adopted = true;
    parent.unit = number;
    frame.node = parent.node;
    frame.emitted = false;
  } else {
    candidate.node = frame.node = emit(kind, 0, frame.symbol, node);
    frame.emitted = true;
    frame.unit = number;
  }
  frame.body_of = number;
  frame.holder_unit = holder;
  file_.candidates.push_back(candidate);
  current_ = number;
}

void Lowering::enter_node(TSNode node, TSSymbol symbol, const SymbolRule& rule, Role role, TSFieldId field) {
  note_structure(node, rule, role);
  const Frame& parent = frames_.back();
  Frame frame{&rule, symbol};
  frame.role = role == Role::body || role == Role::plain || role == Role::receiver ? Role::none : role;
  frame.statements = (rule.traits & trait_statements) != 0 || (rule.action == Action::fold && parent.statements);
  frame.node = parent.node;
  if ((rule.traits & trait_wrapper) != 0) frame.named_children = ts_node_named_child_count(node);
  if (parent.holder_unit && (rule.traits & trait_function_value) != 0) frame.body_of = parent.body_of;
  const auto flags = static_cast<std::uint8_t>(statement_flag(field) | (rule.sequence ? flag_sequence : 0));
  const bool holder = (rule.traits & trait_holder) != 0 && holds_function(node);
  bool unit = holder || (rule.traits & (trait_function | trait_type | trait_scope)) != 0;
  if ((rule.traits & trait_needs_body) != 0 && ts_node_is_null(ts_node_child_by_field_id(node, table_.body_field)))
    unit = false;
  if (unit) {
    open_unit(node, rule, frame, holder);
    if (frame.emitted) file_.nodes[frame.node].flags = flags;
  } else if (rule.action == Action::node) {
    frame.node = emit(rule.kind, flags, symbol, node);
    frame.emitted = true;
    if (rule.kind == NodeKind::other) file_.nodes[frame.node].symbol = file_.symbols.intern(table_.names[symbol]);
  }
  frames_.push_back(frame);
}

void Lowering::capture_token(TSSymbol symbol, const SymbolRule& rule) {
  const auto index = frames_.back().node;
  if (index == no_index) return;
  auto& node = file_.nodes[index];
  if (rule.token == TokenClass::operators && node.kind != NodeKind::binary && node.kind != NodeKind::unary &&
      node.kind != NodeKind::assignment && node.kind != NodeKind::other && node.kind != NodeKind::member)
    return;
  auto& token = token_symbols_[symbol];
  if (token == 0) token = file_.symbols.intern(table_.names[symbol]);
  if (node.symbol == 0) {
    node.symbol = token;
    return;
  }
  const auto before = file_.symbols.text(node.symbol);
  if (before.size() > max_joined_bytes) return;
  std::string joined(before);
  joined += ' ';
  joined += table_.names[symbol];
  node.symbol = file_.symbols.intern_owned(std::move(joined));
}

void Lowering::take_name(std::uint32_t index) {
  auto& candidate = file_.candidates[current_];
  candidate.name_node = index;
  if (candidate.name_start == no_index) candidate.name_start = file_.nodes[index].start;
  candidate.name_end = file_.nodes[index].end;
  const bool local =
      candidate.parent != no_index && file_.candidates[candidate.parent].type == Candidate::Type::function;
  file_.roles[index] = Role::name;
  file_.nodes[index].flags |= local ? flag_binder : flag_callee;
}

void Lowering::set_leaf_role(std::uint32_t index, Role role) {
  file_.roles[index] = role;
  auto& flags = file_.nodes[index].flags;
  switch (role) {
    case Role::callee:
    case Role::member:
    case Role::kept:
      flags |= flag_callee;
      break;
    case Role::binder:
      flags |= flag_binder;
      break;
    case Role::type:
      flags |= flag_type_name;
      break;
    default:
      break;
  }
}

void Lowering::leaf(TSNode node, const SymbolRule& rule, Role role, TSFieldId field) {
  note_structure(node, rule, role);
  const Frame& parent = frames_.back();
  const auto index = emit(rule.kind, statement_flag(field), ts_node_symbol(node), node);
  auto& made = file_.nodes[index];
  const auto content = text(made);
  made.symbol = intern_text(content);
  if (language_ == Language::bash && rule.kind == NodeKind::string && !content.empty()) {
    if (role == Role::callee || role == Role::name)
      made.kind = NodeKind::identifier;
    else if (content.front() == '-')
      made.kind = NodeKind::keyword;
  }
  if (is_literal(made.kind)) made.flags |= flag_literal;
  if (role == Role::name && current_ != no_index && file_.candidates[current_].name_node == no_index) {
    take_name(index);
    return;
  }
  if (rule.role == Role::local) {
    role = content == "$this" ? Role::kept : role == Role::binder ? Role::binder : Role::local;
  } else if (rule.role != Role::none) {
    role = rule.role;
  }
  if (made.kind != NodeKind::identifier && made.kind != NodeKind::type) return;
  if (role == Role::callee && parent.node != no_index && file_.nodes[parent.node].kind == NodeKind::call &&
      index != parent.node + 1)
    role = Role::member;  // `object.name(...)` in grammars whose call holds the object
  if (role == Role::binder) {
    const bool constant = language_ == Language::rust && !content.empty() && content[0] >= 'A' && content[0] <= 'Z';
    const bool field_name = current_ != no_index && file_.candidates[current_].type == Candidate::Type::type;
    if (constant || field_name) role = Role::kept;
  }
  if (role == Role::name) role = Role::kept;
  set_leaf_role(index, role);
}

void Lowering::close_string(NastNode& node) {
  const auto first = static_cast<std::size_t>(&node - file_.nodes.data()) + 1;
  const bool plain = std::all_of(file_.nodes.begin() + static_cast<std::ptrdiff_t>(first), file_.nodes.end(),
                                 [](const NastNode& child) { return child.kind == NodeKind::string; });
  if (!plain) return;
  node.symbol = intern_text(text(node));
  node.flags |= flag_literal;
  file_.nodes.resize(first);
  file_.roles.resize(first);
}

bool Lowering::is_docstring(const Frame& frame) const {
  if (language_ != Language::python || frame.rule->kind != NodeKind::expression_statement || frames_.size() < 3)
    return false;
  const Frame& block = frames_[frames_.size() - 2];
  const Frame& owner = frames_[frames_.size() - 3];
  return file_.nodes.size() == std::size_t{frame.node} + 2 && file_.nodes.back().kind == NodeKind::string &&
         frame.node == block.node + 1 && owner.body_of != no_index;
}

/// `require("x")` is a call, not a statement, in JavaScript and Ruby.
void Lowering::note_required_module(std::uint32_t call) {
  if (!calls_import_ || call + 1 >= file_.nodes.size()) return;
  const auto symbol = file_.nodes[call + 1].symbol;
  if (symbol == require_ || symbol == require_relative_)
    file_.imports.push_back({file_.nodes[call].start, file_.nodes[call].end});
}

void Lowering::close(bool without_children) {
  const Frame frame = frames_.back();
  if (frame.emitted) {
    auto& node = file_.nodes[frame.node];
    if (node.kind == NodeKind::string) close_string(node);
    auto& closed = file_.nodes[frame.node];
    closed.size = static_cast<std::uint32_t>(file_.nodes.size() - frame.node);
    const bool open_list = (closed.flags & flag_sequence) != 0;
    if (without_children && !open_list && closed.end > closed.start) closed.symbol = intern_text(text(closed));
    if (is_docstring(frame)) {
      file_.candidates[frames_[frames_.size() - 3].body_of].docstring = {closed.start, closed.end};
      file_.nodes.resize(frame.node);
      file_.roles.resize(frame.node);
    }
  }
  if (frame.emitted && frame.rule->kind == NodeKind::call) note_required_module(frame.node);
  if (frame.symbol == error_symbol) --error_depth_;
  if (frame.unit != no_index && !file_.candidates[frame.unit].lasting) current_ = file_.candidates[frame.unit].parent;
  frames_.pop_back();
}

}  // namespace

LoweredFile lower(const TSTree& tree, std::string_view source, Language language) {
  auto file = Lowering(tree, source, language).run();
  resolve_names(file);
  return file;
}

}  // namespace autodev::syntax
