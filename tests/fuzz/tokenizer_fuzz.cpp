// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A tokenizer.json of any shape is read or refused, and what is read splits any text within its limits. A zero byte parts the file
// from the text.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "index/wordpiece.h"

namespace {

void split(const autodev::index::bert::WordPiece& tokenizer, std::string_view text) {
  constexpr std::size_t most = 64;
  const std::size_t around = tokenizer.rules().before.size() + tokenizer.rules().after.size();
  const auto pieces = tokenizer.encode(text, most);
  if (pieces.size() > std::max(most, around)) std::abort();
  for (const std::uint32_t piece : pieces)
    if (piece > tokenizer.largest()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev::index::bert;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(bytes.find('\0'), bytes.size());
  const std::string_view file = bytes.substr(0, end), text = bytes.substr(std::min(end + 1, size));
  if (const auto tokenizer = read_tokenizer_json(file)) split(*tokenizer, text);
  if (const auto tokenizer = read_vocabulary_text(file, text)) split(*tokenizer, text);
  // Without a usable file the text still meets a usual one.
  static const auto usual = read_vocabulary_text("[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##a\nb\n##b\n\xC3\xA9\n##\xE4\xB8\xAD\n", "");
  if (usual) split(*usual, bytes);
  return 0;
}
