// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/external_vectors.h"

#include <algorithm>

#include "base/wire.h"
#include "index/vectors.h"

namespace autodev::index {
namespace {

constexpr std::string_view head_key = "head";
constexpr std::string_view format_name = "external/1";

std::string_view bytes_of(const Digest& digest) noexcept {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

Digest digest_of(std::string_view bytes) noexcept {
  Digest digest;
  std::copy_n(bytes.begin(), std::min(bytes.size(), digest.bytes.size()), digest.bytes.begin());
  return digest;
}

std::uint32_t number_of(std::string_view key) noexcept {
  std::uint32_t number = 0;
  for (const char c : key.substr(0, 4)) number = (number << 8) | static_cast<std::uint8_t>(c);
  return number;
}

}  // namespace

bool is_external_table(base::Table name) noexcept {
  return name == external_head_table || name == external_todo_table || name == external_vectors.bits ||
         name == external_vectors.rows;
}

Result<std::optional<ExternalHead>> read_external_head(const base::KvRead& state) {
  AUTODEV_TRY_ASSIGN(const auto stored, state.get(external_head_table, head_key));
  // A damaged or foreign head is as none: everything is embedded again.
  if (!stored || !is_sealed(*stored, 0)) return std::nullopt;
  base::WireReader reader(sealed_part(*stored));
  if (reader.bytes() != format_name) return std::nullopt;
  ExternalHead head;
  head.embedder = reader.bytes();
  head.dimensions = reader.u32();
  if (!reader.ok() || head.dimensions == 0 || head.dimensions > max_dimensions ||
      reader.remaining() != std::size_t{head.dimensions} * sizeof(float))
    return std::nullopt;
  head.probe.resize(head.dimensions);
  const std::string_view values = reader.take(reader.remaining());
  std::copy(values.begin(), values.end(), reinterpret_cast<char*>(head.probe.data()));
  return head;
}

Result<void> clear_external(base::KvWrite& state) {
  for (const base::Table table : {external_head_table, external_todo_table, external_vectors.bits, external_vectors.rows})
    AUTODEV_TRY(state.clear(table));
  return {};
}

Result<void> start_external(base::KvWrite& state, const ExternalHead& head) {
  AUTODEV_TRY(clear_external(state));
  std::vector<PatternId> ids;
  AUTODEV_TRY(state.scan(record_table, {}, {}, [&](std::string_view key, std::string_view) {
    ids.push_back(PatternId{digest_of(key)});
    return true;
  }));
  for (const PatternId& id : ids) {
    AUTODEV_TRY_ASSIGN(const auto record, read_record(state, id));
    if (record) AUTODEV_TRY(await_external(state, record->number, record->fingerprint));
  }
  std::string bytes;
  base::WireWriter writer(bytes);
  writer.bytes(format_name);
  writer.bytes(head.embedder);
  writer.u32(head.dimensions);
  bytes.append(reinterpret_cast<const char*>(head.probe.data()), head.probe.size() * sizeof(float));
  seal(bytes, 0);
  return state.put(external_head_table, head_key, bytes);
}

std::string external_text(const Document& document) {
  return document.name + "\n" + document.description + "\n" + document.signature + "\n" + document.code;
}

Result<void> await_external(base::KvWrite& state, std::uint32_t number, const Digest& fingerprint) {
  return state.put(external_todo_table, number_key(number), bytes_of(fingerprint));
}

Result<std::vector<WaitingDocument>> waiting_documents(const base::KvRead& state, std::size_t limit) {
  std::vector<WaitingDocument> waiting;
  AUTODEV_TRY(state.scan(external_todo_table, {}, {}, [&](std::string_view key, std::string_view value) {
    if (waiting.size() >= limit) return false;
    waiting.push_back({number_of(key), {}, digest_of(value)});
    return true;
  }));
  for (WaitingDocument& document : waiting) {
    AUTODEV_TRY_ASSIGN(const auto id, state.get(id_table, number_key(document.number)));
    if (id) document.id = PatternId{digest_of(*id)};
  }
  return waiting;
}

Result<void> put_external(base::KvWrite& state, const ExternalHead& head,
                          const std::vector<std::pair<WaitingDocument, Vector>>& vectors) {
  AUTODEV_TRY_ASSIGN(const auto stored, read_external_head(state));
  if (!stored || stored->embedder != head.embedder || stored->dimensions != head.dimensions)
    return fail(ErrorCode::config, "the external embedder was changed meanwhile", "try again");
  VectorChanges changes(state, head.dimensions, external_vectors);
  for (const auto& [document, vector] : vectors) {
    const std::string key = number_key(document.number);
    AUTODEV_TRY_ASSIGN(const auto waiting, state.get(external_todo_table, key));
    if (!waiting || *waiting != bytes_of(document.fingerprint)) continue;
    if (vector.empty())
      AUTODEV_TRY(changes.remove(document.number));
    else
      AUTODEV_TRY(changes.set(document.number, vector));
    AUTODEV_TRY(state.erase(external_todo_table, key));
  }
  return changes.apply();
}

Result<Space> space_of(const base::KvRead& state, const std::optional<Head>& head, const Embedder& embedder) {
  const std::uint32_t documents = head ? head->next_number : 0;
  if (!head || (head->embedder == embedder.name() && head->dimensions == embedder.dimensions()))
    return Space{head ? head->dimensions : embedder.dimensions(), documents, {}};
  AUTODEV_TRY_ASSIGN(const auto external, read_external_head(state));
  AUTODEV_TRY_ASSIGN(const auto waiting, waiting_documents(state, 1));
  if (external && external->embedder == embedder.name() && waiting.empty())
    return Space{external->dimensions, 0, external_vectors};
  // Says which spaces they are.
  AUTODEV_TRY(read_head_for(state, embedder.name(), embedder.dimensions()));
  return fail(ErrorCode::internal, "the vectors of the embedder are not complete");
}

}  // namespace autodev::index
