# SPDX-License-Identifier: MIT OR Apache-2.0
# What the script tests share: a throw-away home and folder to stand in, and checks that are counted. To be sourced.
work=$(mktemp -d)
clean_up() { chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"; }
trap clean_up EXIT
export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config GIT_CONFIG_NOSYSTEM=1 NO_COLOR=1
unset AUTO_DEV_STORE
mkdir -p "$HOME" && cd "$work"
git config --global user.name tester; git config --global user.email tester@localhost; git config --global init.defaultBranch main

passed=0
ok() { passed=$((passed + 1)); }
die() { echo "FAILED: $*" >&2; [ -f "$work/out" ] && sed 's/^/  out| /' "$work/out" >&2; [ -f "$work/err" ] && sed 's/^/  err| /' "$work/err" >&2; exit 1; }
# expect_run CODE command...: runs any command, checks its exit code; output in $work/out and $work/err
expect_run() {
  local want=$1 got=0; shift
  "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
  [ "$got" = "$want" ] || die "$*: exit $got, expected $want"
  ok
}
# expect CODE arguments...: the same for the program
expect() { local want=$1; shift; expect_run "$want" "$program" "$@"; }
has() { grep -qF -- "$1" "$work/out" || die "stdout lacks: $1"; ok; }
has_err() { grep -qF -- "$1" "$work/err" || die "stderr lacks: $1"; ok; }
json() { python3 -c "import json,sys; d=json.load(open('$work/out')); assert ($1), d" || die "JSON: $1"; ok; }
