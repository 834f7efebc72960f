// SPDX-License-Identifier: MIT OR Apache-2.0
//
// parse_junit must answer every input with a report or an error, and what it accepts must be within its caps.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evidence/evidence.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto report = autodev::evidence::parse_junit(text, "fuzz.xml")) {
    if (report->failures.size() > 256 || report->failures.size() > report->failed) std::abort();
    for (const auto& failure : report->failures)
      if (failure.message.size() > 4'096) std::abort();
  }
  // The same bytes as a command: classification must end, too.
  static_cast<void>(autodev::evidence::classify_shell(text));
  return 0;
}
