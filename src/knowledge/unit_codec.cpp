// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Members that are empty are not written; languages and kinds go by name, so that the numbers of the
// enumerations may change.
#include "knowledge/unit_codec.h"

#include "base/text.h"

namespace autodev::knowledge {

bool fits_journal(const CodeUnit& unit) noexcept {
  return unit.text.size() <= max_unit_text_bytes && unit.tree.size() <= max_unit_tree_bytes;
}

void write_digest(CborWriter& writer, const Digest& digest) {
  writer.bytes({reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()});
}

Digest read_digest(CborReader& reader) {
  Digest digest;
  const std::string_view bytes = reader.string(digest.bytes.size());
  if (bytes.size() != digest.bytes.size()) {
    reader.reject();
    return digest;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) digest.bytes[i] = static_cast<std::uint8_t>(bytes[i]);
  return digest;
}

void write_unit(CborWriter& writer, const CodeUnit& unit) {
  CborMap map(writer);
  const auto text = [&map](std::string_view key, std::string_view value, std::size_t max) {
    if (!value.empty()) map.key(key).text(base::clip_utf8(value, max));
  };
  map.key("language").text(to_string(unit.language));
  map.key("kind").text(to_string(unit.kind));
  text("path", unit.path, max_name_bytes);
  text("name", unit.name, max_name_bytes);
  text("scope", unit.scope, max_name_bytes);
  text("signature", unit.signature, max_name_bytes);
  text("doc", unit.doc, max_unit_doc_bytes);
  if (!unit.imports.empty()) {
    const std::size_t count = std::min(unit.imports.size(), max_unit_imports);
    map.key("imports").array(count);
    for (std::size_t i = 0; i < count; ++i) writer.text(base::clip_utf8(unit.imports[i], max_name_bytes));
  }
  text("text", unit.text, max_unit_text_bytes);
  map.key("first_line").integer(unit.first_line);
  map.key("last_line").integer(unit.last_line);
  map.key("nodes").integer(unit.nodes);
  if (!unit.exact.empty()) write_digest(map.key("exact"), unit.exact);
  if (!unit.alpha.empty()) write_digest(map.key("alpha"), unit.alpha);
  if (!unit.fingerprint.empty()) write_digest(map.key("fingerprint"), unit.fingerprint);
  if (!unit.tree.empty()) map.key("tree").bytes(unit.tree);
}

CodeUnit read_unit(CborReader& reader) {
  CodeUnit unit;
  const auto number = [&reader] { return static_cast<std::uint32_t>(reader.natural(UINT32_MAX)); };
  read_map(reader, [&](std::string_view key) {
    if (key == "language") {
      unit.language = language_from_name(reader.string(32)).value_or(Language::unknown);
    } else if (key == "kind") {
      const auto kind = unit_kind_from_name(reader.string(32));
      if (kind) unit.kind = *kind;
      else reader.reject();
    } else if (key == "path") unit.path = reader.string(max_name_bytes);
    else if (key == "name") unit.name = reader.string(max_name_bytes);
    else if (key == "scope") unit.scope = reader.string(max_name_bytes);
    else if (key == "signature") unit.signature = reader.string(max_name_bytes);
    else if (key == "doc") unit.doc = reader.string(max_unit_doc_bytes);
    else if (key == "imports") {
      const std::size_t count = reader.array(max_unit_imports);
      for (std::size_t i = 0; i < count && reader.ok(); ++i) unit.imports.emplace_back(reader.string(max_name_bytes));
    } else if (key == "text") unit.text = reader.string(max_unit_text_bytes);
    else if (key == "first_line") unit.first_line = number();
    else if (key == "last_line") unit.last_line = number();
    else if (key == "nodes") unit.nodes = number();
    else if (key == "exact") unit.exact = read_digest(reader);
    else if (key == "alpha") unit.alpha = read_digest(reader);
    else if (key == "fingerprint") unit.fingerprint = read_digest(reader);
    else if (key == "tree") unit.tree = reader.string(max_unit_tree_bytes);
    else reader.skip();
  });
  return unit;
}

std::string encode_unit(const CodeUnit& unit) {
  std::string bytes;
  CborWriter writer(bytes);
  write_unit(writer, unit);
  return bytes;
}

Result<CodeUnit> decode_unit(std::string_view bytes) {
  CborReader reader(bytes);
  CodeUnit unit = read_unit(reader);
  if (!reader.ok() || !reader.at_end()) return fail(ErrorCode::bad_data, "a stored code unit is damaged",
                "delete .auto-dev/knowledge/embeddings: it is folded again by the next command");
  return unit;
}

}  // namespace autodev::knowledge
