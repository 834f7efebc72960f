// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See edit_page.h. Foreign text goes through strip_controls before it reaches a terminal.
#include "app/edit_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/edit_groups.h"
#include "app/pattern_page.h"
#include "app/pattern_text.h"
#include "base/text.h"
#include "evidence/line_diff.h"
#include "mine/edit_match.h"
#include "mine/edit_text.h"
#include "mine/usage_text.h"

namespace autodev::app {
namespace {

using knowledge::FixInstance;
using knowledge::Guard;

constexpr std::size_t shown_fixes = 2, shown_rungs = 6, shown_fillers = 4;
constexpr std::size_t template_lines = 40, diff_lines = 24, max_diff_bytes = 8'192;

void heading(Output& out, std::string_view text) {
  out.line();
  out.line(out.style(text, base::Style::bold));
}

void indented(Output& out, std::string_view text) {
  for (const std::string_view line : base::split_lines(text)) out.line(fmt::format("    {}", line));
}

std::string clipped(std::string_view text, std::size_t bytes) {
  const std::string folded = base::strip_controls(base::fold_whitespace(text));
  const std::string_view cut = base::clip_utf8(folded, bytes);
  return cut.size() < folded.size() ? std::string(cut) + "…" : folded;
}

std::vector<std::vector<std::string>> fillers_of(const mine::EditPattern& pattern,
                                                 const std::vector<FixInstance>& fixes) {
  std::vector<std::vector<std::string>> fillers;
  for (const FixInstance& fix : fixes) {
    const auto failed = syntax::decode_nast(fix.before.tree);
    const auto passed = syntax::decode_nast(fix.after.tree);
    if (failed && passed && !failed->nodes.empty() && !passed->nodes.empty())
      fillers.push_back(mine::hole_fillers(pattern, {*failed, fix.before.text}, {*passed, fix.after.text}));
  }
  return fillers;
}

std::vector<std::string> conditions_of(const Guard& guard, const std::vector<FixInstance>& fixes) {
  if (guard.conditions.empty() || fixes.empty()) return {};
  const auto failed = syntax::decode_nast(fixes.front().before.tree);
  if (!failed || failed->nodes.empty()) return {};
  const mine::UnitShape shape(*failed);
  const auto match = mine::find_mistake(guard.pattern, shape);
  return match ? mine::surroundings_in_words(*match, shape, guard.conditions) : std::vector<std::string>();
}

/// Rungs that describe an edit that this one describes too.
Result<std::vector<Guard>> rungs_of(knowledge::KnowledgeStore& store, const Guard& guard) {
  std::vector<Guard> rungs;
  AUTODEV_TRY(store.for_each_guard([&](const Guard& other) {
    const bool shares = std::any_of(other.edits.begin(), other.edits.end(), [&](std::uint64_t edit) {
      return std::binary_search(guard.edits.begin(), guard.edits.end(), edit);
    });
    if (other.id != guard.id && shares && other.pattern.language == guard.pattern.language &&
        other.pattern.flaw.empty())
      rungs.push_back(other);
    return true;
  }));
  std::sort(rungs.begin(), rungs.end(), speaks_before);
  return rungs;
}

std::vector<std::string> names_of(const std::vector<Hole>& holes) {
  std::vector<std::string> names;
  for (const Hole& hole : holes) names.push_back(hole.name);
  return names;
}

void print_holes(Output& out, const EditPage& page) {
  if (page.holes.empty()) return;
  heading(out, "holes");
  std::size_t widest = 0, accepts = 0;
  for (std::size_t i = 0; i < page.holes.size(); ++i) {
    widest = std::max(widest, page.holes[i].name.size());
    accepts = std::max(accepts, page.restrictions[i].size());
  }
  for (std::size_t i = 0; i < page.holes.size(); ++i) {
    const Hole& hole = page.holes[i];
    std::vector<std::string> texts;
    for (const auto& [text, count] : hole.fillers)
      if (texts.size() < shown_fillers)
        texts.push_back(count > 1 ? fmt::format("{} ×{}", clipped(text, 32), count) : clipped(text, 32));
    const std::string more =
        hole.distinct > texts.size() ? fmt::format(" and {} more", hole.distinct - texts.size()) : "";
    out.line(fmt::format("    {}{}  {:<{}}  {}{}", out.style(hole.name, base::Style::yellow),
                         std::string(widest - hole.name.size(), ' '), page.restrictions[i], accepts,
                         base::join(texts, ", "), more));
  }
  const auto names = std::count(page.restrictions.begin(), page.restrictions.end(), "a local name");
  if (names > 1) out.line("    two names are never the same name; a hole in several places has the same text in each");
}

void print_fixes(Output& out, const EditPage& page) {
  for (std::size_t i = 0; i < std::min(shown_fixes, page.details.fixes.size()); ++i) {
    const FixInstance& fix = page.details.fixes[i];
    heading(out, fmt::format("fixed in {}:{} ({})", base::strip_controls(fix.before.path), fix.before.first_line,
                             base::strip_controls(fix.before.name)));
    const std::string diff = evidence::line_diff("", fix.before.text, fix.after.text, max_diff_bytes);
    const auto hunk = diff.find("@@\n", diff.find("@@") + 2);
    const std::string lines = hunk == std::string::npos ? fix.after.text : diff.substr(hunk + 3);
    indented(out, base::strip_controls(clip_lines(lines, diff_lines)));
  }
  if (page.details.fixes.empty() && page.guard.counts.confirmed > 0)
    out.line("\n(the code of its fixes is not there any more)");
}

void print_rungs(Output& out, const EditPage& page) {
  if (page.rungs.empty()) return;
  heading(out, fmt::format("other rungs of the same edit ({})", page.rungs.size()));
  for (std::size_t i = 0; i < std::min(shown_rungs, page.rungs.size()); ++i) {
    const Guard& rung = page.rungs[i];
    out.line(fmt::format("    {}  {:<6}  {} fixes  {}", rung.id.hex().substr(0, 12), mine::to_string(rung.level),
                         rung.counts.confirmed,
                         clipped(mine::named_text(rung.pattern.before, mine::typed_hole_names(rung.pattern)), 80)));
  }
  if (page.rungs.size() > shown_rungs)
    out.line(fmt::format("    {} more: learn patterns list --kind edit --all", page.rungs.size() - shown_rungs));
}

std::string rung_sentence(const mine::EditPattern& pattern) {
  static constexpr std::string_view widths[] = {"the changed code alone", "with its neighbours", "its whole parent",
                                                "its grandparent", "what it depends on, one hop of data and control"};
  static constexpr std::string_view holes[] = {"local names", "local names and literals",
                                               "names, literals and what the fix left alone"};
  return fmt::format("{}; holes for {}", widths[std::min<std::size_t>(pattern.width, 4)],
                     holes[std::min<std::size_t>(pattern.abstraction, 2)]);
}

void print_evidence(Output& out, const EditPage& page) {
  const Guard& guard = page.guard;
  heading(out, "evidence");
  out.line(fmt::format("    kind      {}, {}", to_string(PatternKind::edit), to_string(guard.pattern.language)));
  out.line(fmt::format("    level     {}", level_sentence(guard)));
  out.line(fmt::format("    context   {}", rung_sentence(guard.pattern)));
  for (const std::string& condition : page.conditions) out.line("    only      " + base::strip_controls(condition));
  out.line(fmt::format("    fixes     {} executed, of distinct code; {} passing functions look like this too",
                       guard.counts.confirmed, guard.counts.false_alarms));
  if (guard.helped + guard.irrelevant + guard.counts.wrong > 0)
    out.line(fmt::format("    feedback  {} helped, {} irrelevant, {} wrong", guard.helped, guard.irrelevant,
                         guard.counts.wrong));
  if (!guard.cause.empty()) out.line("    cause     " + clipped(guard.cause, 100));
  if (!guard.origin.empty())
    out.line("    origin    imported from " + base::strip_controls(guard.origin) + ": no local trust of its own");
  out.line(fmt::format("    learned   {}, last seen {}", base::format_timestamp(guard.first),
                       base::format_timestamp(guard.last)));
  for (const std::string& sentence : restored_sentences(page.details))
    out.line("    restores  " + base::strip_controls(sentence));
  heading(out, "score");
  out.line("    " + bound_term(guard));
}

}  // namespace

Result<EditPage> edit_page(knowledge::KnowledgeStore& store, Guard guard) {
  EditPage page;
  AUTODEV_TRY_ASSIGN(page.details, store.edit_details(guard.id));
  page.holes = mine::edit_holes(guard.pattern, fillers_of(guard.pattern, page.details.fixes));
  page.restrictions = mine::hole_restrictions(guard.pattern);
  page.conditions = conditions_of(guard, page.details.fixes);
  const auto names = names_of(page.holes);
  page.name = mine::edit_name(guard.pattern);
  page.sentence = mine::edit_sentence(guard.pattern, names);
  page.before = mine::named_text(guard.pattern.before, names);
  page.after = mine::named_text(guard.pattern.after, names);
  AUTODEV_TRY_ASSIGN(page.rungs, rungs_of(store, guard));
  page.guard = std::move(guard);
  return page;
}

void print_edit(Output& out, const EditPage& page) {
  out.line(fmt::format("{}  {}", out.style(base::strip_controls(page.name), base::Style::bold),
                       out.style(page.guard.id.hex(), base::Style::dim)));
  out.line(base::strip_controls(page.sentence));
  if (page.guard.pattern.flaw.empty()) {
    heading(out, "before");
    indented(out,
             with_holes_marked(base::strip_controls(clip_lines(page.before, template_lines)), page.holes, out.color));
    heading(out, "after");
    indented(out, page.after.empty() ? "(nothing: it goes)"
                                     : with_holes_marked(base::strip_controls(clip_lines(page.after, template_lines)),
                                                         page.holes, out.color));
  }
  print_holes(out, page);
  print_fixes(out, page);
  print_rungs(out, page);
  print_evidence(out, page);
}

std::string bound_term(const Guard& guard) {
  const mine::GuardCounts& counts = guard.counts;
  return fmt::format(
      "lower bound {:.3f} = Wilson 95 % of {} confirmed in {} trials ({} confirmed + {} false alarms + {} wrong + {} "
      "conditions); "
      "advise from 0.500 and 4 confirmed, block from 0.800 and 16",
      guard.bound_permille / 1000.0, counts.confirmed,
      counts.confirmed + counts.false_alarms + counts.wrong + counts.atoms, counts.confirmed, counts.false_alarms,
      counts.wrong, counts.atoms);
}

std::string level_sentence(const Guard& guard) {
  if (guard.disabled) return "disabled: stays silent until `learn guards enable`";
  switch (guard.level) {
    case mine::GuardLevel::shadow:
      return "shadow: counted, not shown by `learn check`";
    case mine::GuardLevel::advise:
      return "advise: `learn check` shows it";
    case mine::GuardLevel::block:
      return "block: `learn check` shows it and exits with 1";
  }
  return {};
}

std::vector<std::string> restored_sentences(const knowledge::EditDetails& details) {
  std::vector<std::string> sentences;
  for (const knowledge::RestoredRule& one : details.restored)
    sentences.push_back(fmt::format("{}: {}; {} of {} fixes broke it before and keep it after", one.type,
                                    mine::rule_sentence(one.rule), one.fixes, details.fixes.size()));
  return sentences;
}

base::Json edit_row_json(const Guard& guard) {
  const auto names = mine::typed_hole_names(guard.pattern);
  return {{"id", guard.id.hex()},
          {"pattern_kind", to_string(PatternKind::edit)},
          {"language", to_string(guard.pattern.language)},
          {"name", mine::edit_name(guard.pattern)},
          {"description", mine::edit_sentence(guard.pattern, names)},
          {"before", mine::named_text(guard.pattern.before, names)},
          {"after", mine::named_text(guard.pattern.after, names)},
          {"level", mine::to_string(guard.level)},
          {"width", guard.pattern.width},
          {"abstraction", guard.pattern.abstraction},
          {"confirmed", guard.counts.confirmed},
          {"false_alarms", guard.counts.false_alarms},
          {"lower_bound", guard.bound_permille / 1000.0}};
}

base::Json edit_json(const EditPage& page) {
  base::Json value = edit_row_json(page.guard);
  value["description"] = page.sentence;
  value["before"] = page.before;
  value["after"] = page.after;
  value["disabled"] = page.guard.disabled;
  value["conditions"] = page.conditions;
  value["cause"] = page.guard.cause;
  value["origin"] = page.guard.origin;
  value["context"] = rung_sentence(page.guard.pattern);
  base::Json holes = base::Json::array(), fixes = base::Json::array(), rungs = base::Json::array(),
             events = base::Json::array();
  for (std::size_t i = 0; i < page.holes.size(); ++i) {
    base::Json fillers = base::Json::array();
    for (const auto& [text, count] : page.holes[i].fillers) fillers.push_back({{"text", text}, {"count", count}});
    holes.push_back({{"name", page.holes[i].name},
                     {"accepts", page.restrictions[i]},
                     {"distinct", page.holes[i].distinct},
                     {"fillers", std::move(fillers)}});
  }
  for (std::size_t i = 0; i < std::min(shown_fixes, page.details.fixes.size()); ++i) {
    const FixInstance& fix = page.details.fixes[i];
    fixes.push_back({{"failure", fix.failure.hex()},
                     {"path", fix.before.path},
                     {"line", fix.before.first_line},
                     {"name", fix.before.name},
                     {"before", fix.before.text},
                     {"after", fix.after.text}});
  }
  for (const Guard& rung : page.rungs) rungs.push_back(rung.id.hex());
  for (const EventId& event : page.guard.events) events.push_back(event.hex());
  value["holes"] = std::move(holes);
  value["fixes"] = std::move(fixes);
  value["rungs"] = std::move(rungs);
  value["events"] = std::move(events);
  value["restored_rules"] = restored_sentences(page.details);
  return value;
}

}  // namespace autodev::app
