// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Background rows: the counts of mine/background.h in the state, language by language.
//
// A unit touches some fifty of a language's 130 rows. They are loaded when a tree first needs them and written once at
// the end of a transaction, so that a batch pays for them once. Each alpha digest is counted once: copies make no code
// more usual. Table "background": language and row number (two bytes) -> bytes of encode_background_row.
#pragma once

#include <map>

#include "base/kv.h"
#include "mine/background.h"

namespace autodev::knowledge {

/// Reads rows as they are needed. Keeps no transaction: rows read from another state would be mixed.
class BackgroundReader {
 public:
  /// The background with all rows that measuring `tree` needs. Valid until the next call.
  [[nodiscard]] Result<const mine::Background*> of(const base::KvRead& state, const syntax::Nast& tree);

 protected:
  struct Loaded {
    mine::Background counts;
    mine::Background::RowSet present, changed;
  };
  Result<Loaded*> load(const base::KvRead& state, const syntax::Nast& tree);

  std::map<Language, Loaded> languages_;
};

/// Counts trees; what was counted is in the state after flush().
class BackgroundWriter : public BackgroundReader {
 public:
  Result<void> count(const base::KvRead& state, const syntax::Nast& tree);
  Result<void> flush(base::KvWrite& state);
};

}  // namespace autodev::knowledge
