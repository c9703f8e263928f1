#!/bin/sh
# run.sh: replays the corpus of every fuzz target, each file also mutated MUTATE times.
# A target is built with sanitizers; any report or a run over five minutes is a failure.
# usage: run.sh FOLDER-OF-BINARIES
cd "$(dirname "$0")" || exit 2
passed=0 failed=0
for src in fuzz_*.c; do
    name=${src%.c}
    [ -f "$src" ] || continue
    corpus=corpus/${name#fuzz_}
    [ -d "$corpus" ] || { echo "FAILED $name: no corpus in tests/fuzz/$corpus"; failed=$((failed + 1)); continue; }
    if out=$(timeout 300 "$1/$name" -mutate "${MUTATE:-200}" "$corpus" 2>&1); then
        passed=$((passed + 1))
        echo "$name: $out"
    else
        failed=$((failed + 1))
        echo "FAILED $name"
        printf '%s\n' "$out" | tail -n 30
    fi
done
echo "check-fuzz: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
