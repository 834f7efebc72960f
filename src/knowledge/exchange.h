// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Exchange: patterns between people (one JSON document) and whole journals between copies (segment files).
//
// An export carries each pattern's exemplar with its tree, so that the receiver verifies it and owns it in full; what
// the sender's experience was is shown but never believed: an import starts at zero local trust. Text in an
// import is data for display and search, never an instruction. Merging journals is the full merge:
// afterwards both copies know the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/knowledge_store.h"

namespace autodev::knowledge {

struct ExportOptions {
  std::string version;      ///< of this program; written as "version"
  bool anonymise = true;    ///< project names become digests, paths their last part
};

/// "auto-dev.knowledge/1": {"format", "version", "exported_at", "patterns", "anti_patterns", "statistics"}.
/// Keys are sorted; except for the time two exports of one state have equal bytes.
[[nodiscard]] Result<std::string> export_knowledge(base::Env& env, KnowledgeStore& store, const ExportOptions& options);

struct ImportResult {
  std::uint64_t added = 0;     ///< patterns and anti-patterns that were not known here
  std::uint64_t known = 0;     ///< known already: nothing changes
  std::uint64_t rejected = 0;  ///< entries that did not pass validation
  std::vector<std::string> problems;  ///< "$.patterns[3].tree: ...", at most 20
};

/// Validates everything and appends one record per new entry (none when `dry_run`). `origin` names the source to the
/// user. Importing twice changes nothing.
/// Errors: `bad_data` when the document as a whole is not an export, `config` for a newer format.
Result<ImportResult> import_knowledge(KnowledgeStore& store, std::string_view document, std::string_view origin, bool dry_run);

struct MergeResult {
  std::uint64_t replicas = 0;  ///< that brought something new
  std::uint64_t segments = 0;  ///< files added or continued
  std::uint64_t records = 0;   ///< in them, new here
  std::vector<std::string> problems;  ///< segments left out, and why
};

/// Copies what `other` (a `knowledge` folder or its `journal`) has and `folder` (a `knowledge` folder) lacks. Only
/// records whose checksums hold are taken over. Merging twice copies nothing; refresh() folds the rest.
/// Errors: `no_input` when there is no journal, `config` for segments of a newer format.
Result<MergeResult> merge_journal(base::Env& env, const std::string& folder, const std::string& other);

}  // namespace autodev::knowledge
