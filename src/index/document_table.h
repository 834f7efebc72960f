// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Which document has which number, both ways round.
//
//   doc    block (4 bytes, BE)   -> of 169 documents: pattern id (16 bytes), fingerprint (8); a page of the store with
//   the checksum docid  bucket (2 bytes, BE)  -> of the ids that begin with these 13 bits: their last two bytes and the
//   number (4), sorted
//
// A document costs 24 bytes there and 6 here, whatever its length: what words it had is not kept beside them, since
// erasing finds that out from the postings of its block (postings.h). Zeros stand for a document that was erased.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "autodev/ids.h"
#include "base/kv.h"
#include "index/index_format.h"

namespace autodev::index {

/// Of all indexed fields; an equal document is not written again. Never 0.
using Fingerprint = std::uint64_t;

/// A document as the table knows it.
struct DocumentEntry {
  std::uint32_t number = 0;
  PatternId id;
  Fingerprint fingerprint = 0;
};

/// The id of a number. Errors: `bad_data` where there is none, or where the block was altered.
[[nodiscard]] Result<PatternId> id_of(const base::KvRead& state, std::uint32_t number);
/// All living documents, by number.
[[nodiscard]] Result<std::vector<DocumentEntry>> all_documents(const base::KvRead& state);

/// Reads and writes; what is touched waits in memory until apply().
class DocumentTable {
 public:
  explicit DocumentTable(base::KvWrite& state) : state_(state) {}
  /// Absent: not indexed. Errors: `bad_data`.
  [[nodiscard]] Result<std::optional<DocumentEntry>> find(const PatternId& id);
  /// Adds a document, or gives a known one a new fingerprint.
  [[nodiscard]] Result<void> set(const DocumentEntry& entry);
  [[nodiscard]] Result<void> remove(const DocumentEntry& entry);
  [[nodiscard]] Result<void> apply();

 private:
  using Blocks = std::map<std::uint32_t, std::string>;
  [[nodiscard]] Result<std::string*> block(std::uint32_t number);
  [[nodiscard]] Result<std::string*> bucket(const PatternId& id);
  base::KvWrite& state_;
  Blocks blocks_, buckets_;  ///< without checksums
};

}  // namespace autodev::index
