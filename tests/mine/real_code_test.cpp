// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Near-copies as people write them, in four languages: renamed locals, an inserted statement, another callee.
// The template has to read like source, and each instance has to come out of it again.
#include <gtest/gtest.h>

#include "mine/leader.h"
#include "mine/real_code.h"
#include "mine/signature.h"
#include "mine/template.h"

namespace autodev::mine {
namespace {

using test::functions_of;
using test::tree_of;

struct Folded {
  Template pattern;
  std::vector<CodeUnit> units;
};

/// Folds all functions of a source; each must satisfy the join rule.
Folded fold(std::string_view source, std::string_view path) {
  Folded folded{{}, functions_of(source, path)};
  const auto first = tree_of(folded.units.at(0));
  folded.pattern = template_of(first, folded.units[0].text);
  const Signature leader = minhash(structural_features(first));
  for (std::size_t i = 1; i < folded.units.size(); ++i) {
    const auto tree = tree_of(folded.units[i]);
    const Signature signature = minhash(structural_features(tree));
    auto joined = try_join(folded.pattern, leader, tree, folded.units[i].text, signature);
    EXPECT_TRUE(joined) << folded.units[i].name << " was not taken for a near-copy";
    if (joined) folded.pattern = std::move(joined->result);
  }
  return folded;
}

/// Matching and filling in gives each unit's own text back.
void expect_round_trip(const Folded& folded) {
  for (const auto& unit : folded.units) {
    const auto fillers = match(folded.pattern, tree_of(unit), unit.text);
    ASSERT_TRUE(fillers) << unit.name;
    EXPECT_EQ(test::value_of(instantiate(folded.pattern, *fillers)), unit.text);
  }
}

constexpr std::string_view python_source = R"(
def users_list(client, limit):
    result = client.get("/users", params={"limit": limit})
    result.raise_for_status()
    return result.json()


def orders_list(api, limit):
    response = api.get("/orders", params={"limit": limit})
    log.debug(response)
    response.raise_for_status()
    return response.json()


def order_delete(api, limit):
    response = api.delete("/order", params={"limit": limit}, timeout=3)
    response.raise_for_status()
    return response.json()
)";

TEST(RealCode, PythonNearCopiesGiveAReadableTemplate) {
  const Folded folded = fold(python_source, "client.py");
  EXPECT_EQ(render(folded.pattern), R"(def $1($2, limit):
    $3 = $2.$4($5, params={"limit": limit}, $$$6)
    $$$7
    $3.raise_for_status()
    return $3.json())");
  const auto holes = public_holes(folded.pattern);
  ASSERT_EQ(holes.size(), 7u);
  EXPECT_EQ(holes[3].kind, "identifier");
  EXPECT_EQ(holes[3].fillers.front(), (std::pair<std::string, std::uint32_t>("get", 2)));
  EXPECT_EQ(holes[4].kind, "literal");
  EXPECT_EQ(holes[6].name, "$$$7");
  EXPECT_EQ(holes[6].fillers.back().first, "log.debug(response)");
  expect_round_trip(folded);
}

constexpr std::string_view cpp_source = R"(
int sum_all(const std::vector<int>& values) {
  int total = 0;
  for (int value : values) total += value;
  return total;
}

double sum_prices(const std::vector<double>& prices) {
  double sum = 0;
  for (double price : prices) sum += price;
  log(sum);
  return sum;
}
)";

TEST(RealCode, CppNearCopiesLinkTheTypeThatChangesEverywhere) {
  const Folded folded = fold(cpp_source, "sum.cpp");
  EXPECT_EQ(render(folded.pattern), R"($1 $2(const std::vector<$1>& $3) {
  $1 $4 = 0;
  for ($1 $5 : $3) $4 += $5;
  $$$6
  return $4;
})");
  EXPECT_EQ(public_holes(folded.pattern)[0].kind, "type");
  expect_round_trip(folded);
}

constexpr std::string_view javascript_source = R"(
async function loadUser(id) {
  const response = await fetch(`/users/${id}`);
  if (!response.ok) throw new Error("no user");
  return response.json();
}

async function loadOrder(orderId) {
  const reply = await fetch(`/orders/${orderId}`);
  if (!reply.ok) throw new Error("no order");
  console.log(orderId);
  return reply.json();
}

async function saveOrder(orderId, options) {
  const reply = await post(`/orders/${orderId}`, options);
  if (!reply.ok) throw new Error("not saved");
  return reply.json();
}
)";

TEST(RealCode, JavaScriptNearCopiesOpenParametersAndArguments) {
  const Folded folded = fold(javascript_source, "load.js");
  EXPECT_EQ(render(folded.pattern), R"(async function $1($2, $$$3) {
  const $4 = await $5(`$6${$2}`, $$$7);
  if (!$4.ok) throw new Error($8);
  $$$9
  return $4.json();
})");
  expect_round_trip(folded);
}

constexpr std::string_view go_source = R"(package p

func readConfig(path string) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var c Config
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, err
	}
	return &c, nil
}

func readState(name string) (*State, error) {
	bytes, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var s State
	if err := json.Unmarshal(bytes, &s); err != nil {
		return nil, err
	}
	s.fill()
	return &s, nil
}

func readTable(name string) (*Table, error) {
	bytes, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var t Table
	if err := yaml.Unmarshal(bytes, &t); err != nil {
		return nil, err
	}
	return &t, nil
}
)";

TEST(RealCode, GoNearCopiesKeepTheErrorHandling) {
  const Folded folded = fold(go_source, "read.go");
  EXPECT_EQ(render(folded.pattern), R"(func $1($2 string) (*$3, error) {
	$4, err := os.ReadFile($2)
	if err != nil {
		return nil, err
	}
	var $5 $3
	if err := $6.Unmarshal($4, &$5); err != nil {
		return nil, err
	}
	$$$7
	return &$5, nil
})");
  expect_round_trip(folded);
}

TEST(RealCode, TextOfAnotherIndentationIsMoved) {
  const Folded folded = fold(R"(
def first(items):
    total = 0
    for item in items:
        total += item
    return check(total)


class Box:
    def second(self, items):
        total = 0
        for item in items:
            total += item
        if total > 9:
            total = 9
        return check(total)
)",
                             "box.py");
  EXPECT_EQ(render(folded.pattern), R"(def $1($$$2, items):
    total = 0
    for item in items:
        total += item
    $$$3
    return check(total))");
  const auto fillers = match(folded.pattern, tree_of(folded.units[1]), folded.units[1].text);
  ASSERT_TRUE(fillers);
  EXPECT_EQ(fillers->at(2), "\n    if total > 9:\n        total = 9");
  EXPECT_EQ(test::value_of(instantiate(folded.pattern, *fillers)), R"(def second(self, items):
    total = 0
    for item in items:
        total += item
    if total > 9:
        total = 9
    return check(total))");
}

TEST(RealCode, ParenthesesComeAlongWhereTheyKeepTheMeaning) {
  const Folded folded = fold(R"(
bool fail(int state) { check(state); return (state & bad) != 0 && open(state); }
bool poor(int state) { check(state); return (state & (bad | late)) != 0 && open(state); }
)",
                             "bits.cpp");
  EXPECT_EQ(render(folded.pattern), "bool $1(int state) { check(state); return (state & $2) != 0 && open(state); }");
  expect_round_trip(folded);
}

TEST(RealCode, WordsNeverRunTogether) {
  const auto units = functions_of(R"(
void put(const Name &name) { check(name); store(name, 1); }
void set(Name name) { check(name); store(name, 1); }
)",
                                  "put.cpp");
  const Template pattern =
      anti_unify(template_of(tree_of(units[0]), units[0].text), tree_of(units[1]), units[1].text).result;
  const auto fillers = match(pattern, tree_of(units[1]), units[1].text);
  ASSERT_TRUE(fillers);
  EXPECT_EQ(test::value_of(instantiate(pattern, *fillers)), units[1].text);
}

TEST(RealCode, DecoratorsAreAGapInFrontOfTheKeyword) {
  const auto units = functions_of(R"(
class Box:
    @property
    def size(self):
        return self.count(self.items)

    def wide(self):
        return self.count(self.items)
)",
                                  "box.py");
  ASSERT_EQ(units.size(), 2u);
  const Template pattern =
      anti_unify(template_of(tree_of(units[0]), units[0].text), tree_of(units[1]), units[1].text).result;
  EXPECT_EQ(render(pattern), "$$$1\n    def $2(self):\n        return self.count(self.items)");
  const auto fillers = match(pattern, tree_of(units[1]), units[1].text);
  ASSERT_TRUE(fillers);
  EXPECT_EQ(test::value_of(instantiate(pattern, *fillers)), units[1].text);
}

}  // namespace
}  // namespace autodev::mine
