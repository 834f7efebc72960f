// SPDX-License-Identifier: MIT OR Apache-2.0
//
// How text becomes terms.
#include "index/words.h"

#include <gtest/gtest.h>

#include "index/word_scan.h"

namespace autodev::index {
namespace {

using Words = std::vector<std::string>;

/// All words of all identifiers of a text.
Words scanned(std::string_view text) {
  Words words;
  WordScanner scanner(text);
  while (scanner.next())
    for (std::size_t i = 0; i < scanner.size(); ++i) words.emplace_back(scanner.word(i));
  return words;
}

Words whole_terms(std::string_view text) {
  Words found;
  for (const Term& term : terms_of(text))
    if (term.whole) found.push_back(term.text);
  return found;
}

TEST(Words, IdentifiersAreCutAtCaseDigitsAndUnderscores) {
  EXPECT_EQ(scanned("parseHTTPHeader_v2"), (Words{"parse", "http", "header", "v", "2"}));
  EXPECT_EQ(scanned("__init__ XMLParser toUTF8"), (Words{"init", "xml", "parser", "to", "utf", "8"}));
  EXPECT_EQ(scanned("md5sum"), (Words{"md", "5", "sum"}));
  EXPECT_EQ(scanned("SCREAMING_CASE x"), (Words{"screaming", "case", "x"}));
}

TEST(Words, ThePluralOfAnAcronymIsOneWord) {
  EXPECT_EQ(scanned("URLs and IDs"), (Words{"urls", "and", "ids"}));
  EXPECT_EQ(scanned("HTTPSession"), (Words{"http", "session"}));
  EXPECT_EQ(scanned("getURLsOf"), (Words{"get", "urls", "of"}));
}

TEST(Words, LanguagesNamedWithSignsAreWords) {
  EXPECT_EQ(scanned("C++ and C# or c++ code"), (Words{"cpp", "and", "csharp", "or", "cpp", "code"}));
  EXPECT_EQ(scanned("for (c=0; c<n; c++) c#"), (Words{"for", "c", "0", "c", "n", "c", "csharp"}));
  EXPECT_EQ(scanned("C c"), (Words{"c", "c"}));
}

TEST(Words, OtherScriptsAreSearchable) {
  EXPECT_EQ(scanned("größe ÜBER"), (Words{"größe", "über"}));
  EXPECT_EQ(scanned("Привет мир"), (Words{"привет", "мир"}));
  EXPECT_EQ(scanned("读取文件"), (Words{"读", "取", "文", "件"}));
  EXPECT_EQ(scanned("a—b “quoted” 🙂"), (Words{"a", "b", "quoted"}));
}

TEST(Words, BytesThatAreNotTextSeparate) {
  EXPECT_EQ(scanned(std::string_view("one\0two\xff"
                                     "three\xc3",
                                     15)),
            (Words{"one", "two", "three"}));
  EXPECT_EQ(scanned("\xed\xa0\x80\xf8\x88\xc0\xaf"), Words{});
}

TEST(Words, LongWordsAreCutAndLongTextsEnd) {
  const std::string blob(1 << 20, 'a');
  ASSERT_EQ(scanned(blob).size(), 1u);
  EXPECT_EQ(scanned(blob).front().size(), WordScanner::max_word_bytes);
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "word_list ";
  EXPECT_EQ(terms_of(many).size(), 4096u);
}

TEST(Words, InflectedFormsShareAStem) {
  const std::vector<Words> families = {
      {"authentication", "authenticate", "authenticated", "authenticator"},
      {"serialize", "serialized", "serializing", "serializer", "serialization"},
      {"directory", "directories"},
      {"parse", "parses", "parsing", "parsed"},
      {"connect", "connection", "connections", "connecting"},
      {"stop", "stopping", "stops"},
      {"fail", "failing", "fails"},
      {"relational", "relate"},
      {"agreed", "agree"},
      {"hope", "hoping"},
      {"verify", "verification", "verifies"},
      {"multiply", "multiplication"},
  };
  for (const Words& family : families)
    for (const std::string& word : family) EXPECT_EQ(stem(word), stem(family.front())) << word;
}

TEST(Words, DifferentWordsKeepDifferentStems) {
  const std::vector<std::pair<std::string, std::string>> pairs = {{"hop", "hope"},      {"sort", "store"},
                                                                  {"string", "stream"}, {"encode", "decode"},
                                                                  {"import", "export"}, {"bus", "bu"}};
  for (const auto& [a, b] : pairs) EXPECT_NE(stem(a), stem(b)) << a;
}

TEST(Words, StemsOfEverythingThatIsNotPlainLettersAreTheWordItself) {
  EXPECT_EQ(stem(""), "");
  EXPECT_EQ(stem("is"), "is");
  EXPECT_EQ(stem("größen"), "größen");
  EXPECT_EQ(stem(std::string(1000, 'y')), std::string(1000, 'y'));
  for (const std::string word : {"eed", "ing", "ies", "sses", "yyy", "ion", "ement", "aaa"})
    EXPECT_FALSE(stem(word).empty()) << word;
}

TEST(Words, AbbreviationsMeetTheirLongForm) {
  EXPECT_EQ(terms_of("str"), terms_of("strings"));
  EXPECT_EQ(terms_of("cfg dir"), terms_of("configuration directory"));
  EXPECT_EQ(spelled_out("banana"), "banana");
}

TEST(Words, StopWordsAreDroppedButWordsForConditionsAreKept) {
  EXPECT_TRUE(terms_of("how do I use the").empty());
  for (const std::string word : {"without", "between", "first", "last", "each", "all", "only"})
    EXPECT_FALSE(is_stop_word(word)) << word;
}

TEST(Words, SpellingsOfOneIdentifierAgreeAsAWhole) {
  EXPECT_EQ(whole_terms("read_json_file"), Words{"readjsonfile"});
  EXPECT_EQ(whole_terms("readJsonFile ReadJSONFile"), (Words{"readjsonfile", "readjsonfile"}));
  EXPECT_TRUE(whole_terms("plain prose has no such terms").empty());
}

}  // namespace
}  // namespace autodev::index
