// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The mining library: what counts, what joins, and that the order of arrival leaves no trace.
#include "mine/mining_library.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "mine/real_code.h"
#include "mine/thresholds.h"

namespace autodev::mine {
namespace {

using test::functions_of;
using test::tree_of;

constexpr std::string_view clients = R"(
def users_list(client, limit):
    result = client.get("/users", params={"limit": limit})
    result.raise_for_status()
    return result.json()

def is_weekend(day):
    if day.weekday() >= 5:
        return True
    return day in HOLIDAYS

def orders_list(api, limit):
    response = api.get("/orders", params={"limit": limit})
    response.raise_for_status()
    return response.json()

def items_list(api, limit):
    response = api.get("/items", params={"limit": limit})
    log.debug(response)
    response.raise_for_status()
    return response.json()
)";

std::string bytes_of(MiningLibrary& library) {
  std::string bytes;
  library.write([&](std::string_view piece) { bytes += piece; });
  return bytes;
}

/// The source with every function in `variants` versions: other paths, names, literals and extra statements.
std::vector<std::pair<std::string, CodeUnit>> many(std::size_t variants) {
  std::vector<std::pair<std::string, CodeUnit>> units;
  for (std::size_t v = 0; v < variants; ++v) {
    std::string source(clients);
    for (std::size_t at = source.find("/users"); at != std::string::npos; at = source.find("/users", at + 1))
      source.replace(at, 6, "/route" + std::to_string(v % 7));
    if (v % 3 == 0) source.insert(source.find("    return result.json()"), "    log.info(result, limit)\n");
    if (v % 5 == 0) source.insert(source.find("    if day"), "    print(day)\n    check(day, now())\n");
    for (CodeUnit& unit : functions_of(source, "file" + std::to_string(v) + ".py"))
      units.emplace_back("project" + std::to_string(v % 4), std::move(unit));
  }
  return units;
}

TEST(MiningLibrary, NearCopiesOfSeveralProjectsAreOneCluster) {
  MiningLibrary library;
  const auto units = functions_of(clients, "a.py");
  EXPECT_EQ(library.add(units[0], library.project("one")), Added::led);
  EXPECT_EQ(library.add(units[1], library.project("one")), Added::led);
  EXPECT_EQ(library.add(units[2], library.project("two")), Added::joined);
  EXPECT_EQ(library.add(units[3], library.project("three")), Added::joined);
  ASSERT_EQ(library.clusters(), 2u);
  EXPECT_EQ(library.cluster(library.unit(0).cluster).size, 3u);
  EXPECT_EQ(library.cluster(library.unit(0).cluster).projects.size(), 3u);
  EXPECT_EQ(library.cluster(library.unit(1).cluster).projects.size(), 1u);
}

TEST(MiningLibrary, CopiesInsideOneProjectBuyNoSupport) {
  MiningLibrary library;
  auto unit = functions_of(clients, "a.py")[0];
  const auto project = library.project("one");
  EXPECT_EQ(library.add(unit, project), Added::led);
  for (int copy = 0; copy < 20; ++copy) {
    unit.path = "copy" + std::to_string(copy) + ".py";
    EXPECT_EQ(library.add(unit, project), Added::copy);
  }
  EXPECT_EQ(library.units(), 1u);
  EXPECT_EQ(library.unit(0).instances, 21u);
  EXPECT_EQ(library.cluster(0).projects, std::vector<std::uint32_t>{project});
  library.add(unit, library.project("two"));
  EXPECT_EQ(library.cluster(0).projects.size(), 2u);
}

TEST(MiningLibrary, EveryMemberIsAnInstanceOfItsClustersTemplate) {
  MiningLibrary library;
  for (const auto& [project, unit] : many(12)) library.add(unit, library.project(project));
  for (const bool settled : {false, true}) {
    if (settled) library.settle();
    for (std::uint32_t u = 0; u < library.units(); ++u)
      EXPECT_TRUE(match(library.template_of_cluster(library.unit(u).cluster), library.tree_of(u), library.unit(u).text))
          << library.unit(u).text;
  }
}

TEST(MiningLibrary, AnyOrderOfArrivalGivesTheSameBytes) {
  auto units = many(24);
  MiningLibrary first;
  for (const auto& [project, unit] : units) first.add(unit, first.project(project));
  const std::string bytes = bytes_of(first);
  EXPECT_GT(first.clusters(), 1u);
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(units.begin(), units.end(), random);
    MiningLibrary other;
    for (const auto& [project, unit] : units) {
      other.add(unit, other.project(project));
      if (random() % 16 == 0) other.settle();
    }
    EXPECT_EQ(bytes_of(other), bytes) << round;
  }
}

TEST(MiningLibrary, PlacingAllAtOnceGivesTheSameBytesAndGoesOnInSmallSteps) {
  const auto units = many(24);
  MiningLibrary in_steps, at_once;
  at_once.gather();
  for (std::size_t i = 0; i + 1 < units.size(); ++i) {
    in_steps.add(units[i].second, in_steps.project(units[i].first));
    const Added what = at_once.add(units[i].second, at_once.project(units[i].first));
    EXPECT_TRUE(what == Added::kept || what == Added::copy || what == Added::too_small);
  }
  EXPECT_EQ(at_once.clusters(), 0u) << "nothing is placed before it settles";
  EXPECT_EQ(bytes_of(in_steps), bytes_of(at_once));
  for (MiningLibrary* library : {&in_steps, &at_once}) EXPECT_NE(library->add(units.back().second, library->project("last")), Added::kept);
  EXPECT_EQ(bytes_of(in_steps), bytes_of(at_once));
}

TEST(MiningLibrary, AnotherSetOfUnitsGivesOtherBytes) {
  const auto units = many(4);
  MiningLibrary all, fewer, elsewhere;
  for (std::size_t i = 0; i < units.size(); ++i) {
    all.add(units[i].second, all.project(units[i].first));
    if (i > 0) fewer.add(units[i].second, fewer.project(units[i].first));
    elsewhere.add(units[i].second, elsewhere.project(i == 0 ? "other" : units[i].first));
  }
  EXPECT_NE(bytes_of(all), bytes_of(fewer));
  EXPECT_NE(bytes_of(all), bytes_of(elsewhere));
}

TEST(MiningLibrary, WhatCannotBeReadIsLeftOut) {
  MiningLibrary library;
  auto unit = functions_of(clients, "a.py")[0];
  const auto whole = unit;
  const auto project = library.project("one");
  unit.tree = "garbage";
  EXPECT_EQ(library.add(unit, project), Added::unreadable);
  EXPECT_EQ(library.last(), MiningLibrary::no_unit);
  unit.tree.clear();
  EXPECT_EQ(library.add(unit, project), Added::unreadable);
  unit = whole;
  unit.language = Language::ruby;
  EXPECT_EQ(library.add(unit, project), Added::unreadable);
  unit = whole;
  unit.text.resize(10);
  EXPECT_EQ(library.add(unit, project), Added::unreadable);
  EXPECT_EQ(library.add(functions_of("def a(): pass", "b.py")[0], project), Added::too_small);
  EXPECT_EQ(library.units(), 0u);
  EXPECT_TRUE(library.clusters() == 0 && library.instances() == 0);
}

TEST(MiningLibrary, ClustersNameAtMostSixtyFourMembersAndCountAll) {
  MiningLibrary library;
  for (int i = 0; i < 200; ++i) {
    const std::string source =
        "def f(client):\n    answer = client.get(\"/route" + std::to_string(i) + "\")\n    return answer.json()\n";
    library.add(functions_of(source, "a.py")[0], library.project("p" + std::to_string(i % 3)));
  }
  library.settle();
  ASSERT_EQ(library.clusters(), 1u);
  EXPECT_EQ(library.cluster(0).size, 200u);
  EXPECT_EQ(library.cluster(0).members.size(), max_cluster_members);
  EXPECT_EQ(library.cluster(0).projects.size(), 3u);
}

TEST(ProjectSet, HoldsEachProjectOnceInOrder) {
  ProjectSet set;
  EXPECT_TRUE(set.all().empty());
  for (const std::uint32_t project : {5u, 2u, 9u, 2u, 5u, 1u}) set.add(project);
  EXPECT_EQ(set.all(), (std::vector<std::uint32_t>{1, 2, 5, 9}));
  EXPECT_EQ(set.size(), 4u);
  EXPECT_FALSE(set.add(9));
}

}  // namespace
}  // namespace autodev::mine
