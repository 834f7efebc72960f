#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Edit patterns as a user meets them: fixes are made, and `patterns list --kind edit`, `show` and `why` say what they have in common.
#   edits_test.sh SOURCE_DIR BUILD_DIR
set -euo pipefail
program=$2/auto-dev
. "$1/tests/scripts/support.sh"

git init -q . && expect 0 learn init
# Five checks that were missing, each with other code around
python3 - > pairs.jsonl <<'PY'
import json
for number, (name, key) in enumerate([("title", "book"), ("mail", "user"), ("size", "box"), ("label", "node"), ("code", "unit")]):
    head = f"def {name}({key}):\n    part = {key}.get('{name}')\n    log_{number}({key})\n"
    check = "    if part is None:\n        return ''\n"
    for verdict, code in (("failed", head + "    return part.strip()\n"), ("passed", head + check + "    return part.strip()\n")):
        print(json.dumps({"previous_attempt": "failed" if verdict == "passed" else "unknown", "event_type": "TestFailed" if verdict == "failed" else "TestPassed", "specification": {"text": "work on " + name},
                          "implementation": {"files": [dict(path=f"m{number}.py", after=code, **({"before": head + "    return part.strip()\n"} if verdict == "passed" else {}))]},
                          "outcome": {"verdict": verdict, "strength": "exit_code", "exit_code": 1 if verdict == "failed" else 0}}))
PY
while read -r event; do printf '%s' "$event" > event.json; expect 0 learn record --event event.json; done < pairs.jsonl

# One line per edit, not one per rung
expect 0 learn patterns list --kind edit
[ "$(wc -l < "$work/out")" = 1 ] || die "rungs of one edit are listed apart"
has "check for null before strip: Adds a check for null"; has "advise"; has " rungs)"
has_err "--all shows each"
expect 0 learn patterns list --kind edit --all --limit 100
[ "$(wc -l < "$work/out")" -gt 8 ] || die "--all hides rungs"
expect 0 learn patterns list --kind edit --json
json 'd["matching"] == 1 and d["total"] > 8 and d["patterns"][0]["rungs_behind"] == d["total"] - 1'
json 'd["patterns"][0]["confirmed"] == 5 and d["patterns"][0]["width"] == 4'
id=$(python3 -c "import json; print(json.load(open('$work/out'))['patterns'][0]['id'])")

# The page: sentence, templates with named holes and what they accept, two fixes, evidence, score
expect 0 learn patterns show "${id:0:12}"
has 'with $part from `$part = $'; has '$part.strip()'; has "a local name"; has "a literal string"
has "fixed in m"; has "+    if part is None:"; has "lower bound 0.565"; has "advise: \`learn check\` shows it"
expect 0 learn patterns show "$id" --json
json 'len(d["fixes"]) == 2 and d["fixes"][0]["before"] != d["fixes"][0]["after"]'
json 'any(h["name"] == "$part" and h["accepts"] == "a local name" for h in d["holes"]) and len(d["rungs"]) > 8'
expect 0 learn patterns why "${id:0:12}"
has "work on title"; has "fixed-after-failure"; has "lower bound"
expect 0 learn patterns why "$id" --json
json 'len(d["events"]) == 5 and len(d["failures"]) == 5'
expect 66 learn patterns show 00000000000000000000000000000000

# New code with the mistake, whatever stands between; and nothing where the check is there
printf 'def page(site):\n    text = site.get("page")\n    total = 1\n    work(total)\n    return text.strip()\n' > new.py
expect 0 learn check new.py --json
json 'len(d["findings"]) == 1 and d["findings"][0]["kind"] == "known-mistake" and "$name1.strip()" in d["findings"][0]["before"]'
sed -i 's/    total = 1/    if text is None:\n        return ""/' new.py
expect 0 learn check new.py --json
json 'd["findings"] == []'
# A rule of another tool cannot follow the flow: it is refused with the reason
expect_run 1 "$program" learn guards export
has_err "refused"
expect 0 learn doctor --deep
echo "$passed checks passed"
