// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Task: one item of a task stream (JSON Lines), the unit of every honest measurement here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"

namespace autodev::apply {

enum class Judge : std::uint8_t { tests, equal, alpha_equal };

/// What an arm may see of a task. The reference and the hidden tests are not here by construction.
struct VisibleTask {
  std::string id, stream, stratum, spec, signature, context, tests;
  Language language = Language::unknown;
  double timeout_s = 10;
};

struct Task {
  VisibleTask visible;
  std::string reference;
  std::string hidden_tests;
  Judge judge = Judge::tests;
};

/// Parses JSON Lines; errors name line and JSON path. Limits: 1 MiB a line, 100,000 tasks.
[[nodiscard]] Result<std::vector<Task>> parse_tasks(std::string_view text, std::string_view what);

/// The corpus built into the program.
[[nodiscard]] std::string_view builtin_tasks();

}  // namespace autodev::apply
