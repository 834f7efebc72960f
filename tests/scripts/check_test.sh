#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Guards from the command line: a failure is recorded, its copy is found in files, in the work tree, in git's index and
# on standard input; its fix is printed and applied; what the user says lasts.
set -euo pipefail
program=$2/auto-dev
. "$(dirname "$(readlink -f "$0")")/support.sh"

mkdir project && cd project && git init -q
wrong='def count(rows):
    total = 0
    for i in range(len(rows) + 1):
        total += rows[i]
    return total'
right='def count(rows):
    total = 0
    for i in range(len(rows)):
        total += rows[i]
    return total'
event() {  # event VERDICT BEFORE AFTER
  python3 - "$@" <<'PY'
import json, sys
verdict, before, after = sys.argv[1:]
file = {"path": "count.py", "after": after + "\n"}
if before: file["before"] = before + "\n"
print(json.dumps({"event_type": "TestPassed" if verdict == "passed" else "TestFailed", "specification": {"text": "count rows"},
  "implementation": {"files": [file]}, "previous_attempt": "failed" if before else "unknown",
  "outcome": {"verdict": verdict, "strength": "report", "tool": "pytest",
              "tests": {"passed": 1, "failed": 0 if verdict == "passed" else 1, "skipped": 0},
              "failures": [] if verdict == "passed" else [{"id": "test_count", "message": "IndexError: list index out of range"}]}}))
PY
}
event failed "" "$wrong" > failed.json
event passed "$wrong" "$right" > passed.json
expect 0 learn record --event failed.json
expect 0 learn record --event passed.json
rm ./*.json

# Files
printf '# mine\n%s\n' "$wrong" > mine.py
expect 0 learn check mine.py
has "mine.py:2: advise: repeated-failure"; has "IndexError"; has "range(len(rows)):"
expect 0 learn check mine.py --json
json 'd["findings"][0]["fix"].startswith("def count") and d["blocking"] == 0 and d["findings"][0]["events"]'
expect 0 learn check mine.py --format sarif
json 'd["version"] == "2.1.0" and d["runs"][0]["results"][0]["relatedLocations"] and d["runs"][0]["results"][0]["fixes"]'
json '"primaryLocationLineHash" not in d["runs"][0]["results"][0]["partialFingerprints"]'
printf '%s\n' "$right" > fine.py
expect 0 learn check fine.py --json
json 'd["findings"] == [] and d["units"] == 1'

# Standard input
expect_run 0 bash -c "'$program' learn check - --path x.py --json < mine.py"
json 'len(d["findings"]) == 1'
expect 64 learn check - --path x.unknown
expect 64 learn check mine.py --staged
expect 64 learn check mine.py --write
expect 66 learn check absent.py
has_err "absent.py: no such file"
expect 64 learn check ""
expect 0 learn check --json -- mine.py
json 'len(d["findings"]) == 1'
expect 64 learn check --nothing -- mine.py
if head -c1 "$work/err" | grep -q "{"; then die "an error as JSON that nobody asked for"; fi

# One file that cannot be read does not hide what is in the others; folders are searched; big files are named
expect 66 learn check absent.py mine.py --json
json 'len(d["findings"]) == 1 and d["unreadable"][0]["code"] == "no_input"'
mkdir -p deep/er && cp mine.py deep/er/ && head -c 1200000 /dev/zero | tr '\0' '#' > deep/big.py
expect 0 learn check deep --json
json '[f["path"] for f in d["findings"]] == ["deep/er/mine.py"] and "deep/big.py: larger than 1024 KiB" in d["notes"][0]'
(cd deep/er && git add .. && "$program" learn check --staged --json > "$work/out")
json 'sorted(f["path"] for f in d["findings"]) == ["mine.py"] and "../big.py: larger" in d["notes"][0]'
git rm -rqf --cached deep && rm -r deep
expect 0 learn check mine.py --store "$work/nowhere"
has_err "nothing was learned here yet"
[ ! -e "$work/nowhere" ] || die "a check made a store"

# The index counts, not the work tree
git add mine.py && cp fine.py mine.py
expect 0 learn check --staged --json
json 'len(d["findings"]) == 1 and d["findings"][0]["path"] == "mine.py"'
expect 0 learn check --diff --json
json 'd["findings"] == []'
git add mine.py
expect 0 learn check --staged --json
json 'd["findings"] == []'
printf '# mine\n%s\n' "$wrong" > mine.py
git add mine.py && git commit -qm old
printf '# mine\n%s\n\n\ndef other(a):\n    return a\n' "$wrong" > mine.py
rm fine.py
expect 0 learn check --json
json 'd["findings"] == [] and d["units"] == 1'  # code that is committed already is not flagged again

# The fix is printed, and written only when asked for
cp mine.py copy.py
expect 0 learn check copy.py --fix
has "-    for i in range(len(rows) + 1):"; has "+    for i in range(len(rows)):"
cmp -s mine.py copy.py || die "--fix alone wrote"
"$program" learn check copy.py --fix --quiet 2>/dev/null | grep -A99 '^--- ' > patch && git apply --check patch || die "the patch does not apply"
expect 0 learn check copy.py --fix --write
grep -q 'range(len(rows)):' copy.py || die "--write did not write"
expect 0 learn check copy.py --json
json 'd["findings"] == []'

# A fix keeps comments, docstrings, indentation and line ends of the code it repairs
printf 'class Table:\r\n    def tally(self, items):  # slow\r\n        return 0\r\n\r\ndef tally(items):\r\n    """Sum of it."""\r\n    s = 0  # so far\r\n    for k in range(len(items) + 1):\r\n        # each one\r\n        s += items[k]\r\n    return s\r\n' > dos.py
sed 's/len(items) + 1/len(items)/' dos.py > dos.want
expect 0 learn check dos.py --fix --write
has_err "wrote dos.py"
cmp dos.py dos.want || die "the fix changed more than it had to"
expect 0 learn check dos.py --json
json 'd["findings"] == []'
rm dos.*

# Guards and what is said of them
expect 1 learn guards list --store "$work/nowhere"
expect 0 learn guards list
has "failed as it stands: count (test_count: IndexError"; [ "$(wc -l < "$work/out")" = 1 ] || die "a guard in shadow is listed"
expect 0 learn guards list --all --json
json 'd["total"] > 1 and d["guards"][0]["kind"] == "repeated-failure" and d["guards"][0]["level"] == "advise"'
json 'all(g["level"] == "shadow" and g["confirmed"] == 1 for g in d["guards"][1:])'
guard=$(python3 -c "import json; print(json.load(open('$work/out'))['guards'][1]['id'])")
expect 0 learn guards list --all
has "forms)"; [ "$(wc -l < "$work/out")" = 2 ] || die "forms of one edit are listed apart"
expect 0 learn guards why "$guard"
has "looks like"; has "events behind it"
expect 0 learn guards show "${guard:0:16}"
expect 0 learn feedback "$guard" wrong
expect 0 learn guards show "$guard" --json
json 'd["wrong"] == 1'
expect 0 learn check mine.py --json
failure=$(python3 -c "import json; print(json.load(open('$work/out'))['findings'][0]['id'])")
expect 0 learn guards disable "$failure"
expect 0 learn check mine.py --json
json 'd["findings"] == []'
expect 0 learn guards list --json
json '[(g["id"], g["disabled"]) for g in d["guards"]] == [("'"$failure"'", True)]'
expect 0 learn guards enable "$failure"
expect 0 learn check mine.py --json
json 'len(d["findings"]) == 1'
expect 0 learn feedback "$failure" wrong
expect 0 learn check mine.py --json
json 'd["findings"] == []'
expect 66 learn guards show 00000000000000000000000000000000
has_err "guards list --all"
expect 66 learn guards disable 000000
has_err "guards list --all"

# A repeat of failed code under the opposite name is something else
printf 'int maximum(const int *v, int n) {\n  int best = v[0];\n  for (int i = 1; i < n; i++)\n    if (v[i] < best) best = v[i];\n  return best;\n}\n' > extremes.c
python3 - <<'PY'
import json
json.dump({"event_type": "TestFailed", "specification": {"text": "maximum"}, "implementation": {"files": [{"path": "extremes.c", "after": open("extremes.c").read()}]},
           "outcome": {"verdict": "failed", "strength": "exit_code", "exit_code": 1}}, open("max.json", "w"))
PY
expect 0 learn record --event max.json
expect 0 learn check extremes.c --json
json 'len(d["findings"]) == 1'
sed -i 's/maximum/minimum/' extremes.c
expect 0 learn check extremes.c --json
json 'd["findings"] == []'
rm extremes.c max.json

# What a check names can be shown; what does not parse is said
printf '%s\n' "$wrong" > again.py
expect 0 learn check again.py --shadow --json
id=$(python3 -c "import json; print(json.load(open('$work/out'))['findings'][0]['id'])")
expect 0 learn guards show "$id"; expect 0 learn guards why "${id:0:12}" --json
json 'd["id"].startswith("'"${id:0:12}"'") and d["failures"] >= 1'
printf 'def f(:\n  return ((\n' > torn.py
expect 0 learn check torn.py --json
json 'd["units"] == 0 and (d["unparsed_units"] > 0 or "do not parse" in d["notes"][0])'
rm again.py torn.py

# A flaw that four fixes removed is known in other words
python3 - <<'PY'
import json
def event(verdict, name, before, after):
    file = {"path": name + ".c", "after": after}
    if before: file["before"] = before
    return {"event_type": "TestPassed" if verdict == "passed" else "TestFailed", "specification": {"text": "add " + name},
            "implementation": {"files": [file]}, "previous_attempt": "failed" if before else "unknown",
            "outcome": {"verdict": verdict, "strength": "exit_code", "exit_code": 0 if verdict == "passed" else 1}}
for n, name in enumerate(["count", "fees", "rows", "hits"]):
    code = "int %s(int n) {\n  int s%%s, i;\n  for (i = 0; i < n; i++)\n    s += i * %d;\n  return s;\n}\n" % (name, n + 2)
    json.dump(event("failed", name, None, code % ""), open("%d_a.json" % n, "w"))
    json.dump(event("passed", name, code % "", code % " = 0"), open("%d_b.json" % n, "w"))
PY
echo 'long weigh(long *item, int k) { long w; while (k-- > 0) w += item[k]; return w; }' > other.c
for n in 0 1 2; do for side in a b; do expect 0 learn record --event ${n}_$side.json; done; done
expect 0 learn check other.c --json
json 'd["findings"] == []'
for side in a b; do expect 0 learn record --event 3_$side.json; done
expect 0 learn check other.c --json
json '[f["flaw"] for f in d["findings"]] == ["unassigned-sum"] and d["findings"][0]["confirmed"] == 4 and d["findings"][0]["level"] == "advise"'
expect 0 learn check other.c
grep -q "a variable is added to before anything is assigned to it" "$work/out" || die "the flaw is not said in words"
sed 's/long w;/long w = 0;/' other.c > sound.c
expect 0 learn check sound.c --json
json 'd["findings"] == []'
rm ./*.json

# Benches on a small input of our own
python3 - <<'PY'
import json
rows = []
for i in range(8):
    body = "int f%d(int *a, int n) { int s = %d; start_%d(); for (int i = 0; i %s n; i++) s += a[i]; return s; }\n"
    rows.append({"id": str(i), "group": "g%d" % i, "language": "c", "buggy": body % (i, i, i, "<="), "fixed": body % (i, i, i, "<"),
                 "problem": "g%d" % i, "defect_class": "off" if i % 2 else "by", "verdict": "WRONG",
                 "tests": [{"k": "neg1", "i": "1", "o": "2"}]})
open("a.jsonl", "w").write("".join(json.dumps(r) + "\n" for r in rows[:5]))
open("b.jsonl", "w").write("".join(json.dumps(r) + "\n" for r in rows[5:]))
t = [{"buggy": "int f ( ) { return VAR_%d <= VAR_9 ; }" % i, "fixed": "int f ( ) { return VAR_%d < VAR_9 ; }" % i} for i in range(1, 9)]
open("t.jsonl", "w").write("".join(json.dumps(r) + "\n" for r in t))
PY
expect 0 learn bench guards --train a.jsonl --test b.jsonl --json
json 'd["pairs"] == 3 and d["precision"] == 1 and d["recall"] == 1 and d["alarms_per_kloc"] == 0 and d["recall_over_ceiling"] == 1'
expect 0 learn bench resubmission --pairs a.jsonl --json
json 'd["identical_recall"] == 1 and d["identical_false_alarms"] == 0'
expect 0 learn bench fixes --pairs t.jsonl --folds 2 --json
json 'd["exact_top1"] == 1'
expect 0 learn bench defects --train a.jsonl --test b.jsonl --json
json 'd["programs"] == 3 and d["line_top5"] == 1'
echo '{"id": 1}' > broken.jsonl
expect 65 learn bench guards --train broken.jsonl --test b.jsonl

echo "$passed checks passed"
