#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Exported rules mean what the guards mean: the real ast-grep passes each rule's own test, and over at least 200 files of
# the Python library it flags exactly those files that the guards flag. Skipped where ast-grep (npm: @ast-grep/cli) or
# Python's library is absent: AST_GREP names the program.
set -euo pipefail
program=$2/auto-dev
grep_tool=${AST_GREP:-$(command -v ast-grep || true)}
if [ -z "$grep_tool" ]; then echo "skipped: ast-grep is not installed (npm install @ast-grep/cli, then AST_GREP=.../ast-grep)"; exit 0; fi
library=$(python3 -c "import sysconfig; print(sysconfig.get_paths()['stdlib'])")
[ -d "$library" ] || { echo "skipped: no Python library"; exit 0; }
. "$(dirname "$(readlink -f "$0")")/support.sh"

mkdir project && cd project
python3 - <<'PY'
import json, os
os.makedirs("events")
fixes = [("sys.stdout.flush()", "sys.stdout.flush(True)"), ("raise NotImplementedError", "raise NotImplementedError('later')"),
         ("return None", "return False"), ("os.getcwd()", "os.path.realpath(os.getcwd())"), ("super().__init__()", "super().__init__(None)"),
         ("time.time()", "time.monotonic()"), ("return []", "return list()"), ("sys.exit(1)", "sys.exit(2)")]
for n, (before, after) in enumerate(fixes):
    def file(code): return "def f(value):\n    note_%d(value)\n    %s\n" % (n, code)
    def event(verdict, old, new):
        change = {"path": "m.py", "after": new}
        if old: change["before"] = old
        return {"specification": {"text": "task %d" % n}, "implementation": {"files": [change]},
                "event_type": "TestPassed" if verdict == "passed" else "TestFailed",
                "previous_attempt": "failed" if old else "unknown", "outcome": {"verdict": verdict, "strength": "exit_code", "exit_code": 0 if verdict == "passed" else 1}}
    json.dump(event("failed", None, file(before)), open("events/%d_a.json" % n, "w"))
    json.dump(event("passed", file(before), file(after)), open("events/%d_b.json" % n, "w"))
PY
for event in events/*.json; do expect 0 learn record --event "$event" --quiet; done
expect 0 learn guards export --all --output rules --json
cp "$work/out" exported.json
json 'len(d["exported"]) >= 5 and all(r["reason"] for r in d["refused"])'
(cd rules && "$grep_tool" test --skip-snapshot-tests >"$work/out" 2>&1) || die "a rule does not pass its own test"
ok

# Only what is exported may speak, so that the two answers are about the same rules.
for id in $(python3 -c "import json; print(*[r['id'] for r in json.load(open('exported.json'))['refused']])"); do
  expect 0 learn guards disable "$id" --quiet
done
mkdir files && n=0
for file in "$library"/*.py "$library"/*/*.py; do
  [ "$(stat -c %s "$file")" -lt 300000 ] || continue
  cp "$file" "files/$(printf %04d $n)_$(basename "$file")"; n=$((n + 1)); [ $n -lt 400 ] || break
done
[ $n -ge 200 ] || die "only $n files"
expect 0 learn check files/*.py --shadow --json
cp "$work/out" ours.json
"$grep_tool" scan --config rules/sgconfig.yml --json=compact files >theirs.json 2>"$work/err" || [ $? = 1 ] || die "ast-grep scan"
python3 - <<'PY' >"$work/out" || die "the answers differ"
import json
short = {r["id"]: r["rule"] for r in json.load(open("exported.json"))["exported"]}
report = json.load(open("ours.json"))
ours = {(short[f["id"]], f["path"]) for f in report["findings"] if f["kind"] == "known-mistake"}
matches = json.load(open("theirs.json"))
theirs = {(m["ruleId"], m["file"]) for m in matches}
# Of guards that fire at overlapping places a check shows the most specific one: there the other rule's match is ours too.
shown = {(f["path"], line) for f in report["findings"] for line in range(f["line"], f["last_line"] + 1)}
covered = {(m["ruleId"], m["file"]) for m in matches if (m["file"], m["range"]["start"]["line"] + 1) in shown}
print(len(theirs - ours), "of theirs at the place of a more specific finding,", end=" ")
theirs -= covered - ours
print(len(ours), "ours", len(theirs), "theirs", report["files"], "files", report["unparsed_units"], "unparsed")
for one in sorted(ours - theirs): print("only ours", *one)
for one in sorted(theirs - ours): print("only theirs", *one)
assert ours == theirs and len(ours) > 50
PY
ok
cat "$work/out"
echo "$passed checks passed"
