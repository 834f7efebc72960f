#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The installed library is found with find_package(autodev), and the example built on it does what it says.
set -euo pipefail
build=$2
[ -n "${ASAN_OPTIONS:-}" ] && export ASAN_OPTIONS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if grep -q '^AUTODEV_SANITIZE:STRING=..*' "$build/CMakeCache.txt"; then
  echo "skipped: a sanitized library needs a sanitized consumer"; exit 0
fi
cmake --install "$build" --prefix "$work/prefix" >/dev/null
cmake -S "$1/examples" -B "$work/build" -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$work/build" >/dev/null
PATH="$work/prefix/bin:$PATH" "$work/build/learn_and_ask" "$work/.auto-dev" | tee "$work/out"
grep -q 'learned from: list the users' "$work/out"
grep -q 'this code failed before: list_files' "$work/out"
grep -q 'return client.get(' "$work/out"
"$work/prefix/bin/auto-dev" learn status --store "$work/.auto-dev" | tee "$work/status"
grep -q 'events         3' "$work/status"
