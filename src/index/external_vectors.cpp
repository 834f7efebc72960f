// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/external_vectors.h"

#include <algorithm>

#include "base/wire.h"
#include "index/vectors.h"

namespace autodev::index {
namespace {

constexpr std::string_view head_key = "head";
constexpr std::string_view format_name = "external/2";

std::string bytes_of(Fingerprint fingerprint) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof fingerprint; ++i)
    bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(fingerprint >> (8 * i))));
  return bytes;
}

Fingerprint fingerprint_of(std::string_view bytes) noexcept {
  Fingerprint fingerprint = 0;
  for (std::size_t i = 0; i < std::min(bytes.size(), sizeof fingerprint); ++i)
    fingerprint |= Fingerprint{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
  return fingerprint;
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
  for (const base::Table table :
       {external_head_table, external_todo_table, external_vectors.bits, external_vectors.rows})
    AUTODEV_TRY(state.clear(table));
  return {};
}

Result<void> start_external(base::KvWrite& state, const ExternalHead& head) {
  AUTODEV_TRY(clear_external(state));
  AUTODEV_TRY_ASSIGN(const auto documents, all_documents(state));
  for (const DocumentEntry& document : documents)
    AUTODEV_TRY(await_external(state, document.number, document.fingerprint));
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

Result<void> await_external(base::KvWrite& state, std::uint32_t number, Fingerprint fingerprint) {
  return state.put(external_todo_table, number_key(number), bytes_of(fingerprint));
}

Result<std::vector<WaitingDocument>> waiting_documents(const base::KvRead& state, std::size_t limit) {
  std::vector<WaitingDocument> waiting;
  AUTODEV_TRY(state.scan(external_todo_table, {}, {}, [&](std::string_view key, std::string_view value) {
    if (waiting.size() >= limit) return false;
    waiting.push_back({number_of(key), {}, fingerprint_of(value)});
    return true;
  }));
  for (WaitingDocument& document : waiting) {
    AUTODEV_TRY_ASSIGN(document.id, id_of(state, document.number));
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
