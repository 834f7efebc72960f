// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Mining bench: what a mining library costs and finds on folders of real source.
//
// Files are parsed by workers in order and their functions added one by one, as they would come in; each addition is
// timed by itself in processor time of its thread. At growing prefixes memory, cost per function and structural queries
// are measured, at the end clusters are settled. See docs/mining.md.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/source_projects.h"
#include "base/json.h"
#include "mine/mining_library.h"

namespace autodev::app {

struct MiningBenchOptions {
  ParseSettings parse;
  std::uint64_t max_functions = UINT64_MAX;
  std::vector<std::uint64_t> prefixes = {10'000, 100'000, 500'000, 1'000'000};  ///< ascending
  bool at_once = false;  ///< functions are kept first and placed by settling alone; no rows of updates and prefixes
  std::uint32_t queries = 2'000;                                                ///< per prefix, spread over the units
  std::uint64_t floor_bytes = 32 << 20;  ///< of files parsed again by the grammars alone
  std::function<void(std::uint64_t functions)> on_progress;
  std::function<bool()> stop;
};

/// Fills `library` and returns the rows of speed and scale: one object as printed by `learn bench mining`, without
/// "bench" and the rows of quality. The library is settled.
[[nodiscard]] Result<base::Json> bench_mining(base::Env& env, const std::vector<SourceProject>& projects,
                                              const MiningBenchOptions& options, mine::MiningLibrary& library);

}  // namespace autodev::app
