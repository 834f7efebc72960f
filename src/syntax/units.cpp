// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Which parts of a lowered file are units, and everything a unit carries.
//
// Functions and types come from the candidates of the walk; blocks are compound statements inside functions.
// All are cut in source order, outer before inner, which is preorder.
#include "syntax/units.h"

#include <algorithm>

#include "base/text.h"

namespace autodev::syntax {
namespace {

constexpr std::size_t max_signature_bytes = 1024;
constexpr std::size_t max_name_bytes = 256;
/// Nested units repeat each other's text and nodes. Real files stay below 6 times their own size (measured on
/// Python's library with blocks); deeper nesting than this is hostile or generated.
constexpr std::uint64_t max_repetition = 24;

bool is_block_kind(NodeKind kind) noexcept {
  return kind == NodeKind::loop || kind == NodeKind::if_statement || kind == NodeKind::switch_statement ||
         kind == NodeKind::try_statement || kind == NodeKind::with_statement;
}

class UnitCutter {
 public:
  UnitCutter(const LoweredFile& file, std::string_view source, Language language, std::string_view path,
             const ExtractOptions& options)
      : file_(file), source_(source), language_(language), path_(path), options_(options), cutter_(file) {}

  FileUnits run();

 private:
  /// A candidate, or with `candidate` = the function around it, a block.
  struct Place {
    std::uint32_t node = 0;
    std::uint32_t candidate = no_index;
    bool block = false;
  };

  [[nodiscard]] std::vector<Place> places() const;
  void add_blocks(std::vector<Place>& places) const;
  [[nodiscard]] bool wanted(const Candidate& candidate) const;
  [[nodiscard]] bool has_error(const NastNode& node, std::uint32_t index) const;
  void index_lines_and_errors();
  void add(const Place& place);
  [[nodiscard]] UnitKind kind_of(const Candidate& candidate, const std::string& scope) const;
  [[nodiscard]] std::vector<TreeCutter::NodeRange> member_bodies(std::uint32_t number) const;
  void fill_names(const Place& place, CodeUnit& unit) const;
  [[nodiscard]] std::string signature(std::uint32_t start, std::uint32_t end) const;
  [[nodiscard]] std::uint32_t line_of(std::uint32_t offset) const;

  const LoweredFile& file_;
  std::string_view source_;
  Language language_;
  std::string_view path_;
  const ExtractOptions& options_;
  TreeCutter cutter_;
  std::vector<std::uint32_t> line_starts_;
  std::vector<std::uint32_t> errors_;  ///< indices of error nodes, ascending
  std::vector<std::string> imports_;
  std::uint64_t nodes_left_ = 0, bytes_left_ = 0;  ///< work that may still be done
  FileUnits result_;
};

void UnitCutter::index_lines_and_errors() {
  line_starts_.push_back(0);
  for (auto at = source_.find('\n'); at != std::string_view::npos; at = source_.find('\n', at + 1))
    line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
  if (file_.error_bytes == 0 && std::none_of(file_.nodes.begin(), file_.nodes.end(),
                                             [](const NastNode& node) { return node.kind == NodeKind::error; }))
    return;
  for (std::uint32_t index = 0; index < file_.nodes.size(); ++index)
    if (file_.nodes[index].kind == NodeKind::error) errors_.push_back(index);
}

bool UnitCutter::has_error(const NastNode& node, std::uint32_t index) const {
  const auto first = std::lower_bound(errors_.begin(), errors_.end(), index);
  return first != errors_.end() && *first < index + node.size;
}

std::uint32_t UnitCutter::line_of(std::uint32_t offset) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return static_cast<std::uint32_t>(after - line_starts_.begin());
}

bool UnitCutter::wanted(const Candidate& candidate) const {
  const bool function = candidate.type == Candidate::Type::function;
  if ((!function && candidate.type != Candidate::Type::type) || candidate.name_node == no_index) return false;
  const bool may_be_empty = function && language_ == Language::ruby;
  if (candidate.body_node == no_index && !may_be_empty) return false;
  return function ? options_.functions : options_.types;
}

void UnitCutter::add_blocks(std::vector<Place>& places) const {
  std::size_t next = 0;
  std::vector<std::uint32_t> around;  // open candidates
  for (std::uint32_t index = 0; index < file_.nodes.size(); ++index) {
    while (!around.empty()) {
      const auto root = file_.candidates[around.back()].node;
      if (index < root + file_.nodes[root].size) break;
      around.pop_back();
    }
    for (; next < file_.candidates.size() && file_.candidates[next].node <= index; ++next)
      around.push_back(static_cast<std::uint32_t>(next));
    const auto& node = file_.nodes[index];
    if (!is_block_kind(node.kind) || node.size < options_.min_block_nodes || around.empty()) continue;
    const bool statement = (node.flags & flag_statement) != 0 ||
                           (index > 0 && file_.nodes[index - 1].kind == NodeKind::expression_statement);
    if (statement && file_.candidates[around.back()].type == Candidate::Type::function)
      places.push_back({index, around.back(), true});
  }
}

std::vector<UnitCutter::Place> UnitCutter::places() const {
  std::vector<Place> found;
  for (std::uint32_t number = 0; number < file_.candidates.size(); ++number)
    if (wanted(file_.candidates[number])) found.push_back({file_.candidates[number].node, number, false});
  if (options_.blocks) add_blocks(found);
  std::stable_sort(found.begin(), found.end(), [](const Place& a, const Place& b) { return a.node < b.node; });
  return found;
}

std::vector<TreeCutter::NodeRange> UnitCutter::member_bodies(std::uint32_t number) const {
  std::vector<TreeCutter::NodeRange> bodies;
  const auto root = file_.candidates[number].node;
  const auto end = root + file_.nodes[root].size;
  std::uint32_t done = root;
  for (auto inner = number + 1; inner < file_.candidates.size() && file_.candidates[inner].node < end; ++inner) {
    const auto& candidate = file_.candidates[inner];
    if (candidate.type != Candidate::Type::function || candidate.body_node == no_index || candidate.body_node < done)
      continue;
    done = candidate.body_node + file_.nodes[candidate.body_node].size;
    bodies.push_back({candidate.body_node, done});
  }
  return bodies;
}

UnitKind UnitCutter::kind_of(const Candidate& candidate, const std::string& scope) const {
  if (candidate.type == Candidate::Type::type) return UnitKind::type;
  if (candidate.receiver_node != no_index) return UnitKind::method;
  if (candidate.parent == no_index) return scope.empty() ? UnitKind::function : UnitKind::method;
  const auto around = file_.candidates[candidate.parent].type;
  if (around == Candidate::Type::type || around == Candidate::Type::implementation) return UnitKind::method;
  const bool qualified =
      candidate.qualifier_start != no_index && scope_inside(file_, source_, candidate.parent) != scope;
  return qualified ? UnitKind::method : UnitKind::function;
}

std::string UnitCutter::signature(std::uint32_t start, std::uint32_t end) const {
  // Folding needs at most as much text as white space may hide; 8 KiB bounds the work on a hostile header.
  auto text = source_.substr(start, std::min<std::uint32_t>(end - start, 8192));
  std::string folded = base::fold_whitespace(text);
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view tail : {"=>", "{", ":", "="})
      if (folded.ends_with(tail)) {
        folded.resize(folded.size() - tail.size());
        while (folded.ends_with(' ')) folded.pop_back();
        again = true;
      }
  }
  return base::repair_utf8(base::clip_utf8(folded, max_signature_bytes));
}

void UnitCutter::fill_names(const Place& place, CodeUnit& unit) const {
  const auto& candidate = file_.candidates[place.candidate];
  const auto& root = file_.nodes[place.node];
  if (place.block) {
    unit.kind = UnitKind::block;
    unit.scope = scope_inside(file_, source_, place.candidate);
    return;
  }
  unit.scope = scope_of(file_, source_, place.candidate);
  unit.kind = kind_of(candidate, unit.scope);
  const auto name = source_.substr(candidate.name_start, candidate.name_end - candidate.name_start);
  unit.name = base::repair_utf8(base::clip_utf8(base::fold_whitespace(name), max_name_bytes));
  const auto end = candidate.body_start == no_index ? root.end : candidate.body_start;
  unit.signature = signature(root.start, std::max(end, root.start));
  unit.doc = doc_comment(file_, source_, root.start, candidate.docstring);
}

void UnitCutter::add(const Place& place) {
  const auto& root = file_.nodes[place.node];
  if (!errors_.empty() && has_error(root, place.node)) {
    if (!place.block) ++result_.units_with_errors;
    return;
  }
  const std::uint64_t unit_bytes = root.end - root.start;
  if (nodes_left_ < root.size) {
    ++result_.units_too_large;
    return;
  }
  nodes_left_ -= root.size;
  std::vector<TreeCutter::NodeRange> pruned;
  if (!place.block && file_.candidates[place.candidate].type == Candidate::Type::type)
    pruned = member_bodies(place.candidate);
  std::uint32_t size = root.size;
  for (const auto& range : pruned) size -= range.end - range.begin;
  if (size > options_.max_unit_nodes || unit_bytes > max_unit_text_bytes || bytes_left_ < unit_bytes) {
    if (!place.block) ++result_.units_too_large;
    return;
  }
  bytes_left_ -= unit_bytes;
  CodeUnit unit;
  unit.language = language_;
  unit.path = path_;
  fill_names(place, unit);
  unit.imports = imports_;
  unit.text = source_.substr(root.start, root.end - root.start);
  unit.first_line = line_of(root.start);
  unit.last_line = line_of(root.end > root.start ? root.end - 1 : root.end);
  const auto tree = cutter_.cut(place.node, place.block ? no_index : place.candidate, pruned, language_);
  const auto digests = digest_tree(tree);
  unit.nodes = static_cast<std::uint32_t>(tree.nodes.size());
  unit.exact = digests.exact;
  unit.alpha = digests.alpha;
  unit.fingerprint = digests.fingerprint;
  unit.tree = encode_nast(tree);
  result_.units.push_back(std::move(unit));
}

FileUnits UnitCutter::run() {
  index_lines_and_errors();
  nodes_left_ = file_.nodes.size() * max_repetition;
  bytes_left_ = source_.size() * max_repetition;
  result_.error_bytes = file_.error_bytes;
  imports_ = imported_modules(file_, source_, language_);
  for (const auto& place : places()) add(place);
  return std::move(result_);
}

}  // namespace

FileUnits cut_units(const LoweredFile& file, std::string_view source, Language language, std::string_view path,
                    const ExtractOptions& options) {
  return UnitCutter(file, source, language, path, options).run();
}

}  // namespace autodev::syntax
