#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# `learn repair` as a person uses it: real repositories, real tests, the real sandbox; and the converter of public tasks.
set -euo pipefail
source=$1; program=$2/auto-dev
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"

git init -q shop && cd shop
cat > total.py <<'P'
def total(prices):
    """Sum of all prices."""
    result = 0
    for i in range(1, len(prices)):
        result += prices[i]
    return result
P
cat > test_total.py <<'P'
from total import total
assert total([1, 2, 3]) == 6 and total([]) == 0 and total([5]) == 5
P
git add . && git commit -qm "Totals"
before=$(sha256sum total.py)
untouched() { [ "$(sha256sum total.py)" = "$before" ] || die "total.py was touched"; ok; }

expect 64 learn repair total.py; has_err "--test"
expect 64 learn repair ../outside.py --test true; has_err "outside of the work tree"
expect 64 learn repair notes.xyz --test true; has_err "no language"
expect 0 learn repair total.py --test "python3 -c 'import total'" --quiet; has "nothing to repair"; untouched
expect 1 learn repair total.py --test "false" --seconds 2 --candidates 5 --quiet; has "no repair found"; untouched

expect 0 learn repair total.py --test "python3 test_total.py" --seconds 40 --quiet
has "+    for i in range(0, len(prices)):"; has "nothing was written"; untouched
expect 0 learn repair total.py --test "python3 test_total.py" --seconds 40 --quiet --json
json "d['repaired'] and not d['written'] and 0 < d['p_right'] < 1 and d['kind'] == 'number' and d['line'] == 4"; untouched
expect 0 learn repair total.py --test "python3 test_total.py" --seconds 40 --quiet --write; has "written"
python3 test_total.py || die "the repaired file fails"; ok

# --- another language
cat > cut.js <<'J'
function largest(a) { let best = a[0]; for (const x of a) { if (x < best) { best = x; } } return best; }
module.exports = { largest };
J
echo 'const { largest } = require("./cut.js"); if (largest([1, 3, 2]) !== 3) process.exit(1);' > cut_test.js
git add .
if command -v node > /dev/null; then
  expect 0 learn repair cut.js --test "node cut_test.js" --seconds 40 --quiet; has "x > best"
fi

# --- tasks from public collections
cat > pack.jsonl <<'J'
{"task_id": "Python/0", "declaration": "def f(x):\n", "buggy_solution": "    return x\n", "canonical_solution": "    return x + 1\n", "entry_point": "f", "bug_type": "missing logic", "example_test": "assert f(1) == 2\nassert f(5) == 6\n", "test": "assert f(1) == 2\nassert f(3) == 4\n"}
J
expect_run 0 python3 "$source/bench/make_repair_tasks.py" humanevalpack python pack.jsonl tasks.jsonl all
expect 0 learn bench repair --train tasks.jsonl --test tasks.jsonl --seconds 20 --threshold 0 --json --quiet
tail -n 1 "$work/out" > "$work/last"; mv "$work/last" "$work/out"
json "d['bench'] == 'repair' and d['tasks'] == 1 and d['accepted'] == 1 and d['right'] == 1 and d['wrong'] == 0"
echo "repair: $passed checks passed"
