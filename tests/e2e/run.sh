#!/bin/sh
# run.sh: runs every end-to-end test in the order of its name and sums the results.
# Wants DEFUSE (the binary) and TOOLS (folder of the loopback server) in the environment.
cd "$(dirname "$0")" || exit 2
passed=0 failed=0
for t in ${T:-[0-9]*.sh}; do
    out=$(sh "./$t" 2>&1)
    status=$?
    printf '%s\n' "$out"
    p=$(printf '%s\n' "$out" | sed -n 's/^[^ ]*: \([0-9]*\) passed, [0-9]* failed$/\1/p' | tail -n 1)
    f=$(printf '%s\n' "$out" | sed -n 's/^[^ ]*: [0-9]* passed, \([0-9]*\) failed$/\1/p' | tail -n 1)
    [ "$status" -eq 0 ] || [ "${f:-0}" -gt 0 ] || f=1
    [ -n "$p" ] || { case $out in SKIP*) ;; *) f=1 ;; esac; }
    passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
done
echo "check-e2e: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
