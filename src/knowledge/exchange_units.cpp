// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/exchange_units.h"

#include <fmt/format.h>

#include <array>

#include "base/compress.h"
#include "base/text.h"
#include "knowledge/unit_codec.h"
#include "syntax/nast.h"

namespace autodev::knowledge {
namespace {

using base::Json;

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string file_name_of(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

/// A text member of at most `max_bytes`; absent is empty.
Result<std::string> text_member(const Json& json, const char* name, std::size_t max_bytes, const std::string& at) {
  const auto found = json.find(name);
  if (found == json.end()) return std::string();
  if (!found->is_string()) return fail(ErrorCode::bad_data, fmt::format("{}.{}: expected a string", at, name));
  const auto& text = found->get_ref<const std::string&>();
  if (text.size() > max_bytes)
    return fail(ErrorCode::bad_data, fmt::format("{}.{}: longer than {} bytes", at, name, max_bytes));
  return text;
}

Result<std::uint32_t> number_member(const Json& json, const char* name, const std::string& at) {
  const auto found = json.find(name);
  if (found == json.end()) return std::uint32_t{0};
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() > UINT32_MAX)
    return fail(ErrorCode::bad_data, fmt::format("{}.{}: expected a whole number", at, name));
  return found->get<std::uint32_t>();
}

Result<std::vector<std::string>> imports_member(const Json& json, const std::string& at) {
  std::vector<std::string> imports;
  const auto found = json.find("imports");
  if (found == json.end()) return imports;
  if (!found->is_array() || found->size() > max_unit_imports)
    return fail(ErrorCode::bad_data, fmt::format("{}.imports: expected a list of at most {} strings", at, max_unit_imports));
  for (const Json& item : *found) {
    if (!item.is_string() || item.get_ref<const std::string&>().size() > 256)
      return fail(ErrorCode::bad_data, fmt::format("{}.imports: expected strings of at most 256 bytes", at));
    imports.push_back(item.get<std::string>());
  }
  return imports;
}

Result<void> read_tree(const Json& json, const std::string& at, CodeUnit& unit) {
  AUTODEV_TRY_ASSIGN(const std::string encoded, text_member(json, "tree", 2 * max_unit_tree_bytes, at));
  AUTODEV_TRY_ASSIGN(const std::string frame, from_base64(encoded));
  auto bytes = base::decompress(frame, max_unit_tree_bytes);
  if (!bytes) return fail(ErrorCode::bad_data, fmt::format("{}.tree: {}", at, bytes.error().message));
  const auto tree = syntax::decode_nast(*bytes);
  if (!tree) return fail(ErrorCode::bad_data, fmt::format("{}.tree: {}", at, tree.error().message));
  if (tree->nodes.empty() || tree->language != unit.language)
    return fail(ErrorCode::bad_data, fmt::format("{}.tree: it is empty or of another language", at));
  if (tree->nodes.front().end > unit.text.size())
    return fail(ErrorCode::bad_data, fmt::format("{}.tree: it reaches beyond the text", at));
  const syntax::TreeDigests digests = syntax::digest_tree(*tree);
  unit.exact = digests.exact;
  unit.alpha = digests.alpha;
  unit.fingerprint = digests.fingerprint;
  unit.nodes = static_cast<std::uint32_t>(tree->nodes.size());
  unit.tree = std::move(*bytes);
  return {};
}

}  // namespace

Json unit_to_json(const CodeUnit& unit, bool anonymise) {
  return {{"language", to_string(unit.language)},
          {"kind", to_string(unit.kind)},
          {"path", anonymise ? file_name_of(unit.path) : unit.path},
          {"name", unit.name},
          {"scope", unit.scope},
          {"signature", unit.signature},
          {"doc", unit.doc},
          {"imports", unit.imports},
          {"text", unit.text},
          {"first_line", unit.first_line},
          {"last_line", unit.last_line},
          {"tree", to_base64(base::compress(unit.tree))}};
}

Result<CodeUnit> unit_from_json(const Json& json, const std::string& at) {
  if (!json.is_object()) return fail(ErrorCode::bad_data, at + ": expected an object");
  CodeUnit unit;
  AUTODEV_TRY_ASSIGN(const std::string language, text_member(json, "language", 32, at));
  unit.language = language_from_name(language).value_or(Language::unknown);
  if (unit.language == Language::unknown)
    return fail(ErrorCode::bad_data, fmt::format("{}.language: unknown language '{}'", at, language));
  AUTODEV_TRY_ASSIGN(const std::string kind, text_member(json, "kind", 32, at));
  const auto parsed_kind = unit_kind_from_name(kind);
  if (!parsed_kind) return fail(ErrorCode::bad_data, fmt::format("{}.kind: unknown kind '{}'", at, kind));
  unit.kind = *parsed_kind;
  AUTODEV_TRY_ASSIGN(unit.path, text_member(json, "path", max_name_bytes, at));
  AUTODEV_TRY_ASSIGN(unit.name, text_member(json, "name", max_name_bytes, at));
  AUTODEV_TRY_ASSIGN(unit.scope, text_member(json, "scope", max_name_bytes, at));
  AUTODEV_TRY_ASSIGN(unit.signature, text_member(json, "signature", max_name_bytes, at));
  AUTODEV_TRY_ASSIGN(unit.doc, text_member(json, "doc", max_unit_doc_bytes, at));
  AUTODEV_TRY_ASSIGN(unit.text, text_member(json, "text", max_unit_text_bytes, at));
  AUTODEV_TRY_ASSIGN(unit.imports, imports_member(json, at));
  AUTODEV_TRY_ASSIGN(unit.first_line, number_member(json, "first_line", at));
  AUTODEV_TRY_ASSIGN(unit.last_line, number_member(json, "last_line", at));
  AUTODEV_TRY(read_tree(json, at, unit));
  return unit;
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = (group << 8) | (j < count ? static_cast<std::uint8_t>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j) text.push_back(j <= count ? alphabet[(group >> (18 - 6 * j)) & 63] : '=');
  }
  return text;
}

Result<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return fail(ErrorCode::bad_data, "damaged base64: its length is no multiple of four");
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    std::uint32_t group = 0;
    std::size_t padding = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const auto value = alphabet.find(text[i + j]);
      if (last && j >= 2 && text[i + j] == '=') ++padding;
      else if (value == std::string_view::npos || padding > 0) return fail(ErrorCode::bad_data, "damaged base64");
      group = (group << 6) | (value == std::string_view::npos ? 0u : static_cast<std::uint32_t>(value));
    }
    for (std::size_t j = 0; j < 3 - padding; ++j) bytes.push_back(static_cast<char>((group >> (16 - 8 * j)) & 255));
  }
  return bytes;
}

}  // namespace autodev::knowledge
