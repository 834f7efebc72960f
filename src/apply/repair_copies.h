// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Copies: one C or C++ source that holds many variants of a program side by side.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "apply/repair_runner.h"

namespace autodev::apply {

class ProgramCopies {
 public:
  explicit ProgramCopies(const RepairProgram& program);

  /// Source with one copy per variant and test code (`codes` empty: no test code), and the table of their entry points. Line
  /// marks name each copy `m<number>`.
  [[nodiscard]] std::string source(const std::vector<const std::vector<RepairEdit>*>& variants, const std::vector<std::string>& codes) const;

 private:
  struct Item {
    std::size_t start = 0, end = 0;
    bool shared = false;     ///< stays as it is in all copies unless edited
    bool include = false;
    std::string macro;       ///< name of a #define
  };
  void c_copy(const std::vector<RepairEdit>& edits, std::size_t number, const std::string& code, std::string& out) const;
  void cpp_copy(const std::vector<RepairEdit>& edits, std::size_t number, const std::string& code, std::string& out) const;

  const RepairProgram& program_;
  std::vector<Item> items_;
  std::set<std::string> functions_, globals_;  ///< names to be renamed
  std::string head_;                           ///< headers and shared items
};

}  // namespace autodev::apply
