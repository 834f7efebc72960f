// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Precompiled: the standard headers of C++ programs, read by the compiler once per machine instead of once per run.
//
// Half of the time of compiling a small program goes into <string> and <vector>. Programs of one project begin with the same list, so
// what the compiler makes of a list is kept, like Go's compiled library, and runs see it read-only. Only names of standard headers count,
// and exactly those of the program are in front of it: what compiles with the kept form compiles without it, and the other way round.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "base/env.h"

namespace autodev::apply {

/// A C++ source in two parts.
struct HeaderBlock {
  std::vector<std::string> headers;  ///< standard ones that the source begins with, sorted, each once
  std::string rest;                  ///< the source with those lines empty, so that line numbers stay
};

/// Reads `#include <...>` of standard headers up to the first line that is anything else but blank or a line comment.
[[nodiscard]] HeaderBlock leading_headers(std::string_view source);

class PrecompiledHeaders {
 public:
  /// `folder`: absolute, there; `compiler`: the command up to its options, which decide what fits.
  PrecompiledHeaders(base::Env& env, std::string folder, std::vector<std::string> compiler);

  /// Path of a header that includes `headers` and whose compiled form is there; empty when there is none (yet). A list that this process
  /// asks for the second time is compiled, the oldest beyond eight are removed. Cost: half a second once per list and machine.
  [[nodiscard]] std::string header_for(const std::vector<std::string>& headers);

 private:
  [[nodiscard]] bool build(const std::string& header);
  void make_room();

  base::Env& env_;
  std::string folder_;
  std::vector<std::string> compiler_;
  struct Known {
    std::string header;
    std::size_t asked = 0;
    bool ready = false, failed = false;
  };
  std::map<std::string, Known> known_;  ///< by the text of the header
};

/// Folder below the user's cache for what `compiler` makes of headers, made where it is absent; empty when there is no cache.
[[nodiscard]] std::string precompiled_folder(base::Env& env, const std::string& compiler);

}  // namespace autodev::apply
