#!/bin/sh
# accuracy.sh DEFUSE CORPORA: the tables of docs/accuracy.md: five-fold cross-validation, each file
# left out in turn, and the method on labels that are not shipped. Some minutes on one processor.
set -eu
defuse=$1
corpora=$2

# The columns of `rules train --check` as people read them.
table() {
    awk -F '\t' -v what="$1" '
        NR == 1 { printf "\n%s\n\n", what
                  printf "%-18s %-12s %6s | %-29s | %-29s | %s\n", "", "", "", "phrase weights alone",
                         "whole analyzer", "linear model"
                  printf "%-18s %-12s %6s | %5s %5s %5s %5s %5s | %5s %5s %5s %5s %5s |\n", "file",
                         "attribute", "posts", "P", "R", "F1", "macro", "acc", "P", "R", "F1",
                         "macro", "acc"
                  next }
        { printf "%-18s %-12s %6s | %5s %5s %5s %5s %5s | %5s %5s %5s %5s %5s | %s\n", $1, $2, $3, $4,
                 $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
          if ($15 != "") printf "%-18s %s\n", "", $15 }'
}

for lang in en zh; do
    "$defuse" rules train "learn/$lang.yaml" --corpora "$corpora" --check 5 |
        table "$lang: five-fold cross-validation"
    "$defuse" rules train "learn/$lang.yaml" --corpora "$corpora" --check files |
        table "$lang: each file left out in turn (a brand never seen)"
done
for task in learn/tasks/*.yaml; do
    "$defuse" rules train "$task" --corpora "$corpora" --check 5 |
        table "$(basename "$task" .yaml): five-fold cross-validation"
done
