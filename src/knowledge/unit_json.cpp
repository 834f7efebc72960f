// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/unit_json.h"

#include <algorithm>

#include "base/text.h"
#include "knowledge/unit_codec.h"
#include "mine/thresholds.h"
#include "syntax/nast.h"

namespace autodev::knowledge {
namespace {

using base::Json;

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int value_of(char c) noexcept {
  const auto found = alphabet.find(c);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

tl::unexpected<Error> wrong(const std::string& where, const std::string& what) {
  return fail(ErrorCode::bad_data, where + ": " + what);
}

void put_text(Json& json, const std::string& key, const std::string& value) {
  if (base::is_valid_utf8(value)) json[key] = value;
  else json[key + "_base64"] = to_base64(value);
}

Result<std::string> get_text(const Json& json, const std::string& key, const std::string& where, std::size_t max) {
  const std::string encoded = key + "_base64";
  if (!json.contains(encoded)) return text_member(json, key.c_str(), where, max);
  AUTODEV_TRY_ASSIGN(const std::string text, text_member(json, encoded.c_str(), where, 2 * max));
  auto bytes = from_base64(text);
  if (!bytes || bytes->size() > max) return wrong(where + "." + encoded, "not base64, or too long");
  return std::move(*bytes);
}

Result<std::uint32_t> line_member(const Json& json, const char* key, const std::string& where) {
  const auto found = json.find(key);
  if (found == json.end()) return 0;
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() > UINT32_MAX)
    return wrong(where + "." + key, "a whole number of 32 bits is expected");
  return found->get<std::uint32_t>();
}

Result<std::vector<std::string>> imports_member(const Json& json, const std::string& where) {
  std::vector<std::string> imports;
  const auto found = json.find("imports");
  if (found == json.end()) return imports;
  if (!found->is_array() || found->size() > max_unit_imports) return wrong(where + ".imports", "at most 32 names are expected");
  for (std::size_t i = 0; i < found->size(); ++i) {
    const Json& name = (*found)[i];
    const std::string at = where + ".imports[" + std::to_string(i) + "]";
    if (!name.is_string()) return wrong(at, "a text is expected");
    imports.push_back(name.get<std::string>());
    if (imports.back().size() > max_name_bytes) return wrong(at, "too long");
  }
  std::sort(imports.begin(), imports.end());
  imports.erase(std::unique(imports.begin(), imports.end()), imports.end());
  return imports;
}

/// Do the tree's names stand in the text where the tree says? A tree that describes other code would make one thing
/// match and another appear.
bool describes(const syntax::Nast& tree, std::string_view text) {
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const syntax::NastNode& node = tree.nodes[i];
    if (syntax::is_hole(node.kind) || node.end > text.size() || node.start > node.end) return false;
    if (node.kind == syntax::NodeKind::identifier && node.size == 1 &&
        text.substr(node.start, node.end - node.start) != tree.symbol(i))
      return false;
  }
  return true;
}

Result<void> read_tree(const Json& json, const std::string& where, CodeUnit& unit) {
  AUTODEV_TRY_ASSIGN(const std::string encoded, text_member(json, "tree", where, 2 * max_unit_tree_bytes));
  auto bytes = from_base64(encoded);
  if (!bytes || bytes->size() > max_unit_tree_bytes) return wrong(where + ".tree", "not base64, or too long");
  auto tree = syntax::decode_nast(*bytes);
  if (!tree) return wrong(where + ".tree", tree.error().message);
  if (tree->language != unit.language) return wrong(where + ".tree", "it is of another language than the unit");
  if (tree->nodes.size() < mine::trivial_nodes) return wrong(where + ".tree", "too small to mean anything");
  if (!describes(*tree, unit.text)) return wrong(where + ".tree", "it does not describe the text");
  const syntax::TreeDigests digests = syntax::digest_tree(*tree);
  unit.exact = digests.exact;
  unit.alpha = digests.alpha;
  unit.fingerprint = digests.fingerprint;
  unit.nodes = static_cast<std::uint32_t>(tree->nodes.size());
  unit.tree = std::move(*bytes);
  return {};
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) group = (group << 8) | (i + j < bytes.size() ? static_cast<std::uint8_t>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      text.push_back(i + j <= bytes.size() ? alphabet[(group >> (18 - 6 * j)) & 63] : '=');
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    const std::size_t padding = last ? (text[i + 3] == '=' ? (text[i + 2] == '=' ? 2U : 1U) : 0U) : 0U;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const int value = j < 4 - padding ? value_of(text[i + j]) : 0;
      if (value < 0) return std::nullopt;
      group = (group << 6) | static_cast<std::uint32_t>(value);
    }
    for (std::size_t j = 0; j < 3 - padding; ++j) bytes.push_back(static_cast<char>(group >> (16 - 8 * j)));
  }
  if (to_base64(bytes) != text) return std::nullopt;  // unused bits set: not the canonical form
  return bytes;
}

Json unit_to_json(const CodeUnit& unit, bool last_part_only) {
  std::string path = unit.path;
  if (last_part_only) path = path.substr(path.find_last_of("/\\") + 1);
  Json json = {{"language", to_string(unit.language)},
               {"kind", to_string(unit.kind)},
               {"imports", unit.imports},
               {"first_line", unit.first_line},
               {"last_line", unit.last_line},
               {"tree", to_base64(unit.tree)}};
  put_text(json, "path", path);
  put_text(json, "name", unit.name);
  put_text(json, "scope", unit.scope);
  put_text(json, "signature", unit.signature);
  put_text(json, "doc", unit.doc);
  put_text(json, "text", unit.text);
  return json;
}

Result<std::string> text_member(const Json& object, const char* key, const std::string& where, std::size_t max) {
  const auto found = object.find(key);
  if (found == object.end()) return std::string();
  if (!found->is_string()) return wrong(where + "." + key, "a text is expected");
  auto text = found->get<std::string>();
  if (text.size() > max) return wrong(where + "." + key, "longer than " + std::to_string(max) + " bytes");
  return text;
}

Result<CodeUnit> unit_from_json(const Json& json, const std::string& where) {
  if (!json.is_object()) return wrong(where, "an object is expected");
  CodeUnit unit;
  AUTODEV_TRY_ASSIGN(const std::string language, text_member(json, "language", where, 32));
  unit.language = language_from_name(language).value_or(Language::unknown);
  if (unit.language == Language::unknown) return wrong(where + ".language", "not a language this program knows");
  AUTODEV_TRY_ASSIGN(const std::string kind, text_member(json, "kind", where, 32));
  const auto parsed = unit_kind_from_name(kind);
  if (!parsed) return wrong(where + ".kind", "function, method, type or block is expected");
  unit.kind = *parsed;
  AUTODEV_TRY_ASSIGN(unit.path, get_text(json, "path", where, max_name_bytes));
  AUTODEV_TRY_ASSIGN(unit.name, get_text(json, "name", where, max_name_bytes));
  AUTODEV_TRY_ASSIGN(unit.scope, get_text(json, "scope", where, max_name_bytes));
  AUTODEV_TRY_ASSIGN(unit.signature, get_text(json, "signature", where, max_name_bytes));
  AUTODEV_TRY_ASSIGN(unit.doc, get_text(json, "doc", where, max_unit_doc_bytes));
  AUTODEV_TRY_ASSIGN(unit.text, get_text(json, "text", where, max_unit_text_bytes));
  AUTODEV_TRY_ASSIGN(unit.first_line, line_member(json, "first_line", where));
  AUTODEV_TRY_ASSIGN(unit.last_line, line_member(json, "last_line", where));
  AUTODEV_TRY_ASSIGN(unit.imports, imports_member(json, where));
  AUTODEV_TRY(read_tree(json, where, unit));
  return unit;
}

}  // namespace autodev::knowledge
