#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Would another prior of the calibration (src/apply/calibrate_prior.cpp) serve better than the shipped one?

    fit_calibration.py NAME=LINES.jsonl ...        needs numpy and scipy

LINES are what `auto-dev learn simulate --tasks FILE --arm ours --json --emit-code` prints: a feature vector and the verdict of
all tests for each proposal. All files weigh alike. What is fitted is the *predictive* probability, deviations of the weights and of
the streams included, because that is what is printed before anything was learned:

    p = sigmoid(w.x / sqrt(1 + pi (x'S0x + tau^2) / 8)),  S0 = diag(deviation^2)

with the signs of the weights fixed and w drawn towards the shipped prior. For several strengths of that pull (the first leaves the
shipped prior as it is), printed for each file with that file left out of the fit: expected calibration error (ten bins of equal mass),
log loss, and how many proposals reach 0.95 with how many of them wrong; then the weights of the fit to all files.
"""
import json, math, pathlib, re, sys
import numpy as np
from scipy.optimize import minimize

PRIOR = pathlib.Path(__file__).resolve().parent.parent / "src/apply/calibrate_prior.cpp"
ROWS = re.findall(r"\{(-?[\d.]+), ([\d.]+), ([+-]?\d)\},", PRIOR.read_text())
SHIPPED, DEVIATIONS, SIGNS = (np.array([float(row[i]) for row in ROWS]) for i in range(3))
TAU = 1.0
PULLS = (1e3, 0.05, 0.01, 0.003, 0.001)


def load(path):
    x, y = [], []
    for line in open(path, encoding="utf-8"):
        row = json.loads(line)
        if row.get("features"):
            x.append(row["features"])
            y.append(float(row["passed"] and row["hidden_passed"]))
    return np.array(x), np.array(y)


def scale(x):
    return np.sqrt(1 + math.pi * ((x * DEVIATIONS) ** 2).sum(1) / 8 + math.pi * TAU ** 2 / 8)


def fit(sets, pull):
    def loss(w):
        total = pull * (((w - SHIPPED) / DEVIATIONS) ** 2).sum()
        for x, y in sets:
            z = x @ w / scale(x)
            total += np.mean(np.logaddexp(0, z) - y * z) / len(sets)
        return total
    bounds = [(None, None) if s == 0 else (0, None) if s > 0 else (None, 0) for s in SIGNS]
    return minimize(loss, SHIPPED, method="L-BFGS-B", bounds=bounds).x


def ece(p, y):
    order = np.argsort(p, kind="stable")
    return sum(abs(p[b].sum() - y[b].sum()) for b in np.array_split(order, 10)) / len(y)


def main():
    names, sets = zip(*((a.split("=")[0], load(a.split("=")[1])) for a in sys.argv[1:]))
    for pull in PULLS:
        print(f"pull {pull}: {np.round(fit(sets, pull), 2).tolist()}")
        for i, name in enumerate(names):
            x, y = sets[i]
            w = fit([s for k, s in enumerate(sets) if k != i], pull)
            p = 1 / (1 + np.exp(-(x @ w) / scale(x)))
            loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
            print(f"  {name}: {len(y)} proposals, {y.mean():.3f} right; left out: ECE {ece(p, y):.3f}, log loss {loss:.3f}, "
                  f"{(p > .95).sum()} above 0.95, {int((1 - y[p > .95]).sum())} of them wrong")


if __name__ == "__main__":
    main()
