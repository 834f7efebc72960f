#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Fits the coefficients of src/index/confidence.cpp, and says what they would keep and refuse.

  fit_confidence.py FIT.judged ... [--on OTHER.judged ...]

Each file is what `auto-dev learn bench retrieval --foreign F --judged FILE` writes for one library. Logistic regression by Newton's
method; every library weighs the same, and in it the requests that it can answer as much as those that it cannot. Prints the
coefficients and, for thresholds, the shares kept and refused. Standard library only.
"""
import argparse, json, math

NAMES = ["intercept", "of_coverage", "of_cosine", "of_known_words", "of_documents"]


def rows_of(path):
    for line in open(path):
        row = json.loads(line)
        yield [1.0, row["coverage"], row["cosine"], row["known_words"], row["documents"]], row["answerable"]


def weighted(paths):
    """(features, answerable, weight)"""
    out = []
    for path in paths:
        rows = list(rows_of(path))
        for answerable in (True, False):
            part = [x for x, y in rows if y == answerable]
            out += [(x, answerable, 1.0 / len(part)) for x in part]
    return out


def solve(matrix, right):
    n = len(right)
    rows = [list(matrix[i]) + [right[i]] for i in range(n)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(n):
            if r != i:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    return [rows[i][n] / rows[i][i] for i in range(n)]


def probability(beta, x):
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, sum(b * v for b, v in zip(beta, x))))))


def fit(data, ridge=1e-3):
    n = len(NAMES)
    beta = [0.0] * n
    for _ in range(50):
        gradient = [-ridge * b for b in beta]
        hessian = [[ridge if i == j else 0.0 for j in range(n)] for i in range(n)]
        for x, y, w in data:
            p = probability(beta, x)
            for i in range(n):
                gradient[i] += w * (y - p) * x[i]
                for j in range(n):
                    hessian[i][j] += w * p * (1 - p) * x[i] * x[j]
        step = solve(hessian, gradient)
        beta = [b + s for b, s in zip(beta, step)]
        if max(abs(s) for s in step) < 1e-9:
            break
    return beta


def shares(beta, paths, threshold):
    """Mean over libraries of the shares kept and refused. Requests without a single hit are refused anyway and are not in the files."""
    kept, refused = [], []
    for path in paths:
        rows = list(rows_of(path))
        inside = [probability(beta, x) >= threshold for x, y in rows if y]
        outside = [probability(beta, x) < threshold for x, y in rows if not y]
        kept.append(sum(inside) / len(inside)), refused.append(sum(outside) / len(outside))
    return kept, refused


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fit", nargs="+")
    parser.add_argument("--on", nargs="*", default=[])
    arguments = parser.parse_args()
    beta = fit(weighted(arguments.fit))
    for name, value in zip(NAMES, beta):
        print(f"constexpr double {name} = {value:.3f};")
    for title, paths in (("fit", arguments.fit), ("on", arguments.on)):
        for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5) if paths else ():
            kept, refused = shares(beta, paths, threshold)
            print(f"{title:<4} threshold {threshold:.2f}: kept {100 * sum(kept) / len(kept):.1f} % (least {100 * min(kept):.1f}), "
                  f"refused {100 * sum(refused) / len(refused):.1f} % (least {100 * min(refused):.1f}), {len(paths)} libraries")


main()
