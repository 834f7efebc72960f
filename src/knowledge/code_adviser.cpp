// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See code_adviser.h.
#include "knowledge/code_adviser.h"

#include "knowledge/pattern_view.h"
#include "knowledge/state_rows.h"
#include "mine/template.h"

namespace autodev::knowledge {

/// A tree whose rows cannot be read weighs by its shape alone.
mine::FeatureBits CodeAdviser::bits() const {
  return [&state = state_, background = background_](const syntax::Nast& tree, const mine::PlacedFeatures& placed) {
    static const mine::Background nothing;
    const auto counts = background->of(state, tree);
    return mine::surprise_of_words(counts ? **counts : nothing, tree, placed);
  };
}

Result<CodeAdviser> CodeAdviser::of(const base::KvRead& state, const CodeUnit& unit) {
  AUTODEV_TRY_ASSIGN(const auto tree, syntax::decode_nast(unit.tree));
  if (tree.nodes.empty()) return fail(ErrorCode::bad_data, "the code has no tree to compare");
  CodeAdviser adviser(state, unit.language);
  adviser.common_.emplace(tree, adviser.bits());
  return adviser;
}

Result<std::optional<CodeAdvice>> CodeAdviser::advice(PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto row, load<PatternRow>(state_, table::pattern, key_of(id)));
  AUTODEV_TRY_ASSIGN(const auto bytes, state_.get(table::shape, key_of(id)));
  AUTODEV_TRY_ASSIGN(const auto leader, view_leading_unit(state_, id));
  if (!row || !bytes || !leader || leader->language != language_) return std::nullopt;
  AUTODEV_TRY_ASSIGN(const mine::Template shape, mine::decode_template(*bytes));
  AUTODEV_TRY_ASSIGN(const auto tree, syntax::decode_nast(leader->tree));
  CodeAdvice made;
  made.similarity = common_->share(tree).similarity;
  made.overlap = common_->overlap(tree, leader->text);
  if (row->evidence.instances > 1) made.missing = common_->missing(shape);
  return std::optional<CodeAdvice>(std::move(made));
}

}  // namespace autodev::knowledge
