// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The rule table: which messages say that earlier code was wrong, and what of a message is kept.
#include "observe/commit_message.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace autodev::observe {
namespace {

CommitKind kind(std::string_view message) { return read_commit_message(message).kind; }
std::string text(std::string_view message) { return read_commit_message(message).text; }

TEST(CommitMessage, RecognisesFixes) {
  for (const char* subject :
       {"Fix crash on empty input", "fix: handle null cart", "fix(cart)!: total of an empty cart", "Fixes #12: wrong total",
        "cart: fixed rounding", "Bugfix: off by one", "hotfix: login loop", "Regression in parser", "Crash when reading a link",
        "Memory leak in the pool", "parser: use-after-free in visitor", "Repair broken index", "Fixed a deadlock in shutdown",
        "Add missing null check to fix segfault", "Segfault on exit"})
    EXPECT_EQ(kind(subject), CommitKind::fix) << subject;
}

TEST(CommitMessage, HarmlessFixesAreOrdinaryChanges) {
  for (const char* subject :
       {"Fix typo", "fix: typo in readme", "Fix docs build", "docs: fix crash description", "Fix formatting", "Fix lint errors",
        "Fix compiler warnings", "ci: fix workflow", "Fix CI", "Fix flaky test", "fix the unit tests", "fix failing tests on arm",
        "style: fix indentation", "Fix comment", "chore: fix license header", "test: fix race", "Fix clippy", "Fix broken link"})
    EXPECT_EQ(kind(subject), CommitKind::change) << subject;
}

TEST(CommitMessage, OrdinaryChangesAreNotFixes) {
  for (const char* subject :
       {"Add a cart", "feat: crash reporter", "Add bug template", "Implement leak detector", "Add test fixtures", "Prefix names",
        "Support fixed-size arrays", "Use fixed point arithmetic", "Introduce fixed width integers", "refactor: broken down parser",
        "Update dependencies", "Bump version to 1.2", "", "Merge branch 'bugfix-3'", "Detect data-race in CI"})
    EXPECT_EQ(kind(subject), CommitKind::change) << subject;
}

TEST(CommitMessage, RecognisesReverts) {
  EXPECT_EQ(kind("Revert \"Add a cart\"\n\nThis reverts commit 0123456789abcdef.\n"), CommitKind::revert);
  EXPECT_EQ(kind("Revert \"Fix crash\""), CommitKind::revert);
  EXPECT_EQ(kind("Back out the cart\n\nThis reverts commit 0123456.\n"), CommitKind::revert);
  EXPECT_EQ(kind("Revert \"Revert \"Add a cart\"\"\n\nThis reverts commit 0123456789.\n"), CommitKind::change);
  EXPECT_EQ(kind("Reapply \"Add a cart\"\n\nThis reverts commit 0123456789.\n"), CommitKind::change);
  EXPECT_EQ(kind("Explain \"This reverts commit <hash>\""), CommitKind::change);
  EXPECT_EQ(kind("Revert to the old layout"), CommitKind::change);
}

TEST(CommitMessage, TrailersAndAddressesAreRemoved) {
  EXPECT_EQ(text("Add a cart\n\nIt sums prices.\nAsk bob@example.org or <eve@mail.example.org> about it.\n\n"
                 "Signed-off-by: Bob <bob@example.org>\nCo-authored-by: Eve <eve@x.org>\nReviewed-by: Z\nChange-Id: I12\n"
                 "Cc: a@b.c\n(cherry picked from commit 0123)\n"),
            "Add a cart\n\nIt sums prices.\nAsk  or  about it.");
  EXPECT_EQ(text("Use @property and user@host\n"), "Use @property and user@host");
  EXPECT_EQ(text("Note: by hand\n\nTested: on arm\n"), "Note: by hand\n\nTested: on arm");
}

TEST(CommitMessage, HostileMessagesAreRepairedAndClipped) {
  const CommitMessage message = read_commit_message("\xff\xfe" "caf\xe9\x1b[31m\n\n" + std::string(300'000, 'a'));
  EXPECT_TRUE(base::is_valid_utf8(message.text));
  EXPECT_EQ(message.text.find('\x1b'), std::string::npos);
  EXPECT_LE(message.text.size(), 65'536u);
  EXPECT_EQ(read_commit_message("\n\n  \n").text, "");
  EXPECT_EQ(read_commit_message("\n\nlate subject\r\n\r\nbody\r\n").text, "late subject\n\nbody");
  EXPECT_LE(read_commit_message(std::string(400'000, '@')).text.size(), 65'536u);
}

}  // namespace
}  // namespace autodev::observe
