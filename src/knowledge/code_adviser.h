// SPDX-License-Identifier: MIT OR Apache-2.0
//
// CodeAdviser: compares a piece of code with stored patterns (mine/common_code.h). Features weigh what their words tell
// under the grammar background of the state.
#pragma once

#include <memory>
#include <optional>

#include "knowledge/background_rows.h"
#include "knowledge/code_advice.h"
#include "mine/common_code.h"

namespace autodev::knowledge {

/// Uses one view of the state, which has to outlive it.
class CodeAdviser {
 public:
  /// Errors: `bad_data` for a unit without a readable tree. Cost: O(nodes), and the unit's background rows.
  [[nodiscard]] static Result<CodeAdviser> of(const base::KvRead& state, const CodeUnit& unit);

  /// Absent for unknown patterns, those of another language, and those that have no template. Cost: O(nodes of the
  /// pattern); below a millisecond.
  [[nodiscard]] Result<std::optional<CodeAdvice>> advice(PatternId id);

 private:
  CodeAdviser(const base::KvRead& state, Language language) : state_(state), language_(language) {}
  [[nodiscard]] mine::FeatureBits bits() const;

  const base::KvRead& state_;
  Language language_;
  std::shared_ptr<BackgroundReader> background_ = std::make_shared<BackgroundReader>();
  std::optional<mine::CommonCode> common_;
};

}  // namespace autodev::knowledge
