#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Hostile input and hostile places: every one ends in a clear message and an exit code, and nothing learned is lost.
set -euo pipefail
program=$2/auto-dev
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
says() { cat "$work/out" "$work/err" | grep -qF -- "$1" || die "nothing says: $1"; ok; }

# --- files that no parser should be given, among one that is fine
git init -q repo && cd repo
head -c 100000 /dev/urandom > random.py
head -c 52428800 /dev/zero | tr '\0' 'a' > huge.py
printf 'def join(a, b):\n    text = "\xff\xfe" + a\n    return text + b + "\xfa"\n' > latin.py
python3 - <<'P'
open('nest.cs', 'w').write('class A { void f() { ' + 'a<' * 100000 + ' } }')
open('nest.cpp', 'w').write('int f() { return ' + 'a<' * 100000 + '; }')
open('brackets.py', 'w').write('x = ' + '[' * 100000)
open('parentheses.js', 'w').write('function f() { return ' + '(' * 100000 + '; }')
P
cat > fine.py <<'P'
def clamp_value(value, low, high):
    """Keep a value between two limits."""
    if value < low:
        return low
    if value > high:
        return high
    return value
P
git add -A && git commit -qm "Add clamp_value and much that is no code"
expect_run 0 timeout 60 "$program" learn from-git .; says "nest.cs"; says "nest.cpp"; says "larger than 1 MiB"
expect_run 0 "$program" learn find-similar "clamp a value between two limits"; says "clamp_value"
cd ..

# --- documents that are cut, binary, too large, or something else
echo '{"event_type": "TestPassed", "spec' > cut.json
expect_run 65 "$program" learn record --event cut.json; says "not valid JSON at line"
expect_run 65 "$program" learn record --event repo/random.py
expect_run 65 "$program" learn record --event repo/huge.py
expect_run 65 "$program" learn record --event repo; says "it is a folder"
expect_run 66 "$program" learn record --event missing.json
expect_run 65 "$program" learn import repo/random.py; says "random.py"
python3 -c "print('[' * 1000000)" > deep.json
expect_run 65 "$program" learn record --event deep.json; says "nested"
expect_run 1 "$program" learn find-similar "$(head -c 20000 repo/huge.py)"

# --- a read-only and a full disk; a mount of our own needs bubblewrap
if ! bwrap --dev-bind / / true 2>/dev/null; then
  echo "$passed passed; read-only and full disk skipped: bubblewrap cannot make mounts here"; exit 0
fi
store=$work/repo/.auto-dev
before=$("$program" learn status --store "$store" --json | python3 -c "import json,sys; print(json.load(sys.stdin)['patterns_learned'])")
read_only() { bwrap --dev-bind / / --ro-bind "$store" "$store" "$@"; }
echo '{"event_type": "TestPassed", "specification": {"text": "an event without code"}}' > event.json
expect_run 0 read_only "$program" learn find-similar "clamp a value" --store "$store"; says "clamp_value"
expect_run 0 read_only "$program" learn status --store "$store"
expect_run 77 read_only "$program" learn record --event event.json --store "$store"; says "read-only"
expect_run 3 read_only "$program" learn run --store "$store" --spec x -- sh -c 'exit 3'; says "not recorded"

full() { bwrap --dev-bind / / --size 60000 --tmpfs "$work/small" --chdir "$work/repo" "$@"; }
mkdir small
expect_run 73 full "$program" learn from-git . --store "$work/small/.auto-dev"; says "the disk is full"
expect_run 3 full sh -c "cat '$program' > '$work/small/filler' 2>/dev/null; '$program' learn run --store '$work/small/.auto-dev' --spec x -- sh -c 'exit 3'"
says "not recorded"
after=$("$program" learn status --store "$store" --json | python3 -c "import json,sys; print(json.load(sys.stdin)['patterns_learned'])")
[ "$before" = "$after" ] || die "patterns before $before, after $after"; ok
expect_run 0 "$program" learn doctor --deep --store "$store"; says "same state"
echo "$passed passed, 0 failed"
