// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/record.h"

#include "base/compress.h"
#include "base/hash.h"
#include "knowledge/cbor.h"
#include "support/knowledge_samples.h"
#include "support/support.h"

namespace autodev::knowledge {
namespace {

using test::value_of;

template <typename T>
void expect_round_trip(const T& value) {
  const Payload payload = value;
  const Payload decoded = value_of(decode_payload(kind_of(payload), encode_payload(payload)));
  ASSERT_TRUE(std::holds_alternative<T>(decoded));
  EXPECT_EQ(std::get<T>(decoded), value);
}

TEST(Record, EveryMemberOfAnEventSurvivesTheRoundTrip) { expect_round_trip(test::full_event()); }

TEST(Record, TheLedgerSurvivesTheRoundTrip) {
  LearningEvent event = test::full_event();
  for (const CallClass kind : {CallClass::first_try, CallClass::repair, CallClass::avoided, CallClass::avoided_visible, CallClass::wrong_reuse})
    event.ledger.push_back({kind, 1 + static_cast<std::uint32_t>(kind), std::nullopt, std::nullopt, std::nullopt});
  event.ledger[0].tokens_in = 12;
  event.ledger[0].tokens_out = 0;
  event.ledger[1].tokens_out = std::uint64_t{1} << 53;
  event.ledger[1].cost = 0.0125;
  expect_round_trip(event);
  // An endpoint may report anything: the event has to stay readable.
  event.ledger[1].tokens_out = UINT64_MAX;
  const Payload decoded = value_of(decode_payload(kind_of(Payload(event)), encode_payload(event)));
  EXPECT_EQ(std::get<LearningEvent>(decoded).ledger[1].tokens_out, std::uint64_t{1} << 53);
  EXPECT_NE(event_id(event), event_id(test::full_event())) << "calls are part of what happened";
}

TEST(Record, AnEmptyEventSurvivesTheRoundTrip) { expect_round_trip(LearningEvent{}); }

TEST(Record, TheOtherPayloadsSurviveTheRoundTrip) {
  expect_round_trip(Forget{{{base::hash128("a")}, {base::hash128("b")}}, "shop", true, true,
                           {{{base::hash128("r")}, 77}, {{base::hash128("s")}, 0}}, "asked to"});
  expect_round_trip(Forget{});
  expect_round_trip(Feedback{{base::hash128("p")}, FeedbackVerdict::wrong, "does not fit"});
  expect_round_trip(DecisionMade{{base::hash128("d")}, "approach", "reuse", {"reuse", "generate"}, 0.25});
  expect_round_trip(DecisionOutcome{{base::hash128("d")}, true, -1.5});
  const auto units = test::full_event().implementation.units;
  expect_round_trip(ImportedPattern{"other", *units[0].before, "name", "text", true, "segfault"});
}

TEST(Record, FilesAreNeverJournalled) {
  LearningEvent event = test::full_event();
  const LearningEvent without = event;
  event.implementation.files = {{"secret.py", "before", "after"}};
  const Payload decoded = value_of(decode_payload(RecordKind::event, encode_payload(event)));
  EXPECT_EQ(std::get<LearningEvent>(decoded), without);
  EXPECT_EQ(event_id(event), event_id(without));
}

TEST(Record, TextsAreClippedToTheirDocumentedLimits) {
  LearningEvent event;
  event.specification.text = std::string(100'000, 'x');
  event.outcome.failures.assign(300, CheckFailure{"t", "", 1, std::string(5000, 'm')});
  const auto decoded = std::get<LearningEvent>(value_of(decode_payload(RecordKind::event, encode_payload(event))));
  EXPECT_EQ(decoded.specification.text.size(), 64u << 10);
  ASSERT_EQ(decoded.outcome.failures.size(), 256u);
  EXPECT_EQ(decoded.outcome.failures[0].message.size(), 4096u);
}

TEST(Record, UnitsBeyondTheLimitsAreLeftOutInsteadOfMakingTheEventUnreadable) {
  LearningEvent event = test::full_event();
  event.implementation.units[0].after->text.assign((256u << 10) + 1, 'x');
  const auto decoded = std::get<LearningEvent>(value_of(decode_payload(RecordKind::event, encode_payload(event))));
  EXPECT_EQ(decoded.implementation.units.size(), event.implementation.units.size() - 1);
}

TEST(Record, TheEventIdDependsOnContentAndNotOnTheIdItself) {
  LearningEvent event = test::full_event();
  const EventId id = event_id(event);
  event.id = {};
  EXPECT_EQ(event_id(event), id);
  event.id = {base::hash128("another")};
  EXPECT_EQ(event_id(event), id);
  event.outcome.exit_code = 0;
  EXPECT_NE(event_id(event), id);
}

TEST(Record, TheEventIdIsStable) {
  // A changed id would make every event of every store a new one.
  EXPECT_EQ(event_id(test::small_event(1)).hex(), "0c1cef09396f687b5789410d9a0eacf3");
  EXPECT_EQ(event_id(test::full_event()).hex(), "69d7619b89bde2450d6f1fa67db420a4");
}

TEST(Record, CyclesIgnoreCaseAndWhiteSpaceButNotTheProject) {
  EXPECT_EQ(cycle_id("shop", "Add  a\n retry "), cycle_id("shop", "add a retry"));
  EXPECT_NE(cycle_id("shop", "add a retry"), cycle_id("shop2", "add a retry"));
  EXPECT_NE(cycle_id("shop", "add a retry"), cycle_id("shop", "add two retries"));
  EXPECT_NE(cycle_id("a", "b"), cycle_id("ab", ""));
}

std::string payload_of(const std::string& cbor) { return base::compress(cbor); }

TEST(Record, ANewerPayloadVersionIsAConfigErrorAlsoWithUnknownMembers) {
  std::string cbor;
  CborWriter writer(cbor);
  {
    CborMap map(writer);
    map.key("v").integer(2);
    map.key("verdict").array(0);  // another type than today
  }
  const auto decoded = decode_payload(RecordKind::feedback, payload_of(cbor));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::config);
}

TEST(Record, AnUnknownKindIsAConfigError) {
  const auto decoded = decode_payload(static_cast<RecordKind>(99), encode_payload(Feedback{}));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::config);
}

TEST(Record, UnknownMembersArePassedOver) {
  std::string cbor;
  CborWriter writer(cbor);
  {
    CborMap map(writer);
    map.key("v").integer(1);
    map.key("mood").array(2);
    writer.number(1.5);
    {
      CborMap inner(writer);
      inner.key("x").boolean(true);
    }
    map.key("note").text("kept");
  }
  EXPECT_EQ(std::get<Feedback>(value_of(decode_payload(RecordKind::feedback, payload_of(cbor)))).note, "kept");
}

TEST(Record, DamagedPayloadsAreRefusedAndNeverCrash) {
  const std::string good = encode_payload(test::full_event());
  for (std::size_t i = 0; i < good.size(); ++i) {
    (void)decode_payload(RecordKind::event, good.substr(0, i));
    for (const int bit : {0, 3, 7}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      (void)decode_payload(RecordKind::event, bad);
    }
  }
  std::string cbor = value_of(base::decompress(good, 1u << 20));
  for (std::size_t i = 0; i < cbor.size(); ++i) {
    EXPECT_FALSE(decode_payload(RecordKind::event, payload_of(cbor.substr(0, i)))) << i;
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = cbor;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      (void)decode_payload(RecordKind::event, payload_of(bad));
    }
  }
}

TEST(Record, HostileLengthsAndNestingCostNothing) {
  const std::string huge_array("\xa2\x61v\x01\x65units\x9b\x7f\xff\xff\xff\xff\xff\xff\xff", 18);
  EXPECT_FALSE(decode_payload(RecordKind::event, payload_of(huge_array)));
  std::string deep("\xa2\x61v\x01\x61z", 6);
  deep.append(1'000'000, '\x81');
  EXPECT_FALSE(decode_payload(RecordKind::event, payload_of(deep)));
  std::string trailing("\xa1\x61v\x01", 4);
  EXPECT_TRUE(decode_payload(RecordKind::event, payload_of(trailing)));
  EXPECT_FALSE(decode_payload(RecordKind::event, payload_of(trailing + "x")));
}

}  // namespace
}  // namespace autodev::knowledge
