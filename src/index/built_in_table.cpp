// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The built-in embedder's table as part of the program: the file is put into the read-only data by the assembler, so that it costs
// neither time to compile nor time to load.
#include <cstddef>
#include <string_view>

#include "index/static_table.h"

__asm__(
    ".pushsection .rodata\n"
    ".balign 64\n"
    "autodev_embedder_table:\n"
    ".incbin \"" AUTODEV_EMBEDDER_TABLE
    "\"\n"
    "autodev_embedder_table_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" {
extern const char autodev_embedder_table[] __attribute__((visibility("hidden")));
extern const char autodev_embedder_table_end[] __attribute__((visibility("hidden")));
}

namespace autodev::index {

std::string_view built_in_table() noexcept {
  return {autodev_embedder_table, static_cast<std::size_t>(autodev_embedder_table_end - autodev_embedder_table)};
}

}  // namespace autodev::index
