// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Exchange: knowledge as one JSON document that other people and machines can read.
//
// An export ("auto-dev.knowledge/1", docs/storage-format.md) carries every pattern and anti-pattern with its leading
// unit, and counts as statistics. An import trusts nothing: sizes, fields and trees are checked, digests are
// computed from the trees again, and what arrives starts with zero local evidence. Importing twice is importing once.
// Merging two stores in full, evidence included, is copying their journal segments: merge_journal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "autodev/learning_system.h"
#include "base/env.h"
#include "knowledge/knowledge_store.h"

namespace autodev::knowledge {

inline constexpr std::string_view exchange_format = "auto-dev.knowledge/1";
inline constexpr std::uint64_t max_import_bytes = std::uint64_t{256} << 20;

struct ExportOptions {
  std::string program_version;
  Timestamp exported_at{};
  bool anonymise = true;  ///< project names become digests, folders of paths are dropped
};

/// All patterns and anti-patterns in canonical order; the same state gives the same bytes.
[[nodiscard]] Result<std::string> export_knowledge(KnowledgeStore& store, const ExportOptions& options);

/// What an export document holds for a store.
struct ImportPlan {
  std::vector<Payload> payloads;  ///< one ImportedPattern for each that is new here
  ImportReport report;
};

/// Checks `document` against `store`. Errors: `bad_data` (not an export, damaged), `config` (a newer format).
/// Single bad entries do not fail the rest: they are counted as rejected, with their JSON path.
[[nodiscard]] Result<ImportPlan> plan_import(KnowledgeStore& store, std::string_view document, std::string_view origin);

/// Copies the segments of other replicas from another store's journal folder; returns how many were copied or
/// grew. A replica's longer segment replaces its shorter one only when it begins with the same bytes.
Result<std::uint64_t> merge_journal(base::Env& env, const std::string& from_journal, const std::string& into_journal);

}  // namespace autodev::knowledge
