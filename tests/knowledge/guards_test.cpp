// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Guards end to end: fixes teach them, passing code doubts them, people overrule them, and every copy of a journal
// comes to the same ones.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "knowledge/edit_view.h"
#include "knowledge/exchange.h"
#include "knowledge/knowledge_store.h"
#include "learn/learner.h"
#include "support/learned_code.h"
#include "support/support.h"

namespace autodev::knowledge {
namespace {

using mine::GuardLevel;
using test::event_with;
using test::python_units;
using test::SteppedEnv;
using test::TemporaryFolder;
using test::value_of;

/// A loop that runs one too far, in ever different surroundings.
std::string looping(int number, bool fixed) {
  return fmt::format(
      "def count_{0}(rows):\n    total = {0}\n    mark_{0}(total)\n    for i in range(len(rows){1}):\n        total += rows[i]\n"
      "    return finish_{0}(total)\n",
      number, fixed ? "" : " + 1");
}

CodeUnit unit_of(const std::string& source) { return python_units(source)[0]; }

struct Library {
  TemporaryFolder folder;
  SteppedEnv env;
  std::unique_ptr<KnowledgeStore> store;
  int number = 0;

  explicit Library(std::uint64_t seed = 1) : env(1'700'000'000'000, seed) {
    StoreOptions options;
    options.in_memory_state = true;
    store = value_of(KnowledgeStore::open(env, folder.path(), learn::study, options));
  }
  void record(const std::vector<Payload>& payloads) {
    value_of(store->append(payloads));
    value_of(store->refresh());
  }
  LearningEvent fail(const std::string& source) {
    LearningEvent event = event_with({unit_of(source)}, Verdict::failed, EvidenceStrength::report, number++);
    event.outcome.failures = {{"test_count", "", 0, "IndexError: list index out of range"}};
    event.id = {};
    event.id = event_id(event);
    record({event});
    return event;
  }
  LearningEvent pass(const std::string& source, const std::string& before = {}) {
    LearningEvent event = event_with({unit_of(source)}, Verdict::passed, EvidenceStrength::report, number++);
    if (!before.empty()) {
      event.implementation.units[0].before = unit_of(before);
      event.previous_attempt = Verdict::failed;
    }
    event.id = {};
    event.id = event_id(event);
    record({event});
    return event;
  }
  void fix(int which) {
    fail(looping(which, false));
    pass(looping(which, true), looping(which, false));
  }
  std::vector<Finding> check(const std::string& source, bool shadow = false) {
    const CodeUnit unit = unit_of(source);
    return value_of(store->check({&unit, 1}, {shadow})).front();
  }
  GuardLevel loudest(const std::string& source) {
    GuardLevel level = GuardLevel::shadow;
    for (const Finding& finding : check(source)) level = std::max(level, finding.level);
    return level;
  }
  std::vector<Guard> guards() {
    std::vector<Guard> all;
    value_of(store->for_each_guard([&](const Guard& guard) {
      all.push_back(guard);
      return true;
    }));
    return all;
  }
};

/// A file that is left open, in ever different surroundings.
std::string reading(int number, bool closed) {
  return fmt::format(
      "def read_{0}(path):\n    source = open(path)\n    text = source.read()\n    log_{0}(text)\n{1}    note_{0}(path)\n", number,
      closed ? "    source.close()\n" : "");
}

TEST(Guards, ASliceSpeaksWhateverStandsBetweenDefinitionAndUse) {
  Library library;
  const auto asking = [](int number, bool asks, const std::string& between = "") {
    return fmt::format("def title_{0}(book):\n    part = book.get('title')\n{1}{2}    return part.strip()\n", number, between,
                       asks ? "    if part is None:\n        return ''\n" : "");
  };
  for (int i = 1; i <= 4; ++i) {
    const std::string between = fmt::format("    log_{}(book)\n", i);
    library.fail(asking(i, false, between));
    library.pass(asking(i, true, between), asking(i, false, between));
  }
  const std::string other = asking(9, false, "    total = 3\n    work(total)\n");
  const auto found = library.check(other);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, FindingKind::mistake);
  EXPECT_EQ(found[0].level, GuardLevel::advise);
  EXPECT_NE(found[0].before.find("$name1.strip()"), std::string::npos) << found[0].before;
  EXPECT_TRUE(library.check(asking(9, true, "    total = 3\n")).empty());
  EXPECT_TRUE(library.check("def title(book):\n    part = book.fetch('title')\n    work(book)\n    return part.strip()\n").empty());
  // Code that passes although it looks so counts against a slice as against any rung.
  library.pass(asking(20, false, "    work(1)\n"));
  library.pass(asking(21, false, "    work(2)\n    rest()\n"));
  EXPECT_EQ(library.loudest(other), GuardLevel::shadow);
}

TEST(Guards, TheDetailsOfAnEditAreItsFixesAndTheRulesTheyRestore) {
  Library library;
  for (int i = 1; i <= 6; ++i) library.pass(reading(100 + i, true));
  for (int i = 1; i <= 4; ++i) {
    library.fail(reading(i, false));
    library.pass(reading(i, true), reading(i, false));
  }
  std::size_t restoring = 0;
  for (const Guard& guard : library.guards()) {
    const EditDetails details = value_of(library.store->edit_details(guard.id));
    ASSERT_EQ(details.fixes.size(), guard.counts.confirmed);
    EXPECT_EQ(details.fixes[0].failure, guard.example);
    for (const FixInstance& fix : details.fixes) EXPECT_NE(fix.before.text, fix.after.text);
    for (const RestoredRule& one : details.restored) {
      if (one.rule.shape != mine::RuleShape::eventually || one.rule.b != ".close") continue;
      ++restoring;
      EXPECT_EQ(one.fixes, details.fixes.size());
      EXPECT_EQ(one.type, "open()");
    }
  }
  EXPECT_GT(restoring, 0u);
  EXPECT_TRUE(value_of(library.store->edit_details(PatternId{})).fixes.empty());
}

TEST(Guards, AFixThatTouchesNoRuleRestoresNone) {
  Library library;
  for (int i = 1; i <= 6; ++i) library.pass(reading(100 + i, true));
  library.fix(1);
  for (const Guard& guard : library.guards()) EXPECT_TRUE(value_of(library.store->edit_details(guard.id)).restored.empty());
}

TEST(Guards, RungsOfOneEditShareItAndOtherEditsDoNot) {
  Library library;
  library.fix(1);
  library.fail(reading(2, false));
  library.pass(reading(2, true), reading(2, false));
  std::map<std::uint64_t, std::size_t> rungs;
  for (const Guard& guard : library.guards()) {
    ASSERT_EQ(guard.edits.size(), 1u);
    ++rungs[guard.edits.front()];
  }
  EXPECT_EQ(rungs.size(), 2u);
  for (const auto& [edit, count] : rungs) EXPECT_GT(count, 1u);
}

TEST(Guards, FailedCodeIsRecognisedAtOnceWithWhatFixedIt) {
  Library library;
  library.fail(looping(1, false));
  library.pass(looping(1, true), looping(1, false));
  const auto found = library.check(looping(1, false));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, FindingKind::repeated);
  EXPECT_EQ(found[0].level, GuardLevel::advise);
  EXPECT_NE(found[0].cause.find("IndexError"), std::string::npos);
  ASSERT_TRUE(found[0].fix.has_value());
  EXPECT_EQ(*found[0].fix, unit_of(looping(1, true)).text);
  EXPECT_TRUE(library.check(looping(1, true)).empty());
}

TEST(Guards, ARenamedCopyGetsTheFixInItsOwnNames) {
  Library library;
  library.fix(1);
  std::string renamed = looping(1, false);
  for (std::size_t at = renamed.find("rows"); at != std::string::npos; at = renamed.find("rows", at + 5)) renamed.replace(at, 4, "items");
  const auto found = library.check(renamed);
  ASSERT_EQ(found.size(), 1u);
  ASSERT_TRUE(found[0].fix.has_value());
  EXPECT_NE(found[0].fix->find("range(len(items))"), std::string::npos);
  EXPECT_EQ(found[0].fix->find("rows"), std::string::npos);
}

TEST(Guards, TheSameMistakeInNewCodeIsAdvisedAfterFourFixesAndBlockedAfterSixteen) {
  Library library;
  for (int i = 1; i <= 3; ++i) library.fix(i);
  EXPECT_TRUE(library.check(looping(100, false)).empty());
  library.fix(4);
  const auto found = library.check(looping(100, false));
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].kind, FindingKind::mistake);
  EXPECT_EQ(found[0].level, GuardLevel::advise);
  EXPECT_EQ(found[0].confirmed, 4u);
  EXPECT_FALSE(found[0].events.empty());
  EXPECT_NE(found[0].cause.find("IndexError"), std::string::npos);
  EXPECT_TRUE(library.check(looping(100, true)).empty());
  for (int i = 5; i <= 16; ++i) library.fix(i);
  EXPECT_EQ(library.loudest(looping(100, false)), GuardLevel::block);
}

TEST(Guards, ARepeatThatAdvisesDoesNotHideAMistakeThatBlocks) {
  Library library;
  for (int i = 1; i <= 16; ++i) library.fix(i);
  const auto found = library.check(looping(16, false));
  ASSERT_GE(found.size(), 2u);
  EXPECT_EQ(found[0].kind, FindingKind::repeated);
  EXPECT_EQ(found[0].level, GuardLevel::advise);
  EXPECT_EQ(library.loudest(looping(16, false)), GuardLevel::block);
}

TEST(Guards, RepeatingOneFixConfirmsItOnce) {
  Library library;
  for (int i = 0; i < 20; ++i) library.fix(1);
  for (const Guard& guard : library.guards()) {
    EXPECT_EQ(guard.counts.confirmed, 1u);
    EXPECT_EQ(guard.level, GuardLevel::shadow);
  }
}

TEST(Guards, FlaggedCodeThatPassesDemotes) {
  Library library;
  for (int i = 1; i <= 4; ++i) library.fix(i);
  ASSERT_EQ(library.loudest(looping(100, false)), GuardLevel::advise);
  library.pass(looping(100, false));
  library.pass(looping(101, false));
  EXPECT_EQ(library.loudest(looping(102, false)), GuardLevel::shadow);
}

TEST(Guards, PassingCodeThatIsOlderThanTheGuardCountsAgainstIt) {
  Library earlier, later;
  earlier.pass(looping(100, false));
  for (int i = 1; i <= 4; ++i) earlier.fix(i);
  for (int i = 1; i <= 4; ++i) later.fix(i);
  later.pass(looping(100, false));
  const auto alarms = [](Library& library) {
    std::map<PatternId, std::uint32_t> counts;
    for (const Guard& guard : library.guards()) counts[guard.id] = guard.counts.false_alarms;
    return counts;
  };
  EXPECT_EQ(alarms(earlier), alarms(later));
}

TEST(Guards, CodeThatFailedBeforeAnythingChangedIsKnownFromItsFix) {
  Library library;
  library.pass(looping(1, true), looping(1, false));
  const auto found = library.check(looping(1, false));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, FindingKind::repeated);
  EXPECT_EQ(*found[0].fix, unit_of(looping(1, true)).text);
}

TEST(Guards, ACommandThatTestsNothingSpeaksForNobody) {
  Library library;
  for (int i = 1; i <= 5; ++i) library.fix(i);
  const auto findings = library.check(looping(1, false)).size();
  ASSERT_GE(findings, 1u);
  for (const std::string& source : {looping(1, false), looping(77, false)}) {
    LearningEvent event = event_with({unit_of(source)}, Verdict::passed, EvidenceStrength::exit_code, 900 + library.number++);
    event.success = {};
    event.outcome.tests_passed.reset();
    event.id = {};
    event.id = event_id(event);
    library.record({event});
  }
  EXPECT_EQ(library.check(looping(1, false)).size(), findings);
  EXPECT_EQ(library.loudest(looping(9, false)), GuardLevel::advise);
  library.pass(looping(1, false));
  EXPECT_LT(library.check(looping(1, false)).size(), findings) << "a pass with tests does";
}

TEST(Guards, HistoryAloneTeachesNoGuard) {
  Library library;
  LearningEvent event = event_with({unit_of(looping(1, true))}, Verdict::passed, EvidenceStrength::history, 1);
  event.implementation.units[0].before = unit_of(looping(1, false));
  event.previous_attempt = Verdict::failed;
  event.id = {};
  library.record({event});
  EXPECT_TRUE(library.guards().empty());
}

TEST(Guards, WrongDemotesHelpedDoesNotPromoteAndNothingIsLost) {
  Library library;
  for (int i = 1; i <= 4; ++i) library.fix(i);
  const auto found = library.check(looping(100, false));
  ASSERT_FALSE(found.empty());
  const PatternId id = found[0].id;
  library.record({Feedback{id, FeedbackVerdict::helped, ""}, Feedback{id, FeedbackVerdict::helped, ""}});
  EXPECT_EQ(value_of(library.store->guard(id))->level, GuardLevel::advise);
  library.record({Feedback{id, FeedbackVerdict::wrong, ""}});
  const Guard guard = *value_of(library.store->guard(id));
  EXPECT_EQ(guard.level, GuardLevel::shadow);
  EXPECT_EQ(guard.helped, 2u);
  EXPECT_EQ(guard.counts.wrong, 1u);
}

TEST(Guards, FeedbackThatArrivesBeforeWhatItNamesCounts) {
  Library first, second;
  const PatternId failure{unit_of(looping(1, false)).fingerprint};
  first.record({Feedback{failure, FeedbackVerdict::wrong, ""}});
  first.fail(looping(1, false));
  EXPECT_TRUE(first.check(looping(1, false)).empty());
  const CodeUnit working = unit_of(looping(7, true));
  second.record({Feedback{{working.alpha}, FeedbackVerdict::wrong, ""}});
  second.pass(looping(7, true));
  EXPECT_EQ(value_of(second.store->pattern({working.alpha}))->evidence.wrong, 1u);
}

TEST(Guards, ADisabledOneStaysSilentUntilEnabled) {
  Library library;
  library.fail(looping(1, false));
  const PatternId id{unit_of(looping(1, false)).fingerprint};
  library.record({Feedback{id, FeedbackVerdict::disable, ""}});
  EXPECT_TRUE(library.check(looping(1, false)).empty());
  library.fail(looping(1, false));
  EXPECT_TRUE(library.check(looping(1, false)).empty());
  library.record({Feedback{id, FeedbackVerdict::enable, ""}});
  EXPECT_FALSE(library.check(looping(1, false)).empty());
}

TEST(Guards, NearlyTheSameFailureIsAdvisedAndItsFixIsNot) {
  const auto longer = [](bool fixed, const std::string& extra) {
    std::string body;
    for (int i = 0; i < 12; ++i) body += fmt::format("    step_{0}(rows, total)\n    total += weight_{0}\n", i);
    return fmt::format("def fold(rows):\n    total = 0\n{}{}    if len(rows) {} limit:\n        total = close(total)\n    return total\n",
                       body, extra, fixed ? "<=" : "<");
  };
  Library library;
  library.fail(longer(false, ""));
  library.pass(longer(true, ""), longer(false, ""));
  const auto found = library.check(longer(false, "    trace(total)\n"));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, FindingKind::near);
  EXPECT_EQ(found[0].level, GuardLevel::advise);
  EXPECT_GE(found[0].similarity, 0.8);
  EXPECT_TRUE(library.check(longer(true, "    trace(total)\n")).empty());
}

TEST(Guards, ForgettingTheEventsForgetsTheGuards) {
  Library library, without;
  const LearningEvent failed = library.fail(looping(1, false));
  const LearningEvent passed = library.pass(looping(1, true), looping(1, false));
  ASSERT_FALSE(library.guards().empty());
  Forget wish;
  wish.events = {failed.id, passed.id};
  library.record({wish});
  EXPECT_TRUE(library.guards().empty());
  EXPECT_EQ(value_of(library.store->knowledge_digest()), value_of(without.store->knowledge_digest()));
}

TEST(Guards, AReplayComesToTheSameGuards) {
  Library library;
  for (int i = 1; i <= 5; ++i) library.fix(i);
  library.pass(looping(100, false));
  StoreOptions options;
  options.in_memory_state = true;
  const auto again = value_of(KnowledgeStore::open(library.env, library.folder.path(), learn::study, options));
  value_of(again->refresh());
  EXPECT_EQ(value_of(again->state_digest()), value_of(library.store->state_digest()));
}

/// Guards by id with what counts for their level.
std::map<PatternId, std::tuple<GuardLevel, std::uint32_t, std::uint32_t>> standing(Library& library) {
  std::map<PatternId, std::tuple<GuardLevel, std::uint32_t, std::uint32_t>> known;
  for (const Guard& guard : library.guards()) known[guard.id] = {guard.level, guard.counts.confirmed, guard.counts.false_alarms};
  return known;
}

TEST(Guards, MergedCopiesKnowWhatOneThatSawBothKnows) {
  Library a(1), b(2), both(3);
  for (int i = 1; i <= 3; ++i) a.fix(i);
  a.pass(looping(50, false));
  b.number = both.number = a.number;
  for (int i = 4; i <= 6; ++i) b.fix(i);
  both.number = 0;
  for (int i = 1; i <= 3; ++i) both.fix(i);
  both.pass(looping(50, false));
  for (int i = 4; i <= 6; ++i) both.fix(i);
  EXPECT_TRUE(a.check(looping(9, false)).empty());
  EXPECT_TRUE(b.check(looping(9, false)).empty()) << "three confirmations are too few";
  value_of(merge_journal(a.env, a.folder.path(), b.folder.path()));
  value_of(merge_journal(b.env, b.folder.path(), a.folder.path()));
  value_of(a.store->refresh());
  value_of(b.store->refresh());
  EXPECT_EQ(standing(a), standing(both));
  EXPECT_EQ(standing(b), standing(both));
  std::uint32_t confirmed = 0;
  for (const auto& [id, known] : standing(a)) confirmed = std::max(confirmed, std::get<1>(known));
  EXPECT_EQ(confirmed, 6u);
}

TEST(Guards, PassesThatAreOlderThanItsFourthConfirmationAllCount) {
  Library library;
  // More passing code with the guard's atom than a new guard is tried on.
  std::vector<Payload> passes;
  for (int i = 1000; i < 1300; ++i) {
    passes.emplace_back(event_with({unit_of(looping(i, false))}, Verdict::passed, EvidenceStrength::report, 5000 + i));
    passes.emplace_back(event_with({unit_of(looping(i, true))}, Verdict::passed, EvidenceStrength::report, 7000 + i));
  }
  library.record(passes);
  for (int i = 1; i <= 4; ++i) library.fix(i);
  for (const Guard& guard : library.guards()) {
    if (guard.counts.confirmed < 4) continue;
    EXPECT_GE(guard.counts.false_alarms + guard.counts.atoms, 300u) << guard.pattern.before.text;
    EXPECT_EQ(guard.level, GuardLevel::shadow);
  }
}

TEST(Guards, ImportedOnesStartInShadow) {
  Library sender, receiver;
  for (int i = 1; i <= 5; ++i) sender.fix(i);
  const std::string document = value_of(export_knowledge(sender.env, *sender.store, {"1", true}));
  const ImportResult imported = value_of(import_knowledge(*receiver.store, document, "their library", false));
  EXPECT_GE(imported.added, 5u);
  value_of(receiver.store->refresh());
  ASSERT_FALSE(receiver.guards().empty());
  for (const Guard& guard : receiver.guards()) {
    EXPECT_EQ(guard.level, GuardLevel::shadow);
    EXPECT_EQ(guard.counts.confirmed, 0u);
    EXPECT_EQ(guard.origin, "their library");
  }
  EXPECT_TRUE(receiver.check(looping(1, false)).empty());
  EXPECT_FALSE(receiver.check(looping(1, false), true).empty());
}

TEST(Guards, APatternWhoseUsesKeepFailingBecomesAnAntiPattern) {
  Library library;
  library.pass(looping(7, true));
  const CodeUnit unit = unit_of(looping(7, true));
  const auto failing_use = [&](int number) {
    LearningEvent event = event_with({}, Verdict::failed, EvidenceStrength::report, number);
    event.patterns_used.push_back({unit.alpha});
    event.id = {};
    event.id = event_id(event);
    library.record({event});
  };
  int number = 1000;
  for (int i = 0; i < 4; ++i) failing_use(number++);
  EXPECT_FALSE(value_of(library.store->anti_pattern({unit.fingerprint})).has_value());
  for (int i = 0; i < 6; ++i) failing_use(number++);
  const auto anti = value_of(library.store->anti_pattern({unit.fingerprint}));
  ASSERT_TRUE(anti.has_value());
  EXPECT_GE(anti->failures, 4u);
  EXPECT_NE(anti->cause.find("failed"), std::string::npos);
}

}  // namespace
}  // namespace autodev::knowledge
