// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fuzz target: hostile s-expressions, one a line. What is read is written so that it reads the same; what a library of
// abstractions makes of it expands to it again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "mine/compression.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev::mine;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> programs;
  for (std::size_t start = 0; start < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', start), bytes.size());
    programs.emplace_back(bytes.substr(start, end - start));
    start = end + 1;
  }
  std::vector<std::string> readable;
  for (const std::string& text : programs) {
    TermBank bank;
    const auto term = bank.parse(text);
    if (!term) continue;
    const auto again = bank.parse(bank.text(*term));
    if (!again || *again != *term) std::abort();
    readable.push_back(text);
  }
  const auto report = compress(readable, {2, 3, 200});
  if (!report || !report->faithful || report->final_cost > report->original_cost) std::abort();
  return 0;
}
