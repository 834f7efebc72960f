#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Fits the weights of the belief in repairs (src/apply/repair_belief.cpp) to executed outcomes.

    fit_repair_belief.py LINES.jsonl ...        needs numpy and scipy

LINES are what `auto-dev learn bench repair --train A --test B --threshold 0 --rivals --json` prints (or its --resume file): for each candidate that passes
the visible tests its evidence and whether it passes the held-out ones. A logistic regression with fixed signs and a quadratic penalty on the standardised weights; each
program weighs alike, however many of its candidates pass. Printed: for folds by problem (five cuts into eight), how many of the most believed
candidates are right, the area under the curve, log loss, and for several thresholds how many repairs are accepted and how many of these are
right; the same for the shipped weights without fitting; then the weights of the fit to everything.
"""
import hashlib, json, pathlib, re, sys
import numpy as np
from scipy.optimize import minimize
from scipy.stats import rankdata

SOURCE = (pathlib.Path(__file__).resolve().parent.parent / "src/apply/repair_belief.cpp").read_text()
TERMS = [(name, float(w), float(usual)) for name, w, usual in re.findall(r'\{"([a-z ]+)", (-?[\d.]+), (-?[\d.]+)\},', SOURCE)]
SHIPPED = np.array([float(re.search(r"intercept = (-?[\d.]+);", SOURCE)[1])] + [w for _, w, _ in TERMS])
PENALTY = 1.0
CUTS, FOLDS = 5, 8
THRESHOLDS = (0.7, 0.75, 0.8, 0.82, 0.85, 0.9)


def load(paths):
    """Programs: (problem, matrix of the evidence of its candidates with a leading 1, verdicts)."""
    programs = {}
    for path in paths:
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            rivals = row.get("rivals") or []
            if not rivals:
                continue
            x = [[1.0] + [r["evidence"].get(name, usual) for name, _, usual in TERMS] for r in rivals]
            programs[row["id"]] = (row["problem"], np.array(x), np.array([float(r["right"]) for r in rivals]))
    return [programs[key] for key in sorted(programs)]


def fit(programs):
    x = np.concatenate([p[1] for p in programs])
    y = np.concatenate([p[2] for p in programs])
    w = np.concatenate([np.full(len(p[2]), 1 / len(p[2])) for p in programs])
    mean, scale = x[:, 1:].mean(0), x[:, 1:].std(0) + 1e-9
    z = np.c_[x[:, :1], (x[:, 1:] - mean) / scale]

    def loss(v):
        s = z @ v
        p = 1 / (1 + np.exp(-s))
        return (w * (np.logaddexp(0, s) - y * s)).sum() + PENALTY * (v[1:] ** 2).sum(), z.T @ (w * (p - y)) + 2 * PENALTY * np.r_[0, v[1:]]

    bounds = [(None, None)] + [(0, None) if t[1] > 0 else (None, 0) for t in TERMS]
    v = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    return np.r_[v[0] - (v[1:] * mean / scale).sum(), v[1:] / scale]


def chosen(program, weights):
    """Belief in the most believed candidate and its verdict; of equals the first."""
    s = program[1] @ weights
    best = int(np.argmax(s))
    return 1 / (1 + np.exp(-s[best])), program[2][best]


def show(title, rows):
    p, y = np.array(rows).T
    ranks, n1 = rankdata(p), y.sum()
    area = (ranks[y == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * (len(y) - n1)) if 0 < n1 < len(y) else float("nan")
    loss = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
    print(f"{title}: {y.mean():.3f} right, area {area:.3f}, log loss {loss:.3f}")
    for t in THRESHOLDS:
        take = p >= t
        print(f"  from {t}: {take.mean():.3f} accepted, {y[take].mean() if take.any() else float('nan'):.3f} of them right")


def main():
    programs = load(sys.argv[1:])
    print(f"{len(programs)} programs, {sum(len(p[2]) for p in programs)} candidates")
    show("shipped weights", [chosen(p, SHIPPED) for p in programs])
    rows = []
    for cut in range(CUTS):
        fold = [int(hashlib.sha256(f"{cut}{p[0]}".encode()).hexdigest(), 16) % FOLDS for p in programs]
        for k in range(FOLDS):
            inside = [p for p, f in zip(programs, fold) if f != k]
            if not inside or len(inside) == len(programs):
                continue
            weights = fit(inside)
            rows += [chosen(p, weights) for p, f in zip(programs, fold) if f == k]
    show("folds by problem", rows)
    print("fit to all:", {name: round(float(v), 2) for name, v in zip(["intercept"] + [t[0] for t in TERMS], fit(programs))})


if __name__ == "__main__":
    main()
