#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Errors and their repairs, with the real program and real tools: what failed and was repaired once answers the next time.
set -euo pipefail
program=$2/auto-dev
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
skipped=""
have() { command -v "$1" >/dev/null && "$@" >/dev/null 2>&1 </dev/null || { skipped="$skipped $1"; return 1; }; }
# captured COMMAND...: its output into $work/error, whatever its exit code
captured() { "$@" >"$work/error" 2>&1 </dev/null || true; }

# --- nothing is known at first, and nothing is invented
git init -q project && cd project
expect 64 learn recall; has_err "--error"
expect 1 learn recall --error "error: something"; has "nothing is known"
expect_run 1 sh -c "printf '' | '$program' learn recall --error -"; has "no error was found"
[ ! -e .auto-dev ] || die "asking created a store"

# --- gcc: an error, its repair, and the same error with other names in another file
have gcc --version && {
  printf 'int total(int *prices, int count) {\n  int sum = 0;\n  for (int i = 0; i < count; i++) sum += prices[i];\n  return sun;\n}\n' > cart.c
  expect 1 learn run --spec "sum up a cart" -- gcc -Wall -c cart.c; has_err "undeclared"; has_err "error-seen: 1"
  sed -i 's/return sun/return sum/' cart.c
  expect 0 learn run --spec "sum up a cart" -- gcc -Wall -c cart.c; has_err "error-repaired: 1"
  printf 'int main(void) { return undefined_thing; }\n' > other.c
  captured gcc -c other.c
  expect 0 learn recall --error "$work/error"; has "missing_symbol (rule undeclared-name)"; has "-  return sun;"; has "+  return sum;"; has "verified by"
  has "it was about other names"
  expect_run 0 sh -c "'$program' learn recall --json --error - < '$work/error'"
  json "d['answered'] and d['errors'][0]['known'] and not d['errors'][0]['similar'] and d['errors'][0]['repaired'] == 1"
  json "len(d['errors'][0]['repairs'][0]['passed_event']) == 32 and d['errors'][0]['repairs'][0]['failed_event'] in d['errors'][0]['events']"
  expect 0 learn recall --json --error "cart.c:4:10: error: ‘sun’ undeclared (first use in this function); did you mean ‘sum’?"
  json "d['errors'][0]['same_message']"
  # another language of the machine: plain quotes
  LC_ALL=C captured gcc -c other.c; expect 0 learn recall --error "$work/error"
  # a compile error, then a failing test, then a pass: each error has its own repair
  printf '#include <assert.h>\nint twice(int x) { return x * 3 }\nint main(void) { assert(twice(2) == 4); return 0; }\n' > twice.c
  expect 1 learn run --spec "double a number" -- sh -c 'gcc -o twice twice.c && ./twice'
  sed -i 's/x \* 3 }/x * 3; }/' twice.c
  expect 134 learn run --spec "double a number" -- sh -c 'gcc -o twice twice.c && ./twice'
  sed -i 's/x \* 3/x * 2/' twice.c
  expect 0 learn run --spec "double a number" -- sh -c 'gcc -o twice twice.c && ./twice'
  expect 0 learn recall --json --error "b.c:9:1: error: expected ‘;’ before ‘}’ token"
  json "'x * 3; }' in d['errors'][0]['repairs'][0]['diff'] and 'x * 2' not in d['errors'][0]['repairs'][0]['diff'] and d['errors'][0]['cause'] == 'syntax'"
  expect 0 learn recall --json --error "twice: twice.c:3: main: Assertion \`twice(2) == 4' failed."
  json "'x * 2' in d['errors'][0]['repairs'][0]['diff'] and d['errors'][0]['cause'] == 'assertion'"
}

# --- the repair may lie in a build file
have cmake --version && have c++ --version && {
  mkdir -p linked && printf 'cmake_minimum_required(VERSION 3.16)\nproject(demo C)\nadd_executable(demo main.c)\n' > linked/CMakeLists.txt
  printf 'int helper(int);\nint main(void) { return helper(0); }\n' > linked/main.c; printf 'int helper(int x) { return x; }\n' > linked/helper.c
  cmake -S linked -B "$work/linked" >/dev/null 2>&1
  expect 2 learn run --spec "link it" -- cmake --build "$work/linked"; cat "$work/out" "$work/err" > "$work/error"
  sed -i 's/main.c)/main.c helper.c)/' linked/CMakeLists.txt
  expect 0 learn run --spec "link it" -- cmake --build "$work/linked"
  expect 0 learn recall --error "$work/error"; has "missing_symbol (rule linker)"; has "+add_executable(demo main.c helper.c)"
}

# --- Python: a traceback, and pytest
have python3 --version && {
  printf 'class Cart:\n    pass\n\n\ndef show(cart):\n    return cart.itmes\n\n\nCart.items = []\nprint(show(Cart()))\n' > shop.py
  expect 1 learn run --spec "show a cart" -- python3 shop.py
  sed -i 's/itmes/items/' shop.py
  expect 0 learn run --spec "show a cart" -- python3 shop.py
  captured python3 -c 'class Order: pass
Order().totl'
  expect 0 learn recall --error "$work/error"; has "api_misuse (rule no-member)"; has "+    return cart.items"
}
have python3 -m pytest --version && {
  mkdir -p tests; printf 'def total(prices):\n    return sum(prices) + 1\n' > cart.py
  printf 'import sys\nsys.path.insert(0, ".")\nfrom cart import total\n\n\ndef test_total_of_prices():\n    assert total([1, 2]) == 3\n' > tests/test_cart.py
  expect 1 learn run --spec "total of prices" -- python3 -m pytest -q -p no:cacheprovider tests
  captured python3 -m pytest -q -p no:cacheprovider tests
  sed -i 's/ + 1//' cart.py
  expect 0 learn run --spec "total of prices" --junit r.xml -- python3 -m pytest -q -p no:cacheprovider --junitxml=r.xml tests
  expect 0 learn recall --error "$work/error"; has "assertion (rule assertion)"; has "-    return sum(prices) + 1"; has "+    return sum(prices)"
}

# --- node --test
have node --version && {
  printf 'exports.first = (list) => list.frist();\n' > list.js
  printf 'const test = require("node:test");\nconst { first } = require("./list.js");\ntest("first of a list", () => { first([1]); });\n' > list.test.js
  expect 1 learn run --spec "first of a list" -- node --test
  captured node --test
  printf 'exports.first = (list) => list[0];\n' > list.js
  expect 0 learn run --spec "first of a list" -- node --test
  expect 0 learn recall --error "$work/error"; has "api_misuse (rule no-member)"; has "+exports.first = (list) => list[0];"
}

# --- ctest
have ctest --version && have cmake --version && have c++ --version && {
  mkdir -p made && printf 'cmake_minimum_required(VERSION 3.16)\nproject(demo C)\nenable_testing()\nadd_executable(sum sum.c)\nadd_test(NAME sums COMMAND sum)\n' > made/CMakeLists.txt
  printf '#include <stdio.h>\nint sum(int a, int b) { return a - b; }\nint main(void) {\n  if (sum(2, 2) != 4) { printf("error: sum(2, 2) should be 4\\n"); return 1; }\n  return 0;\n}\n' > made/sum.c
  cmake -S made -B "$work/build" >/dev/null 2>&1 && cmake --build "$work/build" >/dev/null 2>&1
  expect 8 learn run --spec "sum of two" -- ctest --test-dir "$work/build" --output-on-failure
  captured ctest --test-dir "$work/build" --output-on-failure
  sed -i 's/a - b/a + b/' made/sum.c; cmake --build "$work/build" >/dev/null 2>&1
  expect 0 learn run --spec "sum of two" -- ctest --test-dir "$work/build" --output-on-failure
  expect 0 learn recall --error "$work/error"; has "+int sum(int a, int b) { return a + b; }"
}

# --- what the machine lacks is no failure of the code
before=$(ls .auto-dev/knowledge/anti_patterns 2>/dev/null | wc -l)
printf 'def innocent(value):\n    if value > 3:\n        return value\n    return 0\n' > innocent.py
expect 127 learn run --spec "innocent" -- sh -c 'no-such-tool-here innocent.py'
printf 'def innocent(value):\n    if value > 4:\n        return value\n    return 1\n' > innocent.py
expect 1 learn run --spec "innocent" -- sh -c 'echo "cc1: error: write failed: No space left on device" >&2; exit 1'
expect 1 learn run --spec "innocent" -- sh -c 'echo "curl: (6) Could not resolve host: registry.example" >&2; exit 1'
[ "$(ls .auto-dev/knowledge/anti_patterns 2>/dev/null | wc -l)" = "$before" ] || die "a full disk became a failure of code"
expect 0 learn recall --error "cc1: error: write failed: No space left on device"; has "environment (rule disk-full)"; has "no repair is known"

# --- flaky: both on one tree teaches nothing, and says which
printf 'import os, sys\n\n\ndef flips():\n    on = os.path.exists(sys.argv[1])\n    (os.remove if on else lambda p: open(p, "w").close())(sys.argv[1])\n    return on\n\n\nprint("Ran" if flips() else "error: flipped"); sys.exit(0 if os.path.exists(sys.argv[1]) else 1)\n' > flip.py
expect 0 learn run --spec "flip" --verify 3 -- python3 flip.py "$work/flag"; has_err "flaky in 3 runs"; has_err "run 3 of 3"
if grep -q "verified-pass" "$work/err"; then die "a flaky pass taught something"; fi
ok
# a command that changes the tree is not judged by its repetitions
expect 0 learn run --spec "counts" --verify 2 -- sh -c 'echo "x = 1" >> grows.py'; has_err "changes the work tree"

# --- reports of every kind, coverage, benchmarks, parts of the specification
printf 'TAP version 14\n1..2\nok 1 - empty cart\nok 2 - discount of five\n' > "$work/all.tap"
printf '# Cart\n\nAcceptance criteria:\n- the empty cart\n- a discount\n- shipping costs\n' > "$work/task.md"
printf '{"results":[{"command":"x","median":0.2}]}' > "$work/base.json"
printf 'def discount(price):\n    return price - 5\n' > discount.py
expect 0 learn run --spec "$work/task.md" --report t.tap --benchmark b.json --baseline "$work/base.json" --coverage c.info -- \
  sh -c "cp '$work/all.tap' t.tap; printf '{\"results\":[{\"command\":\"x\",\"median\":0.1}]}' > b.json; printf 'SF:discount.py\nDA:1,1\nDA:2,0\nend_of_record\n' > c.info"
expect 0 learn run --spec sarif --report s.sarif -- sh -c "printf '{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"gosec\"}},\"results\":[]}]}' > s.sarif"
expect 0 learn run --spec stale --report t.tap -- true; has_err "older than this run"
expect 0 learn run --spec broken --report x.bin -- sh -c 'echo nothing known > x.bin'; has_err "no known report format"; has_err "does not count"; has_err "recorded,"
expect 3 learn run --json --spec broken --junit x.bin -- sh -c 'echo nothing known > x.bin; exit 3'
tail -1 "$work/err" | python3 -c "import json, sys; d = json.load(sys.stdin); assert d['event'] and d['schema']" || die "run --json says nothing"
expect 0 learn run --spec "$work/task.md" --report t.tap -- sh -c "cp '$work/all.tap' t.tap"
has_err "specification: 2 of 3 parts have a passing test; none for: shipping costs"
expect 1 learn run -- false; has_err "no --spec"
expect 69 learn run --store "$work/nowhere" -- no-such-command-anywhere
[ ! -e "$work/nowhere" ] || die "a store was made for a command that does not exist"
expect 66 learn feedback abcdef wrong --store "$work/nowhere"; [ ! -e "$work/nowhere" ] || die "feedback made a store"

# --- errors are looked up in what a tool printed, not in what went well
expect 66 learn recall --error missing.log; has_err "no such file"
printf "collected 2 items\n\nall fine here\nbye\n" > fine.txt
expect 1 learn recall --error fine.txt; has "no error was found"
head -c 6000000 /dev/zero | tr "\0" "x" | fold -w 100 > long.txt; echo "a.c:3:5: error: unknown type name ‘foo’" >> long.txt
expect 1 learn recall --error long.txt; has_err "were looked at"; has "unknown type name"

# --- replay equals live, and forgetting takes errors with it
expect 0 learn doctor --deep; has "byte for byte"
expect 0 learn forget --everything --reason test; expect 1 learn recall --error "No space left on device"; has "nothing is known"
echo "$passed passed, 0 failed${skipped:+; skipped, not installed:$skipped}"
