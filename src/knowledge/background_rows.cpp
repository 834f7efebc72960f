// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See background_rows.h.
#include "knowledge/background_rows.h"

#include "knowledge/state_rows.h"

namespace autodev::knowledge {
namespace {

std::string row_key(Language language, std::size_t row) {
  return {static_cast<char>(language), static_cast<char>(static_cast<std::uint8_t>(row))};
}

}  // namespace

Result<BackgroundReader::Loaded*> BackgroundReader::load(const base::KvRead& state, const syntax::Nast& tree) {
  Loaded& language = languages_[tree.language];
  const auto wanted = mine::Background::rows_of(tree) & ~language.present;
  for (std::size_t row = 0; row < mine::Background::row_count; ++row) {
    if (!wanted.test(row)) continue;
    AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::background, row_key(tree.language, row)));
    if (bytes) {
      AUTODEV_TRY_ASSIGN(auto counts, mine::decode_background_row(*bytes));
      language.counts.set_row(row, std::move(counts));
    }
    language.present.set(row);
  }
  return &language;
}

Result<const mine::Background*> BackgroundReader::of(const base::KvRead& state, const syntax::Nast& tree) {
  AUTODEV_TRY_ASSIGN(const Loaded* language, load(state, tree));
  return &language->counts;
}

Result<void> BackgroundWriter::count(const base::KvRead& state, const syntax::Nast& tree) {
  AUTODEV_TRY_ASSIGN(Loaded * language, load(state, tree));
  language->counts.count(tree);
  language->changed |= mine::Background::rows_of(tree);
  return {};
}

Result<void> BackgroundWriter::flush(base::KvWrite& state) {
  for (auto& [name, language] : languages_) {
    for (std::size_t row = 0; row < mine::Background::row_count; ++row)
      if (language.changed.test(row) && !language.counts.row(row).empty())
        AUTODEV_TRY(
            state.put(table::background, row_key(name, row), mine::encode_background_row(language.counts.row(row))));
    language.changed.reset();
  }
  return {};
}

}  // namespace autodev::knowledge
