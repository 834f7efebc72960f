#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# All that is said of retrieval, in one run: retrieval.sh BUILD FUNCTIONS [TASK] [SIZES] [NEAREST]
#
# BUILD      a build folder with auto-dev and bench/
# FUNCTIONS  real functions, one JSON line each (bench/functions_of_packages.py)
# TASK       prefix of a judged corpus: TASK.corpus, TASK.queries, TASK.qrels (src/index/retrieval_task.h); left out when not given
# SIZES      of the growth, with commas; 1000,10000,100000,1000000 if not given (the last takes some minutes)
# NEAREST    vectors that are searched beside other libraries; 115000 if not given (at 1000000 hnswlib builds for half an hour)
#
# Prints quality beside plain BM25 on whitespace words, growth of the whole index, and the nearest vectors beside hnswlib, usearch and
# faiss-flat, which are left out by name where they are not installed (PYTHON names the interpreter that has them).
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: retrieval.sh BUILD FUNCTIONS [TASK] [SIZES] [NEAREST]" >&2; exit 64; }
build=$1 functions=$2 task=${3:-} sizes=${4:-1000,10000,100000,1000000} nearest=${5:-115000}
here=$(dirname "$0")
for program in auto-dev bench/index_bench bench/vector_bench; do
  [ -x "$build/$program" ] || { echo "retrieval.sh: $build/$program is not built: cmake --build $build --target auto-dev index_bench vector_bench" >&2; exit 66; }
done
[ -r "$functions" ] || { echo "retrieval.sh: $functions cannot be read; bench/functions_of_packages.py makes it" >&2; exit 66; }
echo "== quality"
if [ -z "$task" ]; then
  echo "left out: no judged corpus was given (docs/embedder.md says how to make one)"
else
  "$build/auto-dev" learn bench retrieval --corpus "$task.corpus" --queries "$task.queries" --qrels "$task.qrels"
fi
echo "== growth"
"$build/bench/index_bench" --functions "$functions" --sizes "$sizes"
echo "== nearest vectors, side by side"
"${PYTHON:-python3}" "$here/retrieval_rivals.py" --bench "$build/bench/vector_bench" --functions "$functions" --size "$nearest"
