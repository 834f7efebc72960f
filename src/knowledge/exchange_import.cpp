// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Import: every field of every entry is validated and every digest computed again; what does not pass is rejected on
// its own, with the path of the offending value, and the rest is taken.
#include <set>

#include "base/text.h"
#include "knowledge/exchange.h"
#include "knowledge/unit_codec.h"
#include "knowledge/unit_json.h"

namespace autodev::knowledge {
namespace {

using base::Json;

constexpr std::string_view export_format = "auto-dev.knowledge/1";
/// An export of 100,000 patterns of Python functions has about 400 MB.
constexpr base::JsonLimits limits{.max_bytes = std::size_t{1} << 30, .max_depth = 16};
constexpr std::size_t max_entries = 1'000'000;
constexpr std::size_t max_problems = 20;
constexpr std::size_t max_description = 2048;
/// Records per append: one sync each.
constexpr std::size_t batch_records = 256;

Result<Json> parse_export(std::string_view document, std::string_view what) {
  AUTODEV_TRY_ASSIGN(Json json, base::parse_json(document, what, limits));
  if (!json.is_object()) return fail(ErrorCode::bad_data, "$: an object is expected");
  const auto format = json.find("format");
  if (format == json.end() || !format->is_string())
    return fail(ErrorCode::bad_data, "$.format: missing; this is not a knowledge export",
                "make one with: auto-dev learn export --output FILE");
  const auto& name = format->get_ref<const std::string&>();
  if (name != export_format) {
    if (name.starts_with("auto-dev.knowledge/"))
      return fail(ErrorCode::config,
                  "$.format: " + base::strip_controls(name) + " is newer than " + std::string(export_format),
                  "import it with the newer version of auto-dev, or export again with this one");
    return fail(ErrorCode::bad_data, "$.format: not " + std::string(export_format));
  }
  for (const char* key : {"patterns", "anti_patterns"}) {
    if (!json.contains(key)) json[key] = Json::array();
    if (!json[key].is_array() || json[key].size() > max_entries)
      return fail(ErrorCode::bad_data, std::string("$.") + key + ": a list of at most 1,000,000 entries is expected");
  }
  return json;
}

Result<ImportedPattern> entry_from(const Json& entry, const std::string& where, bool anti) {
  if (!entry.is_object()) return fail(ErrorCode::bad_data, where + ": an object is expected");
  ImportedPattern imported;
  imported.anti = anti;
  AUTODEV_TRY_ASSIGN(const std::string stated, text_member(entry, "id", where, 64));
  const auto id = Digest::parse(stated);
  if (!id) return fail(ErrorCode::bad_data, where + ".id: 32 hexadecimal digits are expected");
  const auto exemplar = entry.find("exemplar");
  if (exemplar == entry.end()) return fail(ErrorCode::bad_data, where + ".exemplar: missing");
  AUTODEV_TRY_ASSIGN(imported.exemplar, unit_from_json(*exemplar, where + ".exemplar"));
  if ((imported.anti ? imported.exemplar.fingerprint : imported.exemplar.alpha) != *id)
    return fail(ErrorCode::bad_data, where + ".id: it is not that of the exemplar's tree");
  if (const auto replacement = entry.find("replacement"); anti && replacement != entry.end()) {
    AUTODEV_TRY_ASSIGN(imported.replacement, unit_from_json(*replacement, where + ".replacement"));
  }
  AUTODEV_TRY_ASSIGN(const std::string name, text_member(entry, "name", where, max_name_bytes));
  AUTODEV_TRY_ASSIGN(const std::string description, text_member(entry, "description", where, max_description));
  AUTODEV_TRY_ASSIGN(const std::string cause, text_member(entry, "cause", where, max_description));
  // Shown on terminals: no escape sequences.
  imported.name = base::strip_controls(name);
  imported.description = base::strip_controls(description);
  imported.cause = base::strip_controls(cause);
  return imported;
}

Result<bool> is_known(KnowledgeStore& store, const ImportedPattern& imported) {
  if (imported.anti) {
    AUTODEV_TRY_ASSIGN(const auto anti, store.anti_pattern({imported.exemplar.fingerprint}));
    return anti.has_value();
  }
  AUTODEV_TRY_ASSIGN(const bool member, store.is_member(imported.exemplar.alpha));
  return member;
}

}  // namespace

Result<ImportResult> import_knowledge(KnowledgeStore& store, std::string_view document, std::string_view origin,
                                      bool dry_run) {
  AUTODEV_TRY_ASSIGN(const Json json, parse_export(document, origin.empty() ? "the import" : origin));
  AUTODEV_TRY(store.refresh());
  ImportResult result;
  std::vector<Payload> batch;
  std::set<std::pair<bool, Digest>> seen;
  const auto flush = [&]() -> Result<void> {
    if (!dry_run) AUTODEV_TRY(store.append(batch));
    batch.clear();
    return {};
  };
  for (const bool anti : {false, true}) {
    const std::string key = anti ? "anti_patterns" : "patterns";
    const Json& entries = json[key];
    for (std::size_t i = 0; i < entries.size(); ++i) {
      auto imported = entry_from(entries[i], "$." + key + "[" + std::to_string(i) + "]", anti);
      if (!imported) {
        ++result.rejected;
        if (result.problems.size() < max_problems) result.problems.push_back(imported.error().message);
        continue;
      }
      AUTODEV_TRY_ASSIGN(const bool known, is_known(store, *imported));
      if (known || !seen.emplace(anti, anti ? imported->exemplar.fingerprint : imported->exemplar.alpha).second) {
        ++result.known;
        continue;
      }
      ++result.added;
      imported->origin = base::strip_controls(origin);
      batch.emplace_back(std::move(*imported));
      if (batch.size() >= batch_records) AUTODEV_TRY(flush());
    }
  }
  AUTODEV_TRY(flush());
  return result;
}

}  // namespace autodev::knowledge
