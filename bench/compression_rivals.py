#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Compression of DSL corpora, side by side with Stitch in one run: ratio, processor time and peak memory.

compression_rivals.py --program BUILD/auto-dev [--stitch STITCH/target/release/compress] CORPUS.json...

Both get the same settings (at most 3 parameters, 10 abstractions) and the same cost function, one process per corpus, one after
the other. Stitch (github.com/mlb2251/stitch, `cargo build --release`) is left out by name where its program is not given or does not run.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile


def run(command):
    """Output, processor seconds and peak MB of a command; the reason instead of them when it does not run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The peak of children is a maximum over all so far, so each command is measured by a child of its own.
    probe = ("import json,resource,subprocess,sys\n"
             "done=subprocess.run(sys.argv[1:],capture_output=True,text=True)\n"
             "peak=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss/1024\n"
             "print(json.dumps([done.returncode,done.stdout,done.stderr[-300:],peak]))")
    try:
        done = subprocess.run([sys.executable, "-c", probe, *command], capture_output=True, text=True, check=True)
        code, out, err, peak = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        return None, f"{command[0]} does not run: {error}"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if code != 0:
        return None, f"{command[0]} ended with {code}: {err.strip()}"
    return (out, max(0.0, seconds - PROBE_SECONDS), peak), ""


def probe_seconds():
    """What the measuring child itself takes, by running `true`."""
    best = None
    for _ in range(5):
        done, _ = run(["true"])
        best = done[1] if best is None else min(best, done[1])
    return best


def ours(program, corpus):
    done, why = run([program, "learn", "bench", "compression", corpus, "--arity", "3", "--iterations", "10", "--json"])
    if not done:
        return None, why
    result = json.loads(done[0])["corpora"][0]
    if not result["faithful"]:
        return None, "a rewritten program does not expand to the original"
    return {"ratio": result["ratio"], "cost": result["original_cost"], "seconds": done[1], "mb": done[2]}, ""


def stitch(program, corpus):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.json")
        done, why = run([program, corpus, "-a3", "-i10", "--silent", "-o", out])
        if not done:
            return None, why
        with open(out) as file:
            result = json.load(file)
    return {"ratio": result["compression_ratio"], "cost": result["original_cost"], "seconds": done[1], "mb": done[2]}, ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--stitch")
    parser.add_argument("corpora", nargs="+")
    options = parser.parse_args()
    global PROBE_SECONDS
    PROBE_SECONDS = probe_seconds()
    rival = options.stitch
    if not rival:
        print("Stitch is left out: --stitch names no program")
    print(f"{'corpus':<14}{'ratio':>9}{'CPU s':>9}{'MB':>8}   {'Stitch':>9}{'CPU s':>9}{'MB':>8}   {'of ratio':>9}{'faster':>8}")
    rows = []
    for corpus in options.corpora:
        name = os.path.basename(corpus).removesuffix(".json")
        mine, why = ours(options.program, corpus)
        if not mine:
            sys.exit(f"{name}: {why}")
        line = f"{name:<14}{mine['ratio']:>9.4f}{mine['seconds']:>9.2f}{mine['mb']:>8.0f}"
        row = {"corpus": name, "ours": mine}
        if rival:
            other, why = stitch(rival, corpus)
            if not other:
                print(f"Stitch is left out: {why}")
                rival = None
            elif other["cost"] != mine["cost"]:
                sys.exit(f"{name}: the costs of the corpus differ, {mine['cost']} and {other['cost']}")
            else:
                row["stitch"] = other
                line += (f"   {other['ratio']:>9.4f}{other['seconds']:>9.2f}{other['mb']:>8.0f}"
                         f"   {100 * mine['ratio'] / other['ratio']:>8.1f}%{other['seconds'] / max(mine['seconds'], 0.001):>7.1f}x")
        rows.append(row)
        print(line, flush=True)
    print(json.dumps({"bench": "compression_rivals", "corpora": rows}))


PROBE_SECONDS = 0.0
if __name__ == "__main__":
    main()
