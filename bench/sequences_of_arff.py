#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Call sequences in ARFF form -> the JSON Lines of `auto-dev learn bench behaviour`.
#
#   bench/sequences_of_arff.py FOLDER > sequences.jsonl
#
# FOLDER holds all/NAME.arff and train/NAME.arff: rows of 'caller','call call …'. What is in `all` and not in `train` is held out. The
# source of a row, which counts once, is the first three parts of its caller's package: the client project. Libraries without
# both files are left out and named on standard error.
import collections
import json
import os
import re
import sys

ROW = re.compile(r"^'(.*)','(.*)'$")


def rows(path):
    with open(path, errors="replace") as file:
        lines = [line.rstrip("\n") for line in file]
    found = []
    for line in lines[lines.index("@data") + 1:]:
        match = ROW.match(line)
        if match:
            found.append((match.group(1), match.group(2)))
    return found


def emit(group, split, row):
    caller, calls = row
    source = ".".join(caller.split(".")[:3])
    print(json.dumps({"group": group, "source": source, "split": split, "events": calls.split()}))


def main(folder):
    for name in sorted(os.listdir(os.path.join(folder, "train"))):
        group = name.removesuffix(".arff")
        if not os.path.exists(os.path.join(folder, "all", name)):
            print(f"{group}: only one of the two files, left out", file=sys.stderr)
            continue
        train = rows(os.path.join(folder, "train", name))
        for row in train:
            emit(group, "train", row)
        held_out = collections.Counter(rows(os.path.join(folder, "all", name))) - collections.Counter(train)
        for row in sorted(held_out.elements()):
            emit(group, "test", row)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: sequences_of_arff.py FOLDER")
    main(sys.argv[1])
