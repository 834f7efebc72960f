// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The table is filled row by row and read back from its end. A tie skips, so the earliest of equally good
// pairs is taken: what people add, they mostly add at the end.
#include "mine/alignment.h"

#include <algorithm>

namespace autodev::mine {

std::vector<AlignedPair> align(const PairScores& scores, const std::vector<bool>& left_gap, std::size_t right_count) {
  const std::size_t n = left_gap.size();
  const std::size_t m = right_count;
  const std::size_t width = m + 1;
  // best[i * width + j]: the best score of the first i left and the first j right siblings.
  std::vector<std::int32_t> best((n + 1) * width, 0);
  const auto skip_left = [&](std::size_t i) { return left_gap[i - 1] ? 0 : 1; };
  const auto skip_right = [&](std::size_t i) { return (i > 0 && left_gap[i - 1]) || (i < n && left_gap[i]) ? 0 : 1; };
  for (std::size_t j = 1; j <= m; ++j) best[j] = best[j - 1] - skip_right(0);
  for (std::size_t i = 1; i <= n; ++i) {
    std::int32_t* row = &best[i * width];
    const std::int32_t* above = row - width;
    row[0] = above[0] - skip_left(i);
    for (std::size_t j = 1; j <= m; ++j) {
      row[j] = std::max(above[j] - skip_left(i), row[j - 1] - skip_right(i));
      const std::int32_t score = scores.at(i - 1, j - 1);
      if (score > 0) row[j] = std::max(row[j], above[j - 1] + score);
    }
  }
  std::vector<AlignedPair> pairs;
  for (std::size_t i = n, j = m; i > 0 && j > 0;) {
    const std::int32_t here = best[i * width + j];
    if (here == best[i * width + j - 1] - skip_right(i)) {
      --j;
    } else if (here == best[(i - 1) * width + j] - skip_left(i)) {
      --i;
    } else {
      pairs.push_back({--i, --j});
    }
  }
  std::reverse(pairs.begin(), pairs.end());
  return pairs;
}

}  // namespace autodev::mine
