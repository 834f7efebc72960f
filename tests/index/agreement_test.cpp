// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/agreement.h"

#include <gtest/gtest.h>

#include "index/opposites.h"
#include "index/request_bench.h"
#include "index/request_pairs.h"
#include "index/words.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

std::optional<Difference> differs(std::string_view request, std::string_view said, std::string_view code = {}) {
  const auto found = disagreement(request, {"", std::string(said), std::string(code)});
  return found ? std::optional(found->kind) : std::nullopt;
}

TEST(Agreement, TellsOppositesApart) {
  EXPECT_EQ(differs("enable the account of a user", "disable the account of a user"), Difference::opposite);
  EXPECT_EQ(differs("find the largest number", "find_min: the smallest number of a list"), Difference::opposite);
  EXPECT_EQ(differs("decode a text in base64", "encode_base64"), Difference::opposite);
  EXPECT_EQ(differs("list unsorted entries", "list sorted entries"), Difference::opposite);
  EXPECT_EQ(differs("check in the luggage", "check out the luggage"), Difference::opposite);
}

TEST(Agreement, TellsStoringFromReading) {
  EXPECT_TRUE(disagreement("store the configuration file", {"read_config", "", ""}).has_value());
  EXPECT_TRUE(disagreement("dump the config to a file", {"read_config", "", ""}).has_value());
  EXPECT_TRUE(disagreement("save the config to a file", {"read_config", "Reads the configuration of a file.", ""}).has_value());
  EXPECT_FALSE(disagreement("store the configuration file", {"write_config", "", ""}).has_value());
  EXPECT_FALSE(disagreement("get an item from the store", {"read_item", "", ""}).has_value());
}

TEST(Agreement, ReadsTurnOnAndTurnOffAsEnableAndDisable) {
  EXPECT_EQ(differs("turn off the account", "enable_account"), Difference::opposite);
  EXPECT_EQ(differs("turn the account off", "enable_account"), Difference::opposite);
  EXPECT_EQ(differs("switch the user account off", "activate_user_account"), Difference::opposite);
  EXPECT_EQ(differs("switch on the account", "disable_account"), Difference::opposite);
  EXPECT_EQ(differs("enable the account", "turn_off_account"), Difference::opposite);
  EXPECT_EQ(differs("turn on the light", "turn_off"), Difference::opposite);
  EXPECT_EQ(differs("turn off the account", "disable_account: disables the account"), std::nullopt);
  EXPECT_EQ(differs("turn the account on", "enable_account"), std::nullopt);
  EXPECT_EQ(differs("switch branches on the disabled server", "switch_branches: on a disabled server"), std::nullopt);
}

TEST(Agreement, LetsOtherWordsForTheSamePass) {
  EXPECT_EQ(differs("find the largest number", "max_of: greatest number of a list"), std::nullopt);
  EXPECT_EQ(differs("remove a folder", "delete_directory: removes a directory with all that is in it"), std::nullopt);
  EXPECT_EQ(differs("read a file", "copies a file: reads it and writes it elsewhere"), std::nullopt);
  EXPECT_EQ(differs("parse json", "loads a document"), std::nullopt);
}

TEST(Agreement, TellsUnitsAndNamesApart) {
  EXPECT_EQ(differs("duration in seconds", "duration in milliseconds"), Difference::unit);
  EXPECT_EQ(differs("connect to postgres", "connect to mysql"), Difference::name);
  EXPECT_EQ(differs("connect to postgres", "connect to postgresql"), std::nullopt);
  EXPECT_EQ(differs("hash with sha256", "hash with md5"), Difference::name);
  EXPECT_EQ(differs("first 10 lines of a file", "first 20 lines of a file"), Difference::number);
  EXPECT_EQ(differs("release 14.0.1", "release 14.1.0"), Difference::number) << "the parts of a version mean nothing by themselves";
  EXPECT_EQ(differs("wait 2.5 seconds", "wait 5.2 seconds"), Difference::number);
  EXPECT_EQ(differs("wait 2.5 seconds", "wait 2.5 seconds."), std::nullopt);
  EXPECT_EQ(differs("read the yaml settings", "read the json settings", "return yaml.load(text)"), std::nullopt)
      << "the code has what the description leaves out";
}

TEST(Agreement, TellsDirectionsApart) {
  EXPECT_EQ(differs("convert celsius to fahrenheit", "convert fahrenheit to celsius"), Difference::direction);
  EXPECT_EQ(differs("csv2json", "json_to_csv"), Difference::direction);
  EXPECT_EQ(differs("integer from string", "string to integer"), std::nullopt) << "the same direction, said backwards";
  EXPECT_EQ(differs("subtract tax from price", "subtract price from tax"), Difference::direction);
}

TEST(Agreement, TellsNegationsApart) {
  EXPECT_EQ(differs("users who are active", "users who are not active"), Difference::negation);
  EXPECT_EQ(differs("words without vowels", "words with vowels"), Difference::negation);
  EXPECT_EQ(differs("users who aren't active", "users that are not active"), std::nullopt);
  EXPECT_EQ(differs("don't send the mail", "send the mail"), Difference::negation);
  EXPECT_EQ(differs("dont send the mail", "send the mail"), Difference::negation);
}

TEST(Agreement, TakesASingleExchangedWordSeriously) {
  EXPECT_EQ(differs("frobnicate the network interface", "grumble the network interface"), Difference::word);
  EXPECT_EQ(differs("frobnicate the network interface", "sets up all that is needed for traffic on an interface"), std::nullopt);
}

TEST(Agreement, LeavesNamesTheirTaste) {
  EXPECT_FALSE(disagreement("access the median", {"get_median", "", ""}).has_value());
  EXPECT_TRUE(disagreement("unlock the door", {"lock_door", "", ""}).has_value());
}

TEST(Agreement, IsSymmetricForShortTexts) {
  const std::pair<const char*, const char*> pairs[] = {{"enable it", "disable it"}, {"rows of a table", "columns of a table"},
                                                       {"a to b of x", "b to a of x"}, {"not empty list", "empty list"}};
  for (const auto& [one, other] : pairs) {
    EXPECT_EQ(differs(one, other).has_value(), differs(other, one).has_value()) << one;
    EXPECT_EQ(differs(one, one), std::nullopt) << one;
  }
}

TEST(Agreement, CallsOnlyEqualRequestsTheSame) {
  EXPECT_TRUE(same_request("delete a folder", "remove the directory"));
  EXPECT_FALSE(same_request("delete a folder", "delete a folder of images"));
  EXPECT_FALSE(same_request("fix the parser", "fix the printer"));
  EXPECT_FALSE(same_request("", ""));
}

TEST(Agreement, TellsARevertFromTheRevertOfIt) {
  EXPECT_EQ(differs("Revert \"Revert \"Merge stable\"\"", "Revert \"Merge stable\""), Difference::negation);
  EXPECT_EQ(differs("revert: merge stable", "Revert \"Merge stable\""), std::nullopt);
}

TEST(Agreement, TellsVersionsApart) {
  EXPECT_FALSE(same_request("14.0.1", "14.1.0"));
  EXPECT_FALSE(same_request("grep-printer-0.2.0", "grep-printer-0.2.2"));
  EXPECT_TRUE(same_request("Release 14.0.1", "release 14.0.1"));
}

TEST(Agreement, SurvivesHostileText) {
  const std::string flood(100'000, 'a');
  std::string links;
  for (int i = 0; i < 20'000; ++i) links += "x" + std::to_string(i) + " to ";
  EXPECT_EQ(differs(flood, "\xff\xfe to \xc0"), std::nullopt);
  EXPECT_EQ(differs(links, links), std::nullopt);
  EXPECT_EQ(differs("", "not"), std::nullopt);
}

TEST(Opposites, AreSymmetricAndNeverTheWordItself) {
  for (const OppositePair& pair : opposite_pairs()) {
    const std::string one = stem(spelled_out(pair.one)), other = stem(spelled_out(pair.other));
    EXPECT_TRUE(are_opposites(one, other)) << pair.one;
    EXPECT_TRUE(are_opposites(other, one)) << pair.one;
    EXPECT_FALSE(are_opposites(one, one)) << pair.one;
  }
  EXPECT_FALSE(are_opposites("port", "import"));
}

constexpr std::string_view words = "[verb]\nmute | unmute\n[name]\nvim | emacs\n";
constexpr std::string_view templates =
    "[verb]\n{} the channel of a guild\n[name]\nopen the file in {}\n[direction]\nmove {} to {}\n[direction-pairs]\nleft | right\n"
    "[negation]\nfiles that match | files that do not match\n";

TEST(RequestBench, CountsFalseHitsWithAndWithoutTheComparison) {
  RequestTexts texts;
  texts.pairs = value_of(make_request_pairs(words, templates));
  texts.paraphrases = value_of(read_pairs("delete a folder | remove a directory\n", "paraphrases"));
  texts.subjects = {"Fix the parser", "Fix the printer", "Add a test"};
  texts.foreign = {"bake a sourdough bread"};
  const RequestReport report = value_of(run_request_bench(texts));
  std::uint64_t pairs = 0, shown = 0, ungated = 0;
  for (const auto& [kind, counts] : report.by_kind) {
    pairs += counts.pairs;
    shown += counts.shown;
    ungated += counts.shown_ungated;
  }
  EXPECT_EQ(pairs, texts.pairs.size());
  EXPECT_EQ(shown, 0u) << report.text();
  EXPECT_GT(ungated, 0u) << "without the comparison there are false hits";
  EXPECT_EQ(report.found, 1u);
  EXPECT_EQ(report.subjects_same, 0u);
  EXPECT_EQ(report.subject_pairs, 6u);
  EXPECT_EQ(report.refused, 1u);
}

TEST(RequestBench, SaysWhichLineOfAListIsWrong) {
  EXPECT_FALSE(make_request_pairs("[verb]\nmute unmute\n", templates).has_value());
  EXPECT_FALSE(make_request_pairs("mute | unmute\n", templates).has_value());
  EXPECT_FALSE(read_pairs("one and other\n", "paraphrases").has_value());
}

}  // namespace
}  // namespace autodev::index
