// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/embed_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "apply/code_tokens.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "syntax/extract.h"

namespace autodev::app {
namespace {

constexpr std::size_t max_description = 400, max_code = 6'000, min_code = 40;
constexpr std::size_t max_line = std::size_t{1} << 20;

/// The first sentence, without markup: "Returns the {@link Cart} of a user. Never null." -> "Returns the Cart of a user".
std::string first_sentence(std::string_view doc) {
  std::string text;
  std::size_t lines = 0;
  for (const std::string_view raw : base::split_lines(doc)) {
    const std::string_view line = base::trim(raw);
    // A blank line or the first tag ends the summary.
    if (line.empty() && !text.empty()) break;
    if (line.starts_with('@') || line.starts_with(":param") || line.starts_with("\\param") || line.starts_with("---") || line.starts_with("===") || line.starts_with(">>>")) {
      if (!text.empty() || lines > 2) break;
      continue;
    }
    if (line.empty() || line.starts_with("SPDX") || line.starts_with("Copyright")) continue;
    text += (text.empty() ? "" : " ") + std::string(line);
    ++lines;
    if (text.size() > max_description) break;
  }
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<') {  // markup, unless it never closes
      const auto close = text.find('>', i);
      if (close != std::string::npos && close - i < 60) {
        plain += ' ';
        i = close;
        continue;
      }
    }
    if (text.compare(i, 2, "{@") == 0) {
      i = std::min(text.find_first_of(" }", i), text.size() - 1);
      continue;
    }
    if (text[i] == '}' || text[i] == '`' || text[i] == '{') continue;
    plain += text[i];
    const bool stop = (text[i] == '.' || text[i] == ';') && i + 1 < text.size() && text[i + 1] == ' ' && plain.size() > 12;
    if (stop) break;
  }
  return base::fold_whitespace(plain);
}

bool mostly_latin(std::string_view text) {
  const auto letters = std::count_if(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' '; });
  return 10 * letters >= 8 * static_cast<std::ptrdiff_t>(text.size());
}

/// Source files below a folder, in order.
Result<std::vector<std::string>> sources_below(base::Env& env, const std::string& folder) {
  std::vector<std::string> files, pending = {folder};
  while (!pending.empty()) {
    const std::string current = std::move(pending.back());
    pending.pop_back();
    AUTODEV_TRY_ASSIGN(const auto entries, env.list(current));
    for (const base::DirectoryEntry& entry : entries) {
      const std::string path = current + "/" + entry.name;
      if (entry.type == base::FileType::directory) pending.push_back(path);
      if (entry.type == base::FileType::file && language_from_path(path) != Language::unknown) files.push_back(path);
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<EmbedPair>> pairs_of_package(base::Env& env, const std::string& folder, const std::string& package, std::set<Digest>& seen, PairCounts& counts) {
  std::vector<EmbedPair> pairs;
  AUTODEV_TRY_ASSIGN(const auto files, sources_below(env, folder));
  for (const std::string& file : files) {
    const Language language = language_from_path(file);
    const auto text = env.read_file(file, syntax::max_source_bytes(language));
    if (!text || base::looks_binary(*text)) continue;
    syntax::ExtractOptions options;
    options.types = options.blocks = false;
    const auto extracted = syntax::extract_units(*text, language, file, options);
    if (!extracted) continue;
    ++counts.files;
    for (const CodeUnit& unit : extracted->units) {
      ++counts.functions;
      auto pair = pair_of(unit, package);
      if (!pair) continue;
      if (seen.insert(base::hash128(pair->description + "\n" + pair->name + "\n" + pair->code)).second)
        pairs.push_back(std::move(*pair));
      else
        ++counts.repeated;
    }
  }
  return pairs;
}

}  // namespace

std::string bare_code(const CodeUnit& unit) {
  const auto tokens = apply::tokens_of(unit.text, unit.language);
  std::string code;
  std::size_t written = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const apply::CodeToken& token = tokens[i];
    bool drop = token.kind == apply::CodeTokenKind::comment;
    if (unit.language == Language::python && token.kind == apply::CodeTokenKind::string && i > 0) {
      const std::string_view before = std::string_view(unit.text).substr(tokens[i - 1].end, token.start - tokens[i - 1].end);
      const bool alone = i + 1 == tokens.size() ||
                         std::string_view(unit.text).substr(token.end, tokens[i + 1].start - token.end).find('\n') != std::string_view::npos;
      drop = drop || (alone && before.find('\n') != std::string_view::npos && apply::text_of(unit.text, tokens[i - 1]) == ":");
    }
    if (!drop) continue;
    code.append(unit.text, written, token.start - written);
    written = token.end;
  }
  return code.append(unit.text, written);
}

std::optional<EmbedPair> pair_of(const CodeUnit& unit, std::string_view package) {
  std::string description = first_sentence(unit.doc);
  if (std::count(description.begin(), description.end(), ' ') < 2 || !mostly_latin(description)) return std::nullopt;
  std::string code = bare_code(unit);
  if (code.size() < min_code) return std::nullopt;
  return EmbedPair{std::string(package), unit.name, std::string(base::clip_utf8(description, max_description)), std::string(base::clip_utf8(code, max_code)), unit.language};
}

Result<PairCounts> for_each_pair(base::Env& env, const std::string& folder, std::size_t most, const std::function<Result<void>(const EmbedPair&)>& take,
                                 const std::function<void(const PairCounts&)>& on_progress) {
  PairCounts counts;
  std::set<Digest> seen;
  AUTODEV_TRY_ASSIGN(const auto ecosystems, env.list(folder));
  for (const base::DirectoryEntry& ecosystem : ecosystems) {
    if (ecosystem.type != base::FileType::directory) continue;
    AUTODEV_TRY_ASSIGN(const auto packages, env.list(folder + "/" + ecosystem.name));
    for (const base::DirectoryEntry& package : packages) {
      if (package.type != base::FileType::directory) continue;
      const std::string name = ecosystem.name + "/" + package.name;
      AUTODEV_TRY_ASSIGN(const auto pairs, pairs_of_package(env, folder + "/" + name, name, seen, counts));
      ++counts.packages;
      const std::size_t taken = std::min(most, pairs.size());
      for (std::size_t i = 0; i < taken; ++i) AUTODEV_TRY(take(pairs[i * pairs.size() / taken]));
      counts.pairs += taken;
      if (on_progress) on_progress(counts);
    }
  }
  return counts;
}

std::string to_json_line(const EmbedPair& pair) {
  return base::dump_json({{"package", pair.package}, {"language", to_string(pair.language)}, {"name", pair.name}, {"description", pair.description}, {"code", pair.code}}) + "\n";
}

Result<std::vector<EmbedPair>> parse_pairs(std::string_view text, std::string_view what) {
  std::vector<EmbedPair> pairs;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (base::trim(line).empty()) continue;
    const auto bad = [&] { return fail(ErrorCode::bad_data, fmt::format("{}, line {}: no pair", what, number), "each line is {\"package\", \"language\", \"name\", \"description\", \"code\"}"); };
    if (line.size() > max_line) return bad();
    const auto value = base::parse_json(line, what);
    if (!value || !value->is_object()) return bad();
    EmbedPair pair;
    std::string language;
    for (const auto& [key, member] : {std::pair<const char*, std::string*>{"package", &pair.package}, {"language", &language}, {"name", &pair.name}, {"description", &pair.description}, {"code", &pair.code}}) {
      const auto found = value->find(key);
      if (found == value->end() || !found->is_string()) return bad();
      *member = found->get<std::string>();
    }
    pair.language = language_from_name(language).value_or(Language::unknown);
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

}  // namespace autodev::app
