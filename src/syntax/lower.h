// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Lower: one parse tree of a whole file -> one normalised tree, with the places where units begin.
//
// The file is walked once with a tree cursor and never recursively, so nesting costs memory on the heap and
// nothing else. Units are cut out of the file's tree afterwards (units.h).
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "syntax/grammar.h"
#include "syntax/lowering.h"

namespace autodev::syntax {

inline constexpr std::uint32_t no_index = 0xffffffffu;

struct ByteRange {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};

/// A place where a unit, or a scope that is no unit, begins. In preorder.
struct Candidate {
  /// `implementation`: a scope whose functions are methods.
  enum class Type : std::uint8_t { function, type, scope, implementation };
  Type type = Type::function;
  bool lasting = false;             ///< a scope that lasts to the next one of its kind or the end of the file
  std::uint32_t node = 0;           ///< its root
  std::uint32_t parent = no_index;  ///< the candidate around it
  std::uint32_t name_node = no_index;
  std::uint32_t name_start = no_index;
  std::uint32_t name_end = 0;
  std::uint32_t qualifier_start = no_index;  ///< where a qualified name begins
  std::uint32_t body_node = no_index;
  std::uint32_t body_start = no_index;
  std::uint32_t receiver_node = no_index;
  ByteRange docstring;  ///< Python
};

/// Distinct texts, numbered from 1. Views point into the source, the grammar or `owned`.
class SymbolTable {
 public:
  SymbolTable();
  /// The number of `text`, which must outlive the table.
  std::uint32_t intern(std::string_view text);
  std::uint32_t intern_owned(std::string text);
  [[nodiscard]] std::string_view text(std::uint32_t symbol) const { return texts_[symbol - 1]; }
  [[nodiscard]] std::size_t size() const noexcept { return texts_.size(); }

 private:
  void grow();
  std::vector<std::string_view> texts_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> slots_;  ///< open addressing, 0 = free
  std::deque<std::string> owned_;
};

struct LoweredFile {
  std::vector<NastNode> nodes;  ///< byte ranges in the file
  std::vector<Role> roles;      ///< by node; meaningful for leaves
  SymbolTable symbols;
  std::vector<Candidate> candidates;
  std::vector<ByteRange> comments;
  std::vector<ByteRange> imports;
  std::uint64_t error_bytes = 0;
};

/// Lowers a tree of `source`. Cost: O(grammar nodes).
[[nodiscard]] LoweredFile lower(const TSTree& tree, std::string_view source, Language language);

/// Decides which plain names are local: those bound in the outermost function around them. Others keep their
/// name (flag_callee), so that `json.loads(x)` and `pickle.loads(x)` differ. Called by lower().
void resolve_names(LoweredFile& file);

}  // namespace autodev::syntax
