// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Recurrence: what comes again in unseen projects is told from what was copied there and from what does not come again.
#include "app/recurrence_bench.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/support.h"
#include "syntax/extract.h"

namespace autodev::app {
namespace {

void add(mine::MiningLibrary& library, const std::string& project, const std::string& source) {
  syntax::ExtractOptions options;
  options.types = options.blocks = false;
  for (const CodeUnit& unit :
       test::value_of(syntax::extract_units(source, Language::python, project + "/f.py", options)).units)
    library.add(unit, library.project(project));
}

std::string retry(int number) {
  return fmt::format(
      "def fetch(client):\n    for attempt in range(3):\n        try:\n            response = client.get('/page{}', "
      "verify=session.verify)\n"
      "            response.raise_for_status()\n            return response.json()\n        except TimeoutError:\n"
      "            time.sleep(2 ** attempt)\n    raise ConnectionError('page')\n",
      number);
}

/// Code that every project has its own of.
std::string own(int number) {
  return fmt::format("def work{0}(a):\n    alpha{0}(a, {0})\n    beta{0}(a.gamma{0})\n    return delta{0}(a, 'x{0}')\n",
                     number);
}

RecurrenceResult measured(const std::function<int(int)>& variant) {
  mine::MiningLibrary library;
  for (int i = 0; i < 16; ++i) {
    const std::string project = fmt::format("project{}", i);
    add(library, project, own(i));
    add(library, project, retry(variant(i)));
  }
  RecurrenceOptions options;
  options.show = 10;
  return measure_recurrence(library, options);
}

TEST(Recurrence, APatternOfManyProjectsIsFoundInUnseenOnes) {
  const RecurrenceResult result = measured([](int i) { return i; });
  EXPECT_GT(result.summary["kept"], 0);
  EXPECT_EQ(result.summary["recurring_in_2_unseen"], 1.0);
  EXPECT_EQ(result.summary["groups"]["general"]["recurring_in_2_unseen_not_copied"], 1.0);
  ASSERT_FALSE(result.shown.empty());
  EXPECT_NE(result.shown[0].find("raise_for_status"), std::string::npos) << result.shown[0];
}

TEST(Recurrence, ACopyIsNoRecurrence) {
  const RecurrenceResult result = measured([](int) { return 7; });
  EXPECT_EQ(result.summary["groups"]["general"]["recurring_in_2_unseen"], 1.0);
  EXPECT_EQ(result.summary["groups"]["general"]["recurring_in_2_unseen_not_copied"], 0.0);
}

TEST(Recurrence, WhatIsEachProjectsOwnIsNotKept) {
  mine::MiningLibrary library;
  for (int i = 0; i < 16; ++i) add(library, fmt::format("project{}", i), own(i));
  const RecurrenceResult result = measure_recurrence(library, {});
  EXPECT_EQ(result.summary["kept"], 0);
  EXPECT_TRUE(result.summary["recurring_in_2_unseen"].is_null()) << "no number without data";
}

TEST(Recurrence, TheOrderOfTheUnitsDoesNotMatter) {
  mine::MiningLibrary forward;
  mine::MiningLibrary backward;
  for (int i = 0; i < 16; ++i) {
    add(forward, fmt::format("project{}", i), retry(i) + own(i));
    add(backward, fmt::format("project{}", 15 - i), own(15 - i) + retry(15 - i));
  }
  EXPECT_EQ(measure_recurrence(forward, {}).summary, measure_recurrence(backward, {}).summary);
}

}  // namespace
}  // namespace autodev::app
