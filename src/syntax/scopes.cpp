// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Scope paths: the names of everything around a unit, and the qualifier that it carries itself.
#include <algorithm>

#include "base/text.h"
#include "syntax/units.h"

namespace autodev::syntax {
namespace {

constexpr std::size_t max_scope_bytes = 512;

std::string_view name_of(const LoweredFile& file, std::string_view source, std::uint32_t candidate) {
  const auto& entry = file.candidates[candidate];
  if (entry.name_node == no_index) return {};
  return source.substr(entry.name_start, entry.name_end - entry.name_start);
}

/// "a.b.prototype." -> "a::b", PHP's "A\B" -> "A::B"; template arguments are left out; empty when it is no plain path.
std::string path_from(std::string_view text) {
  std::string path;
  int depth = 0;
  for (const char c : text) {
    if (c == '<') ++depth;
    if (depth == 0) {
      const bool word =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
      if (word) {
        path += c;
      } else if (c == '.' || c == '\\') {
        path += "::";
      } else if (c == ':') {
        path += ':';
      } else if (static_cast<unsigned char>(c) > ' ') {
        return {};
      }
    }
    if (c == '>') --depth;
  }
  while (path.ends_with(':')) path.pop_back();
  while (path.starts_with(':')) path.erase(0, 1);
  if (path.ends_with("::prototype")) path.resize(path.size() - 11);
  if (path == "module::exports" || path == "exports" || path == "this") path.clear();
  return path;
}

/// The receiver's type in Go: the first type name inside it.
std::string_view receiver_type(const LoweredFile& file, std::string_view source, std::uint32_t node) {
  for (auto index = node; index < node + file.nodes[node].size; ++index)
    if ((file.nodes[index].flags & flag_type_name) != 0)
      return source.substr(file.nodes[index].start, file.nodes[index].end - file.nodes[index].start);
  return {};
}

std::string own_qualifier(const LoweredFile& file, std::string_view source, const Candidate& candidate) {
  if (candidate.receiver_node != no_index) return std::string(receiver_type(file, source, candidate.receiver_node));
  if (candidate.qualifier_start == no_index || candidate.name_start == no_index ||
      candidate.qualifier_start >= candidate.name_start)
    return {};
  return path_from(source.substr(candidate.qualifier_start, candidate.name_start - candidate.qualifier_start));
}

void append(std::string& path, std::string_view part) {
  if (part.empty()) return;
  if (!path.empty()) path += "::";
  path += part;
}

}  // namespace

std::string scope_of(const LoweredFile& file, std::string_view source, std::uint32_t candidate) {
  std::vector<std::uint32_t> chain;
  for (auto above = file.candidates[candidate].parent; above != no_index && chain.size() < 64;
       above = file.candidates[above].parent)
    chain.push_back(above);
  std::string path;
  for (auto above = chain.rbegin(); above != chain.rend(); ++above) {
    append(path, own_qualifier(file, source, file.candidates[*above]));
    append(path, path_from(name_of(file, source, *above)));
  }
  append(path, own_qualifier(file, source, file.candidates[candidate]));
  return std::string(base::clip_utf8(path, max_scope_bytes));
}

std::string scope_inside(const LoweredFile& file, std::string_view source, std::uint32_t candidate) {
  auto path = scope_of(file, source, candidate);
  append(path, name_of(file, source, candidate));
  return std::string(base::clip_utf8(path, max_scope_bytes));
}

}  // namespace autodev::syntax
