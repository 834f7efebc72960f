#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Writes tasks for `auto-dev learn bench repair` from public collections of one-bug functions.

  make_repair_tasks.py humanevalpack LANGUAGE IN.jsonl OUT.jsonl [even|odd|all] [visible=example|half|all]
  make_repair_tasks.py quixbugs IN.jsonl OUT.jsonl

HumanEvalPack (bigcode-project/octopack, MIT): the docstring's examples are visible, all tests are held out; with visible=half every
second assertion of the tests is visible as well, with visible=all all are. QuixBugs (jkoppel/QuixBugs): lines of JSON
{name, buggy_py, fixed_py, cases: [[input, output], ...]}; every second case is visible.
"""
import json
import re
import sys


def half(test):
    """Every second line that is one whole assertion."""
    lines, kept, number = test.split("\n"), [], 0
    for line in lines:
        if re.match(r"\s*assert\b.*[^,(\[{]\s*;?\s*$", line) and line.count("(") == line.count(")"):
            number += 1
            if number % 2 == 0:
                continue
        kept.append(line)
    return "\n".join(kept)


def humanevalpack(language, source, target, part, visible):
    with open(source, encoding="utf-8") as read, open(target, "w", encoding="utf-8") as write:
        for line in read:
            task = json.loads(line)
            number = int(task["task_id"].split("/")[1])
            if part != "all" and number % 2 != (part == "odd"):
                continue
            head = task.get("import", "") + "\n" + task["declaration"]
            shown = {"example": task["example_test"], "half": half(task["test"]), "all": task["test"]}[visible]
            row = {"id": task["task_id"], "problem": task["entry_point"], "language": language, "kind": task["bug_type"],
                   "buggy": head + task["buggy_solution"], "fixed": head + task["canonical_solution"],
                   "tests": [shown] if "assert" in shown else [half(task["test"])], "heldout": [task["test"]]}
            write.write(json.dumps(row) + "\n")


def quixbugs(source, target):
    with open(source, encoding="utf-8") as read, open(target, "w", encoding="utf-8") as write:
        for line in read:
            task = json.loads(line)
            if not task.get("cases"):
                continue
            tests = []
            for case, expected in task["cases"]:
                arguments = case if isinstance(case, list) else [case]
                tests.append("import types as _t\n_r = %s(*%r)\n_r = list(_r) if isinstance(_r, _t.GeneratorType) else _r\n"
                             "_r = [list(_x) if isinstance(_x, tuple) else _x for _x in _r] if isinstance(_r, list) else _r\n"
                             "assert _r == %r or (isinstance(_r, float) and abs(_r - %r) < 1e-2) or "
                             "(isinstance(_r, tuple) and list(_r) == %r)\n" % (task["name"], arguments, expected, expected, expected))
            row = {"id": task["name"], "problem": task["name"], "language": "python", "buggy": task["buggy_py"].split('"""')[0],
                   "fixed": task["fixed_py"], "tests": tests[::2], "heldout": tests}
            write.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["humanevalpack"] and len(sys.argv) >= 5:
        more = sys.argv[5:] + ["all"] * (6 - len(sys.argv))
        humanevalpack(sys.argv[2], sys.argv[3], sys.argv[4], more[0], (more + ["visible=example"])[1].split("=")[1])
    elif sys.argv[1:2] == ["quixbugs"] and len(sys.argv) == 4:
        quixbugs(sys.argv[2], sys.argv[3])
    else:
        sys.exit(__doc__)
