// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The words of a pattern: its name, its sentence, and what of specifications it remembers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "index/search_index.h"
#include "knowledge/state_rows.h"
#include "syntax/nast.h"

namespace autodev::knowledge {

/// A unit's name; for a block what it is and what it calls: "loop: read, append".
[[nodiscard]] std::string base_name_of(const CodeUnit& unit, const syntax::Nast& tree);
/// First sentence of the documentation, else kind, language and signature.
[[nodiscard]] std::string description_of(const CodeUnit& unit, std::string_view name);
/// The words of the leading name that at least half of the instances share, else the leading name.
[[nodiscard]] std::string name_of(const PatternRow& row);
/// Modules by how many instances import them, at most 16.
[[nodiscard]] std::vector<std::string> frameworks_of(const PatternRow& row);

/// Distinct lower-case words of a text that are no stop words, in order, at most 64.
[[nodiscard]] std::vector<std::string> specification_words(std::string_view text);
/// Adds words that `known` (words separated by blanks) lacks, up to 2 KiB; true when something was added.
bool add_words(std::string& known, const std::vector<std::string>& words);
/// Counts the words of an instance's name.
void count_name_words(PatternRow& row, const CodeUnit& unit);

/// What the pattern of a row generalises: patterns of blocks are idioms.
[[nodiscard]] PatternKind pattern_kind_of(const PatternRow& row) noexcept;
[[nodiscard]] index::Document document_of(PatternId id, const PatternRow& row, const CodeUnit& leader);

}  // namespace autodev::knowledge
