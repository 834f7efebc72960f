// SPDX-License-Identifier: MIT OR Apache-2.0
//
// parse_event_json must answer every input with an event or an error, and an accepted event must survive printing.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "observe/commit_message.h"
#include "observe/event_json.h"
#include "observe/git_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto event = autodev::observe::parse_event_json(text, "fuzz.json")) {
    const auto again = autodev::observe::parse_event_json(autodev::observe::print_event_json(*event), "printed.json");
    if (!again || *again != *event) std::abort();
  }
  // The same bytes as a commit's message and as a line of its diff.
  if (autodev::observe::read_commit_message(text).text.size() > 65'536) std::abort();
  static_cast<void>(autodev::observe::parse_raw_line(text));
  return 0;
}
