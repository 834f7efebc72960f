// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Payload envelope and the small payloads. Ids are digests of the CBOR bytes before compression, so they do not
// depend on the version of the compressor.
#include <fmt/format.h>

#include <algorithm>

#include "base/compress.h"
#include "base/hash.h"
#include "base/text.h"
#include "knowledge/event_codec.h"
#include "knowledge/record.h"
#include "knowledge/unit_codec.h"

namespace autodev::knowledge {
namespace {

constexpr std::int64_t payload_version = 1;
constexpr std::size_t max_forgotten = 1'000'000;
constexpr std::size_t max_replicas = 65'536;
constexpr std::size_t max_options = 64;      // decision.h: 1..64 options
constexpr std::size_t max_context_bytes = std::size_t{64} << 10;  // vote/context.h
constexpr std::size_t max_note_bytes = std::size_t{64} << 10;

constexpr std::string_view feedback_name(FeedbackVerdict verdict) noexcept {
  switch (verdict) {
    case FeedbackVerdict::helped: return "helped";
    case FeedbackVerdict::irrelevant: return "irrelevant";
    case FeedbackVerdict::wrong: return "wrong";
    case FeedbackVerdict::disable: return "disable";
    case FeedbackVerdict::enable: return "enable";
  }
  return "irrelevant";
}

void text(CborMap& map, std::string_view key, std::string_view value, std::size_t max = max_note_bytes) {
  if (!value.empty()) map.key(key).text(base::clip_utf8(value, max));
}

void write(CborMap& map, CborWriter& writer, const LearningEvent& event) { write_event(map, writer, event); }

void write(CborMap& map, CborWriter& writer, const Forget& forget) {
  if (!forget.events.empty()) {
    const std::size_t count = std::min(forget.events.size(), max_forgotten);
    map.key("events").array(count);
    for (std::size_t i = 0; i < count; ++i) write_digest(writer, forget.events[i].digest);
  }
  text(map, "project", forget.project, max_name_bytes);
  if (forget.everything) map.key("everything").boolean(true);
  if (forget.restore) map.key("restore").boolean(true);
  if (!forget.keep.empty()) {
    const std::size_t count = std::min(forget.keep.size(), max_replicas);
    map.key("keep").array(2 * count);
    for (std::size_t i = 0; i < count; ++i) {
      write_digest(writer, forget.keep[i].first.digest);
      writer.integer(static_cast<std::int64_t>(forget.keep[i].second & INT64_MAX));
    }
  }
  text(map, "reason", forget.reason);
}

void write(CborMap& map, CborWriter&, const Feedback& feedback) {
  write_digest(map.key("pattern"), feedback.pattern.digest);
  map.key("verdict").text(feedback_name(feedback.verdict));
  text(map, "note", feedback.note);
  text(map, "query", base::clip_utf8(feedback.query, max_note_bytes));
}

void write_numbers(CborMap& map, CborWriter& writer, std::string_view key, const std::vector<double>& numbers) {
  if (numbers.empty()) return;
  const std::size_t count = std::min(numbers.size(), max_options);
  map.key(key).array(count);
  for (std::size_t i = 0; i < count; ++i) writer.number(numbers[i]);
}

void read_numbers(CborReader& reader, std::vector<double>& numbers) {
  const std::size_t count = reader.array(max_options);
  for (std::size_t i = 0; i < count && reader.ok(); ++i) numbers.push_back(reader.number());
}

void write(CborMap& map, CborWriter& writer, const DecisionMade& decision) {
  write_digest(map.key("id"), decision.id.digest);
  text(map, "type", decision.type, max_name_bytes);
  text(map, "chosen", decision.chosen, max_name_bytes);
  const std::size_t count = std::min(decision.options.size(), max_options);
  map.key("options").array(count);
  for (std::size_t i = 0; i < count; ++i) writer.text(base::clip_utf8(decision.options[i], max_name_bytes));
  map.key("propensity").number(decision.propensity);
  text(map, "context", decision.context, max_context_bytes);
  text(map, "prefer", decision.prefer, max_name_bytes);
  write_numbers(map, writer, "probabilities", decision.probabilities);
  write_numbers(map, writer, "costs", decision.costs);
  write_numbers(map, writer, "qualities", decision.qualities);
  if (!decision.vetoes.empty()) {
    const std::size_t vetoes = std::min(decision.vetoes.size(), max_options);
    map.key("vetoes").array(vetoes);
    for (std::size_t i = 0; i < vetoes; ++i) writer.text(base::clip_utf8(decision.vetoes[i], max_name_bytes));
  }
  text(map, "project", decision.project, max_name_bytes);
  if (!decision.cycle.empty()) write_digest(map.key("cycle"), decision.cycle.digest);
}

void write(CborMap& map, CborWriter&, const DecisionOutcome& outcome) {
  write_digest(map.key("id"), outcome.id.digest);
  map.key("success").boolean(outcome.success);
  map.key("reward").number(outcome.reward);
  text(map, "option", outcome.option, max_name_bytes);
}

void write(CborMap& map, CborWriter&, const ImportedPattern& imported) {
  text(map, "origin", imported.origin, max_name_bytes);
  write_unit(map.key("exemplar"), imported.exemplar);
  text(map, "name", imported.name, max_name_bytes);
  text(map, "description", imported.description);
  if (imported.anti) map.key("anti").boolean(true);
  text(map, "cause", imported.cause);
  if (imported.replacement) write_unit(map.key("replacement"), *imported.replacement);
}

bool read(CborReader& reader, std::string_view key, LearningEvent& event) {
  return read_event_member(reader, key, event);
}

bool read(CborReader& reader, std::string_view key, Forget& forget) {
  if (key == "events") {
    const std::size_t count = reader.array(max_forgotten);
    for (std::size_t i = 0; i < count && reader.ok(); ++i) forget.events.push_back({read_digest(reader)});
  } else if (key == "project") forget.project = reader.string(max_name_bytes);
  else if (key == "everything") forget.everything = reader.boolean();
  else if (key == "restore") forget.restore = reader.boolean();
  else if (key == "keep") {
    const std::size_t count = reader.array(2 * max_replicas) / 2;
    for (std::size_t i = 0; i < count && reader.ok(); ++i) {
      const ReplicaId replica{read_digest(reader)};
      forget.keep.emplace_back(replica, reader.natural());
    }
  } else if (key == "reason") forget.reason = reader.string(max_note_bytes);
  else return false;
  return true;
}

bool read(CborReader& reader, std::string_view key, Feedback& feedback) {
  if (key == "pattern") feedback.pattern.digest = read_digest(reader);
  else if (key == "verdict") {
    const std::string_view name = reader.string(32);
    if (name == "helped") feedback.verdict = FeedbackVerdict::helped;
    else if (name == "irrelevant") feedback.verdict = FeedbackVerdict::irrelevant;
    else if (name == "wrong") feedback.verdict = FeedbackVerdict::wrong;
    else if (name == "disable") feedback.verdict = FeedbackVerdict::disable;
    else if (name == "enable") feedback.verdict = FeedbackVerdict::enable;
    else reader.reject();
  } else if (key == "note") feedback.note = reader.string(max_note_bytes);
  else if (key == "query") feedback.query = reader.string(max_note_bytes);
  else return false;
  return true;
}

bool read(CborReader& reader, std::string_view key, DecisionMade& decision) {
  if (key == "id") decision.id.digest = read_digest(reader);
  else if (key == "type") decision.type = reader.string(max_name_bytes);
  else if (key == "chosen") decision.chosen = reader.string(max_name_bytes);
  else if (key == "options") {
    const std::size_t count = reader.array(max_options);
    for (std::size_t i = 0; i < count && reader.ok(); ++i) decision.options.emplace_back(reader.string(max_name_bytes));
  } else if (key == "propensity") decision.propensity = reader.number();
  else if (key == "context") decision.context = reader.string(max_context_bytes);
  else if (key == "prefer") decision.prefer = reader.string(max_name_bytes);
  else if (key == "probabilities") read_numbers(reader, decision.probabilities);
  else if (key == "costs") read_numbers(reader, decision.costs);
  else if (key == "qualities") read_numbers(reader, decision.qualities);
  else if (key == "vetoes") {
    const std::size_t count = reader.array(max_options);
    for (std::size_t i = 0; i < count && reader.ok(); ++i) decision.vetoes.emplace_back(reader.string(max_name_bytes));
  } else if (key == "project") decision.project = reader.string(max_name_bytes);
  else if (key == "cycle") decision.cycle.digest = read_digest(reader);
  else return false;
  return true;
}

bool read(CborReader& reader, std::string_view key, DecisionOutcome& outcome) {
  if (key == "id") outcome.id.digest = read_digest(reader);
  else if (key == "success") outcome.success = reader.boolean();
  else if (key == "reward") outcome.reward = reader.number();
  else if (key == "option") outcome.option = reader.string(max_name_bytes);
  else return false;
  return true;
}

bool read(CborReader& reader, std::string_view key, ImportedPattern& imported) {
  if (key == "origin") imported.origin = reader.string(max_name_bytes);
  else if (key == "exemplar") imported.exemplar = read_unit(reader);
  else if (key == "name") imported.name = reader.string(max_name_bytes);
  else if (key == "description") imported.description = reader.string(max_note_bytes);
  else if (key == "anti") imported.anti = reader.boolean();
  else if (key == "cause") imported.cause = reader.string(max_note_bytes);
  else if (key == "replacement") imported.replacement = read_unit(reader);
  else return false;
  return true;
}

std::string cbor_of(const Payload& payload) {
  std::string bytes;
  CborWriter writer(bytes);
  std::visit(
      [&](const auto& value) {
        CborMap map(writer);
        map.key("v").integer(payload_version);
        write(map, writer, value);
      },
      payload);
  return bytes;
}

template <typename Value>
Result<Payload> decode_as(std::string_view cbor) {
  CborReader reader(cbor);
  Value value{};
  std::int64_t version = 0;
  read_map(reader, [&](std::string_view key) {
    if (key == "v") version = reader.integer();
    // "v" comes first; a newer meaning is not even looked at.
    else if (version != payload_version || !read(reader, key, value)) reader.skip();
  });
  if (reader.ok() && version > payload_version)
    return fail(ErrorCode::config, fmt::format("a record has payload version {}, this program knows {}", version, payload_version),
                "use the newer version of auto-dev that wrote it");
  if (!reader.ok() || !reader.at_end() || version != payload_version)
    return fail(ErrorCode::bad_data, "the payload of a record is damaged");
  return Payload(std::move(value));
}

}  // namespace

RecordKind kind_of(const Payload& payload) noexcept { return static_cast<RecordKind>(payload.index() + 1); }

std::string encode_payload(const Payload& payload) {
  const std::string cbor = cbor_of(payload);
  return cbor.size() > max_payload_bytes ? std::string() : base::compress(cbor);
}

Result<Payload> decode_payload(RecordKind kind, std::string_view bytes) {
  // The kind comes first: what a newer program wrote need not even be compressed as we know it.
  if (kind < RecordKind::event || kind > RecordKind::import)
    return fail(ErrorCode::config, fmt::format("a record is of kind {}, which this program does not know", static_cast<int>(kind)),
                "use the newer version of auto-dev that wrote it");
  AUTODEV_TRY_ASSIGN(const std::string cbor, base::decompress(bytes, max_payload_bytes));
  switch (kind) {
    case RecordKind::event: return decode_as<LearningEvent>(cbor);
    case RecordKind::forget: return decode_as<Forget>(cbor);
    case RecordKind::feedback: return decode_as<Feedback>(cbor);
    case RecordKind::decision: return decode_as<DecisionMade>(cbor);
    case RecordKind::outcome: return decode_as<DecisionOutcome>(cbor);
    case RecordKind::import: return decode_as<ImportedPattern>(cbor);
  }
  return fail(ErrorCode::internal, "unreachable");
}

EventId event_id(const LearningEvent& event) {
  std::string bytes;
  CborWriter writer(bytes);
  {
    CborMap map(writer);
    map.key("v").integer(payload_version);
    if (event.id.empty()) {
      write_event(map, writer, event);
    } else {
      LearningEvent nameless = event;
      nameless.id = {};
      write_event(map, writer, nameless);
    }
  }
  return {base::hash128(bytes)};
}

CycleId cycle_id(std::string_view project, std::string_view specification) {
  const std::string folded = base::to_lower_ascii(base::fold_whitespace(specification));
  return {base::hash128(std::string(project) + '\0' + folded)};
}

}  // namespace autodev::knowledge
