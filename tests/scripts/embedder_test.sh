#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# A BERT model's folder as the embedder, from the command line: configured, used, replaced, damaged, switched off; progress is for
# terminals only.
set -euo pipefail
source=$(readlink -f "$1") program=$2/auto-dev
. "$(dirname "$(readlink -f "$0")")/support.sh"

mkdir project && cd project && git init -q
for i in $(seq 1 6); do
  printf 'def read_rows_%s(path):\n    rows = []\n    for line in open(path):\n        rows.append(line.split(",")[%s])\n    return rows\n' "$i" "$i" > "rows$i.py"
done
printf 'def send(host, port, data):\n    s = connect(host, port)\n    s.write(data)\n    s.close()\n    return len(data)\n' > net.py
git add . && git commit -qm "Read rows" && "$program" learn from-git . >/dev/null
cp -r "$source/tests/data/tiny_bert" model

# Configured wrongly: said, and the built-in embedder answers.
expect 0 learn config set learn.embedder.kind folder
expect 0 learn find-similar "read the rows of a file" --all
has_err "learn.embedder.folder is not set"
expect 0 learn config set learn.embedder.folder model
expect 0 learn find-similar "read the rows of a file" --all
has_err "not a path from the root"
expect 0 learn config set learn.embedder.folder "$PWD/nowhere"
expect 0 learn find-similar "read the rows of a file" --all
has_err "has no config.json"
has "read_rows"

# The folder is named in the user's own file only: a project's file may come with a repository.
printf '[learn.embedder]\nfolder = "/tmp"\n' >> .auto-dev/config.toml
cp .auto-dev/config.toml with_folder.toml
expect 78 learn status
sed -i '$d' .auto-dev/config.toml; sed -i '$d' .auto-dev/config.toml

# Configured: embedded by the next command, without a word where nobody looks.
expect 0 learn config set learn.embedder.folder "$PWD/model"
expect 0 learn find-similar "read the rows of a file" --all
[ ! -s "$work/err" ] || die "progress without a terminal, or a warning"
ok
has "read_rows"

# Another model: embedded again. On a terminal, no line is left over.
sed -i 's/"max_seq_length": 24/"max_seq_length": 20/' model/sentence_bert_config.json
if command -v script >/dev/null; then
  TERM=xterm script -qec "'$program' learn find-similar 'read the rows of a file' --all" "$work/typescript" >"$work/out" </dev/null
  ! grep -q "built-in embedder is used" "$work/out" || die "the changed model was not used"
  ok
fi
expect 0 learn find-similar "read the rows of a file" --all
[ ! -s "$work/err" ] || die "a warning after the model was changed"

# Damaged: said, and the answer is still there. Back: used again without embedding what is there.
truncate -s 30000 model/model.safetensors
expect 0 learn find-similar "read the rows of a file" --all
has_err "the weights are not usable"
has "read_rows"
cp "$source/tests/data/tiny_bert/model.safetensors" model/
expect 0 learn find-similar "read the rows of a file" --all
[ ! -s "$work/err" ] || die "a warning with the model back"

# The bench asks in the folder's space.
printf '{"id":"d1","language":"python","code":"def read(p): return open(p).read()"}\n{"id":"d2","language":"python","code":"def add(a, b): return a + b"}\n' > corpus
printf '{"id":"q1","text":"read a file"}\n' > queries
printf 'q1\td1\t1\n' > qrels
expect 0 learn bench retrieval --corpus corpus --queries queries --qrels qrels --embedder-folder model --json
json 'd["queries"] == 1 and d["ndcg10"]["dense"] > 0'
expect 66 learn bench retrieval --corpus corpus --queries queries --qrels qrels --embedder-folder nowhere

expect 0 learn config set learn.embedder.kind built-in
expect 0 learn find-similar "read the rows of a file" --all
[ ! -s "$work/err" ] || die "a warning without the model"
echo "embedder_test: $passed checks passed"
