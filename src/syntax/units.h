// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Units: functions, methods, types and blocks cut out of a lowered file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syntax/extract.h"
#include "syntax/lower.h"

namespace autodev::syntax {

/// Cuts all units out of `file`, which was lowered from `source` or from an equally long masked copy of it.
/// A type's tree holds its members without their bodies; its text keeps them.
[[nodiscard]] FileUnits cut_units(const LoweredFile& file, std::string_view source, Language language,
                                  std::string_view path, const ExtractOptions& options);

/// "a::b" path of the scopes around a candidate, its own qualifier (`A::f`, receiver) included.
[[nodiscard]] std::string scope_of(const LoweredFile& file, std::string_view source, std::uint32_t candidate);
/// The path for something inside the candidate: its scope and its name.
[[nodiscard]] std::string scope_inside(const LoweredFile& file, std::string_view source, std::uint32_t candidate);

/// The comment lines directly above `start`, or the docstring; markers stripped, at most 2 KiB.
[[nodiscard]] std::string doc_comment(const LoweredFile& file, std::string_view source, std::uint32_t start,
                                      ByteRange docstring);

/// Modules named by the file's import statements, sorted, unique, at most 32.
[[nodiscard]] std::vector<std::string> imported_modules(const LoweredFile& file, std::string_view source,
                                                        Language language);

/// Copies [root, root + size) of the file's nodes into a tree of its own; `pruned` lists node ranges to leave out.
class TreeCutter {
 public:
  explicit TreeCutter(const LoweredFile& file) : file_(file), remap_(file.symbols.size() + 1) {}

  struct NodeRange {
    std::uint32_t begin = 0, end = 0;
  };
  /// `unit`: the candidate whose name is the unit's own; no_index for blocks. `pruned`: in order, disjoint.
  [[nodiscard]] Nast cut(std::uint32_t root, std::uint32_t unit, const std::vector<NodeRange>& pruned,
                         Language language);

 private:
  [[nodiscard]] std::uint8_t flags_in_unit(std::uint32_t index, std::uint32_t name_node) const;
  std::uint32_t local_symbol(std::uint32_t symbol, Nast& tree);

  const LoweredFile& file_;
  std::vector<std::uint32_t> remap_;  ///< file symbol -> symbol of the tree being cut
  std::vector<std::uint32_t> touched_;
};

}  // namespace autodev::syntax
