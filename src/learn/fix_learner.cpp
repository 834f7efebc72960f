// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a fix changed: the edit patterns between code that failed under execution and what passed in its place.
//
// Only executed pairs teach: what a history calls a fix was never seen to fail. Types and blocks are contained in
// functions, or contain them.
#include "learn/learner.h"
#include "mine/edit_match.h"
#include "syntax/nast.h"

namespace autodev::learn {

std::vector<knowledge::Taught> study_fix(const LearningEvent& event) {
  std::vector<knowledge::Taught> taught;
  if (event.outcome.verdict != Verdict::passed || event.previous_attempt != Verdict::failed || !is_executed(event) ||
      event.outcome.flaky)
    return taught;
  for (const UnitChange& change : event.implementation.units) {
    if (!change.before || !change.after || change.before->fingerprint == change.after->fingerprint) continue;
    const UnitKind kind = change.before->kind;
    if (kind != UnitKind::function && kind != UnitKind::method) continue;
    const auto before = syntax::decode_nast(change.before->tree);
    const auto after = syntax::decode_nast(change.after->tree);
    if (!before || !after || before->nodes.empty() || after->nodes.empty()) continue;
    if (before->nodes[0].end > change.before->text.size() || after->nodes[0].end > change.after->text.size()) continue;
    knowledge::UnitFixed fixed{*change.before, *change.after, event.outcome.strength,
                               mine::fix_rungs(*before, change.before->text, *after, change.after->text)};
    taught.push_back({std::move(fixed), "fixed-after-failure"});
  }
  return taught;
}

}  // namespace autodev::learn
