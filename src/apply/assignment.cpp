// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rows + columns on each side: row i may take column j, or its own empty column; column j its own empty row. What is
// left pairs up for nothing.
#include "apply/assignment.h"

#include <limits>

namespace autodev::apply {

std::vector<std::optional<std::size_t>> cheapest_assignment(const std::vector<std::vector<double>>& cost,
                                                            std::size_t columns, double alone) {
  const std::size_t rows = cost.size();
  const std::size_t n = rows + columns;
  const auto price = [&](std::size_t i, std::size_t j) {
    if (i < rows && j < columns) return cost[i][j];
    return i < rows || j < columns ? alone / 2 : 0.0;
  };
  // Potentials u, v and the row of each column; index 0 is the column that an augmenting path starts from.
  std::vector<double> u(n + 1, 0), v(n + 1, 0);
  std::vector<std::size_t> row_of(n + 1, 0), previous(n + 1, 0);
  for (std::size_t i = 1; i <= n; ++i) {
    row_of[0] = i;
    std::size_t at = 0;
    std::vector<double> least(n + 1, std::numeric_limits<double>::infinity());
    std::vector<bool> done(n + 1, false);
    do {
      done[at] = true;
      const std::size_t row = row_of[at];
      double delta = std::numeric_limits<double>::infinity();
      std::size_t next = 0;
      for (std::size_t j = 1; j <= n; ++j) {
        if (done[j]) continue;
        const double reduced = price(row - 1, j - 1) - u[row] - v[j];
        if (reduced < least[j]) {
          least[j] = reduced;
          previous[j] = at;
        }
        if (least[j] < delta) {
          delta = least[j];
          next = j;
        }
      }
      for (std::size_t j = 0; j <= n; ++j) {
        if (done[j]) {
          u[row_of[j]] += delta;
          v[j] -= delta;
        } else {
          least[j] -= delta;
        }
      }
      at = next;
    } while (row_of[at] != 0);
    for (; at != 0; at = previous[at]) row_of[at] = row_of[previous[at]];
  }
  std::vector<std::optional<std::size_t>> chosen(rows);
  for (std::size_t j = 1; j <= columns; ++j)
    if (row_of[j] >= 1 && row_of[j] <= rows) chosen[row_of[j] - 1] = j - 1;
  return chosen;
}

}  // namespace autodev::apply
