// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Bytes and names: ids, hashes, compression, JSON, wire format, enumerations.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "autodev/event.h"
#include "autodev/ids.h"
#include "autodev/pattern.h"
#include "base/compress.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/wire.h"
#include "support/support.h"

namespace autodev::base {
namespace {

using test::value_of;

std::string random_bytes(std::mt19937_64& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random() & 0xFF);
  return bytes;
}

TEST(Ids, HaveOneTextFormAndParseIt) {
  const Digest digest = hash128("content");
  EXPECT_EQ(digest.hex().size(), 32u);
  EXPECT_EQ(Digest::parse(digest.hex()), digest);
  EXPECT_EQ(EventId::parse(digest.hex()), EventId{digest});
  std::string upper = digest.hex();
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(Digest::parse(upper), digest);
}

TEST(Ids, RejectWhatIsNotExactlyThirtyTwoDigits) {
  const std::string good(32, 'a');
  for (const std::string& text :
       {std::string(), good.substr(1), good + "a", good.substr(1) + "g", good.substr(1) + " ", std::string(32, '\0')})
    EXPECT_FALSE(Digest::parse(text)) << text;
}

TEST(Ids, TheEmptyOneIsAllZeroAndOrderIsByteOrder) {
  EXPECT_TRUE(Digest{}.empty());
  EXPECT_TRUE(PatternId{}.empty());
  Digest one;
  one.bytes[15] = 1;
  Digest big;
  big.bytes[0] = 1;
  EXPECT_FALSE(one.empty());
  EXPECT_LT(one, big);
  EXPECT_LT(one.hex(), big.hex());
  EXPECT_EQ(big.prefix64(), std::uint64_t{1} << 56);
}

TEST(Hash, IsXxh3AndStaysSo) {  // persisted: these values must never change
  EXPECT_EQ(hash64(""), 0x2d06800538d394c2ULL);
  EXPECT_EQ(hash128("").hex(), "99aa06d3014798d86001c324468d497f");
  EXPECT_NE(hash64("a"), hash64("a", 1));
  EXPECT_NE(hash128("a"), hash128("a", 1));
}

TEST(Hash, MixingDependsOnOrder) {
  EXPECT_NE(mix64(mix64(0, 1), 2), mix64(mix64(0, 2), 1));
  std::set<std::uint64_t> seen;
  for (std::uint64_t i = 0; i < 1000; ++i) seen.insert(mix64(7, i));
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(Compression, RoundTripsAndShrinksRepetition) {
  std::mt19937_64 random(1);
  for (const std::size_t size : {0u, 1u, 100u, 100'000u}) {
    const std::string bytes = random_bytes(random, size);
    EXPECT_EQ(value_of(decompress(compress(bytes), size)), bytes);
  }
  const std::string zeros(1'000'000, '0');
  EXPECT_LT(compress(zeros).size(), 1000u);
}

TEST(Compression, RefusesBombsBeforeAllocating) {
  const std::string bomb = compress(std::string(50'000'000, '0'));
  EXPECT_LT(bomb.size(), 10'000u);
  const auto result = decompress(bomb, 1'000'000);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::bad_data);
}

TEST(Compression, DamagedFramesAreErrors) {
  std::mt19937_64 random(2);
  const std::string frame = compress(random_bytes(random, 300) + std::string(300, 'x'));
  EXPECT_FALSE(decompress("", 100));
  EXPECT_FALSE(decompress("not zstd at all", 100));
  for (std::size_t cut = 0; cut < frame.size(); ++cut) ASSERT_FALSE(decompress(frame.substr(0, cut), 10'000)) << cut;
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = frame;
    damaged[random() % damaged.size()] = static_cast<char>(random() & 0xFF);
    const auto result = decompress(damaged, 10'000);
    ASSERT_TRUE(!result || result->size() <= 10'000u);
  }
}

TEST(JsonText, EqualValuesHaveEqualBytes) {
  const Json a = value_of(parse_json(R"({"b": 1, "a": [true, null, "x"]})", "test"));
  EXPECT_EQ(dump_json(a), R"({"a":[true,null,"x"],"b":1})");
  EXPECT_EQ(dump_json_pretty(Json::object()), "{}\n");
  EXPECT_EQ(value_of(parse_json(dump_json_pretty(a), "test")), a);
}

TEST(JsonText, ErrorsNameTheSourceAndThePlace) {
  const auto result = parse_json("{\n  \"a\": oops\n}", "config.json");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::bad_data);
  EXPECT_NE(result.error().message.find("config.json"), std::string::npos);
  EXPECT_NE(result.error().message.find("line 2"), std::string::npos) << result.error().message;
  for (const char* text : {"", "{", "[1,]", "{\"a\":1} x", "nul", "\"\xFF\"", "1e999", "'a'"})
    EXPECT_FALSE(parse_json(text, "t")) << text;
}

TEST(JsonText, IsBoundedInSizeAndDepth) {
  EXPECT_FALSE(parse_json(std::string(1'000'000, '['), "t"));
  EXPECT_FALSE(parse_json("[1,2,3]", "t", {.max_bytes = 3, .max_depth = 64}));
  std::string nested = std::string(64, '[') + std::string(64, ']');
  EXPECT_TRUE(parse_json(nested, "t"));
  EXPECT_FALSE(parse_json(nested.insert(64, "[]"), "t"));
  EXPECT_TRUE(parse_json(std::string("\"") + std::string(500, '[') + "\"", "t")) << "brackets in strings do not nest";
}

TEST(JsonText, WritingRepairsWhatIsNotUtf8) {
  EXPECT_EQ(dump_json(Json("a\xFF")), "\"a\xEF\xBF\xBD\"");
}

TEST(Cbor, RoundTripsAndRejectsDamage) {
  const Json value = {{"list", {1, -2, 2.5, nullptr}}, {"text", "x"}};
  const std::string bytes = to_cbor(value);
  EXPECT_EQ(value_of(from_cbor(bytes, "record")), value);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    ASSERT_EQ(from_cbor(bytes.substr(0, cut), "record").error().code, ErrorCode::bad_data) << cut;
}

TEST(Cbor, DeepNestingIsAnErrorNotACrash) {
  EXPECT_FALSE(from_cbor(std::string(5'000'000, '\x81'), "record"));
  std::string deep(3'000'000, '\x81');
  EXPECT_FALSE(from_cbor(deep + '\x01', "record"));
}

TEST(Cbor, HugeDeclaredLengthsAreErrors) {
  for (const std::string& bytes :
       {std::string("\x9b\x7f\xff\xff\xff\xff\xff\xff\xff", 9), std::string("\x5b\x7f\xff\xff\xff\xff\xff\xff\xff", 9),
        std::string("\xbb\x7f\xff\xff\xff\xff\xff\xff\xff", 9)})
    EXPECT_FALSE(from_cbor(bytes, "record"));
}

TEST(Cbor, AnyBytesAreAValueOrAnError) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 20'000; ++round) {
    const std::string bytes = random_bytes(random, random() % 40);
    const auto result = from_cbor(bytes, "record");
    ASSERT_TRUE(result || result.error().code == ErrorCode::bad_data);
  }
}

TEST(Wire, RoundTripsEveryKind) {
  std::string bytes;
  WireWriter out(bytes);
  const Digest digest = hash128("x");
  out.u8(0xAB);
  out.u32(0x01020304);
  out.u64(UINT64_MAX - 1);
  out.f32(-1.5F);
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, UINT64_MAX})
    out.varint(value);
  out.bytes("text");
  out.digest(digest);
  EXPECT_EQ(bytes.substr(1, 4), "\x04\x03\x02\x01") << "little-endian";
  WireReader in(bytes);
  EXPECT_EQ(in.u8(), 0xAB);
  EXPECT_EQ(in.u32(), 0x01020304u);
  EXPECT_EQ(in.u64(), UINT64_MAX - 1);
  EXPECT_EQ(in.f32(), -1.5F);
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, UINT64_MAX})
    EXPECT_EQ(in.varint(), value);
  EXPECT_EQ(in.bytes(), "text");
  EXPECT_EQ(in.digest(), digest);
  EXPECT_TRUE(in.ok() && in.at_end());
}

TEST(Wire, ShortInputIsNoticedAndStaysNoticed) {
  std::string bytes;
  WireWriter(bytes).bytes("some text");
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    WireReader in(std::string_view(bytes).substr(0, cut));
    EXPECT_EQ(in.bytes(), "");
    EXPECT_FALSE(in.ok()) << cut;
    EXPECT_EQ(in.u64(), 0u);
    EXPECT_FALSE(in.ok());
  }
}

TEST(Wire, VarintsOfMoreThanSixtyFourBitsAreRefused) {
  for (const std::string& bytes :
       {std::string(11, '\xFF'), std::string(9, '\xFF') + '\x02', std::string(10, '\x80') + '\x01'}) {
    WireReader in(bytes);
    in.varint();
    EXPECT_FALSE(in.ok());
  }
  WireReader huge(std::string_view("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 10));
  EXPECT_EQ(huge.bytes(), "");
  EXPECT_FALSE(huge.ok()) << "a length beyond the input";
}

TEST(Names, AreReadBackAsWritten) {
  for (const auto type : {LearningEventType::implementation_success, LearningEventType::implementation_failure,
                          LearningEventType::test_passed, LearningEventType::test_failed,
                          LearningEventType::performance_improved, LearningEventType::pattern_identified})
    EXPECT_EQ(event_type_from_name(to_string(type)), type);
  for (const auto strength :
       {EvidenceStrength::none, EvidenceStrength::history, EvidenceStrength::exit_code, EvidenceStrength::report})
    EXPECT_EQ(strength_from_name(to_string(strength)), strength);
  for (const auto verdict : {Verdict::unknown, Verdict::passed, Verdict::failed})
    EXPECT_EQ(verdict_from_name(to_string(verdict)), verdict);
  for (const auto kind : {UnitKind::function, UnitKind::method, UnitKind::type, UnitKind::block})
    EXPECT_EQ(unit_kind_from_name(to_string(kind)), kind);
  EXPECT_EQ(to_string(LearningEventType::test_passed), "TestPassed");
  EXPECT_FALSE(event_type_from_name("testpassed"));
  EXPECT_FALSE(verdict_from_name(""));
}

TEST(Names, ErrorCodesAreExitCodesAndNeverTwo) {
  EXPECT_EQ(static_cast<int>(ErrorCode::usage), 64);
  EXPECT_STREQ(to_string(ErrorCode::bad_data), "bad_data");
  EXPECT_STREQ(to_string(ErrorCode::config), "config");
}

}  // namespace
}  // namespace autodev::base
