#!/bin/sh
# check.sh: runs the named make targets one after another, whatever each returns, and sums every
# "name: N passed, N failed" line and every SKIP line they print. Ends with the grand total.
# usage: check.sh TARGET…
log=$(mktemp) all=$(mktemp)
trap 'rm -f "$log" "$all"' EXIT
broken=0
for target in "$@"; do
    printf '== %s\n' "$target"
    ${MAKE:-make} --no-print-directory "$target" >"$log" 2>&1
    status=$?
    grep -aE '^[A-Za-z0-9._/-]+: [0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1 >"$log.sum"
    if [ "$status" -ne 0 ] || [ ! -s "$log.sum" ]; then
        cat "$log"
        if ! grep -qE ' [1-9][0-9]* failed' "$log.sum"; then
            printf '%s: 0 passed, 1 failed (exit %d)\n' "$target" "$status" >"$log.sum"
        fi
        broken=1
    fi
    grep -a '^SKIP' "$log"
    cat "$log.sum"
    cat "$log.sum" >>"$all"
    rm -f "$log.sum"
done
awk '{ for (i = 1; i <= NF; i++) { if ($i ~ /^passed/) p += $(i - 1); if ($i ~ /^failed/) f += $(i - 1) } }
     END { printf "%d passed, %d failed\n", p, f; exit f > 0 }' "$all" && [ "$broken" -eq 0 ]
