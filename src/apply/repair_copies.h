// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Copies: one C or C++ source that holds many variants of a program side by side.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "apply/repair_runner.h"
#include "apply/repair_sites.h"

namespace autodev::apply {

class ProgramCopies {
 public:
  explicit ProgramCopies(const RepairProgram& program);

  /// Source with all variants, and for each and test code (`codes` empty: no test code) an entry point in the table. Variants that fit
  /// share one copy when `share` is set, the others get one each. Line marks name variants `m<number>`.
  [[nodiscard]] std::string source(const std::vector<const std::vector<RepairEdit>*>& variants, const std::vector<std::string>& codes, bool share) const;
  /// Bytes that a variant adds to the source.
  [[nodiscard]] std::size_t cost(const std::vector<RepairEdit>& variant) const;

 private:
  struct Item {
    std::size_t start = 0, end = 0;
    bool shared = false;     ///< stays as it is in all copies unless edited
    bool include = false;
    std::string macro;       ///< name of a #define
  };
  void c_copy(const std::vector<RepairEdit>& edits, const std::string& mark, std::size_t number, const std::string& code, std::string& out) const;
  void cpp_copy(const std::vector<RepairEdit>& edits, const std::string& mark, std::size_t number, const std::string& code, std::string& out) const;

  const RepairProgram& program_;
  RepairSites sites_;
  std::vector<Item> items_;
  std::set<std::string> functions_, globals_;  ///< names to be renamed
  std::string head_;                           ///< headers and shared items
};

}  // namespace autodev::apply
