#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Fits the shipped prior of the calibration (src/apply/calibrate_prior.cpp) to recorded outcomes.

    fit_calibration.py NAME=LINES.jsonl ...        needs numpy and scipy

LINES are what `auto-dev learn simulate --tasks FILE --arm ours --json --emit-code` prints: a feature vector and the verdict of
all tests for each proposal. All files weigh alike. What is fitted is the *predictive* probability, deviations of the weights and of
the streams included, because that is what is printed before anything was learned:

    p = sigmoid(w.x / sqrt(1 + pi (x'S0x + tau^2) / 8)),  S0 = diag(deviation^2)

with the signs of the weights fixed and w drawn towards 0. Printed are the weights, and for each file the expected calibration error
(ten bins of equal mass) and what would be applied with the file left out of the fit.
"""
import json, math, sys
import numpy as np
from scipy.optimize import minimize

SIGNS = [0, 1, 1, -1, -1, -1, 1, -1, -1, -1, 1, -1, -1, 1]
DEVIATIONS = np.array([1.0, .7, .8, .7, 1.2, .7, .7, .7, 1.1, .9, .8, .7, 1.2, 1.0])
TAU, TOWARDS_ZERO = 1.0, 0.004


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


def fit(sets):
    def loss(w):
        total = TOWARDS_ZERO * (w @ w)
        for x, y in sets:
            z = x @ w / scale(x)
            total += np.mean(np.logaddexp(0, z) - y * z) / len(sets)
        return total
    bounds = [(None, None) if s == 0 else (0, None) if s > 0 else (None, 0) for s in SIGNS]
    return minimize(loss, np.zeros(len(SIGNS)), method="L-BFGS-B", bounds=bounds).x


def ece(p, y):
    order = np.argsort(p, kind="stable")
    return sum(abs(p[b].sum() - y[b].sum()) for b in np.array_split(order, 10)) / len(y)


def main():
    names, sets = zip(*((a.split("=")[0], load(a.split("=")[1])) for a in sys.argv[1:]))
    for i, name in enumerate(names):
        x, y = sets[i]
        w = fit([s for k, s in enumerate(sets) if k != i])
        p = 1 / (1 + np.exp(-(x @ w) / scale(x)))
        sure = p >= .98
        print(f"{name}: {len(y)} proposals, {y.mean():.3f} right; left out: ECE {ece(p, y):.3f}, mean p {p.mean():.3f}, "
              f"applied {sure.sum()}, wrong {int((1 - y[sure]).sum())}")
    w = fit(sets)
    for value, deviation, sign in zip(w, DEVIATIONS, SIGNS):
        print(f"      {{{value:.2f}, {deviation}, {'+1' if sign > 0 else sign}}},")


if __name__ == "__main__":
    main()
