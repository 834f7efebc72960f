// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Step rows: how often each step of behaviour stands in the traces of a language, whatever the type. A behaviour whose
// steps everybody takes says nothing (docs/mining.md), and that takes the counts of the whole language.
//
// Steps are counted in 16,384 cells by hash, in 64 rows of a language, as words are in the background (mine/background.h):
// steps that share a cell look more usual than they are, never less. Table "step": language and row number -> bytes of
// encode_background_row; row 64 has the count of all steps.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "base/kv.h"
#include "mine/background.h"

namespace autodev::knowledge {

namespace table {
inline constexpr base::Table step = "step";
}  // namespace table

/// Reads rows as they are needed. Keeps no transaction: rows read from another state would be mixed.
class StepReader {
 public:
  struct Count {
    std::uint64_t step = 0, all = 0;
  };
  /// Of one step, among all of the language. Cost: a search in a row, which is read first when it is new.
  [[nodiscard]] Result<Count> of(const base::KvRead& state, Language language, std::string_view step);

 protected:
  struct Row {
    std::map<std::uint16_t, std::uint32_t> counts;
    bool changed = false;
  };
  Result<Row*> row(const base::KvRead& state, const std::string& key);

  std::map<std::string, Row> rows_;  ///< by key
};

/// Counts steps; what was counted is in the state after flush().
class StepCounts : public StepReader {
 public:
  Result<void> count(const base::KvRead& state, Language language, const std::vector<std::string>& steps);
  Result<void> flush(base::KvWrite& state);
};

}  // namespace autodev::knowledge
