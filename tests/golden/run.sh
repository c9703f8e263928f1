#!/bin/sh
# run.sh: golden tests: the real binary, built with sanitizers, on a file in, compared with the
# file it should give. This is where leaks are caught.
#   <stage>/<case>.args    words after `defuse`; run in the case's folder
#   <stage>/<case>.in      standard input (absent: empty)
#   <stage>/<case>.out     wanted standard output
#   <stage>/<case>.err     wanted standard error (absent: must be empty)
#   <stage>/<case>.status  wanted exit status (absent: 0)
# The digest of the rule set reads "(digest)" in all of them: it changes with every word of every rule.
# usage: run.sh            ACCEPT=1 rewrites .out/.err/.status and prints what changed
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unset DEFUSE_CONFIG DEFUSE_DATA
export LC_ALL=C.UTF-8 NO_COLOR=1 COLUMNS=80 HOME="$tmp" XDG_CONFIG_HOME="$tmp"
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
passed=0 failed=0
for args in "$here"/*/*.args; do
    [ -f "$args" ] || continue
    case=${args%.args}
    name=${case#"$here"/}
    in=$case.in
    [ -f "$in" ] || in=/dev/null
    eval "set -- $(cat "$args")"
    (cd "$(dirname "$case")" && timeout 120 "$DEFUSE" "$@" <"$in" >"$tmp/out" 2>"$tmp/err")
    echo $? >"$tmp/status"
    sed -i 's/"ruleset":"[0-9a-f]*"/"ruleset":"(digest)"/' "$tmp/out"
    if [ "${ACCEPT:-}" ]; then
        diff -u "$case.out" "$tmp/out" 2>/dev/null
        cp "$tmp/out" "$case.out"
        if [ -s "$tmp/err" ]; then cp "$tmp/err" "$case.err"; else rm -f "$case.err"; fi
        if [ "$(cat "$tmp/status")" != 0 ]; then cp "$tmp/status" "$case.status"; else rm -f "$case.status"; fi
        continue
    fi
    bad=
    for part in out err status; do
        want=$case.$part
        if [ ! -f "$want" ]; then
            want=$tmp/none
            case $part in status) echo 0 >"$want" ;; *) : >"$want" ;; esac
        fi
        if ! diff -u "$want" "$tmp/$part" >"$tmp/diff"; then
            bad=1
            echo "FAILED golden $name: $part differs (- wanted, + got)"
            head -n 40 "$tmp/diff"
        fi
    done
    if [ "$bad" ]; then failed=$((failed + 1)); else passed=$((passed + 1)); fi
done
[ "${ACCEPT:-}" ] || echo "golden: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
