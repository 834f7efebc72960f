// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Extract: source text -> units with their trees.
//
// Only units that parsed without an error node are returned: nothing is learned from broken code. C and
// C++ sources are masked first (annotation macros and the inactive branches of #if are overwritten with
// blanks of equal length, so offsets stay valid).
//
// extract_units parses in this process and is for trusted input (tests, benches). ParserPool parses in
// a child with an address-space limit and a deadline: a hostile file kills the child, not us, and is
// reported as such.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "base/env.h"

namespace autodev::syntax {

/// Larger functions and types are counted and left out, as those of more than ExtractOptions::max_unit_nodes.
inline constexpr std::size_t max_unit_text_bytes = std::size_t{256} << 10;

struct ExtractOptions {
  bool functions = true;  ///< functions and methods
  bool types = true;
  bool blocks = true;  ///< compound statements inside functions
  std::uint32_t min_block_nodes = 20;
  std::uint32_t max_unit_nodes = 20'000;  ///< larger units are skipped and counted
  std::chrono::milliseconds deadline{2'000};
};

struct FileUnits {
  std::vector<CodeUnit> units;          ///< in source order, outer before inner
  std::uint32_t units_with_errors = 0;  ///< seen, but not returned
  std::uint32_t units_too_large = 0;    ///< functions and types; seen, but not returned
  std::uint64_t error_bytes = 0;  ///< bytes under error nodes
};

/// Largest file that is parsed at all: 1 MiB (256 KiB for C#, whose grammar grows quadratically).
[[nodiscard]] std::size_t max_source_bytes(Language language) noexcept;

/// Parses in this process. `bad_data`: too large, binary, or the deadline passed.
[[nodiscard]] Result<FileUnits> extract_units(std::string_view source, Language language, std::string_view path,
                                              const ExtractOptions& options = {});

/// Processor seconds by stage, summed over calls; for benches.
struct ExtractTimes {
  double mask = 0, parse = 0, lower = 0, cut = 0;
};
/// extract_units with its stages timed into `times`.
[[nodiscard]] Result<FileUnits> extract_units_timed(std::string_view source, Language language, std::string_view path,
                                                    const ExtractOptions& options, ExtractTimes& times);

/// Parses in a child process that is started on first use and restarted after a crash.
/// One pool per thread of use. Errors: `bad_data` for a poisonous file, `unavailable` when the worker
/// program cannot be started.
class ParserPool {
 public:
  /// `worker`: argument vector of the worker program (`auto-dev parse-worker`, hidden command).
  /// `address_space_bytes`: limit for the child; 0 = none (sanitizers reserve terabytes).
  ParserPool(base::Env& env, std::vector<std::string> worker, std::uint64_t address_space_bytes = 1u << 30);
  ~ParserPool();
  ParserPool(const ParserPool&) = delete;
  ParserPool& operator=(const ParserPool&) = delete;

  [[nodiscard]] Result<FileUnits> extract(std::string_view source, Language language, std::string_view path,
                                          const ExtractOptions& options = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The worker's main loop over stdin/stdout; returns the exit code.
int run_parse_worker();

}  // namespace autodev::syntax
