#!/bin/sh
# run-unit.sh: runs Criterion binaries one after another and sums their results.
# Criterion's own exit status is not enough: a test that dies is counted as failed here too.
passed=0 failed=0
for t in "$@"; do
    out=$("$t" -j2 --timeout 120 2>&1)
    status=$?
    line=$(printf '%s\n' "$out" | grep -a 'Synthesis:' | tail -n 1)
    p=$(printf '%s\n' "$line" | sed -n 's/.*Passing: \([0-9]*\).*/\1/p')
    f=$(printf '%s\n' "$line" | sed -n 's/.*Failing: \([0-9]*\).*/\1/p')
    c=$(printf '%s\n' "$line" | sed -n 's/.*Crashing: \([0-9]*\).*/\1/p')
    bad=$(( ${f:-0} + ${c:-0} ))
    if [ -z "$p" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
        bad=$((bad + 1))
    fi
    passed=$((passed + ${p:-0})) failed=$((failed + bad))
    if [ "$bad" -gt 0 ]; then
        printf '%s\n' "$out"
    fi
    printf '%s: %s passed, %s failed\n' "${t##*/}" "${p:-0}" "$bad"
done
printf 'unit: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
