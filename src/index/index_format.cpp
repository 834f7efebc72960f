// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Encoding of the keys and records described in index_format.h.
#include "index/index_format.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "base/wire.h"
#include "index/words.h"

namespace autodev::index {
namespace {

constexpr std::string_view format_name = "index/3";
constexpr std::string_view head_key = "head";
constexpr const char* rebuild_hint =
    "delete the derived state (the journal stays) and let it be rebuilt: `auto-dev learn rebuild`";

Error damaged(std::string_view what) {
  return {ErrorCode::bad_data, fmt::format("the search index is damaged: unreadable {}", what), rebuild_hint};
}

Error foreign(std::string_view what, std::string_view stored, std::string_view wanted) {
  return {ErrorCode::config,
          fmt::format("the search index was built with {} \"{}\", this program uses \"{}\"", what, stored, wanted),
          rebuild_hint};
}

}  // namespace

tl::unexpected<Error> damaged(std::string_view what, std::uint64_t number) {
  return tl::make_unexpected(
      Error{ErrorCode::bad_data, fmt::format("the search index is damaged: {} {} is altered or missing", what, number),
            rebuild_hint});
}

void seal(std::string& bytes, std::uint32_t number) {
  const auto check = static_cast<std::uint32_t>(base::mix64(base::hash64(bytes), number));
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(check >> (8 * i))));
}

bool is_sealed(std::string_view value, std::uint32_t number) noexcept {
  if (value.size() < 4) return false;
  const auto check = static_cast<std::uint32_t>(base::mix64(base::hash64(sealed_part(value)), number));
  for (std::size_t i = 0; i < 4; ++i)
    if (static_cast<std::uint8_t>(value[value.size() - 4 + i]) != static_cast<std::uint8_t>(check >> (8 * i)))
      return false;
  return true;
}

TermKey term_key(TermSort sort, std::string_view text) noexcept {
  return base::hash64(text, static_cast<std::uint64_t>(sort)) >> 24;
}

std::string term_prefix(TermKey key) {
  std::string bytes(5, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(static_cast<std::uint8_t>(key >> (8 * (bytes.size() - 1 - i))));
  return bytes;
}

std::string number_key(std::uint32_t number) {
  std::string key(4, '\0');
  for (std::size_t i = 0; i < key.size(); ++i)
    key[i] = static_cast<char>(static_cast<std::uint8_t>(number >> (24 - 8 * i)));
  return key;
}

std::string_view id_key(const PatternId& id) noexcept {
  return {reinterpret_cast<const char*>(id.digest.bytes.data()), id.digest.bytes.size()};
}

Result<std::optional<Head>> read_head(const base::KvRead& state) {
  AUTODEV_TRY_ASSIGN(const auto stored, state.get(head_table, head_key));
  if (!stored) return std::nullopt;
  base::WireReader reader(*stored);
  const std::string_view format = reader.bytes();
  if (!reader.ok()) return tl::make_unexpected(damaged("head"));
  if (format != format_name) return tl::make_unexpected(foreign("format", format, format_name));
  Head head;
  head.documents = reader.u64();
  head.next_number = reader.u32();
  head.total_length = reader.u64();
  head.dimensions = reader.u32();
  head.words = reader.bytes();
  head.embedder = reader.bytes();
  if (!reader.ok() || head.documents > head.next_number) return tl::make_unexpected(damaged("head"));
  if (head.words != words_scheme) return tl::make_unexpected(foreign("words", head.words, words_scheme));
  return head;
}

Result<std::optional<Head>> read_head_for(const base::KvRead& state, std::string_view embedder,
                                          std::uint32_t dimensions) {
  AUTODEV_TRY_ASSIGN(auto head, read_head(state));
  if (head && (head->embedder != embedder || head->dimensions != dimensions))
    return tl::make_unexpected(foreign("embedder", fmt::format("{} ({})", head->embedder, head->dimensions),
                                       fmt::format("{} ({})", embedder, dimensions)));
  return head;
}

Result<void> write_head(base::KvWrite& state, const Head& head) {
  std::string bytes;
  base::WireWriter writer(bytes);
  writer.bytes(format_name);
  writer.u64(head.documents);
  writer.u32(head.next_number);
  writer.u64(head.total_length);
  writer.u32(head.dimensions);
  writer.bytes(head.words);
  writer.bytes(head.embedder);
  return state.put(head_table, head_key, bytes);
}

}  // namespace autodev::index
