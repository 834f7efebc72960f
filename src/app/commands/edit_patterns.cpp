// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/commands/edit_patterns.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/edit_groups.h"
#include "app/edit_page.h"
#include "app/event_chain.h"
#include "base/text.h"
#include "mine/edit_text.h"

namespace autodev::app::commands {
namespace {

using knowledge::Guard;

constexpr std::size_t row_bytes = 120;

void print_row(Output& out, const Guard& edit, std::size_t behind) {
  const std::string said = edit.pattern.flaw.empty()
                               ? mine::edit_sentence(edit.pattern, mine::typed_hole_names(edit.pattern))
                               : edit.pattern.before.text;
  const std::string text = base::strip_controls(base::fold_whitespace(mine::edit_name(edit.pattern) + ": " + said));
  const std::string_view clipped = base::clip_utf8(text, row_bytes);
  out.line(fmt::format("{}  {:<8}  {:.3f}  {:>4} fixes  {:<10} {}{}{}", edit.id.hex().substr(0, 12),
                       edit.disabled ? "disabled" : mine::to_string(edit.level), edit.bound_permille / 1000.0,
                       edit.counts.confirmed, to_string(edit.pattern.language), clipped,
                       clipped.size() < text.size() ? "…" : "",
                       behind > 0 ? fmt::format("  (+{} rung{})", behind, behind == 1 ? "" : "s") : std::string()));
}

}  // namespace

Result<int> list_edits(CommandContext& context, const OpenStore& opened, std::size_t limit, bool all) {
  std::vector<Guard> edits;
  std::size_t flaws = 0;
  AUTODEV_TRY(opened.store().for_each_guard([&](const Guard& guard) {
    flaws += !guard.pattern.flaw.empty();
    if (all || guard.pattern.flaw.empty()) edits.push_back(guard);
    return true;
  }));
  std::vector<EditGroup> groups;
  if (all) {
    for (std::size_t i = 0; i < edits.size(); ++i) groups.push_back({i, {}});
    std::sort(groups.begin(), groups.end(),
              [&](const EditGroup& a, const EditGroup& b) { return speaks_before(edits[a.lead], edits[b.lead]); });
  } else {
    groups = group_edits(edits);
  }
  base::Json list = base::Json::array();
  for (std::size_t i = 0; i < std::min(limit, groups.size()); ++i) {
    const Guard& edit = edits[groups[i].lead];
    base::Json row = edit_row_json(edit);
    row["rungs_behind"] = groups[i].behind.size();
    list.push_back(std::move(row));
    print_row(context.output, edit, groups[i].behind.size());
  }
  context.output.object(
      {{"patterns", std::move(list)}, {"matching", groups.size()}, {"total", edits.size()}, {"flaws", flaws}});
  if (groups.size() > limit) context.output.message(fmt::format("{} more; --limit shows more", groups.size() - limit));
  if (edits.empty())
    context.output.message("no edit patterns yet: they come from fixes that passed where something failed before");
  if (!all && edits.size() > groups.size())
    context.output.message(fmt::format("{} rungs of {} edit{}; --all shows each", edits.size(), groups.size(),
                                       groups.size() == 1 ? "" : "s"));
  if (!all && flaws > 0)
    context.output.message(fmt::format("{} flaws that fixes removed are not among them; --all shows them", flaws));
  return groups.empty() ? 1 : 0;
}

Result<std::optional<int>> show_edit(CommandContext& context, const OpenStore& opened, PatternId id) {
  AUTODEV_TRY_ASSIGN(auto guard, opened.store().guard(id));
  if (!guard) return std::nullopt;
  AUTODEV_TRY_ASSIGN(const EditPage page, edit_page(opened.store(), std::move(*guard)));
  print_edit(context.output, page);
  context.output.object(edit_json(page));
  return 0;
}

Result<std::optional<int>> explain_edit(CommandContext& context, const OpenStore& opened, PatternId id) {
  AUTODEV_TRY_ASSIGN(auto guard, opened.store().guard(id));
  if (!guard) return std::nullopt;
  AUTODEV_TRY_ASSIGN(const EditPage page, edit_page(opened.store(), std::move(*guard)));
  Output& out = context.output;
  out.line(base::strip_controls(page.name + ": " + page.sentence));
  out.line("  " + level_sentence(page.guard));
  out.line("  " + bound_term(page.guard));
  for (const std::string& condition : page.conditions) out.line("  only " + base::strip_controls(condition));
  for (const std::string& sentence : restored_sentences(page.details))
    out.line("  restores " + base::strip_controls(sentence));
  for (const knowledge::FixInstance& fix : page.details.fixes)
    out.line(fmt::format("  failed {} {}:{} {}", fix.failure.hex().substr(0, 12), base::strip_controls(fix.before.path),
                         fix.before.first_line, base::strip_controls(fix.before.name)));
  AUTODEV_TRY_ASSIGN(base::Json events, print_event_chain(out, opened.store(), page.guard.events));
  base::Json failures = base::Json::array();
  for (const knowledge::FixInstance& fix : page.details.fixes) failures.push_back(fix.failure.hex());
  out.object({{"id", id.hex()},
              {"pattern", edit_json(page)},
              {"failures", std::move(failures)},
              {"bound_term", bound_term(page.guard)},
              {"events", std::move(events)}});
  return 0;
}

}  // namespace autodev::app::commands
