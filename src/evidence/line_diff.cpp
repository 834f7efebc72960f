// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Myers' greedy algorithm ("An O(ND) Difference Algorithm", 1986) on the lines between the common head and tail, with
// the number of differences capped.
#include "evidence/line_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace autodev::evidence {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t max_lines = 20'000;
constexpr int max_differences = 2'000;
constexpr std::size_t context = 1;

/// A stretch [from, to) of the old lines that becomes [into_from, into_to) of the new ones.
struct Change {
  std::size_t from, to, into_from, into_to;
};

/// Changes of the middle parts, offset by `head`; absent differences mean "all of it".
std::vector<Change> changes_between(const Lines& a, const Lines& b, std::size_t head) {
  const int n = static_cast<int>(a.size()), m = static_cast<int>(b.size());
  const int limit = std::min(n + m, max_differences);
  const auto whole = [&] { return std::vector<Change>{{head, head + a.size(), head, head + b.size()}}; };
  if (n == 0 || m == 0 || a.size() > max_lines || b.size() > max_lines) return whole();
  std::vector<std::vector<int>> trace;
  std::vector<int> reach(static_cast<std::size_t>(2 * limit + 3), 0);
  const auto at = [&](int k) { return static_cast<std::size_t>(k + limit + 1); };
  bool found = false;
  int steps = 0;
  for (; steps <= limit && !found; ++steps) {
    trace.emplace_back(reach.begin() + (limit + 1 - steps - 1), reach.begin() + (limit + 1 + steps + 2));
    for (int k = -steps; k <= steps && !found; k += 2) {
      int x =
          k == -steps || (k != steps && reach[at(k - 1)] < reach[at(k + 1)]) ? reach[at(k + 1)] : reach[at(k - 1)] + 1;
      int y = x - k;
      while (x < n && y < m && x >= 0 && y >= 0 && a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(y)])
        ++x, ++y;
      reach[at(k)] = x;
      found = x >= n && y >= m;
    }
  }
  if (!found) return whole();
  std::vector<Change> changes;
  int x = n, y = m;
  for (int d = steps - 1; d > 0; --d) {
    const std::vector<int>& old = trace[static_cast<std::size_t>(d)];
    const auto was = [&](int k) { return old[static_cast<std::size_t>(k + d + 1)]; };
    const int k = x - y;
    const int before = k == -d || (k != d && was(k - 1) < was(k + 1)) ? k + 1 : k - 1;
    const int from_x = was(before), from_y = from_x - before;
    while (x > from_x && y > from_y) --x, --y;
    Change change{head + static_cast<std::size_t>(from_x), head + static_cast<std::size_t>(x),
                  head + static_cast<std::size_t>(from_y), head + static_cast<std::size_t>(y)};
    if (!changes.empty() && changes.back().from == change.to && changes.back().into_from == change.into_to)
      changes.back().from = change.from, changes.back().into_from = change.into_from;
    else
      changes.push_back(change);
    x = from_x, y = from_y;
  }
  std::reverse(changes.begin(), changes.end());
  return changes;
}

std::string print_hunk(const Lines& a, const Lines& b, const std::vector<Change>& changes, std::size_t first,
                       std::size_t last) {
  const std::size_t lead = std::min(context, changes[first].from);
  const std::size_t begin = changes[first].from - lead;
  const std::size_t into = changes[first].into_from - lead;
  const std::size_t end = std::min(changes[last].to + context, a.size());
  std::string body;
  std::size_t at = begin;
  for (std::size_t i = first; i <= last; ++i) {
    for (; at < changes[i].from; ++at) body += fmt::format(" {}\n", a[at]);
    for (; at < changes[i].to; ++at) body += fmt::format("-{}\n", a[at]);
    for (std::size_t line = changes[i].into_from; line < changes[i].into_to; ++line)
      body += fmt::format("+{}\n", b[line]);
  }
  for (; at < end; ++at) body += fmt::format(" {}\n", a[at]);
  const std::size_t old_lines = end - begin;
  const std::size_t new_lines = changes[last].into_to + (end - changes[last].to) - into;
  return fmt::format("@@ -{},{} +{},{} @@\n{}", old_lines == 0 ? begin : begin + 1, old_lines,
                     new_lines == 0 ? into : into + 1, new_lines, body);
}

Lines lines_of(std::string_view text) {
  return text.empty() ? Lines{} : base::split_lines(text);
}

std::vector<Change> all_changes(const Lines& a, const Lines& b) {
  std::size_t head = 0, tail = 0;
  while (head < std::min(a.size(), b.size()) && a[head] == b[head]) ++head;
  while (tail < std::min(a.size(), b.size()) - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const Lines old_middle(a.begin() + static_cast<std::ptrdiff_t>(head), a.end() - static_cast<std::ptrdiff_t>(tail));
  const Lines new_middle(b.begin() + static_cast<std::ptrdiff_t>(head), b.end() - static_cast<std::ptrdiff_t>(tail));
  if (old_middle.empty() && new_middle.empty()) return {};
  return changes_between(old_middle, new_middle, head);
}

}  // namespace

std::set<std::uint32_t> changed_lines(std::string_view before, std::string_view after) {
  std::set<std::uint32_t> lines;
  for (const Change& change : all_changes(lines_of(before), lines_of(after)))
    for (std::size_t line = change.into_from; line < change.into_to; ++line)
      lines.insert(static_cast<std::uint32_t>(line + 1));
  return lines;
}

std::string line_diff(std::string_view path, std::string_view before, std::string_view after, std::size_t max_bytes) {
  if (before == after) return {};
  const Lines a = lines_of(before);
  const Lines b = lines_of(after);
  const std::vector<Change> changes = all_changes(a, b);
  std::string text = fmt::format("--- a/{}\n+++ b/{}\n", path, path);
  const std::size_t title = text.size();
  for (std::size_t first = 0; first < changes.size();) {
    std::size_t last = first;
    while (last + 1 < changes.size() && changes[last + 1].from - changes[last].to <= 2 * context) ++last;
    const std::string hunk = print_hunk(a, b, changes, first, last);
    if (text.size() + hunk.size() <= max_bytes) text += hunk;
    first = last + 1;
  }
  return text.size() == title ? std::string() : base::repair_utf8(text);
}

}  // namespace autodev::evidence
