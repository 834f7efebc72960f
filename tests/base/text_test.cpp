// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

#include <random>

namespace autodev::base {
namespace {

using Words = std::vector<std::string_view>;

std::string random_bytes(std::mt19937& random, std::size_t size) {
  // Half of the bytes from the ranges where UTF-8 decisions are made.
  static constexpr unsigned char interesting[] = {0x00, 0x1B, '[',  ']',  0x7F, 0x80, 0x8F, 0x90,
                                                  0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
                                                  0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF, '\n', 'a'};
  std::string bytes(size, '\0');
  for (char& c : bytes)
    c = static_cast<char>(random() % 2 == 0 ? interesting[random() % std::size(interesting)] : random() % 256);
  return bytes;
}

TEST(Utf8, AcceptsEveryLengthAndTheLimitsOfEachRange) {
  for (const char* text : {"", "plain", "\x7f", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "eight ascii bytes and an \xC3\xA4"})
    EXPECT_TRUE(is_valid_utf8(text)) << text;
}

TEST(Utf8, RejectsOverlongFormsSurrogatesAndWhatIsBeyondUnicode) {
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "a\xC3z"})
    EXPECT_FALSE(is_valid_utf8(text)) << text;
}

TEST(Utf8, RepairReplacesEachInvalidByteAndKeepsTheRest) {
  EXPECT_EQ(repair_utf8("gr\xC3\xBC\xC3\x9F"), "gr\xC3\xBC\xC3\x9F");
  EXPECT_EQ(repair_utf8("a\xFF\xC3z"), "a\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(repair_utf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Utf8, RepairOfAnyBytesIsValidAndRepairingAgainChangesNothing) {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    const std::string bytes = random_bytes(random, random() % 40);
    const std::string repaired = repair_utf8(bytes);
    ASSERT_TRUE(is_valid_utf8(repaired));
    ASSERT_EQ(repair_utf8(repaired), repaired);
    ASSERT_EQ(is_valid_utf8(bytes), bytes == repaired);
  }
}

TEST(Utf8, ClippingNeverCutsACharacterAndNeverLosesMoreThanOne) {
  EXPECT_EQ(clip_utf8("abc", 5), "abc");
  EXPECT_EQ(clip_utf8("a\xE2\x82\xAC", 3), "a");
  EXPECT_EQ(clip_utf8("a\xE2\x82\xAC", 4), "a\xE2\x82\xAC");
  EXPECT_EQ(clip_utf8("\xE2\x82\xAC", 0), "");
  std::mt19937 random(2);
  for (int round = 0; round < 3000; ++round) {
    const std::string text = repair_utf8(random_bytes(random, random() % 40));
    const std::size_t limit = random() % 50;
    const std::string_view clipped = clip_utf8(text, limit);
    ASSERT_TRUE(is_valid_utf8(clipped));
    ASSERT_LE(clipped.size(), limit);
    ASSERT_GE(clipped.size() + 3, std::min(limit, text.size()));
  }
  EXPECT_EQ(clip_utf8(std::string(10, '\x80'), 6).size(), 6u) << "not UTF-8: cut anywhere";
}

TEST(Text, BinaryMeansANulByteEarly) {
  EXPECT_FALSE(looks_binary(""));
  EXPECT_TRUE(looks_binary(std::string_view("a\0b", 3)));
  EXPECT_TRUE(looks_binary(std::string(7999, 'x') + '\0'));
  EXPECT_FALSE(looks_binary(std::string(8000, 'x') + '\0'));
}

TEST(Text, TrimsAndFoldsWhiteSpace) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(fold_whitespace("  a \n\t b  c "), "a b c");
  EXPECT_EQ(fold_whitespace(" \n "), "");
}

TEST(Text, CodeCutOutOfALineMovesToTheMargin) {
  EXPECT_EQ(moved_to_margin("int f() {\n    return 1;\n  }"), "int f() {\n  return 1;\n}") << "the closing brace tells";
  EXPECT_EQ(moved_to_margin("def f(self):\n        if a:\n            b()\n\n        return 1\n"),
            "def f(self):\n    if a:\n        b()\n\n    return 1\n");
  EXPECT_EQ(moved_to_margin("def f\n    1\n  end"), "def f\n  1\nend");
  EXPECT_EQ(moved_to_margin("func f() {\n\t\treturn\n\t}"), "func f() {\n\treturn\n}");
  EXPECT_EQ(moved_to_margin("def f():\n\t\treturn"), "def f():\n\treturn");
  EXPECT_EQ(moved_to_margin("a = 1\n  b = 2\n  if b:\n    c()"), "a = 1\nb = 2\nif b:\n  c()") << "statements side by side";
  EXPECT_EQ(moved_to_margin("def f():  # why\n        return 1"), "def f():  # why\n    return 1");
  for (const char* same : {"", "x", "def f():\n    return 1", "def f():\n  return 1\n", "int f() {\n  return 1;\n}", "a\n\n", "\n\n"})
    EXPECT_EQ(moved_to_margin(same), same);
}

TEST(Text, LowersOnlyAscii) {
  EXPECT_EQ(to_lower_ascii("ABZ-\xC3\x84"), "abz-\xC3\x84");
}

TEST(Text, SplittingKeepsEmptyPartsAndJoiningIsItsInverse) {
  EXPECT_EQ(split("a,,b,", ','), (Words{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), (Words{""}));
  EXPECT_EQ(join({"a", "", "b"}, ", "), "a, , b");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Text, LinesEndWithNewlineOrCarriageReturnNewline) {
  EXPECT_EQ(split_lines("a\r\nb\n\nc"), (Words{"a", "b", "", "c"}));
  EXPECT_EQ(split_lines("a\n"), (Words{"a"}));
  EXPECT_EQ(split_lines(""), Words{});
  EXPECT_EQ(split_lines("\n"), (Words{""}));
}

TEST(Controls, EscapeSequencesAreRemovedWhole) {
  EXPECT_EQ(strip_controls("\x1b[1;31mred\x1b[0m"), "red");
  EXPECT_EQ(strip_controls("\x1b]0;title\x07text"), "text");
  EXPECT_EQ(strip_controls("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\"), "link");
  EXPECT_EQ(strip_controls("\x1bPquery\x1b\\a\x1b(Bb\x1b"), "ab");
  EXPECT_EQ(strip_controls("a\r\n\tb\x07\x7f\xC2\x9B"
                           "c"),
            "a\n\tbc");
}

TEST(Controls, AnUnfinishedSequenceDoesNotSwallowTheText) {
  EXPECT_EQ(strip_controls("\x1b]0;never ended\nnext line"), "0;never ended\nnext line");
  EXPECT_EQ(strip_controls("\x1b[12"), "");
}

TEST(Controls, NothingATerminalInterpretsIsLeft) {
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    const std::string plain = strip_controls(random_bytes(random, random() % 60));
    for (const char c : plain) {
      const auto byte = static_cast<unsigned char>(c);
      ASSERT_TRUE((byte >= 0x20 && byte != 0x7F) || c == '\n' || c == '\t');
    }
  }
}

TEST(Numbers, AreGroupedByThousands) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1'000), "1,000");
  EXPECT_EQ(with_thousands(1'234'567), "1,234,567");
  EXPECT_EQ(with_thousands(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(Numbers, BytesUseDecimalUnitsAndNeverFourDigits) {
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1'000), "1.0 kB");
  EXPECT_EQ(format_bytes(12'345'678), "12.3 MB");
  EXPECT_EQ(format_bytes(999'999), "1.0 MB");
  EXPECT_EQ(format_bytes(UINT64_MAX), "18.4 EB");
}

TEST(Numbers, DurationsHaveOneOrTwoUnits) {
  using namespace std::chrono_literals;
  EXPECT_EQ(format_duration(0ns), "0 ns");
  EXPECT_EQ(format_duration(15us), "15 µs");
  EXPECT_EQ(format_duration(850ms), "850 ms");
  EXPECT_EQ(format_duration(1250ms), "1.2 s");
  EXPECT_EQ(format_duration(59'999ms), "59.9 s");
  EXPECT_EQ(format_duration(190s), "3 min 10 s");
  EXPECT_EQ(format_duration(2h + 5min), "2 h 5 min");
  EXPECT_EQ(format_duration(76h), "3 d 4 h");
  EXPECT_EQ(format_duration(-2s), "-2.0 s");
  EXPECT_EQ(format_duration(std::chrono::nanoseconds::min()).front(), '-');
}

Timestamp at(std::int64_t milliseconds) {
  return Timestamp(std::chrono::milliseconds(milliseconds));
}

TEST(Timestamps, AreWrittenInUtcWithMilliseconds) {
  EXPECT_EQ(format_timestamp(at(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_timestamp(at(1'795'361'400'007)), "2026-11-22T15:30:00.007Z");
  EXPECT_EQ(format_timestamp(at(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_timestamp(Timestamp::max()), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(format_timestamp(Timestamp::min()), "0000-01-01T00:00:00.000Z");
}

TEST(Timestamps, AreReadWithZoneAndFraction) {
  EXPECT_EQ(parse_timestamp("2026-11-22T15:30:00.007Z"), at(1'795'361'400'007));
  EXPECT_EQ(parse_timestamp("2026-11-22t15:30:00.0079999z"), at(1'795'361'400'007));
  EXPECT_EQ(parse_timestamp("2026-11-22 17:00:00+01:30"), at(1'795'361'400'000));
  EXPECT_EQ(parse_timestamp("2026-11-22T07:30:00-08:00"), at(1'795'361'400'000));
  EXPECT_EQ(parse_timestamp("2024-02-29T00:00:00Z"), at(1'709'164'800'000));
  EXPECT_EQ(parse_timestamp("2016-12-31T23:59:60Z"), parse_timestamp("2017-01-01T00:00:00Z"));
}

TEST(Timestamps, RejectWhatIsNotOne) {
  for (const char* text :
       {"", "2026", "2026-11-22", "2026-11-22T15:30:00", "2026-11-22T15:30Z", "2026-13-22T15:30:00Z",
        "2026-02-30T15:30:00Z", "2026-11-22T24:30:00Z", "2026-11-22T15:60:00Z", "2026-11-22T15:30:61Z",
        "2026-11-22T15:30:00.Z", "2026-11-22T15:30:00+1:00", "2026-11-22T15:30:00Z ", " 2026-11-22T15:30:00Z",
        "+026-11-22T15:30:00Z", "2026-11-22T15:30:00+24:00", "2025-02-29T00:00:00Z", "2026-00-22T15:30:00Z"})
    EXPECT_FALSE(parse_timestamp(text)) << text;
}

TEST(Timestamps, SurviveWritingAndReading) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 2000; ++round) {
    const Timestamp time = at(static_cast<std::int64_t>(random() % 300'000'000'000'000) - 60'000'000'000'000);
    ASSERT_EQ(parse_timestamp(format_timestamp(time)), time);
  }
}

TEST(Identifiers, SplitAtCaseDigitsAndPunctuation) {
  EXPECT_EQ(split_identifier("parseHTTPHeader_v2"), (Words{"parse", "HTTP", "Header", "v2"}));
  EXPECT_EQ(split_identifier("__init__"), (Words{"init"}));
  EXPECT_EQ(split_identifier("utf8Decode"), (Words{"utf8", "Decode"}));
  EXPECT_EQ(split_identifier("sha256sum"), (Words{"sha256sum"}));
  EXPECT_EQ(split_identifier("MAX_VALUE"), (Words{"MAX", "VALUE"}));
  EXPECT_EQ(split_identifier("std::vector<int>"), (Words{"std", "vector", "int"}));
  EXPECT_EQ(split_identifier("gr\xC3\xB6\xC3\x9F"
                             "eNeu"),
            (Words{"gr\xC3\xB6\xC3\x9F"
                   "e",
                   "Neu"}));
  EXPECT_EQ(split_identifier("A"), (Words{"A"}));
  EXPECT_EQ(split_identifier("HTTP"), (Words{"HTTP"}));
  EXPECT_EQ(split_identifier("$$"), Words{});
}

TEST(Identifiers, WordsAreTheLettersAndDigitsInOrder) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    std::string name(random() % 20, ' ');
    for (char& c : name) c = "abXYZ09_-$"[random() % 10];
    std::string expected;
    for (const char c : name)
      if (std::isalnum(static_cast<unsigned char>(c)) != 0) expected.push_back(c);
    std::string words;
    for (const std::string_view word : split_identifier(name)) {
      ASSERT_FALSE(word.empty());
      words.append(word);
    }
    ASSERT_EQ(words, expected);
  }
}

}  // namespace
}  // namespace autodev::base
