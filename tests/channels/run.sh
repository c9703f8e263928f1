#!/bin/sh
# run.sh: every channel pack tests itself: its fixture.* files through `defuse extract`, compared
# with expected.jsonl. fixture.args holds more words for the command line. Odd but real shapes of
# answers (missing and null fields, other versions, errors inside a 200, deleted posts …) are in
# bodies/NAME/, each with what it gives, posts or the one line of complaint, in a .out beside it.
# usage: DEFUSE=binary run.sh [NAME…]        ACCEPT=1 rewrites what is expected and shows what changed
root=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unset DEFUSE_CONFIG
export LC_ALL=C.UTF-8 DEFUSE_DATA="$root" HOME="$tmp" XDG_CONFIG_HOME="$tmp"
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
passed=0 failed=0
verdict() { # what it was
    if [ "$bad" ]; then
        failed=$((failed + 1))
        echo "FAILED $1"
    else
        passed=$((passed + 1))
    fi
}
all=
[ $# -gt 0 ] || all=1
[ $# -gt 0 ] || set -- $(cd "$root/channels" && ls -d */ | tr -d /)
for name in "$@"; do
    dir=$root/channels/$name
    : >"$tmp/out"
    bad=
    args=$(cat "$dir/fixture.args" 2>/dev/null)
    found=
    for f in "$dir"/fixture*; do
        case $f in *.args | *\*) continue ;; esac
        found=1
        eval "set -- $args"
        "$DEFUSE" extract "$name" "$@" <"$f" >>"$tmp/out" 2>"$tmp/err" || bad=1
        [ -s "$tmp/err" ] && bad=1 && cat "$tmp/err"
    done
    [ "$found" ] || { echo "$name: no fixture"; bad=1; }
    if [ "${ACCEPT:-}" ]; then
        diff -u "$dir/expected.jsonl" "$tmp/out" 2>/dev/null
        cp "$tmp/out" "$dir/expected.jsonl"
    fi
    diff -u "$dir/expected.jsonl" "$tmp/out" || bad=1
    [ -s "$tmp/out" ] || { echo "$name: its fixtures give no post"; bad=1; }
    verdict "channel $name"
    for f in "$root/tests/channels/bodies/$name"/*; do
        case $f in *.args | *.out | *\*) continue ;; esac
        bad=
        own=${f%.*}.args
        eval "set -- $(cat "$own" 2>/dev/null || echo "$args")"
        "$DEFUSE" extract "$name" --now 2026-03-03T00:00:00Z "$@" <"$f" >"$tmp/out" 2>&1
        [ $? -le 1 ] || bad=1
        [ -s "$tmp/out" ] || echo "(nothing)" >"$tmp/out"
        if [ "${ACCEPT:-}" ]; then
            diff -u "$f.out" "$tmp/out" 2>/dev/null
            cp "$tmp/out" "$f.out"
        fi
        diff -u "$f.out" "$tmp/out" || bad=1
        verdict "body $name/${f##*/}"
    done
done
if [ -z "${ACCEPT:-}" ] && [ "$all" ]; then
    if "$root/tools/channel-docs.sh" "$DEFUSE" --check >"$tmp/docs" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        head -n 40 "$tmp/docs"
    fi
fi
echo "check-channels: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
