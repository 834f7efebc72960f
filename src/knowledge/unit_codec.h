// SPDX-License-Identifier: MIT OR Apache-2.0
//
// CodeUnit <-> CBOR: the part of a payload that events, imports and the folded state share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "autodev/code.h"
#include "autodev/error.h"
#include "knowledge/cbor.h"

namespace autodev::knowledge {

/// Documented limits of CodeUnit. A tree of 20,000 nodes, the extractor's largest, takes less than 512 KiB.
inline constexpr std::size_t max_unit_text_bytes = std::size_t{256} << 10;
inline constexpr std::size_t max_unit_tree_bytes = std::size_t{2} << 20;
inline constexpr std::size_t max_unit_doc_bytes = 2048;
inline constexpr std::size_t max_unit_imports = 32;
/// Names, paths and other short texts; signatures of generated code are the longest seen (about 10 KiB).
inline constexpr std::size_t max_name_bytes = std::size_t{16} << 10;

/// Within the limits that cannot be clipped.
[[nodiscard]] bool fits_journal(const CodeUnit& unit) noexcept;

void write_unit(CborWriter& writer, const CodeUnit& unit);
/// Marks the reader as failed for anything write_unit does not write.
[[nodiscard]] CodeUnit read_unit(CborReader& reader);

/// One unit alone, for the rows of the state.
[[nodiscard]] std::string encode_unit(const CodeUnit& unit);
[[nodiscard]] Result<CodeUnit> decode_unit(std::string_view bytes);

void write_digest(CborWriter& writer, const Digest& digest);
[[nodiscard]] Digest read_digest(CborReader& reader);

}  // namespace autodev::knowledge
