// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/variants.h"

#include <algorithm>
#include <map>
#include <optional>

namespace autodev::mine {
namespace {

using syntax::Nast;

struct Place {
  std::uint32_t start = 0, end = 0;
};

/// Statements by digest that occur once.
std::map<std::uint64_t, Place> single_statements(const Nast& tree) {
  const auto hashes = syntax::hash_subtrees(tree);
  std::map<std::uint64_t, std::pair<std::size_t, Place>> seen;
  for (std::uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const syntax::NastNode& node = tree.nodes[i];
    if ((node.flags & syntax::flag_statement) == 0 || node.kind == syntax::NodeKind::block) continue;
    auto& entry = seen[hashes[i].exact];
    ++entry.first;
    entry.second = {node.start, node.end};
  }
  std::map<std::uint64_t, Place> single;
  for (const auto& [hash, entry] : seen)
    if (entry.first == 1) single.emplace(hash, entry.second);
  return single;
}

struct Shared {
  Place failed, fixed;
};

std::string with(std::string_view text, Place place, const std::string& replacement) {
  return std::string(text.substr(0, place.start)) + replacement + std::string(text.substr(place.end));
}

std::string slice(std::string_view text, Place place) { return std::string(text.substr(place.start, place.end - place.start)); }

/// The line break and indentation that separate statements in front of `place`.
std::string gap_before(std::string_view text, Place place) {
  std::size_t start = place.start;
  while (start > 0 && (text[start - 1] == ' ' || text[start - 1] == '\t')) --start;
  if (start > 0 && text[start - 1] == '\n') --start;
  return std::string(text.substr(start, place.start - start));
}

std::string doubled(std::string_view text, Place place) {
  return with(text, place, slice(text, place) + gap_before(text, place) + slice(text, place));
}

std::string swapped(std::string_view text, Place first, Place second) {
  return std::string(text.substr(0, first.start)) + slice(text, second) +
         std::string(text.substr(first.end, second.start - first.end)) + slice(text, first) +
         std::string(text.substr(second.end));
}

}  // namespace

std::vector<VariantPair> variants(const Nast& failed, std::string_view failed_text, const Nast& fixed,
                                  std::string_view fixed_text, std::size_t limit) {
  std::vector<Shared> shared;
  const auto there = single_statements(fixed);
  for (const auto& [hash, place] : single_statements(failed))
    if (const auto found = there.find(hash); found != there.end()) shared.push_back({place, found->second});
  std::sort(shared.begin(), shared.end(), [](const Shared& a, const Shared& b) {
    return a.failed.start != b.failed.start ? a.failed.start < b.failed.start : a.failed.end < b.failed.end;
  });
  std::vector<VariantPair> made;
  const std::size_t step = std::max<std::size_t>(1, 3 * shared.size() / std::max<std::size_t>(limit, 1));
  for (std::size_t i = 0; i < shared.size() && made.size() < limit; i += step) {
    const Shared& one = shared[i];
    made.push_back({with(failed_text, one.failed, ""), with(fixed_text, one.fixed, "")});
    made.push_back({doubled(failed_text, one.failed), doubled(fixed_text, one.fixed)});
    for (std::size_t j = i + 1; j < shared.size(); ++j) {
      const Shared& next = shared[j];
      if (next.failed.start < one.failed.end || next.fixed.start < one.fixed.end) continue;
      made.push_back({swapped(failed_text, one.failed, next.failed), swapped(fixed_text, one.fixed, next.fixed)});
      break;
    }
  }
  if (made.size() > limit) made.resize(limit);
  return made;
}

}  // namespace autodev::mine
