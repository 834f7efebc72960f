// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/precompiled.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/hash.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t most_lists = 8;  // of 20 to 60 MB each

bool is_standard(std::string_view name) {
  static constexpr auto names = std::to_array<std::string_view>(
      {"algorithm", "any",      "array",     "bitset",     "cassert", "cctype",  "cerrno",     "cfloat",        "charconv",
       "chrono",    "climits",  "cmath",     "complex",    "cstddef", "cstdint", "cstdio",     "cstdlib",       "cstring",
       "ctime",     "deque",    "exception", "fstream",    "functional", "initializer_list", "iomanip", "ios", "iostream",
       "istream",   "iterator", "limits",    "list",       "map",     "memory",  "numeric",    "optional",      "ostream",
       "queue",     "random",   "ratio",     "regex",      "set",     "sstream", "stack",      "stdexcept",     "string",
       "string_view", "tuple",  "type_traits", "typeinfo", "unordered_map", "unordered_set", "utility", "variant", "vector"});
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The name in `#include <name>`; empty for any other line.
std::string_view included(std::string_view line) {
  line = base::trim(line);
  if (!line.starts_with('#')) return {};
  line = base::trim(line.substr(1));
  if (!line.starts_with("include")) return {};
  line = base::trim(line.substr(7));
  if (!line.starts_with('<') || !line.ends_with('>')) return {};
  return line.substr(1, line.size() - 2);
}

bool succeeds(base::Env& env, const base::ProcessOptions& process) {
  const auto ended = env.run(process);
  return ended && ended->exit_code == 0;
}

}  // namespace

HeaderBlock leading_headers(std::string_view source) {
  HeaderBlock block;
  std::set<std::string> found;
  std::size_t at = 0;
  while (at < source.size()) {
    const auto end = std::min(source.find('\n', at), source.size());
    const auto line = source.substr(at, end - at);
    const auto name = included(line);
    const auto said = base::trim(line);
    if (is_standard(name))
      found.emplace(name);
    else if (!said.empty() && !(said.starts_with("//") && !said.ends_with('\\')))
      break;
    at = std::min(end + 1, source.size());
  }
  block.headers.assign(found.begin(), found.end());
  block.rest.assign(static_cast<std::size_t>(std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(at), '\n')), '\n');
  block.rest += source.substr(at);
  return block;
}

PrecompiledHeaders::PrecompiledHeaders(base::Env& env, std::string folder, std::vector<std::string> compiler)
    : env_(env), folder_(std::move(folder)), compiler_(std::move(compiler)) {}

std::string PrecompiledHeaders::header_for(const std::vector<std::string>& headers) {
  if (folder_.empty() || headers.empty() || !std::all_of(headers.begin(), headers.end(), is_standard)) return {};
  std::string text;
  for (const auto& name : headers) text += "#include <" + name + ">\n";
  auto& known = known_[text];
  ++known.asked;
  if (known.failed) return {};
  if (known.ready) return known.header;
  known.header = fmt::format("{}/{}.h", folder_, base::hash128(text).hex());
  const auto there = env_.status(known.header + ".gch");
  known.ready = there && *there;
  if (known.ready || known.asked < 2) return known.ready ? known.header : std::string();
  known.ready = env_.write_file_atomically(known.header, text) && build(known.header);
  known.failed = !known.ready;
  return known.ready ? known.header : std::string();
}

bool PrecompiledHeaders::build(const std::string& header) {
  make_room();
  const auto made = fmt::format("{}.{:016x}", header, env_.random_u64());
  base::ProcessOptions options;
  options.arguments = compiler_;
  for (const auto& word : {std::string("-x"), std::string("c++-header"), header, std::string("-o"), made}) options.arguments.push_back(word);
  options.timeout = std::chrono::minutes(1);
  const auto built = env_.run(options);
  base::ProcessOptions open;  // as root, runs have a user id of their own
  open.arguments = {"chmod", "644", header, made};
  open.timeout = std::chrono::seconds(10);
  if (built && built->exit_code == 0 && succeeds(env_, open) && env_.rename(made, header + ".gch")) return true;
  (void)env_.remove_file(made);
  return false;
}

/// The header itself stays: a run that was told of it still finds what it includes.
void PrecompiledHeaders::make_room() {
  const auto entries = env_.list(folder_);
  if (!entries) return;
  std::vector<std::pair<std::int64_t, std::string>> kept;
  for (const auto& entry : *entries) {
    if (!entry.name.ends_with(".gch")) continue;
    const auto status = env_.status(folder_ + "/" + entry.name);
    if (status && *status) kept.emplace_back((*status)->modified_ns, entry.name);
  }
  std::sort(kept.begin(), kept.end());
  for (std::size_t i = 0; i + most_lists <= kept.size(); ++i) (void)env_.remove_file(folder_ + "/" + kept[i].second);
}

std::string precompiled_folder(base::Env& env, const std::string& compiler) {
  const auto home = env.variable("HOME").value_or("");
  const auto cache = env.variable("XDG_CACHE_HOME").value_or(home.empty() ? "" : home + "/.cache");
  if (!cache.starts_with('/')) return {};
  base::ProcessOptions options;
  options.arguments = {compiler, "--version"};
  options.timeout = std::chrono::seconds(10);
  const auto said = env.run(options);
  if (!said || said->exit_code != 0) return {};
  const auto folder = fmt::format("{}/auto-dev/cpp-{}", cache, base::hash128(compiler + "\n" + said->output).hex().substr(0, 16));
  base::ProcessOptions make;
  make.arguments = {"sh", "-c", "mkdir -p -- \"$1\" && chmod 755 \"$1\"", "sh", folder};
  make.timeout = std::chrono::seconds(10);
  return succeeds(env, make) ? folder : std::string();
}

}  // namespace autodev::apply
