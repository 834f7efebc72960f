// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/implement_target.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/placement.h"
#include "apply/signature_shape.h"
#include "base/text.h"
#include "observe/worktree_copy.h"

namespace autodev::app {
namespace {

constexpr std::size_t shown_candidates = 5;

bool is_path_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/' || c == '.';
}

/// `name` stands in the text as a word of its own; a full stop may follow.
bool names(const std::string& text, std::string_view name) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    const bool opens = at == 0 || !is_path_character(text[at - 1]);
    const bool ends = end == text.size() || !is_path_character(text[end]) ||
                      (text[end] == '.' && (end + 1 == text.size() || !is_path_character(text[end + 1])));
    if (opens && ends) return true;
  }
  return false;
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool has_function(Parts& parts, const observe::CopiedFile& file, const std::string& signature) {
  const Language language = language_from_path(file.path);
  const std::string entry = apply::parse_signature(signature, language).entry;
  if (entry.empty() || file.text.find(entry) == std::string::npos) return false;
  const auto functions = functions_of(parts, file.text, language, file.path);
  return std::any_of(functions.begin(), functions.end(), [&](const PlacedUnit& unit) { return unit.name == entry; });
}

}  // namespace

Result<std::string> implied_target(Parts& parts, const std::string& root, const std::string& spec, const std::string& signature,
                                   std::uint64_t max_bytes) {
  AUTODEV_TRY_ASSIGN(auto copy, observe::copy_worktree(parts.env, root, max_bytes));
  std::erase_if(copy.files, [](const observe::CopiedFile& file) { return !file.link.empty() || language_from_path(file.path) == Language::unknown; });
  std::vector<std::string> found;
  for (const auto& file : copy.files)
    if (names(spec, file.path)) found.push_back(file.path);
  if (found.empty())
    for (const auto& file : copy.files)
      if (names(spec, file_name(file.path))) found.push_back(file.path);
  if (found.empty() && !signature.empty())
    for (const auto& file : copy.files)
      if (has_function(parts, file, signature)) found.push_back(file.path);
  if (found.size() == 1) return found.front();
  const std::string many = base::join({found.begin(), found.begin() + static_cast<std::ptrdiff_t>(std::min(found.size(), shown_candidates))}, ", ");
  return fail(ErrorCode::usage, "say where the code belongs: --into FILE (it may be new)",
              found.empty() ? "without it the specification has to name a file of the work tree, or the signature a function that is there"
                            : "several come into question: " + many);
}

}  // namespace autodev::app
