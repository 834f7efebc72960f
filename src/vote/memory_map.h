// SPDX-License-Identifier: MIT OR Apache-2.0
//
// MapMemory: rows of decisions in memory, for measurements and tests.
#pragma once

#include <string>
#include <unordered_map>

#include "vote/rows.h"

namespace autodev::vote {

class MapMemory final : public Memory {
 public:
  [[nodiscard]] Result<std::optional<std::string_view>> get(std::string_view key) const override {
    const auto found = rows_.find(std::string(key));
    return found == rows_.end() ? std::optional<std::string_view>() : std::optional<std::string_view>(found->second);
  }
  Result<void> put(std::string_view key, std::string_view value) override {
    rows_[std::string(key)] = value;
    return {};
  }

 private:
  std::unordered_map<std::string, std::string> rows_;  // never iterated
};

}  // namespace autodev::vote
