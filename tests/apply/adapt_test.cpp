// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The parts of adaptation: pieces, signatures, rewriting, fragments, and whole candidates.
#include "apply/adapt.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "apply/assignment.h"
#include "apply/bind.h"
#include "apply/code_tokens.h"
#include "apply/equal.h"
#include "apply/fragments.h"
#include "apply/header.h"
#include "apply/nearest.h"
#include "apply/pieces.h"
#include "apply/rewrite.h"
#include "apply/splice.h"
#include "apply/tamper.h"
#include "apply/treatment.h"

namespace autodev::apply {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (const auto& piece : pieces_of(text)) out.push_back(piece.lower);
  return out;
}

TEST(Pieces, SplitEveryNamingStyleAlike) {
  const std::vector<std::string> expected{"user", "group", "list"};
  for (const char* name : {"user_group_list", "userGroupList", "UserGroupList", "user.group.list", "USER-GROUP-LIST"})
    EXPECT_EQ(words(name), expected) << name;
  EXPECT_EQ(words("parseHTTPHeader"), (std::vector<std::string>{"parse", "http", "header"}));
}

TEST(Pieces, KeepNumbersWhole) {
  EXPECT_EQ(words("n0 = 30.0, 14 %"), (std::vector<std::string>{"n", "0", "30", "14"}));
  EXPECT_EQ(words("0.50"), std::vector<std::string>{"0.5"});
  EXPECT_TRUE(words("").empty());
  EXPECT_TRUE(words("++ -- !!").empty());
}

TEST(SignatureShape, ReadsFourWaysToWriteParameters) {
  const auto python = parse_signature("def get(self, *, user_id: str, limit: Optional[int] = None, **kw) -> Dict[str, int]:",
                                      Language::python);
  EXPECT_EQ(python.entry, "get");
  ASSERT_EQ(python.parameters.size(), 3u);
  EXPECT_EQ(python.parameters[0], (Parameter{"user_id", "str", "", false}));
  EXPECT_EQ(python.parameters[1], (Parameter{"limit", "Optional[int]", "None", false}));
  EXPECT_TRUE(python.parameters[2].variadic);
  EXPECT_EQ(python.returns, "Dict[str,int]");

  const auto cpp = parse_signature("std::map<int, int> count(const std::vector<int>& values, int k) {", Language::cpp);
  EXPECT_EQ(cpp.entry, "count");
  ASSERT_EQ(cpp.parameters.size(), 2u);
  EXPECT_EQ(cpp.parameters[0].name, "values");
  EXPECT_EQ(cpp.parameters[1].type, "int");
  EXPECT_EQ(cpp.returns, "std::map<int,int>");

  const auto go = parse_signature("func (s *Set) Add(x int, y string) error {", Language::go);
  EXPECT_EQ(go.entry, "Add");
  ASSERT_EQ(go.parameters.size(), 2u);
  EXPECT_EQ(go.parameters[1], (Parameter{"y", "string", "", false}));

  const auto arrow = parse_signature("const total = async (items, rate = 2) =>", Language::javascript);
  EXPECT_EQ(arrow.entry, "total");
  ASSERT_EQ(arrow.parameters.size(), 2u);
  EXPECT_EQ(arrow.parameters[1].default_value, "2");

  const auto rust = parse_signature("pub fn add(&mut self, x: Vec<(u8, u8)>) -> bool", Language::rust);
  EXPECT_EQ(rust.entry, "add");
  ASSERT_EQ(rust.parameters.size(), 1u);
  EXPECT_EQ(rust.parameters[0].type, "Vec<(u8,u8)>");
}

TEST(SignatureShape, SurvivesFragments) {
  EXPECT_EQ(parse_signature("class Stack:", Language::python).entry, "Stack");
  EXPECT_EQ(parse_signature("", Language::python).entry, "");
  const auto open = parse_signature("def area(", Language::python);
  EXPECT_EQ(open.entry, "area");
  EXPECT_FALSE(open.complete);
  for (const char* hostile : {"((((", "def )(", "=>", ",,,,", "def f(a=)", "(*)", "<><>("})
    (void)parse_signature(hostile, Language::cpp);
}

TEST(CodeTokens, TellStringsCommentsAndNamesApart) {
  const std::string code = "x = f\"a # b\"  # note\ny = '''c\nd''' + 1.5e-3\n";
  std::vector<std::string> texts;
  for (const auto& token : tokens_of(code, Language::python)) texts.emplace_back(text_of(code, token));
  EXPECT_EQ(texts, (std::vector<std::string>{"x", "=", "f\"a # b\"", "# note", "y", "=", "'''c\nd'''", "+", "1.5e-3"}));
  EXPECT_EQ(string_contents("f\"abc\""), "abc");
  EXPECT_EQ(string_contents("'''a'''"), "a");
}

TEST(CodeTokens, EndUnfinishedLiteralsWithTheLine) {
  for (const char* code : {"x = \"abc\ny", "/* never closed", "'''", "'", "`", "\"\\", "r\""})
    for (const auto language : {Language::python, Language::cpp, Language::rust, Language::go, Language::bash}) {
      std::size_t last = 0;
      for (const auto& token : tokens_of(code, language)) {
        EXPECT_GE(token.start, last);
        EXPECT_LE(token.end, std::string_view(code).size());
        last = token.end;
      }
    }
}

TEST(Equal, IgnoresLayoutOnly) {
  EXPECT_TRUE(equal_code("def f(a):\n    return 'x'\n", "def f( a, ):  # c\n    return \"x\"", Language::python));
  EXPECT_FALSE(equal_code("if a:\n    b\nc\n", "if a:\n    b\n    c\n", Language::python));
  EXPECT_FALSE(equal_code("a - b", "b - a", Language::python));
}

TEST(Equal, AlphaIgnoresNamesTheCodeBindsItself) {
  const char* one = "def f(a):\n    total = a + 1\n    return total\n";
  EXPECT_TRUE(alpha_equal_code(one, "def f(x):\n    s = x + 1\n    return s\n", Language::python));
  EXPECT_FALSE(alpha_equal_code(one, "def f(x):\n    s = x + 1\n    return x\n", Language::python));
  EXPECT_FALSE(alpha_equal_code(one, "def f(x):\n    s = x + 2\n    return s\n", Language::python));
  EXPECT_FALSE(alpha_equal_code("return min(a)", "return max(a)", Language::python));
}

TEST(Equal, SameIngredientsSeesThroughGroupingButNotThroughOperandOrder) {
  EXPECT_TRUE(same_ingredients("m.update({\"a\": a, \"b\": b})", "m.update({\"a\": a})\nm.update({\"b\": b})", Language::python));
  EXPECT_FALSE(same_ingredients("return a - b", "return b - a", Language::python));
  EXPECT_FALSE(same_ingredients("f(a, b)", "f(b, a)", Language::python));
  EXPECT_FALSE(same_ingredients("x = \",\".join(a)", "x = a", Language::python));
}

TEST(Equal, ConstantArgumentsMayDifferWhereTestsHaveSeenThem) {
  const auto alike = [](const char* a, const char* b) { return same_but_for_constant_arguments(a, b, Language::python); };
  EXPECT_TRUE(alike("return call(\"x\", verb=\"POST\", params=p)", "return call(\"x\", params=p)"));
  EXPECT_FALSE(alike("return call(\"x\", verb=v, params=p)", "return call(\"x\", params=p)"));
  EXPECT_FALSE(alike("return call(\"x\", params=p)", "return call(\"y\", params=p)"));
  EXPECT_FALSE(alike("x = [1, n]", "x = [1]"));
}

std::string rewritten(const std::string& code, const std::string& from, const std::string& to) {
  return rewrite(code, Language::python, compare_names(from, to).rules, {}).code;
}

TEST(Rewrite, CarriesTheStyleOfThePlaceOver) {
  EXPECT_EQ(rewritten("call(\"users.list\")", "users_list", "channels_setTopic"), "call(\"channels.setTopic\")");
  EXPECT_EQ(rewritten("UsersList()", "users_list", "channels_info"), "ChannelsInfo()");
  EXPECT_EQ(rewritten("USERS_LIST = 1", "users_list", "channels_info"), "CHANNELS_INFO = 1");
  EXPECT_EQ(rewritten("usersList = users_list", "users_list", "channels_info"), "channelsInfo = channels_info");
  EXPECT_EQ(rewritten("\"users-list\"", "users_list", "channels_info"), "\"channels-info\"");
}

TEST(Rewrite, LeavesKeywordsFixedNamesAndForeignWordsAlone) {
  EXPECT_EQ(rewritten("return returns", "return_it", "give_it"), "return returns");
  RewriteScope scope;
  scope.fixed_names = {"users_list"};
  EXPECT_EQ(rewrite("users_list(x)", Language::python, compare_names("users_list", "teams_list").rules, scope).code,
            "users_list(x)");
  EXPECT_EQ(rewritten("superusers", "users", "teams"), "superusers");
}

TEST(Rewrite, ReplacesNumbersByValueAndNeverInsideNames) {
  const auto rules = compare_texts("a sum of 14 % for 4 years", "a sum of 12 % for 7 years").rules;
  EXPECT_EQ(rewrite("x4 = 14.0 * 4", Language::python, rules, {}).code, "x4 = 12.0 * 7");
}

TEST(Rewrite, TellsEqualNumbersApartByWhatStandsInFront) {
  const auto rules = compare_texts("n0 = 4.0 n1 = 4.0", "n0 = 3.0 n1 = 5.0").rules;
  const auto result = rewrite("n0 = 4.0\nn1 = 4.0\n", Language::python, rules, {}).code;
  EXPECT_TRUE(result == "n0 = 3.0\nn1 = 5.0\n" || result == "n0 = 4.0\nn1 = 4.0\n") << result;
}

TEST(Rewrite, PairsNamesSpelledLikeCodeOneByOne) {
  const auto difference = compare_texts("as a dict: trackingCode, weightGrams.", "as a dict: number, totalCents.");
  const auto out = rewrite("{\"trackingCode\": s.tracking_code, \"weightGrams\": s.weight_grams}", Language::python,
                           difference.rules, {});
  EXPECT_EQ(out.code, "{\"number\": s.number, \"totalCents\": s.total_cents}");
}

TEST(Rewrite, KeepsTheNewWordsSeparatorsWhereTheOldOnesStoodAsWritten) {
  const auto difference = compare_texts("and Founders' Day on", "and New Year's Eve on");
  EXPECT_EQ(rewrite("d[1] = \"Founders' Day\"", Language::python, difference.rules, {}).code, "d[1] = \"New Year's Eve\"");
}

TEST(Rewrite, TakesALetterThatIsAWholeTextForItself) {
  const auto difference = compare_texts("short -j", "short -w");
  EXPECT_EQ(rewrite("j != \"-j\"", Language::cpp, difference.rules, {}).code, "j != \"-w\"");
}

TEST(Bind, PairsEqualNamesFirstThenTypesAndAllowsToStayAlone) {
  const auto from = parse_signature("def f(user: str, limit: int = None, cursor: str = None):", Language::python);
  const auto to = parse_signature("def g(limit: int = None, channel: str, latest: str = None, inclusive: bool = None):", Language::python);
  const auto any = bind_parameters(from, to, Binding::any, {});
  EXPECT_EQ(any.renamed, (std::vector<std::pair<std::string, std::string>>{{"user", "channel"}, {"cursor", "latest"}}));
  ASSERT_EQ(any.added.size(), 1u);
  EXPECT_EQ(any.added[0].name, "inclusive");
  EXPECT_TRUE(any.dropped.empty());
  EXPECT_FALSE(any.stretched);
  const auto by_name = bind_parameters(from, to, Binding::same_name, {});
  EXPECT_EQ(by_name.dropped, (std::vector<std::string>{"user", "cursor"}));
  EXPECT_EQ(by_name.added.size(), 3u);
}

TEST(Bind, TheUsageDecidesBetweenParametersOfOneType) {
  const auto from = parse_signature("def f(a, b):", Language::python);
  const auto to = parse_signature("def g(x, y):", Language::python);
  const Role crossed = [](const Parameter& old, const Parameter& now) { return (old.name == "a") == (now.name == "y") ? 1.0 : 0.0; };
  EXPECT_EQ(bind_parameters(from, to, Binding::any, {}).renamed[0].second, "x");
  EXPECT_EQ(bind_parameters(from, to, Binding::any, crossed).renamed[0].second, "y");
}

TEST(Assignment, IsTheCheapestOfAllByComparisonWithAllPermutations) {
  std::uint64_t seed = 7;
  for (int round = 0; round < 200; ++round) {
    const std::size_t n = 1 + round % 5;
    std::vector<std::vector<double>> cost(n, std::vector<double>(n));
    for (auto& row : cost)
      for (auto& c : row) c = static_cast<double>((seed = seed * 6364136223846793005u + 1442695040888963407u) >> 60);
    std::vector<std::size_t> order(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = i;
    double least = 1e9;
    do {
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i) sum += cost[i][order[i]];
      least = std::min(least, sum);
    } while (std::next_permutation(order.begin(), order.end()));
    double got = 0;
    for (std::size_t i = 0; const auto& column : cheapest_assignment(cost, n, 1000)) {
      ASSERT_TRUE(column.has_value());
      got += cost[i++][*column];
    }
    EXPECT_DOUBLE_EQ(got, least);
  }
}

TEST(Assignment, LeavesAloneWhatCostsMoreThanStayingAlone) {
  const auto chosen = cheapest_assignment({{5, 0.1}, {5, 9}}, 2, 1);
  EXPECT_EQ(chosen[0], std::optional<std::size_t>(1));
  EXPECT_EQ(chosen[1], std::nullopt);
  EXPECT_TRUE(cheapest_assignment({}, 3, 1).empty());
}

TEST(Header, IsFoundInSeveralLanguages) {
  const std::string python = "import re\n\ndef f(a: Dict[str, int]) -> int:\n    return 1\n";
  const auto range = find_header(python, Language::python, "f");
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(python.substr(range->start, range->end - range->start), "def f(a: Dict[str, int]) -> int:");
  const std::string cpp = "static int f(int a) {\n  return f(a);\n}\n";
  const auto c = find_header(cpp, Language::cpp, "f");
  ASSERT_TRUE(c.has_value());
  EXPECT_EQ(cpp.substr(c->start, c->end - c->start), "static int f(int a) ");
  EXPECT_FALSE(find_header("f(1);", Language::cpp, "f").has_value());
  EXPECT_FALSE(find_header(python, Language::python, "").has_value());
}

const char* const two_parameters =
    "def list(self, *, user: str, limit: int = 5):\n"
    "    query = {\"user\": user, \"limit\": limit}\n"
    "    if limit is not None:\n"
    "        check(limit)\n"
    "    return self.call(query)\n";

TEST(Fragments, AreDroppedWithTheirParameter) {
  const std::string code = two_parameters;
  const auto body = find_header(code, Language::python, "list")->end;
  const auto without = drop_parameter(code, Language::python, body, "limit", {"user", "limit"});
  ASSERT_TRUE(without.has_value());
  EXPECT_EQ(without->substr(body), "\n    query = {\"user\": user}\n    return self.call(query)\n");
}

TEST(Fragments, AreRepeatedForANewParameter) {
  const std::string code = two_parameters;
  const auto body = find_header(code, Language::python, "list")->end;
  const auto more = repeat_parameter(code, Language::python, body, "limit", "page", {"user", "limit", "page"});
  ASSERT_TRUE(more.has_value());
  EXPECT_EQ(more->substr(body),
            "\n    query = {\"user\": user, \"limit\": limit, \"page\": page}\n"
            "    if limit is not None:\n        check(limit)\n"
            "    if page is not None:\n        check(page)\n"
            "    return self.call(query)\n");
}

TEST(Fragments, WorkInBracedLanguages) {
  const std::string code = "function f(a, b) {\n  const q = {a: a, b: b};\n  if (b) {\n    q.c = b;\n  }\n  return q;\n}\n";
  const auto body = find_header(code, Language::javascript, "f")->end;
  const auto without = drop_parameter(code, Language::javascript, body, "b", {"a", "b"});
  ASSERT_TRUE(without.has_value());
  EXPECT_EQ(without->substr(body), "{\n  const q = {a: a};\n  return q;\n}\n");
}

TEST(Fragments, AreRefusedInSharedExpressions) {
  const std::string code = "def f(a, b):\n    return a + b\n";
  EXPECT_FALSE(drop_parameter(code, Language::python, 12, "b", {"a", "b"}).has_value());
  EXPECT_FALSE(repeat_parameter(code, Language::python, 12, "b", "c", {"a", "b", "c"}).has_value());
}

TEST(Fragments, SurviveBrokenCode) {
  for (const char* code : {"def f(a:", "((((", "}}}}", "{a, a", "if a:\n", "a", "", "a,,,a]"})
    for (const auto language : {Language::python, Language::cpp, Language::go}) {
      (void)drop_parameter(code, language, 0, "a", {"a", "b"});
      (void)repeat_parameter(code, language, 0, "a", "b", {"a", "b"});
    }
}

Learned learned(const std::string& spec, const std::string& signature, const std::string& code) {
  Learned earlier;
  earlier.task.spec = spec;
  earlier.task.signature = signature;
  earlier.task.language = Language::python;
  earlier.shape = parse_signature(signature, Language::python);
  earlier.code = code;
  return earlier;
}

std::vector<Candidate> candidates(const Learned& earlier, const std::string& spec, const std::string& signature) {
  VisibleTask now;
  now.spec = spec;
  now.signature = signature;
  now.language = Language::python;
  return adapt(earlier, now, parse_signature(signature, Language::python), 0, 1, {});
}

TEST(Adapt, FitsASiblingOfTheSameFamily) {
  const auto earlier = learned("Reads the HTTP_TIMEOUT setting, 30.0 when it is missing.", "def http_timeout(settings):",
                               "def http_timeout(settings):\n    return float(settings.get(\"HTTP_TIMEOUT\", \"30.0\"))\n");
  const auto all = candidates(earlier, "Reads the POLL_INTERVAL setting, 5.0 when it is missing.", "def poll_interval(settings):");
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all[0].code, "def poll_interval(settings):\n    return float(settings.get(\"POLL_INTERVAL\", \"5.0\"))\n");
  EXPECT_DOUBLE_EQ(all[0].spec_residue, 0);
}

TEST(Adapt, ReportsMeaningThatTheCodeDidNotFollow) {
  const auto earlier = learned("Area of a circle", "def area(r):", "def area(r):\n    return 3.14 * r * r\n");
  const auto all = candidates(earlier, "Perimeter of a circle", "def perimeter(r):");
  ASSERT_FALSE(all.empty());
  EXPECT_GT(all[0].spec_residue, 0.3);
  EXPECT_GT(all[0].name_residue, 0);
}

TEST(Adapt, NeverCopiesTheOpposite) {
  const auto earlier = learned("Smallest number of a list", "def smallest(a):", "def smallest(a):\n    return min(a)\n");
  EXPECT_TRUE(candidates(earlier, "Largest number of a list", "def largest(a):").empty());
}

TEST(Adapt, MarksParametersOfAnotherType) {
  const auto earlier = learned("Sets the name", "def set_name(self, *, name: str):",
                               "def set_name(self, *, name: str):\n    self.call({\"name\": name})\n");
  const auto fits = candidates(earlier, "Sets the title", "def set_title(self, *, title: str):");
  ASSERT_FALSE(fits.empty());
  EXPECT_FALSE(fits[0].stretched);
  const auto stretched = candidates(earlier, "Sets the tags", "def set_tags(self, *, tags: List[str]):");
  ASSERT_FALSE(stretched.empty());
  EXPECT_TRUE(stretched[0].stretched);
}

const char* const lists =
    "def list(self, *, users: List[str]):\n"
    "    if isinstance(users, list):\n"
    "        query.update({\"users\": \",\".join(users)})\n"
    "    return self.call(query)\n";

TEST(Treatments, TellAJoinedListFromOneThatIsPassedOn) {
  Treatments treatments;
  treatments.add(learned("", "def list(self, *, users: List[str]):", lists));
  const Parameter parameter{"teams", "List[str]", "", false};
  const std::string joined = "def f(self, *, teams: List[str]):\n    if isinstance(teams, list):\n"
                             "        query.update({\"teams\": \",\".join(teams)})\n    return self.call(query)\n";
  const std::string passed_on = "def f(self, *, teams: List[str]):\n    query.update({\"teams\": teams})\n    return self.call(query)\n";
  const auto shape = parse_signature("def f(self, *, teams: List[str]):", Language::python);
  EXPECT_LT(treatments.strangeness(joined, Language::python, shape), 0.6);
  EXPECT_DOUBLE_EQ(treatments.strangeness(passed_on, Language::python, shape), 1);
  EXPECT_EQ(treatments.loans(Language::python, parameter, 2).size(), 1u);
  EXPECT_TRUE(treatments.loans(Language::python, {"teams", "Dict", "", false}, 2).empty());
  EXPECT_TRUE(treatments.loans(Language::go, parameter, 2).empty());
}

TEST(Adapt, BorrowsStatementsForAParameterThatTheTemplateLacks) {
  Treatments treatments;
  treatments.add(learned("", "def list(self, *, users: List[str]):", lists));
  const auto earlier = learned("Closes a room", "def close(self):", "def close(self):\n    return self.call(query)\n");
  VisibleTask now;
  now.spec = "Closes a room";
  now.signature = "def close(self, *, teams: List[str]):";
  now.language = Language::python;
  Experience experience;
  experience.lender = [&](const Parameter& p) { return treatments.loans(Language::python, p, 2); };
  const auto all = adapt(earlier, now, parse_signature(now.signature, Language::python), 0, 1, experience);
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all[0].code,
            "def close(self, *, teams: List[str]):\n    if isinstance(teams, list):\n"
            "        query.update({\"teams\": \",\".join(teams)})\n    return self.call(query)\n");
}

TEST(Splice, TakesOneDifferingStretchFromTheOther) {
  const std::string a = "def f(x):\n    check(x)\n    y = x + 1\n    return y\n";
  const std::string b = "def f(x):\n    y = x + 1\n    return [y]\n";
  const auto variants = splice(a, b, Language::python, "f");
  EXPECT_NE(std::find(variants.begin(), variants.end(), "def f(x):\n    check(x)\n    y = x + 1\n    return [y]\n"), variants.end());
  EXPECT_NE(std::find(variants.begin(), variants.end(), "def f(x):\n    y = x + 1\n    return y\n"), variants.end());
}

TEST(Splice, HasNothingToOfferWhenTheOtherIsTheOnlyVariant) {
  EXPECT_TRUE(splice("def f(x):\n    return x\n", "def f(x):\n    return -x\n", Language::python, "f").empty());
  EXPECT_TRUE(splice("def f(x):\n    return x\n", "def f(x):\n    return x\n", Language::python, "f").empty());
  for (const char* broken : {"", "def f(", "def f(x):", "((((", "def f(x):\n"})
    EXPECT_TRUE(splice(broken, "def f(x):\n    a\n    b\n", Language::python, "f").empty()) << broken;
}

TEST(Tamper, PoisonChangesOneTokenOfTheBody) {
  const std::string code = "def f(a, b=1):\n    return a <= b + 2\n";
  const auto body = find_header(code, Language::python, "f")->end;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto bad = poisoned(code, Language::python, body, seed);
    EXPECT_NE(bad, code);
    EXPECT_EQ(bad.substr(0, body), code.substr(0, body));
    EXPECT_NE(bad.find("<="), std::string::npos) << "half of an operator is no operator";
  }
  EXPECT_EQ(poisoned("def f(a):\n    return a\n", Language::python, 9, 1), "def f(a):\n    return a\n");
}

TEST(Nearest, RanksByRareSharedWordsAndByRecency) {
  TaskIndex index;
  const auto add = [&](const std::string& spec) {
    VisibleTask task;
    task.spec = spec;
    task.language = Language::python;
    return index.add(task);
  };
  add("sort the list of names");
  add("decode a morse message");
  const auto later = add("sort the list of names");
  VisibleTask query;
  query.language = Language::python;
  query.spec = "sort names";
  const auto found = index.nearest(query, 5);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].task, later);
  query.language = Language::cpp;
  EXPECT_TRUE(index.nearest(query, 5).empty());
}

}  // namespace
}  // namespace autodev::apply
